"""Promises about the data that some rows break: what it does to the numbers, what to do, and the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, Field, Sheet
from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, count
from dashboard.pages.data_parts import data_exhibit, offset_of, pager, part_href
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries import ROWS_KEPT, Finding, FindingRow, finding_page, findings
from dashboard.reading.links import case_href
from dashboard.reading.visit import Visit

PAGE = 50
_COLUMNS = ("subject", "seen", "file")


def body(visit: Visit) -> list[Any]:
    """The list; with ?check= the rows behind one finding."""
    found = findings(visit.snapshot)
    asked = next((finding for finding in found if finding.check_id == visit.choice("check")), None)
    if asked:
        return _rows(visit, asked)
    if not found:
        return [html.Div(empty(visit.lang, "data.no_findings"), className="card-box")]
    items = [_item(visit, finding) for finding in found]
    exhibit = data_exhibit(visit, "findings", visit.words("data.part_findings"), lambda: _sheet(visit, found))
    return [exhibit_card(visit, exhibit, html.Ul(items, className="plain"), note=visit.words("data.findings_note"))]


def _sheet(visit: Visit, found: Sequence[Finding]) -> Sheet:
    fields = [Field(visit.words("data.severity")), Field(visit.words("data.check")), Field(visit.words("data.rows"), NUMBER)]
    rows: list[list[Any]] = []
    for finding in found:
        name, advice = _words(visit, finding)
        rows.append([visit.words(f"severity.{finding.severity}"), name, finding.rows, advice])
    return Sheet([*fields, Field(visit.words("data.advice"))], rows)


def severity(lang: str, name: str) -> html.Span:
    """stop, warn or note as sign and word."""
    return html.Span(text(f"severity.{name}", lang), className="badge-soft" if name == "note" else "badge-soft late")


def _item(visit: Visit, finding: Finding) -> html.Li:
    name, advice = _words(visit, finding)
    rows = html.A(
        visit.words("data.see_rows", count=count(finding.rows)), href=part_href(visit, "findings", check=finding.check_id)
    )
    return html.Li(
        [
            html.Div([severity(visit.lang, finding.severity), html.B(name), html.Span(rows, className="number")], className="line"),
            html.P(advice, className="soft small"),
        ]
    )


def _rows(visit: Visit, finding: Finding) -> list[Any]:
    name, advice = _words(visit, finding)
    rows, kept = finding_page(visit.snapshot, finding.check_id, offset=offset_of(visit, PAGE), limit=PAGE)
    crumbs = html.Nav(
        [html.A(visit.words("data.part_findings"), href=part_href(visit, "findings")), f"　›　{name}"],
        className="crumbs",
        **aria(label=visit.words("app.navigation")),
    )
    note = visit.words("data.rows_kept", kept=count(kept), count=count(finding.rows)) if finding.rows > kept >= ROWS_KEPT else ""
    heads = [Column(visit.words(f"data.{column}"), is_number=False) for column in _COLUMNS]
    heads.append(Column(visit.words("data.row")))
    content: Any = table(heads, [_row(visit, row) for row in rows], name) if rows else empty(visit.lang, "data.no_rows")
    return [
        crumbs,
        exhibit_card(
            visit,
            data_exhibit(visit, "finding-rows", name, lambda: _rows_sheet(visit, finding), note),
            [html.P([severity(visit.lang, finding.severity), advice], className="line"), content, *pager(visit, kept, PAGE)],
            note=note,
        ),
    ]


def _rows_sheet(visit: Visit, finding: Finding) -> Sheet:
    """All rows that are kept."""
    found, _ = finding_page(visit.snapshot, finding.check_id, offset=0, limit=ROWS_KEPT)
    fields = [*(Field(visit.words(f"data.{column}")) for column in _COLUMNS), Field(visit.words("data.row"), NUMBER)]
    return Sheet(fields, [[row.subject, row.detail, row.file_name, row.file_row] for row in found])


def _row(visit: Visit, row: FindingRow) -> list[Cell]:
    return [
        Cell(row.subject, href=case_href(row.subject, visit.view) if row.is_incident else ""),
        Cell(row.detail or NOTHING, is_wrapped=True),
        Cell(row.file_name or NOTHING),
        Cell(count(row.file_row)),
    ]


def _words(visit: Visit, finding: Finding) -> tuple[str, str]:
    return (finding.name_zh, finding.advice_zh) if visit.lang == "zh" else (finding.name_en, finding.advice_en)
