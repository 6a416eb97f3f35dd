"""The working calendar: which days of a period the offices are open, and which holidays lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.warehouse import Snapshot


@dataclass(frozen=True)
class Holiday:
    """A named day: of a holiday, or, where it is a working day, one shifted for it (调休)."""

    day: date
    name: str
    is_working_day: bool


@dataclass(frozen=True)
class WorkingDays:
    """working: days the offices are open · holidays: the named days."""

    working: int
    holidays: tuple[Holiday, ...]


def working_days(snapshot: Snapshot, start: date, end: date) -> WorkingDays:
    """Of the days from start to end."""
    sql = "SELECT day, holiday, is_working_day FROM core.day WHERE day BETWEEN ? AND ? ORDER BY day"
    rows = snapshot.rows(sql, [start, end])
    return WorkingDays(
        sum(1 for *_, is_open in rows if is_open), tuple(Holiday(day, name, is_open) for day, name, is_open in rows if name)
    )


def days_off(snapshot: Snapshot, mondays: Sequence[date]) -> list[int]:
    """Of each week from Monday on, the days on which the offices are closed: two in an ordinary week, fewer where days were shifted
    (调休), more where there was a holiday."""
    if not mondays:
        return []
    sql = "SELECT week_start, count_if(NOT is_working_day) FROM core.day WHERE week_start BETWEEN ? AND ? GROUP BY 1"
    found: dict[date, int] = dict(snapshot.rows(sql, [min(mondays), max(mondays)]))
    return [found.get(monday, 2) for monday in mondays]
