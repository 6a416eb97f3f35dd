"""Specifications: what is reported, registered, dispatched, and what leaves the pipeline."""

from pathlib import Path

from tests.metrics.specification import check

REGISTERING = """
case                       | is                              | reported | registered | registration_rate | registration_rate:all_reports | dispatched
just reported              |                                 | 1        | ·          | 0/1               | 0/1                           | ·
registered, waiting        | registered counted              | 1        | 1          | 1/1               | 1/1                           | ·
dispatched                 | registered dispatched counted   | 1        | 1          | 1/1               | 1/1                           | 1
not registered             | void                            | 1        | ·          | 0/1               | 0/1                           | ·
void after registration    | registered void                 | 1        | 1          | 1/1               | 1/1                           | ·
merged before registration | duplicate                       | 1        | ·          | ·                 | 0/1                           | ·
merged after registration  | registered duplicate            | 1        | 1          | ·                 | 1/1                           | ·
settled on the spot        | registered self_disposed        | 1        | 1          | 1/1               | 1/1                           | ·
"""

DISPATCHING = """
case                       | is                                                    | accurate_dispatch_rate | accurate_dispatch_rate:minus_rework
right department at once   | registered dispatched counted accurately_dispatched   | 1/1                    | 1/1
sent on to another one     | registered dispatched counted !accurately_dispatched  | 0/1                    | 1/1
first department not known | registered dispatched counted                         | ·                      | 1/1
right, but badly repaired  | registered dispatched counted accurately_dispatched reworked | 1/1             | 0/1
never dispatched           | registered counted                                    | ·                      | ·
"""

LEAVING = """
case                    | is                              | self_disposed_share | void_share | parked_share
in the loop             | registered counted              | 0/1                 | 0/1        | 0/1
closed                  | registered counted closed       | 0/1                 | 0/1        | 0/1
parked                  | registered parked               | 0/1                 | 0/1        | 1/1
void                    | registered void                 | 0/1                 | 1/1        | ·
not registered          | void                            | 0/1                 | 1/1        | ·
merged                  | registered duplicate            | 0/1                 | 0/1        | ·
settled on the spot     | registered self_disposed closed | 1/1                 | 0/1        | ·
just reported           |                                 | 0/1                 | 0/1        | ·
parked, then made void  | registered parked void          | 0/1                 | 1/1        | ·
"""

SPECIFICATIONS = ({"incident": REGISTERING}, {"incident": DISPATCHING}, {"incident": LEAVING})


def test_registering(tmp_path: Path) -> None:
    check(tmp_path, {"incident": REGISTERING})


def test_a_case_sent_on_lowers_the_accuracy_of_dispatch(tmp_path: Path) -> None:
    check(tmp_path, {"incident": DISPATCHING})


def test_shares_that_leave_the_pipeline(tmp_path: Path) -> None:
    check(tmp_path, {"incident": LEAVING})
