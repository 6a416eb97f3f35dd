"""A sheet → Parquet: our column names, the text as received, people and personal numbers already hidden."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.cells import folded
from etl.dates import decided_order
from etl.door import clean_rows
from etl.recognise import Recognition
from etl.row_kinds import present_sql, record_sql
from etl.sheet import Sheet
from etl.totals import Total, totals

_DIGIT = "[0-9０-９]"
_EITHER_ORDER = (
    rf"(?:^|[^0-9０-９])({_DIGIT}{{1,2}}\s*[-/.／－．]\s*{_DIGIT}{{1,2}}\s*[-/.／－．]\s*{_DIGIT}{{4}})(?:$|[^0-9０-９])"
)
_MEMORY_LIMIT = "700MB"


@dataclass(frozen=True)
class SheetRows:
    """What became of the rows of a sheet. rows_in: rows that are not blank · rows_total: sum rows and footers among them ·
    date_order: how dates like 3/4/2026 are to be read (day_month, month_day, undecided), None when there are none."""

    rows_in: int
    rows_total: int
    totals: tuple[Total, ...] = ()
    date_order: str | None = None


def conform(sheet: Sheet, recognition: Recognition, target: Path, *, key: bytes) -> SheetRows:
    """Writes the sheet's records to target (Parquet: file_row, surplus, mends, the source's columns as text).

    Sum rows, footers and blank rows are counted, not written.
    """
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(target.parent)}) as connection:
        connection.execute("SET enable_progress_bar = false")
        sheet.body.load(connection, "cells", header_row=recognition.header_row, width=len(recognition.headers))
        present, is_record = present_sql(recognition), record_sql(recognition, sheet.head)
        rows = clean_rows(connection, recognition, key=key, counts_from_1904=sheet.counts_from_1904)
        (written,) = connection.execute(
            f"COPY ({rows} WHERE {present} AND {is_record}) TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION lz4_raw)"
        ).fetchone() or (0,)
        (rows_in,) = connection.execute(f"SELECT count(*) FROM cells WHERE {present}").fetchone() or (0,)
        checked = totals(connection, recognition, sheet.head) if rows_in > written else ()
        return SheetRows(rows_in, rows_in - written, checked, _date_order(connection, recognition))


def _date_order(connection: duckdb.DuckDBPyConnection, recognition: Recognition) -> str | None:
    """What the sheet's own dates like 16/11/2026 say about those like 3/4/2026. Cells that begin with a year are passed over."""
    moments = (recognition.columns.get(column.name) for column in recognition.source.loaded if column.type == "moment")
    parts: set[str] = set()
    for cell in (f"c{place}" for place in moments if place is not None):
        found = connection.execute(
            f"SELECT DISTINCT regexp_extract({cell}, '{_EITHER_ORDER}', 1) FROM cells "
            f"WHERE NOT ({cell} >= '200' AND {cell} < '21') AND regexp_matches({cell}, '{_EITHER_ORDER}')"
        ).fetchall()
        parts |= {part for (part,) in found}
    return decided_order(folded(part) for part in parts)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
