"""Whether two shares differ by more than chance."""

from __future__ import annotations

import math

from dashboard.statistics.intervals import wilson


def newcombe(first: float, first_n: float, second: float, second_n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of first − second, two independent shares of first_n and second_n cases; NaN where one has no cases.

    Source: Newcombe 1998, method 10, from the two Wilson intervals.
    """
    low, high = wilson([first * first_n, second * second_n], [first_n, second_n], confidence)
    difference = first - second
    return (
        difference - math.hypot(first - low[0], high[1] - second),
        difference + math.hypot(high[0] - first, second - low[1]),
    )
