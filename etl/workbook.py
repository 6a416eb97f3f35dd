"""Workbooks (xlsx, xls, xlsb, ods): looked over here, read by etl.workbook_cells in a process of its own.

Only cells are read. Macros (.xlsm) are neither looked at nor run, so a workbook with macros is read like any other.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from etl.archive import Allowance, inflated, opened
from etl.errors import UnreadableFile
from etl.not_a_table import refuse_by_top_streams
from etl.ole import Damaged, looked_into
from etl.progress import tick
from etl.sheet import Contents, Sheet, Skipped
from etl.spill import SpilledBody

MOST_CELLS = 16_000_000
"""Cells of one sheet, empty ones within its bounds included: what fits into memory."""
_PROJECT = Path(__file__).resolve().parent.parent
_COLUMN = re.compile(rb' r="([A-Z]{1,3})\d')
_ROW = re.compile(rb'<row [^>]*?\br="(\d{1,7})"')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DATE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)")
_START = 1 << 14
_SEAM = 64
_MOST_SECONDS = 3_600
HIDDEN = (
    "隐藏的工作表，未读；如需导入请取消隐藏后再放入",
    "a hidden sheet, not read; unhide it and drop the file in again to load it",
)


def zipped_workbook(path: Path, *, name: str, format: str, member: str | None, scratch: Path, allowance: Allowance) -> Contents:
    """The sheets of an xlsx, xlsb or ods. Raises UnreadableFile."""
    counts_from_1904 = False
    with opened(path, name=name) as archive:
        for info in archive.infolist():
            if not info.filename.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf")):
                start = _look_over_part(archive, info, allowance, name)
                counts_from_1904 |= info.filename.lower().endswith("workbook.xml") and _DATE_1904.search(start) is not None
    tick(path.stat().st_size / 4)
    return _dated(_read(path, name=name, format=format, member=member, scratch=scratch), counts_from_1904)


def ole_workbook(path: Path, *, name: str, member: str | None, scratch: Path) -> Contents:
    """The sheets of an xls; whatever else comes in an OLE container is refused. Raises UnreadableFile."""
    try:
        streams, counts_from_1904 = looked_into(path)
    except Damaged as error:
        raise _damaged(name) from error
    if "encryptedpackage" in streams:
        raise _with_password(name)
    refuse_by_top_streams(streams, name=name)
    if not streams & {"workbook", "book"}:
        raise UnreadableFile(
            f"{name}：Office 文件，但里面没有工作表；请用 Excel 或 WPS 打开后另存为 xlsx",
            f"{name}: an Office file without worksheets; open it and save it as xlsx",
        )
    return _dated(_read(path, name=name, format="xls", member=member, scratch=scratch), counts_from_1904)


def _dated(contents: Contents, counts_from_1904: bool) -> Contents:
    return replace(contents, sheets=tuple(replace(sheet, counts_from_1904=counts_from_1904) for sheet in contents.sheets))


def _look_over_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance, name: str) -> bytes:
    """Unpacks a part once: that it is whole, no bomb, defines no entities and has no cell at the other end of the world.

    Returns its first bytes.
    """
    start = b""
    part = info.filename.replace("\\", "/").lower()
    extent = _Extent() if "worksheets/" in part and part.endswith(".xml") else None
    for chunk in inflated(archive, info, allowance, name=name):
        if not start and part.endswith((".xml", ".rels")) and _ENTITIES.search(chunk, 0, _START):
            raise entities_refused(name)
        start = start or chunk[:_START]
        if extent:
            extent.see(chunk)
    if extent and extent.area > MOST_CELLS:
        _check_filled(archive, info, name)
    return start


class _Extent:
    """How far the cells of an xlsx sheet reach, from its XML in pieces. Rows stand in order, so the last of a piece is enough."""

    def __init__(self) -> None:
        self._columns: set[bytes] = set()
        self._last_row = 0
        self._seam = b""

    def see(self, chunk: bytes) -> None:
        window = self._seam + chunk
        self._columns.update(_COLUMN.findall(window))
        if row := _ROW.match(window, window.rfind(b"<row ")):
            self._last_row = max(self._last_row, int(row[1]))
        self._seam = window[-_SEAM:]

    @property
    def area(self) -> int:
        return max(map(_column_number, self._columns), default=0) * self._last_row


def _check_filled(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
    """The same for the cells that hold something: a coloured blank cell far away does no harm. Raises UnreadableFile."""
    columns = last_row = cells = 0
    seam = b""
    for chunk in inflated(archive, info, Allowance(), name=name):
        window = seam + chunk
        for letters, number in _FILLED.findall(window):
            columns, last_row, cells = max(columns, _column_number(letters)), max(last_row, int(number)), cells + 1
        seam = window[-_SEAM:]
    if columns * last_row <= MOST_CELLS:
        return
    if cells < columns * last_row / 20:
        raise UnreadableFile(
            f"{name}：有单元格远在表格之外（到第 {last_row:,} 行、第 {columns:,} 列），多半是误填；请删去表格右边和下面多余的行列后另存",
            f"{name}: cells far outside of the table (row {last_row:,}, column {columns:,}); delete the rows and columns beyond it and save",
        )
    raise too_large(name)


def too_large(name: str) -> UnreadableFile:
    """A sheet no memory holds."""
    return UnreadableFile(
        f"{name}：工作表超过 {MOST_CELLS // 10_000:,} 万个单元格，一次读不下；请另存为 csv，或分成几个文件导出",
        f"{name}: a sheet of more than {MOST_CELLS:,} cells; save it as csv or export it in parts",
    )


def entities_refused(name: str) -> UnreadableFile:
    """XML that defines entities can grow without end when read; no spreadsheet program writes it."""
    return UnreadableFile(
        f"{name}：文件里有 XML 实体定义，表格软件不会这样写，可能是恶意文件，没有读；请从原系统重新导出",
        f"{name}: the file defines XML entities, as no spreadsheet program does; it may be malicious and was not read",
    )


def _read(path: Path, *, name: str, format: str, member: str | None, scratch: Path) -> Contents:
    folder = scratch / f"book_{len(list(scratch.glob('book_*')))}"
    folder.mkdir()
    workbook = folder / f"book.{format}"  # calamine goes by the suffix
    try:
        os.link(path, workbook)
    except OSError:
        shutil.copyfile(path, workbook)
    answer = _answer(workbook, folder, name)
    workbook.unlink()
    match answer.get("error"):
        case "password":
            raise _with_password(name)
        case "damaged":
            raise _damaged(name)
    return _contents(answer["sheets"], format, member)


def _answer(workbook: Path, folder: Path, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "etl.workbook_cells", str(workbook.resolve()), str(folder.resolve())]
    try:
        done = subprocess.run(command, cwd=_PROJECT, capture_output=True, timeout=_MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise too_large(name) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # aborted or panicked; what it said of it is for the maintainers of calamine
        if b"No space left" in done.stderr:
            raise OSError(28, "No space left on device") from error
        if b"PanicException" in done.stderr:
            raise _damaged(name) from error
        if b"Traceback" in done.stderr and b"MemoryError" not in done.stderr:
            raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2_000:]) from error
        raise _absurd(name) from error
    return answer


def _contents(sheets: list[dict[str, Any]], format: str, member: str | None) -> Contents:
    visible, skipped = [], []
    for sheet in sheets:
        title = f"{member}/{sheet['name']}" if member else sheet["name"]
        body = SpilledBody(**{**sheet["body"], "path": Path(sheet["body"]["path"])})
        if sheet["is_visible"]:
            visible.append(Sheet(title, format, None, tuple(map(tuple, sheet["head"])), body))
        elif body.rows:
            skipped.append(Skipped(title, body.rows, *HIDDEN))
    return Contents(tuple(visible), tuple(skipped))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _with_password(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}：工作簿设有打开密码；请在 Excel 里去掉密码（文件→信息→保护工作簿）后再放入",
        f"{name}: the workbook has a password; remove it in Excel (File, Info, Protect Workbook)",
    )


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}：Excel 文件打不开，内容已损坏或不完整；请用 Excel 打开并另存一份，或重新导出",
        f"{name}: the workbook cannot be opened; it is damaged or cut off; open it in Excel and save it anew, or export it again",
    )


def _absurd(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}：Excel 文件的内容不合常理（损坏，或声称有天量的单元格），没有读；请用 Excel 打开后把表格复制到新工作簿另存",
        f"{name}: the workbook's content is absurd (damaged, or claiming billions of cells) and was not read; copy the table into a new one",
    )
