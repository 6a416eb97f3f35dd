"""满意度回访: are residents satisfied, and can the answer be trusted?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty_page
from dashboard.components.steps import Step, steps
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.exhibit import NUMBER, Field
from dashboard.figures.bands import with_bands
from dashboard.figures.dots import ALIKE, dots
from dashboard.figures.theme import BLUE, GREY
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import between, count, decimal, duration, shown
from dashboard.metrics.abreast import both
from dashboard.metrics.dimensions import dimension
from dashboard.pages.breakdown import bars_card, comparison_card, fractions_card, stand_legend
from dashboard.pages.control_card import control_card
from dashboard.pages.drawn import Later, later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head, unfiltered
from dashboard.queries.callback_clocks import Clock, callback_clocks
from dashboard.reading.courses import compared, course_summary, weekly
from dashboard.reading.exhibits import of_frame, of_numbers
from dashboard.reading.frames import ROW, comparison
from dashboard.reading.links import cases_href
from dashboard.reading.topics import CALLBACK_STEPS
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.reading.weighting import Weighted, weighted, weighted_words
from dashboard.statistics.bounds import bounds
from dashboard.statistics.intervals import wilson
from dashboard.statistics.nonresponse import PostStratified

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
SECOND = ("dissatisfied_rate", "second_round_rate", "escalation_rate")
BOUNDED = ("satisfaction_rate", "callbacks_due", "callback_response_rate")
CLOCKED = {"first": "callback_coverage", "second": "second_round_rate", "escalated": "escalation_rate"}
"""The metric whose numerator a clock counts."""
HOURS_A_DAY = 24
BESIDE = 152  # pixels the sentences take in the card with the bounds, so that the card beside it ends with it


def body(visit: Visit) -> list[Any]:
    """Tiles; funnel from due to satisfied; what silence leaves open; reasons; what follows dissatisfaction and how soon; the composite."""
    asked = tuple(dict.fromkeys((*(key for _, key, _ in CALLBACK_STEPS), *BOUNDED, *SECOND)))
    (history, readings), numbers = both(lambda: visit.told(TILES, against=compared(visit)), lambda: visit.numbers(asked))
    head = page_head(visit, "satisfaction", has_courses=True)
    if not part_of(numbers, "callbacks_due")["n"].sum():
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_funnel(visit, numbers), _course(visit, history)]),
        *_below(visit, numbers),
    ]


def _below(visit: Visit, numbers: pd.DataFrame) -> list[Later]:
    """Row by row: what silence leaves open; clocks; reasons and what follows; the composite."""
    return [
        later(lambda: _by_community(visit, numbers)),
        later(lambda: [_clocks(visit)]),
        later(
            lambda: [
                _reasons(visit),
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
        later(lambda: [_composite(visit)]),
    ]


def _by_community(visit: Visit, numbers: pd.DataFrame) -> list[html.Section]:
    communities = visit.numbers((*BOUNDED, "solved_rate"), by=("community",))
    found = weighted(visit)
    rows = len(part_of(communities, "solved_rate")) + (2 if found.is_firm else 1)
    title = visit.words("satisfaction.solved_by_community")
    solved = comparison_card(visit, title, communities, "solved_rate", width=5, height=ROW * rows + 64 + BESIDE)
    return [_bounded(visit, numbers, communities, found), solved]


def _reasons(visit: Visit) -> html.Section:
    return bars_card(
        visit,
        visit.words("satisfaction.reasons"),
        visit.numbers(("dissatisfied_rate",), by=("reason",)),
        "dissatisfied_rate",
        "reason",
        width=5,
        top=8,
        measure="numerator",
        note=visit.words("satisfaction.reasons_note"),
    )


def _funnel(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    title = visit.words("satisfaction.funnel")
    values = numbers.set_index("metric")
    items = [
        Step(visit.words(f"callback.{name}"), float(values[part].get(key) or 0), cases_href(visit.view, key, part))
        for name, key, part in CALLBACK_STEPS
    ]
    first = items[0].count or float("nan")
    frame = pd.DataFrame(
        {
            "step": [item.name for item in items],
            "count": [item.count for item in items],
            "share": [item.count / first for item in items],
        }
    )
    fields = {
        "step": Field(visit.words("satisfaction.step")),
        "count": Field(visit.words("satisfaction.cases"), "count"),
        "share": Field(visit.words("satisfaction.of_due"), "percent", 1),
    }
    exhibit = of_frame(
        "callback-funnel", title, frame, fields, ("callback_response_rate", *dict.fromkeys(key for _, key, _ in CALLBACK_STEPS))
    )
    return exhibit_card(visit, exhibit, steps(items), width=6, note=visit.words("satisfaction.funnel_note"))


def _course(visit: Visit, history: pd.DataFrame) -> html.Section:
    title = visit.words("satisfaction.course")
    keys = ("satisfaction_rate", "solved_rate")
    if visit.view.chart == "control":
        return control_card(visit, "satisfaction-week", history, keys[0], title=title, height=190)
    frame = weekly(visit, history, keys, "denominator")
    lines = [
        Line(keys[0], visit.words("series.satisfied"), f"{keys[0]}_href", BLUE),
        Line(keys[1], visit.words("series.solved"), f"{keys[1]}_href", GREY, "dash"),
    ]
    chart = graph(
        trend(frame, lines, lang=visit.lang, share=True),
        height=190,
        description=course_summary(visit, title, frame, keys[0]),
    )
    exhibit = of_numbers(visit, "satisfaction-week", title, history, keys, ("week",))
    return exhibit_card(visit, exhibit, chart, width=6, note=visit.words("chart.weeks", count=len(frame)))


def bounded(visit: Visit, numbers: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """The whole and each community, the best first: the frame of comparison(), with asked, worst and best.

    asked: those due for a callback, and those who answered without being due.
    """
    frame, _ = comparison(visit, communities, BOUNDED[0])
    whole = numbers.assign(community="")
    rate = part_of(whole, BOUNDED[0]).iloc[0]
    low, high = wilson(rate["value"] * rate["n"], rate["n"])
    first = {"code": "", "label": visit.words("satisfaction.whole"), "value": rate["value"], "n": rate["n"]}
    first |= {"low": float(low), "high": float(high), "stand": ALIKE, "href": cases_href(visit.view, BOUNDED[0], "denominator")}
    interval = between(float(low), float(high), "percent", 1, visit.lang)
    first["hover"] = (
        f"<b>{first['label']}</b><br>{shown(rate['value'], 'percent', 1, visit.lang)}<br>{visit.words('chart.bounds', bounds=interval)}"
    )
    every = pd.concat([pd.DataFrame([first]), frame], ignore_index=True)
    parts = {key: pd.concat([part_of(whole, key), part_of(communities, key)]).set_index("community") for key in BOUNDED}
    rate_rows, due, answered = (parts[key].reindex(every["code"]) for key in BOUNDED)
    asked = due["value"].fillna(0) + rate_rows["n"] - answered["numerator"].fillna(0)
    worst, best = bounds(rate_rows["numerator"], rate_rows["n"], asked)
    every = every.assign(asked=asked.tolist(), worst=worst, best=best)
    silent = [
        visit.words("satisfaction.silent", silent=count(missing), worst=_share(visit, low), best=_share(visit, high))
        for missing, low, high in zip((asked - rate_rows["n"]).tolist(), worst.tolist(), best.tolist(), strict=True)
    ]
    every["hover"] = [f"{hover}<br>{words}" for hover, words in zip(every["hover"], silent, strict=True)]
    return every


def _weighted_row(visit: Visit, found: PostStratified) -> dict[str, Any]:
    """The whole once more, weighted; its bounds are those of the row above."""
    label = visit.words("weighting.row")
    interval = visit.words("chart.bounds", bounds=between(found.low, found.high, "percent", 1, visit.lang))
    reach = visit.words("weighting.reach", answers=count(found.answers), cases=count(found.cases))
    return {
        "code": "weighted",
        "label": label,
        "value": found.rate,
        "n": found.answers,
        "low": found.low,
        "high": found.high,
        "stand": ALIKE,
        "href": cases_href(visit.view, BOUNDED[0], "denominator"),
        "hover": f"<b>{label}</b><br>{_share(visit, found.rate)}<br>{interval}<br>{reach}",
        "asked": found.cases,
    }


def _bounded(visit: Visit, numbers: pd.DataFrame, communities: pd.DataFrame, found: Weighted) -> html.Section:
    """How far the rate could lie if those who did not answer were all dissatisfied, or all satisfied; and weighted to all."""
    title = visit.words("satisfaction.by_community")
    frame = bounded(visit, numbers, communities)
    town = frame.iloc[0]
    if found.is_firm:
        frame = pd.concat([frame[:1], pd.DataFrame([_weighted_row(visit, found.found)]), frame[1:]], ignore_index=True)
    words = {
        "title": title,
        "interval": between(town["low"], town["high"], "percent", 1, visit.lang),
        "n": count(town["n"]),
        "value": _share(visit, town["value"]),
        "silent": count(town["asked"] - town["n"]),
        "worst": _share(visit, town["worst"]),
        "best": _share(visit, town["best"]),
    }
    name = visit.words("chart.whole", value=words["value"])
    chart = graph(
        with_bands(dots(frame, reference=None if pd.isna(town["value"]) else float(town["value"]), reference_name=name), frame),
        height=ROW * len(frame) + 64,
        description=visit.words("satisfaction.bounded_summary", **words),
    )
    definition, place = metric(BOUNDED[0]), dimension("community")
    fields = {
        "label": Field(place.en if visit.lang == "en" else place.zh),
        "asked": Field(metric("callbacks_due").text(visit.lang).short, NUMBER),
        "n": Field(metric("callback_response_rate").text(visit.lang).short, NUMBER),
        "value": Field(definition.text(visit.lang).name, "percent", 1),
        "low": Field(visit.words("table.low"), "percent", 1),
        "high": Field(visit.words("table.high"), "percent", 1),
        "worst": Field(visit.words("satisfaction.worst"), "percent", 1),
        "best": Field(visit.words("satisfaction.best"), "percent", 1),
    }
    said = html.Div(
        [html.P(visit.words("satisfaction.bounded", **words)), html.P(weighted_words(visit, found))], className="sentence"
    )
    return exhibit_card(
        visit,
        of_frame("satisfaction-bounds", title, frame, fields, BOUNDED),
        [said, stand_legend(visit), chart],
        width=7,
        note=visit.words("satisfaction.bounded_note"),
        methods=("wilson", "nonresponse", "post_stratification"),
    )


def _share(visit: Visit, value: Any) -> str:
    return shown(value, "percent", 1, visit.lang)


def _clocks(visit: Visit) -> html.Section:
    """From closing to the first call, and from dissatisfaction to the second call and to the discipline office."""
    title = visit.words("satisfaction.clocks")
    clocks = callback_clocks(visit.snapshot, visit.view, visit.period.start, visit.period.end)
    names = ("step", "count", "median", "p90", "limit", "within", "share", "waiting", "overdue")
    heads = [Column(visit.words(f"callback.clock_{name}"), is_number=name != "step") for name in names]
    exhibit = of_frame("callback-clocks", title, _clock_frame(visit, clocks), _clock_fields(visit, names), tuple(CLOCKED.values()))
    rows = [_clock_row(visit, clock) for clock in clocks]
    return exhibit_card(
        visit, exhibit, table(heads, rows, title), width=12, info=False, note=visit.words("satisfaction.clocks_note")
    )


def _clock_row(visit: Visit, clock: Clock) -> list[Cell]:
    return [
        Cell(visit.words(f"callback.of_{clock.name}")),
        Cell(count(clock.count), cases_href(visit.view, CLOCKED[clock.name])),
        Cell(duration(clock.median, visit.lang)),
        Cell(duration(clock.p90, visit.lang)),
        Cell(visit.words("satisfaction.days", days=clock.limit // HOURS_A_DAY)),
        Cell(count(clock.within)),
        Cell(_share(visit, clock.within / clock.timed if clock.timed else None)),
        Cell(count(clock.waiting)),
        Cell(count(clock.overdue)),
    ]


def _clock_frame(visit: Visit, clocks: tuple[Clock, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "step": visit.words(f"callback.of_{clock.name}"),
                **{name: getattr(clock, name) for name in ("count", "median", "p90", "limit", "within", "waiting", "overdue")},
                "share": clock.within / clock.timed if clock.timed else None,
            }
            for clock in clocks
        ]
    )


def _clock_fields(visit: Visit, names: tuple[str, ...]) -> dict[str, Field]:
    units = {"step": ("text", 0), "median": ("hours", 1), "p90": ("hours", 1), "limit": ("hours", 0), "share": ("percent", 1)}
    return {name: Field(visit.words(f"callback.clock_{name}"), *units.get(name, ("count", 0))) for name in names}


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
    frame = pd.DataFrame(
        {
            "rate": [metric(key).text(visit.lang).name for key, _ in definition.weights],
            "value": [numbers["value"].get(key) for key in keys],
            "weight": [weight for _, weight in definition.weights],
        }
    )
    frame["points"] = frame["value"] * frame["weight"] * definition.scale
    names = (
        ("rate", "metric", "text", 0),
        ("value", "value", "percent", 1),
        ("weight", "weight", NUMBER, 2),
        ("points", "points", "points", 1),
    )
    fields = {column: Field(visit.words(f"table.{word}"), unit, decimals) for column, word, unit, decimals in names}
    return exhibit_card(
        visit,
        of_frame("three-rates", title, frame, fields, (definition.key, *keys)),
        table(heads, rows, title, total),
        width=12,
        note=visit.words("satisfaction.composite_note"),
    )
