"""A control chart: the weeks as a line between its limits, and the weeks that are more than chance by shape and colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import BLUE, GREY, ORANGE, TEAL
from dashboard.figures.trend import PLOT_HEIGHT, WEEK, Line, around, end_names, value_axis, week_axis, week_links

PLAIN = ("circle", 5, BLUE)
LOOKS = {
    "improvement": ("triangle-up", 12, BLUE),
    "concern": ("triangle-down", 12, ORANGE),
    "high": ("diamond", 11, TEAL),
    "low": ("diamond", 11, TEAL),
}
"""Symbol, size and colour of a week that is more than chance."""
LEVELS = {
    "high": ("solid", 1.1, GREY),
    "centre": ("dot", 1.4, GREY),
    "low": ("solid", 1.1, GREY),
    "target": ("longdash", 1.6, TEAL),
}
"""Dash, width and colour of the lines the weeks are held against."""


def control_chart(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    *,
    lang: str,
    share: bool = False,
    unit: str = "",
    steps: Sequence[int] = (),
    target: float | None = None,
    tall: float = PLOT_HEIGHT,
) -> Figure:
    """frame: week (Monday), value, centre, low, high (null where no limits are known), mark (a key of LOOKS, "" for none), said
    (what the pointer adds), href. names: of centre, low, high and target · steps: places from which limits start anew.
    """
    weeks = [str(week)[:10] for week in frame["week"]]
    frame = frame.assign(target=target) if target is not None else frame
    levels = [column for column in LEVELS if column in frame and frame[column].notna().any()]
    lines = [Line("value", "", "href"), *(Line(column, names[column], "", LEVELS[column][2]) for column in levels)]
    axis = value_axis(frame, lines, share, target)
    layout: dict[str, Any] = {
        "hovermode": "closest",
        "hoverdistance": 30,
        "xaxis": {**week_axis(weeks), "showgrid": False, "range": around(weeks)},
        "yaxis": axis,
        "annotations": end_names(frame, lines[1:], weeks, axis, tall),
        "margin": {"l": 8, "r": 14 + max(map(len, names.values())) * (13 if lang == "zh" else 7.5), "t": 12, "b": 8},
    }
    data = [_level(frame, weeks, column, steps if column != "target" else ()) for column in levels]
    return {"data": [*data, _course(frame, weeks, lang, share, unit)], "layout": layout}


def _level(frame: pd.DataFrame, weeks: Sequence[str], column: str, steps: Sequence[int]) -> dict[str, Any]:
    """A stepped line, broken where limits start anew."""
    dash, width, colour = LEVELS[column]
    values = [None if pd.isna(value) else round(float(value), 5) for value in frame[column]]
    xs: list[str] = []
    ys: list[float | None] = []
    for place, (week, value) in enumerate(zip(weeks, values, strict=True)):
        if place in steps:
            xs, ys = [*xs, week], [*ys, None]
        xs, ys = [*xs, week], [*ys, value]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": colour, "width": width, "dash": dash, "shape": "hvh"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _course(frame: pd.DataFrame, weeks: list[str], lang: str, share: bool, unit: str) -> dict[str, Any]:
    number = "%{y:.1%}" if share else f"%{{y:,.6~r}} {unit}".strip()
    looks = [LOOKS.get(mark, PLAIN) for mark in frame["mark"]]
    symbols, sizes, colours = (list(column) for column in zip(*looks, strict=True)) if looks else ([], [], [])
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": weeks,
        "y": [None if pd.isna(value) else round(float(value), 5) for value in frame["value"]],
        "text": frame["said"].tolist(),
        "line": {"color": BLUE, "width": 1.6},
        "marker": {"symbol": symbols, "size": sizes, "color": colours, "opacity": 1},
        "hovertemplate": f"{number}<br>{WEEK[lang]}%{{text}}<extra></extra>",
        **week_links([str(href) for href in frame["href"]], weeks),
        "cliponaxis": False,
    }
