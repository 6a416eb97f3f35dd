"""Weeks as they were against what was to be expected without what was done, from the days on which it began."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.marks import with_days
from dashboard.figures.theme import BLUE, GREY, ORANGE
from dashboard.figures.trend import PLOT_HEIGHT, WEEK, Line, around, end_names, value_axis, week_axis

_BAND = "rgba(217,105,30,0.14)"
_TICKS, _MONTHS_FROM = 4, 27


def against_expected(
    frame: pd.DataFrame,
    names: tuple[str, str, str],
    *,
    days: Sequence[tuple[str, str]],
    lang: str,
    share: bool = False,
    unit: str = "",
    tall: float = PLOT_HEIGHT,
) -> Figure:
    """frame: week (Monday), observed, expected, and where they are known fitted, low, high; null breaks a line. names: of observed,
    expected and fitted · days: (ISO day, name) on which something began.
    """
    weeks = [str(week)[:10] for week in frame["week"]]
    known = [column for column in ("expected", "fitted") if column in frame and frame[column].notna().any()]
    lines = [Line("observed", names[0], "", BLUE)]
    lines += [Line(column, names[1 + place], "", colour, dash) for column, place, colour, dash in _COURSES if column in known]
    axis = value_axis(frame, lines, share, None)
    figure: Figure = {
        "data": [*_band(frame, weeks), *(_line(frame, line, weeks, lang, share, unit) for line in lines)],
        "layout": {
            "hovermode": "closest",
            "hoverdistance": 30,
            "xaxis": {**_months(weeks), "showgrid": False, "range": around(weeks)},
            "yaxis": axis,
            "annotations": end_names(frame, lines, weeks, axis, tall),
            "margin": {"l": 8, "r": 20 + max(len(line.name) for line in lines) * (13 if lang == "zh" else 7.5), "t": 12, "b": 8},
        },
    }
    return with_days(figure, days)


_COURSES = (("expected", 0, ORANGE, "dash"), ("fitted", 1, GREY, "solid"))


def _months(weeks: Sequence[str]) -> dict[str, Any]:
    """2025-03: some months of years of weeks, counted back from the newest; of few weeks their Mondays."""
    if len(weeks) < _MONTHS_FROM:
        return week_axis(list(weeks))
    step = max(1, -(-len(weeks) // _TICKS))
    ticks = list(weeks[::-1][step // 2 :: step][::-1])
    return {"type": "date", "tickvals": ticks, "ticktext": [week[:7] for week in ticks], "ticks": "", "tickangle": 0}


def _band(frame: pd.DataFrame, weeks: Sequence[str]) -> list[dict[str, Any]]:
    if "low" not in frame:
        return []
    known = [
        place for place, (low, high) in enumerate(zip(frame["low"], frame["high"], strict=True)) if pd.notna(low) and pd.notna(high)
    ]
    base = {"type": "scatter", "mode": "lines", "x": [weeks[place] for place in known], "hoverinfo": "skip"}
    edge = {"width": 0, "color": _BAND}
    return [
        {**base, "y": [float(frame["low"].iloc[place]) for place in known], "line": edge},
        {**base, "y": [float(frame["high"].iloc[place]) for place in known], "line": edge, "fill": "tonexty", "fillcolor": _BAND},
    ]  # fmt: skip


def _line(frame: pd.DataFrame, line: Line, weeks: Sequence[str], lang: str, share: bool, unit: str) -> dict[str, Any]:
    number = "%{y:.1%}" if share else f"%{{y:,.4~r}} {unit}".strip()
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(weeks),
        "y": [None if pd.isna(value) else float(value) for value in frame[line.column]],
        "line": {"color": line.colour, "width": 1.3 if line.column == "observed" else 2.2, "dash": line.dash},
        "hovertemplate": f"{line.name}　{number}<br>{WEEK[lang]}<extra></extra>",
        "cliponaxis": False,
    }
