"""Filters of the list of cases: the same in the address, in the grid and in the rows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import LOCAL
from dashboard.pages import case_filters, visit_of
from dashboard.pages.cases import block, listing
from dashboard.queries import case_page
from dashboard.reading.visit import Visit
from dashboard.shell import Address
from dashboard.warehouse import Snapshot

ASKED = """
title           contains            路灯                   | title ILIKE '%路灯%'
title           notContains         路灯                   | title NOT ILIKE '%路灯%'
title           startsWith          北门                   | title LIKE '北门%'
title           blank               -                      | title IS NULL
incident_id     equals              sj2026111500002        | incident_id = 'SJ2026111500002'
community_code  contains            北门                   | community_code = (SELECT community_code FROM core.community WHERE name LIKE '%北门%')
community_code  notContains         社区                   | community_code = 'unmatched'
status_code     equals              已结案                 | status_code = 'closed'
status_code     equals              没有这种状态           | false
is_on_time      equals              按期                   | is_on_time
is_on_time      equals              超期                   | NOT is_on_time OR (closed_at IS NULL AND is_open_overdue)
is_on_time      equals              也许                   | false
hours_to_close  greaterThan         100                    | hours_to_close > 100
hours_to_close  inRange             10 20                  | hours_to_close BETWEEN 10 AND 20
hours_to_close  blank               -                      | hours_to_close IS NULL
due_at          equals              2026-10-01             | due_at::DATE = '2026-10-01'
due_at          inRange             2026-10-01 2026-10-07  | due_at::DATE BETWEEN '2026-10-01' AND '2026-10-07'
due_at          lessThan            2026-01-01             | due_at < '2026-01-01'
due_at          greaterThan         2026-11-10             | due_at::DATE > '2026-11-10'
""".strip().splitlines()


def visit(snapshot: Snapshot, where: object = None, sort: str = "") -> Visit:
    choices = {"where": json.dumps(where) if where else "", "sort": sort}
    address = Address.parse("/cases", "?period=all")
    return visit_of(snapshot, Address(address.path, address.view, choices), LOCAL)


@pytest.mark.parametrize("line", ASKED, ids=lambda line: " ".join(line.split("|")[0].split()))
def test_a_filter_leaves_the_rows_it_says(sample: Snapshot, line: str) -> None:
    asked, condition = (part.strip() for part in line.split("|"))
    column, kind, *values = asked.split()
    said = [kind, *(value for value in values if value != "-")]
    ((expected,),) = sample.rows(f"SELECT count(*) FROM core.incident WHERE {condition}")
    by_address = visit(sample, {column: said})
    assert case_page(sample, listing(by_address), limit=1).total == expected
    model = case_filters.to_grid(case_filters.parsed(json.dumps({column: said})))
    assert block(visit(sample), {"startRow": 0, "endRow": 1, "filterModel": model})["rowCount"] == expected


def test_sorting_by_the_address_and_by_the_grid_agree(sample: Snapshot) -> None:
    by_address = case_page(sample, listing(visit(sample, sort="-hours_to_close")), limit=30).frame["incident_id"].tolist()
    asked = {"startRow": 0, "endRow": 30, "sortModel": [{"colId": "hours_to_close", "sort": "desc"}]}
    assert [row["incident_id"] for row in block(visit(sample), asked)["rowData"]] == by_address


def test_pages_of_a_sorted_list_neither_miss_nor_repeat_a_row(sample: Snapshot) -> None:
    found = [
        row["incident_id"]
        for start in range(0, 600, 100)
        for row in block(
            visit(sample), {"startRow": start, "endRow": start + 100, "sortModel": [{"colId": "status_code", "sort": "asc"}]}
        )["rowData"]
    ]
    assert len(set(found)) == 600


@given(
    st.text()
    | st.recursive(st.none() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)).map(json.dumps)
)
def test_no_address_breaks_it(text: str) -> None:
    assert all(len(said) == 3 for said in case_filters.parsed(text).values())


@given(
    st.dictionaries(
        st.sampled_from(["title", "due_at", "hours_to_close", "community_code", "is_on_time"]),
        st.tuples(
            st.sampled_from(["contains", "equals", "inRange", "blank", "lessThan"]), st.text(max_size=20), st.text(max_size=20)
        ),
    )
)
def test_what_is_asked_may_be_nonsense_but_is_never_an_error(sample: Snapshot, where: dict[str, tuple[str, str, str]]) -> None:
    case_page(sample, listing(visit(sample, {name: list(said) for name, said in where.items()})), limit=1)
