"""Standardised ratios against the UKHSA workbook, written-out sums, and a township where one unit has the hard cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.statistics.standardise import ratio_interval, standardised

UKHSA = "UKHSA PHEindicatormethods test workbook"
COUNTS = arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.integers(0, 40))


@pytest.mark.parametrize(
    ("observed", "confidence", "ratio", "low", "high"),
    [
        (895, 0.95, 1.070723, 1.001715, 1.143233),
        (895, 0.998, 1.070723, 0.963516, 1.186007),
        (91, 0.95, 0.108867, 0.087650, 0.133666),
        (9, 0.95, 0.010767, 0.004923, 0.020439),  # exact below ten
    ],
)
def test_observed_to_expected(observed: int, confidence: float, ratio: float, low: float, high: float) -> None:
    found = np.ravel(ratio_interval([observed], [835.883561], confidence))
    assert found == pytest.approx([ratio, low, high], abs=1e-6), UKHSA


def test_a_unit_with_the_hard_cases_is_not_worse() -> None:
    """Easy cases are late in 10 %, hard ones in 40 %, everywhere; the first unit has mostly hard ones."""
    cases = np.array([[50, 450], [400, 100], [450, 50], [300, 200]])
    found = standardised(cases * [0.1, 0.4], cases)
    assert found.ratio == pytest.approx([1, 1, 1, 1])
    assert found.rate == pytest.approx(np.full(4, (1200 * 0.1 + 800 * 0.4) / 2000))
    assert found.covered.tolist() == [1, 1, 1, 1]
    assert np.all((found.rate_low < found.rate) & (found.rate < found.rate_high))


def test_the_reference_is_the_others() -> None:
    events, cases = np.array([[10, 3], [4, 6], [5, 0]]), np.array([[20, 10], [40, 30], [60, 10]])
    found = standardised(events, cases)
    assert found.expected[0] == pytest.approx(20 * 9 / 100 + 10 * 6 / 40)
    assert found.observed[0] == 13
    assert found.overall == pytest.approx(28 / 170)


def test_strata_of_a_unit_alone_are_left_out_on_both_sides() -> None:
    found = standardised([[5, 30], [10, 0]], [[50, 150], [100, 0]])
    assert found.observed.tolist() == [5, 10]
    assert found.expected == pytest.approx([5, 10])
    assert found.covered.tolist() == [0.25, 1]


def test_nothing_one_unit_and_missing_numbers() -> None:
    alone = standardised([[3, 4]], [[10, 10]])
    assert np.isnan(alone.ratio).all()
    assert alone.covered.tolist() == [0]
    none = standardised([[0.0, 0.0], [np.nan, 2.0]], [[0.0, 0.0], [np.nan, 5.0]])
    assert np.isnan(none.ratio).all()
    assert np.isnan(none.covered[0])
    never = standardised([[0], [0]], [[9], [9]])
    assert np.isnan(never.ratio).all(), "nothing is expected where nobody has any"
    assert len(standardised(np.empty((0, 3)), np.empty((0, 3))).ratio) == 0


@given(COUNTS)
@settings(max_examples=40)
def test_the_order_of_units_and_strata_does_not_matter(events: np.ndarray) -> None:
    cases = events + 1
    units, strata = (np.random.default_rng(7).permutation(size) for size in events.shape)
    found, again = standardised(events, cases), standardised(events[units][:, strata], cases[units][:, strata])
    assert again.ratio == pytest.approx(found.ratio[units], nan_ok=True)
    assert again.high == pytest.approx(found.high[units], nan_ok=True)
    known = ~np.isnan(found.ratio)
    assert np.all(found.low[known] <= found.ratio[known] + 1e-9)
    assert np.all(found.ratio[known] <= found.high[known] + 1e-9)
