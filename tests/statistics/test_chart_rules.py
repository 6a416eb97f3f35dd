"""The rules of Making Data Count against NHSRplotthedots' tests."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.statistics.chart_rules import (
    assurance,
    drift,
    seven_on_one_side,
    signals,
    trend_of_seven,
    two_of_three,
)
from dashboard.statistics.control import xmr_chart

QUIET = [10.0, 12, 9, 11, 13, 10, 8, 12, 11, 9, 12, 10]


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ([1] * 8 + [-1], [0, 0, 0, 0, 0, 0, 1, 1, 0]),
        ([-1] * 8 + [1], [0, 0, 0, 0, 0, 0, 1, 1, 0]),
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([0] * 9, [0] * 9),
        ([], []),
    ],
)
def test_seven_on_one_side(side: list[int], expected: list[int]) -> None:
    assert seven_on_one_side(side).astype(int).tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0, 0, 0, 0, 0, 0, 0, 1, 0]),
        ([7, 6, 5, 4, 3, 2, 1], [0, 0, 0, 0, 0, 0, -1]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0, 0, 0, 0, 0, 0, 0, -1, 0]),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),  # a tie
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([], []),
    ],
)
def test_trend_of_seven(values: list[float], expected: list[int]) -> None:
    assert trend_of_seven(values).tolist() == expected


@pytest.mark.parametrize(
    ("near", "side", "expected"),
    [
        ([1, 0, 1], [1, 1, 1], [1, 1, 1]),
        ([1, 0, 1], [1, -1, 1], [0, 0, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 1, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 1, 1, 1, 1, 0, 0]),
        ([1, 0, 0, 1], [-1] * 4, [0, 0, 0, 0]),
        ([1, 1], [1, 1], [0, 0]),
        ([], [], []),
    ],
)
def test_two_of_three(near: list[int], side: list[int], expected: list[int]) -> None:
    assert two_of_three(near, side).astype(int).tolist() == expected


@pytest.mark.parametrize(
    ("direction", "expected"), [("up", ["fail", "pass", "hit_or_miss"]), ("down", ["pass", "fail", "hit_or_miss"])]
)
def test_assurance(direction: str, expected: list[str]) -> None:
    assert [assurance(low, high, 4, direction) for low, high in ((1, 3), (5, 7), (1, 5))] == expected


def test_drift_is_held_against_a_random_walk_with_the_moves_of_four_weeks() -> None:
    """By hand: of 0, 1 … 13 with ±1 in turn, four-week moves are all 4, so nothing wanders; one week off, and they do."""
    rising = np.arange(27.0) * 2 + np.where(np.arange(27) % 2, 1, -1)
    assert drift(rising).tolist() == [0] * 27, "nothing to tell a wandering from"
    rising[3] += 8
    moves = rising[4:] - rising[:-4]
    weekly = moves.std(ddof=1) / 2
    assert (rising[26] - rising[0]) / (weekly * np.sqrt(26)) > 2.6
    assert drift(rising)[-1] == 1
    assert drift(-rising)[-1] == -1
    assert drift([5.0] * 30).tolist() == [0] * 30
    assert set(drift([160.0, 163.0] * 12 + [160.0, 260.0]).tolist()) == {0}, "a leap"
    assert drift([1.0, 2, 3]).tolist() == [0, 0, 0]


def test_a_leap_is_outside_and_only_that_point() -> None:
    found = signals(xmr_chart([*QUIET, 30.0, *QUIET]))
    assert found.rule == [""] * 12 + ["outside"] + [""] * 12
    assert found.towards.tolist() == [0] * 12 + [1] + [0] * 12


def test_every_point_of_a_run_is_marked_and_rules_have_their_order() -> None:
    shifted = signals(xmr_chart([*QUIET, *[12, 13, 12, 13, 12, 13, 12]]))
    assert shifted.rule[12:] == ["side"] * 7
    assert shifted.rule[:12] == [""] * 12
    falling = signals(xmr_chart([*QUIET, *[13, 12, 11, 10, 9, 8, 7]]))
    assert falling.rule[12:] == ["trend"] * 7
    assert falling.towards[12:].tolist() == [-1] * 7, "also those still above the centre"
    near = signals(xmr_chart([*QUIET, 16.0, 12.0, 16.0, *QUIET]))
    assert near.rule == [""] * 12 + ["near", "", "near"] + [""] * 12


def test_runs_do_not_reach_across_a_change_of_limits() -> None:
    up = [*QUIET, *[value + 4 for value in QUIET]]
    assert "side" in signals(xmr_chart(up)).rule
    assert set(signals(xmr_chart(up, steps=[12])).rule) == {""}


def test_too_few_points_give_no_verdict() -> None:
    for chart in (xmr_chart([]), xmr_chart([np.nan]), xmr_chart([*QUIET[:10], 99.0]), xmr_chart([*QUIET, 99.0, 1.0], steps=[12])):
        assert set(signals(chart).rule) <= {""}


def test_all_alike_is_no_signal_and_a_missing_week_breaks_no_run() -> None:
    for value in (0.0, 0.1, 1 / 3, 7.0):
        alike = xmr_chart([value] * 14)
        assert set(signals(alike).rule) == {""}
        assert assurance(float(alike.low[-1]), float(alike.high[-1]), value, "up") == "hit_or_miss"
    gap = signals(xmr_chart([*QUIET, *[12, 13, 12, np.nan, 13, 12, 13, 12]]))
    assert gap.rule[12:] == ["side", "side", "side", "", "side", "side", "side", "side"]
