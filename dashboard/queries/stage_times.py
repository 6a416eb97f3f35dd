"""Where time goes: how long each stage takes in each department, and in which stage late cases lose it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.metrics.catalogue import Term, catalogue
from dashboard.metrics.dimensions import filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

STAGES = ("register", "dispatch", "dispose", "check", "archive")
"""median_hours_to_<stage> says of each whose hours are taken, and from when to when."""


@dataclass(frozen=True)
class LostTime:
    """cases: closed late and compared · hours: stage → what they took beyond the cases closed on time, in all."""

    cases: int
    hours: dict[str, float]


def stage_times(snapshot: Snapshot, view: View, days: tuple[date, date]) -> pd.DataFrame:
    """frame: department (None = all of them together), cases, and of each stage <stage>_median, <stage>_p90, <stage>_n.

    Hours; null below the least n of the metric median_hours_to_<stage>, whose definition of the stage is used. cases:
    those of them that stand in closure metrics; the department with most first, all together before them.
    """
    terms = {stage: _term(stage) for stage in STAGES}
    columns = [
        f"quantile_cont({term.value}, [0.5, 0.9]) FILTER (WHERE {term.where}), count_if({term.where} AND {term.value} IS NOT NULL)"
        for term in terms.values()
    ]
    table, period = next((term.table, term.period) for term in terms.values())
    rows = snapshot.rows(
        f"SELECT department_code, count_if(is_counted), {', '.join(columns)} FROM {table} "
        f"WHERE {period} BETWEEN ? AND ?{filter_sql(shape(view), table, period)} "
        "GROUP BY GROUPING SETS ((department_code), ()) ORDER BY department_code IS NOT NULL, 2 DESC, 1",
        [*days, *filter_values(view, table, period)],
    )
    names = [f"{stage}_{name}" for stage in STAGES for name in ("median", "p90", "n")]
    frame = pd.DataFrame([_row(row) for row in rows], columns=["department", "cases", *names])
    return frame.astype({name: float for name in names if not name.endswith("_n")})


def lost_time(snapshot: Snapshot, view: View, days: tuple[date, date]) -> LostTime:
    """Each case closed late against the mean of its department's cases closed on time, stage by stage, and summed.

    A department without cases on time has nothing to be compared with and is left out. A stage not known of a case adds
    nothing; one in which late cases were quicker is negative.
    """
    sums = ", ".join(f"CAST(sum(CAST(hours_to_{stage} AS DECIMAL(18, 6))) AS DOUBLE), count(hours_to_{stage})" for stage in STAGES)
    rows = snapshot.rows(
        f"SELECT department_code, is_on_time, count(*), {sums} FROM core.incident WHERE reported_on BETWEEN ? AND ? "
        f"AND is_counted AND is_closed AND is_on_time IS NOT NULL{filter_sql(shape(view), 'core.incident', 'reported_on')} "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        [*days, *filter_values(view, "core.incident", "reported_on")],
    )
    groups: dict[str, dict[bool, Sequence[Any]]] = defaultdict(dict)
    for department, is_on_time, *sizes in rows:
        groups[department][is_on_time] = sizes
    pairs = [(group[False], group[True]) for group in groups.values() if len(group) == 2]
    return LostTime(
        sum(late[0] for late, _ in pairs),
        {
            stage: sum(_beyond(late[at : at + 2], on_time[at : at + 2]) for late, on_time in pairs)
            for stage, at in zip(STAGES, range(1, 11, 2), strict=True)
        },
    )


def _beyond(late: Sequence[Any], on_time: Sequence[Any]) -> float:
    """Hours of the late beyond what as many cases on time take; each as (sum, how many)."""
    return float(late[0] - late[1] * on_time[0] / on_time[1]) if late[1] and on_time[1] else 0.0


def _term(stage: str) -> Term:
    term = catalogue().metric(f"median_hours_to_{stage}").numerator
    assert term is not None
    return term


def _row(row: Sequence[Any]) -> list[Any]:
    """Where there are no incidents at all the one row is null."""
    department, cases, *cells = row
    found: list[Any] = [department, cases or 0]
    for stage, at in zip(STAGES, range(0, 10, 2), strict=True):
        (median, p90), n = cells[at] or (None, None), cells[at + 1] or 0
        is_enough = n >= max(1, catalogue().metric(f"median_hours_to_{stage}").min_n)
        found += [median if is_enough else None, p90 if is_enough else None, n]
    return found
