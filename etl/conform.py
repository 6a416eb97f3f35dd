"""A sheet → Parquet: our column names, the text as received, people and personal numbers already hidden."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.cells import text
from etl.columns import create_table
from etl.privacy import masked_sql, pseudonym
from etl.recognise import Recognition
from etl.sheet import Sheet
from etl.source import Column

# A row that is no record: sums at the end of a table, and the footer below it.
_SUM_WORDS = r"\s*(本页|全镇|总)?(合\s*计|小\s*计|总\s*计|总数|平均|平均值)\s*[:：]?.{0,8}"
_FOOTER_WORDS = r"\s*(制表|填表|审核|统计|导出|打印|复核|报送)(人|单位|时间|日期)?\s*[:：].*|\s*(备注|说明|注)\s*[:：].*"
NOT_A_RECORD = f"(?:{_SUM_WORDS})|(?:{_FOOTER_WORDS})"
_MEMORY_LIMIT = "700MB"


@dataclass(frozen=True)
class Total:
    """A number in a sum row, and what the rows above add up to. header: None when it counts rows."""

    row: int
    header: str | None
    stated: float
    counted: float
    is_equal: bool


@dataclass(frozen=True)
class SheetRows:
    """What became of the rows of a sheet. rows_in: rows that are not blank · rows_total: sum rows and footers among them ·
    date_order: how dates like 3/4/2026 are to be read (day_month, month_day, undecided), None when there are none."""

    rows_in: int
    rows_total: int
    totals: tuple[Total, ...] = ()
    date_order: str | None = None


def conform(sheet: Sheet, recognition: Recognition, target: Path, *, key: bytes) -> SheetRows:
    """Writes the sheet's records to target (Parquet: file_row, surplus, the source's columns as text).

    Sum rows, footers and blank rows are counted, not written. Personal columns are not even read on.
    """
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(target.parent)}) as connection:
        connection.execute("SET enable_progress_bar = false")
        width = len(recognition.headers)
        sheet.body.load(connection, "cells", header_row=recognition.header_row, width=width)
        columns = recognition.source.loaded
        people = [c for c in columns if c.type == "person" and c.name in recognition.columns]
        for column in people:
            _pseudonyms(connection, column, f"c{recognition.columns[column.name]}", key)
        joins = "".join(
            f" LEFT JOIN person_{c.name} ON person_{c.name}.word = cells_rows.c{recognition.columns[c.name]}" for c in people
        )
        values = "".join(f", {_value(column, recognition)} AS {column.name}" for column in columns)
        # most rows begin with an id, which settles both questions at once
        some = f"coalesce({', '.join(f'nullif(c{i}, chr(32))' for i in range(width))}) IS NOT NULL"
        present = f"(c0 > chr(32) OR {some})"
        first = f"coalesce({', '.join(f'nullif(trim(c{i}), chr(32))' for i in range(min(width, 3)))})"
        is_record = f"(c0 BETWEEN '0' AND 'zz' OR NOT coalesce(regexp_full_match({first}, '{NOT_A_RECORD}'), false))"
        rows = f"SELECT file_row, surplus{values} FROM cells_rows{joins} WHERE {present} AND {is_record}"
        (written,) = connection.execute(
            f"COPY ({rows}) TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION lz4_raw)"
        ).fetchone() or (0,)
        (rows_in,) = connection.execute(f"SELECT count(*) FROM cells WHERE {present}").fetchone() or (0,)
    return SheetRows(rows_in, rows_in - written)


def _value(column: Column, recognition: Recognition) -> str:
    if column.name not in recognition.columns:
        return "NULL::VARCHAR"
    cell = f"c{recognition.columns[column.name]}"
    if column.type == "person":
        return f"person_{column.name}.pseudonym"
    return masked_sql(cell) if column.type == "note" else cell


def _pseudonyms(connection: duckdb.DuckDBPyConnection, column: Column, cell: str, key: bytes) -> None:
    """Temp table person_<column>: word → pseudonym, over the distinct words of the cell."""
    words = [word for (word,) in connection.execute(f"SELECT DISTINCT {cell} FROM cells_rows WHERE {cell} IS NOT NULL").fetchall()]
    people = [text(word) for word in words]
    hidden = [pseudonym(person, key) if person else None for person in people]
    create_table(connection, f"person_{column.name}", {"word": ("VARCHAR", words), "pseudonym": ("VARCHAR", hidden)})


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
