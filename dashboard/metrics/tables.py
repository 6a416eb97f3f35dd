"""Aggregates → values: how a metric is put together, and when its value is null or withheld."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dashboard.metrics.catalogue import Metric
from dashboard.metrics.plan import Recipe, Scan, Slot
from dashboard.metrics.scans import Key, Result

Numbers = npt.NDArray[np.float64]
NAN = float("nan")


@dataclass(frozen=True)
class Table:
    """A metric, one row a group, columns equally long. withheld: the value is null because n is below the least asked for."""

    keys: list[Key]
    value: Numbers
    numerator: Numbers
    denominator: Numbers
    n: Numbers
    withheld: npt.NDArray[np.bool_] | None = None


def table(recipe: Recipe, results: list[Result], scans: tuple[Scan, ...], by: tuple[str, ...]) -> Table:
    """A metric put together from the answers of its scans; nothing withheld yet."""
    metric, top = recipe.metric, recipe.numerator
    keys = results[top.scan].keys
    numerator, n = _column(results, top), _column(results, recipe.n)
    nothing = np.full(len(keys), NAN)
    if metric.kind == "quantile":
        return _whole(Table(keys, numerator, nothing, nothing, n), metric)
    if recipe.denominator is None or metric.denominator is None:
        divisor = n if metric.kind == "mean" else nothing
        value = _quotient(numerator, n) if metric.kind == "mean" else numerator
        return _whole(Table(keys, value, numerator, divisor, n), metric)
    denominator = _column(results, recipe.denominator)
    if recipe.denominator.scan != top.scan:
        keys, numerator, denominator = _joined(keys, numerator, results, recipe.denominator, scans[recipe.denominator.scan].by, by)
        n = numerator if metric.kind == "rate_per" else denominator
    denominator = denominator / metric.denominator.scale
    if metric.complement:
        numerator = denominator - numerator
    return _whole(Table(keys, _quotient(numerator, denominator), numerator, denominator, n), metric)


def _whole(found: Table, metric: Metric) -> Table:
    """Scaled, and with n = 0 for groups the exposure does not have."""
    return replace(found, value=found.value * metric.scale, n=np.where(np.isnan(found.n), 0.0, found.n))


def _quotient(numerator: Numbers, denominator: Numbers) -> Numbers:
    """Null where there is nothing to divide by."""
    quotient = np.full(len(numerator), NAN)
    np.divide(numerator, denominator, out=quotient, where=denominator > 0)
    return quotient


def _column(results: list[Result], slot: Slot) -> Numbers:
    """An aggregate over the groups. Counts and sums of no rows at all come back null and are 0; a quantile of none is null."""
    columns = results[slot.scan].columns
    if not columns:
        return np.empty(0)
    values = columns[slot.column]
    if slot.element >= 0:
        return np.array([NAN if value is None else value[slot.element] for value in values], dtype=np.float64)
    found = np.array(values, dtype=np.float64)
    return np.where(np.isnan(found), 0.0, found)


def _joined(
    keys: list[Key], numerator: Numbers, results: list[Result], slot: Slot, common: tuple[str, ...], by: tuple[str, ...]
) -> tuple[list[Key], Numbers, Numbers]:
    """Numerators beside the denominators of another scan, matched on the dimensions it has.

    Where it has all of them, its groups without a numerator get 0: a grid without incidents is a grid with none.
    """
    there = dict(zip(results[slot.scan].keys, _column(results, slot).tolist(), strict=True))
    if common != by:
        positions = [by.index(name) for name in common]
        matched = [tuple([key[at] for at in positions]) for key in keys]
        return keys, numerator, np.array([there.get(key, NAN) for key in matched], dtype=np.float64)
    known = set(keys)
    extra = [key for key in there if key not in known]
    keys = keys + extra
    numerator = np.concatenate([numerator, np.zeros(len(extra))])
    denominator = np.array([there.get(key, NAN) for key in keys], dtype=np.float64)
    if not extra:
        return keys, numerator, denominator
    is_blank = any(None in key for key in keys)
    order = sorted(range(len(keys)), key=lambda at: [(part is None, part) for part in keys[at]] if is_blank else keys[at])
    return [keys[at] for at in order], numerator[order], denominator[order]


def composite(metric: Metric, tables: dict[str, Table]) -> Table:
    """Σ weight × part; null where a part is; n is the smallest of the parts'."""
    parts = [(tables[key], weight) for key, weight in metric.weights]
    keys = parts[0][0].keys
    value, n = np.zeros(len(keys)), np.full(len(keys), np.inf)
    for table, weight in parts:
        at = dict(zip(table.keys, range(len(table.keys)), strict=True))
        rows = [at.get(key, -1) for key in keys]
        value = value + weight * np.append(table.value, NAN)[rows]
        n = np.minimum(n, np.append(table.n, 0.0)[rows])
    nothing = np.full(len(keys), NAN)
    return Table(keys, value * metric.scale, nothing, nothing, n)


def valued(metric: Metric, found: Table, *, min_n: int | None, is_covered: npt.NDArray[np.bool_]) -> Table:
    """The one place where a value becomes null for lack of cases.

    Counts and stocks: outside the days the data covers. Rates per exposure: without exposure. All others: n = 0, or n
    below the metric's own least number of cases (min_n overrides it), which is marked as withheld.
    """
    none = np.zeros(len(found.keys), dtype=bool)
    if metric.kind in ("count", "stock"):
        return replace(found, value=np.where(is_covered, found.value, NAN), withheld=none)
    if metric.kind == "rate_per":
        return replace(found, withheld=none)
    least = metric.min_n if min_n is None else min_n
    withheld = (found.n > 0) & (found.n < least)
    return replace(found, value=np.where(withheld | (found.n <= 0), NAN, found.value), withheld=withheld)


def part(found: Table, window: int) -> Table:
    """The rows of one window, keys without its number."""
    rows = np.array([number for number, key in enumerate(found.keys) if key[0] == window], dtype=np.intp)
    withheld = found.withheld[rows] if found.withheld is not None else None
    keys = [found.keys[number][1:] for number in rows]
    return Table(keys, found.value[rows], found.numerator[rows], found.denominator[rows], found.n[rows], withheld)


def at(found: Table, keys: list[Key], metric: Metric) -> Table:
    """A valued table's rows at keys; one it does not have is 0 for counts and stocks, null for everything else."""
    position = {key: number for number, key in enumerate(found.keys)}
    rows = np.array([position.get(key, -1) for key in keys], dtype=np.intp)
    missing = 0.0 if metric.kind in ("count", "stock") else NAN

    def taken(column: Numbers, otherwise: float) -> Numbers:
        return np.append(column, otherwise)[rows]

    withheld = np.append(found.withheld, False)[rows] if found.withheld is not None else None
    value, numerator = taken(found.value, missing), taken(found.numerator, missing)
    return Table(keys, value, numerator, taken(found.denominator, NAN), taken(found.n, 0.0), withheld)
