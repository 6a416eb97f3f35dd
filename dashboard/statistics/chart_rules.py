"""Which points of a control chart are more than chance, and what the chart says about better, worse and a target.

Source: NHS England, Making Data Count, with the details of NHSRplotthedots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.control import Chart, Flags
from dashboard.statistics.ratios import Numbers

RUN = 7
"""Points in a row on one side, or rising or falling, that are more than chance."""
OUTSIDE, TREND, NEAR, SIDE = "outside", "trend", "near", "side"
"""A point outside the limits · seven rising or falling · near the limit, two of three beyond two thirds of the way with all three on
one side · seven on one side. In order of precedence."""
DRIFT = "drift"
"""Of stocks alone: further from where it was 13 or 26 weeks before than the ups and downs of its weeks carry it."""
SPANS, STEP, REACH = (13, 26), 4, 2.6
"""Weeks looked back · weeks whose moves say how far a stock wanders, so that what one week gives and the next takes back does not
count · standard deviations of such a wandering. Chosen by simulation: of stocks that only come and go at most 2 % are called."""
IMPROVEMENT, CONCERN, COMMON, HIGH, LOW = "improvement", "concern", "common", "high", "low"
PASS, FAIL, HIT_OR_MISS = "pass", "fail", "hit_or_miss"
_ROUNDING = 1e-9
Signs = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Signals:
    """One entry a point. rule: OUTSIDE, TREND, NEAR or SIDE, the first in this order that the point is part of, "" for none or
    where too few points allow no verdict · towards: 1 up, −1 down, 0 for none.
    """

    rule: list[str]
    towards: Signs


def signals(chart: Chart) -> Signals:
    """Which points are more than chance, and which way they lie. Runs do not reach across a change of limits."""
    rule, towards = np.full(chart.value.shape, "", dtype=object), np.zeros(chart.value.shape, dtype=np.int8)
    for part in chart.parts():
        if not chart.is_firm[part].all():
            continue
        value, apart, reach = chart.value[part], chart.value[part] - chart.centre[part], chart.reach[part]
        slack = _ROUNDING * np.maximum(np.abs(chart.centre[part]), reach)
        side = _sign(apart, slack)
        outside = (value > chart.high[part] + slack) | (value < chart.low[part] - slack)
        near = ~outside & (np.abs(apart) > 2 / 3 * reach + slack)
        slope = trend_of_seven(value)
        found = {
            OUTSIDE: side * outside,
            TREND: _part_of_run(slope),
            NEAR: side * (near & two_of_three(near, side)),
            SIDE: _part_of_run(side * seven_on_one_side(side)),
        }
        for name in (SIDE, NEAR, TREND, OUTSIDE):
            rule[part[found[name] != 0]] = name
            towards[part] = np.where(found[name] != 0, found[name], towards[part])
    return Signals(rule.tolist(), towards)


def assurance(low: float, high: float, target: float, direction: str) -> str:
    """Whether numbers within these limits meet the target always (PASS), never (FAIL), or as chance has it."""
    slack = _ROUNDING * max(abs(low), abs(high))
    if low - slack <= target <= high + slack:
        return HIT_OR_MISS
    return PASS if (target < low) == (direction == "up") else FAIL


def seven_on_one_side(side: npt.ArrayLike) -> Flags:
    """side: 1 above the centre, −1 below, 0 on it. True at a point that is at least the seventh in a row on its side."""
    return np.asarray(_same_for(np.asarray(side, dtype=np.int8), RUN) != 0, dtype=np.bool_)


def trend_of_seven(values: npt.ArrayLike) -> Signs:
    """1 at a point that is at least the seventh of a rise, −1 of a fall; a tie breaks both."""
    found = np.asarray(values, dtype=np.float64)
    slope = _sign(np.diff(found, prepend=np.nan), _ROUNDING * np.abs(found))
    return _same_for(slope, RUN - 1)


def two_of_three(near: npt.ArrayLike, side: npt.ArrayLike) -> Flags:
    """True at points among any three in a row on one side of the centre of which at least two are near the limit."""
    close, where = np.asarray(near, dtype=np.int8), np.asarray(side, dtype=np.int8)
    found = np.zeros(close.shape, dtype=bool)
    for start in range(len(close) - 2):
        three = slice(start, start + 3)
        if close[three].sum() >= 2 and abs(where[three].sum()) == 3:
            found[three] = True
    return found


def drift(values: npt.ArrayLike) -> Signs:
    """1 at every point of a climb, −1 of a fall, else 0: beyond REACH standard deviations of a random walk with the moves the course
    itself makes in STEP weeks. What returns to its level wanders less than that walk, so the test is on the safe side. A move of
    which a single week makes half is a leap.
    """
    known = np.asarray(values, dtype=np.float64)
    found = np.zeros(known.shape, dtype=np.int8)
    if len(known) <= max(SPANS[0], 2 * STEP):
        return found
    weekly = float((known[STEP:] - known[:-STEP]).std(ddof=1)) / np.sqrt(STEP)
    if not weekly > 0:
        return found
    for weeks in SPANS:
        moved = (known[weeks:] - known[:-weeks]) / (weekly * np.sqrt(weeks))
        for start in np.flatnonzero(np.abs(moved) > REACH):
            part, towards = known[start : start + weeks + 1], np.sign(moved[start])
            if 2 * float((towards * np.diff(part)).max()) < abs(part[-1] - part[0]):
                found[start : start + weeks + 1] = towards
    return found


def _same_for(signs: Signs, length: int) -> Signs:
    """The sign at points that are at least the `length`-th in a row to have it, else 0."""
    found = np.zeros(signs.shape, dtype=np.int8)
    if len(signs) >= length:
        windows = np.lib.stride_tricks.sliding_window_view(signs, length)
        found[length - 1 :] = np.where((windows == windows[:, -1:]).all(axis=1), windows[:, -1], 0)
    return found


def _part_of_run(ends: Signs) -> Signs:
    """Every point of a run of seven from the points that are at least its seventh."""
    found = np.zeros(ends.shape, dtype=np.int8)
    for end in np.flatnonzero(ends):
        found[end - RUN + 1 : end + 1] = ends[end]
    return found


def _sign(values: Numbers, slack: Numbers) -> Signs:
    """1, −1, or 0 for what is missing and for no more than rounding leaves."""
    return (values > slack).astype(np.int8) - (values < -slack).astype(np.int8)
