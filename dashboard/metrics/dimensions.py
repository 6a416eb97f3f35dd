"""What a metric can be broken down and filtered by, and which column of which table holds it (dimensions.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dashboard.view import FILTERS, View

TIME = ("day", "week", "month")
WINDOW = "window"
"""Not a dimension of the data: which of several periods asked for in one query a row belongs to."""


class UnknownDimension(KeyError):
    """No such dimension, or the table of a metric does not have it."""


@dataclass(frozen=True)
class Dimension:
    """columns: "table" or "table.date" → the column that holds the dimension there."""

    id: str
    zh: str
    en: str
    columns: Mapping[str, str]

    def column(self, table: str, period: str) -> str | None:
        """The column of table, whose rows are dated by period; None where the table does not have it."""
        return self.columns.get(f"{table}.{period}") or self.columns.get(table)


@cache
def dimensions() -> Mapping[str, Dimension]:
    """All dimensions by id."""
    content = tomllib.loads(resources.files("dashboard.metrics").joinpath("dimensions.toml").read_text(encoding="utf-8"))
    return {name: Dimension(name, entry["zh"], entry["en"], entry["columns"]) for name, entry in content.items()}


def dimension(name: str) -> Dimension:
    """The dimension called name; UnknownDimension when there is none."""
    try:
        return dimensions()[name]
    except KeyError:
        raise UnknownDimension(f"没有维度 {name} / there is no dimension {name}") from None


def column(name: str, table: str, period: str) -> str:
    """The column of dimension name; UnknownDimension where the table does not have it."""
    found = dimension(name).column(table, period)
    if found is None:
        raise UnknownDimension(f"{table} 不能按 {name} 细分 / {table} cannot be broken down by {name}")
    return found


def shared(by: tuple[str, ...], table: str, period: str) -> tuple[str, ...]:
    """Those of `by` that table has."""
    return tuple(name for name in by if name == WINDOW or dimension(name).column(table, period))


Shape = tuple[tuple[str, int], ...]
"""Which filters are set, and with how many codes: what the text of a query depends on."""


def shape(view: View) -> Shape:
    """The filters of a view, without their values."""
    return tuple((name, len(getattr(view, name))) for name in FILTERS if getattr(view, name))


def filter_sql(of: Shape, table: str, period: str) -> str:
    """` AND column IN (?, …)` for each filter whose dimension table has; the values go with filter_values."""
    parts = [(dimension(name).column(table, period), count) for name, count in of]
    return "".join(f" AND {found} IN ({', '.join('?' * count)})" for found, count in parts if found)


def filter_values(view: View, table: str, period: str) -> list[str]:
    """The values of filter_sql, in its order."""
    return [code for name, _ in shape(view) if dimension(name).column(table, period) for code in getattr(view, name)]
