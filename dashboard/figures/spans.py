"""Of each of a few ordered classes where the middle lies and where nine in ten: two marks joined by a line, upright."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import BLUE, ORANGE, QUIET


def spans(frame: pd.DataFrame, *, low_name: str, high_name: str, lang: str) -> Figure:
    """frame, in order: label, low, high, low_text, high_text, hover, href; null values leave a gap.

    The circle is the lower mark, the diamond the higher; both are named at the right, beside the last class that has them.
    """
    places = list(range(len(frame)))
    top = max((float(value) for column in ("low", "high") for value in frame[column].dropna()), default=0.0) or 1.0
    width = 12 + 13 * max(len(low_name), len(high_name)) * (1 if lang == "zh" else 0.6)
    return {
        "data": [
            _joints(frame, places),
            _marks(frame, places, "low", BLUE, "circle", "bottom center"),
            _marks(frame, places, "high", ORANGE, "diamond", "top center"),
        ],
        "layout": {
            "hovermode": "closest",
            "xaxis": {
                "tickvals": places,
                "ticktext": frame["label"].tolist(),
                "range": [-0.6, len(frame) - 0.4],
                "showgrid": False,
                "ticks": "",
                "tickangle": 0,
            },
            "yaxis": {"range": [-0.14 * top, 1.14 * top], "visible": False},
            "annotations": [*_name(frame, "low", low_name, BLUE), *_name(frame, "high", high_name, ORANGE)],
            "margin": {"l": 8, "r": width, "t": 10, "b": 8},
        },
    }


def _joints(frame: pd.DataFrame, places: list[int]) -> dict[str, Any]:
    pairs = [
        (place, low, high)
        for place, low, high in zip(places, frame["low"], frame["high"], strict=True)
        if not (pd.isna(low) or pd.isna(high))
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for place, *_ in pairs for x in (place, place, None)],
        "y": [y for _, low, high in pairs for y in (float(low), float(high), None)],
        "line": {"color": QUIET, "width": 6},
        "hoverinfo": "skip",
    }


def _marks(frame: pd.DataFrame, places: list[int], column: str, colour: str, symbol: str, where: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": places,
        "y": [None if pd.isna(value) else float(value) for value in frame[column]],
        "text": frame[f"{column}_text"].tolist(),
        "textposition": where,
        "hovertext": frame["hover"].tolist(),
        "hoverinfo": "text",
        "customdata": frame["href"].tolist(),
        "marker": {"color": colour, "symbol": symbol, "size": 10},
        "cliponaxis": False,
    }


def _name(frame: pd.DataFrame, column: str, name: str, colour: str) -> list[dict[str, Any]]:
    known = frame.reset_index(drop=True)[column].dropna()
    if known.empty:
        return []
    return [
        {
            "x": int(known.index[-1]),
            "y": float(known.iloc[-1]),
            "text": name,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 20,
            "font": {"color": colour, "size": 12.5},
        }
    ]
