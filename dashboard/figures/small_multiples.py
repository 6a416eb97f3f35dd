"""One small line a unit on one common scale, the line of the whole pale behind: each an SVG of a few hundred bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from dashboard.figures.theme import BLUE, GREY

WIDTH, HEIGHT, PAD = 160.0, 56.0, 3.0
FENCE = 3

Course = Sequence[float | None]


def small_lines(units: Mapping[str, Course], whole: Course) -> dict[str, str]:
    """unit → an image (data: address) of its course on the scale of all of them; gaps are bridged.

    units and whole are equally long; nothing known at all gives an image without a line.
    """
    low, high = scale([*units.values(), whole])
    behind = _lines(whole, low, high, GREY, "1.2", " stroke-opacity='.65'")
    return {unit: _image(behind + _lines(course, low, high, BLUE, "1.8")) for unit, course in units.items()}


def scale(courses: Sequence[Course]) -> tuple[float, float]:
    """The scale all share: lowest to highest, but no further than three interquartile ranges from the middle half.

    A week of a tiny unit would otherwise press all lines flat; what lies beyond is drawn at the edge. 0 and 1 without values.
    """
    known = sorted(value for course in courses for value in course if value is not None)
    if not known:
        return 0.0, 1.0
    lower, upper = known[len(known) // 4], known[3 * len(known) // 4]
    reach = FENCE * (upper - lower)
    return max(known[0], lower - reach), min(known[-1], upper + reach)


def _lines(course: Course, low: float, high: float, colour: str, width: str, extra: str = "") -> str:
    step = (WIDTH - 2 * PAD) / max(len(course) - 1, 1)
    points = []
    for place, value in enumerate(course):
        if value is not None:
            rise = min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)
            points.append(f"{PAD + place * step:.0f},{HEIGHT - PAD - rise * (HEIGHT - 2 * PAD):.0f}")
    path = "M" + " ".join(points if len(points) > 1 else points * 2) if points else ""
    return f"<path d='{path}' stroke='{colour}' stroke-width='{width}'{extra} vector-effect='non-scaling-stroke'/>"


def _image(lines: str) -> str:
    size = f"viewBox='0 0 {WIDTH:.0f} {HEIGHT:.0f}' preserveAspectRatio='none'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {size} fill='none' stroke-linejoin='round' stroke-linecap='round'>{lines}</svg>"
    return "data:image/svg+xml," + quote(svg, safe=" '=/:<>,.-")
