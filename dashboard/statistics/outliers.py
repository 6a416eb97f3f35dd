"""Does one unit differ from all the others taken together? Tests for many units at once, and how many of them may be false."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers, ratio
from dashboard.statistics.spread import between, winsorised
from dashboard.statistics.standardise import standardised

_HALF = 0.5  # Haldane and Anscombe's, so that 0 and n have log-odds


@dataclass(frozen=True)
class Compared:
    """One entry a unit. rate: its own · rest: all other units' · alike: the others' at the unit's own mix of strata, NaN where
    fewer than half of its cases have any like them elsewhere · p: that a unit like the others has so high a rate.
    """

    rate: Numbers
    rest: Numbers
    alike: Numbers
    p: Numbers


def above_the_rest(events: Numbers, cases: Numbers) -> Compared:
    """events, cases: units × strata, at least three units; one without cases has no rate and no p (NaN).

    A unit is high only if it is so in three ways, each with its own test, the largest p being the answer: against all others
    (Fisher's exact test), against the others' cases of the same strata (Mantel and Haenszel 1959), and against how much units
    usually differ (the random-effects funnel of Spiegelhalter 2005, without the unit itself). NaN where no other has cases.
    """
    from scipy.stats import hypergeom  # on use: scipy.stats takes two seconds, and few pages ask

    x, n = events.sum(axis=1), cases.sum(axis=1)
    others_x, others_n = x.sum() - x, n.sum() - n
    rate, rest = ratio(x, n), ratio(others_x, others_n)
    exact = hypergeom.sf(x - 1, n.sum(), x.sum(), n)
    variance = _chance(rest, n, others_n) + _spread(np.nan_to_num(rate), n)
    p = np.fmax(exact, _upper_tail(ratio(rate - rest, np.sqrt(variance))))
    mix = standardised(events, cases)
    alike = np.where(
        mix.covered >= 0.5, ratio(mix.expected, n * mix.covered), np.nan
    )  # the rest of the unit as the half that is known
    p = np.fmax(p, np.where(np.isnan(alike), 0.0, _mantel_haenszel(events, cases)))
    return Compared(rate, rest, alike, np.where((n > 0) & (others_n > 0), p, np.nan))


def risen_more_than_the_rest(events: Numbers, cases: Numbers, events_before: Numbers, cases_before: Numbers) -> Compared:
    """One entry a unit and period, at least three units. alike: the unit's earlier rate, changed as all others' changed.

    Tests the difference of two changes of log-odds, the unit's and the others' (Woolf 1955 with halves added), against chance
    and against how much such changes usually differ between units.
    """
    odds, variance = _log_odds(events, cases)
    odds_before, variance_before = _log_odds(events_before, cases_before)
    others, others_variance = _log_odds(events.sum() - events, cases.sum() - cases)
    others_before, others_before_variance = _log_odds(events_before.sum() - events_before, cases_before.sum() - cases_before)
    own, common = odds - odds_before, others - others_before
    chance = variance + variance_before
    p = _upper_tail(
        (own - common)
        / np.sqrt(
            chance + others_variance + others_before_variance + between(winsorised(_without_each(own)), _without_each(chance))
        )
    )
    rest = ratio(events.sum() - events, cases.sum() - cases)
    return Compared(ratio(events, cases), rest, 1 / (1 + np.exp(-(odds_before + common))), np.where(cases > 0, p, np.nan))


def discoveries(p: npt.ArrayLike) -> Numbers:
    """p adjusted so that calling all below q true makes at most a share q of those calls false (Benjamini and Hochberg 1995).

    Each of m sorted values times m over its rank, and no larger than any after it. Three lines, so that a page or a report need not
    wait for scipy.stats.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    raised = values[order] * len(values) / np.arange(1, len(values) + 1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted


def middle_half(rates: npt.ArrayLike) -> float:
    """How far apart the quartiles lie; NaN of no rates."""
    values = np.asarray(rates, dtype=np.float64)
    return float(np.subtract(*np.quantile(values, [0.75, 0.25]))) if len(values) else float("nan")


def _upper_tail(deviations: Numbers) -> Numbers:
    """Share of a normal distribution above."""
    from scipy.special import ndtr

    return np.asarray(ndtr(-deviations), dtype=np.float64)


def _chance(share: Numbers, n: Numbers, others: Numbers) -> Numbers:
    """Variance of the difference of two rates that are both `share`; never 0, as a share of 0 is an estimate too."""
    kept = np.clip(share, _HALF / np.maximum(others, 1), 1 - _HALF / np.maximum(others, 1))
    return np.asarray(kept * (1 - kept) * (1 / np.maximum(n, 1) + 1 / np.maximum(others, 1)), dtype=np.float64)


def _spread(rate: Numbers, n: Numbers) -> Numbers:
    """Variance between the other units beyond chance, for each unit: Σn(r − r̄)²/Σn − r̄(1 − r̄)/n̄, not below 0 (Marshall 1991)."""
    others, weight = winsorised(_without_each(rate)), _without_each(n)
    mean = np.average(others, axis=1, weights=weight)
    found = np.average((others - mean[:, None]) ** 2, axis=1, weights=weight) - mean * (1 - mean) / weight.mean(axis=1)
    return np.asarray(np.maximum(found, 0.0), dtype=np.float64)


def _without_each(values: Numbers) -> Numbers:
    """One row a unit: the values of all others."""
    size = len(values)
    return np.broadcast_to(values, (size, size))[~np.eye(size, dtype=bool)].reshape(size, size - 1)


def _mantel_haenszel(events: Numbers, cases: Numbers) -> Numbers:
    """One-sided p of each unit against all others within strata, with the correction for continuity."""
    x, n = events.sum(axis=0), cases.sum(axis=0)
    expected = ratio(cases * x, n)
    variance = ratio(cases * (n - cases) * x * (n - x), n**2 * (n - 1))
    excess = np.nansum(events - expected, axis=1) - _HALF
    deviation = np.sqrt(np.nansum(variance, axis=1))
    return np.where(deviation > 0, _upper_tail(ratio(excess, deviation)), 1.0)


def _log_odds(events: Numbers, cases: Numbers) -> tuple[Numbers, Numbers]:
    """Log-odds and their variance."""
    yes, no = events + _HALF, cases - events + _HALF
    return np.log(yes / no), 1 / yes + 1 / no
