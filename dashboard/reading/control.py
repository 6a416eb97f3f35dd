"""A number's weeks as a control chart: whether the latest is better, worse or as always, by which rule and since when.

What is told on tiles, in sentences and under charts comes from here, so that they never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from dashboard.i18n.dates import as_date
from dashboard.i18n.numbers import is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.queries.grids import redivisions
from dashboard.statistics.chart_rules import (
    COMMON,
    CONCERN,
    DRIFT,
    HIGH,
    IMPROVEMENT,
    LOW,
    NEAR,
    OUTSIDE,
    SIDE,
    TREND,
    Signals,
    Signs,
    assurance,
    drift,
    signals,
)
from dashboard.statistics.control import TELLING, Chart, p_chart, u_chart, xmr_chart
from dashboard.view import View
from dashboard.warehouse import Snapshot

SHARES, COUNTS, SINGLE, STOCK = "shares", "counts", "single", "stock"
"""p and u charts, whose limits follow from n; XmR; what stands open. With WIDENED before it: Laney's, as far as the weeks really vary."""
WIDENED = "widened_"
PER_GRID = ("per_grid_week", "per_fte_week")
"""Units whose level moves with the division into grids and not with the work."""
RULES = (OUTSIDE, TREND, DRIFT, NEAR, SIDE)
RULES_OF_STOCKS = (OUTSIDE, TREND)
"""A stock lies where it lay the week before, so runs on one side are its nature; its steps up and down are not. A slow climb widens the
limits it is held against and seldom rises seven weeks without a break, so DRIFT looks for it."""
RIPE_HOURS = 4.0
"""A typical length of time beyond which the newest weeks look quick, because what takes long is not over yet."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Episode:
    """Weeks in a row, from place first to last, that are more than chance the same way. towards: 1 up, −1 down · rules: that
    fired, in order of precedence.
    """

    first: int
    last: int
    towards: int
    rules: tuple[str, ...]

    @property
    def weeks(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Controlled:
    """A metric's weekly course. size: what each week rests on, 1 where it is a number of its own · method: SHARES, COUNTS or
    SINGLE, widened or not.
    """

    metric: Metric
    weeks: tuple[Any, ...]
    size: Sequence[float]
    chart: Chart
    method: str

    @cached_property
    def signals(self) -> Signals:
        """Which weeks are more than chance."""
        found = signals(self.chart)
        if self.method != STOCK:
            return found
        climbing = self._climbing
        rule = [
            one if one in RULES_OF_STOCKS else DRIFT if is_climbing else ""
            for one, is_climbing in zip(found.rule, climbing.tolist(), strict=True)
        ]
        return Signals(rule, np.where([one in RULES_OF_STOCKS for one in rule], found.towards, climbing).astype(np.int8))

    @property
    def _climbing(self) -> Signs:
        """drift() of the weeks that have a value, where there are enough for limits."""
        found = np.zeros(self.chart.value.shape, dtype=np.int8)
        known = ~np.isnan(self.chart.value) & self.chart.is_firm
        found[known] = drift(self.chart.value[known])
        return found

    @property
    def variation(self) -> str:
        """What the latest week says; "" where there is no verdict."""
        if not self.is_known or not self.chart.is_firm[-1]:
            return ""
        return meaning(int(self.signals.towards[-1]), self.metric.direction) or COMMON

    @property
    def assurance(self) -> str:
        """Whether weeks within the latest limits meet the target; "" without a target, a direction or a verdict."""
        target, direction = self.metric.target, self.metric.direction
        if target is None or direction == "neutral" or not self.variation:
            return ""
        return assurance(float(self.chart.low[-1]), float(self.chart.high[-1]), target, direction)

    @property
    def is_ripe(self) -> bool:
        """False for lengths of time dated by their beginning, of which the newest weeks know only the quick ones."""
        counted = self.metric.numerator
        begun = self.metric.unit == "hours" and counted is not None and counted.period != "closed_on"
        return not (begun and len(self.weeks) and float(self.chart.centre[-1]) > RIPE_HOURS)

    @property
    def is_known(self) -> bool:
        """Whether the latest week has a value at all."""
        return bool(len(self.weeks)) and not is_missing(self.chart.value[-1])

    @cached_property
    def episodes(self) -> list[Episode]:
        """The earliest first."""
        towards, rule = self.signals.towards.tolist(), self.signals.rule
        cuts = [place for place in range(1, len(towards)) if towards[place] != towards[place - 1] or place in self.chart.steps]
        ends = [*cuts, len(towards)]
        parts = [(first, last - 1) for first, last in zip([0, *cuts], ends, strict=True) if last > first and towards[first]]
        return [
            Episode(first, last, towards[first], tuple(name for name in RULES if name in rule[first : last + 1]))
            for first, last in parts
        ]

    @property
    def latest(self) -> Episode | None:
        """What the latest week is part of; None while it is as always."""
        return self.episodes[-1] if self.episodes and self.episodes[-1].last == len(self.weeks) - 1 else None

    def mean(self, episode: Episode) -> float:
        """The value of its weeks together."""
        here = slice(episode.first, episode.last + 1)
        return float(np.average(self.chart.value[here], weights=np.asarray(self.size)[here]))

    def run(self, episode: Episode) -> int:
        """How many of its weeks, at most, rise (or fall, as it does) without a break."""
        longest = length = 1
        for move in np.diff(self.chart.value[episode.first : episode.last + 1]).tolist():
            length = length + 1 if move * episode.towards > 0 else 1
            longest = max(longest, length)
        return longest

    def concerned(self, episode: Episode) -> float:
        """About how many cases more or fewer than usual went so in the episode."""
        apart = self.chart.value - self.chart.centre
        return float(abs(np.nansum((apart * np.asarray(self.size))[episode.first : episode.last + 1])))


def controlled(metric: Metric, course: pd.DataFrame, steps: Sequence[int] = ()) -> Controlled:
    """course: week, value, numerator, denominator of one metric, a row a week. steps: places from which limits are worked out anew.

    Shares have p charts and rates and counts u charts, widened after Laney where the weeks move more than n explains; medians
    and the like XmR, as nothing is known of how they vary by chance.
    """
    weeks = tuple(course["week"].tolist())
    if metric.kind == "ratio" and metric.unit == "percent":
        size = course["denominator"].where(course["value"].notna()).to_numpy(dtype=float)
        return _by_size(metric, weeks, SHARES, course["value"].to_numpy(dtype=float) * size, size, steps)
    if metric.kind in ("count", "rate_per"):
        size = np.ones(len(weeks)) if metric.kind == "count" else course["denominator"].to_numpy(dtype=float)
        return _by_size(metric, weeks, COUNTS, course["value"].to_numpy(dtype=float) * size, size, steps)
    if metric.kind == "stock":
        return of_stock(metric, weeks, course["value"].tolist())
    chart = xmr_chart(course["value"].to_numpy(dtype=float), steps=steps, least=0.0)
    return Controlled(metric, weeks, np.ones(len(weeks)).tolist(), chart, SINGLE)


def of_stock(metric: Metric, weeks: Sequence[Any], values: Sequence[Any]) -> Controlled:
    """What stands at the end of each week: an XmR chart with limits at three standard deviations where those are wider.

    Moving ranges tell how far a stock moves in a week, not how far it wanders: taken alone they would find every hill special.
    """
    known = np.array([np.nan if is_missing(value) else float(value) for value in values])
    chart = xmr_chart(known, least=0.0)
    there = known[~np.isnan(known)]
    wide = 3 * float(there.std(ddof=1)) if len(there) > 1 else np.nan
    reach = np.fmax(chart.reach, wide)
    chart = replace(chart, reach=reach, low=np.maximum(chart.centre - reach, 0.0), high=chart.centre + reach)
    return Controlled(metric, tuple(weeks), np.ones(len(known)).tolist(), chart, STOCK)


def meaning(towards: int, direction: str) -> str:
    """IMPROVEMENT or CONCERN, HIGH or LOW where a number is neither good nor bad; "" for what is as always."""
    if not towards:
        return ""
    if direction == "neutral":
        return HIGH if towards > 0 else LOW
    return IMPROVEMENT if (towards > 0) == (direction == "up") else CONCERN


def _by_size(metric: Metric, weeks: tuple[Any, ...], method: str, events: Any, size: Any, steps: Sequence[int]) -> Controlled:
    make = p_chart if method == SHARES else u_chart
    chart = make(events, size, steps=steps)
    if bool((chart.sigma[chart.is_firm] > TELLING).any()):
        chart, method = make(events, size, steps=steps, laney=True), WIDENED + method
    return Controlled(metric, weeks, np.nan_to_num(size).tolist(), chart, method)


def rebased(snapshot: Snapshot, view: View, metric: Metric, weeks: Sequence[Any]) -> list[int]:
    """Places of the weeks in which grids in view were divided anew, where that moves the metric by itself."""
    if metric.unit not in PER_GRID or not len(weeks):
        return []
    days = {one.day for one in redivisions(snapshot) if not view.community or one.community in view.community}
    mondays = [as_date(week) for week in weeks]
    return [place for place, monday in enumerate(mondays) if place and any(monday <= day < monday + WEEK for day in days)]
