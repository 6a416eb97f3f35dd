"""A small warehouse, cut out of the sample, and its de-identified file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard.desk.deidentified import prepared
from dashboard.settings import Settings
from etl.ledger import DataRoot
from etl.warehouse import new_warehouse

BUILD = "000001_small"
_SINCE = "DATE '2026-08-01'"
_OF_CASES = ("incident_step", "assignment", "callback", "callback_case")
_BY_DAY = {"incident": "reported_on", "service_case": "applied_on", "patrol": "patrolled_on", "grid_day": "day", "day": "day"}


def small_warehouse(sample: Path, into: Path) -> None:
    """The last months of the sample as a warehouse of their own."""
    into.parent.mkdir(parents=True)
    with new_warehouse(into, rows=100_000) as connection:
        connection.execute(f"ATTACH '{sample}' AS sample (READ_ONLY)")
        for table, day in _BY_DAY.items():
            connection.execute(f"INSERT INTO core.{table} FROM sample.core.{table} WHERE {day} >= {_SINCE}")
        for table in _OF_CASES:
            connection.execute(f"INSERT INTO core.{table} FROM sample.core.{table} SEMI JOIN core.incident USING (incident_id)")
        for table in ("core.community", "core.department", "core.code", "core.grid", "meta.build"):
            connection.execute(f"INSERT INTO {table} FROM sample.{table}")


@pytest.fixture(scope="session")
def small(sample_root: DataRoot, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data root with one small build, whose desk has not been used."""
    settings = Settings(data=tmp_path_factory.mktemp("desk"))
    small_warehouse(next(sample_root.warehouse.glob("*.duckdb")), settings.warehouse / f"{BUILD}.duckdb")
    return settings


@pytest.fixture(scope="session")
def open_file(small: Settings) -> Path:
    """Its de-identified file."""
    return prepared(small, BUILD)


@pytest.fixture(scope="session")
def opened(open_file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same, open to read."""
    with duckdb.connect(str(open_file), read_only=True) as connection:
        yield connection
