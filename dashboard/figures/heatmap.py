"""Load as a grid of colours: weekday × hour, and unit × week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import ORANGE, SCALE

Cells = list[list[Any]]
MOST_NAMED = 6


@dataclass(frozen=True)
class Change:
    """Something that changed for some rows before a column. rows: numbers of the first and the last."""

    column: int
    rows: tuple[int, int]


def week_hours(frame: pd.DataFrame, *, weekdays: list[str], hover: str) -> Figure:
    """frame: dow (1–7), hour (0–23), value, href; cells without a row are empty. hover: template with %{x}, %{y} and %{z}."""
    known = frame.dropna(subset=["value"])
    values, links = _cells(
        [(int(dow) - 1, int(hour), value, href) for dow, hour, value, href in known[["dow", "hour", "value", "href"]].to_numpy()],
        7,
        24,
    )
    every_third = list(range(0, 24, 3))
    layout = {
        "xaxis": {
            "tickvals": every_third,
            "ticktext": [str(hour) for hour in every_third],
            "showgrid": False,
            "ticks": "",
            "side": "top",
        },
        "yaxis": {"autorange": "reversed", "showgrid": False, "ticks": "", "type": "category"},
        "margin": {"l": 8, "r": 8, "t": 24, "b": 4},
    }
    return {"data": [_heat(list(range(24)), weekdays, values, links, hover)], "layout": layout}


def unit_weeks(
    frame: pd.DataFrame, *, units: Sequence[tuple[str, str]], weeks: list[str], hover: str, changes: Sequence[Change] = ()
) -> Figure:
    """frame: unit, week (number of its column), value, href; null or no row = the unit was not there, an empty cell.

    units: (code, name on the axis) from top to bottom · weeks: names of the columns, all different · hover: template with
    %{x}, %{y} (the code) and %{z}.
    """
    place = {code: number for number, (code, _) in enumerate(units)}
    known = frame[frame["unit"].isin(place)].dropna(subset=["value"])
    values, links = _cells(
        [(place[unit], int(week), value, href) for unit, week, value, href in known[["unit", "week", "value", "href"]].to_numpy()],
        len(units),
        len(weeks),
    )
    codes = list(place)
    named = weeks[:: max(1, -(-len(weeks) // MOST_NAMED))]  # few enough for a phone
    layout = {
        "xaxis": {"type": "category", "showgrid": False, "ticks": "", "side": "top", "tickvals": named, "tickangle": 0},
        "yaxis": {
            "type": "category",
            "autorange": "reversed",
            "showgrid": False,
            "ticks": "",
            "tickvals": codes,
            "ticktext": [name for _, name in units],
            "tickfont": {"size": 11},
        },
        "shapes": [_edge(change) for change in changes],
        "margin": {"l": 8, "r": 8, "t": 24, "b": 4},
    }
    return {"data": [_heat(weeks, codes, values, links, hover)], "layout": layout}


def _heat(x: list[Any], y: list[str], values: Cells, links: Cells, hover: str) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": x,
        "y": y,
        "z": values,
        "hovertemplate": hover + "<extra></extra>",
        "hoverongaps": False,
        "customdata": links,
        "colorscale": SCALE,
        "zmin": 0,
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
    }


def _cells(known: Sequence[tuple[int, int, Any, Any]], height: int, width: int) -> tuple[Cells, Cells]:
    """Values and links as rows of columns."""
    values: Cells = [[None] * width for _ in range(height)]
    links: Cells = [[""] * width for _ in range(height)]
    for down, across, value, href in known:
        values[down][across] = float(f"{float(value):.3g}")
        links[down][across] = str(href)
    return values, links


def _edge(change: Change) -> dict[str, Any]:
    """The line between two columns, along the rows it is about."""
    first, last = change.rows
    ends = {"x0": change.column - 0.5, "x1": change.column - 0.5, "y0": first - 0.5, "y1": last + 0.5}
    return {"type": "line", **ends, "line": {"color": ORANGE, "width": 2.5}}
