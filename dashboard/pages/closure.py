"""办结: is the loop closed, on time, and where is time lost?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty, empty_page
from dashboard.components.steps import Step, steps
from dashboard.components.tile import tiles
from dashboard.exhibit import NUMBER, Field
from dashboard.figures.bars import columns
from dashboard.figures.theme import BLUE, ORANGE, PALE_BLUE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import count, decimal, duration, is_missing, shown
from dashboard.metrics.abreast import both
from dashboard.pages.breakdown import bars_card, comparison_card, fractions_card
from dashboard.pages.closure_balance import DRAWN, balance_card
from dashboard.pages.closure_curve import curve_card
from dashboard.pages.closure_time import lost_card, stages_card
from dashboard.pages.control_card import control_card
from dashboard.pages.drawn import Later, later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head, unfiltered
from dashboard.queries.stage_times import lost_time, stage_times
from dashboard.reading.courses import weekly
from dashboard.reading.exhibits import of_frame, of_numbers
from dashboard.reading.frames import hover
from dashboard.reading.links import cases_href
from dashboard.reading.readings import Reading
from dashboard.reading.topics import AGES
from dashboard.reading.visit import Visit, metric, part_of

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
# Where a case can be, the metric and its part that count those that came so far, and the stage that follows.
FUNNEL = (
    ("reported", "reported", "numerator", "register"),
    ("registered", "registered", "numerator", "dispatch"),
    ("dispatched", "dispatched", "numerator", "dispose"),
    ("disposed", "rework_rate:of_disposed", "denominator", "check"),
    ("checked", "rework_rate", "denominator", "archive"),
    ("closed", "closure_rate", "numerator", ""),
)
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
DEADLINES = ("on_time_closure_rate", "on_time_closure_rate_original")


def body(visit: Visit) -> list[Any]:
    """Tiles; funnel; the stock as a balance, and its ages; where time goes; on time by deadline; by what and whom."""
    head = page_head(visit, "closure", has_courses=True)
    asked = tuple(dict.fromkeys((*(key for _, key, _, _ in FUNNEL), *AGES, *QUALITY)))
    days = (visit.period.start, visit.period.end)
    (history, readings), (numbers, times) = both(
        lambda: visit.told(TILES, (*DEADLINES, "closure_rate", *TILES[-2:])),
        lambda: both(lambda: visit.numbers(asked), lambda: stage_times(visit.snapshot, visit.view, days)),
    )
    if not part_of(numbers, "reported")["n"].sum():
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        grid([_funnel(visit, numbers, times), fractions_card(visit, numbers, QUALITY, visit.words("closure.quality"), width=5)]),
        *_below(visit, history, readings, numbers, times),
    ]


def _below(
    visit: Visit, history: pd.DataFrame, readings: Sequence[Reading], numbers: pd.DataFrame, times: pd.DataFrame
) -> list[Later]:
    """Row by row: the stock and its ages; where time goes; how long it takes; deadlines; category and department; channel and level."""

    days = (visit.period.start, visit.period.end)
    return [
        later(lambda: [balance_card(visit, history["week"].unique().tolist()), _ages(visit, numbers)]),
        later(lambda: [stages_card(visit, times), lost_card(visit, lost_time(visit.snapshot, visit.view, days))]),
        later(lambda: [curve_card(visit)]),
        later(lambda: [_deadlines(visit, history, readings), _overdue(visit)]),
        later(lambda: [_on_time(visit, "category"), _on_time(visit, "department")]),
        later(lambda: [_on_time(visit, "channel"), _on_time(visit, "level")]),
    ]


def _overdue(visit: Visit) -> html.Section:
    numbers = visit.numbers(("open_overdue",), by=("department",))
    return bars_card(visit, visit.words("closure.overdue_by_department"), numbers, "open_overdue", "department", width=5, top=10)


def _on_time(visit: Visit, by: str) -> html.Section:
    numbers = visit.numbers(("on_time_closure_rate",), by=(by,))
    return comparison_card(visit, visit.words(f"closure.by_{by}"), numbers, "on_time_closure_rate", by=by, top=13)


def _funnel(visit: Visit, numbers: pd.DataFrame, times: pd.DataFrame) -> html.Section:
    values = numbers.set_index("metric")
    whole = times.iloc[0]
    rows = [(place, key, part, stage, float(values[part].get(key) or 0)) for place, key, part, stage in FUNNEL]
    items = [
        Step(visit.words(f"stage.{place}"), value, cases_href(visit.view, key, part), _between(visit, whole, stage))
        for place, key, part, stage, value in rows
    ]
    frame = pd.DataFrame(
        {
            "stage": [item.name for item in items],
            "count": [item.count for item in items],
            "share": [item.count / items[0].count for item in items],
            "median": [whole[f"{stage}_median"] if stage else None for *_, stage, _ in rows],
            "p90": [whole[f"{stage}_p90"] if stage else None for *_, stage, _ in rows],
        }
    )
    fields = {
        "stage": Field(visit.words("closure.stage")),
        "count": Field(visit.words("closure.cases"), NUMBER),
        "share": Field(visit.words("closure.share"), "percent", 1),
        "median": Field(visit.words("closure.median_to_next"), "hours", 1),
        "p90": Field(visit.words("closure.p90_to_next"), "hours", 1),
    }
    exhibit = of_frame("funnel", visit.words("closure.funnel"), frame, fields, ("closure_rate",))
    return exhibit_card(visit, exhibit, steps(items), width=7, note=visit.words("closure.funnel_note"))


def _between(visit: Visit, whole: pd.Series[Any], stage: str) -> str:
    """How long it takes from here to the next place."""
    if not stage or is_missing(whole[f"{stage}_median"]):
        return ""
    times = (duration(whole[f"{stage}_{name}"], visit.lang) for name in ("median", "p90"))
    return visit.words("closure.between", **dict(zip(("median", "p90"), times, strict=True)))


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
            "text": [f"{count(value)}  {decimal(value / total * 100, 1)}%" for _, value in rows],
            "hover": [hover(metric(key), metric(key).text(visit.lang).name, value, value, visit) for key, value in rows],
            "href": [cases_href(visit.view, key) for key, _ in rows],
            "mark": [key == AGES[-1] for key, _ in rows],
        }
    )
    joint = visit.words("punctuation.list")
    said = joint.join(f"{label} {text}" for label, text in zip(frame["label"], frame["text"], strict=True))
    chart = graph(columns(frame), height=310, description=f"{title}{visit.words('punctuation.colon')}{said}")
    exhibit = of_numbers(visit, "ages", title, numbers, AGES)
    note = visit.words("closure.ages_note", total=count(total))
    return exhibit_card(visit, exhibit, chart, width=5, info=info(definition, visit.view), note=note)


def _deadlines(visit: Visit, history: pd.DataFrame, readings: Sequence[Reading]) -> html.Section:
    title = visit.words("closure.deadlines")
    if visit.view.chart == "control":
        return control_card(visit, "deadlines", history, DEADLINES[0], title=title, width=7, height=270)
    frame = weekly(visit, history, DEADLINES, "denominator").tail(DRAWN).reset_index(drop=True)
    lines = [
        Line(DEADLINES[0], visit.words("series.extended"), f"{DEADLINES[0]}_href", BLUE),
        Line(DEADLINES[1], visit.words("series.original"), f"{DEADLINES[1]}_href", ORANGE, "dash"),
    ]
    if visit.view.compare == "year_ago":
        frame["year_ago"] = _year_ago(visit, len(frame))
        lines.insert(0, Line("year_ago", visit.words("series.year_ago"), "", PALE_BLUE, "dot"))
    said = _gap(visit, readings)
    words = " ".join(part if isinstance(part, str) else str(part.children) for part in said)
    chart = graph(trend(frame, lines, lang=visit.lang, share=True), height=270, description=f"{title} {words}".strip())
    exhibit = of_numbers(visit, "deadlines", title, history, DEADLINES, ("week",))
    return exhibit_card(
        visit,
        exhibit,
        [html.P(said), chart] if said else chart,
        width=7,
        info=info(metric(DEADLINES[1]), visit.view),
        note=visit.words("chart.weeks", count=len(frame)),
    )


def _gap(visit: Visit, readings: Sequence[Reading]) -> list[Any]:
    """The two rates of the period, each leading to its cases, and how far they lie apart."""
    values = {reading.metric.key: reading.value for reading in readings}
    if any(is_missing(values.get(key)) for key in DEADLINES):
        return []
    rates = [
        html.A(shown(values[key], "percent", 1, visit.lang), href=cases_href(visit.view, key, "denominator")) for key in DEADLINES
    ]
    extended, original = (round(values[key] * 100, 1) for key in DEADLINES)  # as shown, so that the sum can be done by eye
    gap = decimal(extended - original, 1)
    return [
        visit.words("closure.by_extended"), rates[0], visit.words("punctuation.comma"), visit.words("closure.by_original"), rates[1],
        visit.words("punctuation.semicolon"), visit.words("closure.gap", gap=gap),
    ]  # fmt: skip


def _year_ago(visit: Visit, weeks: int) -> list[Any]:
    """The rate in as many weeks a year earlier, the last beside the last; what lies before the data is empty."""
    period = visit.period
    view = visit.view.replace(period="custom", start=period.year_ago_start, end=period.year_ago_end)
    if period.year_ago_end < visit.snapshot.build.data_from:
        return [None] * weeks
    values = replace(visit, view=view).history(DEADLINES[:1])["value"].tolist()[-weeks:]
    return [None] * (weeks - len(values)) + values
