"""Runs specifications: text tables (tests/tables.py) whose columns say what each row adds to each metric."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from dashboard.metrics.cases import cases_sql
from dashboard.metrics.catalogue import Metric, catalogue
from dashboard.metrics.compute import compute
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.tables import KEYS, Row, read_table, small_warehouse, specified_keys

Tables = Mapping[str, str]
EVERYTHING = View(period="all")


def check(directory: Path, tables: Tables, view: View = EVERYTHING) -> None:
    """Every metric that has a column counts exactly the rows the column says, and so does the list of cases behind it."""
    rows = {table: read_table(text) for table, text in tables.items()}
    warehouse = small_warehouse(directory, rows)
    snapshot = warehouse.current()
    keys = specified_keys(tables)
    values = compute(snapshot, keys, view, min_n=0)["value"].tolist()
    for key, value in zip(keys, values, strict=True):
        metric = catalogue().metric(key)
        assert value == pytest.approx(_expected(metric, rows), nan_ok=True), key
        _check_cases(snapshot, metric, rows, view)
    warehouse.close()


def _expected(metric: Metric, rows: Mapping[str, list[Row]]) -> float:
    assert metric.numerator is not None
    top = _cells(metric.key, rows[_table(metric.numerator.table)], 0)
    if metric.kind == "quantile":
        return float(np.quantile(top, metric.quantile)) if top else math.nan
    if metric.denominator is None:
        return sum(top)
    bottom = sum(_cells(metric.key, rows[_table(metric.denominator.table)], 1)) / metric.denominator.scale
    share = sum(top) / bottom if bottom else math.nan
    return metric.scale * (1 - share if metric.complement else share)


def _cells(key: str, rows: list[Row], part: int) -> list[float]:
    cells = [(row.metrics.get(key, (None, None))[part], row.copies) for row in rows]
    return [cell for cell, copies in cells if cell is not None for _ in range(copies)]


def _check_cases(snapshot: Snapshot, metric: Metric, rows: Mapping[str, list[Row]], view: View) -> None:
    """反查: the rows listed behind numerator and denominator are those of the table."""
    parts = [("numerator", metric.numerator, 0), ("denominator", metric.denominator, 1)]
    for name, term, at in parts:
        if term is None or term.table == "core.grid_day":
            continue
        table = _table(term.table)
        found = cases_sql(metric.key, "numerator" if name == "numerator" else "denominator", view, snapshot.build)
        sql = f"SELECT {KEYS[table]} FROM {found.table} WHERE {found.where}"
        listed = {key for (key,) in snapshot.rows(sql, found.parameters)}
        contributions = [(row, row.metrics.get(metric.key, (None, None))[at]) for row in rows[table]]
        expected = {
            key for row, cell in contributions if cell not in (None, 0.0) or _is_value(metric, cell) for key in _copies(row)
        }
        assert listed == expected, f"{metric.key} {name}"


def _is_value(metric: Metric, cell: float | None) -> bool:
    return metric.kind == "quantile" and cell is not None


def _copies(row: Row) -> list[str]:
    return [row.key] if row.copies == 1 else [f"{row.key} {copy + 1}" for copy in range(row.copies)]


def _table(name: str) -> str:
    return name.removeprefix("core.")
