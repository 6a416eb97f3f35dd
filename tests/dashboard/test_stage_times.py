"""Where time goes: stages by department agree with the metrics, and late cases are held against their own department."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard.metrics.compute import compute
from dashboard.queries.stage_times import STAGES, lost_time, stage_times
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.tables import small_warehouse

CASES = """
case                       | department_code | reported_on | hours_to_register | hours_to_dispose | hours_to_check | is
on time, quick             | D01             | 2026-06-02  | 1                 | 10               | 4              | counted closed on_time
on time, slow              | D01             | 2026-06-03  | 3                 | 30               | 4              | counted closed on_time
late by the disposal       | D01             | 2026-06-04  | 2                 | 100              | 1              | counted closed !on_time
late, the check not known  | D01             | 2026-06-05  | 2                 | 60               |                | counted closed !on_time
late, nobody to compare    | D02             | 2026-06-05  | 2                 | 999              | 9              | counted closed !on_time
on time, nobody late       | D03             | 2026-06-05  | 2                 | 5                | 9              | counted closed on_time
late but parked            | D01             | 2026-06-05  | 2                 | 500              | 9              | parked !on_time
no deadline                | D01             | 2026-06-05  | 2                 | 500              | 9              | counted closed
"""
JUNE = View.from_query("?from=2026-06-01&to=2026-06-30")
VIEWS = ("", "?period=this_year&community=C03", "?period=all&channel=hotline", "?community=nobody")


def days_of(snapshot: Snapshot, view: View) -> tuple[date, date]:
    period = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    return period.start, period.end


def test_late_cases_are_held_against_those_on_time_in_their_department(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"incident": CASES})
    town = warehouse.current()
    lost = lost_time(town, JUNE, days_of(town, JUNE))
    assert lost.cases == 2
    assert lost.hours["register"] == 0
    assert lost.hours["dispose"] == 100 + 60 - 2 * 20
    assert lost.hours["check"] == 1 - 4
    assert lost.hours["archive"] == 0  # nobody's is known
    warehouse.close()


def test_nobody_late_loses_nothing(sample: Snapshot) -> None:
    view = View(community=("nobody",))
    lost = lost_time(sample, view, days_of(sample, view))
    assert (lost.cases, set(lost.hours.values())) == (0, {0})


def test_lost_time_agrees_with_pandas(sample: Snapshot) -> None:
    view = View(period="all")
    frame = sample.query("SELECT * FROM core.incident WHERE is_counted AND is_closed AND is_on_time IS NOT NULL")
    is_late = ~frame["is_on_time"].astype(bool)
    lost = lost_time(sample, view, days_of(sample, view))
    for stage in STAGES:
        usual = frame[~is_late].groupby("department_code")[f"hours_to_{stage}"].mean()
        late = frame[is_late & frame["department_code"].isin(usual.index)]
        assert lost.hours[stage] == pytest.approx((late[f"hours_to_{stage}"] - late["department_code"].map(usual)).sum(), abs=0.01)
    assert lost.cases == len(late)


@pytest.mark.parametrize("query", VIEWS)
def test_the_medians_are_the_metrics(sample: Snapshot, query: str) -> None:
    view = View.from_query(query)
    found = stage_times(sample, view, days_of(sample, view))
    whole, parts = found.iloc[0], found.iloc[1:].set_index("department")
    assert pd.isna(whole["department"])
    for stage in STAGES:
        key = f"median_hours_to_{stage}"
        assert whole[f"{stage}_median"] == pytest.approx(compute(sample, (key,), view)["value"].item(), nan_ok=True)
        by = compute(sample, (key,), view, ("department",)).set_index("department")
        assert sorted(by.index) == sorted(parts.index)
        assert parts[f"{stage}_median"].tolist() == pytest.approx(by["value"].reindex(parts.index).tolist(), nan_ok=True)
        assert parts[f"{stage}_n"].tolist() == by["n"].reindex(parts.index).tolist()
    assert (found["dispose_p90"].dropna() >= found["dispose_median"].dropna()).all()
    assert parts["cases"].is_monotonic_decreasing
    assert parts["cases"].sum() == whole["cases"]
