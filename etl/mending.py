"""Which set-aside rows are still open: neither come back mended nor overtaken by a later export of the same thing."""

from __future__ import annotations

import duckdb

from etl.source import Source
from etl.sources import SOURCES

_OWN_NUMBER = "l.file_id || '-' || left(sha256(coalesce(l.sheet, '')), 6) || '-' || a.file_row"
"""The number of a row: file, sheet (as a hash: it may hold anything) and row."""


def find_open_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Sets meta.reject.is_mended. Creates temp table open_row (sheet_no, file_row, number), one row a set-aside row still open.

    A row that came back wrong again keeps the number it first had, and stands only where it was tried last. Wants the temp tables of a
    load: fault, loaded_sheet with its ordinals, read_<source>.
    """
    connection.execute(
        "CREATE TEMP TABLE set_aside (sheet_no INTEGER, file_row INTEGER, number VARCHAR, ordinal BIGINT, is_mended BOOLEAN)"
    )
    for source in SOURCES:
        connection.execute(
            f"INSERT INTO set_aside SELECT a.sheet_no, a.file_row, coalesce(r.mends, {_OWN_NUMBER}), l.ordinal, false "
            f"FROM (SELECT DISTINCT sheet_no, file_row FROM fault WHERE kind = '{source.name}') a "
            f"JOIN raw.{source.name} r USING (sheet_no, file_row) JOIN loaded_sheet l USING (sheet_no)"
        )
    (rows,) = connection.execute("SELECT count(*) FROM set_aside").fetchone() or (0,)
    for source in SOURCES if rows else ():
        _note_returned(connection, source)
        _note_overtaken(connection, source)
    connection.execute(
        "UPDATE meta.reject m SET is_mended = true FROM set_aside a JOIN loaded_sheet l USING (sheet_no) "
        "WHERE a.is_mended AND m.file_id = l.file_id AND m.file_sheet IS NOT DISTINCT FROM l.sheet AND m.file_row = a.file_row"
    )
    connection.execute(
        "CREATE TEMP TABLE open_row AS SELECT sheet_no, file_row, number FROM set_aside WHERE NOT is_mended "
        "QUALIFY row_number() OVER (PARTITION BY number ORDER BY ordinal DESC, file_row DESC) = 1"
    )


def _note_returned(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """A row with the number of one set aside was read."""
    connection.execute(
        f"UPDATE set_aside SET is_mended = true WHERE number IN (SELECT r.mends FROM raw.{source.name} r "
        f"JOIN typed_{source.name} t USING (sheet_no, file_row) WHERE r.mends IS NOT NULL)"
    )


def _note_overtaken(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """A later export has the same thing, readable: what the row would have said is superseded anyway."""
    same = " AND ".join(f"t.{key} IS NOT DISTINCT FROM b.{key}" for key in source.key)
    keys = ", ".join(f"'{name}'" for key in source.key for name in (key, key.removesuffix("_id"), key.removesuffix("_code")))
    connection.execute(
        f"UPDATE set_aside SET is_mended = true FROM ("
        f"SELECT b.sheet_no, b.file_row FROM read_{source.name} b JOIN loaded_sheet s USING (sheet_no) "
        f"JOIN typed_{source.name} t ON {same} JOIN loaded_sheet l ON l.sheet_no = t.sheet_no AND l.ordinal > s.ordinal "
        f"WHERE b.is_aside AND b.{source.key[0]} IS NOT NULL AND NOT EXISTS (FROM fault f "
        f"WHERE f.sheet_no = b.sheet_no AND f.file_row = b.file_row AND (f.column_name IS NULL OR f.column_name IN ({keys})))"
        f") o WHERE o.sheet_no = set_aside.sheet_no AND o.file_row = set_aside.file_row"
    )
