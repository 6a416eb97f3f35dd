"""The stock of open incidents as a ledger: opening + taken in − closed = closing, to the case."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dashboard.metrics.dimensions import filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

Days = tuple[date, date]


@dataclass(frozen=True)
class Balance:
    """Of the days start to end: opening + taken − closed − undated = closing, and
    taken + excluded + self_disposed − both + unregistered = reported.

    taken: reported and to be handled · closed: closed in these days, whenever reported · undated: taken in and closed without
    a date, or dated before their report, so that they never stood open at the end of a day · excluded: void, rejected, merged
    or parked · both: excluded and self-disposed · unregistered: neither, and no case yet.
    """

    start: date
    end: date
    opening: int
    taken: int
    closed: int
    undated: int
    closing: int
    reported: int
    excluded: int
    self_disposed: int
    both: int
    unregistered: int


FLOWS = ("taken", "closed", "undated", "reported", "excluded", "self_disposed", "both", "unregistered")
NEVER_OPEN = "is_counted AND is_closed AND coalesce(closed_on < reported_on, true)"
EXCLUDED = "(is_void OR is_duplicate OR is_parked)"


def balances(snapshot: Snapshot, view: View, periods: Sequence[Days]) -> list[Balance]:
    """The ledger of each period (first and last day); taken, closed and closing are extension_rate's denominator,
    closed:by_closing and backlog.
    """
    span = min(start for start, _ in periods), max(end for _, end in periods)
    opening = _opening(snapshot, view, span[0])
    days, sums = _running(snapshot, view, span)
    return [_balance(start, end, opening, sums[bisect_left(days, start)], sums[bisect_right(days, end)]) for start, end in periods]


def _opening(snapshot: Snapshot, view: View, day: date) -> int:
    """Open at the beginning of the day."""
    sql = "SELECT count(*) FROM core.incident WHERE is_counted AND reported_on < ? AND (is_open OR closed_on >= ?)"
    values = [day, day, *filter_values(view, "core.incident", "reported_on")]
    return int(snapshot.rows(sql + filter_sql(shape(view), "core.incident", "reported_on"), values)[0][0])


def _running(snapshot: Snapshot, view: View, span: Days) -> tuple[list[date], npt.NDArray[np.int64]]:
    """Days of the span with anything, and the sums of FLOWS before the first, up to the first, second … of them.

    What is closed is dated by its closing, the rest by the report.
    """
    reported = filter_sql(shape(view), "core.incident", "reported_on")
    closed = filter_sql(shape(view), "core.incident", "closed_on")
    rows = snapshot.rows(
        f"""SELECT reported_on AS day, count_if(is_counted), 0, count_if({NEVER_OPEN}), count(*), count_if({EXCLUDED}),
                count_if(is_self_disposed), count_if(is_self_disposed AND {EXCLUDED}),
                count_if(NOT is_counted AND NOT is_self_disposed AND NOT {EXCLUDED})
            FROM core.incident WHERE reported_on BETWEEN ? AND ?{reported} GROUP BY 1
            UNION ALL
            SELECT closed_on, 0, count(*), -count_if({NEVER_OPEN}), 0, 0, 0, 0, 0
            FROM core.incident WHERE is_counted AND is_closed AND closed_on BETWEEN ? AND ?{closed} GROUP BY 1
            ORDER BY day""",
        [
            *(*span, *filter_values(view, "core.incident", "reported_on")),
            *(*span, *filter_values(view, "core.incident", "closed_on")),
        ],
    )
    flows = np.array([(0,) * len(FLOWS), *(row[1:] for row in rows)], dtype=np.int64)
    return [row[0] for row in rows], flows.cumsum(axis=0)


def _balance(start: date, end: date, opening: int, before: npt.NDArray[np.int64], after: npt.NDArray[np.int64]) -> Balance:
    flows = dict(zip(FLOWS, (after - before).tolist(), strict=True))
    return Balance(start=start, end=end, opening=opening + _change(before), closing=opening + _change(after), **flows)


def _change(sums: npt.NDArray[np.int64]) -> int:
    """By how much the stock grew."""
    taken, closed, undated, *_ = sums.tolist()
    return int(taken - closed - undated)
