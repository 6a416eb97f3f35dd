"""Every page: it renders with data, with none and filtered, in both languages, and no text ever shows a missing value's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.access import LOCAL
from dashboard.metrics.cases import cases_sql
from dashboard.pages import PAGES, Drawn, draw, visit_of
from dashboard.pages.cases import block
from dashboard.reading.links import case_href, cases_href, page_href
from dashboard.reading.noise import verdict
from dashboard.reading.visit import Visit, metric
from dashboard.shell import Address, Entry, frame, navigation, shown
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.trees import properties

PATHS = [page.path for page in PAGES]
VIEWS = [
    "",
    "?lang=en",
    "?period=last_week",
    "?community=nobody&lang=en",
    "?period=this_year&community=C03",
    "?from=1990-01-01&to=1990-01-31",
    "?community=nobody",
    "?category=05&department=D07",
]
MISSING = re.compile(r"(?<![\w-])(nan|NaN|None|NaT|null|undefined|inf)(?![\w-])")


def visit(snapshot: Snapshot, url: str) -> Visit:
    return visit_of(snapshot, Address.of_url(url), LOCAL)


def strings(node: Any) -> Iterator[str]:
    """Every text a reader could see or hear in a tree of components, texts inside figures included; addresses left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Component):
        for name, value in properties(node).items():
            if name not in ("id", "href", "className", "style", "data", "config", "customdata"):
                yield from strings(value)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name not in ("customdata", "href", "function", "field"):
                yield from strings(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from strings(item)


def links(node: Any) -> Iterator[str]:
    """Every address in a tree of components and figures."""
    if isinstance(node, Component):
        yield from links(properties(node))
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in ("href", "customdata"):
                yield from _texts(value)
            else:
                yield from links(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from links(item)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


@dataclass(frozen=True)
class Seen:
    """A page as drawn."""

    visit: Visit
    title: str
    body: list[Any]

    @cached_property
    def strings(self) -> list[str]:
        return list(strings(self.body))

    @cached_property
    def links(self) -> list[str]:
        return list(links(self.body))


@lru_cache(maxsize=200)
def seen(snapshot: Snapshot, url: str) -> Seen:
    """The page at an address, all its parts, drawn once for all tests that look at it: they leave it as it is."""
    here = visit(snapshot, url)
    return Seen(here, *draw(here))


@pytest.mark.parametrize("query", VIEWS)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_renders_and_shows_no_missing_value_by_name(sample: Snapshot, path: str, query: str) -> None:
    page = seen(sample, path + query)
    assert page.title
    assert [s for s in page.strings if MISSING.search(s)] == []
    assert len(page.strings) > 3


@pytest.mark.parametrize("path", PATHS)
def test_english_pages_are_english(sample: Snapshot, path: str) -> None:
    """Names of communities, departments, grids, items and reasons are the town's own; everything else is translated."""
    own = {name for dimension in ("community", "department", "grid") for _, name in visit(sample, "/").codes(dimension)}
    columns = ("item", "centre", "service_window")
    own |= {str(v) for c in columns for (v,) in sample.rows(f"SELECT DISTINCT {c} FROM core.service_case WHERE {c} IS NOT NULL")}
    own |= {str(v) for (v,) in sample.rows("SELECT DISTINCT reason FROM core.callback WHERE reason IS NOT NULL")}
    own |= {
        str(v)
        for row in sample.rows("SELECT title, subcategory FROM core.incident ORDER BY reported_at DESC LIMIT 300")
        for v in row
        if v
    }
    own |= {"本平台口径", "中文", "镇域治理看板"}
    longest_first = sorted(own, key=len, reverse=True)

    def foreign(words: str) -> str:
        words = re.sub(r"\([\u4e00-\u9fff]+\)", "", words)  # a definition may give the Chinese term in brackets
        for name in longest_first:
            words = words.replace(name, "")
        return "".join(re.findall(r"[\u4e00-\u9fff]+", words))

    assert [s for s in set(seen(sample, path + "?lang=en").strings) if foreign(s)] == []


@pytest.mark.parametrize(
    "path",
    [path for path in PATHS if path not in ("/evaluation", "/reports", "/research", "/cases", "/data", "/definitions", "/methods")],
)
def test_every_link_to_cases_opens_a_list(sample: Snapshot, path: str) -> None:
    """A dozen of each page's links, evenly taken: the condition they name can be asked."""
    found = sorted({link for link in seen(sample, path).links if link.startswith("/cases?")})
    assert found
    for link in found[:: max(1, len(found) // 12)]:
        page = seen(sample, link)
        assert page.title == "工单", link
        assert "没有这个页面" not in page.strings, link


def test_a_tile_and_its_list_agree(sample: Snapshot) -> None:
    here = visit(sample, "/?period=this_year&community=C01")
    for key, part in (("reported", "numerator"), ("on_time_closure_rate", "denominator"), ("open_overdue", "numerator")):
        number = here.numbers((key,)).iloc[0]
        rows = cases_sql(key, "denominator" if part == "denominator" else "numerator", here.view, sample.build)
        listed = sample.rows(f"SELECT count(*) FROM {rows.table} WHERE {rows.where}", rows.parameters)[0][0]
        assert listed == number["denominator" if part == "denominator" else "value"]


def test_the_grid_gets_its_rows_in_blocks_in_words(sample: Snapshot) -> None:
    here = visit(sample, "/cases?period=all")
    first = block(here, {"startRow": 0, "endRow": 100, "sortModel": []})
    second = block(here, {"startRow": 100, "endRow": 200, "sortModel": []})
    assert len(first["rowData"]) == 100
    assert first["rowCount"] == sample.rows("SELECT count(*) FROM core.incident")[0][0]
    assert {row["incident_id"] for row in first["rowData"]}.isdisjoint(row["incident_id"] for row in second["rowData"])
    assert [value for row in first["rowData"] for value in row.values() if MISSING.search(str(value))] == []
    oldest = block(here, {"startRow": 0, "endRow": 1, "sortModel": [{"colId": "reported_at", "sort": "asc"}]})
    assert oldest["rowData"][0]["reported_at"] < first["rowData"][0]["reported_at"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_shows_its_stages_its_file_and_its_row(sample: Snapshot, lang: str) -> None:
    sql = "SELECT i.incident_id, i.file_row FROM core.incident i JOIN core.callback c USING (incident_id) WHERE c.is_escalated IS TRUE ORDER BY 1 LIMIT 1"
    incident_id, row = sample.rows(sql)[0]
    title, body = draw(visit(sample, case_href(incident_id, View(lang=lang))))
    found = list(strings(body))
    assert title == incident_id
    assert str(row) in found
    assert [s for s in found if MISSING.search(s)] == []


@pytest.mark.parametrize("state", ["is_open_overdue", "is_void", "is_parked", "NOT is_dispatched", "is_self_disposed"])
def test_cases_of_every_kind_render(sample: Snapshot, state: str) -> None:
    for (incident_id,) in sample.rows(f"SELECT incident_id FROM core.incident WHERE {state} ORDER BY 1 LIMIT 3"):
        _, body = draw(visit(sample, case_href(incident_id, View())))
        assert [s for s in strings(body) if MISSING.search(s)] == []


def test_what_does_not_exist_is_told_so(sample: Snapshot) -> None:
    assert "没有这个页面" in list(strings(draw(visit(sample, "/nowhere"))[1]))
    assert "当前数据中没有这个编号的工单。" in list(strings(draw(visit(sample, "/case/none"))[1]))
    for url in (
        "/cases?metric=nonsense",
        "/cases?at.nonsense=1",
        "/cases?metric=incidents_per_grid&part=denominator",
        "/cases?page=-3&part=x",
    ):
        assert list(strings(draw(visit(sample, url))[1]))


def test_links_carry_the_view() -> None:
    view = View(period="this_year", community=("C03",), lang="en")
    assert page_href("/closure", view) == "/closure?period=this_year&community=C03&lang=en"
    assert cases_href(view, "reported", at={"category": "05", "hour": 9}) == (
        "/cases?metric=reported&part=numerator&at.hour=9&period=this_year&community=C03&category=05&lang=en"
    )
    assert (
        cases_href(View(), "reported", at={"week": "2026-11-09"})
        == "/cases?metric=reported&part=numerator&from=2026-11-09&to=2026-11-15"
    )
    assert cases_href(View(), "reported", at={"grid": None}) == "/cases?metric=reported&part=numerator&at.grid="


def test_navigation_marks_the_page_and_keeps_the_filters() -> None:
    address = Address.of_url("/case/X1?community=C03")
    items = list(links(navigation(address, (Entry("/", "overview"), Entry("/cases", "cases")))))
    assert "/cases?community=C03" in items
    assert "/case/X1?community=C03&lang=en" in items


def test_an_address_keeps_a_pages_own_choices_apart_from_the_view() -> None:
    address = Address.parse("/communities/", "?metric=solved_rate&period=all&lang=en&at.grid=")
    assert (address.path, address.view.period, dict(address.choices)) == (
        "/communities",
        "all",
        {"metric": "solved_rate", "at.grid": ""},
    )


def test_the_frame_offers_every_filter(sample: Snapshot) -> None:
    here = visit(sample, "/?community=C03&category=05")
    parts = frame(
        Address.of_url("/?community=C03&category=05"), (Entry("/", "overview"),), here.period, here.options, "", sample.build.as_of
    )
    words = " ".join(strings(parts))
    assert all(word in words for word in ("期间", "社区", "工作内容", "部门", "清除全部"))
    assert shown(Address.of_url("/?community=C03"), here.period, "总览", sample.build, 0)["community"] == ["C03"]


def test_drawn_pages_are_kept_by_address_and_build(sample: Snapshot) -> None:
    count = [0]

    def counted(_: Visit) -> tuple[str, Any]:
        count[0] += 1
        return "", None

    drawn = Drawn(counted, size=2)
    for url in ("/", "/", "/closure", "/?lang=en", "/"):
        drawn.get(visit(sample, url))
    assert count[0] == 4  # the first was let go when the third came


@pytest.mark.parametrize(
    ("key", "value", "n", "before", "before_n", "expected"),
    [
        ("on_time_closure_rate", 0.95, 2000, 0.90, 2000, "better"),
        ("on_time_closure_rate", 0.85, 2000, 0.90, 2000, "worse"),
        ("on_time_closure_rate", 0.91, 100, 0.90, 100, "within"),
        ("rework_rate", 0.05, 2000, 0.10, 2000, "better"),
        ("open_overdue", 40, 40, 80, 80, "better"),
        ("open_overdue", 40, 40, 41, 41, "within"),
        ("reported", 40, 40, 80, 80, ""),
        ("on_time_closure_rate", None, 0, 0.9, 10, ""),
        ("median_hours_to_close", 10, 10, 20, 10, ""),
    ],
)
def test_only_a_change_beyond_chance_is_called_better_or_worse(
    key: str, value: float | None, n: int, before: float, before_n: int, expected: str
) -> None:
    assert verdict(metric(key), value, n, before, before_n) == expected


def test_a_filter_that_does_not_act_on_a_number_is_said(sample: Snapshot) -> None:
    def said(url: str) -> list[str]:
        return [text for text in seen(sample, url).strings if "不起作用或只作用于分子" in text]

    (workload,) = said("/workload?category=05")
    assert "“工作内容”" in workload
    assert "每网格每周事件数" in workload
    assert "上报数" not in workload
    assert said("/workload?community=C03") == []
    assert said("/closure?category=05&department=D07") == []
    assert len(said("/service?category=05")) == 1
