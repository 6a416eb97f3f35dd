"""总览: what changed, where to look, who must act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.links import cases_href
from dashboard.components.states import empty, empty_page
from dashboard.components.tile import Change, Reading, tiles
from dashboard.exhibit import DATE, Field
from dashboard.figures.theme import BLUE, GREY, PALE_BLUE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import count, shown
from dashboard.metrics.dimensions import dimension
from dashboard.pages.breakdown import bars_card, comparison_card
from dashboard.pages.exhibits import exhibit_card, of_frame, of_numbers
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.noise import usual, with_usual
from dashboard.pages.visit import Visit, later, metric, part_of, unfiltered
from dashboard.pages.watch import COMPARED, Sentence, sentences
from dashboard.queries.overdue_past import overdue_at, weekly_moments
from dashboard.view import COMPARISONS

PATH = "/"
KEY = "overview"
TILES = (
    "reported",
    "on_time_closure_rate",
    "median_hours_to_close:by_closing",
    "satisfaction_rate",
    "solved_rate",
    "incidents_per_grid",
    "on_promise_rate",
)
OVERDUE_PLACE = 3  # of the tile of what is overdue now, among TILES
TALL = 27 * 13 + 88  # as high as the comparison beside it
WEEKLY = ("extension_rate", "closed:by_closing", "on_time_closure_rate")
WEEKS = 26
YEAR_OF_WEEKS = timedelta(weeks=52)


def body(visit: Visit) -> list[Any]:
    """Tiles; sentences; weekly course; communities; categories."""
    history = visit.history(tuple(dict.fromkeys((*TILES, *WEEKLY))), weeks=WEEKS)
    readings = with_usual(visit.readings(TILES, history, compared(visit)))
    head = page_head(visit, "overview")
    if not any(reading.n for reading in readings):
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    readings = [replace(one, name=visit.words("overview.median")) if one.metric.kind == "quantile" else one for one in readings]
    return [
        head,
        tiles([*readings[:OVERDUE_PLACE], overdue_now(visit), *readings[OVERDUE_PLACE:]], visit.view),
        *unfiltered(visit, TILES),
        grid([_watch(visit, readings), _flow(visit, history), _on_time(visit, history)]),
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


def compared(visit: Visit) -> tuple[str, ...]:
    """Both comparisons, or the reader's own where they are one: the year before a year is a year ago."""
    period = visit.period
    is_one = (period.previous_start, period.previous_end) == (period.year_ago_start, period.year_ago_end)
    return (visit.view.compare,) if is_one else COMPARISONS


def overdue_now(visit: Visit) -> Reading:
    """What stands overdue at the as-of moment, whenever it was reported, and stood so a period and a year before.

    Of the cases of one period the newest are the youngest, so open ones are never compared by period; a stock is.
    """
    build, period = visit.snapshot.build, visit.period
    starts = {"previous": period.previous_start, "year_ago": period.year_ago_start}
    earlier = {kind: build.as_of - (period.start - starts[kind]) for kind in compared(visit)}
    weeks = weekly_moments(visit.snapshot, WEEKS)
    counts = overdue_at(visit.snapshot, visit.view, [*earlier.values(), *weeks, build.as_of])
    changes = [
        Change(kind, before if moment.date() >= build.data_from else None)
        for (kind, moment), before in zip(earlier.items(), counts, strict=False)
    ]
    definition, course = metric("open_overdue"), counts[len(earlier) :]
    return Reading(
        definition,
        course[-1],
        course[-1],
        changes,
        course,
        usual(definition, course),
        visit.words("overview.overdue_now"),
        cases_href(visit.view.replace(period="all"), definition.key),
    )


def weekly(visit: Visit, history: pd.DataFrame, keys: tuple[str, ...], part: str = "numerator") -> pd.DataFrame:
    """week, one column a metric, and a column <metric>_href with the cases of that week."""
    weeks = sorted(history["week"].unique())
    frame = pd.DataFrame({"week": weeks})
    for key in keys:
        frame[key] = part_of(history, key).set_index("week")["value"].reindex(weeks).tolist()
        frame[f"{key}_href"] = [cases_href(visit.view, key, part, {"week": week}) for week in weeks]
    return frame


def flow(visit: Visit, history: pd.DataFrame) -> pd.DataFrame:
    """What came in and went out by week, like with like: incidents that have to be handled, and those of them closed.

    week, taken, taken_href, closed, closed_href. Taken in are the incidents closure counts – the denominator of
    extension_rate – so that the backlog's change is the difference of the two lines.
    """
    frame = weekly(visit, history, ("closed:by_closing",))
    taken = part_of(history, "extension_rate").set_index("week")["denominator"].reindex(frame["week"]).fillna(0)
    return pd.DataFrame(
        {
            "week": frame["week"],
            "closed": frame["closed:by_closing"],
            "closed_href": frame["closed:by_closing_href"],
            "taken": taken.tolist(),
            "taken_href": [cases_href(visit.view, "extension_rate", "denominator", {"week": week}) for week in frame["week"]],
        }
    )


def flow_lines(visit: Visit) -> list[Line]:
    """The lines of flow()."""
    return [
        Line("taken", visit.words("series.taken"), "taken_href", GREY),
        Line("closed", visit.words("series.closed"), "closed_href", BLUE),
    ]


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
    frame = weekly(visit, history, (key,), "denominator")
    lines = [Line(key, "", f"{key}_href", BLUE)]
    before = _year_before(visit, key, frame["week"].tolist()) if visit.view.compare == "year_ago" else None
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


def course_summary(visit: Visit, title: str, frame: pd.DataFrame, key: str) -> str:
    """One sentence about a weekly course for those who do not see it."""
    definition, values = metric(key), frame[key].dropna()
    last, most, least = (
        shown(value, definition.unit, definition.decimals, visit.lang)
        for value in ((values.iloc[-1], values.max(), values.min()) if len(values) else (None, None, None))
    )
    return visit.words("overview.course_summary", title=title, count=len(frame), last=last, most=most, least=least)


def _year_before(visit: Visit, key: str, weeks: Sequence[pd.Timestamp]) -> list[float] | None:
    """The same weeks 52 weeks earlier; None where the data does not reach back to any of them."""
    if not weeks:
        return None
    start, end = (weeks[0] - YEAR_OF_WEEKS).date(), (weeks[-1] - YEAR_OF_WEEKS).date() + timedelta(days=6)
    if end < visit.snapshot.build.data_from:
        return None
    earlier = replace(visit, view=visit.view.replace(period="custom", start=start, end=end))
    found = part_of(earlier.history((key,), weeks=len(weeks)), key).set_index("week")["value"]
    return [float(found.get(week - YEAR_OF_WEEKS, float("nan"))) for week in weeks]


def _watch(visit: Visit, readings: Sequence[Reading]) -> html.Section:
    title = visit.words("watch.title")
    items = [html.Li(html.A(html.Span(_bold(one)), href=one.href)) for one in sentences(visit, readings)]
    content = html.Ul(items, className="watch") if items else empty(visit.lang, "watch.nothing")
    return card(title, content, width=12, note=visit.words("watch.note"))


def _bold(sentence: Sentence) -> list[Any]:
    before, strong, after = sentence.parts
    return [before, html.B(strong), after]
