"""A researcher's question – which metrics, broken down by what – and its answer in protected numbers.

Definitions, filters and periods are those of every page; only what is shown is less: the exact numbers stay on the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dashboard.desk.deidentified import DeskError
from dashboard.desk.sentences import Message
from dashboard.metrics.abreast import abreast
from dashboard.metrics.catalogue import Metric, UnknownMetric, catalogue
from dashboard.metrics.dimensions import TIME, UnknownDimension, dimension, dimensions, shape
from dashboard.metrics.plan import plan
from dashboard.metrics.scans import Days, Key, run
from dashboard.metrics.tables import Table, table
from dashboard.research.cells import TooManyCells, all_cells, parts_of
from dashboard.research.parts import Counted, Part, composite, protected
from dashboard.research.protection import LEAST, Cells, held_as, is_gap, rounding_key
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Build, Snapshot

MOST_METRICS = 8
MOST_DIMENSIONS = 3
MOST_ROWS = 20_000
NUMBERS = ("value", "numerator", "denominator", "n")
_PERSONAL = ("worker", "service_window", "reason")
"""A grid worker, the clerk at a window, what a resident said: the de-identified file has none of them either."""
_TOO_FINE = ("day",)


@dataclass(frozen=True)
class Question:
    """metrics: `id` or `id:variant` · by: dimensions; both in the order of the table. It may be wrong: problem() says in what."""

    metrics: tuple[str, ...] = ()
    by: tuple[str, ...] = ()

    @classmethod
    def of(cls, choices: Mapping[str, str]) -> Question:
        """What the URL parameters `metrics` and `by` ask for; never raises."""
        return cls(_names(choices.get("metrics", "")), _names(choices.get("by", "")))

    def choices(self) -> dict[str, str]:
        """The same as URL parameters."""
        asked = {"metrics": ",".join(self.metrics), "by": ",".join(self.by)}
        return {name: value for name, value in asked.items() if value}

    def problem(self) -> Message | None:
        """What is wrong with it and what to do; None when it can be answered."""
        return _wrong_metrics(self.metrics) or _wrong_dimensions(self.metrics, self.by)


@dataclass(frozen=True)
class Answer:
    """frame: *by (codes, None where there is none; week and month as dates), metric, value, numerator, denominator, n, held.

    Every number is protected and NaN where it is held or does not exist. held: "" – the value is shown · "small" – fewer than five
    cases, or none (means and quantiles: fewer than ten) · "complement" – held so that another one cannot be worked out.
    message: why there is no frame, else None. days: first and last day.
    """

    question: Question
    build: Build
    days: Days
    frame: pd.DataFrame = field(repr=False)
    message: Message | None = None


def dimensions_of(metrics: Sequence[str]) -> tuple[str, ...]:
    """What all of the metrics can be broken down by, in the order of the catalogue; nothing that is a person, and no single days."""
    known = [catalogue().metric(key) for key in metrics if _is_metric(key)]
    parts = [part for metric in known for part in parts_of(metric)]
    return tuple(
        name for name in dimensions() if parts and name not in (*_PERSONAL, *_TOO_FINE) and all(_has(part, name) for part in parts)
    )


def answer(snapshot: Snapshot, settings: Settings, view: View, question: Question) -> Answer:
    """The answer under the view's period and filters; what cannot be answered is said in its message, never raised."""
    period = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    days = period.start, period.end
    blank = partial(Answer, question, snapshot.build, days, _no_rows(question.by))
    wrong = question.problem() or _outside(snapshot.build, days)
    if wrong:
        return blank(wrong)
    try:
        return Answer(question, snapshot.build, days, _asked(snapshot, rounding_key(settings), view, question, days))
    except TooManyCells as error:
        return blank(_too_many(error.count * len(question.metrics)))
    except DeskError as error:
        return blank(Message(error.zh, error.en))


def _names(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))


def _is_metric(key: str) -> bool:
    try:
        catalogue().metric(key)
    except UnknownMetric:
        return False
    return True


def _has(metric: Metric, name: str) -> bool:
    """Whether the table of a metric has the dimension; a stock needs it for both of its days."""
    term = metric.numerator
    assert term is not None
    periods = (term.period, metric.closed) if metric.closed and name in TIME else (term.period,)
    return all(dimension(name).column(term.table, period) for period in periods)


def _wrong_metrics(metrics: Sequence[str]) -> Message | None:
    if not metrics:
        return Message("请先选择指标", "choose a metric first")
    unknown = [key for key in metrics if not _is_metric(key)]
    if unknown:
        return Message(
            f"没有“{'、'.join(unknown)}”这个指标，请从指标表中选择",
            f"there is no metric called {', '.join(unknown)}; choose from the list",
        )
    if len(metrics) > MOST_METRICS:
        return Message(
            f"一次最多看 {MOST_METRICS} 个指标，现在是 {len(metrics)} 个，请减少几个",
            f"at most {MOST_METRICS} metrics at a time, not {len(metrics)}; leave some out",
        )
    return None


def _wrong_dimensions(metrics: Sequence[str], by: Sequence[str]) -> Message | None:
    unknown = [name for name in by if not _is_dimension(name)]
    if unknown:
        return Message(
            f"没有“{'、'.join(unknown)}”这个维度，请从维度表中选择",
            f"there is no dimension called {', '.join(unknown)}; choose from the list",
        )
    if len(by) > MOST_DIMENSIONS:
        return Message(
            f"一次最多按 {MOST_DIMENSIONS} 个维度细分，现在是 {len(by)} 个，请减少几个",
            f"at most {MOST_DIMENSIONS} dimensions at a time, not {len(by)}; leave some out",
        )
    possible = dimensions_of(metrics)
    missing = [dimension(name) for name in by if name not in possible]
    if missing:
        zh, en = "、".join(one.zh for one in missing), ", ".join(one.en.lower() for one in missing)
        return Message(
            f"所选指标不能都按“{zh}”细分，请换一个维度，或去掉没有它的指标",
            f"not all of the metrics can be broken down by {en}; choose another dimension, or leave out the metrics that lack it",
        )
    if len(set(by) & set(TIME)) > 1:
        return Message("周和月请只选一个", "choose either week or month")
    return None


def _is_dimension(name: str) -> bool:
    try:
        dimension(name)
    except UnknownDimension:
        return False
    return True


def _outside(build: Build, days: Days) -> Message | None:
    if days[0] <= build.as_of.date() and days[1] >= build.data_from:
        return None
    return Message(
        f"所选期间没有数据：现有数据从 {build.data_from} 到 {build.as_of.date()}，请换一个期间",
        f"there is no data in this period: it runs from {build.data_from} to {build.as_of.date()}; choose another",
    )


def _too_many(count: int) -> Message:
    return Message(
        f"这张表有 {count:,} 行，最多 {MOST_ROWS:,} 行；请缩短期间、先筛选，或少选一个维度",
        f"this table would have {count:,} rows, at most {MOST_ROWS:,} are shown; shorten the period, filter, or drop a dimension",
    )


def _asked(snapshot: Snapshot, key: bytes, view: View, question: Question, days: Days) -> pd.DataFrame:
    by = question.by
    made = plan(question.metrics, by, shape(view), with_sets=True)
    most = MOST_ROWS // len(made.asked)
    keys = all_cells(snapshot, view, made.asked, by, days, most=most)
    results = abreast([partial(run, snapshot, scan, view, (days,)) for scan in made.scans])
    tables = {name: table(recipe, results, made.scans, by) for name, recipe in made.parts}
    for counted in tables.values():
        keys.update(_besides(counted))
    if len(keys) > most:
        raise TooManyCells(len(keys))
    cells = Cells.of(sorted(keys, key=lambda one: [(part is None, part) for part in one]))
    parts = {name: protected(Counted(made, recipe, results, tables[name], by, cells), key) for name, recipe in made.parts}
    return _frame(by, cells, [(metric, parts.get(metric.key) or composite(metric, parts)) for metric in made.asked])


def _besides(counted: Table) -> Iterator[Key]:
    """Cells that no list has: gaps in the records where anything is counted, and grids of former days – only from LEAST cases on: that
    such a grid stands there at all says that it is not 0."""
    for found, n, top in zip(counted.keys, counted.n, counted.numerator, strict=True):
        most = max(np.nan_to_num(n), np.nan_to_num(top))
        if most >= LEAST or (most > 0 and is_gap(found)):
            yield found


def _frame(by: tuple[str, ...], cells: Cells, found: Sequence[tuple[Metric, Part]]) -> pd.DataFrame:
    keys: list[Key] = list(cells.keys) * len(found)
    data: dict[str, Any] = {}
    for place, name in enumerate(by):
        values = [one[place] for one in keys]
        data[name] = np.array(values, dtype="datetime64[s]" if name in TIME else object)
    data["metric"] = np.repeat(np.array([metric.key for metric, _ in found], dtype=object), len(cells.keys))
    for column in NUMBERS:
        data[column] = np.concatenate([getattr(part, column) for _, part in found])
    data["held"] = np.concatenate([held_as(part.small, part.held) for _, part in found])
    return pd.DataFrame(data)


def _no_rows(by: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in (*by, "metric", *NUMBERS, "held")})
