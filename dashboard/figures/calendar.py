"""Days as a calendar: a week a column, Monday on top; each day full, thin, missing or quiet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import ORANGE

STATES = ("quiet", "full", "thin", "missing")
MARKS = {"quiet": "·", "full": "", "thin": "▾", "missing": "×"}
"""What stands in a day besides its colour."""
_WEEK = timedelta(days=7)
_MOST_MONTHS = 10
_VERY_LONG = 100  # weeks from which a gap would be as wide as a day
_LONG = 60  # weeks from which a day is a thin line, and every second one with a dot would be noise
_COLOURS = ("rgba(127,139,153,0.13)", "rgba(43,123,187,0.62)", "#e3a678", ORANGE)
_STEPS = [[step, colour] for place, colour in enumerate(_COLOURS) for step in (place / 4, (place + 1) / 4)]


def calendar(frame: pd.DataFrame, *, weekdays: list[str], months: dict[date, str]) -> Figure:
    """frame: day, state, hover, href; days without a row are blank. months: first of a month → its name on the axis."""
    rows: list[list[Any]] = frame[["day", "state", "hover", "href"]].to_numpy().tolist()
    mondays = _mondays([day for day, *_ in rows])
    place = {monday: number for number, monday in enumerate(mondays)}
    is_long = len(mondays) >= _LONG
    state, mark, hover, href = ([[empty] * len(mondays) for _ in range(7)] for empty in (None, "", "", ""))
    grids: tuple[list[list[Any]], ...] = (state, mark, hover, href)
    for day, name, words, link in rows:
        down, across = day.weekday(), place[_monday(day)]
        sign = "" if is_long and name == "quiet" else MARKS[name]
        for grid, value in zip(grids, (STATES.index(name), sign, words, link), strict=True):
            grid[down][across] = value
    ticks = [(place[_monday(first)], name) for first, name in months.items() if _monday(first) in place]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(range(len(mondays))),
                "y": weekdays,
                "z": state,
                "text": mark,
                "texttemplate": "%{text}",
                "textfont": {"size": 11},
                "hovertext": hover,
                "hoverinfo": "text",
                "hoverongaps": False,
                "customdata": href,
                "colorscale": _STEPS,
                "zmin": -0.5,
                "zmax": 3.5,
                "xgap": 0 if len(mondays) >= _VERY_LONG else 2,
                "ygap": 2,
                "showscale": False,
            }
        ],
        "layout": {
            "xaxis": {
                "tickvals": [at for at, _ in ticks],
                "ticktext": [name for _, name in ticks],
                "showgrid": False,
                "ticks": "",
                "side": "top",
                "tickangle": 0,
            },
            "yaxis": {
                "autorange": "reversed",
                "showgrid": False,
                "ticks": "",
                "type": "category",
                "tickvals": [weekdays[0], weekdays[2], weekdays[4], weekdays[6]],
            },
            "margin": {"l": 8, "r": 4, "t": 20, "b": 2},
        },
    }


def month_starts(start: date, end: date) -> list[date]:
    """First days of the months between two days; of every third month, or every January, where there are too many to name."""
    firsts, first = [], start.replace(day=1)
    while first <= end:
        firsts.append(max(first, start))
        first = (first + timedelta(days=32)).replace(day=1)
    step = 1 if len(firsts) <= _MOST_MONTHS else 3 if len(firsts) <= 2.5 * _MOST_MONTHS else 12
    return [first for first in firsts if (first.month - 1) % step == 0]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(days: list[date]) -> list[date]:
    if not days:
        return []
    first, last = _monday(min(days)), _monday(max(days))
    return [first + number * _WEEK for number in range((last - first).days // 7 + 1)]
