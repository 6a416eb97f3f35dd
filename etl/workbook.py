"""Workbooks (xlsx, xls, xlsb, ods) as text cells, through calamine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
from python_calamine import CalamineError, CalamineSheet, load_workbook

from etl.errors import UnreadableFile
from etl.sheet import HEAD_ROWS, Sheet
from etl.text_file import load_rows

_PRECISION_LOST = 1e15


def workbook_sheets(path: Path, *, name: str, format: str, member: str | None) -> list[Sheet]:
    """The sheets of a workbook that hold anything. Raises UnreadableFile for damaged or password-protected files."""
    try:
        with load_workbook(str(path)) as book:
            sheets = [book.get_sheet_by_name(title) for title in book.sheet_names]
            return [_sheet(sheet, format, member) for sheet in sheets if sheet.total_height]
    except CalamineError as error:
        raise UnreadableFile(
            f"{name}：Excel 文件打不开，可能已损坏或设有密码；请去掉密码、另存一份后再放入",
            f"{name}: the workbook cannot be opened; it may be damaged or password-protected",
        ) from error


@dataclass(frozen=True)
class WorkbookBody:
    """Rows of one sheet, already text."""

    rows: list[list[str]]

    def load(self, connection: duckdb.DuckDBPyConnection, table: str, *, header_row: int, width: int) -> None:
        load_rows(connection, table, self._numbered(header_row), width)

    def _numbered(self, header_row: int) -> Iterator[tuple[int, list[str]]]:
        yield from ((number, row) for number, row in enumerate(self.rows, 1) if number > header_row)


def cell_text(value: Any) -> str:
    """A workbook cell as the text a person would type: dates in ISO form (day precision kept), whole floats without .0,
    numbers past Excel's 15 digits in scientific notation, so that a destroyed id is seen as one."""
    match value:
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer() and abs(value) < _PRECISION_LOST:
            return str(int(value))
        case float() if abs(value) >= _PRECISION_LOST:
            return f"{value:.5E}"
        case datetime() if value.time() == time():  # old workbooks keep a date as its midnight
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value.total_seconds() / 3600)
        case _:
            return str(value)


def _sheet(sheet: CalamineSheet, format: str, member: str | None) -> Sheet:
    rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    title = f"{member}/{sheet.name}" if member else sheet.name
    return Sheet(title, format, None, _head(rows, sheet), WorkbookBody(rows))


def _head(rows: list[list[str]], sheet: CalamineSheet) -> tuple[tuple[str, ...], ...]:
    head = [list(row) for row in rows[:HEAD_ROWS]]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom + 1, len(head))):
            for column in range(left, min(right + 1, len(head[row]))):
                head[row][column] = head[top][left]
    return tuple(tuple(row) for row in head)
