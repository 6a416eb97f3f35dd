"""A question and its answer: what may be asked, that the numbers are those of every page, and what is held."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.desk.deidentified import folder
from dashboard.metrics.catalogue import catalogue
from dashboard.metrics.compute import compute
from dashboard.metrics.plan import plan
from dashboard.research.numbers import MOST_METRICS, Question, answer, dimensions_of
from dashboard.research.protection import BASE, KEY, LEAST, LEAST_VALUES
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.tables import small_warehouse

WRONG = {
    "metrics= by=": "请先选择指标",
    "metrics=nonsense by=": "没有“nonsense”",
    "metrics=reported by=nonsense": "没有“nonsense”这个维度",
    "metrics=reported by=worker": "细分",
    "metrics=reported by=day": "细分",
    "metrics=service_cases,reported by=category": "工作内容",
    "metrics=service_cases by=service_window": "细分",
    "metrics=reported by=week,month": "只选一个",
    "metrics=reported by=community,category,channel,level": "最多按 3 个",
    "metrics=due,closed,reported,registered,dispatched,backlog,closure_rate,open_overdue,rework_rate by=": "最多看 8 个",
    "metrics=reported by=grid,category,week period=all": "缩短期间",
    "metrics=reported by= from=2031-01-01 to=2031-02-01": "没有数据",
}


@pytest.mark.parametrize("asked", WRONG)
def test_what_cannot_be_answered_is_said(sample: Snapshot, desk: Settings, asked: str) -> None:
    choices = dict(part.split("=") for part in asked.split(" "))
    view = View.from_query("&".join(f"{name}={value}" for name, value in choices.items()))
    found = answer(sample, desk, view, Question.of(choices))
    assert found.message is not None
    assert WRONG[asked] in found.message.zh
    assert found.message.en.isascii()
    assert found.frame.empty


@given(st.dictionaries(st.sampled_from(["metrics", "by"]), st.text(max_size=60)))
def test_no_address_is_an_error(choices: dict[str, str]) -> None:
    question = Question.of(choices)
    assert question.problem() is not None or question.metrics
    assert Question.of(question.choices()) == question


def test_dimensions_are_those_all_metrics_have_and_none_is_a_person() -> None:
    assert dimensions_of(["reported", "service_cases"]) == ("community", "week", "month", "dow", "hour")
    for key in catalogue().metrics:
        assert not {"worker", "service_window", "reason", "day"} & set(dimensions_of([key]))
        assert "week" in dimensions_of([key])
    assert dimensions_of([]) == dimensions_of(["nonsense"]) == ()


def test_every_metric_is_the_page_s_own_number_protected(sample: Snapshot, desk: Settings) -> None:
    keys = [*catalogue().metrics, *catalogue().variants]
    view = View(period="last_12_weeks", category=("01", "02", "03", "04", "05"))
    seen = 0
    for first in range(0, len(keys), MOST_METRICS):
        some = tuple(keys[first : first + MOST_METRICS])
        found = answer(sample, desk, view, Question(some, ("community",)))
        assert found.message is None
        exact = compute(sample, some, view, ("community",), min_n=0)
        both = exact.merge(found.frame, on=["community", "metric"], suffixes=("", "_shown"), validate="one_to_one")
        assert len(both) == len(exact)
        for row in both.to_dict("records"):
            _check_row(row)
        seen += int((both["held"] == "").sum())
    assert seen > 500


def _check_row(row: Mapping[Hashable, Any]) -> None:
    metric = catalogue().metric(row["metric"])
    exact = {name: float(row[name]) for name in ("value", "numerator", "denominator", "n")}
    shown = {name: float(row[f"{name}_shown"]) for name in exact}
    counted = ["n"] if metric.kind in ("quantile", "mean", "composite") else ["numerator", "n"]
    for name in counted:
        if not np.isnan(shown[name]):
            assert exact[name] >= LEAST, row
            assert shown[name] % BASE == 0, row
            assert metric.kind == "composite" or abs(shown[name] - exact[name]) < BASE, row
    if metric.kind == "rate_per" and not np.isnan(shown["denominator"]):
        assert shown["denominator"] == pytest.approx(exact["denominator"])
    if row["held"]:
        assert np.isnan(shown["value"]), row
    elif metric.kind == "quantile":
        assert exact["n"] >= LEAST_VALUES, row
        assert shown["value"] == pytest.approx(exact["value"], abs=0.5 * 10**-metric.decimals + 1e-9)
    elif metric.kind == "ratio":
        top, bottom = shown["numerator"], shown["denominator"]
        assert shown["value"] == pytest.approx(min(top / bottom, 1.0) if metric.unit == "percent" else top / bottom)


def test_a_table_has_all_cells_whatever_is_in_them(sample: Snapshot, desk: Settings) -> None:
    found = answer(
        sample,
        desk,
        View(period="last_12_weeks", community=("C01", "C12")),
        Question(("reported",), ("community", "category", "week")),
    )
    assert found.message is None
    frame = found.frame[found.frame["category"] != "unmatched"]
    sides = [frame[name].nunique() for name in found.question.by]
    assert sides[0] == 2
    assert sides[2] == 12
    assert len(frame) == np.prod(sides)
    full = compute(sample, ("reported",), View(community=("C01", "C12")), found.question.by)
    empty = len(frame) - len(full[full["category"] != "unmatched"])
    assert empty > 0, "some cells have no case, and look like those with one"
    assert (frame["held"] == "small").sum() > empty


def test_a_gap_in_the_records_holds_no_place_back(sample: Snapshot, desk: Settings) -> None:
    """The smallest community is not hidden for the sake of a handful of cases, or none, that have no community."""
    for metrics in (("due",), ("closure_rate",), ("service_cases",)):
        found = answer(sample, desk, View(period="last_12_weeks"), Question(metrics, ("community",))).frame
        communities = found[found["community"] != "unmatched"]
        assert len(communities) == 12
        assert (communities["held"] == "").all()


def test_grids_stand_only_in_their_own_community(sample: Snapshot, desk: Settings) -> None:
    found = answer(
        sample, desk, View(period="last_week", community=("C02",)), Question(("incidents_per_grid",), ("community", "grid"))
    )
    assert set(found.frame["community"]) == {"C02"}
    known = {code for (code,) in sample.rows("SELECT grid_id FROM core.grid WHERE community_code = 'C02'")}
    assert set(found.frame["grid"].dropna()) <= known
    assert len(found.frame) > 3


def test_full_time_equivalents_of_a_handful_of_workers_are_held(sample: Snapshot, desk: Settings) -> None:
    found = answer(sample, desk, View(period="last_12_weeks"), Question(("incidents_per_fte",), ("grid",))).frame
    assert found["denominator"].isna().all()
    assert (found["held"] != "").all()
    whole = answer(sample, desk, View(period="last_12_weeks"), Question(("incidents_per_fte",))).frame
    assert whole["denominator"].notna().all()


def test_the_same_cases_give_the_same_number_however_they_are_asked_for(sample: Snapshot, desk: Settings) -> None:
    """As a metric of its own, as the denominator of a rate, by filter, by dimension, in another period that holds no more."""

    def count(metric: str, column: str, view: View, by: tuple[str, ...] = (), **at: str) -> float:
        frame = answer(sample, desk, view, Question((metric,), by)).frame
        for name, value in at.items():
            frame = frame[frame[name] == value]
        (found,) = frame[column]
        return float(found)

    wide = View(period="last_12_weeks")
    for community in ("C03", "C07", "C11"):
        one = wide.replace(community=(community,))
        due = {
            count("due", "value", one),
            count("due", "numerator", wide, ("community",), community=community),
            count("closure_rate", "denominator", one),
            count("closure_rate", "denominator", wide, ("community",), community=community),
        }
        assert len(due) == 1
        closed = {count("closure_rate", "numerator", one), count("closed", "numerator", wide, ("community",), community=community)}
        assert all(number % BASE == 0 for number in closed)


def test_a_week_is_the_same_as_a_period_and_as_a_line(sample: Snapshot, desk: Settings) -> None:
    monday = date(2026, 9, 7)
    week = View(period="custom", start=monday, end=monday + timedelta(days=6))
    alone = answer(sample, desk, week, Question(("reported",), ("community",))).frame
    among = answer(sample, desk, View(period="last_12_weeks"), Question(("reported",), ("week", "community"))).frame
    among = among[among["week"] == pd.Timestamp(monday)]
    both = alone.merge(among, on="community", suffixes=("", "_among"), validate="one_to_one")
    shown = both[(both["held"] == "") & (both["held_among"] == "")]
    assert len(shown) > 5
    assert (shown["value"] == shown["value_among"]).all()


def test_a_second_build_of_the_same_rows_gives_the_same_numbers(
    sample_root_copy: tuple[Snapshot, Settings], sample: Snapshot, desk: Settings
) -> None:
    again, settings = sample_root_copy
    question = Question(("reported", "closure_rate", "satisfaction_rate"), ("community", "category"))
    first, second = (answer(snapshot, own, View(), question).frame for snapshot, own in ((sample, desk), (again, settings)))
    pd.testing.assert_frame_equal(first, second)


@pytest.fixture
def sample_root_copy(sample: Snapshot, desk: Settings, tmp_path: Path) -> tuple[Snapshot, Settings]:
    """Another build with the sample's rows in another order, and the same secret."""
    answer(sample, desk, View(), Question(("reported",)))
    folder(Settings(data=tmp_path)).mkdir()
    shutil.copy(folder(desk) / KEY, folder(Settings(data=tmp_path)) / KEY)
    warehouse = small_warehouse(tmp_path / "warehouse", {})
    warehouse.close()
    (file,) = (tmp_path / "warehouse").glob("*.duckdb")
    with duckdb.connect(str(file)) as connection:
        connection.execute("DELETE FROM meta.build")
        connection.execute(f"ATTACH '{desk.warehouse / sample.build.build_id}.duckdb' AS sample (READ_ONLY)")
        connection.execute("INSERT INTO meta.build SELECT * FROM sample.meta.build")
        for table, day in (("incident", "reported_on"), ("callback_case", "closed_on")):
            rows = f"FROM sample.core.{table} WHERE {day} >= DATE '2026-08-24'"
            connection.execute(f"INSERT INTO core.{table} {rows} ORDER BY random()")
    return warehouse.current(), Settings(data=tmp_path)


@pytest.fixture(scope="module")
def fingerprint() -> Iterator[Callable[[list[str]], int | None]]:
    """Of a set of incidents, as the plan has it computed."""
    made = plan(("reported",), (), (), with_sets=True)
    ((_, which),) = made.parts[0][1].sets[:1]
    expression = next(part for part in made.scans[which.scan].sql.partition(" FROM")[0].split(", ") if part.startswith("bit_xor"))
    with duckdb.connect() as connection:
        yield lambda cases: connection.execute(f"SELECT {expression} FROM (SELECT unnest(?) AS incident_id)", [cases]).fetchall()[
            0
        ][0]


@given(cases=st.sets(st.text("ab12", min_size=1), min_size=2, max_size=8), random=st.randoms(use_true_random=False))
def test_which_cases_are_counted_has_a_fingerprint_whatever_their_order(
    fingerprint: Callable[[list[str]], int | None], cases: set[str], random: Random
) -> None:
    ordered = sorted(cases)
    mixed = random.sample(ordered, len(ordered))
    assert fingerprint(mixed) == fingerprint(ordered)
    assert fingerprint(mixed[1:]) != fingerprint(ordered)


def test_pages_ask_for_no_fingerprints() -> None:
    assert all("md5" not in scan.sql for scan in plan(("reported", "closure_rate", "incidents_per_fte"), ("community",), ()).scans)


SPECIFIED = """
case            | copies | community_code | is
C01 closed      | 12     | C01            | registered counted due closed
C01 open        | 9      | C01            | registered counted due
C02 closed      | 20     | C02            | registered counted due closed
C02 open        | 2      | C02            | registered counted due
C03 closed      | 6      | C03            | registered counted due closed
C03 open        | 30     | C03            | registered counted due
C04 closed      | 4      | C04            | registered counted due closed
"""
HELD = """
    due 21 22 36 4 | closed 12 20 6 4 | closure rate
C01 complement     | -                | complement
C02 -              | -                | -
C03 -              | complement       | complement
C04 small          | small            | small
"""


def test_what_is_held_and_why(tmp_path: Path) -> None:
    snapshot = small_warehouse(tmp_path / "warehouse", {"incident": SPECIFIED}).current()
    view = View(period="custom", start=date(2026, 9, 1), end=date(2026, 9, 30))
    found = answer(snapshot, Settings(data=tmp_path), view, Question(("due", "closed", "closure_rate"), ("community",))).frame
    said = {place: " ".join(held or "-" for held in rows["held"]) for place, rows in found.groupby("community", sort=True)}
    lines = [line.replace("|", "").split() for line in HELD.strip().splitlines()[1:]]
    assert said == {place: " ".join(held) for place, *held in lines}
    rate = found[found["metric"] == "closure_rate"].set_index("community")
    assert np.isnan(rate["numerator"]["C03"])
    assert rate["denominator"]["C03"] in (35, 40)
    assert rate["value"]["C02"] == pytest.approx(min(rate["numerator"]["C02"] / rate["denominator"]["C02"], 1))


FORMER = """
case        | copies | community_code | grid_id | is
here        | 8      | C01            | now     |
once few    | 3      | C01            | few     |
once many   | 7      | C01            | many    |
gap         | 1      | C01            |         |
"""


def test_a_grid_of_former_days_stands_there_only_with_a_number_that_is_shown(tmp_path: Path) -> None:
    days = """
grid_id | from       | to
now     | 2026-09-01 | 2026-09-02
few     | 2026-01-02 | 2026-01-02
many    | 2026-01-02 | 2026-01-02
none    | 2026-01-02 | 2026-01-02
"""
    snapshot = small_warehouse(tmp_path / "warehouse", {"incident": FORMER, "grid_day": days}).current()
    view = View(period="custom", start=date(2026, 9, 1), end=date(2026, 9, 30))
    for metrics in (("reported",), ("reported", "closed")):
        found = answer(snapshot, Settings(data=tmp_path), view, Question(metrics, ("grid",))).frame
        assert set(found["grid"].fillna("")) == {"now", "many", ""}
