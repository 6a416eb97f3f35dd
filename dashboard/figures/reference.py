"""A dotted line of reference across a figure, with its name at one end."""

from __future__ import annotations

from typing import Any

from dashboard.figures.theme import GREY

_END_OF_NAME = {"left": (0, "left"), "right": (1, "right")}


def upright_line(value: float, name: str) -> dict[str, Any]:
    """Layout entries of a line from bottom to top at x = value, named below it."""
    ends = {"yref": "paper", "y0": 0, "y1": 1, "x0": value, "x1": value}
    return _entries(ends, {"yref": "paper", "y": 0, "x": value, "yanchor": "top"}, name, width=1.2)


def level_line(value: float, name: str, *, at: str, width: float = 1.2) -> dict[str, Any]:
    """Layout entries of a line from side to side at y = value, named above its left or right end. width: pixels."""
    x, anchor = _END_OF_NAME[at]
    ends = {"xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value}
    return _entries(ends, {"xref": "paper", "x": x, "y": value, "xanchor": anchor, "yanchor": "bottom"}, name, width=width)


def _entries(ends: dict[str, Any], place: dict[str, Any], name: str, *, width: float) -> dict[str, Any]:
    shape = {"type": "line", **ends, "line": {"color": GREY, "width": width, "dash": "dot"}}
    return {
        "shapes": [shape],
        "annotations": [{**place, "text": name, "showarrow": False, "font": {"size": 11, "color": GREY}}],
    }
