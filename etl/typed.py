"""raw.<source> → typed.<source>: every cell read by etl.cells or looked up in the reference tables; unreadable rows go to meta.reject.

Speed: what most cells look like is read by DuckDB itself, and a Python function sees only the distinct texts that are left.
tests/etl/test_typed.py holds both readings equal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import duckdb

from etl import cells
from etl.columns import create_table
from etl.privacy import masked
from etl.reference import Reference
from etl.source import Column, Source

_CANONICAL_MOMENT = "%Y-%m-%d %H:%M:%S"
_PLAIN_ID = "[0-9A-Za-z](?:[0-9A-Za-z_/@-]*[0-9A-Za-z])?"


@dataclass(frozen=True)
class Reading:
    """How one column is read: select items, the joins they need, and the expression of its error (SQL, null = fine)."""

    select: tuple[str, ...]
    join: str = ""
    error: str | None = None


def type_rows(connection: duckdb.DuckDBPyConnection, source: Source, reference: Reference) -> None:
    """Creates typed.<source>, one row a readable raw row; writes meta.reject, meta.unmatched and counts words into temp word_use."""
    columns = source.loaded
    readings = [_reading(connection, source, column, reference) for column in columns]
    select = ", ".join(item for reading in readings for item in reading.select)
    joins = " ".join(dict.fromkeys(reading.join for reading in readings if reading.join))
    errors = [
        f"WHEN {r.error} IS NOT NULL THEN '{c.name}|' || {r.error}" for c, r in zip(columns, readings, strict=True) if r.error
    ]
    connection.execute(
        f"CREATE TEMP TABLE read_{source.name} AS SELECT r.sheet_no, r.file_id, r.file_sheet, r.file_row, {select}, "
        f"CASE WHEN r.surplus THEN '|too_many_cells' {' '.join(errors)} END AS error FROM raw.{source.name} r {joins}"
    )
    _write_rejects(connection, source)
    connection.execute(
        f"CREATE TEMP VIEW typed_{source.name} AS SELECT * EXCLUDE (error) FROM read_{source.name} WHERE error IS NULL"
    )
    for table in _temporary_maps(connection):
        connection.execute(f"DROP TABLE {table}")


def _reading(connection: duckdb.DuckDBPyConnection, source: Source, column: Column, reference: Reference) -> Reading:
    match column.type:
        case "note":
            return Reading((f"nullif(trim(r.{column.name}), '') AS {column.name}",))
        case "person":
            return _required(Reading((f"r.{column.name} AS {column.name}_id",)), column)
        case "moment":
            return _required(_moment(connection, source, column), column)
        case "code":
            return _code(connection, source, column, reference)
        case "text":
            reading = _required(_text(connection, source, column), column)
            if column.list:
                code = _code(connection, source, column, reference, report=False)
                return Reading(reading.select + code.select, f"{reading.join} {code.join}", reading.error)
            return reading
        case "yes_no":
            return _required(_mapped(connection, source, column, cells.yes_no, "BOOLEAN"), column)
        case "count":
            return _required(_mapped(connection, source, column, cells.count, "INTEGER"), column)
        case "number":
            return _required(_mapped(connection, source, column, cells.number, "DOUBLE"), column)
        case _:
            raise AssertionError(column.type)


def _moment(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> Reading:
    # the years cells.moment takes; everything else, and what is written otherwise, is left to it
    cell = f"r.{column.name}"
    fast = f"CASE WHEN {cell} >= '{cells.EARLIEST}' AND {cell} < '{cells.LATEST + 1}' THEN try_strptime({cell}, '{_CANONICAL_MOMENT}') END"
    words = _distinct(connection, source, column, f"{fast} IS NULL")
    if not words:
        return Reading((f"{fast} AS {column.name}", f"false AS {column.name}_is_day"))
    read = [_attempt(cells.moment, word) for word in words]
    table = _map_table(
        connection,
        column,
        {
            "word": ("VARCHAR", words),
            "value": ("TIMESTAMP", [value.at if value else None for value, _ in read]),
            "is_day": ("BOOLEAN", [bool(value and value.is_day) for value, _ in read]),
            "error": ("VARCHAR", [error for _, error in read]),
        },
    )
    return Reading(
        (f"coalesce({fast}, {table}.value) AS {column.name}", f"coalesce({table}.is_day, false) AS {column.name}_is_day"),
        _join(table, column),
        f"CASE WHEN {fast} IS NULL THEN {table}.error END",
    )


def _text(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> Reading:
    cell = f"r.{column.name}"
    fast = f"regexp_full_match({cell}, '{_PLAIN_ID}') AND NOT regexp_full_match({cell}, '[0-9][eE][0-9]+')"
    words = _distinct(connection, source, column, f"NOT ({fast})")
    if not words:
        return Reading((f"{cell} AS {column.name}",))
    read = [_attempt(cells.identifier, word) for word in words]
    table = _value_table(connection, column, words, read, "VARCHAR")
    return Reading(
        (f"CASE WHEN {table}.word IS NULL THEN {cell} ELSE {table}.value END AS {column.name}",),
        _join(table, column),
        f"{table}.error",
    )


def _mapped(
    connection: duckdb.DuckDBPyConnection, source: Source, column: Column, reader: Callable[[str], Any], type_: str
) -> Reading:
    words = _distinct(connection, source, column, "true")
    read = [_attempt(reader, word) for word in words]
    table = _value_table(connection, column, words, read, type_)
    return Reading((f"{table}.value AS {column.name}",), _join(table, column), f"{table}.error")


def _code(
    connection: duckdb.DuckDBPyConnection, source: Source, column: Column, reference: Reference, *, report: bool = True
) -> Reading:
    """report: unknown words count as unmatched and known ones as used."""
    known = reference.words(column.list)
    words = _distinct(connection, source, column, "true")
    codes = [reference.code(column.list, word, known) for word in words]
    table = _map_table(connection, column, {"word": ("VARCHAR", words), "value": ("VARCHAR", codes)}, suffix="_code")
    if report:
        _count_words(connection, source, column, table)
    return Reading((f"{table}.value AS {column.name}_code",), _join(table, column))


def _count_words(connection: duckdb.DuckDBPyConnection, source: Source, column: Column, table: str) -> None:
    counted = (
        f"SELECT '{column.list}' AS list, r.{column.name} AS word, any_value({table}.value) AS code, count(*) AS row_count, "
        f"any_value(r.sheet_no) AS sheet_no FROM raw.{source.name} r LEFT JOIN {table} ON {table}.word = r.{column.name} GROUP BY ALL"
    )
    connection.execute(f"INSERT INTO word_use SELECT '{source.name}', list, word, code, row_count, sheet_no FROM ({counted})")


def _required(reading: Reading, column: Column) -> Reading:
    if not column.required:
        return reading
    value = reading.select[0].rsplit(" AS ", 1)[0]
    blank = f"CASE WHEN ({value}) IS NULL THEN 'required_blank' END"
    return Reading(reading.select, reading.join, f"coalesce({reading.error}, {blank})" if reading.error else blank)


def _attempt(reader: Callable[[str], Any], word: str) -> tuple[Any, str | None]:
    try:
        return reader(word), None
    except cells.CellError as error:
        return None, error.reason


def _distinct(connection: duckdb.DuckDBPyConnection, source: Source, column: Column, where: str) -> list[str]:
    cell = f"r.{column.name}"
    sql = f"SELECT DISTINCT {cell} FROM raw.{source.name} r WHERE {cell} IS NOT NULL AND {where}"
    return [word for (word,) in connection.execute(sql).fetchall()]


def _value_table(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    words: list[str],
    read: Iterable[tuple[Any, str | None]],
    type_: str,
) -> str:
    read = list(read)
    arrays = {
        "word": ("VARCHAR", words),
        "value": (type_, [value for value, _ in read]),
        "error": ("VARCHAR", [error for _, error in read]),
    }
    return _map_table(connection, column, arrays)


def _map_table(
    connection: duckdb.DuckDBPyConnection, column: Column, columns: dict[str, tuple[str, list[Any]]], suffix: str = ""
) -> str:
    name = f"map_{column.name}{suffix}"
    create_table(connection, name, columns)
    return name


def _join(table: str, column: Column) -> str:
    return f"LEFT JOIN {table} ON {table}.word = r.{column.name}"


def _temporary_maps(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        n
        for (n,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE temporary AND starts_with(table_name, 'map_')"
        ).fetchall()
    ]


def _write_rejects(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    reasons = tomllib.loads(resources.files("etl").joinpath("reasons.toml").read_text(encoding="utf-8"))
    cell = "CASE split_part(error, '|', 1) " + " ".join(f"WHEN '{column.name}' THEN r.{column.name}" for column in source.loaded)
    rows = connection.execute(
        f"SELECT b.file_id, b.file_sheet, b.file_row, split_part(b.error, '|', 1), split_part(b.error, '|', 2), {cell} END, s.headers "
        f"FROM read_{source.name} b JOIN raw.{source.name} r USING (sheet_no, file_row) JOIN loaded_sheet s USING (sheet_no) "
        f"WHERE b.error IS NOT NULL ORDER BY b.sheet_no, b.file_row"
    ).fetchall()
    rejects = []
    for file_id, sheet, row, column, reason, value, headers in rows:
        header = headers.get(column, column)
        zh, en = (reasons[reason][language].format(header=header) for language in ("zh", "en"))
        rejects.append(
            (file_id, sheet, row, source.name, column or None, header or None, masked(value) if value else None, reason, zh, en)
        )
    if rejects:
        connection.executemany("INSERT INTO meta.reject VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false)", rejects)
