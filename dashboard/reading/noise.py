"""Whether a number is more than chance: what a tile may call better or worse.

Shares and counts are held against an earlier period by an interval. Stocks and medians have no simple one: their latest value is
held against the range of the weeks before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dashboard.i18n.numbers import is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.reading.readings import Reading, Usual
from dashboard.statistics.control import xmr
from dashboard.statistics.differences import newcombe
from dashboard.statistics.intervals import wilson

BETTER, WORSE, WITHIN = "better", "worse", "within"
ABOVE, UNDER, INSIDE, FEW_WEEKS = "above", "under", "inside", "few_weeks"
LEAST_WEEKS = 10
"""Earlier weeks without which no range is known."""


def verdict(metric: Metric, value: Any, n: Any, before: Any, before_n: Any) -> str:
    """better, worse, within (no more than chance) or "" (no direction, or no interval known for this kind of number).

    Shares: Newcombe's 95 % interval of the difference, from the two Wilson intervals (Newcombe 1998, method 10). Counts of
    two equally long periods: the 95 % Wilson interval of their split against one half.
    """
    if metric.direction == "neutral" or is_missing(value) or is_missing(before):
        return ""
    if metric.kind == "ratio" and metric.unit == "percent" and n and before_n:
        low, high = newcombe(float(value), float(n), float(before), float(before_n))
    elif metric.kind == "count" and value + before > 0:
        bounds = wilson(float(value), float(value) + float(before))
        low, high = float(bounds[0]) - 0.5, float(bounds[1]) - 0.5
    else:
        return ""
    if low <= 0 <= high:
        return WITHIN
    return BETTER if (low > 0) == (metric.direction == "up") else WORSE


def usual(metric: Metric, course: Sequence[Any]) -> Usual | None:
    """How the last of the weekly values lies to the range of those before; None when it is not known."""
    if not course or is_missing(course[-1]):
        return None
    value = float(course[-1])
    before = [float(earlier) for earlier in course[:-1] if not is_missing(earlier)]
    if len(before) < LEAST_WEEKS:
        return Usual(value, math.nan, math.nan, len(before), FEW_WEEKS, "")
    _, low, high = xmr(before)
    low = max(low, 0.0)  # counts and lengths of time
    place = INSIDE if low <= value <= high else (ABOVE if value > high else UNDER)
    return Usual(value, low, high, len(before), place, _judged(metric, place))


def with_usual(readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those of stocks and medians with the range of their weekly course."""
    return [
        replace(reading, usual=usual(reading.metric, reading.history)) if reading.metric.kind in ("stock", "quantile") else reading
        for reading in readings
    ]


def _judged(metric: Metric, place: str) -> str:
    if place == INSIDE:
        return WITHIN
    if metric.direction == "neutral":
        return ""
    return BETTER if (place == ABOVE) == (metric.direction == "up") else WORSE
