"""How evenly something is shared out: the Lorenz curve, Gini's and Theil's coefficients and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers

DRAWS, SEED = 1000, 20260101


def lorenz(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> tuple[Numbers, Numbers]:
    """Points of the curve from (0, 0) to (1, 1): share of the units, least loaded first, and share of the load they carry.

    values: what a unit carries (0 or more) · weights: how much of a unit it is (its weeks, households, workers), 1 when left out;
    units are ordered by value ÷ weight. Nothing carried at all: an even share. Units without a value or weight are left out.
    """
    carried, size = _units(values, weights)
    if not len(carried):
        return np.empty(0), np.empty(0)
    order = np.argsort(carried / size, kind="stable")
    return _cumulated(size[order]), _cumulated(carried[order] if carried.sum() else size[order])


def gini(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """0 (everybody carries alike) to nearly 1; NaN without units. Not corrected for small samples.

    Source: 2 Σ i·x₍ᵢ₎ ÷ (n Σ x) − (n + 1) ÷ n, written as twice the area between the curve and the even share.
    """
    units, load = lorenz(values, weights)
    if not len(units):
        return float("nan")
    return float(1 - np.sum(np.diff(units) * (load[1:] + load[:-1])))


def gini_interval(
    values: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, draws: int = DRAWS, confidence: float = 0.95
) -> tuple[float, float]:
    """Interval of Gini's coefficient over `draws` resamples of the units; NaN below three units."""
    return _interval(*_units(values, weights), _ginis, draws, confidence)


def theil(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """0 (everybody carries alike) to ln of the number of units (one carries all); NaN without units. Weights as in `lorenz`.

    Unlike Gini's, the difference within groups and that between them add up to it. Source: Theil 1967, Σ share of the load ×
    ln(share of the load ÷ share of the units).
    """
    carried, size = _units(values, weights)
    if not len(carried):
        return float("nan")
    return float(_theils(carried, size, np.arange(len(carried), dtype=np.int32)[None, :])[0])


def theil_interval(
    values: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, draws: int = DRAWS, confidence: float = 0.95
) -> tuple[float, float]:
    """Interval of Theil's coefficient over `draws` resamples of the units; NaN below three units."""
    return _interval(*_units(values, weights), _theils, draws, confidence)


Picked = npt.NDArray[np.int32]


def _interval(
    carried: Numbers, size: Numbers, measured: Callable[[Numbers, Numbers, Picked], Numbers], draws: int, confidence: float
) -> tuple[float, float]:
    """Bias-corrected percentile interval; the seed is fixed, so the answer is too.

    The correction matters: a resample repeats units, which makes it look more even than the town. Source: Efron 1987, without
    acceleration.
    """
    units = len(carried)
    if units < 3:
        return float("nan"), float("nan")
    found = measured(carried, size, np.random.default_rng(SEED).integers(units, size=(draws, units), dtype=np.int32))
    own = measured(carried, size, np.arange(units, dtype=np.int32)[None, :])[0]
    below = float(np.clip(np.mean(found < own), 1 / draws, 1 - 1 / draws))
    normal, shift = NormalDist(), 2 * NormalDist().inv_cdf(below)
    tail = normal.inv_cdf((1 - confidence) / 2)
    low, high = np.quantile(found, [normal.cdf(shift + tail), normal.cdf(shift - tail)])
    return float(low), float(high)


def _ginis(carried: Numbers, size: Numbers, picked: Picked) -> Numbers:
    """Gini of each row of picked units. The units are put in order once: sorting their numbers then sorts their loads."""
    order = np.argsort(carried / size, kind="stable")
    rows = np.sort(picked, axis=1)
    load, units = carried[order][rows], size[order][rows]
    total = np.where(load.sum(axis=1) > 0, load.sum(axis=1), np.nan)
    above = 2 * np.cumsum(load, axis=1) - load
    return np.asarray(np.nan_to_num(1 - (units * above).sum(axis=1) / (total * units.sum(axis=1))), dtype=np.float64)


def _theils(carried: Numbers, size: Numbers, picked: Picked) -> Numbers:
    """Theil of each row of picked units; 0 where they carry nothing."""
    each = carried * np.log(np.where(carried > 0, carried, size) / size)
    total = carried[picked].sum(axis=1)
    load = np.where(total > 0, total, np.nan)
    found = each[picked].sum(axis=1) / load - np.log(load / size[picked].sum(axis=1))
    return np.asarray(np.maximum(np.nan_to_num(found), 0.0), dtype=np.float64)


def _units(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[Numbers, Numbers]:
    carried = np.asarray(values, dtype=np.float64)
    size = np.ones_like(carried) if weights is None else np.asarray(weights, dtype=np.float64)
    known = ~np.isnan(carried) & (size > 0)
    return carried[known], size[known]


def _cumulated(parts: Numbers) -> Numbers:
    return np.concatenate([[0.0], np.cumsum(parts) / parts.sum()])
