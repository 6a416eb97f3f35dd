"""A sheet → raw.<source>: our column names, the text as received, people and personal numbers already hidden."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from etl.cells import text
from etl.privacy import masked_sql, pseudonym
from etl.recognise import Recognition
from etl.sheet import Sheet
from etl.source import Column, Source

# A row that is no record: sums at the end of a table, and the footer below it.
_SUM_WORDS = r"\s*(本页|全镇|总)?(合\s*计|小\s*计|总\s*计|总数|平均|平均值)\s*[:：]?.{0,8}"
_FOOTER_WORDS = r"\s*(制表|填表|审核|统计|导出|打印|复核|报送)(人|单位|时间|日期)?\s*[:：].*|\s*(备注|说明|注)\s*[:：].*"
NOT_A_RECORD = f"(?:{_SUM_WORDS})|(?:{_FOOTER_WORDS})"


@dataclass(frozen=True)
class SheetRows:
    """What became of the rows of a sheet; rows_in counts rows that are not blank."""

    rows_in: int
    rows_total: int


def create_raw_table(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """raw.<source>: sheet_no (meta.file's order), file_id, file_sheet, file_row and the text columns."""
    columns = "".join(f", {column.name} VARCHAR" for column in _loaded(source))
    connection.execute(
        f"CREATE TABLE raw.{source.name} (sheet_no INTEGER, file_id VARCHAR, file_sheet VARCHAR, file_row INTEGER, surplus BOOLEAN{columns})"
    )
    connection.execute(
        f"COMMENT ON TABLE raw.{source.name} IS '{source.zh}: rows as received, our column names, personal data hidden'"
    )
    for column in _loaded(source):
        connection.execute(f"COMMENT ON COLUMN raw.{source.name}.{column.name} IS '{column.zh}, text as received'")


def load_raw(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, recognition: Recognition, *, sheet_no: int, file_id: str, key: bytes
) -> SheetRows:
    """Inserts the sheet's records into raw.<source>; sum rows, footers and blank rows are counted, not inserted."""
    source, width = recognition.source, len(recognition.headers)
    sheet.body.load(connection, "cells", header_row=recognition.header_row, width=width)
    people = [c for c in _loaded(source) if c.type == "person" and c.name in recognition.columns]
    for column in people:
        _pseudonyms(connection, column, f"c{recognition.columns[column.name]}", key)
    joins = "".join(
        f" LEFT JOIN person_{c.name} ON person_{c.name}.word = cells_rows.c{recognition.columns[c.name]}" for c in people
    )
    values = "".join(f", {_value(column, recognition)} AS {column.name}" for column in _loaded(source))
    first = f"coalesce({', '.join(f'nullif(trim(c{i}), chr(32))' for i in range(min(width, 3)))})"
    present = f"coalesce({', '.join(f'nullif(c{i}, chr(32))' for i in range(width))}) IS NOT NULL"
    is_record = f"NOT coalesce(regexp_full_match({first}, $not_a_record), false)"
    before = _rows(connection, source)
    connection.execute(
        f"INSERT INTO raw.{source.name} SELECT {sheet_no}, $file_id, $sheet, file_row, surplus{values} "
        f"FROM cells_rows{joins} WHERE {present} AND {is_record}",
        {"file_id": file_id, "sheet": sheet.name, "not_a_record": NOT_A_RECORD},
    )
    (rows_in,) = connection.execute(f"SELECT count(*) FILTER (WHERE {present}) FROM cells_rows").fetchone() or (0,)
    for name in ("VIEW cells_rows", "TABLE cells", *(f"TABLE person_{c.name}" for c in people)):
        connection.execute(f"DROP {name}")
    return SheetRows(rows_in, rows_in - (_rows(connection, source) - before))


def _loaded(source: Source) -> list[Column]:
    return [column for column in source.columns if column.type != "personal"]


def _value(column: Column, recognition: Recognition) -> str:
    if column.name not in recognition.columns:
        return "NULL"
    cell = f"c{recognition.columns[column.name]}"
    if column.type == "person":
        return f"person_{column.name}.pseudonym"
    return masked_sql(cell) if column.type == "note" else cell


def _pseudonyms(connection: duckdb.DuckDBPyConnection, column: Column, cell: str, key: bytes) -> None:
    """Temp table person_<column>: word → pseudonym, over the distinct words of the cell."""
    words = [word for (word,) in connection.execute(f"SELECT DISTINCT {cell} FROM cells_rows WHERE {cell} IS NOT NULL").fetchall()]
    people = [text(word) for word in words]
    hidden = [pseudonym(person, key) if person else None for person in people]
    connection.register("_people", pa.table({"word": pa.array(words, pa.string()), "pseudonym": pa.array(hidden, pa.string())}))
    connection.execute(f"CREATE TEMP TABLE person_{column.name} AS FROM _people")
    connection.unregister("_people")


def _rows(connection: duckdb.DuckDBPyConnection, source: Source) -> int:
    (rows,) = connection.execute(f"SELECT count(*) FROM raw.{source.name}").fetchone() or (0,)
    return int(rows)
