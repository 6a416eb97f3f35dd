"""Several estimates of one value a row, each with its interval: as it is, at equal case mix, drawn to the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.reference import upright_line
from dashboard.figures.rows import names_axis, whiskers
from dashboard.figures.theme import BLUE, GREY, ORANGE, TEAL

_LOOKS = {"raw": (GREY, "circle-open"), "adjusted": (BLUE, "diamond"), "shrunken": (TEAL, "circle")}
_STEP = 0.26  # of a row, from one estimate to the next


def estimates(frame: pd.DataFrame, names: Sequence[str], *, reference: float, reference_name: str, share: bool = True) -> Figure:
    """frame: label, is_apart, href and, of each of `names` (raw, adjusted, shrunken), <name>, <name>_low, <name>_high, <name>_hover; first row on top.

    A missing estimate leaves its place empty. Shape says what colour says; a row that stands apart says so by its name's sign.
    """
    first = -(len(names) - 1) / 2 * _STEP
    places = [first + number * _STEP for number in range(len(names))]
    data = [
        whiskers(frame[f"{name}_low"], frame[f"{name}_high"], [round(row + place, 3) for row in range(len(frame))], width=3)
        for name, place in zip(names, places, strict=True)
    ]
    data += [_marks(frame, name, place) for name, place in zip(names, places, strict=True)]
    labels = [
        f"<span style='color:{ORANGE}'>■</span> {label}" if is_apart else label
        for label, is_apart in zip(frame["label"], frame["is_apart"], strict=True)
    ]
    return {
        "data": data,
        "layout": {
            "xaxis": {
                "tickformat": ".0%" if share else "",
                "nticks": 5,
                "tickangle": 0,
                "side": "top",
                "range": _range(frame, names, share),
            },
            "yaxis": names_axis(labels),
            "hovermode": "closest",
            "margin": {"l": 8, "r": 16, "t": 26, "b": 22},
            **upright_line(reference, reference_name),
        },
    }


def _marks(frame: pd.DataFrame, name: str, place: float) -> dict[str, Any]:
    colour, symbol = _LOOKS[name]
    rows = [row for row, value in enumerate(frame[name]) if pd.notna(value)]
    part = frame.iloc[rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(value) for value in part[name]],
        "y": [round(row + place, 3) for row in rows],
        "text": part[f"{name}_hover"].tolist(),
        "hoverinfo": "text",
        "customdata": part["href"].tolist(),
        "cliponaxis": False,
        "marker": {"color": colour, "symbol": symbol, "size": 7, "line": {"width": 1.6, "color": colour}},
    }


def _range(frame: pd.DataFrame, names: Sequence[str], share: bool) -> list[float]:
    """A little more than values and intervals need; within 0–1 for shares."""
    values = [float(value) for name in names for end in ("", "_low", "_high") for value in frame[name + end].dropna()]
    low, high = min(values, default=0.0), max(values, default=1.0)
    pad = (high - low) * 0.04 or 0.01
    return [max(low - pad, -0.01), min(high + pad, 1.01) if share else high + pad]
