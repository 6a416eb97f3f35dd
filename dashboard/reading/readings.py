"""A reading: one metric's number as a reader is told it – with its changes, its course, and what its weeks say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, change_parts, count, is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.reading.control import Controlled
from dashboard.reading.control_words import TONES_OF_TARGETS, aimed_at, told


@dataclass(frozen=True)
class Change:
    """The same number of an earlier period. kind: previous 环比 or year_ago 同比."""

    kind: str
    before: Any


@dataclass(frozen=True)
class Reading:
    """One metric's number. n: what it rests on · changes: on earlier periods, none where no comparison is fair ·
    control: its weekly course as a control chart, which says whether it is more than chance · name, href: where they are not
    the metric's own.
    """

    metric: Metric
    value: Any
    n: Any = None
    changes: Sequence[Change] = ()
    history: Sequence[Any] = ()
    control: Controlled | None = None
    name: str = ""
    href: str = ""


@dataclass(frozen=True)
class Moved:
    """A change in words: 环比 +1.2 个百分点."""

    kind: str
    name: str
    number: str
    unit: str


@dataclass(frozen=True)
class Rest:
    """What a number rests on, in words: what its weeks say, its n, or why there is none. rule: by which the weeks were judged."""

    words: str
    tone: str = "soft"
    rule: str = ""


def moves(reading: Reading, lang: str) -> list[Moved]:
    """Its changes in words; those with nothing to compare with are left out."""
    found = []
    for earlier in reading.changes:
        number, unit = change_parts(reading.value, earlier.before, reading.metric.unit, reading.metric.decimals, lang)
        if number != NOTHING:
            found.append(Moved(earlier.kind, text(f"tile.on_{earlier.kind}", lang), number, unit))
    return found


def rests(reading: Reading, lang: str) -> list[Rest]:
    """Why there is no number, the verdict of its weeks, and what it rests on."""
    metric, found = reading.metric, []
    if is_missing(reading.value):
        is_withheld = metric.min_n and not is_missing(reading.n) and reading.n
        found.append(Rest(text("tile.too_few" if is_withheld else "tile.none", lang)))
    verdict = None if reading.control is None else told(reading.control, lang)
    if verdict is not None:
        found.append(Rest(verdict.words, verdict.tone, verdict.rule))
    if reading.control is not None and not reading.control.metric.is_target_assumed:
        state = reading.control.assurance
        words = aimed_at(reading.control, lang, "control.target_short")
        found += [Rest(words, TONES_OF_TARGETS[state])] if words else []
    if metric.kind not in ("count", "stock", "composite") and not is_missing(reading.n):
        found.append(Rest(f"n = {count(reading.n)}"))
    return found
