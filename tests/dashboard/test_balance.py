"""The ledger of open incidents: it balances, its entries are the metrics of those names, and every case behind it is listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.metrics.compute import compute
from dashboard.queries.balance import Balance, balances
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.tables import small_warehouse

# opened and closed around the week of 8–14 June
INCIDENTS = """
case                              | reported_on | closed_on  | is
open since May                    | 2026-05-20  |            | registered counted open
carried over, closed in the week  | 2026-06-02  | 2026-06-10 | registered counted closed
closed before the week            | 2026-06-02  | 2026-06-04 | registered counted closed
came and went                     | 2026-06-08  | 2026-06-08 | registered counted closed
came, closed later                | 2026-06-09  | 2026-06-20 | registered counted closed
came, still open                  | 2026-06-14  |            | registered counted open
closed, nobody knows when         | 2026-06-10  |            | registered counted closed
closed before it was reported     | 2026-06-11  | 2026-06-03 | registered counted closed
settled on the spot               | 2026-06-09  | 2026-06-09 | registered self_disposed
void                              | 2026-06-09  |            | registered void
settled on the spot, then merged  | 2026-06-12  |            | registered self_disposed duplicate
parked                            | 2026-06-12  |            | registered parked
not a case yet                    | 2026-06-13  |            |
"""
WEEK = date(2026, 6, 8), date(2026, 6, 14)
VIEWS = (
    "",
    "?period=all",
    "?period=this_year&community=C03",
    "?period=last_month&category=05",
    "?department=D21,D36&channel=hotline",
    "?from=2026-03-05&to=2026-03-05&level=town",
    "?community=nobody",
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    warehouse = small_warehouse(tmp_path_factory.mktemp("town"), {"incident": INCIDENTS})
    yield warehouse.current()
    warehouse.close()


def is_even(found: Balance) -> bool:
    stock = found.opening + found.taken - found.closed - found.undated == found.closing
    reported = found.taken + found.self_disposed + found.excluded - found.both + found.unregistered == found.reported
    return stock and reported


def test_a_week_by_hand(town: Snapshot) -> None:
    found = balances(town, View(), [WEEK])[0]
    assert (found.opening, found.taken, found.closed, found.undated, found.closing) == (2, 5, 2, 2, 3)
    assert (found.reported, found.self_disposed, found.excluded, found.both, found.unregistered) == (10, 2, 3, 1, 1)
    assert is_even(found)


def test_what_is_dated_before_its_report_is_taken_back_where_it_was_counted_closed(town: Snapshot) -> None:
    found = balances(town, View(), [(date(2026, 6, 1), date(2026, 6, 7))])[0]
    assert (found.opening, found.taken, found.closed, found.undated, found.closing) == (1, 2, 2, -1, 2)


@pytest.mark.parametrize("query", VIEWS)
def test_it_balances_and_says_what_the_metrics_say(sample: Snapshot, query: str) -> None:
    view = View.from_query(query)
    period = view.dates(sample.build.as_of, sample.build.data_from)
    days = period.start, period.end
    weeks = [(period.end - timedelta(days=7 * n + 6), period.end - timedelta(days=7 * n)) for n in range(12)][::-1]
    whole, *found = balances(sample, view, [days, *weeks])
    assert all(is_even(each) for each in (whole, *found))
    assert all(earlier.closing == later.opening for earlier, later in pairwise(found))
    for days_of, each in zip((days, *weeks), (whole, *found), strict=True):
        numbers = compute(sample, ("backlog", "closed:by_closing", "extension_rate", "reported"), view, (), days_of, min_n=0)
        values = numbers.set_index("metric")
        assert each.closing == values["value"]["backlog"]
        assert each.closed == values["value"]["closed:by_closing"]
        assert (each.taken, each.reported) == (values["n"]["extension_rate"], values["n"]["reported"])


def test_what_left_otherwise_is_what_its_links_list(sample: Snapshot) -> None:
    period = View().dates(sample.build.as_of, sample.build.data_from)
    found = balances(sample, View(), [(period.start, period.end)])[0]
    values = compute(sample, ("self_disposed_share", "exclusion_share"), View()).set_index("metric")["numerator"]
    assert (found.self_disposed, found.excluded) == (values["self_disposed_share"], values["exclusion_share"])


def test_no_incidents_balance_at_nothing(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"incident": "case | reported_on\na | 2026-01-05"})
    found = balances(warehouse.current(), View(community=("nobody",)), [WEEK])[0]
    assert (found.opening, found.closing, found.reported) == (0, 0, 0)
    warehouse.close()
