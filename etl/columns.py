"""Python lists → a DuckDB table. (Through Arrow or pandas the same costs their import, two seconds in every process.)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb


def create_table(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
    """Creates the temp table `name`; columns: name → (DuckDB type, values), all of one length."""
    connection.execute(f"CREATE TEMP TABLE {name} AS {_select(columns)}", _values(columns))


def append(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
    """Adds rows to the table `name`, whose columns are these, in this order."""
    connection.execute(f"INSERT INTO {name} {_select(columns)}", _values(columns))


def _select(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
    return "SELECT " + ", ".join(f"unnest(${column}::{type_}[]) AS {column}" for column, (type_, _) in columns.items())


def _values(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> dict[str, list[Any]]:
    return {column: list(values) for column, (_, values) in columns.items()}
