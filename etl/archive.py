"""Zip files: members one by one, and never more bytes than a sane export has, whatever the archive claims."""

from __future__ import annotations

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from etl.errors import UnreadableFile

_MOST_MEMBERS = 10_000
_MOST_BYTES = 4 << 30
_MOST_RATIO = 200
_RATIO_FROM = 64 << 20
_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, ValueError, IndexError, OverflowError)
_SAYS_UTF_8 = 0x800
_NOT_WORTH_A_WORD = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass
class Allowance:
    """How many bytes may still come out of one file, archives within archives included."""

    bytes: int = _MOST_BYTES


@contextmanager
def opened(path: Path, *, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, looked over. Raises UnreadableFile: damaged, with a password, a bomb."""
    with _damage_told(name):
        archive = zipfile.ZipFile(path)
    with archive:
        with _damage_told(name):
            _look_over(archive, path.stat().st_size, name)
        yield archive


def members(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The files in the archive, each with its name; what operating systems leave in archives is passed over."""
    names = member_names(archive)
    for info, member in zip(archive.infolist(), names, strict=True):
        last = member.rstrip("/").rpartition("/")[2]
        is_litter = member.startswith("__MACOSX/") or last.lower() in _NOT_WORTH_A_WORD or last.startswith(("._", "~$"))
        if member and not member.endswith("/") and not is_litter:
            yield info, member


def member_names(archive: zipfile.ZipFile) -> list[str]:
    """Archives made in China say nothing of their encoding and mean GB18030, unless all names together make Chinese in UTF-8."""
    raw = [info.orig_filename.partition("\0")[0].encode("cp437", "replace") for info in archive.infolist()]
    unsaid = b"".join(name for name, info in zip(raw, archive.infolist(), strict=True) if not info.flag_bits & _SAYS_UTF_8)
    encoding = "utf-8" if _is_chinese_in_utf_8(unsaid) else "gb18030"
    names = (
        info.filename if info.flag_bits & _SAYS_UTF_8 else name.decode(encoding, "replace")
        for name, info in zip(raw, archive.infolist(), strict=True)
    )
    return [name.replace("\\", "/") for name in names]


def _is_chinese_in_utf_8(names: bytes) -> bool:
    """Short GB18030 names may happen to be UTF-8, but of Latin and Greek letters."""
    try:
        return any(character >= "\u3000" for character in names.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance, *, name: str) -> Iterator[bytes]:
    """The bytes of a member, counted as they come. Raises UnreadableFile when there are too many."""
    seen = 0
    with _damage_told(name), archive.open(info) as source:
        while chunk := source.read(_CHUNK):
            seen += len(chunk)
            allowance.bytes -= len(chunk)
            if allowance.bytes < 0 or _is_bomb(seen, info.compress_size):
                raise _bomb(name)
            yield chunk


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (*_DAMAGE, OSError) as error:
        # EINVAL: the archive points before its own beginning · without a number: what is packed by bzip2 is damaged
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise UnreadableFile(
            f"{name}：压缩包或 Excel 文件不完整（可能没有下载完或没有复制完）；请重新导出或重新复制",
            f"{name}: the archive or workbook is damaged or cut off; export or copy it again",
        ) from error
    except NotImplementedError as error:
        raise UnreadableFile(
            f"{name}：压缩包用了少见的压缩方式；请解压后用普通 zip 重新压缩，或直接放入里面的文件",
            f"{name}: the archive uses a rare compression; pack it again as an ordinary zip",
        ) from error


def _look_over(archive: zipfile.ZipFile, size: int, name: str) -> None:
    """By what the archive says of itself, before anything is unpacked."""
    entries = archive.infolist()
    if any(info.flag_bits & 0x1 for info in entries):
        raise UnreadableFile(
            f"{name}：压缩包设有密码；请去掉密码后再放入", f"{name}: the archive is password-protected; remove the password"
        )
    total = sum(info.file_size for info in entries)
    if len(entries) > _MOST_MEMBERS or total > _MOST_BYTES or _is_bomb(total, size):
        raise _bomb(name)
    if any(info.header_offset >= size for info in entries):
        raise zipfile.BadZipFile("a member lies past the end")


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_FROM and unpacked > _MOST_RATIO * max(packed, 1)


def _bomb(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}：解压后大得不合常理（超过 4 GB、压缩比超过 {_MOST_RATIO} 倍，或多于 {_MOST_MEMBERS:,} 个文件），没有读；"
        "请分成几个文件导出，或直接放入 csv",
        f"{name}: unpacks to an absurd size (over 4 GB, {_MOST_RATIO} times its own, or {_MOST_MEMBERS:,} members) and was not read; "
        "export it in parts or as csv",
    )
