"""Post-stratified rates: the four cells of facebookresearch/balance, and a township whose unhappy residents do not answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.statistics.bounds import bounds
from dashboard.statistics.intervals import wilson
from dashboard.statistics.nonresponse import joined, post_stratified

CELLS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12)


@pytest.mark.parametrize(("cell", "weight"), [(0, 4), (1, 2), (2, 2), (3, 8)])
def test_answers_of_a_cell_weigh_as_its_cases(cell: int, weight: int) -> None:
    """balance's test: sample weights 4, 2, 1, 1 and target weights 4, 2, 2, 8 in four cells → 4, 2, 2, 8; here ten of each."""
    answers = np.array([40, 20, 10, 10])
    found = post_stratified(np.where(np.arange(4) == cell, answers, 0), answers, [40, 20, 20, 80])
    assert found.rate * 16 == pytest.approx(weight)
    assert found.plain == pytest.approx(answers[cell] / 80)


def test_those_who_seldom_answer_get_their_weight_back() -> None:
    """Hotline cases are 80 % content and answer in 10 %, patrol cases 98 % and answer in 60 %."""
    found = post_stratified([40, 294], [50, 300], [500, 500])
    assert found.plain == pytest.approx(334 / 350)
    assert found.rate == pytest.approx(0.89)
    assert found.low < 0.89 < found.high < found.plain
    assert found.effective < 350


def test_small_cells_are_joined_with_their_likes() -> None:
    codes = [("a", "x"), ("a", "y"), ("a", "z"), ("b", "x"), ("b", "y"), ("c", "x")]
    group = joined([10, 3, 2, 1, 1, 9], codes)
    assert group[1] == group[2], "five together, in one community"
    assert group[3] == group[4], "two of different communities are few even together"
    assert len(set(group.tolist())) == 4
    found = post_stratified([9, 0, 0, 1, 0, 9], [10, 3, 2, 1, 1, 9], [10, 10, 10, 10, 10, 10], codes=codes)
    assert found.groups == 4
    assert found.rate == pytest.approx((0.9 * 10 + 0 * 20 + 19 / 26 * 20 + 1 * 10) / 60), "too few speak with everybody's voice"


def test_of_a_single_cell_it_is_the_plain_rate_and_wilsons_interval() -> None:
    found = post_stratified([18], [20], [100])
    assert (found.rate, found.plain) == pytest.approx((0.9, 0.9))
    low, high = wilson([18], [20])
    assert (found.low, found.high) == pytest.approx((low[0], high[0]), abs=1e-9)


def test_nothing_none_and_all() -> None:
    for empty in (post_stratified([], [], []), post_stratified([0, 0], [0, 0], [5, np.nan])):
        assert np.isnan([empty.rate, empty.low, empty.high, empty.plain]).all()
        assert empty.groups == 0
    content = post_stratified([10, 30], [10, 30], [10, 200])
    assert (content.rate, content.high) == (1, 1)
    assert content.low < wilson([40], [40])[0][0], "the answers of the second cell stand for many"
    assert post_stratified([0, 0], [9, 9], [20, 20]).low == 0
    with pytest.raises(ValueError, match="more answers than cases"):
        post_stratified([1], [5], [4])


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(2)
    truth, cases, answering = np.array([0.75, 0.9, 0.97, 0.85]), np.array([400, 300, 600, 200]), np.array([0.08, 0.2, 0.5, 0.1])
    wanted, held = float((truth * cases).sum() / cases.sum()), []
    for _ in range(300):
        answers = generator.binomial(cases, answering)
        found = post_stratified(generator.binomial(answers, truth), answers, cases)
        held.append(found.low <= wanted <= found.high)
    assert np.mean(held) >= 0.92


@given(CELLS)
@settings(max_examples=50)
def test_it_lies_within_its_interval_and_within_what_silence_allows(cells: list[tuple[int, int, int]]) -> None:
    content, others, silent = np.array(cells).T
    answers = content + others
    found = post_stratified(content, answers, answers + silent)
    if np.isnan(found.rate):
        return
    assert 0 <= found.low <= found.rate + 1e-9
    assert found.rate - 1e-9 <= found.high <= 1
    order = np.random.default_rng(1).permutation(len(cells))
    again = post_stratified(content[order], answers[order], (answers + silent)[order])
    assert (again.rate, again.low) == pytest.approx((found.rate, found.low))
    if np.all(answers >= 5):
        worst, best = bounds(content.sum(), answers.sum(), (answers + silent).sum())
        assert worst - 1e-9 <= found.rate <= best + 1e-9
