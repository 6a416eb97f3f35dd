"""The cases behind a share by unit and by what makes cases unlike: work content, channel, deadline and level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dashboard.metrics.catalogue import Metric, Term
from dashboard.metrics.dimensions import column, filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

Numbers = npt.NDArray[np.float64]
ALIKE_BY = ("category_code", "channel_code", "level_code")
DEADLINES = (24, 72, 168, 360)
"""Hours at which a class of deadlines ends: a day, three, a week, fifteen days; longer ones and none are classes too."""
_SOURCES = {
    "core.incident": "core.incident",
    "core.assignment": "(SELECT * FROM core.assignment LEFT JOIN (SELECT incident_id, hours_allowed FROM core.incident) USING (incident_id))",
    "core.callback_case": "(SELECT * FROM core.callback_case LEFT JOIN (SELECT incident_id, hours_allowed FROM core.incident) USING (incident_id))",
}
"""Tables of cases whose deadline is known."""


@dataclass(frozen=True)
class CaseMix:
    """units in order; events, cases: units × strata. events are what the share is of, and may be sums of credits."""

    units: tuple[str, ...]
    events: Numbers
    cases: Numbers


def has_case_mix(metric: Metric) -> bool:
    """Whether its cases have a work content, a channel, a level and a deadline: shares of incidents, assignments and callbacks."""
    return metric.kind == "ratio" and metric.numerator is not None and metric.numerator.table in _SOURCES


def case_mix(snapshot: Snapshot, metric: Metric, view: View, days: tuple[date, date], by: str) -> CaseMix:
    """Of a share for which has_case_mix() holds. Cases without a unit are left out; a class of deadlines is a part of the stratum."""
    top, bottom = metric.numerator, metric.denominator
    assert top is not None
    assert bottom is not None
    classes = " ".join(f"WHEN hours_allowed <= {end} THEN {place}" for place, end in enumerate(DEADLINES))
    unit = column(by, top.table, top.period)
    filters = filter_sql(shape(view), top.table, top.period)
    frame = snapshot.query(
        f"SELECT {unit} AS unit, hash({', '.join(ALIKE_BY)}, CASE {classes} WHEN hours_allowed IS NULL THEN -1 ELSE {len(DEADLINES)} END) AS stratum, "
        f"{_sum(top)} AS events, {_sum(bottom)} AS cases "
        f"FROM {_SOURCES[top.table]} WHERE {top.period} BETWEEN ? AND ? AND ({bottom.where}) AND {unit} IS NOT NULL{filters} GROUP BY 1, 2",
        [*days, *filter_values(view, top.table, top.period)],
    )
    units, unit_of = np.unique(frame["unit"].to_numpy(dtype=str), return_inverse=True)
    strata, stratum_of = np.unique(frame["stratum"].to_numpy(), return_inverse=True)
    found = [np.zeros((len(units), len(strata))) for _ in range(2)]
    for table, name in zip(found, ("events", "cases"), strict=True):
        table[unit_of, stratum_of] = frame[name].fillna(0).to_numpy(dtype=np.float64)
    events, cases = found
    return CaseMix(tuple(units.tolist()), cases - events if metric.complement else events, cases)


def _sum(term: Term) -> str:
    """What one part of a share counts; sums are made of decimals, as everywhere: those of doubles depend on their order."""
    if not term.value:
        return f"count_if({term.condition})"
    return f"CAST(sum(CAST({term.value} AS DECIMAL(18, 6))) FILTER (WHERE {term.condition}) AS DOUBLE)"
