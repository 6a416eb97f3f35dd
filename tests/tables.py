"""Small warehouses drawn as text tables, and metric specifications: the table shows which row counts where.

A table is `|`-separated with a header row. Columns are those of the core table, and besides:
  case    the row's number, said as what it stands for
  is      flags: `closed due` sets is_closed and is_due, `!on_time` sets is_on_time to no; flags not named are no, or null
          where the column allows it
  copies  how many such rows there are
  a metric's key: what the row adds to it – `1/1` numerator and denominator, `0/1` denominator only, `1/` numerator only,
          a number for counts, stocks and quantiles, `·` nothing
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from dashboard.metrics.catalogue import catalogue
from dashboard.warehouse import SCHEMA_VERSION, Warehouse

AS_OF = "2026-11-16 08:00:00"
DATA_FROM, DATA_TO = "2026-01-01", "2026-11-15"
KEYS = {
    "incident": "incident_id",
    "callback_case": "incident_id",
    "assignment": "incident_id",
    "service_case": "service_case_id",
    "patrol": "patrol_id",
    "grid_day": "grid_id",
}
DAY = {
    "incident": "reported_on",
    "callback_case": "closed_on",
    "assignment": "assigned_on",
    "service_case": "applied_on",
    "patrol": "patrolled_on",
    "grid_day": "day",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "incident": {
        "channel_code": "hotline", "level_code": "community", "status_code": "processing", "category_code": "01",
        "department_code": "D01", "community_code": "C01", "extension_count": 0, "rework_count": 0, "return_count": 0,
    },
    "callback_case": {
        "community_code": "C01", "category_code": "01", "department_code": "D01", "channel_code": "hotline", "level_code": "community",
    },
    "assignment": {
        "community_code": "C01", "category_code": "01", "department_code": "D21", "channel_code": "hotline", "level_code": "town",
        "assignment_no": 1,
    },
    "service_case": {"community_code": "C01"},
    "patrol": {"community_code": "C01"},
    "grid_day": {"community_code": "C01", "grid_code": "G1", "workers": 1, "fte": 1.0, "households": 300},
}  # fmt: skip
SPECIFIED_DAY = "2026-09-01"
EMPTY = ("", "·")


@dataclass(frozen=True)
class Row:
    """A line of a text table. cells: the columns of the core table · metrics: key → (numerator, denominator) it adds."""

    key: str
    copies: int
    cells: dict[str, str]
    metrics: dict[str, tuple[float | None, float | None]]


def read_table(text: str) -> list[Row]:
    """The rows of a text table; a column nobody knows is an error of the test, reported by DuckDB."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip(" -|+")]
    header, *body = lines
    return [_row(dict(zip(header, line, strict=True)), number) for number, line in enumerate(body, start=1)]


def _row(cells: dict[str, str], number: int) -> Row:
    known = {**catalogue().metrics, **catalogue().variants}
    metrics = {name: _contribution(cell) for name, cell in cells.items() if name in known}
    rest = {name: cell for name, cell in cells.items() if name not in known and name not in ("case", "copies", "is") and cell != ""}
    for word in cells.get("is", "").split():
        rest[f"is_{word.removeprefix('!')}"] = "false" if word.startswith("!") else "true"
    return Row(cells.get("case") or f"row {number}", int(cells.get("copies") or 1), rest, metrics)


def _contribution(cell: str) -> tuple[float | None, float | None]:
    top, _, bottom = cell.partition("/")
    return (None if top in EMPTY else float(top)), (None if bottom in EMPTY else float(bottom))


def small_warehouse(directory: Path, tables: Mapping[str, str | list[Row]], *, as_of: str = AS_OF) -> Warehouse:
    """A published warehouse holding the rows of `tables` (name of the core table → text)."""
    directory.mkdir(parents=True, exist_ok=True)
    name = f"small_{len(list(directory.glob('*.duckdb')))}.duckdb"
    shutil.copy(_template(), directory / name)
    with duckdb.connect(str(directory / name)) as connection:
        build = [name.removesuffix(".duckdb"), SCHEMA_VERSION, as_of, DATA_FROM, DATA_TO]
        connection.execute("INSERT INTO meta.build SELECT ?, ?, 'test', ?, TIMESTAMP '2026-11-16 09:00:00', '', ?, ?", build)
        for table, rows in tables.items():
            _insert(connection, table, read_table(rows) if isinstance(rows, str) else rows)
    pointer = {"name": name, "build_id": build[0], "as_of": as_of, "schema_version": SCHEMA_VERSION}
    (directory / "CURRENT").write_text(json.dumps(pointer), encoding="utf-8")
    return Warehouse(directory, threads=1)


@cache
def _template() -> Path:
    """An empty warehouse, made once: running the whole schema takes longer than copying a file."""
    path = Path(tempfile.mkdtemp(prefix="township-")) / "template.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(resources.files("etl").joinpath("schema.sql").read_text(encoding="utf-8"))
    return path


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE schema_name = 'core' AND table_name = ?", [table]
    ).fetchall()
    unknown = {name for row in rows for name in row.cells} - {name for name, _, _ in columns} - {"from", "to"}
    assert not unknown, f"core.{table} has no columns {sorted(unknown)}"
    values = [_filled(table, columns, cells) for row in rows for cells in _copies(table, row)]
    if values:
        cells = ", ".join(f"CAST(unnest(?::VARCHAR[]) AS {kind})" for _, kind, _ in columns)
        names = ", ".join(name for name, _, _ in columns)
        texts = [[None if value is None else str(value) for value in column] for column in zip(*values, strict=True)]
        connection.execute(f"INSERT INTO core.{table} ({names}) SELECT {cells}", texts)  # row by row takes a hundred times as long


def _copies(table: str, row: Row) -> Iterator[dict[str, Any]]:
    for copy in range(row.copies):
        name = row.key if row.copies == 1 else f"{row.key} {copy + 1}"
        cells: dict[str, Any] = {KEYS[table]: name, **row.cells}
        if table == "grid_day":
            yield from _days(cells)
        else:
            yield cells


def _days(cells: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a day of from … to."""
    day, last = date.fromisoformat(cells.pop("from")), date.fromisoformat(cells.pop("to"))
    while day <= last:
        yield {**cells, "day": day.isoformat()}
        day += timedelta(days=1)


def _filled(table: str, columns: list[tuple[Any, ...]], cells: dict[str, Any]) -> list[Any]:
    """The row in column order with defaults; weeks, months and so on follow from the days and moments given."""
    row = {DAY[table]: SPECIFIED_DAY, **DEFAULTS[table], **cells}
    for name in [name for name in row if name.endswith("_on")]:
        row.setdefault(f"{name.removesuffix('_on')}_at", f"{row[name]} 09:00:00")
    for name in [name for name in row if name.endswith("_on") or name == "day"]:
        day = date.fromisoformat(row[name])
        stem = "" if name == "day" else name.removesuffix("on")
        week, month = (f"{stem}week", f"{stem}month") if stem else ("week_start", "month_start")
        row |= {week: day - timedelta(days=day.weekday()), month: day.replace(day=1), f"{stem}dow": day.isoweekday()}
    row.setdefault("file_id", "f00000000001")
    row.setdefault("file_row", 2)
    return [row.get(name, _default(kind, nullable)) for name, kind, nullable in columns]


def _default(kind: str, nullable: bool) -> Any:
    if nullable:
        return None
    return {"BOOLEAN": False, "INTEGER": 0, "DOUBLE": 0.0}.get(kind, "unmatched")


def specified_keys(tables: Mapping[str, str]) -> list[str]:
    """The metrics some column of the tables specifies, in order."""
    found = re.findall(r"[a-z0-9_]+(?::[a-z0-9_]+)?", " ".join(text.strip().splitlines()[0] for text in tables.values()))
    known = {**catalogue().metrics, **catalogue().variants}
    return [key for key in dict.fromkeys(found) if key in known]
