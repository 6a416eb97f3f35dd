"""Rows that could not be read: given back as workbooks, and by reason with the cells at fault."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.card import card
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.i18n.numbers import NOTHING, count
from dashboard.queries import Returned, SetAside, SetAsideRow, returned_workbooks, set_aside
from dashboard.reading.visit import Visit

SHOWN = 50
_OPEN = 3


def body(visit: Visit) -> list[Any]:
    """The workbooks to mend first; then a fold a reason."""
    groups = set_aside(visit.snapshot, shown=SHOWN)
    if not groups:
        return [html.Div(empty(visit.lang, "data.no_set_aside"), className="card-box")]
    workbooks = returned_workbooks(visit.snapshot) if visit.reader.may_load else ()
    reasons = [_reason(visit, group, is_open=place < _OPEN) for place, group in enumerate(groups)]
    return [
        *([_workbooks(visit, workbooks)] if workbooks else []),
        card(visit.words("data.reasons"), reasons, note=visit.words("data.reasons_note")),
    ]


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
    return html.Div(card(title, table(heads, rows, title), note=visit.words("data.workbooks_note")), className="mb-3")


def _reason(visit: Visit, group: SetAside, *, is_open: bool) -> html.Details:
    words = group.reason_zh if visit.lang == "zh" else group.reason_en
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
