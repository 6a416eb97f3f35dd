"""Inequality against published numbers, and its properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.inequality import gini, gini_interval, lorenz, theil, theil_interval

ILOCOS = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
INEQ = "R package ineq, its example"
MEXICO = [10384, 22361, 9573, 3758, 2934, 8578, 8537, 6909, 17816, 12132, 4359, 2181, 4414, 5309, 3408, 3327, 6936, 4836, 9073, 1892,
          3569, 11016, 21965, 4372, 4840, 6399, 2459, 7508, 3605, 5203, 7990, 3734]  # fmt: skip
PYSAL = "pysal, regional product per head of Mexico 1940, as printed in its tests"
LOADS = st.lists(st.integers(0, 1000), min_size=2, max_size=60)


def test_gini() -> None:
    assert gini(ILOCOS) == pytest.approx(0.4620911303, abs=1e-9), INEQ
    assert gini(ILOCOS) * 10 / 9 == pytest.approx(0.5134346, abs=1e-7), INEQ
    assert gini(MEXICO) == pytest.approx(0.35372371173452849), PYSAL
    assert gini([0, 0, 0, 10]) == pytest.approx(0.75)
    assert gini([7, 7, 7]) == pytest.approx(0)


def test_theil() -> None:
    assert theil([0, 0, 0, 10, 10, 10]) == pytest.approx(np.log(2)), PYSAL
    assert theil(MEXICO) == pytest.approx(0.20894344, abs=1e-8), PYSAL
    assert theil([0, 0, 0, 10]) == pytest.approx(np.log(4))
    assert theil([7, 7, 7]) == pytest.approx(0)


def test_theil_within_and_between_groups_add_up() -> None:
    """Grids of two communities of 6,000 and 2,000: the parts of the load, each with its own inequality, and the two communities'."""
    first, second = np.array([1000.0, 2000, 3000]), np.array([500.0, 1500])
    within = 0.75 * theil(first) + 0.25 * theil(second)
    assert theil([*first, *second]) == pytest.approx(within + theil([6000, 2000], [3, 2]))


def test_a_weight_is_as_many_units() -> None:
    assert gini([6, 2, 1], [3, 2, 1]) == pytest.approx(gini([2, 2, 2, 1, 1, 1]))
    assert theil([6, 2, 1], [3, 2, 1]) == pytest.approx(theil([2, 2, 2, 1, 1, 1]))
    assert gini([60, 20, 10], [300, 100, 50]) == pytest.approx(0), "as much each household"


def test_the_curve_goes_from_the_least_to_the_most_loaded() -> None:
    units, load = lorenz([30, 10, 60, np.nan], [1, 1, 1, 1])
    assert units.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert load.tolist() == pytest.approx([0, 0.1, 0.4, 1])


def test_no_units_and_no_load() -> None:
    assert np.isnan(gini([]))
    assert len(lorenz([])[0]) == 0
    assert np.isnan(gini([1.0], [0.0]))
    assert gini([0, 0, 0]) == pytest.approx(0)
    assert np.isnan(gini_interval([1, 2])).all()
    assert gini_interval([0, 0, 0]) == pytest.approx((0, 0))
    assert np.isnan(theil([]))
    assert theil([0, 0, 0]) == 0
    assert np.isnan(theil_interval([1, np.nan, 2])).all()
    assert theil_interval([5, 5, 5]) == pytest.approx((0, 0))


@given(LOADS, st.floats(0.1, 1000))
def test_gini_keeps_its_bounds_and_does_not_depend_on_the_unit(loads: list[int], scale: float) -> None:
    found = gini(loads)
    assert -1e-9 <= found <= 1 - 1 / len(loads) + 1e-9
    assert gini(np.array(loads) * scale) == pytest.approx(found, abs=1e-9)
    assert gini(loads[::-1]) == pytest.approx(found, abs=1e-9)
    spread = theil(loads)
    assert 0 <= spread <= np.log(len(loads)) + 1e-9
    assert theil(np.array(loads[::-1]) * scale) == pytest.approx(spread, abs=1e-9)


@given(LOADS)
def test_the_curve_never_rises_above_the_even_share(loads: list[int]) -> None:
    units, load = lorenz(loads)
    assert (units[0], load[0], units[-1], load[-1]) == pytest.approx((0, 0, 1, 1))
    assert (load <= units + 1e-9).all()


def test_the_interval_is_the_same_every_time_and_holds_the_coefficient() -> None:
    loads = np.random.default_rng(1).gamma(4, 10, 130)
    low, high = gini_interval(loads)
    assert (low, high) == gini_interval(loads)
    assert low < gini(loads) < high
    assert high - low < 0.1
    low, high = theil_interval(loads)
    assert (low, high) == theil_interval(loads)
    assert low < theil(loads) < high


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Exponential loads have a coefficient of one half."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(200):
        low, high = gini_interval(rng.exponential(1, 80), draws=400)
        hits += low <= 0.5 <= high
    assert hits >= 176, f"{hits} of 200"
