"""透视: the answer with one dimension, or the metrics, across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.i18n.numbers import is_missing

METRIC = "metric"
"""Across: the metrics themselves."""
Row = Mapping[Any, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Pivot:
    """down: the dimensions of its lines · across: what its columns are · cells: (line, column) → row of the answer."""

    down: tuple[str, ...]
    across: str
    lines: list[Key]
    columns: list[Any]
    cells: Mapping[tuple[Key, Any], Row]


def pivot(rows: Sequence[Row], by: Sequence[str], across: str, metric: str) -> Pivot:
    """rows: of the answer, in the order wanted → lines and columns in the order in which they are met.

    metric: the one whose values fill it when a dimension is across.
    """
    down = tuple(name for name in by if name != across)
    cells: dict[tuple[Key, Any], Row] = {}
    for row in rows:
        if across == METRIC or row[METRIC] == metric:
            cells[tuple(code_of(row[name]) for name in down), code_of(row[across])] = row
    lines = list(dict.fromkeys(line for line, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    return Pivot(down, across, lines, columns, cells)


def code_of(value: Any) -> Any:
    """A value of a dimension as a key: every blank is None."""
    return None if is_missing(value) else value


def across_of(by: Sequence[str], metrics: Sequence[str], wanted: str) -> str:
    """What stands across: as asked for if it can be, else the metrics, or the last of several dimensions of one metric."""
    offered = choices_across(by, metrics)
    return wanted if wanted in offered else offered[0]


def choices_across(by: Sequence[str], metrics: Sequence[str]) -> tuple[str, ...]:
    """What can stand across, the usual first."""
    dimensions = tuple(reversed(by))
    return (*dimensions, METRIC) if len(metrics) == 1 and len(dimensions) > 1 else (METRIC, *dimensions)
