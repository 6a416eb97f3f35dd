"""办结: the balance adds up on the page and behind its links; every card has its twin; stages, late cases, both deadlines."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dash.development.base_component import Component

from dashboard.i18n import text
from dashboard.metrics.cases import cases_sql
from dashboard.queries.stage_times import STAGES
from dashboard.reading.visit import Visit
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import seen, strings
from tests.trees import properties

VIEWS = ("", "?lang=en", "?period=this_year&community=C03", "?period=all", "?category=05&channel=hotline", "?period=last_month")
EXHIBITS = {"funnel", "balance", "ages", "stages", "lost", "deadlines"}


def drawn(snapshot: Snapshot, query: str) -> tuple[Visit, Any]:
    page = seen(snapshot, "/closure" + query)
    return page.visit, page.body


def parts(node: Any, name: str) -> list[Component]:
    """Components of a class, in their order."""
    found: list[Component] = []
    if isinstance(node, Component):
        own = properties(node)
        found += [node] if name in str(own.get("className", "")).split() else []
        found += parts(own.get("children"), name)
    elif isinstance(node, (list, tuple)):
        found += [part for item in node for part in parts(item, name)]
    return found


def terms(equation: Component) -> list[tuple[str, int, str]]:
    """Sign, number and address of each term."""
    found = []
    for term in parts(equation, "term"):
        sign = next(iter(strings(parts(term, "sign"))), "")
        number = properties(properties(term)["children"][-1] if sign else properties(term)["children"])["children"][1]
        found.append((sign, int(str(properties(number)["children"]).replace(",", "")), str(properties(number).get("href", ""))))
    return found


def sides(found: list[tuple[str, int, str]]) -> tuple[int, int]:
    *left, (equals, right, _) = found
    assert equals == "="
    return sum(-value if sign == "−" else value for sign, value, _ in left), right


@pytest.mark.parametrize("query", VIEWS)
def test_the_sums_on_the_page_add_up_and_their_links_list_as_many(sample: Snapshot, query: str) -> None:
    _, page = drawn(sample, query)
    stock, reported = (terms(equation) for equation in parts(page, "equation"))
    for found in (stock, reported):
        assert sides(found)[0] == sides(found)[1]
        for _, value, href in found:
            if href:
                address = urlsplit(href)
                asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                rows = cases_sql(asked["metric"], asked["part"], View.from_query("?" + address.query), sample.build)  # type: ignore[arg-type]
                assert sample.rows(f"SELECT count(*) FROM {rows.table} WHERE {rows.where}", rows.parameters)[0][0] == value
    assert all(href for sign, value, href in stock if value)
    assert stock[1][1] == reported[-1][1]


@pytest.mark.parametrize("query", VIEWS)
def test_every_card_has_a_table_twin(sample: Snapshot, query: str) -> None:
    here, page = drawn(sample, query)
    assert set(here.exhibits) >= EXHIBITS
    assert [card for card in parts(page, "card-box") if parts(card, "chart") and not parts(card, "tools")] == []
    for exhibit in here.exhibits.values():
        sheet = exhibit.make()
        assert sheet.rows, exhibit.id
        assert {len(row) for row in sheet.rows} == {len(sheet.fields)}, exhibit.id


def test_the_weeks_of_the_ledger_follow_on_each_other(sample: Snapshot) -> None:
    here, _ = drawn(sample, "?community=C01,C02")
    sheet = here.exhibits["balance"].make()
    weeks = [dict(zip((field.name for field in sheet.fields), row, strict=True)) for row in sheet.rows[1:]]
    assert len(weeks) == 26
    for earlier, later in pairwise(weeks):
        assert earlier["期末在办"] == later["期初在办"]
    for week in weeks:
        assert week["期初在办"] + week["新增需办"] - week["办结"] - week["结案日期缺失或早于上报"] == week["期末在办"]


def test_the_stages_twin_has_all_departments_with_both_quantiles(sample: Snapshot) -> None:
    here, _ = drawn(sample, "?period=all")
    sheet = here.exhibits["stages"].make()
    departments = sample.rows("SELECT count(DISTINCT department_code) FROM core.incident")[0][0]
    assert len(sheet.rows) == departments + 1
    assert len(sheet.fields) == 2 + 3 * len(STAGES)
    assert sheet.rows[0][0] == "全部"


def test_both_rates_and_their_distance_are_said(sample: Snapshot) -> None:
    here, page = drawn(sample, "")
    values = here.numbers(("on_time_closure_rate", "on_time_closure_rate_original"))["value"].tolist()
    said = " ".join(strings(page))
    assert f"{values[0]:.1%}" in said
    assert text("closure.gap", "zh", gap=f"{round(values[0] * 100, 1) - round(values[1] * 100, 1):.1f}") in said


def test_a_year_ago_is_a_pale_line_only_where_it_is_compared_with(sample: Snapshot) -> None:
    assert "去年同期" in " ".join(strings(drawn(sample, "?compare=year_ago")[1]))
    lines = [node for node in parts(drawn(sample, "")[1], "chart") if "去年同期" in " ".join(strings(node))]
    assert lines == []
    assert list(strings(drawn(sample, "?compare=year_ago&from=2023-12-01&to=2023-12-31")[1]))
