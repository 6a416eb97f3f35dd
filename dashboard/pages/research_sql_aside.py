"""Beside the editor of the SQL desk: the tables with their columns, the functions, examples, and what this browser has run."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.desk.browser import examples, function_names, tables
from dashboard.desk.deidentified import Column, Table
from dashboard.reading.visit import Visit

HISTORY_KEPT = 50
_PANES = ("tables", "examples", "history")


def aside(visit: Visit) -> html.Section:
    """Three panes, one at a time; desk.js turns them."""
    tabs = [
        html.Button(
            visit.words(f"desk.{pane}"),
            type="button",
            id=f"desk-tab-{pane}",
            role="tab",
            tabIndex=0 if pane == _PANES[0] else -1,
            **aria(selected="true" if pane == _PANES[0] else "false", controls=f"desk-{pane}"),
            **data(tab=pane),
        )
        for pane in _PANES
    ]
    content = {"tables": _tables(visit), "examples": _examples(visit), "history": _history(visit)}
    panes = [
        html.Div(
            content[pane],
            id=f"desk-{pane}",
            className="desk-pane",
            role="tabpanel",
            tabIndex=0,
            hidden=pane != _PANES[0],
            **aria(labelledby=f"desk-tab-{pane}"),
            **data(pane=pane),
        )
        for pane in _PANES
    ]
    names = html.Div(tabs, className="desk-tabs", role="tablist", **aria(label=visit.words("desk.tables")))
    return html.Section([names, *panes], className="card-box w-4 desk-aside")


def _tables(visit: Visit) -> list[Any]:
    find = html.Div(**data(part="find-place", label=visit.words("desk.find")))  # desk.js makes the field: html has none
    nothing = html.P(visit.words("desk.none_found"), className="soft small", role="status", hidden=True, **data(part="none-found"))
    return [find, nothing, *(_table(visit, table) for table in tables()), _functions(visit)]


def _table(visit: Visit, table: Table) -> html.Details:
    said = table.zh if visit.lang == "zh" else table.en
    summary = html.Summary([html.Code(table.name), html.Span(said, className="soft")])
    name = html.Li([_insert(visit, table.name), html.Span(visit.words("desk.columns", count=len(table.columns)), className="soft")])
    columns = [_column(visit, column) for column in table.columns]
    return html.Details([summary, html.Ul([name, *columns])], **data(table=table.name, words=said.lower()))


def _column(visit: Visit, column: Column) -> html.Li:
    said = column.zh if visit.lang == "zh" else column.en
    parts = [_insert(visit, column.name), html.Small(column.type, className="soft"), html.Span(said)]
    return html.Li(parts, **data(words=f"{column.name} {said}".lower()))


def _insert(visit: Visit, name: str) -> html.Button:
    return html.Button(name, type="button", title=visit.words("desk.insert", name=name), **data(insert=name))


def _functions(visit: Visit) -> html.Details:
    names = function_names()
    buttons = [_insert(visit, name) for name in names]
    return html.Details(
        [html.Summary(visit.words("desk.functions", count=len(names))), html.Div(buttons, className="desk-functions")],
        **data(functions="1"),
    )


def _examples(visit: Visit) -> list[Any]:
    buttons = [
        html.Li(html.Button(one.zh if visit.lang == "zh" else one.en, type="button", **data(load=one.sql))) for one in examples()
    ]
    return [html.P(visit.words("desk.examples_note"), className="soft small"), html.Ul(buttons, className="desk-list")]


def _history(visit: Visit) -> list[Any]:
    """The list is the browser's own."""
    clear = html.Button(
        visit.words("desk.clear"), type="button", className="btn btn-link btn-sm", hidden=True, **data(press="clear")
    )
    note = html.Span(visit.words("desk.history_note", count=HISTORY_KEPT), className="soft small")
    return [
        html.Div([note, clear], className="line"),
        html.P(visit.words("desk.history_empty"), className="soft small", **data(part="no-history")),
        html.Ul(className="desk-list", **data(part="history")),
    ]
