"""Running the scans of a plan: periods and filters bound as values, answers as keys and columns."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard.metrics.dimensions import WINDOW, filter_values
from dashboard.metrics.plan import Scan
from dashboard.view import View
from dashboard.warehouse import Build, Snapshot

Days = tuple[date, date]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """Answer of a scan: one key a group, and the columns of its aggregates."""

    keys: list[Key]
    columns: list[tuple[Any, ...]]


def run(snapshot: Snapshot, scan: Scan, view: View, windows: tuple[Days, ...]) -> Result:
    """The scan over each of the windows (days, both included); a key begins with the window's number if scan.by says so."""
    filters = filter_values(view, scan.table, scan.period)
    if not scan.is_stock:
        rows = snapshot.rows(scan.sql, _flow_days(scan, windows) + filters)
    elif WINDOW in scan.by:
        rows = [
            (number, *row)
            for number, window in enumerate(windows)
            for row in snapshot.rows(scan.sql, _stock_days(scan, window, snapshot.build) + filters)
        ]
    else:
        rows = snapshot.rows(scan.sql, _stock_days(scan, windows[0], snapshot.build) + filters)
    if scan.by == (WINDOW,) and rows:
        rows = _every_window(rows, len(windows))
    width = len(scan.by)
    return Result([row[:width] for row in rows], list(zip(*rows, strict=True))[width:])


def _every_window(rows: list[Key], count: int) -> list[Key]:
    """A window without rows has no group of its own, yet its counts are 0."""
    found = {row[0]: row for row in rows}
    nothing = (None,) * (len(rows[0]) - 1)
    return [found.get(number, (number, *nothing)) for number in range(count)]


def _flow_days(scan: Scan, windows: tuple[Days, ...]) -> list[Any]:
    """Parameters of a flow: the windows' days as its text wants them."""
    bounds = [day for window in windows for day in window]
    return [*bounds, *bounds, min(bounds), max(bounds)] if WINDOW in scan.by else bounds


def _stock_days(scan: Scan, days: Days, build: Build) -> list[Any]:
    """Parameters of a stock: the last day of the period or of each bucket, none after as-of."""
    final = min(days[1], build.as_of.date())
    if not scan.bucket:
        return [final] * 3
    ends = buckets(scan.bucket, days, build)
    lasts = [min(last, final) for _, last in ends]
    return [lasts, [start for start, _ in ends], lasts[-1], lasts[0], lasts[-1]]


def buckets(step: str, days: Days, build: Build) -> list[Days]:
    """First and last day of each week, month or day that touches days and the data."""
    last = min(days[1], build.as_of.date())
    found = [bucket_bounds(step, max(days[0], build.data_from))]
    while found[-1][1] < last:
        found.append(bucket_bounds(step, found[-1][1] + timedelta(days=1)))
    return found


def bucket_bounds(step: str, day: date) -> Days:
    """First and last day of the week (from Monday), month or day that day lies in."""
    if step == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if step == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return day, day
