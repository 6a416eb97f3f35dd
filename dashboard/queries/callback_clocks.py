"""How long callbacks take: from closing to the first call, and after dissatisfaction to the second call and to the discipline office.

The moments are those of the calls; when a case was handled again is not recorded, so that clock is the second call's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.metrics.dimensions import filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

TABLE, PERIOD = "core.callback_case", "closed_on"
LIMITS = {"first": 72, "second": 360, "escalated": 480}
"""Hours within which each should happen: 3, 15 and 20 days. Assumed until a town has rules of its own."""


@dataclass(frozen=True)
class Clock:
    """name: a key of LIMITS · count: those it happened to, of whom `timed` have both moments and `within` kept the limit ·
    waiting: those it has not happened to yet, of whom `overdue` are past the limit. median, p90: hours, None without any.
    """

    name: str
    limit: int
    count: int
    timed: int
    median: float | None
    p90: float | None
    within: int
    waiting: int
    overdue: int


def callback_clocks(snapshot: Snapshot, view: View, first: date, last: date) -> tuple[Clock, ...]:
    """The three clocks of the cases closed from first to last, under the view's filters."""
    sql = f"""WITH chosen AS MATERIALIZED (
                  SELECT c.incident_id, c.closed_on, c.is_due, c.is_attempted, c.hours_to_first_call, c.is_dissatisfied, c.is_second_round,
                         c.is_second_round_dissatisfied, c.is_escalated
                  FROM {TABLE} c WHERE {PERIOD} BETWEEN ? AND ?{filter_sql(shape(view), TABLE, PERIOD)}),
              called AS (
                  SELECT incident_id, min(called_at) FILTER (round = 1 AND is_complete) AS first_at,
                         min(called_at) FILTER (round > 1) AS second_at, min(called_at) FILTER (is_escalated) AS escalated_at
                  FROM core.callback
                  WHERE called_at >= ? AND incident_id IN (SELECT incident_id FROM chosen WHERE is_dissatisfied) GROUP BY incident_id),
              clock AS (
                  SELECT 'first' AS name, ? AS allowed, is_attempted AS is_done, hours_to_first_call AS hours,
                         date_diff('minute', closed_on + INTERVAL 1 DAY, ?::TIMESTAMP) / 60 AS waited
                  FROM chosen WHERE is_due OR is_attempted
                  UNION ALL
                  SELECT 'second', ?, is_second_round, date_diff('minute', first_at, second_at) / 60,
                         date_diff('minute', first_at, ?::TIMESTAMP) / 60
                  FROM chosen JOIN called USING (incident_id)
                  UNION ALL
                  SELECT 'escalated', ?, is_escalated, date_diff('minute', first_at, escalated_at) / 60,
                         date_diff('minute', first_at, ?::TIMESTAMP) / 60
                  FROM chosen JOIN called USING (incident_id) WHERE is_second_round_dissatisfied)
              SELECT name, count_if(is_done), count(hours) FILTER (is_done), quantile_cont(hours, 0.5) FILTER (is_done),
                     quantile_cont(hours, 0.9) FILTER (is_done), count_if(is_done AND hours <= allowed),
                     count_if(NOT is_done), count_if(NOT is_done AND waited > allowed)
              FROM clock GROUP BY name"""
    as_of = snapshot.build.as_of
    limits = [value for limit in LIMITS.values() for value in (limit, as_of)]
    rows = snapshot.rows(sql, [first, last, *filter_values(view, TABLE, PERIOD), first, *limits])
    found = {row[0]: Clock(row[0], LIMITS[row[0]], *row[1:]) for row in rows}
    return tuple(found.get(name, Clock(name, limit, 0, 0, None, None, 0, 0, 0)) for name, limit in LIMITS.items())
