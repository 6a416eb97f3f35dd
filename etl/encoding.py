"""Which encoding a text file has, by strict trial over the whole file, never by a guess; and the file in UTF-8."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import TextIO

from etl.errors import UnreadableFile
from etl.progress import tick

_CHUNK = 1 << 24
_PLAIN_START = 4096
_PLAIN_SHARE = 0.9
_LONGEST_LINE = 1 << 24
_READABLE_PREFIX = 64
_SAME = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "utf8": "utf-8"}
_KNOWN = ("utf-8", "gb18030")
_ONE_KIND = (None, "\n", "\r\n")


class _Fault(Exception):
    """The file is no text of this encoding. line: where."""

    def __init__(self, position: int, line: int) -> None:
        super().__init__(position, line)
        self.position = position
        self.line = line


def in_utf8(path: Path, *, name: str, scratch: Path, declared: str | None = None) -> tuple[Path, str]:
    """The file in UTF-8 with line ends of one kind (itself, or a copy in scratch) and the encoding it had.

    declared: what the file says of itself, if it does. Raises UnreadableFile when it is text in no encoding we know.
    """
    copy = scratch / f"{path.name}.utf8"
    faults: list[_Fault] = []
    for encoding in _candidates(path, declared):
        try:
            if encoding.startswith("utf-8") and _seen_line_ends(path, encoding, name) in _ONE_KIND:
                return path, encoding
            with copy.open("w", encoding="utf-8", newline="") as target:
                _seen_line_ends(path, encoding, name, target)
        except _Fault as fault:
            faults.append(fault)
        else:
            return copy, encoding
    raise _unreadable(name, max(faults, key=lambda fault: fault.position))


def start_of_text(path: Path, size: int = _PLAIN_START) -> str:
    """The first characters, good enough to tell what kind of text it is; what cannot be decoded is replaced."""
    with path.open("rb") as file:
        start = file.read(size)
    encoding = _by_mark(start) or _plain_utf_16(start) or "utf-8"
    return start.decode(encoding, "replace").lstrip("\ufeff")


def _candidates(path: Path, declared: str | None) -> list[str]:
    with path.open("rb") as file:
        start = file.read(_PLAIN_START)
    if certain := _by_mark(start) or _plain_utf_16(start):
        return [certain]
    said = _SAME.get((declared or "").lower(), (declared or "").lower())
    return sorted(_KNOWN, key=lambda encoding: encoding != said) if said in _KNOWN else list(_KNOWN)


def _by_mark(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _plain_utf_16(start: bytes) -> str | None:
    """UTF-16 without a mark: half of its ASCII is NUL, and only one of the two byte orders reads as Chinese and ASCII."""
    if b"\0" not in start:
        return None
    shares = {encoding: _ordinary_share(start, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    fitting = [encoding for encoding, share in shares.items() if share >= _PLAIN_SHARE]
    return fitting[0] if len(fitting) == 1 else None


def _ordinary_share(start: bytes, encoding: str) -> float:
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(start)
    except UnicodeDecodeError:
        return 0.0
    return sum(map(_is_ordinary, text)) / max(len(text), 1) if "\0" not in text else 0.0


def _is_ordinary(character: str) -> bool:
    return (
        " " <= character <= "~"
        or character in "\r\n\t"
        or "\u4e00" <= character <= "\u9fff"
        or "\u3000" <= character <= "\u303f"
        or "\uff00" <= character <= "\uffef"
    )


def _seen_line_ends(path: Path, encoding: str, name: str, target: TextIO | None = None) -> object:
    """Decodes the file strictly and tells which line ends it has. target: where to write the text, all line ends alike.

    DuckDB's reader loses rows without a word where the line ends within quotes are others than those behind the rows.
    Raises _Fault, and UnreadableFile for a line that would fill the memory.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines_apart = io.IncrementalNewlineDecoder(None, translate=target is not None)
    position = lines = since_line_end = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                place = chunk.find(b"\0", 0, error.start) if encoding in _KNOWN else -1
                place = error.start if place < 0 else place
                raise _Fault(position - pending + place, lines + chunk[:place].count(b"\n") + 1) from error
            if (nul := text.find("\0")) >= 0:
                raise _Fault(position + nul, lines + text.count("\n", 0, nul) + 1)
            text = lines_apart.decode(text, final=not chunk)
            if target:
                target.write(text)
            if not chunk:
                return lines_apart.newlines
            since_line_end = 0 if "\n" in text or "\r" in text else since_line_end + len(text)
            if since_line_end > _LONGEST_LINE:
                raise _endless(name)
            lines += chunk.count(b"\n")
            position += len(chunk)
            tick(len(chunk) / 2)  # the other half when the rows are written


def _endless(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}：整个文件没有换行，不是一行一条的表格；请从原系统重新导出",
        f"{name}: one endless line, no table of rows; export it again from its system",
    )


def _unreadable(name: str, fault: _Fault) -> UnreadableFile:
    if fault.position < _READABLE_PREFIX:
        return UnreadableFile(
            f"{name}：既不是 UTF-8 也不是 GB18030 文本，也不是 Excel 文件，读不出文字；请从原系统重新导出",
            f"{name}: neither UTF-8 nor GB18030 text nor a workbook; export it again from its system",
        )
    return UnreadableFile(
        f"{name}：第 {fault.line:,} 行附近有不成文字的字节，文件可能损坏或被截断；请从原系统重新导出，或用 Excel 打开后另存为 xlsx",
        f"{name}: bytes near line {fault.line:,} are no text; the file is damaged or cut off; export it again, or save it as xlsx",
    )
