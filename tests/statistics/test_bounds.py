"""The bounds silence leaves: the worked month of domain.md 1.5, and what must hold for any numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.bounds import bounds


@pytest.mark.parametrize(
    ("satisfied", "answers", "asked", "worst", "best"),
    [
        (36, 40, 50, 0.72, 0.92),  # one month, of those called
        (36, 40, 70, 0.514, 0.943),  # the same month, of all closed
        (40, 40, 40, 1, 1),  # everybody answered
        (0, 0, 10, 0, 1),  # nobody did
        (7.6, 9, 12, 0.6333, 0.8833),  # credits
    ],
)
def test_of_the_worked_month(satisfied: float, answers: int, asked: int, worst: float, best: float) -> None:
    low, high = bounds(satisfied, answers, asked)
    assert (float(low), float(high)) == pytest.approx((worst, best), abs=0.0005)


def test_nobody_asked_has_no_bounds_and_more_answers_than_asked_are_an_error() -> None:
    low, high = bounds([0, 1], [0, 1], [0, 2])
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert (low[1], high[1]) == (0.5, 1.0)
    with pytest.raises(ValueError, match="more answers"):
        bounds(3, 5, 4)


@given(asked=st.integers(1, 500), data=st.data())
def test_the_rate_of_those_who_answered_lies_within(asked: int, data: st.DataObject) -> None:
    answers = data.draw(st.integers(1, asked))
    satisfied = data.draw(st.integers(0, answers))
    low, high = bounds(satisfied, answers, asked)
    assert 0 <= low <= satisfied / answers + 1e-12
    assert satisfied / answers - 1e-12 <= high <= 1
    assert high - low == pytest.approx((asked - answers) / asked)
