"""Funnel limits against FunnelPlotR's numbers, against what they promise, and for the unlucky cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtr, pdtr
from scipy.stats import chi2

from dashboard.statistics.funnel import (
    ACTION,
    WARNING,
    Allowance,
    binomial_limits,
    dispersion,
    exact_poisson_limits,
    of_rates,
    of_shares,
    poisson_limits,
)

FUNNEL_PLOT_R = "FunnelPlotR, test-poisson_limits.R"
SHARE = st.floats(0.001, 0.999)
UNITS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("expected", "low", "high", "low_outer", "high_outer"),
    [
        (15, 0.5596924, 1.649348, 0.3862650, 2.082907),
        (20, 0.6108260, 1.544419, 0.4479107, 1.902094),
        (30, 0.6746958, 1.427562, 0.5289724, 1.702771),
    ],
)
def test_limits_of_observed_to_expected(expected: int, low: float, high: float, low_outer: float, high_outer: float) -> None:
    assert np.ravel(poisson_limits([expected])) == pytest.approx([low, high], abs=1e-6), FUNNEL_PLOT_R
    assert np.ravel(poisson_limits([expected], ACTION)) == pytest.approx([low_outer, high_outer], abs=1e-6), FUNNEL_PLOT_R


def test_limits_of_shares_are_interpolated_between_whole_numbers_of_events() -> None:
    """By hand, 20 cases at 30 %: P(R ≤ 1) = .00764 and P(R ≤ 2) = .03548, so the lower limit is (2 − (.03548 − .025)/.02785)/20."""
    low, high = binomial_limits(0.3, [20])
    assert low[0] == pytest.approx(0.081177, abs=1e-6)
    assert 1 - high[0] == pytest.approx(binomial_limits(0.7, [20])[0][0]), "upper limit of the events, lower one of the others"


@given(SHARE, st.integers(1, 400), st.sampled_from([WARNING, ACTION]))
@settings(max_examples=60)
def test_a_unit_like_the_others_is_beyond_a_limit_no_more_often_than_it_says(share: float, cases: int, confidence: float) -> None:
    low, high = binomial_limits(share, [cases], confidence)
    tail = (1 - confidence) / 2 * (1 + 1e-6)
    assert 0 <= low[0] <= share <= high[0] <= 1
    fewest_inside, most_inside = np.ceil(low[0] * cases - 1e-9), np.floor(high[0] * cases + 1e-9)
    assert (bdtr(fewest_inside - 1, cases, share) if fewest_inside >= 1 else 0) <= tail
    assert 1 - bdtr(most_inside, cases, share) <= tail


@given(st.floats(0.01, 200), st.sampled_from([WARNING, ACTION]))
@settings(max_examples=60)
def test_nor_is_a_ratio_however_few_events_are_expected(expected: float, confidence: float) -> None:
    low, high = exact_poisson_limits([expected], confidence)
    tail = (1 - confidence) / 2 * (1 + 1e-6)
    assert 0 <= low[0] <= 1 <= high[0]
    fewest_inside, most_inside = np.ceil(low[0] * expected - 1e-9), np.floor(high[0] * expected + 1e-9)
    assert (pdtr(fewest_inside - 1, expected) if fewest_inside >= 1 else 0) <= tail
    assert 1 - pdtr(most_inside, expected) <= tail


def test_large_units_have_the_normal_limits() -> None:
    low, high = binomial_limits(0.2, [400_000], ACTION)
    half = 3.090232 * np.sqrt(0.2 * 0.8 / 400_000)
    assert (low[0], high[0]) == pytest.approx((0.2 - half, 0.2 + half), abs=1e-5)


def test_who_is_beyond_which_limit() -> None:
    """Twelve communities at 10 %, one at 20 % of 400, one unlucky with 3 of 12: only the first is worth a look."""
    found = of_shares([*[40] * 10, 80, 3], [*[400] * 11, 12])
    assert found.beyond.tolist() == [0] * 10 + [2, 0]
    assert found.centre == pytest.approx(483 / 4412)
    assert found.z[10] == pytest.approx((0.2 - found.centre) / np.sqrt(found.centre * (1 - found.centre) / 400))
    low, high = found.limits([12, 400])
    assert high[0] > 0.25 > high[1]
    assert low[0] == 0


def test_ratios_go_around_one() -> None:
    found = of_rates([895, 30, 10], [835.883561, 20, 30], centre=1)
    assert found.value == pytest.approx([1.070723, 1.5, 1 / 3], abs=1e-6)
    assert found.beyond.tolist() == [1, 0, -2], "30 of 20 expected lies below 1.544, 10 of 30 below .529"
    assert np.ravel(found.limits([30])) == pytest.approx([0.5289724, 1.702771], abs=1e-6)
    few = of_rates([40, 0, 4], [42, 2.2, 2], centre=1)
    assert few.beyond.tolist() == [0, 0, 0], "none where two are expected is no wonder"
    assert np.ravel(few.limits([42])) == pytest.approx(np.ravel(exact_poisson_limits([42], ACTION)))
    assert of_rates([10, 20], [1000, 2000]).centre == pytest.approx(0.01)


def test_dispersion_is_spiegelhalters() -> None:
    """Written out: phi of winsorised z, and the variance between units by moments."""
    z, variances = np.array([-4.0, -1.0, 0.5, 0.0, 1.0, 3.0, 2.0, -2.5, 1.5, -0.5]), np.linspace(0.001, 0.01, 10)
    drawn_in = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    weights = 1 / variances
    found = dispersion(z, variances)
    assert found.phi == pytest.approx((drawn_in**2).mean())
    assert found.added == pytest.approx((10 * found.phi - 9) / (weights.sum() - (weights**2).sum() / weights.sum()))
    assert (found.phi_low, found.phi_high) == pytest.approx(10 * found.phi / chi2.ppf([0.975, 0.025], 9))
    assert not dispersion(z / 10, variances).is_beyond_chance
    assert dispersion(z / 10, variances).added == 0


@pytest.mark.parametrize("allow", ["multiplied", "added"])
def test_where_units_differ_anyway_the_limits_are_wider(allow: Allowance) -> None:
    events, cases = np.array([30, 90, 45, 80, 20, 75, 50, 95]), np.full(8, 300)
    plain, allowed = of_shares(events, cases), of_shares(events, cases, allow=allow)
    assert np.count_nonzero(plain.beyond) > np.count_nonzero(allowed.beyond) == 0
    assert np.all(np.abs(allowed.z) < np.abs(plain.z))
    assert allowed.limits([300])[1] > plain.limits([300])[1]
    same = of_shares([30, 31, 29, 30], [300] * 4, allow=allow)
    assert np.ravel(same.limits([300])) == pytest.approx(np.ravel(binomial_limits(same.centre, [300], ACTION)))


def test_nothing_one_unit_and_all_alike() -> None:
    assert of_shares([], []).beyond.tolist() == []
    none = of_shares([0, 2, np.nan], [0, 5, 5])
    assert np.isnan(none.z).tolist() == [True, False, True]
    assert np.isnan(none.limits([0])[0])
    assert none.beyond.tolist() == [0, 0, 0]
    assert np.isnan(none.dispersion.phi)
    for events in (0, 5, 1):
        alike = of_shares([events] * 4, 5, allow="added")
        assert alike.beyond.tolist() == [0] * 4
        assert alike.z.tolist() == [0] * 4
    assert of_rates([0, 0], [3, 4]).beyond.tolist() == [0, 0]


@given(UNITS, st.sampled_from(["none", "multiplied", "added"]))
@settings(max_examples=40)
def test_limits_hold_the_centre_and_the_order_of_units_does_not_matter(units: list[tuple[int, int]], allow: Allowance) -> None:
    cases = np.array([first + second for first, second in units])
    events = np.array([first for first, _ in units])
    found = of_shares(events, cases, allow=allow)
    some = cases > 0
    low, high = found.limits(cases[some])
    assert np.all((low <= found.centre + 1e-12) & (found.centre - 1e-12 <= high))
    order = np.random.default_rng(len(units)).permutation(len(units))
    again = of_shares(events[order], cases[order], allow=allow)
    assert again.beyond.tolist() == found.beyond[order].tolist()
    assert again.z == pytest.approx(found.z[order], nan_ok=True)


def test_false_alarms_among_units_alike() -> None:
    """Two thousand townships of twelve communities that only chance tells apart, small ones among them: at most one unit in five
    hundred beyond the outer limits, of shares as of ratios.
    """
    generator = np.random.default_rng(5)
    cases = generator.integers(10, 300, 12 * 2000)
    shares = of_shares(generator.binomial(cases, 0.15), cases, centre=0.15)
    ratios = of_rates(generator.poisson(cases * 0.15), cases * 0.15, centre=1)
    assert np.mean(np.abs(shares.beyond) == 2) <= 0.002
    assert np.mean(np.abs(ratios.beyond) == 2) <= 0.002
