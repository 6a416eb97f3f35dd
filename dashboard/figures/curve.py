"""Steps over time since the start: the share that is over by then, with its band, and upright lines at times that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import BLUE, GREY, ORANGE

_BAND = "rgba(43,123,187,0.16)"


@dataclass(frozen=True)
class Mark:
    """An upright line at a time, named at its top."""

    at: float
    name: str


def curve(
    frame: pd.DataFrame, others: pd.DataFrame, *, names: tuple[str, str], marks: Sequence[Mark], ticks: dict[float, str]
) -> Figure:
    """frame, others: at, share, low, high, hover, in ascending times; the second has no band and may be empty. names: of the two
    curves, beside their last points · ticks: time → what is written there; the last of them ends the axis.
    """
    end = max(ticks, default=1.0)
    high = max((float(value) for value in frame["high"].fillna(frame["share"])), default=1.0)
    return {
        "data": [*_band(frame), _steps(frame, BLUE, "solid"), _steps(others, GREY, "dash")],
        "layout": {
            "xaxis": {"range": [0, end], "tickvals": list(ticks), "ticktext": list(ticks.values()), "ticks": "", "showgrid": False},
            "yaxis": {"range": [0, min(1.02, high * 1.06)], "tickformat": ".0%", "nticks": 6},
            "hovermode": "closest",
            "hoverdistance": 40,
            "shapes": [_line(mark) for mark in marks],
            "annotations": [*_ends(frame, others, names), *(_name(mark, end) for mark in marks)],
            "margin": {"l": 8, "r": 16, "t": 22, "b": 8},
        },
    }


def _band(frame: pd.DataFrame) -> list[dict[str, Any]]:
    known = frame.dropna(subset=["low", "high"])
    base = {"type": "scatter", "mode": "lines", "x": known["at"].tolist(), "hoverinfo": "skip"}
    edge = {"width": 0, "shape": "hv", "color": _BAND}
    return [
        {**base, "y": known["low"].tolist(), "line": edge},
        {**base, "y": known["high"].tolist(), "line": edge, "fill": "tonexty", "fillcolor": _BAND},
    ]


def _steps(frame: pd.DataFrame, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": frame["at"].tolist(),
        "y": frame["share"].tolist(),
        "text": frame["hover"].tolist(),
        "hoverinfo": "text",
        "line": {"color": colour, "width": 2.2, "dash": dash, "shape": "hv"},
    }


def _line(mark: Mark) -> dict[str, Any]:
    ends = {"x0": mark.at, "x1": mark.at, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", **ends, "line": {"color": ORANGE, "width": 1.3, "dash": "dash"}}


def _name(mark: Mark, end: float) -> dict[str, Any]:
    return {
        "x": mark.at,
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "xanchor": "right" if mark.at > end / 2 else "left",
        "text": mark.name,
        "showarrow": False,
        "font": {"size": 11, "color": ORANGE},
    }


def _ends(frame: pd.DataFrame, others: pd.DataFrame, names: tuple[str, str]) -> list[dict[str, Any]]:
    """Each curve's name above its last point."""
    return [
        {
            "x": float(part["at"].iloc[-1]),
            "y": float(part["share"].iloc[-1]),
            "text": name,
            "showarrow": False,
            "xanchor": "right",
            "yanchor": place,
            "font": {"size": 12, "color": colour},
        }
        for part, name, colour, place in ((frame, names[0], BLUE, "top"), (others, names[1], GREY, "bottom"))
        if len(part)
    ]
