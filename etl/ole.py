"""OLE containers (.xls, .doc, password-protected .xlsx …): what stands at the top says what the file is."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_ENTRY = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY = 128
_MOST_SECTORS = 1 << 16
_SMALL_STREAM = 4096
_START = 1 << 16
_DATE_1904, _END_OF_GLOBALS = 0x0022, 0x000A


class Damaged(ValueError):
    """The container cannot be followed."""


class Container:
    """streams: names of the streams and storages in the root, in lower case, with first sector and size."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises Damaged."""
        self._file = file
        self._header = file.read(512)
        if len(self._header) < 512 or not self._header.startswith(_SIGNATURE):
            raise Damaged("no header")
        (shift,) = struct.unpack_from("<H", self._header, 30)
        if shift not in (9, 12):
            raise Damaged("odd sector size")
        self._size = 1 << shift
        self._places = self._table_places()
        self._table: dict[int, tuple[int, ...]] = {}
        (first,) = struct.unpack_from("<I", self._header, 48)
        self.streams = _children_of_root(self._chain(first, _MOST_SECTORS * self._size))

    def start(self, stream: str) -> bytes:
        """The first bytes of a stream; none of one so small that it is kept elsewhere."""
        first, size = self.streams[stream]
        return self._chain(first, min(size, _START)) if size >= _SMALL_STREAM else b""

    def _chain(self, first: int, most: int) -> bytes:
        """The sectors that follow each other from the first, as far as needed."""
        sectors: list[bytes] = []
        seen: set[int] = set()
        sector = first
        while sector < _LAST_SECTOR and len(sectors) * self._size < most:
            if sector in seen:
                raise Damaged("a circle")
            seen.add(sector)
            sectors.append(self._sector(sector))
            page, slot = divmod(sector, self._size // 4)
            if page >= len(self._places):
                raise Damaged("outside of the table")
            if page not in self._table:
                self._table[page] = self._numbers(self._places[page])
            sector = self._table[page][slot]
        return b"".join(sectors)

    def _table_places(self) -> list[int]:
        """Where the parts of the sector table lie: the first 109 in the header, more in a chain of sectors."""
        places = list(struct.unpack_from("<109I", self._header, 76))
        (more,) = struct.unpack_from("<I", self._header, 68)
        for _ in range(_MOST_SECTORS):
            if more >= _LAST_SECTOR:
                return [place for place in places if place < _LAST_SECTOR]
            *further, more = self._numbers(more)
            places += further
        raise Damaged("a circle")

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self._size // 4}I", self._sector(sector))

    def _sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._size)
        data = self._file.read(self._size)
        if len(data) < self._size:
            raise Damaged("cut off")
        return data


def looked_into(path: Path) -> tuple[set[str], bool]:
    """What stands at the top of the container, and whether its workbook counts days from 1904. Raises Damaged."""
    with path.open("rb") as file:
        container = Container(file)
        book = next((name for name in ("workbook", "book") if name in container.streams), None)
        return set(container.streams), book is not None and _counts_from_1904(container.start(book))


def _counts_from_1904(stream: bytes) -> bool:
    """One of the first records of a workbook says so."""
    at = 0
    while at + 6 <= len(stream):
        kind, length, value = struct.unpack_from("<3H", stream, at)
        if kind == _DATE_1904:
            return bool(value == 1)
        if kind == _END_OF_GLOBALS:
            return False
        at += 4 + length
    return False


def _children_of_root(directory: bytes) -> dict[str, tuple[int, int]]:
    """The root's children hang in a tree of siblings; what lies in storages (embedded objects) does not count."""
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    if not entries:
        raise Damaged("no root")
    found: dict[str, tuple[int, int]] = {}
    waiting, seen = [struct.unpack_from("<3I", entries[0], 68)[2]], {_NO_ENTRY}
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        if number >= len(entries):
            raise Damaged("a missing entry")
        entry = entries[number]
        (length,) = struct.unpack_from("<H", entry, 64)
        name = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower()
        found[name] = struct.unpack_from("<2I", entry, 116)
        waiting += struct.unpack_from("<2I", entry, 68)
    return found
