"""The rows behind a number: a page at a time, sorted and filtered by any column, or all of them as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
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
NUMBERS = {
    "hours_to_close",
    "promised_working_days",
    "wait_minutes",
    "hours_to_done",
    "households_visited",
    "hours",
    "incidents_found",
}
BLOCK = 10_000  # rows of a stream fetched at once


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


def kind_of(column: str) -> str:
    """How a column is filtered: code, flag, moment, number or text."""
    if column.endswith("_code") and column != "grid_code":
        return "code"
    if column.startswith("is_"):
        return "flag"
    if column.endswith("_at"):
        return "moment"
    return "number" if column in NUMBERS else "text"


@dataclass(frozen=True)
class Condition:
    """What one column must be. kind: contains, not_contains, equals, starts, ends, blank, filled, before, after, between, less, more, never … ·
    codes: the codes whose names fit, for a column of codes.
    """

    column: str
    kind: str
    value: Any = None
    until: Any = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """Which rows, in which order. sort: a column of the list, anything else means its date · search: text in number, title or subcategory."""

    rows: CaseRows
    search: str = ""
    conditions: Sequence[Condition] = ()
    sort: str = ""
    descending: bool = True
    listed: CaseList = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "listed", LISTS[self.rows.table])

    @property
    def order(self) -> str:
        """ORDER BY of the list; the number of the row makes it certain."""
        column = self.sort if self.sort in self.listed.columns else self.listed.sort
        return f"{column} {'DESC' if self.descending else 'ASC'} NULLS LAST, {self.listed.key}"

    def where(self) -> tuple[str, list[Any]]:
        """Condition with one ? for each of the parameters."""
        listed, rows = self.listed, self.rows
        is_same = rows.table == listed.table
        parts = [rows.where if is_same else f"{listed.key} IN (SELECT {listed.key} FROM {rows.table} WHERE {rows.where})"]
        parameters = list(rows.parameters)
        if self.search.strip():
            pattern = "%" + _escaped(self.search.strip()) + "%"
            parts.append("(" + " OR ".join(f"{column} ILIKE ? ESCAPE '\\'" for column in listed.searched) + ")")
            parameters += [pattern] * len(listed.searched)
        for condition in self.conditions:
            if condition.column in listed.columns:
                sql, values = _condition(condition)
                parts.append(sql)
                parameters += values
        return " AND ".join(parts), parameters


@dataclass(frozen=True)
class CasePage:
    """One page of a list. frame: the list's columns, codes not yet put into words · total: rows on all pages."""

    frame: pd.DataFrame
    total: int
    listed: CaseList


def case_page(snapshot: Snapshot, listing: Listing, *, offset: int = 0, limit: int = 50) -> CasePage:
    """A page of the cases behind a number; callbacks and assignments are listed as their incidents."""
    listed = listing.listed
    where, parameters = listing.where()
    total = snapshot.rows(f"SELECT count(*) FROM {listed.table} WHERE {where}", parameters)[0][0]
    # The page is found by its row numbers first: sorting whole rows would take the memory of them all.
    page = f"SELECT rowid FROM {listed.table} WHERE {where} ORDER BY {listing.order} LIMIT {int(limit)} OFFSET {int(offset)}"
    frame = snapshot.query(
        f"SELECT {', '.join(listed.columns)} FROM {listed.table} WHERE rowid IN ({page}) ORDER BY {listing.order}", parameters
    )
    return CasePage(frame, int(total), listed)


def all_cases(snapshot: Snapshot, listing: Listing, most: int | None = None) -> Iterator[list[Mapping[str, Any]]]:
    """All rows of the list in blocks, column → value; `most` of them at the most."""
    listed = listing.listed
    where, parameters = listing.where()
    limit = f" LIMIT {int(most)}" if most else ""
    sql = f"SELECT {', '.join(listed.columns)} FROM {listed.table} WHERE {where} ORDER BY {listing.order}{limit}"
    for rows in snapshot.stream(sql, parameters, BLOCK):
        yield [dict(zip(listed.columns, row, strict=True)) for row in rows]


def _condition(condition: Condition) -> tuple[str, list[Any]]:
    column, kind = condition.column, condition.kind
    if kind == "never":
        return "false", []
    if kind in ("blank", "filled"):
        return f"{column} IS {'NOT ' if kind == 'filled' else ''}NULL", []
    match kind_of(column):
        case "code":
            found = f"coalesce({column}, '') IN ({', '.join('?' * len(condition.codes))})" if condition.codes else "false"
            return (f"NOT {found}" if kind.startswith("not_") else found), list(condition.codes)
        case "flag":
            open_is_late = " OR (closed_at IS NULL AND is_open_overdue)" if column == "is_on_time" and not condition.value else ""
            return f"({column} = ?{open_is_late})", [bool(condition.value)]
        case "moment":
            return _days(column, kind, condition.value, condition.until)
        case "number":
            return _numbers(column, kind, condition.value, condition.until)
    return _text(column, kind, str(condition.value or ""))


def _text(column: str, kind: str, value: str) -> tuple[str, list[Any]]:
    escaped = _escaped(value)
    if kind in ("equals", "not_equals"):
        return f"lower({column}) {'=' if kind == 'equals' else 'IS DISTINCT FROM'} lower(?)", [value]
    pattern = {"starts": f"{escaped}%", "ends": f"%{escaped}"}.get(kind, f"%{escaped}%")
    found = f"coalesce({column}, '') ILIKE ? ESCAPE '\\'"
    return (f"NOT {found}" if kind == "not_contains" else found), [pattern]


def _days(column: str, kind: str, first: date, last: date | None) -> tuple[str, list[Any]]:
    """Whole days: until the end of the last one."""
    day = timedelta(days=1)
    match kind:
        case "before":
            return f"{column} < ?", [first]
        case "after":
            return f"{column} >= ?", [first + day]
        case "not_equals":
            return f"({column} < ? OR {column} >= ?)", [first, first + day]
        case "between" if last is not None:
            return f"{column} >= ? AND {column} < ?", [first, last + day]
    return f"{column} >= ? AND {column} < ?", [first, first + day]


def _numbers(column: str, kind: str, low: float, high: float | None) -> tuple[str, list[Any]]:
    if kind == "between" and high is not None:
        return f"{column} BETWEEN ? AND ?", [low, high]
    sign = {"less": "<", "more": ">", "at_most": "<=", "at_least": ">=", "not_equals": "IS DISTINCT FROM"}.get(kind, "=")
    return f"{column} {sign} ?", [low]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
