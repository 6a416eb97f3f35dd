"""The working-day calendar as arithmetic on arrays: deadlines and working time.

Moments are whole seconds of local wall-clock time since 1970-01-01 00:00; days are whole days since then.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from etl.sample.chance import Flags, Ints

DAY = 86_400
HOUR = 3_600
MINUTE = 60
NEVER = int(np.iinfo(np.int64).max // 4)
"""A moment that does not come."""

_EPOCH = date(1970, 1, 1)
_MIDNIGHT_TO_COME = DAY - 1


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day with this number."""
    return _EPOCH + timedelta(days=int(number))


def moment_number(at: datetime) -> int:
    """Seconds since 1970-01-01 00:00 on the wall clock."""
    return day_number(at.date()) * DAY + at.hour * HOUR + at.minute * MINUTE + at.second


@dataclass(frozen=True)
class Calendar:
    """Which days offices are open and from when to when, as in calendar.csv and working_hours.csv."""

    exceptions: Mapping[date, bool]
    holidays: Mapping[date, str]
    hours: tuple[tuple[int, int], ...]

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)


def read_calendar(reference: Path) -> Calendar:
    """The calendar kept in the reference folder."""
    with (reference / "calendar.csv").open(encoding="utf-8", newline="") as file:
        rows = [(date.fromisoformat(row["day"]), row["is_working_day"] == "true", row["name"]) for row in csv.DictReader(file)]
    with (reference / "working_hours.csv").open(encoding="utf-8", newline="") as file:
        hours = tuple((_seconds(row["opens"]), _seconds(row["closes"])) for row in csv.DictReader(file))
    return Calendar({day: open_ for day, open_, _ in rows}, {day: name for day, open_, name in rows if not open_}, hours)


def _seconds(clock: str) -> int:
    at = time.fromisoformat(clock)
    return at.hour * HOUR + at.minute * MINUTE


class WorkingClock:
    """Counts working seconds from the first day's midnight. Moments outside first … last are taken to the nearest end."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.first = day_number(first)
        days = (last - first).days + 1
        self.is_working: Flags = np.array([calendar.is_working(first + timedelta(days=i)) for i in range(days)])
        self._opens = np.array([opens for opens, _ in calendar.hours])
        lengths = np.array([closes - opens for opens, closes in calendar.hours])
        self._passed = np.concatenate([[0], np.cumsum(lengths)])
        self.day_seconds = int(self._passed[-1])
        self._edges, self._worked_at_edges = _edges(calendar.hours)
        self._before = np.concatenate([[0], np.cumsum(self.is_working)]) * self.day_seconds
        self._working_days = np.flatnonzero(self.is_working)

    def worked(self, moment: Ints) -> Ints:
        """Working seconds up to the moment."""
        day, within = np.divmod(np.clip(moment - self.first * DAY, 0, len(self.is_working) * DAY - 1), DAY)
        today = np.interp(within, self._edges, self._worked_at_edges).astype(np.int64)
        return np.asarray(self._before[day] + today * self.is_working[day], dtype=np.int64)

    def moment(self, worked: Ints) -> Ints:
        """The moment at which so many working seconds have passed; within working hours."""
        counted = np.clip(worked, 0, self._before[-1] - 1)
        order, rest = np.divmod(counted, self.day_seconds)
        segment = np.searchsorted(self._passed, rest, side="right") - 1
        within = self._opens[segment] + rest - self._passed[segment]
        return np.asarray((self._working_days[order] + self.first) * DAY + within, dtype=np.int64)

    def end_of_working_day(self, moment: Ints, days: Ints) -> Ints:
        """23:59:59 of the days-th working day after the moment's own day; of the day itself for 0."""
        day = np.clip(moment // DAY - self.first, 0, len(self.is_working) - 1)
        done = self._before[day + 1] // self.day_seconds
        target = np.clip(done + days - 1, 0, len(self._working_days) - 1)
        reached = np.where(days > 0, self._working_days[target], day)
        return np.asarray((reached + self.first) * DAY + _MIDNIGHT_TO_COME, dtype=np.int64)


def _edges(hours: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    edges, worked, total = [0], [0], 0
    for opens, closes in hours:
        edges += [opens, closes]
        worked += [total, total + closes - opens]
        total += closes - opens
    return [*edges, DAY], [*worked, total]
