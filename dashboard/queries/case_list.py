"""The rows behind a number, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

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
LISTS["core.callback_case"] = LISTS["core.assignment"] = LISTS["core.incident"]


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
    """The cases behind a number, a page at a time; callbacks and assignments are listed as their incidents.

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
