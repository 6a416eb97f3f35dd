"""Two values a row with a bar between them: one unit beside another, or beside the whole."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.rows import names_axis
from dashboard.figures.theme import BLUE, GREY, ORANGE, QUIET

FIRST, SECOND = (BLUE, "circle"), (ORANGE, "diamond")
WHOLE = (GREY, "line-ns-open")


def dumbbell(frame: pd.DataFrame, *, is_whole: bool = False) -> Figure:
    """frame: label, first, second (0–1), first_hover, second_hover, first_href, second_href; first row on top.

    Null values have no mark. is_whole: the second is the value of the whole, drawn as a tick.
    """
    values = [float(v) for name in ("first", "second") for v in frame[name].dropna()]
    return {
        "data": [_bars(frame), _marks(frame, "second", WHOLE if is_whole else SECOND), _marks(frame, "first", FIRST)],
        "layout": {
            "xaxis": {"tickformat": ".0%", "nticks": 5, "side": "top", "tickangle": 0, "range": _range(values), "ticks": ""},
            "yaxis": names_axis(frame["label"].tolist()),
            "hovermode": "closest",
            "margin": {"l": 8, "r": 16, "t": 26, "b": 4},
        },
    }


def _range(values: list[float]) -> list[float]:
    """A little more than the values need, within 0–1."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    pad = max((high - low) * 0.06, 0.01)
    return [max(low - pad, -0.01), min(high + pad, 1.01)]


def _bars(frame: pd.DataFrame) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row, (first, second) in enumerate(zip(frame["first"], frame["second"], strict=True)):
        if pd.notna(first) and pd.notna(second):
            xs += [float(first), float(second), None]
            ys += [row, row, None]
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": {"color": QUIET, "width": 5}, "hoverinfo": "skip"}


def _marks(frame: pd.DataFrame, name: str, look: tuple[str, str]) -> dict[str, Any]:
    colour, symbol = look
    rows = [row for row, value in enumerate(frame[name]) if pd.notna(value)]
    part = frame.iloc[rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(v) for v in part[name]],
        "y": rows,
        "text": part[f"{name}_hover"].tolist(),
        "hoverinfo": "text",
        "customdata": part[f"{name}_href"].tolist(),
        "cliponaxis": False,
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": 11,
            "line": {"width": 3 if symbol == WHOLE[1] else 0, "color": colour},
        },
    }
