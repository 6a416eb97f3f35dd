"""办结: is the loop closed, on time, and where is time lost?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.links import cases_href
from dashboard.components.states import empty, empty_page
from dashboard.components.steps import Step, steps
from dashboard.components.tile import tiles
from dashboard.figures.bars import columns
from dashboard.figures.theme import BLUE, ORANGE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import count, duration
from dashboard.pages.breakdown import bars_card, comparison_card, fractions_card, hover
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.overview import flow, flow_lines, weekly
from dashboard.pages.visit import Visit, metric, part_of, unfiltered

PATH = "/closure"
KEY = "closure"
TILES = (
    "due",
    "closure_rate",
    "on_time_closure_rate",
    "on_time_closure_rate_original",
    "open_overdue",
    "open_not_due",
    "median_hours_to_close",
    "p90_hours_to_close",
)
# Stage, the metric and its part that count it, and the median time to the next stage.
STAGES = (
    ("reported", "reported", "numerator", "median_hours_to_register"),
    ("registered", "registered", "numerator", "median_hours_to_dispatch"),
    ("dispatched", "dispatched", "numerator", "median_hours_to_dispose"),
    ("disposed", "rework_rate:of_disposed", "denominator", "median_hours_to_check"),
    ("checked", "rework_rate", "denominator", "median_hours_to_archive"),
    ("closed", "closure_rate", "numerator", ""),
)
AGES = ("backlog_under_7_days", "backlog_7_to_30_days", "backlog_30_to_90_days", "backlog_over_90_days")
QUALITY = (
    "registration_rate",
    "accurate_dispatch_rate",
    "rework_rate",
    "extension_rate",
    "repeat_complaint_rate",
    "parked_share",
    "self_disposed_share",
    "void_share",
)


def body(visit: Visit) -> list[Any]:
    """Tiles; funnel with times between; weekly flow and backlog; ages; on time by deadline; by category and department."""
    history = visit.history(
        (
            "extension_rate",
            "closed:by_closing",
            "backlog",
            "on_time_closure_rate",
            "on_time_closure_rate_original",
            "closure_rate",
            "median_hours_to_close",
            "p90_hours_to_close",
        )
    )
    readings = visit.readings(TILES, history)
    head = page_head(visit, "closure")
    stages = [key for _, counted, _, time in STAGES for key in (counted, time) if key]
    numbers = visit.numbers(tuple(dict.fromkeys((*stages, *AGES, *QUALITY))))
    if not part_of(numbers, "reported")["n"].sum():
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    categories = visit.numbers(("on_time_closure_rate",), by=("category",))
    departments = visit.numbers(("on_time_closure_rate", "open_overdue"), by=("department",))
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_funnel(visit, numbers), fractions_card(visit, numbers, QUALITY, visit.words("closure.quality"), width=5)]),
        grid([_flow(visit, history), _ages(visit, numbers)]),
        grid(
            [
                _deadlines(visit, history),
                bars_card(
                    visit, visit.words("closure.overdue_by_department"), departments, "open_overdue", "department", width=5, top=8
                ),
            ]
        ),
        grid(
            [
                comparison_card(visit, visit.words("closure.by_category"), categories, "on_time_closure_rate", by="category"),
                comparison_card(
                    visit, visit.words("closure.by_department"), departments, "on_time_closure_rate", by="department", top=13
                ),
            ]
        ),
    ]


def _funnel(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    values = numbers.set_index("metric")
    items = []
    for stage, key, part, time in STAGES:
        between = visit.words("closure.between", time=duration(values["value"].get(time), visit.lang)) if time else ""
        items.append(
            Step(visit.words(f"stage.{stage}"), float(values[part].get(key) or 0), cases_href(visit.view, key, part), between)
        )
    return card(
        visit.words("closure.funnel"),
        steps(items),
        width=7,
        note=visit.words("closure.funnel_note"),
        info=info(metric("closure_rate"), visit.view),
    )


def _flow(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("closure.flow")
    frame = flow(visit, history).assign(backlog=weekly(visit, history, ("backlog",))["backlog"])
    lines = [*flow_lines(visit), Line("backlog", visit.words("series.backlog"), "", ORANGE, "dot")]
    chart = graph(
        trend(frame, lines, lang=visit.lang, unit=visit.words("unit.count")), height=270, description=title, lang=visit.lang
    )
    return card(title, chart, width=7, info=info(metric("backlog"), visit.view), note=visit.words("chart.flow", count=len(frame)))


def _ages(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    title = visit.words("closure.ages")
    definition = metric("backlog")
    rows = [(key, part_of(numbers, key)["value"].sum()) for key in AGES]
    total = sum(value for _, value in rows)
    if not total:
        return card(title, empty(visit.lang, "closure.no_backlog"), width=5, info=info(definition, visit.view))
    frame = pd.DataFrame(
        {
            "label": [metric(key).text(visit.lang).short for key, _ in rows],
            "value": [value for _, value in rows],
            "text": [count(value) for _, value in rows],
            "hover": [hover(metric(key), metric(key).text(visit.lang).name, value, value, visit) for key, value in rows],
            "href": [cases_href(visit.view, key) for key, _ in rows],
            "mark": [key == AGES[-1] for key, _ in rows],
        }
    )
    chart = graph(columns(frame), height=270, description=title, lang=visit.lang)
    return card(title, chart, width=5, info=info(definition, visit.view), note=visit.words("closure.ages_note", total=count(total)))


def _deadlines(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("closure.deadlines")
    keys = ("on_time_closure_rate", "on_time_closure_rate_original")
    frame = weekly(visit, history, keys, "denominator")
    lines = [
        Line(keys[0], visit.words("series.extended"), f"{keys[0]}_href", BLUE),
        Line(keys[1], visit.words("series.original"), f"{keys[1]}_href", ORANGE, "dash"),
    ]
    chart = graph(trend(frame, lines, lang=visit.lang, share=True), height=270, description=title, lang=visit.lang)
    return card(title, chart, width=7, info=info(metric(keys[1]), visit.view), note=visit.words("closure.deadlines_note"))
