"""Pale bands behind a figure of dots: how far each could lie if nothing were assumed."""

from __future__ import annotations

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import QUIET


def with_bands(figure: Figure, frame: pd.DataFrame) -> Figure:
    """The dots of `frame` with a wide band from its column worst to best behind each; rows without them have none."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row, (worst, best) in enumerate(zip(frame["worst"], frame["best"], strict=True)):
        if pd.notna(worst) and pd.notna(best):
            xs += [round(float(worst), 4), round(float(best), 4), None]
            ys += [row, row, None]
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": QUIET, "width": 14},
        "opacity": 0.45,
        "hoverinfo": "skip",
    }
    return {**figure, "data": [band, *figure["data"]]}
