"""Shrinkage against Efron and Morris's baseball players, and how often its intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.statistics.shrinkage import drawn_in, of_rates, of_shares

HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
SHRUNKEN = [.294, .289, .285, .280, .275, .275, .270, .266, .261, .261, .256, .256, .256, .256, .256, .252, .247, .242]  # fmt: skip
UNITS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=4, max_size=14).filter(lambda u: sum(map(sum, u)) > 0)


def test_baseball() -> None:
    """Efron and Morris 1977, Scientific American: 18 players, 45 times at bat each."""
    found = of_shares(HITS, 45)
    assert found.value == pytest.approx(SHRUNKEN, abs=5e-4)
    assert found.weight == pytest.approx(np.full(18, 0.2117), abs=5e-5)
    assert found.centre == pytest.approx(0.265, abs=5e-4)


def test_baseball_by_arcsines() -> None:
    """Efron and Morris 1975: of √45 · arcsin(2y − 1), whose variance is 1, the sum of squares is 18.9627 and .2090 is left."""
    values = np.sqrt(45) * np.arcsin(2 * HITS / 45 - 1)
    assert ((values - values.mean()) ** 2).sum() == pytest.approx(18.9627, abs=1e-3)
    _, _, left = drawn_in(values, np.ones(18), float(values.mean()))
    assert left[0] == pytest.approx(0.2090, abs=5e-5)


def test_a_small_unlucky_unit_is_drawn_in_a_large_slow_one_is_not() -> None:
    cases = np.array([12, *[400] * 10, 400])
    found = of_shares([4, *[40, 38, 42, 41, 39, 40, 43, 37, 40, 40], 90], cases)
    assert found.own[0] > found.own[-1] * 1.4
    assert found.value[0] < found.value[-1]
    assert found.weight[0] < 0.6 < 0.8 < found.weight[-1]
    assert found.rank[-1] == 1
    assert found.rank_high[-1] <= 2 < 6 < found.rank_high[0] - found.rank_low[0], "what place the small one has nobody knows"


def test_rates_are_drawn_in_by_exposure() -> None:
    found = of_rates([30, 10, 8, 12, 1], [1000, 1000, 900, 1100, 10])
    assert found.centre == pytest.approx(61 / 4010)
    assert found.weight[0] > found.weight[-1]
    assert found.low[0] > 0


@pytest.mark.parametrize("apart", [0.0, 0.03, 0.08])
def test_intervals_hold_the_true_rates_about_as_often_as_they_say(apart: float) -> None:
    generator = np.random.default_rng(3)
    held = []
    for _ in range(60):
        cases = generator.integers(20, 400, 12)
        truth = np.clip(0.8 + apart * generator.standard_normal(12), 0, 1)
        found = of_shares(generator.binomial(cases, truth), cases)
        held.append((found.low <= truth) & (truth <= found.high))
    assert np.mean(held) >= 0.93


def test_too_few_units_give_no_verdict() -> None:
    for successes, cases in (([], []), ([1], [2]), ([1, 2, 3], [4, 5, 6]), ([1, 2, 3, 0], [4, 5, 6, 0])):
        found = of_shares(successes, cases)
        assert np.isnan(found.value).all()
        assert np.isnan(found.rank).all()
        assert np.isnan(found.own).sum() == sum(n == 0 for n in cases)


def test_none_all_and_missing_numbers() -> None:
    for method in (of_shares, of_rates):
        for events in (0, 30):
            alike = method([events] * 5, 30)
            assert alike.value == pytest.approx(np.full(5, events / 30))
            assert np.all((alike.low <= alike.value) & (alike.value <= alike.high))
            assert np.all(alike.low < alike.high)
        gaps = method([5, 6, np.nan, 7, 8, 0], [50, 60, 70, 70, 80, 0])
        assert np.isnan(gaps.value).tolist() == [False, False, True, False, False, True]
        assert np.nanmax(gaps.rank_high) == 4


@given(UNITS)
@settings(max_examples=30)
def test_values_lie_between_own_and_common_and_their_order_does_not_matter(units: list[tuple[int, int]]) -> None:
    successes = np.array([first for first, _ in units])
    cases = np.array([first + second for first, second in units])
    order = np.random.default_rng(1).permutation(len(units))
    for method in (of_shares, of_rates):
        found, again = method(successes, cases), method(successes[order], cases[order])
        known = ~np.isnan(found.value)
        own, value = found.own[known], found.value[known]
        assert np.all((np.minimum(own, found.centre) - 1e-9 <= value) & (value <= np.maximum(own, found.centre) + 1e-9))
        assert np.all((found.low[known] <= value) & (value <= found.high[known]))
        assert again.value == pytest.approx(found.value[order], nan_ok=True)
        assert again.high == pytest.approx(found.high[order], nan_ok=True)
