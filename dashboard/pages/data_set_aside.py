"""Rows that could not be read: given back as workbooks, and by reason with the cells at fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, Field, Sheet
from dashboard.i18n.numbers import NOTHING, count
from dashboard.pages.data_parts import data_exhibit
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries import Returned, SetAside, SetAsideRow, returned_workbooks, set_aside
from dashboard.reading.visit import Visit

SHOWN = 50
IN_A_FILE = 1000
"""Cells of one reason in a download; the workbooks to mend have all of them."""
_OPEN = 3


def body(visit: Visit) -> list[Any]:
    """The workbooks to mend first; then a fold a reason."""
    groups = set_aside(visit.snapshot, shown=SHOWN)
    if not groups:
        return [html.Div(empty(visit.lang, "data.no_set_aside"), className="card-box")]
    workbooks = returned_workbooks(visit.snapshot) if visit.reader.may_load else ()
    reasons = [_reason(visit, group, is_open=place < _OPEN) for place, group in enumerate(groups)]
    cells = data_exhibit(
        visit, "set-aside", visit.words("data.reasons"), lambda: _sheet(visit), visit.words("data.cells_note", count=IN_A_FILE)
    )
    return [
        *([_workbooks(visit, workbooks)] if workbooks else []),
        exhibit_card(visit, cells, reasons, note=visit.words("data.reasons_note")),
    ]


def _sheet(visit: Visit) -> Sheet:
    """The cells at fault, many more of a reason than the page lists."""
    fields = [Field(visit.words("verdict.reason")), Field(visit.words("data.file")), Field(visit.words("data.sheet"))]
    fields += [Field(visit.words("data.row"), NUMBER), Field(visit.words("data.header")), Field(visit.words("data.value"))]
    rows = [
        [_reason_words(visit, group), row.file_name, row.sheet, row.row, row.header, row.value]
        for group in set_aside(visit.snapshot, shown=IN_A_FILE)
        for row in group.rows
    ]
    return Sheet(fields, rows)


def _reason_words(visit: Visit, group: SetAside) -> str:
    return group.reason_zh if visit.lang == "zh" else group.reason_en


def _workbooks(visit: Visit, workbooks: tuple[Returned, ...]) -> html.Div:
    title = visit.words("data.workbooks")
    heads = [
        Column(visit.words("data.file"), is_number=False),
        Column(visit.words("data.rows_waiting")),
        Column(visit.words("data.workbook"), is_number=False),
    ]
    rows = [
        [
            Cell(workbook.file_name),
            Cell(count(workbook.rows)),
            Cell(html.A(visit.words("data.download"), href=f"/returned/{workbook.name}", download=workbook.name)),
        ]
        for workbook in workbooks
    ]
    exhibit = data_exhibit(visit, "workbooks", title, lambda: _workbooks_sheet(visit, workbooks))
    shown = exhibit_card(visit, exhibit, table(heads, rows, title), note=visit.words("data.workbooks_note"))
    return html.Div(shown, className="mb-3")


def _workbooks_sheet(visit: Visit, workbooks: Sequence[Returned]) -> Sheet:
    fields = [Field(visit.words("data.file")), Field(visit.words("data.rows_waiting"), NUMBER), Field(visit.words("data.workbook"))]
    return Sheet(fields, [[workbook.file_name, workbook.rows, workbook.name] for workbook in workbooks])


def _reason(visit: Visit, group: SetAside, *, is_open: bool) -> html.Details:
    words = _reason_words(visit, group)
    heads = [Column(visit.words(f"data.{name}"), is_number=False) for name in ("file", "sheet")]
    heads.append(Column(visit.words("data.row")))
    heads += [Column(visit.words(f"data.{name}"), is_number=False) for name in ("header", "value")]
    parts: list[Any] = [
        html.Summary([html.B(visit.words("data.rows_of", count=count(group.count))), words]),
        table(heads, [_row(visit, row) for row in group.rows], words),
    ]
    if group.count > len(group.rows):
        parts.append(html.P(visit.words("data.first_rows", count=len(group.rows)), className="soft small"))
    return html.Details(parts, className="fold", open=is_open)


def _row(visit: Visit, row: SetAsideRow) -> list[Cell]:
    return [
        Cell(row.file_name),
        Cell(row.sheet or NOTHING),
        Cell(count(row.row)),
        Cell(row.header or NOTHING),
        Cell(row.value or visit.words("data.blank"), is_wrapped=True),
    ]
