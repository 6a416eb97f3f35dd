"""The interval of a difference against published numbers."""

import numpy as np
import pytest
from scipy.stats import binomtest

from dashboard.statistics.differences import more_than_before, newcombe


@pytest.mark.parametrize(
    ("first", "first_n", "second", "second_n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
    ],
)
def test_newcombe(first: int, first_n: int, second: int, second_n: int, low: float, high: float) -> None:
    found = newcombe(first / first_n, first_n, second / second_n, second_n)
    assert found == pytest.approx((low, high), abs=6e-5), "Newcombe 1998, Table II, method 10"


def test_without_cases_there_is_no_interval() -> None:
    assert np.isnan(newcombe(0.5, 10, 0.0, 0)).all()


@pytest.mark.parametrize(("now", "before", "periods"), [(13, 67, 12), (3, 0, 12), (1, 40, 8), (25, 100, 10)])
def test_more_than_before_is_the_exact_binomial_test(now: int, before: int, periods: int) -> None:
    expected = binomtest(now, now + before, 1 / (periods + 1), alternative="greater").pvalue
    assert more_than_before(now, before, periods) == pytest.approx(expected, rel=1e-9)


def test_nothing_now_is_never_more() -> None:
    assert more_than_before(0, 12, 12) == 1.0
