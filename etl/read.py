"""A file as received → its sheets of text cells. The format is told by the bytes, never by the name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

import duckdb

from etl.archive import Allowance, inflated, member_names, members, opened
from etl.encoding import start_of_text
from etl.errors import EtlError, NotATable, UnreadableFile
from etl.not_a_table import SAVE_AS, not_a_table, refuse_by_first_bytes, refuse_by_zip_members
from etl.sheet import Contents, Sheet, Skipped
from etl.text_file import text_sheet
from etl.web_table import is_letter, is_page, letter_tables, page_tables
from etl.workbook import ole_workbook, zipped_workbook
from etl.xml_workbook import is_xml, xml_workbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_DEEPEST = 2
_WORKBOOK_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_TABLE_SUFFIXES = frozenset(
    {".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".et", ".htm", ".html", ".xml", ".zip"}
)


@dataclass(frozen=True)
class _Where:
    """name: for sentences · member: within the archive, None outside · depth: archives around it · allowance: bytes it may unpack to."""

    name: str
    scratch: Path
    allowance: Allowance
    member: str | None = None
    depth: int = 0


def read_file(path: Path, *, name: str, scratch: Path) -> Contents:
    """All that the file at path holds. name: the file's name as the clerk knows it · scratch: a temporary folder.

    Raises UnreadableFile, whatever the bytes.
    """
    with failures_told(name):
        contents = _contents(path, _Where(name, scratch, Allowance()))
    if not contents.sheets and not contents.skipped:
        raise UnreadableFile(f"{name}：里面没有任何内容；请重新导出", f"{name}: there is nothing in it; export it again")
    return contents


def read_sheets(path: Path, *, name: str, scratch: Path) -> list[Sheet]:
    """The sheets of the file that hold anything and are meant to be read. Raises UnreadableFile."""
    return list(read_file(path, name=name, scratch=scratch).sheets)


@contextmanager
def failures_told(name: str) -> Iterator[None]:
    """What nobody foresaw in the bytes of one file refuses that file and lets the others go on. A full disk is not the file's fault."""
    try:
        yield
    except (EtlError, OSError, duckdb.IOException, duckdb.FatalException):
        raise
    except Exception as error:
        raise UnreadableFile(
            f"{name}：程序读不了这个文件（{type(error).__name__}）；请另存为 xlsx 或 csv 再试，并把原文件交给维护者",
            f"{name}: the program cannot read this file ({type(error).__name__}); save it as xlsx or csv, and give it to the maintainers",
        ) from error


def _contents(path: Path, where: _Where) -> Contents:
    with path.open("rb") as file:
        start = file.read(512)
        rest = file.read(1 << 16) if not start.strip() else b""
    if not (start + rest).strip():
        raise UnreadableFile(f"{where.name}：文件是空的；请重新导出", f"{where.name}: the file is empty; export it again")
    if start.startswith(_OLE):
        return ole_workbook(path, name=where.name, member=where.member, scratch=where.scratch)
    if start.startswith(_ZIP):
        return _zip_contents(path, where)
    refuse_by_first_bytes(start, name=where.name)
    return _text_contents(path, where)


def _text_contents(path: Path, where: _Where) -> Contents:
    start = start_of_text(path)
    if is_page(start):
        return page_tables(path, name=where.name, member=where.member, scratch=where.scratch)
    if is_xml(start):
        return xml_workbook(path, name=where.name, start=start, member=where.member, scratch=where.scratch)
    if is_letter(start):
        return letter_tables(path, name=where.name, member=where.member, scratch=where.scratch)
    return Contents((text_sheet(path, name=where.name, member=where.member, scratch=where.scratch),))


def _zip_contents(path: Path, where: _Where) -> Contents:
    with opened(path, name=where.name) as archive:
        names = {member.lower() for member in member_names(archive)}
        if format := next((format for part, format in _WORKBOOK_PARTS.items() if part in names), None):
            if format == "ods":
                _refuse_other_documents(archive, where)
            return zipped_workbook(
                path, name=where.name, format=format, member=where.member, scratch=where.scratch, allowance=where.allowance
            )
        refuse_by_zip_members(names, name=where.name)
        if "[content_types].xml" in names:
            raise UnreadableFile(
                f"{where.name}：不常见的 Office 文件，里面找不到工作簿；请用 Excel 或 WPS 打开后另存为 xlsx",
                f"{where.name}: an unusual Office file without a workbook where one belongs; open it and save it as xlsx",
            )
        if where.depth == _DEEPEST:
            raise UnreadableFile(
                f"{where.name}：压缩包套了不止一层；请解压后放入里面的文件",
                f"{where.name}: archives within archives within archives; unpack them and drop in the files",
            )
        found = [_member_contents(_unpacked(archive, info, where), member, where) for info, member in members(archive)]
    return Contents(
        tuple(s for contents in found for s in contents.sheets), tuple(s for contents in found for s in contents.skipped)
    )


def _member_contents(path: Path | None, member: str, where: _Where) -> Contents:
    """What a member holds. One that is no table is passed over by name; a damaged one refuses the whole file."""
    title = f"{where.member}/{member}" if where.member else member
    if path is None:
        return Contents((), (Skipped(title, 0, "空文件", "an empty file"),))
    name = f"{where.name} 中的 {member}"
    try:
        return _contents(path, _Where(name, where.scratch, where.allowance, title, where.depth + 1))
    except UnreadableFile as error:
        if not isinstance(error, NotATable) and PurePosixPath(member).suffix.lower() in _TABLE_SUFFIXES:
            raise
        return Contents((), (Skipped(title, 0, error.zh.removeprefix(f"{name}："), error.en.removeprefix(f"{name}: ")),))


def _unpacked(archive: ZipFile, info: ZipInfo, where: _Where) -> Path | None:
    """The member as a file in scratch; None when it is empty."""
    target = where.scratch / f"member_{where.depth}_{info.header_offset}"
    with target.open("wb") as copy:
        for chunk in inflated(archive, info, where.allowance, name=where.name):
            copy.write(chunk)
    return target if target.stat().st_size else None


def _refuse_other_documents(archive: ZipFile, where: _Where) -> None:
    """A text or a slide show of LibreOffice has a content.xml as well."""
    info = next((info for info in archive.infolist() if info.filename == "mimetype"), None)
    kind = b"".join(inflated(archive, info, where.allowance, name=where.name)) if info else b""
    if kind and not kind.startswith(_SPREADSHEET):
        raise not_a_table(where.name, ("OpenDocument 文字或演示文稿", "an OpenDocument text or slide show", SAVE_AS))
