"""A funnel: every unit at its size and value, between limits that narrow with size. An order is not to be read from it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.dots import ALIKE, BETTER, WORSE
from dashboard.figures.reference import level_line
from dashboard.figures.theme import BLUE, GREY, ORANGE, TEAL

APART = "apart"
_LOOKS = {BETTER: (BLUE, "diamond"), WORSE: (ORANGE, "square"), APART: (TEAL, "triangle-up"), ALIKE: (GREY, "circle")}
_LIMITS = (("outer", "solid"), ("inner", "dot"))


def funnel(
    frame: pd.DataFrame, curves: pd.DataFrame, *, centre: float, centre_name: str, size_name: str, share: bool = True
) -> Figure:
    """frame: label, size, value, look (better | worse | apart | alike), is_named, hover, href · curves: size and the limits
    outer_low, outer_high, inner_low, inner_high, in ascending sizes; null limits are not drawn.

    Shape says what colour says; only units marked is_named carry their name.
    """
    widest = float(curves["size"].max()) if len(curves) else 1.0
    line = level_line(centre, centre_name, at="left")
    return {
        "data": [*_limits(curves), *(_marks(frame, look) for look in _LOOKS)],
        "layout": {
            "xaxis": {"range": [0, widest], "nticks": 5, "tickformat": ",d", "title": {"text": size_name}, "showgrid": False},
            "yaxis": {"range": _range(frame, curves, share), "tickformat": ".0%" if share else "", "nticks": 6},
            "hovermode": "closest",
            "shapes": line["shapes"],
            "annotations": [*line["annotations"], *_names(frame, centre, widest)],
            "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
        },
    }


def _limits(curves: pd.DataFrame) -> list[dict[str, Any]]:
    sizes = [float(size) for size in curves["size"]]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": sizes,
            "y": [None if pd.isna(value) else round(float(value), 5) for value in curves[f"{name}_{side}"]],
            "line": {"color": GREY, "width": 1.4, "dash": dash},
            "hoverinfo": "skip",
        }
        for name, dash in _LIMITS
        for side in ("low", "high")
    ]


def _marks(frame: pd.DataFrame, look: str) -> dict[str, Any]:
    colour, symbol = _LOOKS[look]
    part = frame[frame["look"] == look]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(size) for size in part["size"]],
        "y": [float(value) for value in part["value"]],
        "text": part["hover"].tolist(),
        "hoverinfo": "text",
        "customdata": part["href"].tolist(),
        "cliponaxis": False,
        "marker": {"color": colour, "symbol": symbol, "size": 8 if look == ALIKE else 11},
    }


def _names(frame: pd.DataFrame, centre: float, widest: float) -> list[dict[str, Any]]:
    """Away from the limits: below a mark that is low, above one that is high."""
    return [
        {
            "x": float(row["size"]),
            "y": float(row["value"]),
            "text": row["label"],
            "showarrow": False,
            "xanchor": "right" if row["size"] > 0.85 * widest else "left" if row["size"] < 0.15 * widest else "center",
            "yanchor": "top" if row["value"] < centre else "bottom",
            "yshift": -8 if row["value"] < centre else 8,
            "font": {"size": 12, "color": _LOOKS[row["look"]][0]},
        }
        for row in frame[frame["is_named"]].to_dict("records")
    ]


def _range(frame: pd.DataFrame, curves: pd.DataFrame, share: bool) -> list[float]:
    """So much that every unit and the limits of all but the smallest sizes are in sight; within 0–1 for shares."""
    shown = curves[curves["size"] >= curves["size"].max() / 12]
    values = [float(value) for name in ("outer_low", "outer_high") for value in shown[name].dropna()]
    values += [float(value) for value in frame["value"]]
    low, high = min(values, default=0.0), max(values, default=1.0)
    pad = (high - low) * 0.08 or 0.02
    return [max(low - pad, 0.0), min(high + pad, 1.005) if share else high + pad]
