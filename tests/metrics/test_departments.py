"""Specifications: what departments are given, whether they come, and what becomes of it."""

from pathlib import Path

from dashboard.metrics.compute import compute, trend
from dashboard.view import View
from tests.metrics.specification import check
from tests.tables import small_warehouse

JUNE = View.from_query("?from=2026-06-01&to=2026-06-30")

ANSWERING = """
case                            | is                    | hours_to_answer | assignments | answered_in_time_rate | median_hours_to_answer | p90_hours_to_answer
signed for in time              | accepted_in_time      | 0.5             | 1           | 1/1                   | 0.5                    | 0.5
signed for late                 | !accepted_in_time     | 5.0             | 1           | 0/1                   | 5.0                    | 5.0
not signed for, late            | !accepted_in_time     |                 | 1           | 0/1                   | ·                      | ·
not signed for, still in time   |                       |                 | 1           | ·                     | ·                      | ·
the export records no signing   |                       | 9.0             | 1           | ·                     | ·                      | ·
"""

RETURNING = """
case                                  | is           | assignments | return_rate
kept                                  | !returned    | 1           | 0/1
sent back                             | returned     | 1           | 1/1
an incident without exported steps   |              | 1           | ·
"""

FINISHING = """
case                            | is                | hours_to_done | assignment_on_time_rate | median_hours_to_finish | p90_hours_to_finish
finished in time                | done due on_time  | 8.0           | 1/1                     | 8.0                    | 8.0
finished late                   | done due !on_time | 80.0          | 0/1                     | 80.0                   | 80.0
not finished, overdue           | due !on_time open open_overdue |  | 0/1                     | ·                      | ·
not finished, not due           | open              |               | ·                       | ·                      | ·
finished, nobody knows when     | done due          |               | ·                       | ·                      | ·
given after the deadline        | done              | 3.0           | ·                       | 3.0                    | 3.0
returned                        | returned          |               | ·                       | ·                      | ·
"""

IN_JUNE = """
case                        | is                | assigned_on | ended_on   | assignments | finished_assignments | open_assignments | overdue_assignments
finished the same month     | done              | 2026-06-02  | 2026-06-20 | 1           | 1                    | ·                | ·
given before, finished then | done              | 2026-05-02  | 2026-06-20 | ·           | 1                    | ·                | ·
finished afterwards         | done              | 2026-06-02  | 2026-07-01 | 1           | ·                    | 1                | ·
finished on the last day    | done              | 2026-06-02  | 2026-06-30 | 1           | 1                    | ·                | ·
open                        | open              | 2026-06-30  |            | 1           | ·                    | 1                | ·
open for long               | open open_overdue | 2026-01-02  |            | ·           | ·                    | 1                | 1
given afterwards            | open open_overdue | 2026-07-01  |            | ·           | ·                    | ·                | ·
returned                    | returned          | 2026-06-02  | 2026-06-03 | 1           | ·                    | ·                | ·
finished, nobody knows when | done              | 2026-06-02  |            | 1           | ·                    | ·                | ·
of a void incident          |                   | 2026-06-02  |            | 1           | ·                    | ·                | ·
"""

SPECIFICATIONS = ({"assignment": ANSWERING}, {"assignment": RETURNING}, {"assignment": FINISHING}, {"assignment": IN_JUNE})


def test_answering(tmp_path: Path) -> None:
    check(tmp_path, {"assignment": ANSWERING})


def test_returning(tmp_path: Path) -> None:
    check(tmp_path, {"assignment": RETURNING})


def test_finishing(tmp_path: Path) -> None:
    check(tmp_path, {"assignment": FINISHING})


def test_given_finished_and_in_hand_at_the_end_of_june(tmp_path: Path) -> None:
    check(tmp_path, {"assignment": IN_JUNE}, JUNE)


def test_a_filter_holds_for_what_is_open(tmp_path: Path) -> None:
    """Open or ended: a condition with OR must not let the filters by."""
    cases = """
case             | copies | community_code | assigned_on | ended_on | is
north, in hand   | 2      | C01            | 2026-06-02  |          | open
south, in hand   | 3      | C02            | 2026-06-02  |          | open
"""
    warehouse = small_warehouse(tmp_path, {"assignment": cases})
    view = JUNE.replace(community=("C01",))
    assert compute(warehouse.current(), ["open_assignments"], view)["value"].tolist() == [2]
    assert trend(warehouse.current(), ["open_assignments"], view)["value"].tolist()[-1] == 2
    warehouse.close()
