"""A result of the SQL desk as a table: the first rows, as they are, and what is not shown."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from dash import html

from dashboard.components.markup import markup
from dashboard.components.table import Cell, Column, table
from dashboard.desk.query import LIMITS, Result
from dashboard.i18n import text
from dashboard.i18n.dates import moment
from dashboard.i18n.numbers import NOTHING, count, decimal
from dashboard.research.provenance import Provenance, citation

ON_SCREEN = 200
COLUMNS_ON_SCREEN = 60
_LONGEST = 160
_NUMBERS = ("INTEGER", "INT", "FLOAT", "DOUBLE", "DECIMAL")


def result_html(result: Result, of: Provenance) -> str:
    """A result that is done, as HTML, with the line to cite it by."""
    lang = of.lang
    columns = [
        Column([column.name, html.Small(column.type, className="soft")], is_number(column.type))
        for column in result.columns[:COLUMNS_ON_SCREEN]
    ]
    rows = [[Cell(shown(value)) for value in row[:COLUMNS_ON_SCREEN]] for row in result.rows[:ON_SCREEN]]
    parts: list[Any] = [*_notes(result, lang), table(columns, rows, text("desk.caption", lang))]
    if not rows:
        parts.append(html.P(text("desk.empty", lang), className="soft small"))
    of_build = text("desk.of_build", lang, build=of.build_id, moment=moment(of.as_of))
    cited = html.P([html.B(text("desk.cite", lang)), citation(of, lang)], className="soft small desk-cite")
    return markup([*parts, html.P(of_build, className="card-foot"), cited])


def _notes(result: Result, lang: str) -> list[Any]:
    """What was cut off and what is not on screen."""
    notes: list[Any] = []
    if result.is_cut:
        is_by_rows = result.row_count >= LIMITS.rows
        key, most = (
            ("desk.cut_rows", count(LIMITS.rows)) if is_by_rows else ("desk.cut_size", decimal(LIMITS.output_bytes / 1e6, 0))
        )
        notes.append(html.P(text(key, lang, most=most, count=count(result.row_count)), className="problem small"))
    if result.row_count > ON_SCREEN:
        said = text("desk.on_screen", lang, shown=ON_SCREEN, more=count(result.row_count - ON_SCREEN))
        notes.append(html.P(said, className="soft small"))
    if len(result.columns) > COLUMNS_ON_SCREEN:
        more = count(len(result.columns) - COLUMNS_ON_SCREEN)
        notes.append(html.P(text("desk.columns_on_screen", lang, shown=COLUMNS_ON_SCREEN, more=more), className="soft small"))
    return notes


def is_number(type_: str) -> bool:
    """Whether a DuckDB type is one of numbers: BIGINT, DECIMAL(18,3), …; a list of them is not."""
    return type_.partition("(")[0].endswith(_NUMBERS) and not type_.endswith("]")


def shown(value: Any) -> str:
    """A value as it stands in the table; the files have it whole."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, date | Decimal | int):
        return str(value)
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= _LONGEST else said[:_LONGEST] + "…"
