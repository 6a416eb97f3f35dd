"""Visit: everything a page is a function of – the build, the view, the reader, and the page's own choices in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from dashboard import queries
from dashboard.access import Reader
from dashboard.exhibit import Exhibit
from dashboard.i18n import text
from dashboard.i18n.dates import span
from dashboard.i18n.numbers import NOTHING, is_missing
from dashboard.metrics.abreast import abreast
from dashboard.metrics.catalogue import Metric, catalogue
from dashboard.metrics.compute import compare, compute, trend
from dashboard.metrics.targets import aimed
from dashboard.reading.control import Controlled, controlled, rebased
from dashboard.reading.readings import Change, Reading
from dashboard.view import FILTERS, Options, Period, View
from dashboard.warehouse import Snapshot

WEEK = timedelta(days=7)
AGEING = ("open_overdue", "open_not_due", "closure_rate", "callback_coverage", "callback_response_rate", "overdue_assignments")
"""What is still to be done for the cases of a period, or was: older periods had longer for it, so the newest is not compared with them."""


@dataclass(frozen=True)
class Visit:
    """One reader looking at one view of one build. choices: query parameters that are no filters."""

    snapshot: Snapshot
    view: View
    reader: Reader
    path: str = "/"
    choices: Mapping[str, str] | None = None
    exhibits: dict[str, Exhibit] = field(default_factory=dict, compare=False)
    """The data behind the cards drawn so far, by id."""

    @property
    def is_wall(self) -> bool:
        """On a wall screen nothing can be pressed, and nothing below a community is shown."""
        return self.choice("wall") == "1"

    def narrowed(self, **filters: tuple[str, ...]) -> Visit:
        """The same visit with other filters; its cards belong to the same page."""
        return replace(self, view=self.view.replace(**filters))

    @property
    def lang(self) -> str:
        return self.view.lang

    @cached_property
    def period(self) -> Period:
        """The days of the view."""
        return self.view.dates(self.snapshot.build.as_of, self.snapshot.build.data_from)

    @cached_property
    def options(self) -> Options:
        """(code, name) of everything the filters offer and the chips name, in screen order."""
        return {name: self.codes(name) for name in FILTERS}

    @cached_property
    def _numbers(self) -> dict[tuple[tuple[str, ...], tuple[str, ...]], pd.DataFrame]:
        return {}

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {}

    def words(self, key: str, **values: object) -> str:
        """text() in the visit's language."""
        return text(key, self.lang, **values)

    def choice(self, name: str, default: str = "") -> str:
        """One of the page's own parameters."""
        return (self.choices or {}).get(name, default)

    def name(self, dimension: str, code: object) -> str:
        """A code's name; the code itself where no list knows it, — where there is none."""
        if is_missing(code):
            return NOTHING
        if dimension not in self._names:
            self._names[dimension] = queries.names(self.snapshot, dimension, self.lang)
        return self._names[dimension].get(str(code), str(code))

    def codes(self, dimension: str) -> list[tuple[str, str]]:
        """(code, name) of a dimension in the order of its reference table."""
        return [(option.code, option.name(self.lang)) for option in queries.options(self.snapshot, dimension)]

    def span(self) -> str:
        """The period in words; a running one says so."""
        words = span(self.period.start, self.period.end, self.lang)
        return words + (self.words("period.running") if self.period.is_partial else "")

    def numbers(self, metrics: Sequence[str], by: Sequence[str] = ()) -> pd.DataFrame:
        """compute() for this view: *by, metric, value, numerator, denominator, n, withheld."""
        key = (tuple(metrics), tuple(by))
        if key not in self._numbers:
            self._numbers[key] = compute(self.snapshot, metrics, self.view, by)
        return self._numbers[key]

    def before(self, metrics: Sequence[str], by: Sequence[str] = ()) -> pd.DataFrame | None:
        """numbers() of the period the reader compares with (view.compare); None where it is not wholly inside the data."""
        start, end = self.view.compared(self.period)
        if start < self.snapshot.build.data_from:
            return None
        return compute(self.snapshot, metrics, self.view, by, (start, end))

    def history(self, metrics: Sequence[str], by: Sequence[str] = (), weeks: int = 26) -> pd.DataFrame:
        """The weekly course up to the end of the period, whatever the period: week, *by, metric, value, …

        Whole weeks only: one cut short by the period or by the data would look like a fall.
        """
        last = self.period.end + timedelta(days=1)
        monday = last - timedelta(days=last.weekday())
        first = max(monday - weeks * WEEK, _monday(self.snapshot.build.data_from))
        end = max(monday - timedelta(days=1), self.period.end)
        found = trend(self.snapshot, metrics, self.view.replace(period="custom", start=first, end=end), by=by)
        return found[~found["is_partial"]].reset_index(drop=True)

    def told(
        self, metrics: Sequence[str], courses: Sequence[str] = (), *, weeks: int = 26, against: Sequence[str] = ()
    ) -> tuple[pd.DataFrame, list[Reading]]:
        """history() of `courses`, the metrics themselves where none are named, and the metrics' readings with their course in it.

        against: the earlier periods to hold them against, the reader's own where none are named.
        """
        against = tuple(against) or (self.view.compare,)
        history, now = abreast(
            [
                partial(self.history, courses or metrics, weeks=weeks),
                partial(compare, self.snapshot, metrics, self.view, against=against),
            ]
        )
        found = {row["metric"]: row for row in now.to_dict("records")}
        return history, [
            self._reading(found[key], part_of(history, key), against) if key in found else Reading(metric(key), None, 0)
            for key in metrics
        ]

    def control(self, key: str, course: pd.DataFrame) -> Controlled:
        """A metric's weeks, its rows of history(), as a control chart."""
        definition = aimed(self.snapshot, metric(key))
        return controlled(definition, course, rebased(self.snapshot, self.view, definition, course["week"].tolist()))

    def _reading(self, row: Mapping[Any, Any], course: pd.DataFrame, against: Sequence[str]) -> Reading:
        definition = metric(row["metric"])
        if definition.key in AGEING:
            return Reading(definition, row["value"], row["n"])
        changes = [Change(kind, row[kind]) for kind in against]
        control = self.control(definition.key, course) if len(course) else None
        return Reading(definition, row["value"], row["n"], changes, course["value"].tolist(), control)


def heading(definition: Metric, lang: str) -> str:
    """Its name over a column or on a button: the short one, except for loads, whose short name is their unit."""
    words = definition.text(lang)
    return words.name if definition.kind == "rate_per" else words.short


def listed(definition: Metric) -> str:
    """The part whose rows a number opens: all that a rate is about, but what was counted where the divisor is an exposure."""
    return "denominator" if definition.kind in ("ratio", "mean", "quantile") else "numerator"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def part_of(numbers: pd.DataFrame, key: str) -> pd.DataFrame:
    """One metric's rows."""
    (places,) = np.nonzero(numbers["metric"].to_numpy() == key)
    return numbers.iloc[places].reset_index(drop=True)


def metric(key: str) -> Metric:
    """A metric of the catalogue by id or id:variant."""
    return catalogue().metric(key)
