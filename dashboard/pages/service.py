"""便民服务: how many come, how long they wait, whether the promise is kept, what they say."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.links import cases_href
from dashboard.components.states import empty, empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.figures.bars import bars, columns
from dashboard.figures.theme import BLUE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import bare, count
from dashboard.pages.breakdown import bars_card, comparison_card, hover
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.overview import weekly
from dashboard.pages.visit import Visit, listed, metric, part_of, unfiltered

PATH = "/service"
KEY = "service"
TILES = (
    "service_cases",
    "on_promise_rate",
    "median_wait_minutes",
    "median_handling_hours",
    "good_rating_rate",
    "rating_share",
    "p90_wait_minutes",
    "p90_handling_hours",
)
CENTRE_COLUMNS = (
    "service_cases",
    "on_promise_rate",
    "median_wait_minutes",
    "p90_wait_minutes",
    "median_handling_hours",
    "good_rating_rate",
)


def body(visit: Visit) -> list[Any]:
    """Tiles; weekly course; hours of the day; items; centres; ratings."""
    history = visit.history(TILES)
    readings = visit.readings(TILES, history)
    head = page_head(visit, "service")
    if not readings[0].n:
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    items = visit.numbers(("service_cases", "on_promise_rate"), by=("item",))
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_course(visit, history), _hours(visit)]),
        grid(
            [
                bars_card(visit, visit.words("service.items"), items, "service_cases", "item", width=6, top=12),
                comparison_card(visit, visit.words("service.promise_by_item"), items, "on_promise_rate", by="item", top=12),
            ]
        ),
        grid([_breakdown(visit, "centre"), _ratings(visit)]),
        grid([_breakdown(visit, "service_window", 12)]),
    ]


def _course(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("service.course")
    frame = weekly(visit, history, ("service_cases",))
    lines = [Line("service_cases", "", "service_cases_href", BLUE)]
    chart = graph(
        trend(frame, lines, lang=visit.lang, unit=visit.words("unit.count")), height=250, description=title, lang=visit.lang
    )
    return card(
        title, chart, width=7, info=info(metric("service_cases"), visit.view), note=visit.words("chart.weeks", count=len(frame))
    )


def _hours(visit: Visit) -> html.Section:
    title = visit.words("service.hours")
    rows = part_of(visit.numbers(("service_cases",), by=("hour",)), "service_cases")
    rows = rows[rows["hour"].notna()]
    if rows.empty:
        return card(title, empty(visit.lang, "workload.no_hours"), width=5)
    values = {int(hour): float(value) for hour, value in zip(rows["hour"], rows["value"], strict=True)}
    hours = list(range(min(values), max(values) + 1))
    definition = metric("service_cases")
    frame = pd.DataFrame(
        {
            "label": [str(hour) for hour in hours],
            "value": [values.get(hour, 0.0) for hour in hours],
            "text": "",
            "hover": [
                hover(definition, visit.words("service.hour", hour=hour), values.get(hour, 0.0), None, visit) for hour in hours
            ],
            "href": [cases_href(visit.view, "service_cases", "numerator", {"hour": hour}) for hour in hours],
        }
    )
    return card(
        title,
        graph(
            columns(frame, show_text=False, tick_every=1 if len(frame) <= 12 else 3), height=250, description=title, lang=visit.lang
        ),
        width=5,
        note=visit.words("service.hours_note"),
    )


def _ratings(visit: Visit) -> html.Section:
    """好差评 in its five levels, in their own order."""
    title = visit.words("service.ratings")
    rows = part_of(visit.numbers(("service_cases",), by=("rating",)), "service_cases").set_index("rating")["value"]
    levels = [(code, name) for code, name in visit.codes("rating") if code in rows.index]
    if not levels:
        return card(title, empty(visit.lang, "service.no_ratings"), width=5)
    total = sum(float(rows[code]) for code, _ in levels)
    definition = metric("service_cases")
    frame = pd.DataFrame(
        {
            "label": [name for _, name in levels],
            "value": [float(rows[code]) for code, _ in levels],
            "text": [f"{count(rows[code])}  {rows[code] / total:.1%}" for code, _ in levels],
            "hover": [hover(definition, name, rows[code], None, visit) for code, name in levels],
            "href": [cases_href(visit.view, "service_cases", "numerator", {"rating": code}) for code, _ in levels],
            "mark": [code in ("poor", "very_poor") for code, _ in levels],
        }
    )
    return card(
        title,
        graph(bars(frame), height=27 * len(frame) + 40, description=title, lang=visit.lang),
        width=5,
        info=info(metric("good_rating_rate"), visit.view),
        note=visit.words("service.ratings_note", n=count(total)),
    )


def _breakdown(visit: Visit, by: str, width: int = 7) -> html.Section:
    """Table of centres or windows."""
    title = visit.words(f"service.by_{by}")
    numbers = visit.numbers(CENTRE_COLUMNS, by=(by,))
    tables = {key: part_of(numbers, key).set_index(by) for key in CENTRE_COLUMNS}
    cases = tables["service_cases"]
    codes = cases[cases.index.notna()].sort_values("value", ascending=False).index.tolist()[:20]
    if not codes:
        return card(title, empty(visit.lang), width=width)
    heads = [Column(visit.words(f"table.{by}"), is_number=False)] + [
        Column(metric(key).text(visit.lang).short) for key in CENTRE_COLUMNS
    ]
    rows = []
    for code in codes:
        cells = [Cell(visit.name(by, code))]
        for key in CENTRE_COLUMNS:
            definition = metric(key)
            value = tables[key]["value"].get(code)
            cells.append(
                Cell(
                    bare(value, definition.unit, definition.decimals, visit.lang),
                    cases_href(visit.view, key, listed(definition), {by: code}),
                )
            )
        rows.append(cells)
    return card(title, table(heads, rows, title), width=width)
