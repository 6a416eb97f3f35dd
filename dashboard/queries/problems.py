"""What is wrong with the data: promises that rows break, rows set aside, words nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.warehouse import Snapshot

ROWS_KEPT = 1000
"""Rows behind a finding that a build keeps."""


@dataclass(frozen=True)
class Finding:
    """A promise about the data that some rows break. severity: stop, warn or note."""

    check_id: str
    severity: str
    rows: int
    name_zh: str
    name_en: str
    advice_zh: str
    advice_en: str


def findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Gravest first; read once a build."""
    sql = """SELECT check_id, severity, row_count, name_zh, name_en, advice_zh, advice_en FROM meta.finding
             ORDER BY list_position(['stop', 'warn', 'note'], severity), row_count DESC, check_id"""
    return snapshot.remembered(("findings",), lambda: tuple(Finding(*row) for row in snapshot.rows(sql)))


@dataclass(frozen=True)
class FindingRow:
    """A row behind a finding. is_incident: the subject is the number of a case."""

    subject: str
    detail: str | None
    file_name: str | None
    file_row: int | None
    is_incident: bool


def finding_page(snapshot: Snapshot, check_id: str, *, offset: int, limit: int) -> tuple[tuple[FindingRow, ...], int]:
    """A page of the rows behind a finding, and how many a build kept of them."""
    total = snapshot.rows("SELECT count(*) FROM meta.finding_row WHERE check_id = ?", [check_id])[0][0]
    sql = """WITH page AS (
                 SELECT subject, detail, file_id, file_row FROM meta.finding_row WHERE check_id = ?
                 ORDER BY subject, detail, file_id, file_row LIMIT ? OFFSET ?)
             SELECT subject, detail, (SELECT min(name) FROM meta.file f WHERE f.file_id = page.file_id), file_row,
                    EXISTS (SELECT 1 FROM core.incident i WHERE i.incident_id = page.subject)
             FROM page ORDER BY subject, detail, file_row"""
    return tuple(FindingRow(*row) for row in snapshot.rows(sql, [check_id, limit, offset])), int(total)


@dataclass(frozen=True)
class SetAsideRow:
    """A cell that keeps its row out. header, value: None when the whole row is at fault, or the cell is blank."""

    file_name: str
    sheet: str | None
    row: int
    header: str | None
    value: str | None


@dataclass(frozen=True)
class SetAside:
    """Rows set aside for one reason. count: rows of files · rows: the first of them."""

    reason_zh: str
    reason_en: str
    count: int
    rows: tuple[SetAsideRow, ...]


def set_aside(snapshot: Snapshot, *, shown: int) -> tuple[SetAside, ...]:
    """Rows that did not come back mended, by reason, the commonest first, with the first `shown` rows of each."""
    sql = """WITH waiting AS (SELECT * FROM meta.reject WHERE NOT is_mended),
             name AS (SELECT file_id, min(name) AS name FROM meta.file GROUP BY file_id),
             numbered AS (
                 SELECT w.reason_zh, w.reason_en, coalesce(n.name, w.file_id) AS file_name, w.file_sheet, w.file_row, w.header, w.value,
                        row_number() OVER (PARTITION BY w.reason_zh ORDER BY n.name, w.file_sheet, w.file_row) AS place
                 FROM waiting w LEFT JOIN name n USING (file_id)),
             counted AS (
                 SELECT reason_zh, count(DISTINCT (file_id, file_sheet, file_row)) AS row_count FROM waiting GROUP BY reason_zh)
             SELECT reason_zh, reason_en, row_count, file_name, file_sheet, file_row, header, value
             FROM numbered JOIN counted USING (reason_zh) WHERE place <= ?
             ORDER BY row_count DESC, reason_zh, place"""
    groups: dict[str, SetAside] = {}
    for zh, en, count, *row in snapshot.rows(sql, [shown]):
        before = groups.get(zh, SetAside(zh, en, count, ()))
        groups[zh] = SetAside(zh, en, count, (*before.rows, SetAsideRow(*row)))
    return tuple(groups.values())


@dataclass(frozen=True)
class Returned:
    """A workbook that gives a file's rows back to be mended."""

    file_name: str
    name: str
    rows: int


def returned_workbooks(snapshot: Snapshot) -> tuple[Returned, ...]:
    """One a file with rows that wait, most rows first."""
    sql = """SELECT min(f.name), f.returned_name,
                    (SELECT count(*) FROM (SELECT DISTINCT file_sheet, file_row FROM meta.reject r
                                           WHERE r.file_id = f.file_id AND NOT r.is_mended))
             FROM meta.file f WHERE f.returned_name IS NOT NULL GROUP BY f.file_id, f.returned_name ORDER BY 3 DESC, 1"""
    return tuple(Returned(*row) for row in snapshot.rows(sql))


@dataclass(frozen=True)
class Unmatched:
    """A word of the exports that no reference table knows. suggested: code of the nearest spelling, where one is near."""

    list: str
    value: str | None
    rows: int
    file_name: str | None
    suggested: str | None


def unmatched_page(snapshot: Snapshot, *, offset: int, limit: int) -> tuple[Unmatched, ...]:
    """Different words, those of most rows first."""
    sql = """SELECT list, value, sum(row_count)::BIGINT, min(file_name), min(suggested_code) FROM meta.unmatched
             GROUP BY list, value ORDER BY 3 DESC, list, value LIMIT ? OFFSET ?"""
    return tuple(Unmatched(*row) for row in snapshot.rows(sql, [limit, offset]))


@dataclass(frozen=True)
class UnusedWord:
    """A spelling people maintain that no export has. place: table and row that maintain it."""

    list: str
    word: str
    code: str
    place: str | None


def unused_words(snapshot: Snapshot) -> tuple[UnusedWord, ...]:
    """Spellings somebody wrote into a table and no export uses; names and codes of the lists themselves are left out."""
    sql = """SELECT list, word, code, place FROM meta.mapping_use WHERE row_count = 0 AND place IS NOT NULL
             ORDER BY list, word, code, place"""
    return tuple(UnusedWord(*row) for row in snapshot.rows(sql))
