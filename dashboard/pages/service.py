"""便民服务: how many come, how long they wait, whether the promise is kept, what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty, empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.figures.bars import bars, columns
from dashboard.figures.theme import BLUE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import bare, count, duration
from dashboard.pages.breakdown import bars_card, comparison_card
from dashboard.pages.control_card import control_card
from dashboard.pages.drawn import Later, later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head, unfiltered
from dashboard.pages.service_times import HANDLING, WAITS, full_hours, handling_card, waiting_card
from dashboard.reading.courses import weekly
from dashboard.reading.exhibits import of_numbers
from dashboard.reading.frames import described, hover
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, listed, metric, part_of

PATH = "/service"
KEY = "service"
TILES = (
    "service_cases",
    "on_promise_rate",
    "median_wait_minutes",
    "p90_wait_minutes",
    "median_handling_hours:promised",
    "p90_handling_hours:promised",
    "good_rating_rate",
    "rating_share",
)
PROMISED = ("median_handling_hours:promised", "p90_handling_hours:promised")


def body(visit: Visit) -> list[Any]:
    """Tiles; weekly course, busy hours, ratings; waiting by hour, handling by promise; items; centres; windows."""
    history, readings = visit.told(TILES)
    head = page_head(visit, "service", has_courses=True)
    if not readings[0].n:
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    hours = visit.numbers(WAITS, by=("hour",))
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_course(visit, history), _hours(visit, hours), _ratings(visit)]),
        *_below(visit, hours),
    ]


def _below(visit: Visit, hours: pd.DataFrame) -> list[Later]:
    """Row by row: waiting and handling; items; centres; windows."""

    @cache
    def items() -> pd.DataFrame:
        return visit.numbers(_columns(HANDLING), by=("item",))

    rows = [
        later(lambda: [waiting_card(visit, hours), handling_card(visit)]),
        later(
            lambda: [
                bars_card(visit, visit.words("service.items"), items(), "service_cases", "item", width=6, top=12),
                comparison_card(visit, visit.words("service.promise_by_item"), items(), "on_promise_rate", by="item", top=12),
            ]
        ),
        later(lambda: [_breakdown(visit, ("item",), HANDLING, 12, items())]),
        later(lambda: [_breakdown(visit, ("centre",), PROMISED, 12)]),
    ]
    return rows if visit.is_wall else [*rows, later(lambda: [_breakdown(visit, ("centre", "service_window"), PROMISED, 10)])]


def _columns(handling: Sequence[str]) -> tuple[str, ...]:
    return ("service_cases", "on_promise_rate", *WAITS[1:], *handling, "good_rating_rate")


def _course(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("service.course")
    if visit.view.chart == "control":
        return control_card(visit, "course", history, "service_cases", title=title, width=5)
    frame = weekly(visit, history, ("service_cases",))
    exhibit = of_numbers(visit, "course", title, history, ("service_cases",), ("week",))
    figure = trend(frame, [Line("service_cases", "", "service_cases_href", BLUE)], lang=visit.lang, unit=visit.words("unit.count"))
    known = frame.dropna(subset=["service_cases"])
    least, most = (count(known["service_cases"].agg(name)) for name in ("min", "max"))
    said = visit.words("service.course_said", least=least, most=most)
    chart = graph(figure, height=250, description=f"{title} {said}")
    return exhibit_card(visit, exhibit, chart, width=5, note=visit.words("chart.weeks", count=len(frame)))


def _hours(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    title = visit.words("service.hours")
    rows = full_hours(numbers, "service_cases")
    if rows.empty:
        return card(title, empty(visit.lang, "workload.no_hours"), width=3)
    definition = metric("service_cases")
    values = rows["value"].fillna(0.0)
    frame = pd.DataFrame(
        {
            "label": [str(hour) for hour in rows.index],
            "value": values.tolist(),
            "text": "",
            "hover": [
                hover(definition, visit.words("service.hour", hour=hour), value, None, visit) for hour, value in values.items()
            ],
            "href": [cases_href(visit.view, "service_cases", "numerator", {"hour": hour}) for hour in rows.index],
        }
    )
    chart = graph(
        columns(frame, show_text=False, tick_every=1 if len(frame) <= 12 else 3),
        height=250,
        description=visit.words("service.hours_said", title=title, hour=values.idxmax(), cases=count(values.max())),
    )
    exhibit = of_numbers(visit, "hours", title, numbers, ("service_cases",), ("hour",))
    return exhibit_card(visit, exhibit, chart, width=3, note=visit.words("service.hours_note"))


def _ratings(visit: Visit) -> html.Section:
    """好差评 in its five levels, in their own order."""
    title = visit.words("service.ratings")
    numbers = visit.numbers(("service_cases",), by=("rating",))
    rows = part_of(numbers, "service_cases").set_index("rating")["value"]
    levels = [(code, name) for code, name in visit.codes("rating") if code in rows.index]
    if not levels:
        return card(title, empty(visit.lang, "service.no_ratings"), width=4)
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
    return exhibit_card(
        visit,
        of_numbers(visit, "ratings", title, numbers, ("service_cases",), ("rating",)),
        graph(bars(frame), height=250, description=described(title, frame, visit)),
        width=4,
        info=info(metric("good_rating_rate"), visit.view),
        note=visit.words("service.ratings_note", n=count(total)),
    )


def _breakdown(
    visit: Visit, by: tuple[str, ...], handling: Sequence[str], shown: int, numbers: pd.DataFrame | None = None
) -> html.Section:
    """Table of items, centres or their windows, the `shown` with most cases first; each number leads to its cases."""
    title = visit.words(f"service.by_{by[-1]}")
    keys = _columns(handling)
    numbers = visit.numbers(keys, by=by) if numbers is None else numbers
    found: dict[str, dict[Any, Any]] = {
        key: part_of(numbers, key).dropna(subset=list(by)).set_index(list(by))["value"].to_dict() for key in keys
    }
    ordered = sorted(found["service_cases"], key=lambda unit: -found["service_cases"][unit])
    if not ordered:
        return card(title, empty(visit.lang))
    heads = [Column(visit.words(f"table.{by[-1]}"), is_number=False)] + [Column(metric(key).text(visit.lang).short) for key in keys]
    rows = []
    for unit in ordered[:shown]:
        codes = dict(zip(by, unit if len(by) > 1 else (unit,), strict=True))
        name = " · ".join(visit.name(dimension, code) for dimension, code in codes.items())
        rows.append([Cell(name, is_wrapped=True), *(_cell(visit, key, found[key].get(unit), codes) for key in keys)])
    return exhibit_card(
        visit,
        of_numbers(visit, f"by_{by[-1]}", title, numbers, keys, by),
        table(heads, rows, title),
        info=info(metric("service_cases"), visit.view),
        note=visit.words("service.table_note") if handling is PROMISED else "",
        foot=visit.words("chart.top", shown=shown, all=len(ordered)) if len(ordered) > shown else "",
    )


def _cell(visit: Visit, key: str, value: Any, at: Mapping[str, Any]) -> Cell:
    definition = metric(key)
    is_time = definition.unit == "hours"
    said = duration(value, visit.lang) if is_time else bare(value, definition.unit, definition.decimals, visit.lang)
    return Cell(said, cases_href(visit.view, key, listed(definition), at))
