"""raw.<source> → typed.<source>: every cell read by etl.cells or looked up in the reference tables; rows with an unreadable one are set aside.

Speed: what most cells look like is read by DuckDB itself, and a Python function sees only the distinct texts that are left.
tests/etl/test_typed.py holds both readings equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb

from etl import cells
from etl.columns import create_table
from etl.reference import Reference
from etl.rejects import Fault, note_rejects
from etl.source import Column, Source

_FAST_DECADES = ("200", "201", "202", "203")
_FORMATS = [
    *("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M"),
    *("%Y年%m月%d日 %H时%M分", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分%S秒"),
]
_FORMATS_BY_ORDER = {
    "day_month": "['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M']",
    "month_day": "['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M']",
}
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "yes_no": (cells.yes_no, "BOOLEAN"),
    "count": (cells.count, "INTEGER"),
    "number": (cells.number, "DOUBLE"),
    "share": (cells.share, "DOUBLE"),
    "minutes": (cells.minutes, "DOUBLE"),
}
_EXCEL_DIGITS, _FEWEST_CUT_IDS, _FEWEST_CUT_DIGITS = 15, 3, 6
_PLAIN_ID = "[0-9A-Za-z](?:[0-9A-Za-z_/@-]*[0-9A-Za-z])?"


@dataclass(frozen=True)
class Reading:
    """How one column is read: select items, the joins they need, and the expression of its error (SQL, null = fine)."""

    select: tuple[str, ...]
    join: tuple[str, ...] = ()
    error: str | None = None


def type_rows(connection: duckdb.DuckDBPyConnection, source: Source, reference: Reference) -> None:
    """Creates typed_<source>, one row a readable raw row; writes meta.reject and the temp tables fault and word_use.

    read_<source> has every row; is_aside: a cell of it is at fault.
    """
    columns = source.loaded
    filled = _filled(connection, source)
    readings = [_reading(connection, source, column, reference) if column.name in filled else _blank(column) for column in columns]
    select = ", ".join(item for reading in readings for item in reading.select)
    joins = " ".join(dict.fromkeys(join for reading in readings for join in reading.join))
    faults = [Fault(c.name, r.error, " ".join(r.join)) for c, r in zip(columns, readings, strict=True) if r.error]
    is_aside = " OR ".join(["r.surplus", *(f"({fault.error}) IS NOT NULL" for fault in faults)])
    connection.execute(
        f"CREATE TEMP TABLE read_{source.name} AS SELECT r.sheet_no, r.file_id, r.file_sheet, r.file_row, {select}, "
        f"{is_aside} AS is_aside FROM raw.{source.name} r {joins}"
    )
    note_rejects(connection, source, faults)
    connection.execute(
        f"CREATE TEMP VIEW typed_{source.name} AS SELECT * EXCLUDE (is_aside) FROM read_{source.name} WHERE NOT is_aside"
    )
    for table in _temporary_maps(connection):
        connection.execute(f"DROP TABLE {table}")


def _filled(connection: duckdb.DuckDBPyConnection, source: Source) -> set[str]:
    """The columns with a value in any row; an export seldom has all that its kind may have."""
    counted = ", ".join(f"count({column.name}) > 0" for column in source.loaded)
    (flags,) = connection.execute(f"SELECT {counted} FROM raw.{source.name}").fetchall()
    return {column.name for column, has_values in zip(source.loaded, flags, strict=True) if has_values}


def _blank(column: Column) -> Reading:
    """A column without any value."""
    name, nothing = column.name, "CAST(NULL AS VARCHAR)"
    match column.type:
        case "person":
            select: tuple[str, ...] = (f"{nothing} AS {name}_id",)
        case "moment":
            select = f"CAST(NULL AS TIMESTAMP) AS {name}", f"false AS {name}_is_day"
        case "code":
            return Reading((f"{nothing} AS {name}_code",))
        case "text":
            select = f"{nothing} AS {name}", *([f"{nothing} AS {name}_code"] if column.list else [])
        case "note":
            return Reading((f"{nothing} AS {name}",))
        case _:
            select = (f"CAST(NULL AS {_READERS[column.type][1]}) AS {name}",)
    return _required(Reading(select), column)


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
                return Reading(reading.select + code.select, reading.join + code.join, reading.error)
            return reading
        case _:
            return _required(_mapped(connection, source, column, *_READERS[column.type]), column)


def _moment(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> Reading:
    """The commonest forms are read here; every other one, and years beyond these decades, by cells.moment."""
    cell = f"r.{column.name}"
    is_year = " OR ".join(f"({cell} >= '{decade}0' AND {cell} < '{decade}:')" for decade in _FAST_DECADES)
    fast = f"CASE WHEN {is_year} THEN try_strptime({cell}, {_FORMATS}) END"
    if _has_date_orders(connection, source):
        return _moment_by_order(connection, source, column, fast)
    words = _distinct(connection, source, column, f"{fast} IS NULL")
    if not words:
        return Reading((f"{fast} AS {column.name}", f"false AS {column.name}_is_day"))
    table = _moment_table(connection, column, {"word": ("VARCHAR", words)}, [_attempt(cells.moment, word) for word in words])
    return _moment_reading(column, fast, table, _join(table, column))


def _moment_by_order(connection: duckdb.DuckDBPyConnection, source: Source, column: Column, fast: str) -> Reading:
    """Where a sheet has dates like 3/4/2026, one text may mean two days in two sheets."""
    cell = f"r.{column.name}"
    sheets = "LEFT JOIN loaded_sheet s ON s.sheet_no = r.sheet_no"
    formats = " ".join(f"WHEN '{order}' THEN try_strptime({cell}, {forms})" for order, forms in _FORMATS_BY_ORDER.items())
    early = "TIMESTAMP '1999-12-31 00:00:00'"  # a year of fewer digits is none
    fast = f"coalesce({fast}, nullif(greatest(CASE s.date_order {formats} END, {early}), {early}))"
    found = connection.execute(
        f"SELECT DISTINCT {cell}, s.date_order FROM raw.{source.name} r {sheets} WHERE {cell} IS NOT NULL AND {fast} IS NULL"
    ).fetchall()
    read = [_attempt(partial(cells.moment, order=order), word) for word, order in found]
    keys = {"word": ("VARCHAR", [word for word, _ in found]), "date_order": ("VARCHAR", [order for _, order in found])}
    table = _moment_table(connection, column, keys, read)
    join = f"{_join(table, column)} AND {table}.date_order IS NOT DISTINCT FROM s.date_order"
    return _moment_reading(column, fast, table, sheets, join)


def _has_date_orders(connection: duckdb.DuckDBPyConnection, source: Source) -> bool:
    sql = "SELECT count(*) > 0 FROM loaded_sheet WHERE kind = ? AND date_order IS NOT NULL"
    (found,) = connection.execute(sql, [source.name]).fetchone() or (False,)
    return bool(found)


def _moment_table(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    keys: dict[str, tuple[str, list[Any]]],
    read: list[tuple[cells.Moment | None, str | None]],
) -> str:
    values: dict[str, tuple[str, list[Any]]] = {
        "value": ("TIMESTAMP", [value.at if value else None for value, _ in read]),
        "is_day": ("BOOLEAN", [bool(value and value.is_day) for value, _ in read]),
        "error": ("VARCHAR", [error for _, error in read]),
    }
    return _map_table(connection, column, keys | values)


def _moment_reading(column: Column, fast: str, table: str, *join: str) -> Reading:
    return Reading(
        (f"coalesce({fast}, {table}.value) AS {column.name}", f"coalesce({table}.is_day, false) AS {column.name}_is_day"),
        join,
        f"CASE WHEN {fast} IS NULL THEN {table}.error END",
    )


def _text(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> Reading:
    cell = f"r.{column.name}"
    cut = _cut_ids(connection, source, column)
    fast = f"regexp_full_match({cell}, '{_PLAIN_ID}') AND NOT regexp_full_match({cell}, '[0-9][eE][0-9]+')"
    words = _distinct(connection, source, column, f"NOT ({fast})")
    if not words:
        return Reading((f"{cell} AS {column.name}",), (), cut)
    reader = cells.identifier if column.required or column.name in source.key else cells.label
    table = _value_table(connection, column, words, [_attempt(reader, word) for word in words], "VARCHAR")
    return Reading(
        (f"CASE WHEN {table}.word IS NULL THEN {cell} ELSE {table}.value END AS {column.name}",),
        (_join(table, column),),
        f"coalesce({table}.error, {cut})" if cut else f"{table}.error",
    )


def _cut_ids(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> str | None:
    """The error of ids that Excel cut to 15 digits, in the sheets where that is plain: three or more such ids, with at least six
    digits behind the fifteenth, and every one of these a zero. One id that ends in a zero proves nothing."""
    cell = f"r.{column.name}"
    beyond = f"(strlen({cell}) - {_EXCEL_DIGITS})"
    is_cut = f"regexp_full_match({cell}, '[0-9]{{{_EXCEL_DIGITS}}}0+')"
    sheets = connection.execute(
        f"SELECT r.sheet_no FROM (SELECT DISTINCT sheet_no, {column.name} FROM raw.{source.name} "
        f"WHERE strlen({column.name}) > {_EXCEL_DIGITS} AND regexp_full_match({column.name}, '[0-9]+')) r "
        f"GROUP BY r.sheet_no HAVING count(*) >= {_FEWEST_CUT_IDS} AND sum({beyond}) >= {_FEWEST_CUT_DIGITS} AND bool_and({is_cut})"
    ).fetchall()
    numbers = ", ".join(str(number) for (number,) in sheets)
    return f"CASE WHEN r.sheet_no IN ({numbers}) AND {is_cut} THEN 'id_cut' END" if sheets else None


def _mapped(
    connection: duckdb.DuckDBPyConnection, source: Source, column: Column, reader: Callable[[str], Any], type_: str
) -> Reading:
    words = _distinct(connection, source, column, "true")
    read = [_attempt(reader, word) for word in words]
    table = _value_table(connection, column, words, read, type_)
    return Reading((f"{table}.value AS {column.name}",), (_join(table, column),), f"{table}.error")


def _code(
    connection: duckdb.DuckDBPyConnection, source: Source, column: Column, reference: Reference, *, report: bool = True
) -> Reading:
    """Known words count as used; report: unknown ones as unmatched."""
    known = reference.words(column.list)
    words = _distinct(connection, source, column, "true")
    codes = [reference.code(column.list, word, known) for word in words]
    table = _map_table(connection, column, {"word": ("VARCHAR", words), "value": ("VARCHAR", codes)}, suffix="_code")
    _count_words(connection, source, column, table, "true" if report else "code <> 'unmatched'")
    return Reading((f"{table}.value AS {column.name}_code",), (_join(table, column),))


def _count_words(connection: duckdb.DuckDBPyConnection, source: Source, column: Column, table: str, counts: str) -> None:
    counted = (
        f"SELECT '{column.list}' AS list, r.{column.name} AS word, any_value({table}.value) AS code, count(*) AS row_count, "
        f"any_value(r.sheet_no) AS sheet_no FROM raw.{source.name} r LEFT JOIN {table} ON {table}.word = r.{column.name} GROUP BY ALL"
    )
    connection.execute(
        f"INSERT INTO word_use SELECT '{source.name}', list, word, code, row_count, sheet_no FROM ({counted}) WHERE {counts}"
    )


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
