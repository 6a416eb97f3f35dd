"""便民服务: waiting by the hour, handling by the promise, and every number leads to its cases."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.metrics.cases import cases_sql
from dashboard.pages.drawn import made
from dashboard.pages.service import body
from dashboard.reading.links import PINNED
from dashboard.reading.visit import listed, metric
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_closure import parts
from tests.pages.test_pages import links, seen, strings, visit

EXHIBITS = ["course", "hours", "ratings", "waiting", "handling", "by_item", "by_centre", "by_service_window"]


@pytest.mark.parametrize("query", ["", "?lang=en", "?period=this_year&community=C03", "?from=2026-11-15&to=2026-11-15"])
def test_every_card_has_a_table_twin(sample: Snapshot, query: str) -> None:
    found = seen(sample, "/service" + query)
    here, page = found.visit, found.body
    assert [card for card in parts(page, "card-box") if parts(card, "chart") and not parts(card, "tools")] == []
    for exhibit in here.exhibits.values():
        sheet = exhibit.make()
        assert {len(row) for row in sheet.rows} <= {len(sheet.fields)}, exhibit.id
    if not query:
        assert set(EXHIBITS) <= set(here.exhibits)


def test_at_once_and_promised_items_are_told_apart(sample: Snapshot) -> None:
    here = seen(sample, "/service?period=all").visit
    sheet = here.exhibits["handling"].make()
    names = [field.name for field in sheet.fields]
    median = {row[0]: row[names.index(metric("median_handling_hours").text("zh").name)] for row in sheet.rows}
    whole = here.numbers(("median_handling_hours:at_once",))["value"].item()
    assert median["0"] == pytest.approx(whole)
    assert median["0"] < 1 < median["1"] < median["20"]


def test_the_cells_of_the_tables_list_the_cases_behind_them(sample: Snapshot) -> None:
    """A dozen of the cells, evenly taken: the list is as long as the number's n."""
    page = seen(sample, "/service")
    here = page.visit
    found = sorted(link for link in links(parts(page.body, "data")) if PINNED in link)
    for link in found[:: len(found) // 12]:
        query = urlsplit(link).query
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        at = {name.removeprefix(PINNED): value for name, value in asked.items() if name.startswith(PINNED)}
        numbers = here.numbers((asked["metric"],), tuple(at))
        for name, value in at.items():
            numbers = numbers[numbers[name].astype(str) == value]
        rows = cases_sql(asked["metric"], listed(metric(asked["metric"])), View.from_query("?" + query), sample.build, at=at)  # type: ignore[arg-type]
        assert sample.rows(f"SELECT count(*) FROM {rows.table} WHERE {rows.where}", rows.parameters)[0][0] == numbers["n"].item()


def test_windows_belong_to_their_centre_and_are_not_on_the_wall(sample: Snapshot) -> None:
    page = seen(sample, "/service").body
    assert any(" · " in said and "窗口" in said for said in strings(parts(page, "data")))
    here = visit(sample, "/service?wall=1")
    made(body(here))
    assert "by_service_window" not in here.exhibits
    assert "by_centre" in here.exhibits


def test_an_hour_of_few_cases_says_why_cards_are_empty(sample: Snapshot) -> None:
    """One centre's day: too few cases with a ticket in any hour, or with any promise."""
    (day, code), *_ = sample.rows(
        "SELECT applied_on, community_code FROM core.service_case GROUP BY ALL ORDER BY count(*), 1, 2 LIMIT 1"
    )
    said = seen(sample, f"/service?from={day}&to={day}&community={code}").strings
    assert "本期没有取号等候记录。" in said
    assert "本期没有登记承诺时限的办结件。" in said
