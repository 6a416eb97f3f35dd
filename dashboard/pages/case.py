"""One case: its stages against its deadline, callbacks, hand-overs, changes – and the file and row it came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import card, facts, grid
from dashboard.components.states import not_found
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import Exhibit, Field, Sheet
from dashboard.i18n import keys, text
from dashboard.i18n.dates import moment
from dashboard.i18n.numbers import NOTHING, duration, is_missing
from dashboard.pages.cases import value_shown
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import freshness
from dashboard.queries import Case, CaseNotFound, Stage, case
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit

PREFIX = "/case/"
FACTS = (
    "community_code",
    "grid_code",
    "category_code",
    "subcategory",
    "channel_code",
    "level_code",
    "department_code",
    "first_department_code",
    "rework_count",
    "return_count",
    "extension_count",
    "is_self_disposed",
    "void_reason",
)


def body(visit: Visit, incident_id: str) -> list[Any]:
    """The case, or a panel that says there is none."""
    try:
        found = case(visit.snapshot, incident_id)
    except CaseNotFound:
        return [not_found(visit.view, "state.no_case")]
    incident = found.incident
    crumbs = html.Nav(
        [html.A(visit.words("page.cases"), href=page_href("/cases", visit.view)), f"　›　{incident_id}"],
        className="crumbs",
        **aria(label=visit.words("app.navigation")),
    )
    title = html.Div(
        [
            html.H1(incident["title"] or visit.words("cases.untitled")),
            _standing(visit, incident),
            html.Span(freshness(visit), className="soft number", style={"marginLeft": "auto"}),
        ],
        className="page-head",
    )
    return [
        crumbs,
        title,
        grid(
            [
                html.Div(
                    [
                        _stages(visit, found),
                        _callbacks(visit, found.callbacks),
                        *([_steps(visit, found.steps)] if len(found.steps) else []),
                        *([_changes(visit, found.changes)] if len(found.changes) else []),
                    ],
                    className="w-7 stack",
                ),
                html.Div([_facts(visit, found), _source(visit, found)], className="w-5 stack"),
            ]
        ),
    ]


def _standing(visit: Visit, incident: dict[str, Any]) -> html.Span:
    """Status, and how it stands against its deadline at the data's moment."""
    words = [visit.name("status", incident["status_code"])]
    end, due = incident["closed_at"], incident["due_at"]
    is_late = bool(incident["is_open_overdue"]) or (end is not None and incident["is_on_time"] is False)
    if incident["is_on_time"] and end:
        words.append(visit.words("case.on_time"))
    elif end and due and is_late:
        words.append(visit.words("case.late", time=_between(due, end, visit)))
    elif incident["is_open_overdue"] and due:
        words.append(visit.words("case.overdue", time=_between(due, visit.snapshot.build.as_of, visit)))
    elif incident["is_open"]:
        words.append(visit.words("case.open", time=duration(incident["hours_open"], visit.lang)))
    return html.Span(" · ".join(words), className="badge-soft late" if is_late else "badge-soft")


def _stages(visit: Visit, found: Case) -> html.Section:
    incident = found.incident
    due = incident["due_at"]
    rows = [_stage(visit, stage, due, incident) for stage in found.stages]
    note = ""
    if due:
        note = f"{visit.words('case.deadline')} {moment(due)}"
        if incident["extension_count"]:
            note += visit.words("punctuation.comma") + visit.words(
                "case.extended", count=incident["extension_count"], original=moment(incident["original_due_at"])
            )
    return card(visit.words("case.stages"), html.Ol(rows, className="timeline"), width=12, note=note)


def _stage(visit: Visit, stage: Stage, due: datetime | None, incident: dict[str, Any]) -> html.Li:
    name = visit.words(f"stage.{stage.name}")
    if stage.at is None:
        return html.Li(
            [html.Time(NOTHING), html.Span(className="dot"), html.Div([name, "　", visit.words("case.pending")])],
            className="pending",
        )
    is_late = stage.name in ("disposed", "closed") and due is not None and stage.at > due and bool(incident["is_counted"])
    after = visit.words("case.after", time=duration(stage.hours, visit.lang)) if stage.hours is not None else ""
    late = visit.words("case.late", time=_between(due, stage.at, visit)) if is_late and due else ""
    rest = [html.Span(after, className="soft small")] + ([html.B("　" + late, className="small")] if late else [])
    shown = moment(stage.at, day_only=bool(incident.get(f"{stage.name}_is_day")))
    return html.Li(
        [html.Time(shown, dateTime=stage.at.isoformat()), html.Span(className="dot"), html.Div([html.B(name), "　", *rest])],
        className="late" if is_late else "",
    )


def _facts(visit: Visit, found: Case) -> html.Section:
    incident = found.incident
    pairs: list[tuple[str, Any]] = [(visit.words("column.incident_id"), incident["incident_id"])]
    for name in FACTS:
        value = incident[name]
        if is_missing(value) or value in (0, False, ""):
            continue
        shown = visit.name("department", value) if name == "first_department_code" else value_shown(visit, name, value)
        pairs.append((visit.words(f"column.{name}"), shown))
    return card(visit.words("case.facts"), facts(pairs), width=12)


def _callbacks(visit: Visit, callbacks: pd.DataFrame) -> html.Section:
    title = visit.words("case.callbacks")
    if callbacks.empty:
        return card(title, html.P(visit.words("case.no_callbacks"), className="soft"), width=12)
    heads = [visit.words(f"case.{name}") for name in ("round_head", "time", "result", "solved", "satisfaction", "reason")]
    rows = []
    for record in callbacks.to_dict("records"):
        after = [visit.words(f"case.{name}") for name in ("rehandled", "escalated") if record[f"is_{name}"] is True]
        reason = (
            visit.words("punctuation.comma").join([*([] if is_missing(record["reason"]) else [str(record["reason"])]), *after])
            or NOTHING
        )
        rows.append(
            [
                visit.words("case.round", round=record["round"]),
                value_shown(visit, "called_at", record["called_at"]),
                visit.name("callback_result", record["result_code"]),
                visit.name("solved", record["solved_code"]),
                visit.name("satisfaction", record["satisfaction_code"]),
                reason,
            ]
        )
    return _listed(visit, "callbacks", title, heads, rows, wrapped=(5,))


def _listed(
    visit: Visit, id: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, wrapped: Sequence[int] = ()
) -> html.Section:
    """A table of words, as it is shown and as it is downloaded. wrapped: places of columns with long texts."""
    cells = [[Cell(words, is_wrapped=place in wrapped) for place, words in enumerate(row)] for row in rows]
    shown = table([Column(head, is_number=False) for head in heads], cells, title)
    return exhibit_card(visit, _exhibit(id, title, heads, rows), shown)


def _exhibit(id: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Exhibit:
    return Exhibit(id, title, lambda: Sheet([Field(head) for head in heads], rows))


def _source(visit: Visit, found: Case) -> html.Section:
    """The way back to the file: what the number stands on in the end."""
    source = found.source
    pairs = [
        (visit.words("case.file"), source.file_name),
        (visit.words("case.sheet"), source.file_sheet),
        (visit.words("case.row"), str(source.file_row)),
        (visit.words("case.exported"), moment(found.incident["exported_at"])),
    ]
    parts: list[Any] = [facts(pairs)]
    cells = [
        (_header(name, visit.lang), cell) for name, cell in (source.cells or {}).items() if f"export.{name}" in keys(visit.lang)
    ]
    if cells:
        rows = [html.Tr([html.Th(name, scope="row"), html.Td(cell, className="wrap")]) for name, cell in cells]
        parts.append(
            html.Details(
                [
                    html.Summary(visit.words("case.as_received"), className="soft small mt-2"),
                    html.Div(html.Table(html.Tbody(rows), className="data"), className="table-box"),
                ],
                open=True,
            )
        )
    title, heads = visit.words("case.source"), [visit.words(f"case.{name}") for name in ("column", "as_received")]
    return exhibit_card(visit, _exhibit("source", title, heads, [*((n, str(v)) for n, v in pairs if v), *cells]), parts)


def _header(column: str, lang: str) -> str:
    """The usual heading of a column of the export; the column's own name where there is none."""
    key = f"export.{column}"
    return text(key, lang) if key in keys(lang) else column


def _steps(visit: Visit, steps: pd.DataFrame) -> html.Section:
    title = visit.words("case.steps")
    heads = ["#", *(visit.words(f"case.{name}") for name in ("time", "action", "from", "to", "result"))]
    rows = []
    for record in steps.to_dict("records"):
        result = visit.words("case.returned") if record["is_returned"] is True else NOTHING
        rows.append(
            [
                str(record["step_no"]),
                value_shown(visit, "handed_at", record["handed_at"]),
                value_shown(visit, "action", record["action"]),
                visit.name("department", record["from_department_code"]),
                visit.name("department", record["to_department_code"]),
                result,
            ]
        )
    return _listed(visit, "steps", title, heads, rows)


def _changes(visit: Visit, changes: pd.DataFrame) -> html.Section:
    title = visit.words("case.changes")
    heads = [visit.words(f"case.{name}") for name in ("exported", "column", "old", "new")]
    rows = [
        [
            value_shown(visit, "exported_at", record["exported_at"]),
            _header(str(record["column_name"]).removesuffix("_code"), visit.lang),
            _changed(visit, str(record["column_name"]), record["old_value"]),
            _changed(visit, str(record["column_name"]), record["new_value"]),
        ]
        for record in changes.to_dict("records")
    ]
    return _listed(visit, "changes", title, heads, rows, wrapped=(2, 3))


def _changed(visit: Visit, column: str, value: Any) -> str:
    """A value of the history (text in the warehouse) as the same column is shown elsewhere."""
    if column == "first_department_code":
        column = "department_code"
    return value_shown(visit, column, {"true": True, "false": False}.get(value, value))


def _between(start: datetime, end: datetime, visit: Visit) -> str:
    return duration((end - start).total_seconds() / 3600, visit.lang)
