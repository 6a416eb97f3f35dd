"""Metrics of a view: one pass a table and date, whatever the number of metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.metrics.abreast import abreast
from dashboard.metrics.catalogue import Metric
from dashboard.metrics.dimensions import TIME, WINDOW, shape
from dashboard.metrics.plan import plan
from dashboard.metrics.scans import Days, Key, buckets, run
from dashboard.metrics.tables import Table, at, composite, part, table, valued
from dashboard.view import COMPARISONS, View
from dashboard.warehouse import Build, Snapshot

NAN = float("nan")
EPOCH = date(1970, 1, 1).toordinal()


def compute(
    snapshot: Snapshot,
    metrics: Sequence[str],
    view: View,
    by: Sequence[str] = (),
    period: Days | None = None,
    *,
    min_n: int | None = None,
) -> pd.DataFrame:
    """frame: *by, metric, value, numerator, denominator, n, withheld; metrics in the order asked for, groups in order.

    metrics: `id` or `id:variant`. period: first and last day instead of the view's. Only groups with rows appear, but with
    an exposure as denominator every unit exposed does. value is null (NaN) when there is nothing to divide by, when
    n < min_n (then withheld is true; min_n=0 withholds nothing) and for counts outside the days the data covers.
    n: denominator of a ratio, rows in scope of a count, values of a quantile, events of a rate per exposure.
    Raises UnknownMetric, UnknownDimension.
    """
    return _frame(_tables(snapshot, metrics, view, tuple(by), (period or _days(snapshot.build, view),), min_n), tuple(by))


def compare(
    snapshot: Snapshot, metrics: Sequence[str], view: View, by: Sequence[str] = (), *, against: Sequence[str] = COMPARISONS
) -> pd.DataFrame:
    """compute() with, for each row, previous, previous_n, year_ago and year_ago_n: the period before and a year earlier.

    Both are null where their period is not wholly inside the data; a group not met then is 0 for counts, null otherwise.
    against: which of the two; one alone is quicker.
    """
    dates = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    now = (dates.start, dates.end)
    both = {"previous": (dates.previous_start, dates.previous_end), "year_ago": (dates.year_ago_start, dates.year_ago_end)}
    then = {name: both[name] for name in against}
    known = [days for days in then.values() if days[0] >= snapshot.build.data_from]
    found = _by_window(snapshot, metrics, view, tuple(by), tuple(dict.fromkeys([now, *known])))
    columns: dict[str, Any] = {}
    for name, days in then.items():
        beside = [
            at(earlier, here.keys, metric) for (metric, here), (_, earlier) in zip(found[now], found.get(days, []), strict=False)
        ]
        columns[name] = _stacked([table.value for table in beside]) if beside else NAN
        columns[f"{name}_n"] = _stacked([table.n for table in beside]).astype(np.int64) if beside else 0
    return _frame(found[now], tuple(by)).assign(**columns)


def trend(snapshot: Snapshot, metrics: Sequence[str], view: View, by: Sequence[str] = (), step: str = "week") -> pd.DataFrame:
    """compute() by week (or day, month) with every step of the period present: step, *by, metric, value, …, is_partial.

    A step without rows is null for rates and 0 for counts and stocks. is_partial: it is not over at as-of, or the period
    begins or ends inside it. Missing steps are filled for each group of `by` that occurs.
    """
    days = _days(snapshot.build, view)
    steps = buckets(step, days, snapshot.build)
    found = _tables(snapshot, metrics, view, (step, *by), (days,))
    full = [(metric, at(table, _every_step(table, [start for start, _ in steps], by), metric)) for metric, table in found]
    frame = _frame(full, (step, *by))
    cut = [start for start, last in steps if start < days[0] or last > days[1] or last >= snapshot.build.as_of.date()]
    return frame.assign(is_partial=frame[step].isin(_moments(cut)))


def _every_step(found: Table, starts: list[date], by: Sequence[str]) -> list[Key]:
    """The keys of every step for each group that occurs; without `by` the whole is the one group, whether it occurs or not."""
    groups = sorted(dict.fromkeys(key[1:] for key in found.keys), key=lambda group: [(part is None, part) for part in group])
    return [(start, *group) for group in (groups if by else [()]) for start in starts]


def _days(build: Build, view: View) -> Days:
    period = view.dates(build.as_of, build.data_from)
    return period.start, period.end


def _tables(
    snapshot: Snapshot, metrics: Sequence[str], view: View, by: tuple[str, ...], windows: tuple[Days, ...], min_n: int | None = None
) -> list[tuple[Metric, Table]]:
    """Each metric over the windows; keys begin with the window's number when there are several."""
    names = (WINDOW, *by) if len(windows) > 1 else by
    made = plan(tuple(metrics), names, shape(view), len(windows))
    results = abreast([partial(run, snapshot, scan, view, windows) for scan in made.scans])
    tables = {key: table(recipe, results, made.scans, names) for key, recipe in made.parts}
    first, last = snapshot.build.data_from, snapshot.build.as_of.date()
    covered = [start <= last and end >= first for start, end in windows]
    found = []
    for metric in made.asked:
        whole = composite(metric, tables) if metric.kind == "composite" else tables[metric.key]
        is_covered = np.array([covered[key[0]] if len(windows) > 1 else covered[0] for key in whole.keys], dtype=bool)
        found.append((metric, valued(metric, whole, min_n=min_n, is_covered=is_covered)))
    return found


def _by_window(
    snapshot: Snapshot, metrics: Sequence[str], view: View, by: tuple[str, ...], windows: tuple[Days, ...]
) -> dict[Days, list[tuple[Metric, Table]]]:
    """The tables of each of the windows; from one query where they do not overlap, which takes half the time of three."""
    ordered = sorted(windows)
    is_apart = all(earlier[1] < later[0] for earlier, later in pairwise(ordered))
    if len(windows) == 1 or not is_apart or set(by) & set(TIME):
        each = abreast([partial(_tables, snapshot, metrics, view, by, (days,)) for days in windows])
        return dict(zip(windows, each, strict=True))
    found = _tables(snapshot, metrics, view, by, windows)
    return {days: [(metric, part(table, number)) for metric, table in found] for number, days in enumerate(windows)}


def _frame(tables: list[tuple[Metric, Table]], by: tuple[str, ...]) -> pd.DataFrame:
    data: dict[str, Any] = {}
    keys = [key for _, found in tables for key in found.keys]
    for position, name in enumerate(by):
        values = [key[position] for key in keys]
        data[name] = _moments(values) if name in TIME else np.array(values, dtype=object)
    data["metric"] = np.array([key for metric, found in tables for key in repeat(metric.key, len(found.keys))], dtype=object)
    for column in ("value", "numerator", "denominator"):
        data[column] = _stacked([getattr(found, column) for _, found in tables])
    data["n"] = _stacked([found.n for _, found in tables]).astype(np.int64)
    data["withheld"] = _stacked([found.withheld for _, found in tables if found.withheld is not None]).astype(bool)
    return pd.DataFrame(data)


def _stacked(columns: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(columns) if columns else np.empty(0)


def _moments(days: Sequence[date]) -> npt.NDArray[np.datetime64]:
    """Midnights of days; by day numbers, as numpy is slow at reading date objects."""
    numbers = np.array([day.toordinal() for day in days], dtype=np.int64) - EPOCH
    return numbers.astype("datetime64[D]").astype("datetime64[s]")
