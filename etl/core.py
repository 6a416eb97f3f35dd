"""raw → core: cells are read, of several rows about one thing the newest export's is kept, and each source's SQL shapes its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib import resources

import duckdb

from etl.errors import NothingToLoad
from etl.progress import CELLS, SHAPING, Progress, Stage
from etl.reference import Reference
from etl.source import Source
from etl.sources import SOURCES
from etl.typed import type_rows

_DEADLINES = timedelta(days=400)
"""The calendar reaches this far past the newest moment, for deadlines."""
_EARLIEST_CALENDAR = "2000-01-01"


def shape_core(connection: duckdb.DuckDBPyConnection, reference: Reference, progress: Progress) -> datetime:
    """Fills core.* from raw.* and the temp table loaded_sheet. Returns the as-of moment: the newest export's.

    Raises NothingToLoad when no readable incident is there.
    """
    for source in _each(SOURCES, connection, CELLS, progress):
        type_rows(connection, source, reference)
        _date_exports(connection, source)
    _order_exports(connection)
    for source in SOURCES:
        _keep_newest(connection, source)
    as_of = _set_clock(connection)
    connection.execute(_sql("calendar.sql"))
    for source in _each(SOURCES, connection, SHAPING, progress):
        connection.execute(source.sql())
    connection.execute(_sql("assignment.sql"))
    connection.execute(_sql("exposure.sql"))
    connection.execute(_sql("history.sql"))
    connection.execute(_sql("coverage.sql"))
    return as_of


def _date_exports(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """An export that does not say its moment, or only its day, is dated by the newest event in it (never later than it was received)."""
    if not source.clock:
        return
    newest = f"greatest({', '.join(f't.{column}' for column in source.clock)})"
    connection.execute(
        f"UPDATE loaded_sheet s SET exported_at = greatest(s.exported_at, n.newest) FROM ("
        f"SELECT t.sheet_no, max({newest}) FILTER (WHERE {newest} <= l.received_at) AS newest "
        f"FROM typed_{source.name} t JOIN loaded_sheet l USING (sheet_no) GROUP BY t.sheet_no) n "
        f"WHERE n.sheet_no = s.sheet_no AND (s.exported_at IS NULL OR s.exported_at = s.exported_at::DATE)"
    )


def _order_exports(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "UPDATE loaded_sheet s SET ordinal = o.ordinal FROM ("
        "SELECT sheet_no, row_number() OVER (ORDER BY exported_at NULLS FIRST, received_at, sheet_no) AS ordinal FROM loaded_sheet) o "
        "WHERE o.sheet_no = s.sheet_no"
    )


def _keep_newest(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """current_<source>: of the rows with one key, the one of the newest export; within a file, the last."""
    name = source.name
    connection.execute(
        f"CREATE TEMP VIEW version_{name} AS SELECT t.*, (s.ordinal << 32) + t.file_row AS version "
        f"FROM typed_{name} t JOIN loaded_sheet s USING (sheet_no)"
    )
    connection.execute(
        f"CREATE TEMP TABLE newest_{name} AS SELECT max(version) AS version FROM version_{name} GROUP BY {', '.join(source.key)}"
    )
    connection.execute(
        f"CREATE TEMP TABLE superseded_{name} AS SELECT sheet_no, file_row FROM version_{name} ANTI JOIN newest_{name} USING (version)"
    )
    connection.execute(
        f"CREATE TEMP VIEW current_{name} AS FROM typed_{name} ANTI JOIN superseded_{name} USING (sheet_no, file_row)"
    )


def _set_clock(connection: duckdb.DuckDBPyConnection) -> datetime:
    """SQL variables: as_of, data_from and data_to (days), and the days the calendar spans."""
    row = connection.execute(
        "SELECT (SELECT max(exported_at) FROM loaded_sheet), min(reported_at)::DATE, max(reported_at)::DATE FROM current_incident"
    ).fetchone()
    if row is None or row[0] is None or row[1] is None:
        raise NothingToLoad(
            "没有一条能读的事件记录；请先放入事件（工单）导出表", "no readable incident; load an export of incidents first"
        )
    as_of, data_from, data_to = row
    values = {
        "as_of": as_of,
        "data_from": data_from,
        "data_to": data_to,
        "calendar_from": min(datetime.fromisoformat(_EARLIEST_CALENDAR).date(), data_from),
        "calendar_to": as_of.date() + _DEADLINES,
    }
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    return datetime.fromisoformat(str(as_of))


def _sql(name: str) -> str:
    return resources.files("etl").joinpath(name).read_text(encoding="utf-8")


def _each(sources: Sequence[Source], connection: duckdb.DuckDBPyConnection, stage: Stage, progress: Progress) -> Iterator[Source]:
    """The sources one after another; how far they are is told in rows."""
    rows = dict(connection.execute("SELECT kind, sum(rows_in) FROM loaded_sheet GROUP BY kind").fetchall())
    done = 0
    for source in sources:
        progress.at(stage, done, sum(rows.values()))
        yield source
        done += rows.get(source.name, 0)
