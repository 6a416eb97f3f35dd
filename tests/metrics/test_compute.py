"""What compute() promises beyond the definitions: nulls, withheld values, comparisons, trends, one scan a table."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dashboard.metrics.catalogue import UnknownMetric
from dashboard.metrics.compute import compare, compute, trend
from dashboard.metrics.dimensions import UnknownDimension
from dashboard.metrics.plan import plan
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.tables import small_warehouse

INCIDENTS = """
case          | copies | reported_on | closed_on  | community_code | category_code | is
north, closed | 6      | 2026-06-02  | 2026-06-03 | C01            | 01            | registered counted disposed closed due on_time
north, late   | 2      | 2026-06-09  | 2026-06-20 | C01            | 02            | registered counted disposed closed due !on_time
south, few    | 2      | 2026-06-10  | 2026-06-11 | C02            | 01            | registered counted disposed closed due on_time
west, void    | 3      | 2026-06-10  |            | C03            | 01            | void
before        | 9      | 2026-05-20  | 2026-05-21 | C01            | 01            | registered counted disposed closed due on_time
"""
JUNE = View.from_query("?from=2026-06-01&to=2026-06-30")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    warehouse = small_warehouse(tmp_path_factory.mktemp("town"), {"incident": INCIDENTS})
    yield warehouse.current()
    warehouse.close()


def test_nothing_to_divide_by_is_null_and_not_zero(town: Snapshot) -> None:
    frame = compute(town, ["on_time_closure_rate", "median_hours_to_close"], JUNE.replace(community=("C03",)))
    assert frame["value"].isna().all()
    assert frame["n"].tolist() == [0, 0]
    assert not frame["withheld"].any()


def test_too_few_cases_are_withheld_and_say_so(town: Snapshot) -> None:
    frame = compute(town, ["on_time_closure_rate"], JUNE, ["community"]).set_index("community")
    assert frame["value"]["C01"] == 0.75
    assert np.isnan(frame["value"]["C02"])
    assert frame["withheld"].to_dict() == {"C01": False, "C02": True, "C03": False}
    assert frame["n"].to_dict() == {"C01": 8, "C02": 2, "C03": 0}


def test_a_researcher_may_ask_for_withheld_values(town: Snapshot) -> None:
    frame = compute(town, ["on_time_closure_rate"], JUNE.replace(community=("C02",)), min_n=0)
    assert frame["value"].tolist() == [1.0]


def test_a_count_of_nothing_is_zero_inside_the_data_and_unknown_outside(town: Snapshot) -> None:
    assert compute(town, ["reported", "open_overdue"], View.from_query("?from=2026-07-01&to=2026-07-31"))["value"].tolist() == [
        0,
        0,
    ]
    assert compute(town, ["reported"], View.from_query("?from=2025-07-01&to=2025-07-31"))["value"].isna().all()
    assert compute(town, ["backlog"], View.from_query("?from=2027-07-01&to=2027-07-31"))["value"].isna().all()


def test_metrics_of_one_table_and_date_share_one_scan() -> None:
    keys = ("reported", "closure_rate", "closure_rate:all_tickets", "median_hours_to_close", "p90_hours_to_close", "rework_rate")
    made = plan(keys, ("community",), ())
    assert len(made.scans) == 1
    assert made.scans[0].sql.count("quantile_cont") == 1
    assert plan(keys, ("community",), ()) is made


def test_the_order_asked_for_is_the_order_given(town: Snapshot) -> None:
    keys = ["closure_rate", "reported", "backlog", "closed"]
    assert compute(town, keys, JUNE)["metric"].tolist() == keys


def test_previous_period_and_year_ago_beside_the_value(town: Snapshot) -> None:
    frame = compare(town, ["reported", "closure_rate"], JUNE).set_index("metric")
    assert frame["value"]["reported"] == 13
    assert frame["previous"]["reported"] == 9
    assert frame["previous"]["closure_rate"] == 1.0
    assert frame["previous_n"]["closure_rate"] == 9
    assert frame["year_ago"].isna().all(), "the data begins in 2026"


def test_previous_period_by_community(town: Snapshot) -> None:
    frame = compare(town, ["reported", "closure_rate"], JUNE, ["community"]).set_index(["metric", "community"])["previous"]
    assert frame["reported", "C01"] == 9
    assert frame["reported", "C02"] == 0, "no incident then is none"
    assert frame["closure_rate", "C01"] == 1.0
    assert np.isnan(frame["closure_rate", "C02"]), "and has no rate"


@pytest.mark.parametrize("query", ["", "?period=last_year&community=C03", "?from=2026-01-05&to=2026-09-20", "?period=this_month"])
@pytest.mark.parametrize("by", [(), ("community",), ("grid",)])
def test_comparing_is_computing_each_period(sample: Snapshot, query: str, by: tuple[str, ...]) -> None:
    """Whether in one query or, where the periods overlap, in several."""
    view = View.from_query(query)
    keys = ["reported", "on_time_closure_rate", "p90_hours_to_close", "backlog", "backlog_over_90_days", "incidents_per_fte"]
    dates = view.dates(sample.build.as_of, sample.build.data_from)
    found = compare(sample, keys, view, by).set_index([*by, "metric"])
    for name, days in (
        ("value", (dates.start, dates.end)),
        ("previous", (dates.previous_start, dates.previous_end)),
        ("year_ago", (dates.year_ago_start, dates.year_ago_end)),
    ):
        single = compute(sample, keys, view, by, days).set_index([*by, "metric"])["value"].reindex(found.index)
        both = found[name].notna() & single.notna()
        assert both.any()
        assert (found[name][both] == single[both]).all()


def test_a_trend_has_every_week_of_the_period(town: Snapshot) -> None:
    frame = trend(town, ["reported", "on_time_closure_rate"], JUNE)
    reported = frame[frame["metric"] == "reported"].set_index(frame[frame["metric"] == "reported"]["week"].dt.date)
    assert list(reported.index) == [date(2026, 6, day) for day in (1, 8, 15, 22, 29)]
    assert reported["value"].tolist() == [6, 7, 0, 0, 0]
    assert reported["is_partial"].tolist() == [False, False, False, False, True]
    rate = frame[frame["metric"] == "on_time_closure_rate"]["value"].tolist()
    assert rate[0] == 1.0
    assert np.isnan(rate[2]), "a week without incidents has no rate"


def test_the_day_of_the_export_is_not_over(town: Snapshot) -> None:
    frame = trend(town, ["reported"], View.from_query("?from=2026-11-14&to=2026-11-20"), step="day")
    assert frame["day"].dt.day.tolist() == [14, 15, 16], "no step begins after as-of"
    assert frame["is_partial"].tolist() == [False, False, True]


def test_a_trend_by_month_and_community(town: Snapshot) -> None:
    frame = trend(town, ["reported"], View.from_query("?from=2026-05-01&to=2026-06-30"), ["community"], step="month")
    assert len(frame) == 3 * 2
    assert frame.groupby("month")["value"].sum().tolist() == [9, 13]


def test_a_blank_group_comes_last(tmp_path: Path) -> None:
    text = "case | grid_id | is\na | G2@2026-01-01 | counted\nb | | counted\nc | G1@2026-01-01 | counted"
    warehouse = small_warehouse(tmp_path, {"incident": text})
    frame = compute(warehouse.current(), ["reported"], View(period="all"), ["grid"])
    assert frame["grid"].tolist()[:2] == ["G1@2026-01-01", "G2@2026-01-01"]
    assert frame["grid"].isna().tolist() == [False, False, True]
    warehouse.close()


def test_no_metric_and_no_dimension_are_clear_errors(town: Snapshot) -> None:
    with pytest.raises(UnknownMetric, match="没有指标 speed"):
        compute(town, ["speed"], JUNE)
    with pytest.raises(UnknownMetric, match="closure_rate:mine"):
        compute(town, ["closure_rate:mine"], JUNE)
    with pytest.raises(UnknownDimension, match="没有维度 colour"):
        compute(town, ["reported"], JUNE, ["colour"])
    with pytest.raises(UnknownDimension, match=r"core\.service_case"):
        compute(town, ["service_cases"], JUNE, ["category"])


def test_a_trend_by_group_of_nothing_has_no_rows_and_of_the_whole_every_week(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"incident": "case | is | reported_on\none | counted open | 2026-06-01"})
    view = View.from_query("?from=2026-06-08&to=2026-06-21")
    assert trend(warehouse.current(), ["on_time_closure_rate"], view, ["community"]).empty
    assert len(trend(warehouse.current(), ["on_time_closure_rate"], view)) == 2
    warehouse.close()
