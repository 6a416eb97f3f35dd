"""What became of every row and every word: meta.file, meta.unmatched, meta.mapping_use."""

from __future__ import annotations

import duckdb

from etl.reference import Reference
from etl.sources import SOURCES


def account(connection: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """rows_in = loaded + superseded + set aside + total rows holds for every line of meta.file (check: rows_are_conserved)."""
    per_sheet = " UNION ALL ".join(
        f"SELECT sheet_no, (SELECT count(*) FROM typed_{s.name} c WHERE c.sheet_no = l.sheet_no) AS readable, "
        f"(SELECT count(*) FROM superseded_{s.name} c WHERE c.sheet_no = l.sheet_no) AS superseded FROM loaded_sheet l WHERE kind = '{s.name}'"
        for s in SOURCES
    )
    connection.execute(
        "INSERT INTO meta.file BY NAME SELECT l.file_id, l.name, l.sha256, l.bytes, l.kind, l.profile, l.encoding, l.format, l.sheet, l.header_row, "
        "l.received_at, l.received_by, l.exported_at, l.date_order, l.rows_in, c.readable - c.superseded AS rows_loaded, c.superseded AS rows_superseded, "
        "(SELECT count(*) FROM meta.reject r WHERE r.file_id = l.file_id AND r.file_sheet IS NOT DISTINCT FROM l.sheet) AS rows_set_aside, "
        f"l.rows_total, l.unmapped_columns, l.personal_columns, NULL AS returned_name FROM loaded_sheet l JOIN ({per_sheet}) c USING (sheet_no) ORDER BY l.ordinal"
    )
    connection.execute(
        "INSERT INTO meta.unmatched SELECT list, word, kind, sum(row_count), min(name), NULL FROM word_use LEFT JOIN loaded_sheet USING (sheet_no, kind) "
        "WHERE code = 'unmatched' GROUP BY ALL ORDER BY ALL"
    )
    connection.execute(
        "INSERT INTO meta.mapping_use SELECT list, word, code, sum(row_count), NULL FROM word_use "
        "WHERE code IS NOT NULL AND code <> 'unmatched' GROUP BY ALL ORDER BY ALL"
    )
