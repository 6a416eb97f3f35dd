"""满意度回访: are residents satisfied, and can the answer be trusted?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.links import cases_href
from dashboard.components.states import empty_page
from dashboard.components.steps import Step, steps
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.figures.theme import BLUE, GREY
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import decimal, shown
from dashboard.pages.breakdown import bars_card, comparison_card, fractions_card
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.overview import weekly
from dashboard.pages.visit import Visit, metric, part_of, unfiltered

PATH = "/satisfaction"
KEY = "satisfaction"
TILES = (
    "satisfaction_rate",
    "solved_rate",
    "contacted_rate",
    "three_rate_composite",
    "callback_coverage",
    "callback_reach_rate",
    "callback_response_rate",
    "dissatisfied_rate",
)
# A step is a metric and which of its parts counts it.
FUNNEL = (
    ("due", "callbacks_due", "numerator"),
    ("attempted", "callback_coverage", "numerator"),
    ("reached", "callback_reach_rate", "numerator"),
    ("complete", "callback_response_rate", "numerator"),
    ("satisfied", "satisfaction_rate:lenient", "numerator"),
)
SECOND = ("dissatisfied_rate", "second_round_rate", "escalation_rate")


def body(visit: Visit) -> list[Any]:
    """Tiles; funnel from due to satisfied; rates by week and community; reasons; second round; the composite's weights."""
    history = visit.history(TILES)
    readings = visit.readings(TILES, history)
    head = page_head(visit, "satisfaction")
    numbers = visit.numbers((*(key for _, key, _ in FUNNEL), *SECOND))
    if not part_of(numbers, "callbacks_due")["n"].sum():
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    communities = visit.numbers(("satisfaction_rate", "solved_rate"), by=("community",))
    reasons = visit.numbers(("dissatisfied_rate",), by=("reason",))
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_funnel(visit, numbers), _course(visit, history)]),
        grid(
            [
                comparison_card(visit, visit.words("satisfaction.by_community"), communities, "satisfaction_rate"),
                comparison_card(visit, visit.words("satisfaction.solved_by_community"), communities, "solved_rate"),
            ]
        ),
        grid(
            [
                bars_card(
                    visit,
                    visit.words("satisfaction.reasons"),
                    reasons,
                    "dissatisfied_rate",
                    "reason",
                    width=5,
                    top=8,
                    measure="numerator",
                    note=visit.words("satisfaction.reasons_note"),
                ),
                fractions_card(
                    visit,
                    numbers,
                    SECOND,
                    visit.words("satisfaction.second_round"),
                    width=7,
                    note=visit.words("satisfaction.second_round_note"),
                ),
            ]
        ),
        grid([_composite(visit)]),
    ]


def _funnel(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    values = numbers.set_index("metric")
    items = [
        Step(visit.words(f"callback.{name}"), float(values[part].get(key) or 0), cases_href(visit.view, key, part))
        for name, key, part in FUNNEL
    ]
    return card(
        visit.words("satisfaction.funnel"),
        steps(items),
        width=6,
        info=info(metric("callback_response_rate"), visit.view),
        note=visit.words("satisfaction.funnel_note"),
    )


def _course(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("satisfaction.course")
    keys = ("satisfaction_rate", "solved_rate")
    frame = weekly(visit, history, keys, "denominator")
    lines = [
        Line(keys[0], visit.words("series.satisfied"), f"{keys[0]}_href", BLUE),
        Line(keys[1], visit.words("series.solved"), f"{keys[1]}_href", GREY, "dash"),
    ]
    chart = graph(trend(frame, lines, lang=visit.lang, share=True), height=190, description=title, lang=visit.lang)
    return card(title, chart, width=6, info=info(metric(keys[0]), visit.view), note=visit.words("chart.weeks", count=len(frame)))


def _composite(visit: Visit) -> html.Section:
    """The 三率 composite taken apart: each rate, its weight and what it brings."""
    title = visit.words("satisfaction.composite")
    definition = metric(TILES[3])
    keys = tuple(key for key, _ in definition.weights)
    numbers = visit.numbers((*keys, definition.key)).set_index("metric")
    heads = [
        Column(visit.words("table.metric"), is_number=False),
        Column(visit.words("table.value")),
        Column(visit.words("table.weight")),
        Column(visit.words("table.points")),
    ]
    rows = []
    for key, weight in definition.weights:
        part = metric(key)
        value = numbers["value"].get(key)
        rows.append(
            [
                Cell([part.text(visit.lang).name, " ", info(part, visit.view)]),
                Cell(shown(value, part.unit, part.decimals, visit.lang), cases_href(visit.view, key)),
                Cell(decimal(weight, 2)),
                Cell(decimal(None if value is None else value * weight * definition.scale, 1)),
            ]
        )
    whole = numbers["value"].get(definition.key)
    total = [
        Cell(definition.text(visit.lang).name),
        Cell(""),
        Cell(decimal(sum(w for _, w in definition.weights), 2)),
        Cell(shown(whole, definition.unit, definition.decimals, visit.lang)),
    ]
    return card(
        title,
        table(heads, rows, title, total),
        width=12,
        info=info(definition, visit.view),
        note=visit.words("satisfaction.composite_note"),
    )
