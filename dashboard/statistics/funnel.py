"""How far from the common value chance may carry a unit of its size: funnel plots instead of league tables.

Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from dashboard.statistics.intervals import quantile
from dashboard.statistics.ratios import Numbers, aligned, ratio
from dashboard.statistics.spread import beyond_chance, winsorised

WARNING, ACTION = 0.95, 0.998
"""Shares of like units within the inner and the outer limits: one in twenty, and one in five hundred, lies beyond."""
EXACT_BELOW = 20
"""Expected events of the smallest unit, below which the limits are the exact ones."""
Allowance = Literal["none", "multiplied", "added"]
Limits = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Dispersion:
    """By how much units differ more than chance: phi of 1 is chance alone. phi is Σz² ÷ units, z winsorised by a tenth at either
    end; phi_low–phi_high its 95 % interval (χ²), wide for a dozen units; added: the variance between units (τ²).
    """

    units: int
    phi: float
    phi_low: float
    phi_high: float
    added: float

    @property
    def is_beyond_chance(self) -> bool:
        """Whether there is any to allow for: not while units × phi ≤ units − 1."""
        return self.units * self.phi > self.units - 1


@dataclass(frozen=True)
class Funnel:
    """One entry a unit, NaN for one without cases. size: cases, or expected events or exposure · value: its own · z: its distance
    from the centre in standard deviations, after the allowance · beyond: 0, or ±1 outside the 95 %, ±2 outside the 99.8 % limits.
    """

    centre: float
    size: Numbers
    value: Numbers
    z: Numbers
    beyond: npt.NDArray[np.int8]
    dispersion: Dispersion
    _around: Callable[[Numbers, float], Limits]

    def limits(self, sizes: npt.ArrayLike, confidence: float = ACTION) -> Limits:
        """Lower and upper limits for units of these sizes: the curves to draw. NaN for a size of 0."""
        return self._around(np.asarray(sizes, dtype=np.float64), confidence)


def of_shares(events: npt.ArrayLike, cases: npt.ArrayLike, *, centre: float | None = None, allow: Allowance = "none") -> Funnel:
    """Units' shares around `centre`, without one the share of all together. Limits are binomial, exact for however few cases."""
    x, n = aligned(events, cases)
    mean = _overall(x, n) if centre is None else centre
    return _funnel(x, n, _Chance(mean, mean * (1 - mean), partial(binomial_limits, mean), 1.0), allow)


def of_rates(counts: npt.ArrayLike, exposure: npt.ArrayLike, *, centre: float | None = None, allow: Allowance = "none") -> Funnel:
    """Units' counts ÷ exposure around `centre`, without one the rate of all together. For standardised ratios: observed, expected,
    centre=1. Limits are Poisson's, the exact ones for all units where fewer than twenty events are expected of any.
    """
    x, n = aligned(counts, exposure)
    mean = _overall(x, n) if centre is None else centre
    usual = bool(np.all(mean * n[n > 0] >= EXACT_BELOW))
    limits = partial(_rate_limits, poisson_limits if usual else exact_poisson_limits, mean)
    return _funnel(x, n, _Chance(mean, mean, limits, np.inf), allow)


def binomial_limits(share: float, cases: npt.ArrayLike, confidence: float = WARNING) -> Limits:
    """Limits for the share of units of so many cases when each case has the chance `share`; NaN without cases.

    Exact, and interpolated between whole numbers of events so that the curves are smooth (Spiegelhalter 2005, A.1.1). His upper
    limit lies one case lower, and a unit of twenty cases is beyond it two to three times as often as it says; here never more often.
    """
    from scipy.special import betainc  # on use

    n = np.asarray(cases, dtype=np.float64)
    some = np.where(n > 0, n, 1.0)

    def at_most(events: Numbers) -> Numbers:
        inside = (events >= 0) & (events < some)
        found = betainc(np.where(inside, some - events, 1.0), np.where(inside, events + 1, 1.0), 1 - share)
        return np.where(inside, found, np.where(events < 0, 0.0, 1.0))

    low, high = _interpolated(at_most, np.ceil(some), confidence)
    if not 0 < share < 1:
        low, high = share * some, share * some
    return np.where(n > 0, np.clip(low / some, 0.0, share), np.nan), np.where(n > 0, np.clip(high / some, share, 1.0), np.nan)


def poisson_limits(expected: npt.ArrayLike, confidence: float = WARNING) -> Limits:
    """Limits for observed ÷ expected events; NaN where none are expected. Source: χ²(p; 2E) ÷ 2E … χ²(1 − p; 2E + 2) ÷ 2E.

    For twenty expected events or more: of two expected, none at all would count as beyond the outer limit, which is every seventh unit.
    """
    from scipy.special import gammaincinv  # on use

    mean, tail = np.asarray(expected, dtype=np.float64), (1 - confidence) / 2
    some = np.where(mean > 0, mean, np.nan)
    return gammaincinv(some, tail) / some, gammaincinv(some + 1, 1 - tail) / some


def exact_poisson_limits(expected: npt.ArrayLike, confidence: float = WARNING) -> Limits:
    """The same for however few expected events: exact, and interpolated as binomial limits are."""
    from scipy.special import gammaincc  # on use

    mean = np.asarray(expected, dtype=np.float64)
    some = np.where(mean > 0, mean, 1.0)

    def at_most(events: Numbers) -> Numbers:
        return np.where(events >= 0, gammaincc(np.maximum(events, 0.0) + 1, some), 0.0)

    low, high = _interpolated(at_most, np.ceil(some + 20 * np.sqrt(some) + 20), confidence)
    return np.where(mean > 0, np.clip(low / some, 0.0, 1.0), np.nan), np.where(mean > 0, np.maximum(high / some, 1.0), np.nan)


def dispersion(z: npt.ArrayLike, variances: npt.ArrayLike) -> Dispersion:
    """z: distances from the common value in standard deviations · variances: of the units' values by chance; units with NaN are
    left out. Of fewer than two units nothing is known: phi is NaN and nothing is added.
    """
    from scipy.special import gammaincinv  # on use

    deviation, variance = aligned(z, variances)
    known = ~np.isnan(deviation) & (variance > 0)
    units = int(known.sum())
    if units < 2:
        return Dispersion(units, np.nan, np.nan, np.nan, 0.0)
    total = float((winsorised(deviation[known]) ** 2).sum())
    low, high = (total / (2 * gammaincinv((units - 1) / 2, tail)) for tail in (0.975, 0.025))
    added = beyond_chance(total - (units - 1), 1 / variance[known])
    return Dispersion(units, total / units, float(low), float(high), float(added))


@dataclass(frozen=True)
class _Chance:
    """What chance alone does around the mean. variance: of a unit of size 1 · limits: at sizes and a confidence · ceiling: of values."""

    mean: float
    variance: float
    limits: Callable[[Numbers, float], Limits]
    ceiling: float


def _funnel(x: Numbers, n: Numbers, chance: _Chance, allow: Allowance) -> Funnel:
    value, variance = ratio(x, n), ratio(chance.variance, n)
    apart = value - chance.mean
    found = dispersion(_deviations(apart, variance), variance)
    factor, added = _allowances(found, allow)
    around = partial(_widened, chance, factor, added)
    sides = [_side(value, *around(n, confidence)) for confidence in (WARNING, ACTION)]
    return Funnel(chance.mean, n, value, _deviations(apart, variance * factor**2 + added), sides[0] + sides[1], found, around)


def _allowances(found: Dispersion, allow: Allowance) -> tuple[float, float]:
    """Factor on the standard deviations, and what is added to the variances."""
    if allow == "none" or not found.is_beyond_chance:
        return 1.0, 0.0
    return (max(1.0, math.sqrt(found.phi)), 0.0) if allow == "multiplied" else (1.0, found.added)


def _widened(chance: _Chance, factor: float, added: float, size: Numbers, confidence: float) -> Limits:
    """The limits of chance, their distances from the mean taken for z standard deviations: so they stay lopsided where few cases are."""
    low, high = chance.limits(size, confidence)
    more = quantile(confidence) ** 2 * added
    below, above = (np.sqrt((factor * (limit - chance.mean)) ** 2 + more) for limit in (low, high))
    return np.maximum(chance.mean - below, 0.0), np.minimum(chance.mean + above, chance.ceiling)


def _rate_limits(limits: Callable[[Numbers, float], Limits], mean: float, exposure: Numbers, confidence: float) -> Limits:
    low, high = limits(mean * exposure, confidence)
    return mean * low, mean * high


def _side(value: Numbers, low: Numbers, high: Numbers) -> npt.NDArray[np.int8]:
    slack = 1e-9 * np.maximum(np.abs(value), 1e-9)  # units all alike must not lie beyond by rounding
    return (value > high + slack).astype(np.int8) - (value < low - slack).astype(np.int8)


def _deviations(apart: Numbers, variance: Numbers) -> Numbers:
    """In standard deviations; 0 where chance leaves no room and the unit is where all are."""
    return np.where(apart == 0, 0.0, ratio(apart, np.sqrt(variance)))


def _overall(x: Numbers, n: Numbers) -> float:
    known = (n > 0) & ~np.isnan(x)
    return float(ratio(x[known].sum(), n[known].sum()))


def _interpolated(at_most: Callable[[Numbers], Numbers], most: Numbers, confidence: float) -> Limits:
    """Numbers of events between which a unit like the others stays, but for half of what the confidence leaves at either end."""
    tail = (1 - confidence) / 2
    return _crossing(at_most, most, tail), _crossing(at_most, most, 1 - tail) + 1


def _crossing(at_most: Callable[[Numbers], Numbers], most: Numbers, chance: float) -> Numbers:
    """r − α: r the fewest events with P(R ≤ r) > chance, α = (P(R ≤ r) − chance) ÷ P(R = r)."""
    none, fewest = np.full(most.shape, -1.0), most
    while np.any(fewest - none > 1):
        middle = np.floor((none + fewest) / 2)
        enough = at_most(middle) > chance
        none, fewest = np.where(enough, none, middle), np.where(enough, middle, fewest)
    reached = at_most(fewest)
    return fewest - (reached - chance) / np.maximum(reached - at_most(fewest - 1), np.finfo(float).tiny)
