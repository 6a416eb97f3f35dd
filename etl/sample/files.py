"""Writes a table as real systems do: CSV in two encodings, xlsx, and .xls. The same table gives the same bytes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from etl.sample.chance import Words

_CREATED = datetime(2024, 1, 1)
_XLS_LIMIT = 65_000
MOMENT_FORMAT = "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True)
class Cells:
    """One column. cells: str, int, float or None · is_moment: numbers are shown as moments (Excel)."""

    header: str
    cells: Words
    is_moment: bool = False
    group: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table. titles: lines above the header · footers: rows below the data · is_grouped: a first header row of merged groups."""

    columns: tuple[Cells, ...]
    titles: tuple[str, ...] = ()
    footers: tuple[tuple[str, ...], ...] = ()
    is_grouped: bool = False
    name: str = "Sheet1"

    def __len__(self) -> int:
        return len(self.columns[0].cells)

    @property
    def header_rows(self) -> int:
        return len(self.titles) + 1 + self.is_grouped

    def rows(self) -> list[tuple[Any, ...]]:
        return list(zip(*(column.cells.tolist() for column in self.columns), strict=True))


def write_sheet(path: Path, sheet: Sheet, *, encoding: str = "utf-8-sig") -> Path:
    """Writes in the format of the path's suffix; .xls becomes .xlsx where there are more rows than .xls can hold. Returns the path."""
    if path.suffix == ".xls" and len(sheet) > _XLS_LIMIT:
        path = path.with_suffix(".xlsx")
    match path.suffix:
        case ".csv":
            _write_csv(path, sheet, encoding)
        case ".xlsx":
            _write_xlsx(path, sheet)
        case _:
            _write_xls(path, sheet)
    return path


def _write_csv(path: Path, sheet: Sheet, encoding: str) -> None:
    width = len(sheet.columns)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(_padded((title,), width) for title in sheet.titles)
        writer.writerow([column.header for column in sheet.columns])
        writer.writerows(sheet.rows())
        writer.writerows(_padded(footer, width) for footer in sheet.footers)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *([""] * (width - len(cells)))]


def _write_xlsx(path: Path, sheet: Sheet) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": _CREATED, "author": "禾湾镇社会治理综合信息管理平台"})
    formats = {
        "title": book.add_format({"bold": True, "align": "center"}),
        "moment": book.add_format({"num_format": MOMENT_FORMAT}),
    }
    page = book.add_worksheet(sheet.name)
    width = len(sheet.columns)
    for row, title in enumerate(sheet.titles):
        page.merge_range(row, 0, row, width - 1, title, formats["title"])
    row = len(sheet.titles)
    if sheet.is_grouped:
        _merge_groups(page, row, sheet, formats["title"])
        row += 1
    for place, column in enumerate(sheet.columns):
        page.write_string(row, place, column.header, formats["title"])
    moments = [column.is_moment for column in sheet.columns]
    for cells in sheet.rows():
        row += 1
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, place, cell)
            elif cell is not None:
                page.write_number(row, place, cell, formats["moment"] if moments[place] else None)
    for footer in sheet.footers:
        row += 1
        for place, text in enumerate(footer):
            page.write_string(row, place, text)
    book.close()


def _merge_groups(page: Any, row: int, sheet: Sheet, style: Any) -> None:
    begins = 0
    for place in range(1, len(sheet.columns) + 1):
        if place == len(sheet.columns) or sheet.columns[place].group != sheet.columns[begins].group:
            group = sheet.columns[begins].group
            if place - begins > 1:
                page.merge_range(row, begins, row, place - 1, group, style)
            else:
                page.write_string(row, begins, group, style)
            begins = place


def _write_xls(path: Path, sheet: Sheet) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet.name)
    moment, bold = xlwt.easyxf(num_format_str=MOMENT_FORMAT), xlwt.easyxf("font: bold on; align: horiz center")
    width = len(sheet.columns)
    for row, title in enumerate(sheet.titles):
        page.write_merge(row, row, 0, width - 1, title, bold)
    row = len(sheet.titles)
    for place, column in enumerate(sheet.columns):
        page.write(row, place, column.header, bold)
    moments = [column.is_moment for column in sheet.columns]
    for cells in sheet.rows():
        row += 1
        line = page.row(row)
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                line.set_cell_text(place, cell)
            elif cell is not None:
                line.set_cell_number(place, cell, moment if moments[place] else xlwt.Style.default_style)
    for footer in sheet.footers:
        row += 1
        for place, text in enumerate(footer):
            page.write(row, place, text)
    book.save(str(path))
