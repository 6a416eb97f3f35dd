"""One metric over the cells of a table: exact numbers go in, protected ones come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.metrics.catalogue import Metric
from dashboard.metrics.plan import Plan, Recipe, Slot
from dashboard.metrics.scans import Result
from dashboard.metrics.tables import Table
from dashboard.research.protection import LEAST, LEAST_VALUES, Cells, Flags, Numbers, complemented, rounded


@dataclass(frozen=True)
class Part:
    """A metric over the cells: its protected numbers, and which of its values are held, for what reason."""

    value: Numbers
    numerator: Numbers
    denominator: Numbers
    n: Numbers
    small: Flags
    held: Flags


@dataclass(frozen=True)
class Counted:
    """The exact numbers of one metric, on their way to the cells."""

    plan: Plan
    recipe: Recipe
    results: list[Result]
    table: Table
    by: tuple[str, ...]
    cells: Cells

    def numbers(self, column: Numbers, missing: float) -> Numbers:
        """A column of the table at each cell."""
        place = {found: at for at, found in enumerate(self.table.keys)}
        rows = np.array([place.get(cell, -1) for cell in self.cells.keys], dtype=np.intp)
        return np.append(column, missing)[rows]

    def behind(self, slot: Slot | None, type_: type[np.generic]) -> Any:
        """Which cases, or how many workers, stand behind a count in each cell; 0 for nobody, None where that is public."""
        which = dict(self.recipe.sets).get(slot) if slot else None
        if which is None:
            return None
        scan = self.plan.scans[which.scan]
        places = [self.by.index(name) for name in scan.by]
        columns = self.results[which.scan].columns
        there = dict(zip(self.results[which.scan].keys, columns[which.column], strict=True)) if columns else {}
        return np.array([there.get(tuple(cell[at] for at in places)) or 0 for cell in self.cells.keys], dtype=type_)


def protected(counted: Counted, key: bytes) -> Part:
    """One metric, protected."""
    recipe, exact = counted.recipe, counted.table
    metric = recipe.metric
    n, n_small, n_held = _count(counted, exact.n, recipe.n, key)
    nothing = np.full(len(n), np.nan)
    least = max(metric.min_n, LEAST)
    if metric.kind in ("quantile", "mean"):
        few = counted.numbers(exact.n, 0.0) < max(LEAST_VALUES, least)
        value = np.where(few, np.nan, np.round(counted.numbers(exact.value, np.nan), metric.decimals))
        return Part(value, nothing, nothing, n, few, few)
    top, top_small, top_held = _count(counted, exact.numerator, recipe.numerator, key)
    if recipe.denominator is None or metric.denominator is None:
        return Part(top * metric.scale, top, nothing, n, top_small, top_held)
    if metric.kind == "rate_per":
        bottom, few, bottom_held = _exposure(counted)
        held = top_held | bottom_held
        return Part(_divided(metric, top, bottom, held), top, bottom, n, top_small | few, held)
    few = counted.numbers(exact.n, 0.0) < least
    small = top_small | n_small | few
    held = small | top_held | n_held
    return Part(_divided(metric, top, n, held), top, n, n, small, held)


def _count(counted: Counted, column: Numbers, slot: Slot, key: bytes) -> tuple[Numbers, Flags, Flags]:
    """A count in every cell, protected: the numbers, which are small, which are held."""
    exact = np.nan_to_num(counted.numbers(column, 0.0))
    small = exact < LEAST
    held = complemented(counted.cells, small, exact)
    sets = counted.behind(slot, np.uint64)
    if counted.recipe.metric.complement and slot == counted.recipe.numerator:
        sets = sets ^ counted.behind(counted.recipe.denominator, np.uint64)  # what is in the denominator but not in x
    shown = np.full(len(exact), np.nan)
    shown[~held] = rounded(exact[~held], sets[~held], key)
    return shown, small, held


def _exposure(counted: Counted) -> tuple[Numbers, Flags, Flags]:
    """Grid-weeks and households are public and stay exact; full-time equivalents of fewer than five workers are held like a count."""
    exact = counted.numbers(counted.table.denominator, np.nan)
    workers = counted.behind(counted.recipe.denominator, np.float64)
    if workers is None:
        nobody = np.zeros(len(exact), dtype=bool)
        return exact, nobody, nobody
    held = complemented(counted.cells, workers < LEAST, workers)
    return np.where(held, np.nan, exact), workers < LEAST, held


def _divided(metric: Metric, top: Numbers, bottom: Numbers, held: Flags) -> Numbers:
    """Of two rounded counts a share may come out above 1; it is said to be 1."""
    value = np.full(len(top), np.nan)
    np.divide(top, bottom, out=value, where=~held & (np.nan_to_num(bottom) > 0))
    return (np.minimum(value, 1.0) if metric.unit == "percent" else value) * metric.scale


def composite(metric: Metric, parts: Mapping[str, Part]) -> Part:
    """Made of the protected parts; held where one of them is."""
    found = [(parts[name], weight) for name, weight in metric.weights]
    value: Numbers = np.sum([weight * part.value for part, weight in found], axis=0) * metric.scale
    nothing = np.full(len(value), np.nan)
    small: Flags = np.any([part.small for part, _ in found], axis=0)
    held: Flags = np.any([part.held for part, _ in found], axis=0)
    n: Numbers = np.min([part.n for part, _ in found], axis=0)
    return Part(value, nothing, nothing, n, small, held)
