"""A reading: one metric's number as a reader is told it – with its changes, its course, and what it usually is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, between, change_parts, count, is_missing, shown
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


@dataclass(frozen=True)
class Moved:
    """A change in words: 环比 +1.2 个百分点 向好. word: of its verdict, "" where it has none."""

    kind: str
    name: str
    number: str
    unit: str
    verdict: str
    word: str


@dataclass(frozen=True)
class Rest:
    """What a number rests on, in words: its n, the range it usually lies in, or why there is none. rule: how the range was made."""

    words: str
    verdict: str = ""
    rule: str = ""


def moves(reading: Reading, lang: str) -> list[Moved]:
    """Its changes in words; those with nothing to compare with are left out."""
    found = []
    for earlier in reading.changes:
        number, unit = change_parts(reading.value, earlier.before, reading.metric.unit, reading.metric.decimals, lang)
        if number != NOTHING:
            word = text(f"tile.{earlier.verdict}", lang) if earlier.verdict else ""
            found.append(Moved(earlier.kind, text(f"tile.on_{earlier.kind}", lang), number, unit, earlier.verdict, word))
    return found


def rests(reading: Reading, lang: str) -> list[Rest]:
    """Why there is no number, and what it rests on; nothing for counts."""
    metric, found = reading.metric, []
    if is_missing(reading.value):
        is_withheld = metric.min_n and not is_missing(reading.n) and reading.n
        found.append(Rest(text("tile.too_few" if is_withheld else "tile.none", lang)))
    if reading.usual is not None:
        found.append(_usual(reading.usual, metric, lang))
    elif metric.kind not in ("count", "stock", "composite") and not is_missing(reading.n):
        found.append(Rest(f"n = {count(reading.n)}"))
    return found


def _usual(usual: Usual, metric: Metric, lang: str) -> Rest:
    """常态内 17–42"""
    if usual.place == "few_weeks":
        return Rest(text("tile.few_weeks", lang))
    ends = between(usual.low, usual.high, metric.unit, metric.decimals, lang)
    value = shown(usual.value, metric.unit, metric.decimals, lang)
    rule = text("tile.usual", lang, value=value, weeks=usual.weeks, range=ends)
    return Rest(text(f"tile.place_{usual.place}", lang, range=ends), usual.verdict, rule)
