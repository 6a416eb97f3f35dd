"""Questions to the warehouse that are not metrics: one function, one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from dashboard.metrics.cases import CaseRows
from dashboard.warehouse import Snapshot

INCIDENT_COLUMNS = (
    "incident_id", "title", "community_code", "grid_code", "category_code", "subcategory", "department_code", "channel_code",
    "level_code", "status_code", "reported_at", "due_at", "closed_at", "hours_to_close", "is_on_time", "is_open_overdue",
)  # fmt: skip
SERVICE_COLUMNS = (
    "service_case_id", "item", "centre", "service_window", "community_code", "applied_at", "due_at", "done_at",
    "promised_working_days", "result", "rating_code", "wait_minutes", "hours_to_done", "is_on_promise",
)  # fmt: skip
PATROL_COLUMNS = (
    "patrol_id", "kind", "community_code", "grid_code", "patrolled_at", "households_visited", "hours", "incidents_found",
)  # fmt: skip
STAGES = ("reported", "registered", "dispatched", "disposed", "checked", "closed")


class CaseNotFound(LookupError):
    """No incident has this number."""


@dataclass(frozen=True)
class CaseList:
    """Which list shows the rows of a table. table: what is listed · key: its number · columns: shown · searched: texts."""

    table: str
    key: str
    columns: tuple[str, ...]
    searched: tuple[str, ...]
    sort: str


LISTS = {
    "core.incident": CaseList(
        "core.incident", "incident_id", INCIDENT_COLUMNS, ("incident_id", "title", "subcategory"), "reported_at"
    ),
    "core.service_case": CaseList(
        "core.service_case", "service_case_id", SERVICE_COLUMNS, ("service_case_id", "item"), "applied_at"
    ),
    "core.patrol": CaseList("core.patrol", "patrol_id", PATROL_COLUMNS, ("patrol_id", "kind"), "patrolled_at"),
}
LISTS["core.callback_case"] = LISTS["core.incident"]


@dataclass(frozen=True)
class CasePage:
    """One page of a list. frame: the list's columns, codes not yet put into words · total: rows on all pages."""

    frame: pd.DataFrame
    total: int
    listed: CaseList


def case_page(
    snapshot: Snapshot,
    rows: CaseRows,
    *,
    offset: int = 0,
    limit: int = 50,
    sort: str = "",
    descending: bool = True,
    search: str = "",
) -> CasePage:
    """The cases behind a number, a page at a time; callbacks are listed as their incidents.

    sort: one of the list's columns, anything else means its date. search: text within number, title or subcategory.
    """
    listed = LISTS[rows.table]
    where, parameters = _listed_where(rows, listed), list(rows.parameters)
    if search.strip():
        pattern = "%" + _escaped(search.strip()) + "%"
        where += " AND (" + " OR ".join(f"{column} ILIKE ? ESCAPE '\\'" for column in listed.searched) + ")"
        parameters += [pattern] * len(listed.searched)
    order = sort if sort in listed.columns else listed.sort
    total = snapshot.rows(f"SELECT count(*) FROM {listed.table} WHERE {where}", parameters)[0][0]
    direction = "DESC" if descending else "ASC"
    frame = snapshot.query(
        f"SELECT {', '.join(listed.columns)} FROM {listed.table} WHERE {where} "
        f"ORDER BY {order} {direction} NULLS LAST, {listed.key} LIMIT {int(limit)} OFFSET {int(offset)}",
        parameters,
    )
    return CasePage(frame, int(total), listed)


def _listed_where(rows: CaseRows, listed: CaseList) -> str:
    if rows.table == listed.table:
        return rows.where
    return f"{listed.key} IN (SELECT {listed.key} FROM {rows.table} WHERE {rows.where})"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class SourceRow:
    """Where a row came from. cells: the row as received, column → text, personal columns never loaded; empty when not kept."""

    kind: str
    file_id: str
    file_name: str
    file_sheet: str | None
    file_row: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Stage:
    """A stage of an incident. hours: since the stage before it that has a time."""

    name: str
    at: datetime | None
    hours: float | None


@dataclass(frozen=True)
class Case:
    """One incident with all that is known of it. incident: column → value of core.incident."""

    incident: dict[str, Any]
    stages: tuple[Stage, ...]
    steps: pd.DataFrame
    callbacks: pd.DataFrame
    changes: pd.DataFrame
    source: SourceRow


def case(snapshot: Snapshot, incident_id: str) -> Case:
    """The incident called incident_id; CaseNotFound when the warehouse has none."""
    names, rows = snapshot.table("SELECT * FROM core.incident WHERE incident_id = ?", [incident_id])
    if not rows:
        raise CaseNotFound(f"没有编号为 {incident_id} 的事件 / there is no incident {incident_id}")
    incident = dict(zip(names, rows[0], strict=True))

    def of(table: str, order: str) -> pd.DataFrame:
        return snapshot.query(f"SELECT * FROM core.{table} WHERE incident_id = ? ORDER BY {order}", [incident_id])

    return Case(
        incident=incident,
        stages=_stages(incident),
        steps=of("incident_step", "step_no"),
        callbacks=of("callback", "round, called_at"),
        changes=of("incident_change", "exported_at, column_name"),
        source=source_row(snapshot, "incident", incident["file_id"], incident["file_sheet"], incident["file_row"]),
    )


def _stages(incident: dict[str, Any]) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    last: datetime | None = None
    for name in STAGES:
        at: datetime | None = incident[f"{name}_at"]
        hours = (at - last).total_seconds() / 3600 if at and last else None
        stages.append(Stage(name, at, hours))
        last = at or last
    return tuple(stages)


def source_row(snapshot: Snapshot, kind: str, file_id: str, file_sheet: str | None, file_row: int) -> SourceRow:
    """The row of the export a core row came from, as received; kind is the kind of export (incident, patrol …)."""
    cells: dict[str, str] = {}
    if kind in raw_tables(snapshot):
        names, rows = snapshot.table(
            f"SELECT * FROM raw.{kind} WHERE file_id = ? AND file_row = ? AND file_sheet IS NOT DISTINCT FROM ?",
            [file_id, file_row, file_sheet],
        )
        if rows:
            cells = {name: str(cell) for name, cell in zip(names, rows[0], strict=True) if cell not in (None, "")}
    cells = {name: cell for name, cell in cells.items() if name not in ("file_id", "file_sheet", "file_row")}
    found = snapshot.rows("SELECT name FROM meta.file WHERE file_id = ? ORDER BY name LIMIT 1", [file_id])
    return SourceRow(kind, file_id, found[0][0] if found else file_id, file_sheet, file_row, cells)


def raw_tables(snapshot: Snapshot) -> frozenset[str]:
    """Names of the raw tables of this build."""
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw' AND table_catalog = current_database()"
    return snapshot.remembered("raw_tables", lambda: frozenset(name for (name,) in snapshot.rows(sql)))


@dataclass(frozen=True)
class Option:
    """A choice of a filter, or the name of a code. parent: the community of a grid."""

    code: str
    zh: str
    en: str
    parent: str = ""

    def name(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


def options(snapshot: Snapshot, dimension: str) -> tuple[Option, ...]:
    """What a dimension can be, in the order of the reference tables, the unmatched bucket last; once a build.

    community, department and grid carry the town's own names in both languages; other dimensions are lists of core.code.
    """
    return snapshot.remembered(("options", dimension), lambda: _options(snapshot, dimension))


def _options(snapshot: Snapshot, dimension: str) -> tuple[Option, ...]:
    if dimension == "grid":
        return _grid_options(snapshot)
    if dimension in ("community", "department"):
        code = f"{dimension}_code"
        en = f"CASE WHEN {code} = 'unmatched' THEN 'Unmatched' ELSE name END"
        sql = f"SELECT {code}, name, {en} FROM core.{dimension} ORDER BY {code} = 'unmatched', {code}"
        return tuple(Option(*row) for row in snapshot.rows(sql))
    sql = "SELECT code, name_zh, name_en FROM core.code WHERE list = ? ORDER BY code = 'unmatched', sort_order"
    return tuple(Option(*row) for row in snapshot.rows(sql, [dimension]))


def _grid_options(snapshot: Snapshot) -> tuple[Option, ...]:
    """Grids by community and code; one that is no longer valid says until when."""
    sql = """SELECT grid_id, grid_code, coalesce(name, ''), valid_to, community_code FROM core.grid
             ORDER BY community_code, grid_code, valid_from"""
    found = []
    for grid_id, code, name, valid_to, community in snapshot.rows(sql):
        title = f"{code} {name}".strip()
        past_zh, past_en = (f"（至 {valid_to}）", f" (until {valid_to})") if valid_to else ("", "")
        found.append(Option(grid_id, title + past_zh, title + past_en, community))
    return tuple(found)


def names(snapshot: Snapshot, dimension: str, lang: str) -> dict[str, str]:
    """Code → name of a dimension or code list, in zh or en."""
    return {option.code: option.name(lang) for option in options(snapshot, dimension)}


@dataclass(frozen=True)
class Freshness:
    """How new the data is. files: kind, files, rows_loaded, exported_at (newest), one row a kind of export."""

    as_of: datetime
    built_at: datetime
    data_from: date
    data_to: date
    files: pd.DataFrame


def freshness(snapshot: Snapshot) -> Freshness:
    """The as-of moment and, for each kind of export, how many files and rows and the newest export."""
    sql = """SELECT kind, count(DISTINCT file_id) AS files, CAST(sum(rows_loaded) AS BIGINT) AS rows_loaded,
                    max(exported_at) AS exported_at
             FROM meta.file GROUP BY kind ORDER BY kind"""
    build = snapshot.build
    return Freshness(build.as_of, build.built_at, build.data_from, build.data_to, snapshot.query(sql))


def conservation(snapshot: Snapshot) -> pd.DataFrame:
    """One row a loaded file and sheet.

    frame: file_id, name, kind, sheet, exported_at, rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total,
    is_balanced: every row that came in is accounted for.
    """
    return snapshot.query(
        """SELECT file_id, name, kind, sheet, exported_at, rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total,
                  rows_in = rows_loaded + rows_superseded + rows_set_aside + rows_total AS is_balanced
           FROM meta.file ORDER BY kind, exported_at, name, sheet"""
    )


def rejects(snapshot: Snapshot, limit: int = 1000) -> pd.DataFrame:
    """frame: file_name, file_sheet, file_row, kind, header, value, reason_zh, reason_en: rows set aside and why."""
    return snapshot.query(
        f"""SELECT coalesce(f.name, r.file_id) AS file_name, r.file_sheet, r.file_row, r.kind, r.header, r.value, r.reason_zh,
                   r.reason_en
            FROM meta.reject r LEFT JOIN (SELECT DISTINCT file_id, name FROM meta.file) f USING (file_id)
            ORDER BY file_name, r.file_sheet, r.file_row LIMIT {int(limit)}"""
    )


def findings(snapshot: Snapshot) -> pd.DataFrame:
    """frame: check_id, severity, row_count, name_zh, name_en: promises about the data that some rows break, gravest first."""
    return snapshot.query(
        """SELECT check_id, severity, row_count, name_zh, name_en FROM meta.finding
           ORDER BY list_position(['stop', 'warn', 'note'], severity), row_count DESC, check_id"""
    )


def unmatched(snapshot: Snapshot) -> pd.DataFrame:
    """frame: list, value, kind, row_count, file_name: words of the exports no reference table knows, commonest first."""
    return snapshot.query("SELECT list, value, kind, row_count, file_name FROM meta.unmatched ORDER BY row_count DESC, list, value")
