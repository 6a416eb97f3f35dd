"""Effects with their intervals: one after the other in time, or a row a unit; the line of no effect goes through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.rows import names_axis, whiskers
from dashboard.figures.theme import BLUE, GREY, ORANGE, QUIET

PLAIN, SHOWN, TRUE = "plain", "shown", "true"
_LOOKS = {PLAIN: (GREY, "circle-open", 7), SHOWN: (BLUE, "circle", 8), TRUE: (ORANGE, "diamond", 11)}
"""When nothing was done · after it · the one all is about."""


@dataclass(frozen=True)
class Level:
    """A value across the figure, with its name."""

    value: float
    name: str


def effects_in_time(
    frame: pd.DataFrame, *, ticks: dict[float, str], unit: str, lang: str, nothing: str, begins: float | None = None, begins_name: str = "",
    level: Level | None = None,
) -> Figure:  # fmt: skip
    """frame: at, value, low, high, look (a key of _LOOKS), hover, in order; an effect that is not known has no mark. unit: of the
    values · nothing: name of the line at 0 · begins: where something was done · level: an effect to hold them against.
    """
    above, below = ("top", "bottom") if level is None or level.value < 0 else ("bottom", "top")
    shapes, names = _level(Level(0.0, nothing), GREY, "middle" if level is None else below)
    if level is not None:
        more = _level(level, ORANGE, above)
        shapes, names = shapes + more[0], names + more[1]
    if begins is not None:
        shapes.append(_begin(begins))
        names.append({"showarrow": False, "x": begins, "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "center", "text": begins_name,
                      "font": {"size": 11, "color": ORANGE}})  # fmt: skip
    return {
        "data": [_upright(frame), *(_marks(frame, look, "at", "value") for look in _LOOKS)],
        "layout": {
            "xaxis": {"tickvals": list(ticks), "ticktext": list(ticks.values()), "ticks": "", "showgrid": False, "tickangle": 0},
            "yaxis": {"nticks": 6, "ticksuffix": "%" if unit == "%" else "", "range": _range(frame, level)},
            "hovermode": "closest",
            "hoverdistance": 30,
            "shapes": shapes,
            "annotations": names,
            "margin": {
                "l": 8,
                "r": 14 + max(len(name) for name in (nothing, level.name if level else "")) * (12 if lang == "zh" else 6.5),
                "t": 24,
                "b": 8,
            },
        },
    }


def effects_by_row(frame: pd.DataFrame, *, unit: str, nothing: str, level: Level | None = None) -> Figure:
    """frame: label, value, low, high, look, hover; first row on top. A row whose value is not known keeps its name."""
    shapes, names = _upright_level(Level(0.0, nothing), GREY)
    if level is not None:
        more = _upright_level(level, ORANGE, line=1)
        shapes, names = shapes + more[0], names + more[1]
    rows = frame.assign(row=range(len(frame)))
    return {
        "data": [
            whiskers(rows["low"], rows["high"], rows["row"], width=4),
            *(_marks(rows, look, "value", "row") for look in _LOOKS),
        ],
        "layout": {
            "xaxis": {"nticks": 5, "ticksuffix": "%" if unit == "%" else "", "tickangle": 0, "side": "top", "range": _range(frame, level)},
            "yaxis": names_axis(frame["label"].tolist()),
            "hovermode": "closest",
            "shapes": shapes,
            "annotations": names,
            "margin": {"l": 8, "r": 16, "t": 26, "b": 36 if level else 22},
        },
    }  # fmt: skip


def _upright(frame: pd.DataFrame) -> dict[str, Any]:
    xs: list[Any] = []
    ys: list[Any] = []
    for at, low, high in zip(frame["at"], frame["low"], frame["high"], strict=True):
        if pd.notna(low) and pd.notna(high):
            xs, ys = [*xs, at, at, None], [*ys, float(low), float(high), None]
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": {"color": QUIET, "width": 4}, "hoverinfo": "skip"}


def _marks(frame: pd.DataFrame, look: str, x: str, y: str) -> dict[str, Any]:
    colour, symbol, size = _LOOKS[look]
    part = frame[(frame["look"] == look) & frame["value"].notna()]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": part[x].tolist(),
        "y": part[y].tolist(),
        "text": part["hover"].tolist(),
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {"color": colour, "symbol": symbol, "size": size, "line": {"width": 1.6, "color": colour}},
    }


def _upright_level(level: Level, colour: str, line: int = 0) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """From top to bottom, named below, in that line of names."""
    ends = {"x0": level.value, "x1": level.value, "yref": "paper", "y0": 0, "y1": 1}
    place = {"x": level.value, "yref": "paper", "y": 0, "yanchor": "top", "yshift": -13 * line}
    return _named_line(ends, place, level.name, colour)


def _level(level: Level, colour: str, anchor: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """From side to side, named in the margin on the right, where no mark is."""
    ends = {"y0": level.value, "y1": level.value, "xref": "paper", "x0": 0, "x1": 1}
    place = {"y": level.value, "xref": "paper", "x": 1, "xanchor": "left", "xshift": 4, "yanchor": anchor}
    return _named_line(ends, place, level.name, colour)


def _named_line(
    ends: dict[str, Any], place: dict[str, Any], name: str, colour: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shape = {"type": "line", **ends, "line": {"color": colour, "width": 1.3, "dash": "dot"}}
    return [shape], [{"showarrow": False, **place, "text": name, "font": {"size": 11, "color": colour}}]


def _begin(at: float) -> dict[str, Any]:
    ends = {"x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", **ends, "line": {"color": ORANGE, "width": 1.4, "dash": "dash"}}


def _range(frame: pd.DataFrame, level: Level | None) -> list[float]:
    """What values, no effect and the level need; of intervals no more than three times that, as one of a few cases is endless."""
    values: Sequence[float] = [0.0, *frame["value"].dropna().tolist(), *([level.value] if level else [])]
    low, high = min(values), max(values)
    reach = 3 * max(high - low, 1e-9)
    ends = [*frame["low"].dropna().tolist(), *frame["high"].dropna().tolist()]
    low, high = max(min([low, *ends]), low - reach), min(max([high, *ends]), high + reach)
    pad = (high - low) * 0.08 or 1.0
    return [low - pad, high + pad]
