"""One small line a unit on one common scale, the line of the whole pale behind: each an SVG of a few hundred bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from dashboard.figures.theme import BLUE, GREY

HEIGHT, PAD = 56, 3
"""Of an image, in pixels about; across it is as many steps wide as there are points, stretched to its place."""
FENCE = 3

Course = Sequence[float | None]


def small_lines(units: Mapping[str, Course], whole: Course) -> dict[str, str]:
    """unit → an image (data: address) of its course on the scale of all of them; gaps are bridged.

    units and whole are equally long; nothing known at all gives an image without a line.
    """
    low, high = scale([*units.values(), whole])
    behind = _lines(whole, low, high, GREY, "1.2", " stroke-opacity='.65'")
    wide = max(len(whole) - 1, 1)
    return {unit: _image(behind + _lines(course, low, high, BLUE, "1.8"), wide) for unit, course in units.items()}


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
    """Each point as steps from the one before: shorter than places, of which no two are alike."""
    path, at, before = "", 0, 0
    for place, value in enumerate(course):
        if value is not None:
            rise = min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)
            down = round(HEIGHT - PAD - rise * (HEIGHT - 2 * PAD))
            path += f" {place - at} {down - before}" if path else f"M{place} {down}l0 0"
            at, before = place, down
    return f"<path d='{path}' stroke='{colour}' stroke-width='{width}'{extra} vector-effect='non-scaling-stroke'/>"


def _image(lines: str, wide: int) -> str:
    size = f"viewBox='-.5 0 {wide + 1} {HEIGHT}' preserveAspectRatio='none'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {size} fill='none' stroke-linejoin='round' stroke-linecap='round'>{lines}</svg>"
    return "data:image/svg+xml," + quote(svg, safe=" '=/:<>,.-")
