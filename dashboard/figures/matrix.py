"""A table of numbers whose ground says how large they are: rows down, columns across, each cell a link."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from dashboard.figures import Figure

# Never darker than the ink of either theme can be read on.
GROUND = [[0.0, "rgba(43,123,187,0.05)"], [1.0, "rgba(43,123,187,0.6)"]]


def matrix(frame: pd.DataFrame, *, rows: Sequence[str], columns: Sequence[str], least: float) -> Figure:
    """frame: row, column (their places), value, text, hover, href; null values are left blank. Equal ratios look equally far
    apart (logarithmic), all at or below `least` alike: minutes and weeks stand side by side.
    """
    known = frame.dropna(subset=["value"])
    blank: list[list[float | None]] = [[None] * len(columns) for _ in rows]
    hover = [[""] * len(columns) for _ in rows]
    href = [[""] * len(columns) for _ in rows]
    cells = list(zip(known["row"], known["column"], known["value"], known["hover"], known["href"], strict=True))
    for row, column, value, said, link in cells:
        blank[row][column] = math.log10(max(float(value), least))
        hover[row][column], href[row][column] = said, link
    places = list(range(len(columns)))
    return {
        "data": [
            {
                "type": "heatmap",
                "x": places,
                "y": list(range(len(rows))),
                "z": blank,
                "text": hover,
                "hoverinfo": "text",
                "customdata": href,
                "colorscale": GROUND,
                "zmin": math.log10(least),
                "xgap": 2,
                "ygap": 2,
                "showscale": False,
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": known["column"].tolist(),
                "y": known["row"].tolist(),
                "text": known["text"].tolist(),
                "hoverinfo": "skip",
            },
        ],
        "layout": {
            "xaxis": {
                "tickvals": places,
                "ticktext": list(columns),
                "range": [-0.5, len(columns) - 0.5],
                "showgrid": False,
                "ticks": "",
                "tickangle": 0,
                "side": "top",
            },
            "yaxis": {
                "tickvals": list(range(len(rows))),
                "ticktext": list(rows),
                "range": [len(rows) - 0.5, -0.5],
                "showgrid": False,
                "ticks": "",
                "ticklabelstandoff": 6,
            },
            "margin": {"l": 8, "r": 4, "t": 26, "b": 4},
        },
    }
