"""社区对比 · fairly: the funnel with what may be concluded, and each community's value as it is, at equal case mix and drawn in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty
from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.figures.dots import ALIKE
from dashboard.figures.estimates import estimates
from dashboard.figures.funnel import APART, funnel
from dashboard.i18n.numbers import NOTHING, between, count, is_missing, shown
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import community_href
from dashboard.queries.case_mix import has_case_mix
from dashboard.reading.exhibits import of_frame
from dashboard.reading.fairness import ESTIMATES, OUTSIDE, Fairness, concluded, spread_words
from dashboard.reading.visit import Visit, heading
from dashboard.statistics.funnel import ACTION, WARNING

POINTS = 30
"""Sizes at which the limits are drawn."""
ROW, LEAST_HEIGHT = 38, 400  # pixels of a row of three estimates, and of a chart
SIDES = {-2: "far_below", -1: "below", 0: "inside", 1: "above", 2: "far_above"}


def funnel_card(visit: Visit, found: Fairness) -> html.Section:
    """Size against value between the limits, and the sentence; without enough units the sentence alone."""
    title = visit.words("fairness.funnel", name=heading(found.metric, visit.lang))
    said = concluded(visit, found)
    if found.funnel is None:
        return card(title, html.P(said), width=6, info=info(found.metric, visit.view))
    units, is_share = found.units, found.metric.kind == "ratio"
    frame = pd.DataFrame(
        {
            "label": units["label"],
            "size": units["size"],
            "value": units["raw"],
            "look": [
                APART if stand == ALIKE and abs(beyond) >= OUTSIDE else stand
                for stand, beyond in zip(units["stand"], units["beyond"], strict=True)
            ],
            "is_named": units["beyond"].abs() >= OUTSIDE,
            "hover": [_funnel_hover(visit, found, row) for row in units.to_dict("records")],
            "href": [community_href(visit, code) for code in units["code"]],
        }
    )
    step = float(units["size"].max()) * 1.06 / POINTS
    sizes = np.arange(1, POINTS + 1) * (np.ceil(step) if step > 1 else step)  # even steps travel as three numbers
    outer, inner = (found.funnel.limits(sizes, confidence) for confidence in (ACTION, WARNING))
    curves = pd.DataFrame(
        {"size": sizes, "outer_low": outer[0], "outer_high": outer[1], "inner_low": inner[0], "inner_high": inner[1]}
    )
    centre = visit.words("chart.whole", value=_value(visit, found, found.whole))
    size_name = visit.words("fairness.cases" if is_share else "fairness.exposure")
    figure = funnel(frame, curves, centre=found.whole, centre_name=centre, size_name=size_name, share=is_share)
    return exhibit_card(
        visit,
        of_frame("funnel", title, _twin(visit, found), _fields(visit, found), (found.metric.key,)),
        [html.P(said, className="said"), graph(figure, height=_height(found), description=f"{title} {said}")],
        width=6,
        note=visit.words("fairness.funnel_note"),
        foot=spread_words(visit, found),
        methods=("funnel", "overdispersion", *(("case_mix",) if found.is_adjusted else ())),
    )


def estimates_card(visit: Visit, found: Fairness) -> html.Section:
    """A row a community: up to three estimates of its value with their 95 % intervals."""
    title = visit.words("fairness.estimates", name=heading(found.metric, visit.lang))
    if found.units.empty:
        return card(title, empty(visit.lang), width=6, info=info(found.metric, visit.view))
    names = [name for name in ESTIMATES if found.units[name].notna().any()]
    down = found.metric.direction == "down"
    units = found.units.sort_values(["raw" if found.funnel is None else "shrunken", "code"], ascending=[down, True])
    frame = units.assign(
        is_apart=units["beyond"].abs() >= OUTSIDE,
        href=[community_href(visit, code) for code in units["code"]],
        **{f"{name}_hover": [_hover(visit, found, row, name) for row in units.to_dict("records")] for name in names},
    )
    figure = estimates(
        frame,
        names,
        reference=found.whole,
        reference_name=visit.words("chart.whole", value=_value(visit, found, found.whole)),
        share=found.metric.kind == "ratio",
    )
    legend = html.Div(
        [html.Span([html.I(className=f"estimate-{name}"), visit.words(f"fairness.{name}")]) for name in names],
        className="legend-line",
    )
    last, first = units["label"].iloc[-1], units["label"].iloc[0]
    said = visit.words("chart.described", title=title, count=len(units), first=first, last=last)
    return exhibit_card(
        visit,
        of_frame("estimates", title, _twin(visit, found), _fields(visit, found), (found.metric.key,)),
        [legend, graph(figure, height=_height(found), description=said)],
        width=6,
        note=visit.words("fairness.estimates_note" if found.is_adjusted else "fairness.estimates_note_plain"),
        foot=_not_adjusted(visit, found),
        methods=(
            "poisson" if found.metric.kind == "rate_per" else "wilson",
            *(("case_mix",) if found.is_adjusted else ()),
            "shrinkage",
        ),
    )


def _height(found: Fairness) -> int:
    return ROW * len(found.units) + 60 if found.funnel is None else max(LEAST_HEIGHT, ROW * len(found.units) + 60)


def _not_adjusted(visit: Visit, found: Fairness) -> str:
    """Why a value at equal case mix is missing."""
    if not has_case_mix(found.metric):
        return visit.words("fairness.no_mix")
    missing = int(found.units["adjusted"].isna().sum())
    return visit.words("fairness.some_unadjusted", count=missing) if missing else ""


def _value(visit: Visit, found: Fairness, value: float) -> str:
    return shown(value, found.metric.unit, found.metric.decimals, visit.lang)


def _funnel_hover(visit: Visit, found: Fairness, row: dict[Any, Any]) -> str:
    side = visit.words(f"fairness.{SIDES[row['beyond']]}")
    return f"<b>{row['label']}</b><br>{_value(visit, found, row['raw'])}<br>n = {count(row['n'])}<br>{side}<br>{visit.words('fairness.press')}"


def _hover(visit: Visit, found: Fairness, row: dict[Any, Any], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    unit, decimals = found.metric.unit, found.metric.decimals
    ends = NOTHING if is_missing(low) else between(low, high, unit, decimals, visit.lang)
    bounds = visit.words("chart.bounds", bounds=ends)
    what = visit.words(f"fairness.{name}")
    return f"<b>{row['label']}</b><br>{what} {_value(visit, found, row[name])}<br>{bounds}"


def _twin(visit: Visit, found: Fairness) -> pd.DataFrame:
    """The frame behind both charts."""
    words = [visit.words(f"fairness.{SIDES[side]}") for side in found.units["beyond"].tolist()]
    adjusted = [
        NOTHING if is_missing(value) else visit.words(f"fairness.{SIDES[side]}")
        for value, side in zip(found.units["adjusted"].tolist(), found.units["adjusted_beyond"].tolist(), strict=True)
    ]
    return found.units.assign(place=words, adjusted_place=adjusted)


def _fields(visit: Visit, found: Fairness) -> dict[str, Field]:
    unit, decimals = found.metric.unit, found.metric.decimals
    fields = {"label": Field(visit.words("table.community"), TEXT), "n": Field("n", NUMBER)}
    for name in ESTIMATES:
        what = visit.words(f"fairness.{name}")
        fields[name] = Field(what, unit, decimals)
        fields[f"{name}_low"] = Field(f"{what} · {visit.words('table.low')}", unit, decimals)
        fields[f"{name}_high"] = Field(f"{what} · {visit.words('table.high')}", unit, decimals)
    fields["rank_low"] = Field(visit.words("fairness.rank_low"), NUMBER)
    fields["rank_high"] = Field(visit.words("fairness.rank_high"), NUMBER)
    fields["place"] = Field(visit.words("fairness.beyond"), TEXT)
    fields["adjusted_place"] = Field(visit.words("fairness.adjusted_beyond"), TEXT)
    return fields
