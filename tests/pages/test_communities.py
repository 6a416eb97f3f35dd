"""社区对比, two communities side by side, and one community's own page."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dashboard.metrics.compute import compute
from dashboard.pages.communities import COLUMNS
from dashboard.reading.difference import difference, indexed, rest_of
from dashboard.reading.visit import metric
from dashboard.shell import Address, Entry, navigation
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import MISSING, seen


def drawn(sample: Snapshot, url: str) -> tuple[list[str], dict[str, Any], set[str]]:
    page = seen(sample, url)
    return page.strings, page.visit.exhibits, set(page.links)


@pytest.mark.parametrize(
    ("key", "query"),
    [
        *((key, "") for key in COLUMNS),
        ("on_time_closure_rate", "&compare=year_ago"),
        ("reported", "&period=all"),
        ("solved_rate", "&period=last_week&lang=en"),
        ("incidents_per_1000_households", "&sort=change&order=up"),
    ],
)
def test_every_metric_is_shown_for_all_communities(sample: Snapshot, key: str, query: str) -> None:
    words, exhibits, found = drawn(sample, f"/communities?metric={key}{query}")
    assert [word for word in words if MISSING.search(word)] == []
    assert len(exhibits["one-metric"].make().rows) == len(exhibits["all-metrics"].make().rows) + 1
    assert any(link.startswith("/community/C01") for link in found)


def test_the_last_row_is_the_whole_town(sample: Snapshot) -> None:
    _, exhibits, _ = drawn(sample, "/communities")
    whole = compute(sample, ["on_time_closure_rate"], View()).iloc[0]
    last = exhibits["one-metric"].make().rows[-1]
    assert last[:3] == ["整体", whole["value"], whole["n"]]
    assert last[3] < whole["value"] < last[4]


def test_the_order_asked_for_is_kept_and_gaps_come_last(sample: Snapshot) -> None:
    rows = compute(sample, ["solved_rate"], View(), ["community"]).set_index("community")["value"]
    for order in ("", "up"):
        page = seen(sample, f"/communities?sort=value&order={order}&metric=solved_rate")
        count = len(page.visit.exhibits["all-metrics"].make().rows)
        named = [link.removeprefix("/community/") for link in page.links if link.startswith("/community/")][-2 * count : -count]
        values = [rows.get(code, math.nan) for code in named]
        known = [value for value in values if not math.isnan(value)]
        assert known == sorted(known, reverse=not order)
        assert not any(math.isnan(value) for value in values[: len(known)])


def test_the_newest_cases_are_not_compared_with_older_ones(sample: Snapshot) -> None:
    words, exhibits, _ = drawn(sample, "/communities?metric=open_overdue")
    assert any("与以前比不公平" in word for word in words)
    assert all(row[5] is None for row in exhibits["one-metric"].make().rows)


def test_two_communities_stand_side_by_side(sample: Snapshot) -> None:
    for lang in ("zh", "en"):
        words, exhibits, found = drawn(sample, f"/communities?pair=C01,C03&lang={lang}")
        assert {"pair", "pair-shares", "pair-weeks"} <= set(exhibits)
        assert [word for word in words if MISSING.search(word)] == []
    assert any("community=C03" in link and "metric=satisfaction_rate" in link for link in found)


@pytest.mark.parametrize("pair", ["", "C01", "C01,C01", "C01,nobody", "C01,C02,C03", ",,"])
def test_anything_but_two_communities_shows_no_pair(sample: Snapshot, pair: str) -> None:
    assert "pair" not in drawn(sample, f"/communities?pair={pair}")[1]


def row(value: float, n: float, numerator: float | None = None) -> dict[str, float]:
    return {"value": value, "numerator": value * n if numerator is None else numerator, "denominator": n, "n": n}


def test_a_difference_is_called_one_only_beyond_chance() -> None:
    share, load, hours = metric("on_time_closure_rate"), metric("incidents_per_grid"), metric("median_hours_to_close")
    assert difference(share, row(0.95, 500), row(0.85, 500)).verdict == "differs"
    assert difference(share, row(0.95, 20), row(0.85, 20)).verdict == "chance"
    assert difference(load, row(10, 50, 500), row(5, 50, 250)).verdict == "differs"
    assert difference(load, row(5.1, 10, 51), row(5, 10, 50)).verdict == "chance"
    assert difference(hours, row(10, 50), row(20, 50)).verdict == "unknown"
    assert difference(share, row(math.nan, 0), row(0.85, 500)).verdict == "unknown"


def test_all_others_are_the_whole_without_the_one(sample: Snapshot) -> None:
    keys = ["on_time_closure_rate", "satisfaction_rate", "solved_rate", "incidents_per_grid", "rework_rate"]
    whole, parts = compute(sample, keys, View(), min_n=0), compute(sample, keys, View(), ["community"], min_n=0)
    others = tuple(sorted(set(parts["community"]) - {"C05"}))
    rest = compute(sample, keys, View(community=others), min_n=0)
    for key in keys:
        found = rest_of(metric(key), indexed(whole, "metric")[key,], indexed(parts, "metric", "community")[key, "C05"])
        expected = indexed(rest, "metric")[key,]
        assert found["value"] == pytest.approx(expected["value"], rel=1e-9), key
        assert found["denominator"] == pytest.approx(expected["denominator"]), key


QUERIES = [
    "",
    "?lang=en",
    "?period=this_year&compare=year_ago",
    "?period=all",
    "?community=C02",
    "?category=05&department=D07",
    "?from=1990-01-01&to=1990-01-31",
    "?grid=nobody&channel=hotline",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("code", ["C01", "C12", "unmatched"])
def test_a_community_has_a_page(sample: Snapshot, code: str, query: str) -> None:
    page = seen(sample, f"/community/{code}{query}")
    assert page.title == page.visit.name("community", code)
    assert [word for word in page.strings if MISSING.search(word)] == []
    assert all(exhibit.make() for exhibit in page.visit.exhibits.values())


def test_the_numbers_of_the_page_are_the_communitys(sample: Snapshot) -> None:
    _, exhibits, found = drawn(sample, "/community/C05?community=C01")
    own = compute(sample, ["reported"], View(community=("C05",)))["value"].iloc[0]
    assert "/cases?metric=reported&part=numerator&community=C05" in found
    assert sum(row[2] for row in exhibits["grids"].make().rows if row[2] is not None) == own


def test_the_filter_bar_cannot_turn_a_community_into_another(sample: Snapshot) -> None:
    words, _, _ = drawn(sample, "/community/C05?community=C01")
    assert any(word.startswith("本页只看望湖里社区") for word in words)
    assert not any(word.startswith("本页只看") for word in drawn(sample, "/community/C05?community=C05")[0])


def test_the_oldest_overdue_cases_are_listed_by_deadline(sample: Snapshot) -> None:
    _, exhibits, found = drawn(sample, "/community/C05?period=all")
    rows = exhibits["oldest-overdue"].make().rows
    assert 1 <= len(rows) <= 10
    assert [row[5] for row in rows] == sorted(row[5] for row in rows)
    assert any(link.startswith(f"/case/{rows[0][0]}") for link in found)


def test_an_unknown_community_is_not_found(sample: Snapshot) -> None:
    page = seen(sample, "/community/nobody")
    assert page.title == "没有这个页面"
    assert "没有这个页面" in page.strings


def test_the_way_back_leads_over_all_communities(sample: Snapshot) -> None:
    address = Address.of_url("/community/C05?period=this_year")
    assert "/communities?period=this_year" in seen(sample, "/community/C05?period=this_year").links
    marked = navigation(address, (Entry("/", "overview"), Entry("/communities", "communities")))
    assert "'aria-current': 'page'" in str([item.to_plotly_json() for item in _anchors(marked)])


def _anchors(node: Any) -> list[Any]:
    if isinstance(node, (list, tuple)):
        return [found for item in node for found in _anchors(item)]
    if not hasattr(node, "children"):
        return []
    return ([node] if getattr(node, "href", None) == "/communities?period=this_year" else []) + _anchors(node.children)
