"""A card: what it shows, its definition on demand, the thing itself, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.i18n import text


def card(
    title: str,
    children: Any,
    *,
    width: int = 12,
    info: Any = None,
    note: Any = "",
    foot: Any = "",
    aside: Any = None,
    exhibit: str = "",
    lang: str = "zh",
) -> html.Section:
    """title: a question or a name · note: n and period, under the title · foot: remark below · width: columns of 12 ·
    exhibit: id of the data behind it, which the card then offers as a table and as files.
    """
    head = [
        html.H2(title),
        *([info] if info is not None else []),
        html.Span(className="spring"),
        *([aside] if aside is not None else []),
        *([_tools(lang)] if exhibit else []),
    ]
    body: list[Any] = [html.Div(head, className="card-head")]
    if note:
        body.append(html.P(note, className="card-note"))
    body += children if isinstance(children, list) else [children]
    if foot:
        body.append(html.Div(foot, className="card-foot"))
    return html.Section(body, className=f"card-box w-{width}", **(data(exhibit=exhibit) if exhibit else {}))


def _tools(lang: str) -> html.Details:
    """⋯: the menu with the table twin and the downloads, filled by cards.js when it is opened."""
    label = text("card.tools", lang)
    return html.Details(html.Summary("⋯", **aria(label=label)), className="popup tools")


def grid(cards: Sequence[Any]) -> html.Div:
    """Cards side by side, twelve columns wide; one column on a phone."""
    return html.Div(list(cards), className="grid")


def page_head(
    title: str,
    note: str = "",
    question: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
    lang: str = "zh",
    switch: Any = None,
    is_filtered: bool = True,
) -> html.Div:
    """The page's h1 with the period beside it. crumbs: name and address of each step up, the township first · switch: how the
    page's charts are drawn · is_filtered: whether the filters act on the page; where they do not, their bar is out of sight.
    """
    parts: list[Any] = [html.H1(title)]
    if crumbs:
        steps = [html.Li(html.A(name, href=href)) for name, href in crumbs]
        parts.insert(0, html.Nav(html.Ol(steps), className="crumbs", **aria(label=text("app.crumbs", lang))))
    if question:
        parts.append(html.Span(question, className="soft"))
    if switch is not None:
        parts.append(switch)
    if note:
        parts.append(html.Span(note, className="soft number", style={"marginLeft": "auto"}))
    return html.Div(parts, className="page-head", **({} if is_filtered else data(unfiltered="1")))


def facts(pairs: Sequence[tuple[str, Any]]) -> html.Dl:
    """Name–value pairs; those without a value are left out."""
    rows: list[Any] = []
    for name, value in pairs:
        if value not in (None, "", []):
            rows += [html.Dt(name), html.Dd(value)]
    return html.Dl(rows, className="facts")
