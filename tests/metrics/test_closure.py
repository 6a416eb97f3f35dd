"""Specifications: due, closed, on time, overdue. Every row is one state an incident can be in at the as-of moment."""

from pathlib import Path

from dashboard.metrics.compute import compute
from dashboard.view import View
from tests.metrics.specification import check
from tests.tables import small_warehouse

STATES = """
case                                  | is                                                                                 | status_code | due | closed | closure_rate | open_overdue | open_not_due
closed on time                        | registered counted disposed closed due on_time on_time_original disposed_on_time   | closed      | 1   | 1      | 1/1          | ·            | ·
closed late                           | registered counted disposed closed due !on_time !on_time_original !disposed_on_time | closed     | 1   | 1      | 1/1          | ·            | ·
closed without a deadline             | registered counted disposed closed due                                             | closed      | 1   | 1      | 1/1          | ·            | ·
disposed, waiting for the check       | registered counted disposed open due !on_time !on_time_original disposed_on_time   | checking    | 1   | ·      | 0/1          | ·            | ·
open past its deadline                | registered counted open due open_overdue !on_time !on_time_original !disposed_on_time | processing | 1  | ·      | 0/1          | 1            | ·
open within its deadline              | registered counted open open_not_due !on_time !on_time_original !disposed_on_time  | processing  | ·   | ·      | ·            | ·            | 1
open without a deadline               | registered counted open open_not_due                                               | processing  | ·   | ·      | ·            | ·            | 1
parked                                | registered parked                                                                  | parked      | ·   | ·      | ·            | ·            | ·
void                                  | registered void                                                                    | void        | ·   | ·      | ·            | ·            | ·
merged                                | registered duplicate                                                               | closed      | ·   | ·      | ·            | ·            | ·
settled on the spot                   | registered self_disposed                                                           | closed      | ·   | ·      | ·            | ·            | ·
not yet registered                    |                                                                                    | reported    | ·   | ·      | ·            | ·            | ·
"""

OTHER_CLOSURE_RATES = """
case                     | is                                 | status_code | closure_rate:all_tickets | closure_rate:without_void | closure_rate:without_parked | unclosed_rate
closed                   | registered counted closed due      | closed      | 1/1                      | 1/1                       | 1/1                         | 0/1
open, due or not         | registered counted open            | processing  | 0/1                      | 0/1                       | 0/1                         | 1/1
parked                   | registered parked                  | parked      | 0/1                      | 0/1                       | ·                           | 1/1
void                     | registered void                    | void        | 0/1                      | ·                         | ·                           | 0/1
not registered           | void                               | rejected    | 0/1                      | ·                         | ·                           | 0/1
not yet registered       |                                    | reported    | 0/1                      | 0/1                       | ·                           | 1/1
settled on the spot      | registered self_disposed           | closed      | 1/1                      | 1/1                       | 1/1                         | 0/1
merged, still open there | registered duplicate               | processing  | 0/1                      | 0/1                       | 0/1                         | 0/1
"""

TIMELINESS = """
case                                        | is                                                                        | on_time_closure_rate | on_time_closure_rate_original | on_time_disposal_rate | closed_late
closed within the original deadline         | counted disposed closed due on_time on_time_original disposed_on_time     | 1/1                  | 1/1                           | 1/1                   | ·
closed within the extended deadline only    | counted disposed closed due on_time !on_time_original disposed_on_time extended | 1/1            | 0/1                           | 1/1                   | ·
disposed on time, checked too late          | counted disposed closed due !on_time !on_time_original disposed_on_time   | 0/1                  | 0/1                           | 1/1                   | 1
closed late                                 | counted disposed closed due !on_time !on_time_original !disposed_on_time  | 0/1                  | 0/1                           | 0/1                   | 1
disposed on time, waiting for the check     | counted disposed open due !on_time !on_time_original disposed_on_time     | 0/1                  | 0/1                           | 1/1                   | ·
open past its deadline                      | counted open due open_overdue !on_time !on_time_original !disposed_on_time | 0/1                 | 0/1                           | 0/1                   | ·
open within its deadline                    | counted open open_not_due !on_time !on_time_original !disposed_on_time    | ·                    | ·                             | ·                     | ·
closed without a deadline                   | counted disposed closed due                                               | ·                    | ·                             | ·                     | ·
only the extended deadline is known         | counted disposed closed due on_time disposed_on_time                      | 1/1                  | ·                             | 1/1                   | ·
parked                                      | parked                                                                    | ·                    | ·                             | ·                     | ·
"""

OTHER_TIMELINESS = """
case                                    | is                                  | source_is_on_time | on_time_closure_rate:of_closed | on_time_closure_rate:late_vanishing | on_time_closure_rate:source_flag
closed on time                          | counted disposed closed due on_time | yes               | 1/1                            | 1/1                                 | 1/1
closed late                             | counted disposed closed due !on_time | no               | 0/1                            | ·                                   | 0/1
disposed, waiting for the check         | counted disposed open due !on_time  |                   | ·                              | 0/1                                 | ·
open past its deadline                  | counted open due open_overdue !on_time | no             | ·                              | ·                                   | 0/1
no deadline, flagged by the source      | counted disposed closed due         | yes               | 0/1                            | ·                                   | 1/1
not counted by us, flagged all the same | void                                | yes               | ·                              | ·                                   | 1/1
"""

DATED_BY_CLOSING = """
case                                 | is             | reported_on | closed_on  | closed:by_closing
reported and closed in the period    | counted closed | 2026-10-05  | 2026-10-07 | 1
carried over from before, closed now | counted closed | 2026-09-20  | 2026-10-01 | 1
closed after the period              | counted closed | 2026-10-30  | 2026-11-02 | ·
still open                           | counted open   | 2026-10-05  |            | ·
void, with a closing time            | void           | 2026-10-05  | 2026-10-06 | ·
"""

SPECIFICATIONS = (
    {"incident": STATES},
    {"incident": OTHER_CLOSURE_RATES},
    {"incident": TIMELINESS},
    {"incident": OTHER_TIMELINESS},
    {"incident": DATED_BY_CLOSING},
)


def test_due_and_closed(tmp_path: Path) -> None:
    check(tmp_path, {"incident": STATES})


def test_closure_rates_of_other_systems(tmp_path: Path) -> None:
    check(tmp_path, {"incident": OTHER_CLOSURE_RATES})


def test_closed_after_the_deadline_is_not_on_time(tmp_path: Path) -> None:
    check(tmp_path, {"incident": TIMELINESS})


def test_timeliness_of_other_systems(tmp_path: Path) -> None:
    check(tmp_path, {"incident": OTHER_TIMELINESS})


def test_closed_in_the_period_whenever_reported(tmp_path: Path) -> None:
    check(tmp_path, {"incident": DATED_BY_CLOSING}, View.from_query("?from=2026-10-01&to=2026-10-31"))


def test_one_more_late_closure_moves_our_rate_but_not_the_one_where_late_ones_vanish(tmp_path: Path) -> None:
    late = "case | copies | is\non time | 9 | counted disposed closed due on_time\nlate | {} | counted disposed closed due !on_time"
    keys = ["on_time_closure_rate", "on_time_closure_rate:late_vanishing"]
    values = []
    for count in (1, 2):
        warehouse = small_warehouse(tmp_path / str(count), {"incident": late.format(count)})
        values.append(compute(warehouse.current(), keys, View(period="all"))["value"].tolist())
        warehouse.close()
    assert values[0][0] > values[1][0]
    assert values[0][1] == values[1][1] == 1.0
