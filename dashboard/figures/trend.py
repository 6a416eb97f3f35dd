"""Lines over weeks, named at their ends instead of in a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.reference import level_line
from dashboard.figures.theme import BLUE
from dashboard.i18n.dates import as_date, week_tick

WEEK = {"zh": "%{x|第%V周，%-m月%-d日起}", "en": "%{x|week %V, from %-d %b}"}
PLOT_HEIGHT, NAME_HEIGHT = 190, 17
"""Pixels, about: a chart's plot area and a line of its names; they decide only how far names are pushed apart."""


@dataclass(frozen=True)
class Line:
    """One line: the frame's column with its values, the one with its links ("" = none), its name and look."""

    column: str
    name: str
    href: str = ""
    colour: str = BLUE
    dash: str = "solid"


def trend(
    frame: pd.DataFrame,
    lines: Sequence[Line],
    *,
    lang: str,
    share: bool = False,
    unit: str = "",
    reference: float | None = None,
    reference_name: str = "",
    tall: float = PLOT_HEIGHT,
) -> Figure:
    """frame: week (Monday), one column a line; null breaks a line. share: values are 0–1 and shown in per cent.

    tall: about how high its plot area will be, so that the names at the ends keep apart. Counts start at 0; shares take the range they need (a line need not start at 0), never beyond 100 %.
    """
    weeks = [str(w)[:10] for w in frame["week"]]
    data = [_trace(frame, line, weeks, lang, share, unit) for line in lines]
    axis = value_axis(frame, lines, share, reference)
    layout: dict[str, Any] = {
        "hovermode": "closest",
        "hoverdistance": 30,
        "xaxis": {**week_axis(weeks), "showgrid": False, "range": around(weeks)},
        "yaxis": axis,
        "annotations": end_names(frame, lines, weeks, axis, tall),
        "margin": {"l": 8, "r": _name_width(lines, lang), "t": 12, "b": 8},
    }
    if reference is not None:
        line = level_line(reference, reference_name, at="left", width=1)
        layout["shapes"] = line["shapes"]
        layout["annotations"] += line["annotations"]
    return {"data": data, "layout": layout}


def _trace(frame: pd.DataFrame, line: Line, weeks: list[str], lang: str, share: bool, unit: str) -> dict[str, Any]:
    values = [None if pd.isna(v) else float(v) for v in frame[line.column]]
    number = "%{y:.1%}" if share else f"%{{y:,.6~r}} {unit}".strip()
    hrefs = [str(href) for href in frame[line.href]] if line.href else []
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": line.name,
        "x": weeks,
        "y": values,
        "line": {"color": line.colour, "width": 2.2, "dash": line.dash},
        "marker": {"size": 5, "color": line.colour},
        "hovertemplate": f"{line.name}　{number}<br>{WEEK[lang]}<extra></extra>",
        **week_links(hrefs, weeks),
        "cliponaxis": False,
    }


def week_links(hrefs: list[str], weeks: list[str]) -> dict[str, Any]:
    """Where the points lead. Addresses that differ by the days of their week only are sent once, as meta.week with {from} and {to}."""
    if not hrefs:
        return {}
    first, last = weeks[0], str(as_date(weeks[0]) + timedelta(days=6))
    pattern = hrefs[0].replace(first, "{from}").replace(last, "{to}")
    filled = [pattern.replace("{from}", week).replace("{to}", str(as_date(week) + timedelta(days=6))) for week in weeks]
    return {"meta": {"week": pattern}} if filled == hrefs else {"customdata": hrefs}


def _name_width(lines: Sequence[Line], lang: str) -> float:
    return 14 + 13 * max((len(line.name) for line in lines), default=0) * (1 if lang == "zh" else 0.6)


def week_axis(weeks: list[str]) -> dict[str, Any]:
    """At most five ticks, so that they fit a phone, counted back from the last week so that it is always named."""
    step = max(1, -(-len(weeks) // 5))
    ticks = weeks[::-1][::step][::-1]
    return {"type": "date", "tickvals": ticks, "ticktext": [week_tick(w) for w in ticks], "ticks": ""}


def around(weeks: list[str]) -> list[str] | None:
    """From half a week before the first to half a week after the last: the names stand in the margin, not in the plot."""
    if not weeks:
        return None
    half = timedelta(days=4)
    return [str(as_date(weeks[0]) - half), str(as_date(weeks[-1]) + half)]


def value_axis(frame: pd.DataFrame, lines: Sequence[Line], share: bool, reference: float | None) -> dict[str, Any]:
    values = [float(v) for line in lines for v in frame[line.column].dropna()] + ([reference] if reference is not None else [])
    if not share:
        return {"rangemode": "tozero", "nticks": 5, "tickformat": ",d" if max(values, default=0) >= 5 else ""}
    low, high = min(values, default=0.0), max(values, default=1.0)
    pad = max((high - low) * 0.25, 0.02)
    return {"range": [max(0.0, low - pad), min(1.005, high + pad)], "tickformat": ".0%", "nticks": 5}


def end_names(
    frame: pd.DataFrame, lines: Sequence[Line], weeks: list[str], axis: dict[str, Any], tall: float
) -> list[dict[str, Any]]:
    """The name of each line beside its last point; names whose points nearly meet are pushed apart."""
    ends = []
    for line in lines:
        known = frame[line.column].dropna()
        if len(known):
            ends.append((float(known.iloc[-1]), weeks[frame.index.get_loc(known.index[-1])], line))
    ends.sort(key=lambda end: end[0])
    low, high = axis.get("range") or (0.0, max((float(v) for line in lines for v in frame[line.column].dropna()), default=1.0))
    places = [(value - low) / ((high - low) or 1.0) * tall for value, *_ in ends]
    return [
        {
            "x": week,
            "y": value,
            "text": line.name,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 8,
            "yshift": round(apart - place),
            "font": {"color": line.colour, "size": 12.5},
        }
        for (value, week, line), place, apart in zip(ends, places, _apart(places, NAME_HEIGHT), strict=True)
    ]


def _apart(places: Sequence[float], least: float) -> list[float]:
    """Ascending places moved as little as keeps them `least` apart: those that would meet are spread around their middle."""
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _middle(groups[-1]) - _middle(groups[-2]) < least * (len(groups[-1]) + len(groups[-2])) / 2:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_middle(group) + (number - (len(group) - 1) / 2) * least for group in groups for number in range(len(group))]


def _middle(places: Sequence[float]) -> float:
    return sum(places) / len(places)
