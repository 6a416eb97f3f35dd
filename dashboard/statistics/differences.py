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


def more_than_before(now: int, before: int, periods: int) -> float:
    """The chance of at least `now` events in one period when `periods` as long ones before had `before` in all and nothing changed.

    Exact: of now + before events each falls into the last period with chance 1 / (periods + 1) (Przyborowski and Wilenski 1940).
    """
    from scipy.special import bdtrc  # on use

    return 1.0 if now == 0 else float(bdtrc(now - 1, now + before, 1 / (periods + 1)))
