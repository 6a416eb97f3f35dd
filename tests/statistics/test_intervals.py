"""Intervals against published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from dashboard.statistics.intervals import byar, poisson, wilson

R_BINOM = "R package binom, as printed in statsmodels' tests"
UKHSA = "UKHSA PHEindicatormethods test workbook"
NEWCOMBE = "Newcombe 1998, Table I"


@pytest.mark.parametrize(
    ("successes", "trials", "confidence", "low", "high", "places", "source"),
    [
        (18, 20, 0.95, 0.6989664, 0.9721335, 7, R_BINOM),
        (4, 20, 0.95, 0.0806577, 0.4160174, 7, R_BINOM),
        (4, 200, 0.95, 0.0078044, 0.0502871, 7, R_BINOM),
        (190, 200, 0.95, 0.9104219, 0.9726174, 7, R_BINOM),
        (0, 30, 0.95, 0.0, 0.11351339, 7, R_BINOM),
        (30, 30, 0.95, 0.8864866, 1.0, 7, R_BINOM),
        (1, 30, 0.95, 0.00590859, 0.16670391, 7, R_BINOM),
        (81, 263, 0.95, 0.2553, 0.3662, 4, NEWCOMBE),
        (15, 148, 0.95, 0.0624, 0.1605, 4, NEWCOMBE),
        (0, 20, 0.95, 0.0, 0.1611, 4, NEWCOMBE),
        (1, 29, 0.95, 0.0061, 0.1718, 4, NEWCOMBE),
        (65, 100, 0.95, 0.552544, 0.736358, 6, UKHSA),
        (65, 100, 0.998, 0.495495, 0.778354, 6, UKHSA),
        (1045, 5000, 0.95, 0.197955, 0.220491, 6, UKHSA),
        (1, 100, 0.95, 0.001767, 0.054486, 6, UKHSA),
    ],
)
def test_wilson(successes: int, trials: int, confidence: float, low: float, high: float, places: int, source: str) -> None:
    found = wilson([successes], [trials], confidence)
    assert (found[0][0], found[1][0]) == pytest.approx((low, high), abs=0.6 * 10**-places), source


@pytest.mark.parametrize(
    ("count", "low", "high"), [(65, 50.163188, 82.849139), (1045, 982.593202, 1110.331213), (1, 0.013072, 5.563756)]
)
def test_byar(count: int, low: float, high: float) -> None:
    found = byar([count])
    assert (found[0][0], found[1][0]) == pytest.approx((low, high), abs=6e-7), UKHSA


def test_small_counts_are_exact() -> None:
    """O = 9 over E = 835.883561, scaled by the overall rate .01, in the UKHSA workbook: .004923–.020439."""
    low, high = poisson([9.0])
    assert (low[0] / 835.883561, high[0] / 835.883561) == pytest.approx((0.004923, 0.020439), abs=6e-7)
    low, high = poisson([65.0, 0.0])
    assert (low[0], high[0]) == pytest.approx((50.163188, 82.849139), abs=6e-7)
    assert (low[1], high[1]) == pytest.approx((0.0, 3.688879), abs=6e-7)


def test_nothing_observed_has_no_interval() -> None:
    low, high = wilson([0, 0, np.nan], [0, 10, 10])
    assert np.isnan(low).tolist() == [True, False, True]
    assert np.isnan(high).tolist() == [True, False, True]
    assert np.isnan(poisson([np.nan])[0]).all()


@given(st.integers(0, 100_000), st.integers(1, 100_000), st.sampled_from((0.8, 0.95, 0.998)))
def test_wilson_lies_within_0_and_1_and_holds_the_rate(successes: int, trials: int, confidence: float) -> None:
    successes = min(successes, trials)
    low, high = wilson([successes], [trials], confidence)
    assert 0 <= low[0] <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high[0] <= 1


@given(st.integers(0, 100_000))
def test_the_interval_of_a_count_holds_the_count(count: int) -> None:
    for low, high in (poisson([count]), byar([count])):
        assert 0 <= low[0] <= count <= high[0]


@given(st.integers(1, 5000), st.sampled_from([0.95, 0.998]))
def test_none_and_all_reach_their_ends_exactly(n: int, confidence: float) -> None:
    low, high = wilson([0, n], [n, n], confidence)
    assert (low[0], high[1]) == (0.0, 1.0)


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.95, 0.998]))
def test_wilson_is_that_of_statsmodels(successes: int, more: int, confidence: float) -> None:
    n = successes + more
    found = wilson([successes], [n], confidence)
    expected = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    assert (found[0][0], found[1][0]) == pytest.approx(expected, abs=1e-12)
