"""Departments: who was given what and came in time; every number leads to its cases, and what cannot be told says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dash import html

from dashboard.metrics.cases import cases_sql
from dashboard.metrics.compute import compute
from dashboard.pages.departments import COLUMNS
from dashboard.queries import Listing, answer_hours, case_page, dispatchers
from dashboard.queries.case_mix import case_mix
from dashboard.reading.fairness import fair
from dashboard.reading.visit import Visit, metric
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import links, seen, strings
from tests.pages.test_questions_page import anchors
from tests.tables import small_warehouse
from tests.trees import properties


def visited(snapshot: Snapshot, url: str) -> tuple[Visit, Any]:
    page = seen(snapshot, url)
    return page.visit, page.body


def tables(node: Any) -> list[list[list[str]]]:
    """The body of every table as texts, row by row."""
    if isinstance(node, html.Tbody):
        return [[["".join(strings(cell)) for cell in properties(row)["children"]] for row in properties(node)["children"]]]
    if isinstance(node, (list, tuple)):
        return [found for item in node for found in tables(item)]
    return tables(list(properties(node).values())) if hasattr(node, "to_plotly_json") else []


def names(snapshot: Snapshot, url: str) -> list[str]:
    """The departments of the large table, in its order."""
    return [row[0] for row in tables(visited(snapshot, url)[1])[-1]]


def test_every_department_stands_in_the_table_once_and_the_command_centre_last(sample: Snapshot) -> None:
    found = names(sample, "/departments")
    assert len(found) == len(set(found)) > 30
    assert dispatchers(sample) == {"D01"}
    assert found[-1] == "社会治理综合服务中心（派单方）"


def test_the_order_is_in_the_address(sample: Snapshot) -> None:
    url = "/departments?period=last_year"
    assert names(sample, url)[0] == "物业服务中心"
    assert names(sample, url + "&sort=assignments&order=up")[0] == "党建工作办公室"
    assert names(sample, url + "&sort=answered_in_time_rate&order=up")[0] == "交警中队"


def test_the_rate_at_equal_case_mix_stands_behind_the_rate_it_belongs_to(sample: Snapshot) -> None:
    visit, body = visited(sample, "/departments?period=all")
    place = COLUMNS.index("assignment_on_time_rate") + 2
    cells = {row[0]: row[place] for row in tables(body)[-1]}
    found = fair(visit, "assignment_on_time_rate", visit.numbers(COLUMNS, by=("department",)), "department").units.set_index(
        "label"
    )
    greenery = found.loc["园林绿化管理所"]
    assert cells["园林绿化管理所"] == f"{greenery['adjusted']:.1%}99–100%"
    assert cells["派出所"] == "—", "hardly anybody else has its cases"
    sheet = visit.exhibits["departments"].make()
    assert [field.name for field in sheet.fields[-3:]] == [
        "交办按期办完率 · 同等构成下",
        "交办按期办完率 · 同等构成下 · 95%下限",
        "交办按期办完率 · 同等构成下 · 95%上限",
    ]
    assert next(row[-3] for row in sheet.rows if row[0] == "园林绿化管理所") == greenery["adjusted"]
    mix = case_mix(sample, metric("assignment_on_time_rate"), visit.view, (visit.period.start, visit.period.end), "department")
    whole = visit.numbers(("assignment_on_time_rate",))
    assert (mix.events.sum(), mix.cases.sum()) == (whole["numerator"].iloc[0], whole["denominator"].iloc[0])


def test_a_department_can_be_seen_alone(sample: Snapshot) -> None:
    _, body = visited(sample, "/departments?department=D20")
    assert "交警中队：每周交办与办完" in list(strings(body))
    assert [row[0] for row in tables(body)[-1]] == ["交警中队"]


def test_every_number_of_the_table_leads_to_its_cases(sample: Snapshot) -> None:
    """The list shows incidents; there are as many as the assignments behind the number have."""
    view = View(period="last_month", department=("D22",))
    for key in COLUMNS:
        rows = cases_sql(key, "numerator", view, sample.build)
        page = case_page(sample, Listing(rows))
        expected = sample.rows(f"SELECT count(DISTINCT incident_id) FROM {rows.table} WHERE {rows.where}", list(rows.parameters))
        assert page.total == expected[0][0], key


def test_the_returns_of_a_pair_lead_to_as_many_cases(sample: Snapshot) -> None:
    visit, body = visited(sample, "/departments?period=last_year")
    pair = next(href for href in links(body) if "at.next_department=" in href)
    counted = compute(sample, ["return_rate"], visit.view, ["department", "next_department"])
    most = counted.sort_values("numerator", ascending=False).iloc[0]
    at = {"department": most["department"], "next_department": most["next_department"]}
    rows = cases_sql("return_rate", "numerator", visit.view, sample.build, at=at)
    assert sample.rows(f"SELECT count(*) FROM {rows.table} WHERE {rows.where}", list(rows.parameters)) == [(most["numerator"],)]
    assert "退单后转给" in "".join(strings(visited(sample, pair)[1]))


def test_open_and_overdue_agree_with_the_incidents(sample: Snapshot) -> None:
    ((opened, overdue),) = sample.rows(
        "SELECT count_if(NOT is_disposed AND is_counted), count_if(is_open_overdue) FROM core.incident"
    )
    found = compute(sample, ["open_assignments", "overdue_assignments"], View(period="all"))["value"].tolist()
    assert found[1] == overdue
    assert abs(found[0] - opened) <= 0.01 * opened


def test_where_no_export_records_signing_the_card_says_so(tmp_path: Path) -> None:
    rows = "case | is | department_code | assigned_on\none | done due on_time | D21 | 2026-11-02\n"
    warehouse = small_warehouse(tmp_path, {"assignment": rows})
    _, body = visited(warehouse.current(), "/departments")
    said = "\n".join(strings(body))
    assert "没有签收（接单、报到）记录" in said
    assert "没有部门手上有超期的交办" in said
    assert "统计期内没有退单" in said
    assert answer_hours(warehouse.current()) is None
    warehouse.close()


@pytest.mark.parametrize("lang", ["", "lang=en&"])
def test_the_time_to_sign_stands_above_the_numbers(sample: Snapshot, lang: str) -> None:
    assert answer_hours(sample) == 2.0
    said = "".join(strings(visited(sample, f"/departments?{lang}period=last_month")[1]))
    assert ("2 working hours" if lang else "签收时限 2 个工作小时") in said


def test_a_press_on_a_name_shows_that_department_alone(sample: Snapshot) -> None:
    _, body = visited(sample, "/departments")
    own = [properties(a)["href"] for a in anchors(body) if properties(a).get("children") == "交警中队"]
    assert own == ["/departments?department=D20"]
