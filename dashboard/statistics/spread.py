"""By how much units differ from each other beyond chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers, ratio

WINSORISED = 0.1
"""Share of units at either end that cannot widen the usual spread: one glaring unit must not hide the next."""


def between(values: npt.ArrayLike, variances: npt.ArrayLike) -> Numbers:
    """Variance between the values of units beyond their own variances, not below 0; along the last axis, 0 for a single unit.

    Around the mean weighted by 1 ÷ variance. Source: DerSimonian and Laird 1986, by moments.
    """
    found, weight = np.asarray(values, dtype=np.float64), 1 / np.asarray(variances, dtype=np.float64)
    mean = ratio((weight * found).sum(axis=-1), weight.sum(axis=-1))
    excess = (weight * (found - mean[..., None]) ** 2).sum(axis=-1) - (found.shape[-1] - 1)
    return beyond_chance(excess, weight)


def beyond_chance(excess: npt.ArrayLike, weights: Numbers) -> Numbers:
    """Variance between units from what Σz² has more than chance gives it; weights: 1 ÷ variance of each unit, on the last axis."""
    total = weights.sum(axis=-1)
    room = total - ratio((weights**2).sum(axis=-1), total)
    # of a single unit nothing but rounding is left, which would make a great spread of a small excess
    return np.nan_to_num(np.maximum(ratio(excess, np.where(room > 1e-9 * total, room, 0.0)), 0.0))


def winsorised(values: npt.ArrayLike) -> Numbers:
    """Values beyond the outer tenths drawn in to where these begin; along the last axis, which must not be empty."""
    found = np.asarray(values, dtype=np.float64)
    low, high = np.quantile(found, [WINSORISED, 1 - WINSORISED], axis=-1, keepdims=True)
    return np.clip(found, low, high)
