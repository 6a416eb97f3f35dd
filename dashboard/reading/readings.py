"""A reading: one metric's number as a reader is told it – with its changes, its course, and what it usually is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.metrics.catalogue import Metric


@dataclass(frozen=True)
class Change:
    """The same number of an earlier period. kind: previous 环比 or year_ago 同比 · verdict: better, worse or within (no more
    than chance), "" where nothing can be said.
    """

    kind: str
    before: Any
    verdict: str = ""


@dataclass(frozen=True)
class Usual:
    """The normal range of the weeks before, and how the latest value lies to it: above, under, inside, or few_weeks when there
    are too few to know (low and high are then NaN). verdict: better, worse, within, or "".
    """

    value: float
    low: float
    high: float
    weeks: int
    place: str
    verdict: str


@dataclass(frozen=True)
class Reading:
    """One metric's number. n: what it rests on · changes: on earlier periods, none where no comparison is fair ·
    usual: for numbers without an interval, the range of the weeks before · name, href: where they are not the metric's own.
    """

    metric: Metric
    value: Any
    n: Any = None
    changes: Sequence[Change] = ()
    history: Sequence[Any] = ()
    usual: Usual | None = None
    name: str = ""
    href: str = ""
