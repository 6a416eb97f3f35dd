"""Specifications: the service centres – promises, waiting, handling, ratings."""

from pathlib import Path

from tests.metrics.specification import check

CASES = """
case                         | is                                  | service_cases | on_promise_rate | rating_share | good_rating_rate
done in time, rated good     | done due on_promise rated rated_good | 1            | 1/1             | 1/1          | 1/1
done in time, rated poor     | done due on_promise rated           | 1             | 1/1             | 1/1          | 0/1
done too late, not rated     | done due !on_promise                | 1             | 0/1             | 0/1          | ·
open past the promise        | due !on_promise                     | 1             | 0/1             | ·            | ·
open within the promise      |                                     | 1             | ·               | ·            | ·
done, nothing was promised   | done                                | 1             | ·               | 0/1          | ·
"""

TIMES = """
case                     | is   | wait_minutes | hours_to_done | median_wait_minutes | p90_wait_minutes | median_handling_hours | p90_handling_hours
called at once           | done | 0            | 0.2           | 0                   | 0                | 0.2                   | 0.2
ordinary                 | done | 12           | 30            | 12                  | 12               | 30                    | 30
long queue, slow matter  | done | 75           | 480           | 75                  | 75               | 480                   | 480
came without a ticket    | done |              | 5             | ·                   | ·                | 5                     | 5
waited, not done yet     |      | 20           |               | 20                  | 20               | ·                     | ·
"""

KINDS = """
case                          | is   | promised_working_days | hours_to_done | median_handling_hours:at_once | p90_handling_hours:at_once | median_handling_hours:promised | p90_handling_hours:promised
at once                       | done | 0                     | 0.2           | 0.2                           | 0.2                        | ·                              | ·
at once, took a day           | done | 0                     | 24            | 24                            | 24                         | ·                              | ·
within a day                  | done | 1                     | 20            | ·                             | ·                          | 20                             | 20
within twenty days            | done | 20                    | 300           | ·                             | ·                          | 300                            | 300
promised, not done yet        |      | 5                     |               | ·                             | ·                          | ·                              | ·
nothing was promised          | done |                       | 7             | ·                             | ·                          | ·                              | ·
"""

SPECIFICATIONS = ({"service_case": CASES}, {"service_case": TIMES}, {"service_case": KINDS})


def test_promises_and_ratings(tmp_path: Path) -> None:
    check(tmp_path, {"service_case": CASES})


def test_waiting_and_handling(tmp_path: Path) -> None:
    check(tmp_path, {"service_case": TIMES})


def test_at_once_and_promised_items_apart(tmp_path: Path) -> None:
    check(tmp_path, {"service_case": KINDS})
