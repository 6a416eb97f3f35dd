"""What a unit would have were its cases handled as elsewhere: indirect standardisation by the mix of its cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.intervals import poisson
from dashboard.statistics.ratios import Numbers, aligned, ratio


@dataclass(frozen=True)
class Standardised:
    """One entry a unit, of its cases in strata that others have too. observed, expected: events · ratio: one over the other, with
    its interval · rate: ratio × overall, the rate of all units · covered: share of the unit's cases that lie in such strata.
    """

    observed: Numbers
    expected: Numbers
    ratio: Numbers
    low: Numbers
    high: Numbers
    covered: Numbers
    overall: float

    @property
    def rate(self) -> Numbers:
        """The unit's rate, had it everybody's mix of cases."""
        return self.ratio * self.overall

    @property
    def rate_low(self) -> Numbers:
        """Lower limit of the rate."""
        return self.low * self.overall

    @property
    def rate_high(self) -> Numbers:
        """Upper limit of the rate."""
        return self.high * self.overall


def standardised(events: npt.ArrayLike, cases: npt.ArrayLike, *, confidence: float = 0.95) -> Standardised:
    """events, cases: units × strata, a stratum being one combination of what makes cases unlike; NaN counts as none.

    The reference of a unit is all others, without itself: with a dozen units it would be compared with itself in good part.
    Strata that no other unit has are left out on both sides, which `covered` tells. Give the rarer of the two outcomes (late, not
    on time): the interval takes events for Poisson's and the expected number for known, so it is wide for common ones. Two units'
    ratios are not comparable with each other where their mixes differ much. NaN where nothing is expected.
    """
    x, n = (np.nan_to_num(np.atleast_2d(np.asarray(values, dtype=np.float64))) for values in (events, cases))
    others = elsewhere(x, n)
    shared = ~np.isnan(others) & (n > 0)
    observed = np.where(shared, x, 0.0).sum(axis=1)
    expected = np.where(shared, n * np.nan_to_num(others), 0.0).sum(axis=1)
    found, low, high = ratio_interval(observed, expected, confidence)
    covered = ratio(np.where(shared, n, 0.0).sum(axis=1), n.sum(axis=1))
    return Standardised(observed, expected, found, low, high, covered, float(ratio(x.sum(), n.sum())))


def elsewhere(events: Numbers, cases: Numbers) -> Numbers:
    """The rate of all other units in each stratum, units × strata; NaN where no other has cases."""
    return ratio(events.sum(axis=0) - events, cases.sum(axis=0) - cases)


def ratio_interval(observed: npt.ArrayLike, expected: npt.ArrayLike, confidence: float = 0.95) -> tuple[Numbers, Numbers, Numbers]:
    """observed ÷ expected and its limits: Byar's, exact below 10 events; NaN where nothing is expected. Source: Breslow and Day 1987."""
    events, mean = aligned(observed, expected)
    low, high = poisson(events, confidence)
    return ratio(events, mean), ratio(low, mean), ratio(high, mean)
