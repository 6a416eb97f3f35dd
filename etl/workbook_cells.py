"""A workbook (xlsx, xls, xlsb, ods) → its sheets as spill files, through calamine. Runs in a process of its own.

usage: python -m etl.workbook_cells WORKBOOK FOLDER   (the workbook's suffix says its format; prints one JSON object)

Calamine keeps a sheet as one dense block. A damaged or malicious workbook can make it ask for terabytes, whereupon the process is
aborted, not told; and some damage makes it panic. Both end this process only. Macros are never looked at, let alone run.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from etl.excel_errors import ErrorCells, error_cells
from etl.spill import Downward, Spill, filled_across

_PRECISION_LOST = 1e15
_MEMORY = 3 << 30
_SECONDS = 1_800
Merged = list[tuple[int, int, int, int]]


def main(workbook: Path, folder: Path) -> dict[str, Any]:
    """{"sheets": [{name, is_visible, head, body}]} or {"error": "password" | "damaged"}."""
    try:
        with load_workbook(str(workbook)) as book:
            errors = error_cells(workbook)
            sheets = [_spilled(book, number, folder, errors) for number in _worksheets(book)]
            return {"sheets": [sheet for sheet in sheets if sheet["head"] or sheet["body"]["rows"]]}
    except PasswordError:
        return {"error": "password"}
    except CalamineError as error:
        return {"error": "damaged", "detail": str(error)}


def cell_text(value: Any) -> str:
    """A workbook cell as the text a person would type: dates in ISO form (day precision kept), whole floats without .0,
    numbers past Excel's 15 digits in scientific notation, so that a destroyed id is seen as one."""
    match value:
        case str():
            return value
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer() and abs(value) < _PRECISION_LOST:
            return str(int(value))
        case int() | float() if abs(value) >= _PRECISION_LOST:
            return f"{value:.5E}"
        case float():
            return f"{value:.15g}"  # Excel itself shows no more
        case datetime():
            return _moment_text(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _span_text(round(value.total_seconds()))
        case _:
            return str(value)


def _span_text(seconds: int) -> str:
    """Hours, minutes and seconds, as Excel shows a span: a bare number would not say of what."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _moment_text(value: datetime) -> str:
    """To the nearest second: a serial number of days holds no exact one. Old workbooks keep a date as its midnight."""
    with contextlib.suppress(OverflowError):
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ")


def _worksheets(book: CalamineWorkbook) -> list[int]:
    """Charts, dialogs and macro sheets hold no table."""
    return [number for number, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet]


def _spilled(book: CalamineWorkbook, number: int, folder: Path, errors: dict[str, ErrorCells]) -> dict[str, Any]:
    meta = book.sheets_metadata[number]
    sheet = book.get_sheet_by_index(number)
    merged = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
    spill = Spill(folder / f"sheet_{number}")
    _write(sheet, merged, spill, errors.get(sheet.name, {}))
    head = filled_across(spill.head, merged)
    body = spill.close()
    return {
        "name": sheet.name,
        "is_visible": meta.visible == SheetVisibleEnum.Visible,
        "head": head,
        "body": {"path": str(body.path), "width": body.width, "rows": body.rows, "longest": body.longest},
    }


def _write(sheet: CalamineSheet, merged: Merged, spill: Spill, errors: ErrorCells) -> None:
    """Every row, numbered as Excel does; calamine leaves out the empty columns before the first cell."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    downward = Downward()
    begins: dict[int, list[tuple[int, int]]] = {}
    for first, column, last, _ in merged:
        if last > first:
            begins.setdefault(first + 1, []).append((column, last + 1))
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = before + [value if value.__class__ is str else cell_text(value) for value in values]
        for column, error in errors.get(number, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or error
        downward.fill(number, cells)
        for column, last in begins.get(number, ()):
            if column < len(cells):
                downward.begin(column, last, cells[column])
        spill.add(number, cells)


def _limit() -> None:
    """Memory and time this process may take. Windows has no such limits."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit()
    answer = main(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # freeing a large workbook cell by cell takes seconds
