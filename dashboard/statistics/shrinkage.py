"""What is to be expected of a unit next time: its own rate drawn towards that of all, the more the fewer cases it has.

Empirical Bayes. Source: Morris 1983, "Parametric empirical Bayes inference"; for units of one size it is Efron and Morris's estimator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers, aligned, ratio
from dashboard.statistics.spread import between

LEAST_UNITS = 4
"""Fewer units do not tell how much units differ: nothing is drawn anywhere, and there is no verdict."""
DRAWS, SEED = 2000, 20260101
_HALF = 0.5  # of an event among all cases: none and all happened by some chance too


@dataclass(frozen=True)
class Shrunken:
    """One entry a unit; NaN without cases, and all but `own` NaN below four units.

    own: its rate · value: drawn towards the centre · low, high: its interval · weight: how much of its distance from the centre is
    left, 0–1 · rank, rank_low, rank_high: its place, 1 being the highest value, and the interval of that. between: variance of
    the units' true rates.
    """

    centre: float
    between: float
    own: Numbers
    value: Numbers
    low: Numbers
    high: Numbers
    weight: Numbers
    rank: Numbers
    rank_low: Numbers
    rank_high: Numbers


def of_shares(successes: npt.ArrayLike, cases: npt.ArrayLike, *, confidence: float = 0.95) -> Shrunken:
    """Shares of cases, with a beta distribution for each unit. Successes may be sums of credits, at most one a case."""
    x, n = aligned(successes, cases)
    centre, margin = _together(x, n)
    common = np.clip(centre, margin, 1 - margin)
    return _shrunken(x, n, centre, float(common * (1 - common)), _Beta(margin), confidence)


def of_rates(counts: npt.ArrayLike, exposure: npt.ArrayLike, *, confidence: float = 0.95) -> Shrunken:
    """Counts ÷ exposure (households, expected events), with a gamma distribution for each unit."""
    x, n = aligned(counts, exposure)
    centre, margin = _together(x, n)
    return _shrunken(x, n, centre, max(centre, margin), _Gamma(margin), confidence)


def drawn_in(values: Numbers, variances: Numbers, centre: float) -> tuple[Numbers, Numbers, Numbers]:
    """Values drawn towards the centre, their variances then, and what is left of each distance (0–1); at least four values.

    Left is 1 − (k − 3) ÷ (k − 1) · V ÷ (V + A) of k units, V the chance variance, A the variance between units. The variance
    includes that neither centre nor A is known exactly (Morris 1983, 4.1), so it does not vanish where A is estimated as 0.
    """
    units, whole = len(values), variances + between(values, variances)
    pulled = (units - 3) / (units - 1) * variances / whole
    unsure = 2 / (units - 3) * pulled**2 * whole.mean() / whole
    after = variances * (1 - (units - 1) / units * pulled) + unsure * (values - centre) ** 2
    return centre + (1 - pulled) * (values - centre), after, 1 - pulled


class _Shape(Protocol):
    """A family of distributions, given by mean and variance."""

    def fitted(self, mean: Numbers, variance: Numbers) -> tuple[Numbers, Numbers]: ...

    def quantile(self, first: Numbers, second: Numbers, share: float) -> Numbers: ...

    def draws(self, generator: np.random.Generator, first: Numbers, second: Numbers) -> Numbers: ...


@dataclass(frozen=True)
class _Beta:
    margin: float

    def fitted(self, mean: Numbers, variance: Numbers) -> tuple[Numbers, Numbers]:
        inside = np.clip(mean, self.margin, 1 - self.margin)
        room = inside * (1 - inside)
        cases = room / np.minimum(variance, room / 2) - 1  # a share cannot vary more than that of a single case
        return inside * cases, (1 - inside) * cases

    def quantile(self, first: Numbers, second: Numbers, share: float) -> Numbers:
        from scipy.special import betaincinv  # on use

        return np.asarray(betaincinv(first, second, share), dtype=np.float64)

    def draws(self, generator: np.random.Generator, first: Numbers, second: Numbers) -> Numbers:
        return generator.beta(first, second, size=(DRAWS, len(first)))


@dataclass(frozen=True)
class _Gamma:
    margin: float

    def fitted(self, mean: Numbers, variance: Numbers) -> tuple[Numbers, Numbers]:
        some = np.maximum(mean, self.margin)
        return some**2 / variance, variance / some

    def quantile(self, first: Numbers, second: Numbers, share: float) -> Numbers:
        from scipy.special import gammaincinv  # on use

        return np.asarray(second * gammaincinv(first, share), dtype=np.float64)

    def draws(self, generator: np.random.Generator, first: Numbers, second: Numbers) -> Numbers:
        return generator.gamma(first, second, size=(DRAWS, len(first)))


def _shrunken(x: Numbers, n: Numbers, centre: float, variance: float, shape: _Shape, confidence: float) -> Shrunken:
    """variance: by chance, of a unit of one case."""
    own = ratio(x, n)
    known = ~np.isnan(own)
    blank = np.full(own.shape, np.nan)
    if known.sum() < LEAST_UNITS:
        return Shrunken(centre, np.nan, own, *[blank] * 7)
    chance = variance / n[known]
    value, after, left = drawn_in(own[known], chance, centre)
    first, second = shape.fitted(value, after)
    tail = (1 - confidence) / 2
    # the distribution of a unit with hardly an event is so lopsided that its mean may lie beyond the limits
    low = np.minimum(shape.quantile(first, second, tail), value)
    high = np.maximum(shape.quantile(first, second, 1 - tail), value)
    found = []
    for part in (value, low, high, left, *_ranks(shape, first, second, tail)):
        column = blank.copy()
        column[known] = part
        found.append(column)
    return Shrunken(centre, float(between(own[known], chance)), own, *found)


def _ranks(shape: _Shape, first: Numbers, second: Numbers, tail: float) -> Numbers:
    """Median, lower and upper place of each unit over draws with a fixed seed.

    Units are drawn in the order of their numbers, not as they come, so that the answer does not depend on how they are listed.
    Source: Goldstein and Spiegelhalter 1996.
    """
    order = np.lexsort((second, first))
    drawn = shape.draws(np.random.default_rng(SEED), first[order], second[order])
    places = np.empty(drawn.shape, dtype=np.int32)
    np.put_along_axis(places, np.argsort(-drawn, axis=1), np.arange(1, len(order) + 1, dtype=np.int32)[None, :], axis=1)
    found = np.empty((3, len(order)))
    found[:, order] = np.quantile(places, [0.5, tail, 1 - tail], axis=0, method="inverted_cdf")
    return found


def _together(x: Numbers, n: Numbers) -> tuple[float, float]:
    """The rate of all, and that of half an event among them."""
    known = (n > 0) & ~np.isnan(x)
    total = n[known].sum()
    return float(ratio(x[known].sum(), total)), float(ratio(_HALF, total))
