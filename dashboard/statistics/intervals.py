"""Intervals of proportions and of counts, for whole columns at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2, norm
from statsmodels.stats.proportion import proportion_confint

Numbers = npt.NDArray[np.float64]
EXACT_BELOW = 10
"""Byar's approximation is replaced by the exact limits for smaller counts."""


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Wilson's interval of successes ÷ trials: lower and upper limits within 0–1, NaN where trials is 0 or missing.

    Successes may be sums of credits. Source: Wilson 1927, through statsmodels.
    """
    x, n = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    known = (n > 0) & ~np.isnan(x)
    low, high = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    if known.any():
        found = proportion_confint(x[known], n[known], alpha=1 - confidence, method="wilson")
        low[known], high[known] = (np.clip(np.asarray(limit, dtype=np.float64), 0.0, 1.0) for limit in found)
    return low, high


def byar(counts: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Byar's approximate interval of a Poisson count; NaN where the count is missing. Source: Breslow and Day 1987, p. 69."""
    observed = np.asarray(counts, dtype=np.float64)
    z = float(norm.ppf(0.5 + confidence / 2))
    some = np.where(observed > 0, observed, np.nan)
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    more = observed + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(observed == 0, 0.0, np.maximum(low, 0.0)), high


def poisson(counts: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Interval of a Poisson count: exact (χ²) below 10, Byar's above; divide by the exposure for a rate's."""
    observed = np.asarray(counts, dtype=np.float64)
    tail = (1 - confidence) / 2
    low, high = byar(observed, confidence)
    few = observed < EXACT_BELOW
    exact_low = np.where(observed > 0, chi2.ppf(tail, np.maximum(2 * observed, 1)) / 2, 0.0)
    exact_high = chi2.ppf(1 - tail, 2 * (observed + 1)) / 2
    return np.where(few, exact_low, low), np.where(few, exact_high, high)
