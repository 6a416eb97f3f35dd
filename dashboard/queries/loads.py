"""What was loaded: kinds of export, files with where their rows went, the days that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.warehouse import Snapshot

KINDS = ("incident", "incident_step", "callback", "service_case", "patrol", "grid", "grid_worker")
"""Kinds of export, in the order people are told of them."""


@dataclass(frozen=True)
class Source:
    """One kind of export that was loaded. exported_at: its newest export, None where no file says · last_day: newest day with records."""

    kind: str
    files: int
    rows: int
    exported_at: datetime | None
    received_at: datetime
    last_day: date | None


def sources(snapshot: Snapshot) -> tuple[Source, ...]:
    """Kinds of export that were loaded, by name."""
    sql = """SELECT kind, count(DISTINCT file_id), sum(rows_loaded)::BIGINT, max(exported_at), max(received_at),
                    (SELECT max(day) FROM meta.coverage c WHERE c.kind = f.kind AND c.row_count > 0)
             FROM meta.file f GROUP BY kind ORDER BY kind"""
    return tuple(Source(*row) for row in snapshot.rows(sql))


@dataclass(frozen=True)
class LoadedFile:
    """One loaded file and sheet. is_balanced: rows_in is the sum of where the rows went."""

    file_id: str
    name: str
    sheet: str | None
    kind: str
    profile: str | None
    encoding: str | None
    format: str
    header_row: int | None
    bytes: int
    received_at: datetime
    received_by: str
    exported_at: datetime | None
    date_order: str | None
    rows_in: int
    rows_loaded: int
    rows_superseded: int
    rows_set_aside: int
    rows_total: int
    unmapped: Sequence[str]
    personal: Sequence[str]
    returned_name: str | None

    @property
    def is_balanced(self) -> bool:
        return self.rows_in == self.rows_loaded + self.rows_superseded + self.rows_set_aside + self.rows_total


def total_files(snapshot: Snapshot) -> int:
    """Loaded files and sheets: rows of all pages of `file_page`."""
    return int(snapshot.rows("SELECT count(*) FROM meta.file")[0][0])


def file_page(snapshot: Snapshot, *, offset: int, limit: int) -> tuple[LoadedFile, ...]:
    """Files received last come first; of those received at once, the newest export."""
    sql = """SELECT file_id, name, sheet, kind, profile, encoding, format, header_row, bytes, received_at, received_by, exported_at,
                    date_order, rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total,
                    coalesce(unmapped_columns, []) AS unmapped, coalesce(personal_columns, []) AS personal, returned_name
             FROM meta.file ORDER BY received_at DESC, exported_at DESC NULLS LAST, name, sheet LIMIT ? OFFSET ?"""
    names, rows = snapshot.table(sql, [limit, offset])
    return tuple(LoadedFile(**dict(zip(names, row, strict=True))) for row in rows)


@dataclass(frozen=True)
class Notes:
    """What else is known of a file: sheets that were not read (sheet, rows, zh, en); sums that do not add up (sheet, row, header, stated, counted);
    how many sums do."""

    skipped: tuple[tuple[str, int, str, str], ...] = ()
    wrong_totals: tuple[tuple[str | None, int, str | None, float, float], ...] = ()
    right_totals: int = 0


def file_notes(snapshot: Snapshot, file_ids: Sequence[str]) -> dict[str, Notes]:
    """By file_id, for all that were asked for."""
    skipped = snapshot.rows(
        "SELECT file_id, sheet, row_count, reason_zh, reason_en FROM meta.skipped_sheet WHERE file_id IN (SELECT unnest(?)) ORDER BY ALL",
        [list(file_ids)],
    )
    totals = snapshot.rows(
        """SELECT file_id, file_sheet, file_row, header, stated, counted, is_equal FROM meta.total
           WHERE file_id IN (SELECT unnest(?)) ORDER BY ALL""",
        [list(file_ids)],
    )
    return {
        file_id: Notes(
            tuple((sheet, rows, zh, en) for found, sheet, rows, zh, en in skipped if found == file_id),
            tuple(
                (s, r, h, stated, counted) for found, s, r, h, stated, counted, equal in totals if found == file_id and not equal
            ),
            sum(1 for found, *_, equal in totals if found == file_id and equal),
        )
        for file_id in file_ids
    }


@dataclass(frozen=True)
class Coverage:
    """One kind of export on one day. state: full, thin, missing or quiet."""

    kind: str
    day: date
    row_count: int
    expected: float
    state: str


def coverage(snapshot: Snapshot, start: date, end: date) -> tuple[Coverage, ...]:
    """The days from start to end of every kind of export with a clock."""
    sql = "SELECT kind, day, row_count, expected, state FROM meta.coverage WHERE day BETWEEN ? AND ? ORDER BY kind, day"
    return tuple(Coverage(*row) for row in snapshot.rows(sql, [start, end]))


@dataclass(frozen=True)
class Tallies:
    """How much is to be mended. set_aside: rows of files · unmatched: different words · findings: promises that rows break."""

    set_aside: int
    unmatched: int
    findings: int
    unbalanced: int


def tallies(snapshot: Snapshot) -> Tallies:
    """The counts the page of the data begins with; once a build."""
    sql = """SELECT (SELECT count(*) FROM (SELECT DISTINCT file_id, file_sheet, file_row FROM meta.reject WHERE NOT is_mended)),
                    (SELECT count(*) FROM (SELECT DISTINCT list, value FROM meta.unmatched)),
                    (SELECT count(*) FROM meta.finding),
                    (SELECT count(*) FROM meta.file WHERE rows_in <> rows_loaded + rows_superseded + rows_set_aside + rows_total)"""
    return snapshot.remembered("tallies", lambda: Tallies(*snapshot.rows(sql)[0]))
