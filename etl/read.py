"""A file as received → its sheets of text cells. The format is told by the first bytes, never by the name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from etl.errors import UnreadableFile
from etl.sheet import Sheet
from etl.text_file import text_sheet
from etl.workbook import workbook_sheets

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_LARGEST_MEMBER = 4 << 30
_WORKBOOK_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}


def read_sheets(path: Path, *, name: str, scratch: Path) -> list[Sheet]:
    """All sheets of the file at path that hold anything. name: the file's name as the clerk knows it · scratch: a temporary folder.

    Raises UnreadableFile.
    """
    return _sheets(path, name=name, member=None, scratch=scratch)


def _sheets(path: Path, *, name: str, member: str | None, scratch: Path) -> list[Sheet]:
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise UnreadableFile(f"{name}：文件是空的；请重新导出", f"{name}: the file is empty; export it again")
    if start.startswith(_OLE):
        return workbook_sheets(path, name=name, format="xls", member=member)
    if start.startswith(_ZIP):
        return _zip_sheets(path, name=name, scratch=scratch)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:14].lower().startswith((b"<html", b"<table", b"<!doctype html", b"<meta")):
        raise UnreadableFile(
            f"{name}：内容是网页表格而不是 Excel；请用 Excel 打开后另存为 xlsx 或 csv 再放入",
            f"{name}: a web page, not a workbook; open it in Excel and save it as xlsx or csv",
        )
    return [text_sheet(path, name=name, member=member, scratch=scratch)]


def _zip_sheets(path: Path, *, name: str, scratch: Path) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            for part, format in _WORKBOOK_PARTS.items():
                if part in archive.namelist():
                    return workbook_sheets(path, name=name, format=format, member=None)
            return [
                sheet for info in archive.infolist() if not info.is_dir() for sheet in _member_sheets(archive, info, name, scratch)
            ]
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            f"{name}：压缩包或 Excel 文件不完整；请重新导出或重新复制", f"{name}: the archive is damaged; export or copy it again"
        ) from error
    except RuntimeError as error:  # zipfile raises this for an encrypted member
        raise UnreadableFile(f"{name}：压缩包设有密码；请去掉密码后再放入", f"{name}: the archive is password-protected") from error


def _member_sheets(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, scratch: Path) -> list[Sheet]:
    if info.file_size > _LARGEST_MEMBER:
        raise UnreadableFile(
            f"{name}：解压后超过 4 GB；请分成几个文件导出", f"{name}: larger than 4 GB when unpacked; export it in parts"
        )
    member = info.filename if info.flag_bits & 0x800 else info.filename.encode("cp437").decode("gb18030", "replace")
    target = scratch / f"member_{info.header_offset}"
    with archive.open(info) as source, target.open("wb") as copy:
        while chunk := source.read(1 << 24):
            copy.write(chunk)
    return _sheets(target, name=f"{name} 中的 {member}", member=member, scratch=scratch)
