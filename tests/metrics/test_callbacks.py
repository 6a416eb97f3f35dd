"""Specifications: callbacks, from due to complete, and what residents say. Unreached is neither satisfied nor dissatisfied."""

from pathlib import Path

import pytest

from dashboard.metrics.compute import compute
from dashboard.view import View
from tests.metrics.specification import check
from tests.tables import small_warehouse

REACHING = """
case                                | is                             | callbacks_due | callback_coverage | callback_reach_rate | callback_response_rate
complete                            | due attempted reached complete | 1             | 1/1               | 1/1                 | 1/1
hung up before the last question    | due attempted reached          | 1             | 1/1               | 1/1                 | 0/1
nobody answered                     | due attempted                  | 1             | 1/1               | 0/1                 | 0/1
not yet called                      | due                            | 1             | 0/1               | ·                   | 0/1
called though no callback was due   | attempted reached complete     | ·             | ·                 | 1/1                 | ·
"""

THREE_RATES = """
case                        | is                                                 | solved_code | solved_credit | satisfaction_code   | satisfaction_credit | contacted_rate | solved_rate | solved_rate:strict | solved_rate:lenient | satisfaction_rate | satisfaction_rate:strict | satisfaction_rate:credit_90 | satisfaction_rate:lenient | dissatisfied_rate
all well                    | due attempted reached complete contacted           | solved      | 1             | very_satisfied      | 1                   | 1/1            | 1/1         | 1/1                | 1/1                 | 1/1               | 1/1                      | 1/1                         | 1/1                       | 0/1
satisfied, partly solved    | due attempted reached complete contacted           | partly      | 0.5           | satisfied           | 1                   | 1/1            | 0.5/1       | 0/1                | 1/1                 | 1/1               | 1/1                      | 1/1                         | 1/1                       | 0/1
only basically satisfied    | due attempted reached complete contacted           | solved      | 1             | basically_satisfied | 0.8                 | 1/1            | 1/1         | 1/1                | 1/1                 | 0.8/1             | 0/1                      | 0.9/1                       | 1/1                       | 0/1
nobody got in touch         | due attempted reached complete dissatisfied        | unsolved    | 0             | dissatisfied        | 0                   | 0/1            | 0/1         | 0/1                | 0/1                 | 0/1               | 0/1                      | 0/1                         | 0/1                       | 1/1
furious                     | due attempted reached complete contacted dissatisfied | unsolved | 0             | very_dissatisfied   | 0                   | 1/1            | 0/1         | 0/1                | 0/1                 | 0/1               | 0/1                      | 0/1                         | 0/1                       | 1/1
hung up                     | due attempted reached                              |             |               |                     |                     | ·              | ·           | ·                  | ·                   | ·                 | ·                        | ·                           | ·                         | ·
nobody answered             | due attempted                                      |             |               |                     |                     | ·              | ·           | ·                  | ·                   | ·                 | ·                        | ·                           | ·                         | ·
not called                  | due                                                |             |               |                     |                     | ·              | ·           | ·                  | ·                   | ·                 | ·                        | ·                           | ·                         | ·
"""

BOUNDS = """
case                 | is                                                 | satisfaction_code   | satisfaction_rate:of_all_closed | satisfaction_rate:one_minus_dissatisfied | satisfaction_rate:worst_called | satisfaction_rate:best_called | satisfaction_rate:worst_closed | satisfaction_rate:best_closed | dissatisfied_rate:of_closed
satisfied            | due attempted reached complete contacted           | satisfied           | 1/                              | ·                                        | 1/1                            | 1/1                           | 1/                             | ·                             | ·
basically satisfied  | due attempted reached complete contacted           | basically_satisfied | 1/                              | ·                                        | 1/1                            | 1/1                           | 1/                             | ·                             | ·
dissatisfied         | due attempted reached complete dissatisfied        | dissatisfied        | ·                               | 1/                                       | 0/1                            | 0/1                           | ·                              | 1/                            | 1/
nobody answered      | due attempted                                      |                     | ·                               | ·                                        | 0/1                            | 1/1                           | ·                              | ·                             | ·
not called           | due                                                |                     | ·                               | ·                                        | ·                              | ·                             | ·                              | ·                             | ·
"""

CLOSED = """
case                 | is             | closed_on  | satisfaction_rate:of_all_closed | satisfaction_rate:one_minus_dissatisfied | satisfaction_rate:worst_closed | satisfaction_rate:best_closed | dissatisfied_rate:of_closed
satisfied            | counted closed | 2026-09-01 | /1                              | /1                                       | /1                             | /1                            | /1
basically satisfied  | counted closed | 2026-09-01 | /1                              | /1                                       | /1                             | /1                            | /1
dissatisfied         | counted closed | 2026-09-01 | /1                              | /1                                       | /1                             | /1                            | /1
nobody answered      | counted closed | 2026-09-01 | /1                              | /1                                       | /1                             | /1                            | /1
not called           | counted closed | 2026-09-01 | /1                              | /1                                       | /1                             | /1                            | /1
no callback due      | counted closed | 2026-09-01 | /1                              | /1                                       | /1                             | /1                            | /1
still open           | counted open   |            | ·                               | ·                                        | ·                              | ·                             | ·
"""

FOLLOWING_UP = """
case                               | is                                                                                             | second_round_rate | escalation_rate
satisfied at once                  | due attempted reached complete                                                                 | ·                 | ·
dissatisfied, not called again     | due attempted reached complete dissatisfied                                                    | 0/1               | ·
satisfied the second time          | due attempted reached complete dissatisfied second_round second_round_reached                  | 1/1               | ·
not reached the second time        | due attempted reached complete dissatisfied second_round                                       | 1/1               | ·
dissatisfied again, handed over    | due attempted reached complete dissatisfied second_round second_round_reached second_round_dissatisfied escalated | 1/1 | 1/1
dissatisfied again, forgotten      | due attempted reached complete dissatisfied second_round second_round_reached second_round_dissatisfied | 1/1      | 0/1
"""

SPECIFICATIONS = (
    {"callback_case": REACHING},
    {"callback_case": THREE_RATES},
    {"callback_case": BOUNDS, "incident": CLOSED},
    {"callback_case": FOLLOWING_UP},
    {"callback_case": "case | three_rate_composite | three_rate_composite:weights_30_35_35"},
)


def test_from_due_to_complete(tmp_path: Path) -> None:
    check(tmp_path, {"callback_case": REACHING})


def test_the_three_rates_are_taken_of_complete_callbacks(tmp_path: Path) -> None:
    check(tmp_path, {"callback_case": THREE_RATES})


def test_bounds_of_satisfaction(tmp_path: Path) -> None:
    check(tmp_path, {"callback_case": BOUNDS, "incident": CLOSED})


def test_second_round_and_escalation(tmp_path: Path) -> None:
    check(tmp_path, {"callback_case": FOLLOWING_UP})


def test_the_score_is_the_weighted_sum_of_the_three_rates(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"callback_case": THREE_RATES})
    keys = ["contacted_rate", "solved_rate", "satisfaction_rate", "three_rate_composite", "three_rate_composite:weights_30_35_35"]
    contacted, solved, satisfied, score, other = compute(warehouse.current(), keys, View(period="all"))["value"].tolist()
    assert (contacted, solved, satisfied) == pytest.approx((4 / 5, 2.5 / 5, 2.8 / 5))
    assert score == pytest.approx(100 * (0.1 * contacted + 0.5 * solved + 0.4 * satisfied))
    assert other == pytest.approx(100 * (0.30 * contacted + 0.35 * solved + 0.35 * satisfied))
    warehouse.close()


def test_no_complete_callback_gives_no_rate_and_no_score(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"callback_case": "case | is\nnobody answered | due attempted"})
    frame = compute(warehouse.current(), ["satisfaction_rate", "three_rate_composite"], View(period="all"))
    assert frame["value"].isna().all()
    assert frame["n"].tolist() == [0, 0]
    warehouse.close()
