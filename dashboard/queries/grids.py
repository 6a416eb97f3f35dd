"""The division of the township into grids: when it changed, and what it is on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.metrics.dimensions import filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot


@dataclass(frozen=True)
class Redivision:
    """A day on which a community got new grids. before, after: how many it had."""

    day: date
    community: str
    before: int
    after: int


@dataclass(frozen=True)
class Held:
    """What a community has on a day. workers: full-time equivalents."""

    community: str
    grids: int
    households: float
    workers: float


@dataclass(frozen=True)
class Home:
    """Where a grid belongs, and from when to when it exists."""

    community: str
    since: date
    until: date | None


def homes(snapshot: Snapshot) -> dict[str, Home]:
    """Every grid of the register by grid_id."""
    sql = "SELECT grid_id, community_code, valid_from, valid_to FROM core.grid ORDER BY grid_id"
    return snapshot.remembered("grid homes", lambda: {grid: Home(*rest) for grid, *rest in snapshot.rows(sql)})


def redivisions(snapshot: Snapshot) -> tuple[Redivision, ...]:
    """Every re-division in the register, by day and community; a community's first grids are none."""
    return snapshot.remembered("redivisions", lambda: _redivisions(snapshot))


def _redivisions(snapshot: Snapshot) -> tuple[Redivision, ...]:
    sql = """
        WITH changed AS (
            SELECT DISTINCT community_code, valid_from AS day FROM core.grid g
            WHERE valid_from > (SELECT min(valid_from) FROM core.grid WHERE community_code = g.community_code)
        )
        SELECT c.day, c.community_code,
            count(*) FILTER (WHERE g.valid_from < c.day AND (g.valid_to IS NULL OR g.valid_to >= c.day - 1)),
            count(*) FILTER (WHERE g.valid_from <= c.day AND (g.valid_to IS NULL OR g.valid_to >= c.day))
        FROM changed c JOIN core.grid g ON g.community_code = c.community_code
        GROUP BY ALL ORDER BY ALL"""
    return tuple(Redivision(*row) for row in snapshot.rows(sql))


def held(snapshot: Snapshot, view: View, day: date) -> tuple[Held, ...]:
    """Grids, households and workers of each community on the last known day up to `day`, under the view's filters."""
    where = filter_sql(shape(view), "core.grid_day", "day")
    sql = f"""
        SELECT community_code, count(*), sum(households), sum(fte) FROM core.grid_day
        WHERE day = (SELECT max(day) FROM core.grid_day WHERE day <= ?){where}
        GROUP BY 1 ORDER BY 1"""
    rows = snapshot.rows(sql, [day, *filter_values(view, "core.grid_day", "day")])
    return tuple(Held(code, grids, float(households or 0), float(workers or 0)) for code, grids, households, workers in rows)
