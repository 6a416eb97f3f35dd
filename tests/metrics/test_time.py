"""Specifications: how long things take. A cell is the number of hours that enters the quantile."""

from pathlib import Path

from dashboard.view import View
from tests.metrics.specification import check

CLOSING = """
case                          | is             | hours_to_close | median_hours_to_close | p90_hours_to_close
closed within the hour        | counted closed | 0.5            | 0.5                   | 0.5
closed the next day           | counted closed | 20             | 20                    | 20
closed after a month          | counted closed | 700            | 700                   | 700
closed, times contradict      | counted closed |                | ·                     | ·
closed with day precision     | counted closed | 24             | 24                    | 24
still open                    | counted open   |                | ·                     | ·
settled on the spot in an hour | self_disposed | 1              | ·                     | ·
"""

BY_CLOSING = """
case                      | is             | hours_to_close | reported_on | closed_on  | median_hours_to_close:by_closing | p90_hours_to_close:by_closing
old case cleared in June  | counted closed | 2160           | 2026-03-01  | 2026-06-01 | 2160                             | 2160
reported and closed       | counted closed | 30             | 2026-06-10  | 2026-06-11 | 30                               | 30
reported, closed in July  | counted closed | 700            | 2026-06-10  | 2026-07-10 | ·                                | ·
"""

STAGES = """
case             | is                                          | hours_to_register | hours_to_dispatch | hours_to_dispose | hours_to_check | hours_to_archive | median_hours_to_register | median_hours_to_dispatch | median_hours_to_dispose | median_hours_to_check | median_hours_to_archive
closed           | registered dispatched disposed checked closed counted | 1               | 2                 | 30               | 4              | 5                | 1                        | 2                        | 30                      | 4                     | 5
being worked on  | registered dispatched counted               | 3                 | 4                 |                  |                |                  | 3                        | 4                        | ·                       | ·                     | ·
awaiting dispatch | registered counted                         | 2                 |                   |                  |                |                  | 2                        | ·                        | ·                       | ·                     | ·
"""

SPECIFICATIONS = ({"incident": CLOSING}, {"incident": BY_CLOSING}, {"incident": STAGES})


def test_hours_to_close_of_closed_incidents(tmp_path: Path) -> None:
    check(tmp_path, {"incident": CLOSING})


def test_hours_of_what_was_closed_in_the_period(tmp_path: Path) -> None:
    check(tmp_path, {"incident": BY_CLOSING}, View.from_query("?from=2026-06-01&to=2026-06-30"))


def test_hours_of_each_stage(tmp_path: Path) -> None:
    check(tmp_path, {"incident": STAGES})
