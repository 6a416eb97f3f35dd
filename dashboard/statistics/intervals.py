"""Intervals of proportions and of counts, for whole columns at once."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers

EXACT_BELOW = 10
"""Byar's approximation is replaced by the exact limits for smaller counts."""


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Wilson's interval of successes ÷ trials: lower and upper limits within 0–1, NaN where trials is 0 or missing.

    Successes may be sums of credits. Source: Wilson 1927. Written out because every page needs it and no page can wait the three
    seconds that importing a statistics library takes.
    """
    x, n = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    n = np.where(n > 0, n, np.nan)
    z = quantile(confidence)
    share, spread = x / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(np.maximum(share * (1 - share), 0.0) / n + spread / (4 * n)) / (1 + spread)
    # 0 and 1 exactly where the algebra says so: a hair's breadth would make a community of 10 of 10 differ from a whole of 100 %
    low, high = np.where(x <= 0, 0.0 * n, middle - half), np.where(x >= n, 1.0 + 0.0 * n, middle + half)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def quantile(confidence: float) -> float:
    """How many standard deviations hold this share of a normal distribution: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def byar(counts: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Byar's approximate interval of a Poisson count; NaN where the count is missing. Source: Breslow and Day 1987, p. 69."""
    observed = np.asarray(counts, dtype=np.float64)
    z = quantile(confidence)
    some = np.where(observed > 0, observed, np.nan)
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    more = observed + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(observed == 0, 0.0, np.maximum(low, 0.0)), high


def poisson(counts: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Interval of a Poisson count: exact (χ²) below 10, Byar's above; divide by the exposure for a rate's."""
    from scipy.special import gammaincinv  # on use: it costs a first page a quarter of a second

    observed = np.asarray(counts, dtype=np.float64)
    tail = (1 - confidence) / 2
    low, high = byar(observed, confidence)
    few = observed < EXACT_BELOW
    exact_low = np.where(observed > 0, gammaincinv(np.maximum(observed, 0.5), tail), 0.0)
    exact_high = gammaincinv(observed + 1, 1 - tail)
    return np.where(few, exact_low, low), np.where(few, exact_high, high)
