"""SQL 查询台: a statement over the de-identified data, its result as a table and as files. What happens on it is desk.js's to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.card import card, page_head
from dashboard.desk.browser import tables
from dashboard.desk.query import AT_ONCE, LIMITS
from dashboard.i18n.numbers import count, decimal
from dashboard.pages.head import freshness, trail
from dashboard.pages.research_parts import PATH as TABLE_PATH
from dashboard.pages.research_parts import SQL_PATH, switch
from dashboard.pages.research_sql_aside import HISTORY_KEPT, aside
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit

PATH = SQL_PATH
FORMS = ("xlsx", "csv", "parquet", "codebook", "bundle")
LONGEST_LINK = 3500
"""Characters of a statement in an address: browsers leave out a Referer beyond 4,096, and the first screen is drawn from it."""
_EDITOR = "desk-statement"
_JS_WORDS = (
    "linked", "link_long", "opened", "getting_ready", "ready", "preparing", "waiting", "running", "cancelling", "seconds", "done",
    "unreachable", "news", "making", "saved", "history_rows", "clear", "clear_sure", "warehouse_size",
    "broken", "warehouse_making", "warehouse_coming", "link_empty", "unkept",
)  # fmt: skip


def body(visit: Visit) -> list[Any]:
    """Head and switch; the editor beside what may be asked; the result; all of the data as a file."""
    title = visit.words("desk.title")
    crumbs = [*trail(visit, title)[:1], (visit.words("page.research"), page_href(TABLE_PATH, visit.view))]
    head = page_head(title, freshness(visit), "", crumbs, visit.lang, is_filtered=False)
    parts = [_editor(visit), aside(visit), _result(visit), _warehouse(visit)]
    return [head, switch(visit), html.Div(parts, className="grid desk", **_said(visit))]


def _said(visit: Visit) -> dict[str, Any]:
    """What desk.js has to know."""
    words = {name: visit.words(f"desk.{name}") for name in _JS_WORDS}
    return data(
        desk=visit.snapshot.build.build_id,
        lang=visit.lang,
        words=json.dumps(words, ensure_ascii=False),
        longest=str(LONGEST_LINK),
        kept=str(HISTORY_KEPT),
    )


def _editor(visit: Visit) -> html.Section:
    limits = visit.words(
        "desk.limits",
        rows=count(LIMITS.rows),
        megabytes=decimal(LIMITS.output_bytes / 1e6, 0),
        seconds=decimal(LIMITS.wall_seconds, 0),
        memory=decimal(LIMITS.memory_bytes / 1e6, 0),
        at_once=AT_ONCE,
    )
    label = html.Label(visit.words("desk.editor"), htmlFor=_EDITOR)
    field = html.Textarea(
        id=_EDITOR,
        className="form-control",
        rows=11,
        spellCheck="false",
        placeholder="SELECT …",
        **data(part="editor"),
        **aria(describedby="desk-limits"),
    )
    run = html.Button(visit.words("desk.run"), type="button", className="btn btn-primary", **data(press="run"))
    keys = html.Span([html.Kbd("Ctrl"), " + ", html.Kbd("Enter")], className="soft small keys")
    cancel = _button(visit, "cancel", hidden=True)
    state = html.Div(
        [
            html.Span(role="status", **data(part="state")),
            html.Span(className="number soft", **aria(hidden="true"), **data(part="clock")),
        ],
        className="desk-state small",
    )
    buttons = html.Div([run, cancel, keys, state, html.Span(className="spring"), _button(visit, "link")], className="line desk-bar")
    problem = html.P(className="problem", role="alert", hidden=True, **data(part="problem"))
    note = html.P(limits, id="desk-limits", className="card-foot mb-0")
    return html.Section(
        [html.P(visit.words("desk.intro"), className="card-note"), html.H2(label), field, buttons, problem, note],
        className="card-box w-8 desk-editor",
    )


def _result(visit: Visit) -> html.Section:
    """Where the result comes; before there is one, what to do."""
    nothing = html.Div(
        [html.Strong(visit.words("desk.nothing_yet")), html.P(visit.words("desk.nothing_said"), className="mb-0")],
        className="state",
        **data(part="nothing"),
    )
    news = html.P(className="line notice", role="status", hidden=True, **data(part="news"))
    older = html.P(visit.words("desk.older"), className="line notice", hidden=True, **data(part="older"))
    shown = html.Div(hidden=True, **data(part="result"))
    return card(visit.words("desk.result"), [news, older, nothing, shown, _files(visit)])


def _files(visit: Visit) -> html.Div:
    """The result as files, once there is one."""
    buttons: Sequence[Any] = [
        html.Button(visit.words(f"desk.{form}"), type="button", className="btn btn-outline-primary btn-sm", **data(file=form))
        for form in FORMS
    ]
    said = html.Span(className="small soft", role="status", **data(part="file-state"))
    row = html.Div([html.B(visit.words("desk.files"), className="small"), *buttons, said], className="line")
    note = html.P(visit.words("desk.files_said"), className="soft small mb-0")
    return html.Div([row, note], className="desk-files", hidden=True, **data(part="files"))


def _warehouse(visit: Visit) -> html.Section:
    """All de-identified tables at once, for those who have tools of their own."""
    said = visit.words("desk.warehouse_said", count=len(tables()), format="DuckDB", languages="Python / R")
    href = "/research/warehouse.zip" + ("" if visit.lang == "zh" else f"?lang={visit.lang}")
    link = html.A(
        visit.words("desk.warehouse_get", format="zip"),
        href=href,
        download="",
        className="btn btn-outline-primary btn-sm",
        **data(part="zip"),
    )
    size = html.Span(className="soft small number", **data(part="size"))
    state = html.Span(className="small soft", role="status", **data(part="zip-state"))
    return card(visit.words("desk.warehouse"), html.P([link, size, state], className="line mb-0"), note=said)


def _button(visit: Visit, word: str, *, hidden: bool = False) -> html.Button:
    return html.Button(
        visit.words(f"desk.{word}"), type="button", className="btn btn-outline-primary", hidden=hidden, **data(press=word)
    )
