"""The head of a page: its name, the period, how fresh the data is, and the way back up."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.components import card
from dashboard.i18n.dates import moment
from dashboard.metrics.cases import ignored_filters
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit, metric

COMMUNITY = "/community/"
"""Path of one community's page, before its code."""


def page_head(visit: Visit, key: str, *, title: str = "", note: str | None = None, has_courses: bool = False) -> html.Div:
    """The h1 of a page named page.<key> (or `title`). note: at the right, the freshness unless given · has_courses: whether the
    page has weekly courses that can be drawn as control charts.
    """
    name = visit.words(f"page.{key}")
    last = title or name
    crumbs = [] if visit.is_wall else trail(visit, name)
    said = freshness(visit) if note is None else note
    switch = _switch(visit) if has_courses and not visit.is_wall else None
    return card.page_head(last, said, visit.span(), [crumb for crumb in crumbs if crumb[0] != last], visit.lang, switch)


def _switch(visit: Visit) -> html.A:
    """Lines to control charts and back, on this and every page."""
    other = "line" if visit.view.chart == "control" else "control"
    view = visit.view.replace(chart=other, **({"community": ()} if visit.path.startswith(COMMUNITY) else {}))
    return html.A(
        visit.words("control.switch_off" if other == "line" else "control.switch_on"),
        href=page_href(visit.path, view, **dict(visit.choices or {})),
        className="chart-switch",
    )


def trail(visit: Visit, name: str) -> list[tuple[str, str]]:
    """Steps up from here, township first: 总览 › 页面 › 社区 › 网格; each address lets go of everything narrower than itself."""
    view = visit.view
    whole = view.replace(community=(), grid=())
    steps = [(visit.words("page.overview"), page_href("/", whole))]
    if visit.path != "/":
        steps.append((name, page_href("/communities" if visit.path.startswith(COMMUNITY) else visit.path, whole)))
    if len(view.community) == 1:
        code = view.community[0]
        steps.append((visit.name("community", code), community_href(visit, code)))
    if len(view.grid) == 1:
        steps.append((visit.name("grid", view.grid[0]), page_href(visit.path, view)))
    return steps


def community_href(visit: Visit, code: str) -> str:
    """One community's own page under the filters in force."""
    return page_href(COMMUNITY + code, visit.view.replace(community=(), grid=()))


def freshness(visit: Visit) -> str:
    """数据截至 2026-11-16 08:00"""
    return visit.words("app.as_of", moment=moment(visit.snapshot.build.as_of))


def has_filters(visit: Visit) -> bool:
    """Whether anything but the period narrows the view."""
    view = visit.view
    return any((view.community, view.grid, view.category, view.department, view.channel, view.level))


def unfiltered(visit: Visit, keys: Sequence[str]) -> list[html.P]:
    """A line naming the numbers on which a filter of the view acts in part or not at all; nothing where all obey."""
    ignored = {key: ignored_filters(key, visit.view) for key in keys}
    names = [metric(key).text(visit.lang).name for key in keys if ignored[key]]
    if not names:
        return []
    filters = dict.fromkeys(name for found in ignored.values() for name in found)
    joint = visit.words("punctuation.list")
    words = {"filters": joint.join(visit.words(f"filter.{name}") for name in filters), "metrics": joint.join(names)}
    return [html.P(visit.words("chart.unfiltered", **words), className="soft small")]
