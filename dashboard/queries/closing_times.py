"""How long cases take to close, those still open included: counts a whole hour, ready for a curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dashboard.metrics.dimensions import filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

OPEN, CLOSED, ELSEWISE = 0, 1, 2
"""How a case ended; ELSEWISE: void, not registered or merged into another case, at a known moment."""
TABLE, PERIOD = "core.incident", "reported_on"
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClosingTimes:
    """One entry a row: whole hours from report to end or, if open, to the as-of moment · how it ended · hours it had lasted when the
    exports begin (0: it was reported later) · cases. untimed: cases ended otherwise or parked at a moment nobody exported, left out ·
    allowed: median hours from report to deadline, NaN without any.
    """

    hours: Whole
    ended: Whole
    entered: Whole
    cases: Whole
    untimed: int
    allowed: float


def closing_times(snapshot: Snapshot, view: View, days: tuple[date, date]) -> ClosingTimes:
    """Of the cases reported in these days that need handling; those settled on the spot need none.

    The exports begin on the first day they cover in full: like cases that were over before it were never seen.
    """
    as_of = snapshot.build.as_of
    way = (
        f"CASE WHEN is_closed THEN {CLOSED} WHEN is_open THEN {OPEN} WHEN (is_void OR is_duplicate) AND closed_at IS NOT NULL "
        f"THEN {ELSEWISE} END"
    )
    rows = snapshot.rows(
        f"""WITH seen AS (SELECT coalesce(min(day) FILTER (WHERE state = 'full'), min(day)) AS since FROM meta.coverage WHERE kind = 'incident'),
        timed AS (
            SELECT {way} AS way, hours_allowed,
                greatest(0, date_diff('hour', reported_at, coalesce((SELECT since FROM seen), reported_on)::TIMESTAMP)) AS entered,
                floor(greatest(0, CASE WHEN is_closed THEN hours_to_close WHEN is_open THEN hours_open
                    ELSE date_diff('hour', reported_at, least(closed_at, ?)) END)) AS hours
            FROM {TABLE} WHERE {PERIOD} BETWEEN ? AND ? AND NOT is_self_disposed AND (is_counted OR is_void OR is_duplicate OR is_parked)
            {filter_sql(shape(view), TABLE, PERIOD)})
        SELECT way, hours::BIGINT, entered, count(*), NULL FROM timed WHERE way IS NOT NULL AND hours IS NOT NULL GROUP BY ALL
        UNION ALL SELECT NULL, NULL, NULL, count_if(way IS NULL OR hours IS NULL), median(hours_allowed) FROM timed""",
        [as_of, *days, *filter_values(view, TABLE, PERIOD)],
    )
    ((untimed, allowed),) = [(count, hours) for way_, _, _, count, hours in rows if way_ is None]
    known = np.array([row[:4] for row in rows if row[0] is not None], dtype=np.int64).reshape(-1, 4)
    known = known[np.lexsort(known.T[::-1])]
    return ClosingTimes(
        known[:, 1], known[:, 0], known[:, 2], known[:, 3], untimed, float("nan") if allowed is None else float(allowed)
    )
