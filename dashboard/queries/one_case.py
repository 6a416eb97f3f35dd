"""One incident with all that is known of it, down to the row of the file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard.warehouse import Snapshot

STAGES = ("reported", "registered", "dispatched", "disposed", "checked", "closed")


class CaseNotFound(LookupError):
    """No incident has this number."""


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
