"""Bars from 0 with their value beside them: horizontal for names, upright for ordered classes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.reference import level_line, upright_line
from dashboard.figures.rows import names_axis
from dashboard.figures.theme import BLUE, ORANGE


def bars(frame: pd.DataFrame, *, reference: float | None = None, reference_name: str = "") -> Figure:
    """Horizontal bars, first row on top. frame: label, value, text (shown at the bar's end), hover, href; optional mark.

    mark: true paints the bar in the attention colour; null values leave a gap with their text.
    """
    values = [0.0 if pd.isna(v) else float(v) for v in frame["value"]]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": list(range(len(frame))),
            "text": frame["text"].tolist(),
            # Beside a reference line the texts stand inside the bars where they fit, out of the line's way.
            "textposition": "outside" if reference is None else "auto",
            "insidetextanchor": "end",
            "insidetextfont": {"color": "#ffffff"},
            "cliponaxis": False,
            "hovertext": frame["hover"].tolist(),
            "hoverinfo": "text",
            "customdata": frame["href"].tolist(),
            "marker": {"color": _colours(frame)},
            "constraintext": "none",
        }
    ]
    top = max([*values, reference or 0.0], default=0.0) or 1.0
    room = 1.08 + 0.022 * max((len(str(text)) for text in frame["text"]), default=0)  # for the text beyond the longest bar
    layout: dict[str, Any] = {
        "xaxis": {"range": [0, top * room], "visible": False},
        "yaxis": names_axis(frame["label"].tolist()),
        "bargap": 0.34,
    }
    if reference is not None:
        layout |= upright_line(reference, reference_name)
        layout["margin"] = {"l": 8, "r": 12, "t": 10, "b": 26}
    return {"data": data, "layout": layout}


def columns(
    frame: pd.DataFrame, *, show_text: bool = True, tick_every: int = 1, reference: float | None = None, reference_name: str = ""
) -> Figure:
    """Upright bars in the frame's order. frame: label, value, text, hover, href; optional mark. tick_every: name each k-th bar."""
    values = [0.0 if pd.isna(v) else float(v) for v in frame["value"]]
    places = list(range(len(frame)))
    data = [
        {
            "type": "bar",
            "x": places,
            "y": values,
            "text": frame["text"].tolist() if show_text else None,
            "textposition": "outside",
            "cliponaxis": False,
            "hovertext": frame["hover"].tolist(),
            "hoverinfo": "text",
            "customdata": frame["href"].tolist(),
            "marker": {"color": _colours(frame)},
            "constraintext": "none",
            "textangle": 0,
        }
    ]
    named = places[::tick_every]
    layout: dict[str, Any] = {
        "xaxis": {
            "tickvals": named,
            "ticktext": [frame["label"].iloc[p] for p in named],
            "showgrid": False,
            "ticks": "",
            "tickangle": 0,
            "range": [-0.6, max(len(frame) - 0.4, 0.6)],
        },
        "yaxis": {"rangemode": "tozero", "nticks": 5, "visible": not show_text},
        "bargap": 0.3 if len(frame) < 20 else 0.15,
        "margin": {"l": 8, "r": 8, "t": 24, "b": 8},
    }
    if reference is not None:
        layout |= level_line(reference, reference_name, at="right")
    return {"data": data, "layout": layout}


def _colours(frame: pd.DataFrame) -> list[str] | str:
    if "mark" not in frame:
        return BLUE
    return [ORANGE if mark else BLUE for mark in frame["mark"]]
