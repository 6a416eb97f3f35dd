"""Dots with their intervals beside the line of the whole: who differs by more than chance."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.reference import upright_line
from dashboard.figures.rows import names_axis, whiskers
from dashboard.figures.theme import BLUE, GREY, ORANGE

BETTER, WORSE, ALIKE = "better", "worse", "alike"
_LOOKS = {BETTER: (BLUE, "diamond"), WORSE: (ORANGE, "square"), ALIKE: (GREY, "circle")}


def dots(frame: pd.DataFrame, *, reference: float | None, reference_name: str, share: bool = True) -> Figure:
    """frame: label, value, low, high, n, stand (better | worse | alike), hover, href; first row on top.

    A row whose value is null has no dot and keeps its name. Shape says what colour says.
    """
    rows = list(range(len(frame)))
    data = [whiskers(frame["low"], frame["high"], rows, width=5), *(_marks(frame, stand) for stand in _LOOKS)]
    labels = [
        f"{label} <span style='font-size:11px;color:{GREY}'>n={n:,.0f}</span>"
        for label, n in zip(frame["label"], frame["n"].fillna(0), strict=True)
    ]
    layout: dict[str, Any] = {
        "xaxis": {"tickformat": ".0%" if share else "", "nticks": 5, "tickangle": 0, "side": "top"},
        "yaxis": names_axis(labels),
        "hovermode": "closest",
        "margin": {"l": 8, "r": 16, "t": 26, "b": 22},
    }
    if reference is not None:
        layout |= upright_line(reference, reference_name)
    return {"data": data, "layout": layout}


def _marks(frame: pd.DataFrame, stand: str) -> dict[str, Any]:
    colour, symbol = _LOOKS[stand]
    rows = [
        row for row, (value, own) in enumerate(zip(frame["value"], frame["stand"], strict=True)) if own == stand and pd.notna(value)
    ]
    part = frame.iloc[rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(v) for v in part["value"]],
        "y": rows,
        "text": part["hover"].tolist(),
        "hoverinfo": "text",
        "customdata": part["href"].tolist(),
        "cliponaxis": False,
        "marker": {"color": colour, "symbol": symbol, "size": 10},
    }
