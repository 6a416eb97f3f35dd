"""What a card fetches: its definition, its table, its files; and all rows of the list of cases."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from dashboard import fragments
from dashboard.access import LOCAL
from dashboard.app import create_app
from dashboard.exhibit import Exhibit
from dashboard.metrics.compute import compute
from dashboard.pages import PAGES, sketch, visit_of
from dashboard.pages.drawn import Later
from dashboard.reading.visit import Visit
from dashboard.settings import Settings
from dashboard.shell import Address
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse
from tests.trees import components, properties

Kept = dict[tuple[str, View], tuple[list[Any], dict[str, Exhibit]]]


@pytest.fixture(scope="module")
def kept() -> Kept:
    """The parts and exhibits the application has drawn of each page so far."""
    return {}


@pytest.fixture(scope="module")
def client(sample_warehouse: Warehouse, kept: Kept) -> Iterator[FlaskClient]:
    def sketch_and_keep(visit: Visit) -> tuple[str, list[Any]]:
        title, body = sketch(visit)
        parts: list[Any] = []
        kept[visit.path, visit.view] = parts, visit.exhibits

        def keep(part: Any) -> list[Any]:
            found = part.make() if isinstance(part, Later) else [part]
            parts.extend(found)
            return found

        return title, [Later(partial(keep, part)) for part in (body if isinstance(body, list) else [body])]

    app = create_app(Settings(data=sample_warehouse.directory.parent), sketch_and_keep)
    with app.server.test_client() as found:
        yield found


@pytest.mark.parametrize(
    "path",
    [
        page.path
        for page in PAGES
        if page.key not in ("questions", "evaluation", "reports", "cases", "data", "definitions", "methods", "research")
    ],
)
@pytest.mark.parametrize("query", ["", "?lang=en&community=C03"])
def test_every_chart_and_its_data_are_offered_in_all_forms(
    client: FlaskClient, kept: Kept, sample: Snapshot, path: str, query: str
) -> None:
    assert client.get(f"/exhibit/html/nothing{path}{query}").status_code == 404, "looked for in all parts of the page"
    visit = visit_of(sample, Address.of_url(path + query), LOCAL)
    body, exhibits = kept[visit.path, visit.view]
    cards = [c for c in components(body) if "card-box" in str(properties(c).get("className", ""))]
    with_chart = [c for c in cards if any("chart" in str(properties(p).get("className", "")).split() for p in components(c))]
    assert with_chart
    assert [properties(c) for c in with_chart if "data-exhibit" not in properties(c)] == []
    for name in exhibits:
        answers = {kind: client.get(f"/exhibit/{kind}/{name}{path}{query}") for kind in ("html", "csv", "xlsx")}
        assert {answer.status_code for answer in answers.values()} == {200}, name
        table = list(csv.reader(io.StringIO(answers["csv"].text.lstrip("\ufeff"))))
        book = CalamineWorkbook.from_filelike(io.BytesIO(answers["xlsx"].data))
        assert [str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]] == table[0], name
        assert answers["html"].text.count("<tr>") == len(table), name
        assert len(set(table[0])) == len(table[0]), (name, table[0])
        about = {row[0]: row[1] for row in book.get_sheet_by_index(1).to_python()}
        assert "2026-11-16 08:00" in about.values()
        assert sample.build.build_id in about.values()


def test_the_numbers_of_a_file_are_those_of_the_page(client: FlaskClient, sample: Snapshot) -> None:
    answer = client.get("/exhibit/csv/on_time_closure_rate-community/?period=this_year")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    wanted = compute(sample, ("on_time_closure_rate",), View(period="this_year"), ("community",))
    expected = {row.community: (row.numerator, row.denominator) for row in wanted.itertuples()}
    assert {row["社区编码"]: (float(row["分子"]), float(row["分母"])) for row in rows} == expected


def test_all_cases_go_into_a_file_in_their_order(client: FlaskClient, sample: Snapshot) -> None:
    address = '?metric=open_overdue&part=numerator&period=all&sort=reported_at&where={"title":["contains","路灯"]}'
    rows = list(csv.DictReader(io.StringIO(client.get("/cases.csv" + address).text.lstrip("\ufeff"))))
    (wanted,) = sample.rows("SELECT count(*) FROM core.incident WHERE is_open_overdue AND title LIKE '%路灯%'")
    assert len(rows) == wanted[0]
    assert rows == sorted(rows, key=lambda row: (row["上报时间"], row["编号"]))
    assert all("路灯" in row["标题"] for row in rows)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/cases.xlsx" + address).data))
    assert len(book.get_sheet_by_index(0).to_python()) == len(rows) + 1


def test_a_workbook_of_cases_says_what_it_leaves_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MOST_IN_XLSX", 10)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/cases.xlsx?period=all").data))
    assert len(book.get_sheet_by_index(0).to_python()) == 11
    assert re.search(r"共 [\d,]+ 行，本文件只含前 10 行", str(book.get_sheet_by_index(1).to_python()))


def test_definitions_come_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert "按期结案率" in client.get("/definition/on_time_closure_rate").text
    english = client.get("/definition/on_time_closure_rate?lang=en&community=C01").text
    assert "On-time" in english
    assert "community=C01" in english


@pytest.mark.parametrize(
    "path", ["/definition/nothing", "/exhibit/csv/nothing/", "/exhibit/exe/reported-category/", "/cases.exe", "/cases.csv?metric=x"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_build_is_told_to_pages_that_stay_open(client: FlaskClient, sample: Snapshot) -> None:
    answer = client.get("/build")
    assert json.loads(answer.text)["build"] == sample.build.build_id
    assert answer.headers["Cache-Control"] == "no-store"
