"""Which cells a table has, whether or not anything is counted in them: a cell left out would say that there is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

from dashboard.metrics.catalogue import Metric, Term, catalogue
from dashboard.metrics.dimensions import TIME, dimension, filter_sql, filter_values, shape
from dashboard.metrics.scans import Days, Key, buckets
from dashboard.research.protection import is_gap
from dashboard.view import FILTERS, View
from dashboard.warehouse import Snapshot

_FAMILIES = (("community", "grid"), ("category", "subcategory"))
"""Dimensions of which the second lies within the first."""
_EXPOSURE = "core.grid_day"


class TooManyCells(Exception):
    """A table of more cells than may be shown. count: how many it would have."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def parts_of(metric: Metric) -> tuple[Metric, ...]:
    """What a composite is made of; any other metric itself."""
    return tuple(catalogue().metric(key) for key, _ in metric.weights) or (metric,)


def terms_of(metrics: Iterable[Metric]) -> list[Term]:
    """What is counted for the metrics."""
    terms = [part.numerator for metric in metrics for part in parts_of(metric)]
    return [term for term in terms if term is not None]


def all_cells(snapshot: Snapshot, view: View, metrics: Sequence[Metric], by: tuple[str, ...], days: Days, *, most: int) -> set[Key]:
    """The keys of all cells: values of the dimensions that occur anywhere in the build, within the filters, at all steps of the days.

    Gaps are left out, the answer adds those in which something is counted. Grids are those of the days and only within their own community, subcategories only within their category. Raises TooManyCells.
    """
    groups = [(names, _values(snapshot, view, metrics, names, days)) for names in _groups(by)]
    count = prod(len(values) for _, values in groups)
    if count > most:
        raise TooManyCells(count)
    place = {name: at for at, name in enumerate(name for names, _ in groups for name in names)}
    order = [place[name] for name in by]
    rows = (tuple(value for part in parts for value in part) for parts in product(*(values for _, values in groups)))
    return {tuple(row[at] for at in order) for row in rows}


def _groups(by: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The dimensions asked for, those of a family together."""
    for family in _FAMILIES:
        if names := tuple(name for name in family if name in by):
            yield names
    for name in by:
        if not any(name in family for family in _FAMILIES):
            yield (name,)


def _values(snapshot: Snapshot, view: View, metrics: Sequence[Metric], names: tuple[str, ...], days: Days) -> list[Key]:
    if names[0] in TIME:
        return [(first,) for first, _ in buckets(names[0], days, snapshot.build)]
    family = next((family for family in _FAMILIES if names[0] in family), names)
    within = View(**{name: getattr(view, name) for name in family if name in FILTERS})
    found = dict.fromkeys(_grids(snapshot, within, names, days) if "grid" in names else [])
    if not found:
        for table, period in dict.fromkeys((term.table, term.period) for term in terms_of(metrics)):
            columns = ", ".join(str(dimension(name).column(table, period)) for name in names)
            sql = f"SELECT DISTINCT {columns} FROM {table} WHERE true{filter_sql(shape(within), table, period)}"
            found |= dict.fromkeys(_asked(snapshot, sql, filter_values(within, table, period)))
    return [key for key in found if not is_gap(key)]


def _grids(snapshot: Snapshot, within: View, names: tuple[str, ...], days: Days) -> list[Key]:
    columns = ", ".join(str(dimension(name).column(_EXPOSURE, "day")) for name in names)
    sql = f"SELECT DISTINCT {columns} FROM {_EXPOSURE} WHERE day BETWEEN ? AND ?{filter_sql(shape(within), _EXPOSURE, 'day')}"
    return _asked(snapshot, sql, [*days, *filter_values(within, _EXPOSURE, "day")])


def _asked(snapshot: Snapshot, sql: str, values: list[Any]) -> list[Key]:
    """Asked once a build: it looks at the whole table."""
    return snapshot.remembered((sql, *values), lambda: snapshot.rows(sql, values))
