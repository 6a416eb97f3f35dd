"""A line the size of a word. Drawn as a mask, so that it takes its colour from the theme."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from dashboard.components.attributes import aria
from dashboard.i18n.numbers import is_missing

WIDTH, HEIGHT, PAD = 120.0, 32.0, 3.0


def sparkline(values: Sequence[object], description: str) -> html.Div | None:
    """None when fewer than three values are known. Gaps are bridged."""
    known = [(place, float(value)) for place, value in enumerate(values) if not is_missing(value)]  # type: ignore[arg-type]
    if len(known) < 3:
        return None
    low, high = min(v for _, v in known), max(v for _, v in known)
    spread = (high - low) or 1.0
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)
    points = [(PAD + place * step, HEIGHT - PAD - (value - low) / spread * (HEIGHT - 2 * PAD)) for place, value in known]
    url = f'url("data:image/svg+xml,{quote(_svg(points))}")'
    return html.Div(className="spark", style={"maskImage": url, "WebkitMaskImage": url}, role="img", **aria(label=description))


def _svg(points: Sequence[tuple[float, float]]) -> str:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"{points[0][0]:.1f},{HEIGHT} {line} {points[-1][0]:.1f},{HEIGHT}"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH:.0f} {HEIGHT:.0f}' preserveAspectRatio='none'>"
        f"<polygon points='{area}' fill='#000' fill-opacity='.13'/>"
        f"<polyline points='{line}' fill='none' stroke='#000' stroke-width='1.6' stroke-linejoin='round' vector-effect='non-scaling-stroke'/>"
        "</svg>"
    )
