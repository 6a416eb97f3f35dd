"""What became of every row and every word: meta.file, meta.unmatched, meta.mapping_use."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from etl.columns import append
from etl.reference import PLACE, Reference, word_key
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
        "(SELECT count(DISTINCT file_row) FROM fault f WHERE f.sheet_no = l.sheet_no) AS rows_set_aside, "
        f"l.rows_total, l.unmapped_columns, l.personal_columns, NULL AS returned_name FROM loaded_sheet l JOIN ({per_sheet}) c USING (sheet_no) ORDER BY l.ordinal"
    )
    _note_unmatched(connection, reference)
    _note_use(connection, reference)


def _note_unmatched(connection: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    words = connection.execute(
        "SELECT list, word, kind, sum(row_count)::BIGINT, min(name) FROM word_use LEFT JOIN loaded_sheet USING (sheet_no, kind) "
        "WHERE code = 'unmatched' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    if words:
        rows = [(*word, reference.nearest(word[0], word[1])) for word in words]
        append(connection, "meta.unmatched", _columns(("list", "value", "kind", "row_count", "file_name", "suggested_code"), rows))


def _note_use(connection: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """Words of the exports with the line that knows them, and lines that no export has."""
    words = connection.execute(
        "SELECT list, word, code, sum(row_count)::BIGINT FROM word_use WHERE code IS NOT NULL AND code <> 'unmatched' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    rows: list[tuple[object, ...]] = []
    for list_ in reference.lists:
        known = reference.words(list_)
        places = {word_key(row["word"]): row[PLACE] for row in reference.maintained(list_)}
        met = [(word, code, count, reference.spelling(list_, word, known)) for of, word, code, count in words if of == list_]
        rows += [(list_, word, code, count, places.get(spelling or "")) for word, code, count, spelling in met]
        used = {spelling for *_, spelling in met}
        rows += [
            (list_, row["word"], row["code"], 0, row[PLACE])
            for row in reference.maintained(list_)
            if row["code"] and word_key(row["word"]) not in used
        ]
    if rows:
        append(connection, "meta.mapping_use", _columns(("list", "word", "code", "row_count", "place"), rows))


def _columns(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> dict[str, tuple[str, Sequence[object]]]:
    return {
        name: ("BIGINT" if name == "row_count" else "VARCHAR", values)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }
