"""Nothing on any page is only to look at: every table and every chart stands in a card that gives its data away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dash_ag_grid
import pytest
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.downloads import to_csv, to_html, to_xlsx
from dashboard.pages import PAGES
from dashboard.pages.data_parts import PARTS
from dashboard.reading.links import case_href
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import Seen, seen
from tests.trees import properties

DRAWN_BY_HAND = {"strip", "panel-line"}
"""Charts that are no plots. Sparklines are left out: each repeats the history of the number it stands beside."""
ADDRESSES = [
    *(page.path for page in PAGES if page.path != "/data"),
    *(f"/data?part={part}" for part in PARTS),
    "/communities?pair=C01,C03",
    "/workload?what=service_cases",
    "/community/C03",
    *(
        f"{path}?chart=control"
        for path in ("/", "/closure", "/workload", "/satisfaction", "/service", "/departments", "/community/C03")
    ),
    "/questions?period=this_year",
]
EXCEPTIONS = {"/cases": {"AgGrid"}}
"""Has downloads of its own, of all rows under its filters and in its order: /cases.xlsx and /cases.csv."""


def things(node: Any, card: str = "") -> Iterator[tuple[str, str]]:
    """(what it is, id of the exhibit it stands in) of every table and chart in a tree."""
    if isinstance(node, Component):
        own = properties(node)
        card = own.get("data-exhibit", card)
        drawn = DRAWN_BY_HAND & set(str(own.get("className") or "").split())
        if isinstance(node, (html.Table, dcc.Graph, dash_ag_grid.AgGrid)) or drawn:
            yield (drawn.pop() if drawn else type(node).__name__), card
        yield from things(own.get("children"), card)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from things(item, card)


def a_case(sample: Snapshot) -> str:
    """A case with callbacks and steps."""
    sql = """SELECT incident_id FROM core.incident JOIN core.callback USING (incident_id) JOIN core.incident_step USING (incident_id)
             ORDER BY incident_id LIMIT 1"""
    return case_href(str(sample.rows(sql)[0][0]), View())


def opened(sample: Snapshot) -> list[str]:
    """Every page, with one of what its lists lead to."""
    finding = sorted(link for link in seen(sample, "/data?part=findings").links if "check=" in link)[:1]
    return [*ADDRESSES, a_case(sample), *finding]


def test_every_table_and_chart_of_every_page_can_be_downloaded(sample: Snapshot) -> None:
    met: set[str] = set()
    for address in opened(sample):
        found = list(things(seen(sample, address).body))
        bare = {what for what, card in found if not card}
        assert bare == EXCEPTIONS.get(address, set()), address
        met |= {what for what, _ in found}
    assert met == {"Table", "Graph", "AgGrid", *DRAWN_BY_HAND}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_cards_of_data_questions_and_a_case_give_away_is_whole(sample: Snapshot, lang: str) -> None:
    addresses = [address for address in opened(sample) if address.startswith(("/data", "/questions", "/case/"))]
    for address in addresses:
        page = seen(sample, f"{address}{'&' if '?' in address else '?'}lang={lang}")
        assert {card for _, card in things(page.body)} - {""} <= set(page.visit.exhibits), address
        for exhibit in page.visit.exhibits.values():
            sheet = exhibit.make()
            assert {len(row) for row in sheet.rows} <= {len(sheet.fields)}, exhibit.id
            assert len({field.name for field in sheet.fields}) == len(sheet.fields), exhibit.id
            assert "".join(to_csv(sheet)).count("\n") > len(sheet.rows)
            assert to_xlsx(exhibit.title, sheet, [], lang)
            assert "None" not in to_html(exhibit.title, sheet, lang)


def test_a_download_has_all_rows_where_the_page_shows_some(sample: Snapshot) -> None:
    """25 files a page and 12 questions: what is downloaded is neither cut."""
    files = rows(seen(sample, "/data?part=files"), "files")
    assert len(files) == sample.rows("SELECT count(*) FROM meta.file")[0][0]
    page = seen(sample, "/questions?period=this_year")
    assert len(rows(page, "questions")) >= sum(id.startswith("question-") for id in page.visit.exhibits)


def rows(page: Seen, id: str) -> list[Any]:
    """Of one exhibit of a page."""
    return list(page.visit.exhibits[id].make().rows)
