"""总览: what changed, where to look, who must act."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.links import cases_href
from dashboard.components.states import empty, empty_page
from dashboard.components.tile import tiles
from dashboard.figures.theme import BLUE, GREY
from dashboard.figures.trend import Line, trend
from dashboard.pages.breakdown import bars_card, comparison_card
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.visit import Visit, metric, part_of, unfiltered
from dashboard.pages.watch import watch_list
from dashboard.view import COMPARISONS

PATH = "/"
KEY = "overview"
TILES = (
    "reported",
    "on_time_closure_rate",
    "median_hours_to_close",
    "open_overdue",
    "satisfaction_rate",
    "solved_rate",
    "incidents_per_grid",
    "on_promise_rate",
)
TALL = 27 * 13 + 88  # as high as the comparison beside it
WEEKLY = ("extension_rate", "closed:by_closing", "on_time_closure_rate")


def body(visit: Visit) -> list[Any]:
    """Tiles; sentences; weekly course; communities; categories."""
    history = visit.history(tuple(dict.fromkeys((*TILES, *WEEKLY))))
    readings = visit.readings(TILES, history, COMPARISONS)
    head = page_head(visit, "overview")
    if not any(reading.n for reading in readings):
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    communities = visit.numbers(("on_time_closure_rate", "open_overdue"), by=("community",))
    kind = "subcategory" if len(visit.view.category) == 1 else "category"
    kinds = visit.numbers(("reported",), by=(kind,))
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_watch(visit, communities), _flow(visit, history), _on_time(visit, history)]),
        grid(
            [
                comparison_card(visit, visit.words("overview.communities"), communities, "on_time_closure_rate"),
                bars_card(visit, visit.words("overview.categories"), kinds, "reported", kind, height=TALL),
            ]
        ),
    ]


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
    chart = graph(
        trend(frame, flow_lines(visit), lang=visit.lang, unit=visit.words("unit.count")),
        height=250,
        description=title,
        lang=visit.lang,
    )
    return card(
        title, chart, width=4, info=info(metric("closed:by_closing"), visit.view), note=visit.words("chart.flow", count=len(frame))
    )


def _on_time(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("overview.on_time")
    key = "on_time_closure_rate"
    frame = weekly(visit, history, (key,), "denominator")
    chart = graph(
        trend(frame, [Line(key, "", f"{key}_href", BLUE)], lang=visit.lang, share=True),
        height=250,
        description=title,
        lang=visit.lang,
    )
    return card(title, chart, width=4, info=info(metric(key), visit.view), note=visit.words("chart.weeks", count=len(frame)))


def _watch(visit: Visit, communities: pd.DataFrame) -> html.Section:
    title = visit.words("watch.title")
    sentences = watch_list(visit, communities)
    content = html.Ul(sentences, className="watch") if sentences else empty(visit.lang, "watch.nothing")
    return card(title, content, width=4, note=visit.words("watch.note"))
