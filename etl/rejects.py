"""Why rows are set aside: one line of meta.reject a cell at fault, in the words of reasons.toml and with the file's own header."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import duckdb

from etl.columns import create_table
from etl.privacy import masked_sql
from etl.source import Source


@dataclass(frozen=True)
class Fault:
    """What may be wrong in a column. error: a SQL expression over raw row r and what is joined to it; null = fine."""

    column: str
    error: str
    joins: str


def note_rejects(connection: duckdb.DuckDBPyConnection, source: Source, faults: Sequence[Fault]) -> None:
    """Writes temp table fault and meta.reject from the rows of read_<source> that are aside.

    A row with more cells than headers is told as such only: its other faults follow from that.
    """
    connection.execute(
        f"CREATE TEMP TABLE aside AS SELECT r.* FROM raw.{source.name} r "
        f"SEMI JOIN (FROM read_{source.name} WHERE is_aside) b ON b.sheet_no = r.sheet_no AND b.file_row = r.file_row"
    )
    (rows,) = connection.execute("SELECT count(*) FROM aside").fetchone() or (0,)
    if rows:
        _note(connection, source, faults)
    connection.execute("DROP TABLE aside")


def _note(connection: duckdb.DuckDBPyConnection, source: Source, faults: Sequence[Fault]) -> None:
    cells = [
        f"SELECT r.sheet_no, r.file_row, {number} AS place, '{fault.column}' AS column_name, r.{fault.column} AS value, {fault.error} AS reason "
        f"FROM aside r {fault.joins} WHERE NOT r.surplus AND {fault.error} IS NOT NULL"
        for number, fault in enumerate(faults, 1)
    ]
    rows = "SELECT r.sheet_no, r.file_row, 0, NULL, NULL, 'too_many_cells' FROM aside r WHERE r.surplus"
    create_table(
        connection,
        "reason",
        {
            "reason": ("VARCHAR", list(reasons())),
            "zh": ("VARCHAR", [zh for zh, _ in reasons().values()]),
            "en": ("VARCHAR", [en for _, en in reasons().values()]),
        },
    )
    header = "coalesce(s.headers[f.column_name], f.column_name)"
    (before,) = connection.execute("SELECT count(*) FROM fault").fetchone() or (0,)
    connection.execute(
        f"INSERT INTO fault BY NAME SELECT f.*, s.file_id, s.sheet AS file_sheet, '{source.name}' AS kind, {header} AS header, "
        f"replace(t.zh, '{{header}}', coalesce({header}, '')) AS zh, replace(t.en, '{{header}}', coalesce({header}, '')) AS en "
        f"FROM ({' UNION ALL '.join([*cells, rows])}) f(sheet_no, file_row, place, column_name, value, reason) "
        f"JOIN reason t USING (reason) LEFT JOIN loaded_sheet s USING (sheet_no) ORDER BY sheet_no, file_row, place"
    )
    connection.execute(
        f"INSERT INTO meta.reject SELECT file_id, file_sheet, file_row, kind, column_name, header, {masked_sql('value')}, reason, zh, en, false "
        f"FROM fault WHERE rowid >= {before} AND file_id IS NOT NULL ORDER BY rowid"
    )
    connection.execute("DROP TABLE reason")


@cache
def reasons() -> dict[str, tuple[str, str]]:
    """Key → sentence in Chinese and in English, with a place for the file's header."""
    table = tomllib.loads(resources.files("etl").joinpath("reasons.toml").read_text(encoding="utf-8"))
    return {reason: (words["zh"], words["en"]) for reason, words in table.items()}
