"""Whether two periods differ by more than chance: for tables that hold one against the other. The weeks themselves: control.py."""

from __future__ import annotations

from typing import Any

from dashboard.i18n.numbers import is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.statistics.differences import newcombe
from dashboard.statistics.intervals import wilson

BETTER, WORSE, WITHIN = "better", "worse", "within"


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
