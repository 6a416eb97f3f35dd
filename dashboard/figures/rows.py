"""A row a unit, the first on top: the axis of their names, and the intervals of their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from dashboard.figures.theme import QUIET


def names_axis(labels: Sequence[str]) -> dict[str, Any]:
    """The y axis; row 0 is the first label's."""
    return {
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "range": [len(labels) - 0.4, -0.6],
        "showgrid": False,
        "ticks": "",
        "ticklabelstandoff": 6,
    }


def whiskers(lows: Iterable[Any], highs: Iterable[Any], places: Iterable[float], *, width: int) -> dict[str, Any]:
    """A pale line from low to high at each place of the y axis; none where an end is not known."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for low, high, place in zip(lows, highs, places, strict=True):
        if pd.notna(low) and pd.notna(high):
            xs += [float(low), float(high), None]
            ys += [place, place, None]
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": {"color": QUIET, "width": width}, "hoverinfo": "skip"}
