"""总览: tiles with two changes and one verdict, what stands overdue now and stood before, every chart with its data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from dashboard.access import LOCAL
from dashboard.components.sparkline import sparkline
from dashboard.components.tile import tile
from dashboard.i18n.numbers import between, change, change_parts, compact
from dashboard.metrics.compute import compute
from dashboard.pages import visit_of
from dashboard.queries.overdue_past import WEEK, overdue_at, overdue_piles
from dashboard.reading.control import controlled
from dashboard.reading.courses import compared, overdue_now
from dashboard.reading.readings import Change, Reading
from dashboard.reading.visit import Visit, metric
from dashboard.shell import Address
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import seen, strings
from tests.tables import small_warehouse
from tests.trees import properties

STANDING = """
case                            | is                                          | due_at              | disposed_at         | community_code | category_code | department_code
overdue since September         | counted open open_overdue due !disposed_on_time | 2026-09-30 18:00:00 |                     | C01            | 05            | D01
disposed late, in November      | counted open due disposed !disposed_on_time | 2026-10-01 18:00:00 | 2026-11-10 09:00:00 | C01            | 05            | D02
disposed late, before the week  | counted open due disposed !disposed_on_time | 2026-10-01 18:00:00 | 2026-11-08 09:00:00 | C01            | 06            | D02
disposed in time                | counted open due disposed disposed_on_time  | 2026-10-01 18:00:00 | 2026-10-01 09:00:00 | C01            | 05            | D02
disposed, nobody knows when     | counted open due disposed                   | 2026-10-01 18:00:00 |                     | C01            | 05            | D02
overdue since yesterday         | counted open open_overdue due !disposed_on_time | 2026-11-15 18:00:00 |                     | C01            | 05            | D03
overdue since yesterday, again  | counted open open_overdue due !disposed_on_time | 2026-11-15 18:00:00 |                     | C01            | 05            | D03
not due yet                     | counted open open_not_due                   | 2026-11-30 18:00:00 |                     | C01            | 05            | D01
elsewhere                       | counted open open_overdue due !disposed_on_time | 2026-11-15 18:00:00 |                     | C02            | 05            | D01
"""


def visit(snapshot: Snapshot, url: str) -> Visit:
    return visit_of(snapshot, Address.of_url(url), LOCAL)


def test_large_counts_are_shortened_and_said_in_full() -> None:
    assert compact(99_999, "count", 0, "zh") == ("99,999", "件")
    assert compact(123_456, "count", 0, "zh") == ("12.3", "万件")
    assert compact(123_456_789, "count", 0, "zh") == ("1.23", "亿件")
    assert compact(123_456, "count", 0, "en") == ("123.5k", "cases")
    assert compact(1_234_567, "count", 0, "en") == ("1.23M", "cases")
    assert compact(None, "count", 0, "zh")[0] == "—"
    words = list(strings(tile(Reading(metric("reported"), 123_456), View())))
    assert "123,456 件" in words
    assert any("123,456 件" in word for word in words if "查看工单" in word)


def test_ranges_and_changes_in_one_unit() -> None:
    assert between(17, 42, "count", 0, "zh") == "17–42"
    assert between(0.88, 0.925, "percent", 1, "zh") == "88.0%–92.5%"
    assert between(26.11, 53.0, "hours", 1, "zh") == "26.1–53.0 小时"
    assert between(48, 96, "hours", 1, "en") == "2.0–4.0 days"
    assert change_parts(0.92, 0.9, "percent", 1, "zh") == ("+2.0", "个百分点")
    assert change_parts(1, 0, "count", 0, "zh") == ("—", "")
    assert change(80, 100, "count", 0, "zh") == "−20.0%"


def test_a_tile_says_both_changes_and_one_verdict_from_its_weeks() -> None:
    weeks = pd.DataFrame({"week": pd.date_range("2026-05-18", periods=26, freq="7D"), "denominator": 200.0})
    weeks["value"] = [0.9, 0.91] * 11 + [0.98] * 4
    weeks["numerator"] = weeks["value"] * 200
    key = "on_time_closure_rate"
    changes = [Change("previous", 0.90), Change("year_ago", 0.93)]
    reading = Reading(metric(key), 0.925, 2000, changes, weeks["value"].tolist(), controlled(metric(key), weeks))
    words = list(strings(tile(reading, View())))
    assert [word for word in words if word in ("环比", "同比", "+2.5", "−0.5", "最近 4 周向好", "n = 2,000")] == [
        "环比", "+2.5", "同比", "−0.5", "最近 4 周向好", "n = 2,000"
    ]  # fmt: skip
    (rule,) = [word for word in words if "控制限" in word]
    assert rule.startswith("26 周中心 91.7%，控制限 85.8%–97.5%，最新 98.0%；")
    assert "第43周" in rule
    english = list(strings(tile(reading, View(lang="en"))))
    assert "Last 4 weeks: better" in english


def test_a_sparkline_is_small_and_of_whole_numbers() -> None:
    drawn = sparkline([value / 7 for value in range(60)], "")
    assert drawn is not None
    heights = [int(height) for height in properties(drawn)["data-points"].split(" ")]
    assert (len(heights), heights[0], heights[-1]) == (26, 0, 26)
    gappy = sparkline([1, None, 3, 2], "")
    assert gappy is not None
    assert properties(gappy)["data-points"] == "0 . 26 13"
    assert sparkline([1, None, 2], "") is None


def test_what_stood_overdue_is_counted_back(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"incident": STANDING})
    snapshot = warehouse.current()
    as_of = snapshot.build.as_of
    moments = [datetime(2026, 9, 30, 18), datetime(2026, 10, 2), as_of - WEEK, as_of]
    assert overdue_at(snapshot, View(), moments) == [0, 3, 2, 4]
    assert overdue_at(snapshot, View(community=("C02",)), moments) == [0, 0, 0, 1]
    (pile,) = overdue_piles(snapshot, View(), least=2, top=5, weeks=3)
    assert (pile.community, pile.category, pile.count, pile.department, pile.department_count) == ("C01", "05", 3, "D03", 2)
    assert pile.before == (2, 2, 2)
    warehouse.close()


@pytest.mark.parametrize("url", ["/", "/?community=C03", "/?period=last_year", "/?category=05&department=D07"])
def test_what_is_overdue_now_is_the_metric_over_the_whole_time(sample: Snapshot, url: str) -> None:
    here = visit(sample, url)
    reading = overdue_now(here, compared(here))
    number = compute(sample, ("open_overdue",), here.view.replace(period="all")).iloc[0]["value"]
    assert reading.value == number
    assert f"共 {number:,.0f} 条" in " ".join(seen(sample, reading.href).strings) or number == 0


@pytest.mark.parametrize(
    ("query", "kinds"),
    [("", ("previous", "year_ago")), ("?period=this_year", ("previous",)), ("?period=last_year&compare=year_ago", ("year_ago",))],
)
def test_two_comparisons_that_are_one_are_said_once(sample: Snapshot, query: str, kinds: tuple[str, ...]) -> None:
    here = visit(sample, "/" + query)
    assert compared(here) == kinds
    assert tuple(change.kind for change in overdue_now(here, compared(here)).changes) == kinds


def test_overdue_in_the_past_in_pandas(sample: Snapshot) -> None:
    frame = sample.query("SELECT due_at, disposed_at, closed_at, is_disposed, is_disposed_on_time FROM core.incident")
    late = frame[frame["is_disposed_on_time"].eq(False).fillna(False)]
    until = late["disposed_at"].fillna(late["closed_at"])
    for weeks in (0, 3, 12):
        moment = pd.Timestamp(sample.build.as_of - weeks * WEEK)
        expected = ((late["due_at"] < moment) & (~late["is_disposed"] | (until > moment))).sum()
        assert overdue_at(sample, View(), [moment.to_pydatetime()]) == [expected]


@pytest.mark.parametrize("url", ["/", "/?lang=en&compare=year_ago"])
def test_every_chart_of_the_overview_carries_its_data(sample: Snapshot, url: str) -> None:
    page = seen(sample, url)
    here = page.visit
    assert set(here.exhibits) == {"flow-week", "on-time-week", "on_time_closure_rate-community", "reported-category"}
    assert all(exhibit.make().rows for exhibit in here.exhibits.values())
    assert any("period=all" in link for link in page.links)
