"""总览: what changed, where to look, who must act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.method_links import method_links
from dashboard.components.states import empty, empty_page
from dashboard.components.tile import tiles
from dashboard.exhibit import DATE, Field
from dashboard.figures.theme import BLUE, PALE_BLUE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import count
from dashboard.metrics.abreast import both
from dashboard.metrics.dimensions import dimension
from dashboard.pages.breakdown import bars_card, comparison_card
from dashboard.pages.control_card import control_card
from dashboard.pages.drawn import later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head, unfiltered
from dashboard.reading.courses import FIRST, course_summary, flow, flow_lines, told_first, weekly, year_before
from dashboard.reading.exhibits import of_frame, of_numbers
from dashboard.reading.visit import Visit
from dashboard.reading.watch import COMPARED, Sentence, most_pressing, of_changes, of_rules

PATH = "/"
KEY = "overview"
TALL = 27 * 13 + 88  # as high as the comparison beside it


def body(visit: Visit) -> list[Any]:
    """Tiles; sentences; weekly course; communities; categories."""
    (history, readings), found = both(lambda: told_first(visit), lambda: of_rules(visit))
    head = page_head(visit, "overview", has_courses=True)
    if not readings:
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, FIRST),
        grid([_watch(visit, [*of_changes(visit, readings), *found]), _flow(visit, history), _on_time(visit, history)]),
        later(lambda: [_communities(visit), _kinds(visit)]),
    ]


def _communities(visit: Visit) -> html.Section:
    numbers = visit.numbers(COMPARED["community"], ("community",))
    return comparison_card(visit, visit.words("overview.communities"), numbers, "on_time_closure_rate")


def _kinds(visit: Visit) -> html.Section:
    """What is reported: by category, or by subcategory where one category is chosen."""
    kind = "subcategory" if len(visit.view.category) == 1 else "category"
    numbers = visit.numbers(("reported",), by=(kind,))
    return bars_card(visit, visit.words("overview.categories"), numbers, "reported", kind, height=TALL)


def _flow(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("overview.flow")
    frame = flow(visit, history)
    last = frame.iloc[-1] if len(frame) else {"taken": None, "closed": None}
    words = {"count": len(frame), "taken": count(last["taken"]), "closed": count(last["closed"])}
    chart = graph(
        trend(frame, flow_lines(visit), lang=visit.lang, unit=visit.words("unit.count")),
        height=250,
        description=visit.words("overview.flow_summary", title=title, **words),
    )
    week = dimension("week")
    fields = {
        "week": Field(week.en if visit.lang == "en" else week.zh, DATE),
        **{line.column: Field(line.name, "count") for line in flow_lines(visit)},
    }
    return exhibit_card(
        visit,
        of_frame("flow-week", title, frame, fields, ("closed:by_closing", "extension_rate")),
        chart,
        width=6,
        note=visit.words("chart.flow", count=len(frame)),
    )


def _on_time(visit: Visit, history: pd.DataFrame) -> html.Section:
    """With the pale line of the same weeks a year before, when that is what the reader compares with."""
    title = visit.words("overview.on_time")
    key = "on_time_closure_rate"
    if visit.view.chart == "control":
        return control_card(visit, "on-time-week", history, key, title=title)
    frame = weekly(visit, history, (key,), "denominator")
    lines = [Line(key, "", f"{key}_href", BLUE)]
    before = year_before(visit, key, frame["week"].tolist()) if visit.view.compare == "year_ago" else None
    if before is not None:
        frame["before"] = before
        lines.insert(0, Line("before", visit.words("overview.year_ago"), "", PALE_BLUE, "dot"))
    chart = graph(
        trend(frame, lines, lang=visit.lang, share=True),
        height=250,
        description=course_summary(visit, title, frame, key),
    )
    exhibit = of_numbers(visit, "on-time-week", title, history, (key,), ("week",))
    return exhibit_card(visit, exhibit, chart, width=6, note=visit.words("chart.weeks", count=len(frame)))


def _watch(visit: Visit, found: Sequence[Sentence]) -> html.Section:
    title = visit.words("watch.title")
    items = [html.Li(html.A(html.Span(_bold(one)), href=one.href)) for one in most_pressing(found)]
    content = html.Ul(items, className="watch") if items else empty(visit.lang, "watch.nothing")
    foot = "" if visit.is_wall else method_links(("newcombe", "wilson", "xmr"), visit.view)
    return card(title, content, width=12, note=visit.words("watch.note"), foot=foot)


def _bold(sentence: Sentence) -> list[Any]:
    before, strong, after = sentence.parts
    return [before, html.B(strong), after]
