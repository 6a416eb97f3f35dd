"""Clean Parquet → raw.<source>, one row a record, and the temp tables that go with it: loaded_sheet, fault and word_use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from etl.intake import Intake
from etl.ledger import Accepted
from etl.sheet import Skipped
from etl.sources import SOURCES


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """raw.<source>: sheet_no (order of loading), file_id, file_sheet, file_row, surplus (more cells than headers), mends (the number of
    the row it came back for), the columns as text."""
    for source in SOURCES:
        columns = "".join(f", {column.name} VARCHAR" for column in source.loaded)
        connection.execute(
            f"CREATE TABLE raw.{source.name} (sheet_no INTEGER, file_id VARCHAR, file_sheet VARCHAR, file_row INTEGER, surplus BOOLEAN, mends VARCHAR{columns})"
        )
        connection.execute(
            f"COMMENT ON TABLE raw.{source.name} IS '{source.zh}: rows as received, our column names, personal data hidden'"
        )
        connection.execute(
            f"COMMENT ON COLUMN raw.{source.name}.mends IS 'number of the set-aside row this one came back for, mended'"
        )
        for column in source.loaded:
            connection.execute(f"COMMENT ON COLUMN raw.{source.name}.{column.name} IS '{column.zh}, text as received'")


def load_raw(connection: duckdb.DuckDBPyConnection, sheets: Sequence[tuple[Accepted, Intake]]) -> None:
    """Fills raw.*, meta.total and temp loaded_sheet (one row a sheet; ordinal and missing moments are set when the cells are read)."""
    connection.execute(
        "CREATE TEMP TABLE loaded_sheet (sheet_no INTEGER, ordinal BIGINT, file_id VARCHAR, name VARCHAR, sha256 VARCHAR, bytes BIGINT, "
        "kind VARCHAR, profile VARCHAR, encoding VARCHAR, format VARCHAR, sheet VARCHAR, header_row INTEGER, received_at TIMESTAMP, "
        "received_by VARCHAR, exported_at TIMESTAMP, date_order VARCHAR, rows_in INTEGER, rows_total INTEGER, unmapped_columns VARCHAR[], personal_columns VARCHAR[], headers MAP(VARCHAR, VARCHAR))"
    )
    connection.execute(
        "CREATE TEMP TABLE fault (sheet_no INTEGER, file_id VARCHAR, file_sheet VARCHAR, file_row INTEGER, place INTEGER, kind VARCHAR, "
        "column_name VARCHAR, header VARCHAR, value VARCHAR, reason VARCHAR, zh VARCHAR, en VARCHAR)"
    )
    connection.execute(
        "CREATE TEMP TABLE word_use (kind VARCHAR, list VARCHAR, word VARCHAR, code VARCHAR, row_count BIGINT, sheet_no INTEGER)"
    )
    # Raw text is written once and read for single rows: twice as fast without dictionaries, at five times the size. Its order is in
    # sheet_no and file_row; kept in order by several threads it would be written twice, as the checkpoint joins their part-filled groups.
    connection.execute("SET disabled_compression_methods = 'dict_fsst,fsst'; SET preserve_insertion_order = false")
    for number, (file, sheet) in enumerate(sheets):
        connection.execute(
            f"INSERT INTO raw.{sheet.kind} BY NAME SELECT {number} AS sheet_no, $file_id AS file_id, $sheet AS file_sheet, * FROM read_parquet($parquet)",
            {"file_id": file.file_id, "sheet": sheet.sheet, "parquet": sheet.parquet},
        )
        _note_sheet(connection, number, file, sheet)
    connection.execute("RESET disabled_compression_methods; RESET preserve_insertion_order")


def _note_sheet(connection: duckdb.DuckDBPyConnection, number: int, file: Accepted, sheet: Intake) -> None:
    exported_at = datetime.fromisoformat(sheet.exported_at) if sheet.exported_at else None
    connection.execute(
        "INSERT INTO loaded_sheet VALUES (?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, file.file_id, file.name, file.sha256, file.bytes, sheet.kind, sheet.profile, sheet.encoding, sheet.format, sheet.sheet,
            sheet.header_row, file.received, file.received_by, exported_at, sheet.date_order, sheet.rows_in, sheet.rows_total, list(sheet.unmapped), list(sheet.personal), sheet.headers,
        ],
    )  # fmt: skip
    if sheet.totals:
        connection.executemany(
            "INSERT INTO meta.total VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(file.file_id, sheet.sheet, t.row, t.header, t.stated, t.counted, t.is_equal) for t in sheet.totals],
        )


def note_skipped(connection: duckdb.DuckDBPyConnection, skipped: Sequence[tuple[Accepted, Skipped]]) -> None:
    """Fills meta.skipped_sheet."""
    for file, sheet in skipped:
        connection.execute(
            "INSERT INTO meta.skipped_sheet VALUES (?, ?, ?, ?, ?)", [file.file_id, sheet.sheet, sheet.rows, sheet.zh, sheet.en]
        )
