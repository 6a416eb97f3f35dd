"""A line the size of a word. Drawn as a mask, so that it takes its colour from the theme."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from dashboard.components.attributes import aria
from dashboard.i18n.numbers import is_missing

WIDTH, HEIGHT, PAD = 120, 32, 3
SAFE = " ='/:.,-"
"""Characters that may stand in a quoted data address as they are: the rest, escaped, is three times as long."""
MOST = 26
"""Points: more would be closer together than pixels on a phone."""


def sparkline(values: Sequence[object], description: str) -> html.Div | None:
    """The last 26 values; None when fewer than three of them are known. Gaps are bridged."""
    latest = values[-MOST:]
    known = [(place, float(value)) for place, value in enumerate(latest) if not is_missing(value)]  # type: ignore[arg-type]
    if len(known) < 3:
        return None
    low, high = min(v for _, v in known), max(v for _, v in known)
    spread = (high - low) or 1.0
    step = (WIDTH - 2 * PAD) / max(len(latest) - 1, 1)
    points = [
        (round(PAD + place * step), round(HEIGHT - PAD - (value - low) / spread * (HEIGHT - 2 * PAD))) for place, value in known
    ]
    url = f'url("data:image/svg+xml,{quote(_svg(points), safe=SAFE)}")'
    return html.Div(className="spark", style={"maskImage": url, "WebkitMaskImage": url}, role="img", **aria(label=description))


def _svg(points: Sequence[tuple[int, int]]) -> str:
    line = " ".join(f"{x} {y}" for x, y in points)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'>"
        f"<path d='M{points[0][0]} {HEIGHT} {line} {points[-1][0]} {HEIGHT}' fill-opacity='.13'/>"
        f"<path d='M{line}' fill='none' stroke='black' stroke-width='1.6' stroke-linejoin='round' vector-effect='non-scaling-stroke'/>"
        "</svg>"
    )
