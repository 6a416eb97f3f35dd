"""A line the size of a word: the heights of its points; markup.js draws it as a mask, so that it takes its colour from the theme."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.i18n.numbers import is_missing

TALL = 26
"""Steps from the lowest point to the highest: pixels."""
MOST = 26
"""Points: more would be closer together than pixels on a phone."""


def sparkline(values: Sequence[object], description: str) -> html.Div | None:
    """The last 26 values; None when fewer than three of them are known. data-points: heights 0–26, a dot where a value is missing."""
    latest = [None if is_missing(value) else float(value) for value in values[-MOST:]]  # type: ignore[arg-type]
    known = [value for value in latest if value is not None]
    if len(known) < 3:
        return None
    low = min(known)
    spread = (max(known) - low) or 1.0
    heights = ["." if value is None else str(round((value - low) / spread * TALL)) for value in latest]
    return html.Div(className="spark", role="img", **data(points=" ".join(heights)), **aria(label=description))
