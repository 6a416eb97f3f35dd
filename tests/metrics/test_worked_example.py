"""One month, many answers: the same 100 reports and 70 callbacks under the definitions different systems use.

100 reports on the as-of day: 60 closed on time, 10 closed late, 5 disposed on time and waiting for the check, 5 open and
overdue, 12 open and not due, 4 parked, 4 void. Of the 70 closed, 50 were called and 40 reached.
"""

from collections.abc import Iterator

import pytest

from dashboard.metrics.catalogue import catalogue
from dashboard.metrics.compute import compute
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.tables import small_warehouse

REPORTS = """
case                   | copies | status_code | closed_on  | is
closed on time         | 60     | closed      | 2026-09-20 | registered counted dispatched disposed closed due on_time on_time_original disposed_on_time
closed late            | 10     | closed      | 2026-09-25 | registered counted dispatched disposed closed due !on_time !on_time_original !disposed_on_time
waiting for the check  | 5      | checking    |            | registered counted dispatched disposed open due !on_time !on_time_original disposed_on_time
open and overdue       | 5      | processing  |            | registered counted dispatched open due open_overdue !on_time !on_time_original !disposed_on_time
open and not due       | 12     | processing  |            | registered counted dispatched open open_not_due !on_time !on_time_original !disposed_on_time
parked                 | 4      | parked      |            | registered parked
void                   | 4      | void        |            | registered void
"""

CALLBACKS = """
case                   | copies | closed_on  | satisfaction_code   | satisfaction_credit | solved_code | solved_credit | is
satisfied              | 30     | 2026-09-20 | satisfied           | 1                   | solved      | 1             | due attempted reached complete contacted
basically satisfied    | 6      | 2026-09-20 | basically_satisfied | 0.9                 | solved      | 1             | due attempted reached complete contacted
dissatisfied           | 4      | 2026-09-25 | dissatisfied        | 0                   | unsolved    | 0             | due attempted reached complete dissatisfied
not reached            | 10     | 2026-09-20 |                     |                     |             |               | due attempted
not called             | 20     | 2026-09-20 |                     |                     |             |               | due
"""

ANSWERS = {
    "closure_rate": 87.5,
    "closure_rate:all_tickets": 70.0,
    "closure_rate:without_void": 72.9,
    "closure_rate:without_parked": 76.1,
    "on_time_closure_rate": 75.0,
    "on_time_closure_rate:of_closed": 85.7,
    "on_time_closure_rate:late_vanishing": 92.3,
    "unclosed_rate": 26.0,
    "satisfaction_rate:strict": 75.0,
    "satisfaction_rate:credit_90": 88.5,
    "satisfaction_rate:lenient": 90.0,
    "satisfaction_rate:of_all_closed": 51.4,
    "satisfaction_rate:one_minus_dissatisfied": 94.3,
    "satisfaction_rate:worst_called": 72.0,
    "satisfaction_rate:best_called": 92.0,
    "satisfaction_rate:worst_closed": 51.4,
    "satisfaction_rate:best_closed": 94.3,
}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    warehouse = small_warehouse(tmp_path_factory.mktemp("month"), {"incident": REPORTS, "callback_case": CALLBACKS})
    yield warehouse.current()
    warehouse.close()


@pytest.mark.parametrize("key", ANSWERS)
def test_each_definition_gives_its_own_answer(month: Snapshot, key: str) -> None:
    value = compute(month, [key], View.from_query("?from=2026-09-01&to=2026-09-30"))["value"].item()
    assert round(100 * value, 1) == ANSWERS[key]


def test_the_answers_differ_by_configuration_only(month: Snapshot) -> None:
    """All of them in one call, in one scan a table: no definition is a special case in code."""
    frame = compute(month, list(ANSWERS), View.from_query("?from=2026-09-01&to=2026-09-30")).set_index("metric")["value"]
    assert {key: round(100 * value, 1) for key, value in frame.items()} == ANSWERS


def test_our_satisfaction_rate_uses_the_credit_of_the_reference_table(month: Snapshot) -> None:
    value = compute(month, ["satisfaction_rate"], View(period="all"))["value"].item()
    assert value == pytest.approx((30 + 6 * 0.9) / 40)


def test_every_answer_says_in_both_languages_what_it_divides_by() -> None:
    texts = [catalogue().metric(key).text(language).definition for key in ANSWERS for language in ("zh", "en")]
    assert all("÷" in text or "−" in text for text in texts)
