"""Specifications: what makes a reader ask – closings at once, at the deadline and in batches, extensions, exclusions, copies."""

from pathlib import Path

from tests.metrics.specification import check

CLOSINGS = """
case                                | is                                                                | closed_on  | instant_closing_rate | deadline_hugging_rate | batch_closing_rate
an ordinary closing                 | counted closed !closed_at_once !closed_at_deadline !closed_in_batch | 2026-09-02 | 0/1                  | 0/1                   | 0/1
closed as soon as it was reported   | counted closed closed_at_once !closed_at_deadline !closed_in_batch  | 2026-09-02 | 1/1                  | 0/1                   | 0/1
closed in the last hour allowed     | counted closed !closed_at_once closed_at_deadline !closed_in_batch  | 2026-09-02 | 0/1                  | 1/1                   | 0/1
closed with a pile of others        | counted closed !closed_at_once !closed_at_deadline closed_in_batch  | 2026-09-02 | 0/1                  | 0/1                   | 1/1
closed, only the day is known       | counted closed                                                    | 2026-09-02 | ·                    | ·                     | ·
without a deadline                  | counted closed !closed_at_once !closed_in_batch                   | 2026-09-02 | 0/1                  | ·                     | 0/1
without a department                | counted closed !closed_at_once !closed_at_deadline                | 2026-09-02 | 0/1                  | 0/1                   | ·
still open                          | counted open                                                      |            | ·                    | ·                     | ·
"""

EXTENDED = """
case                                     | is                                          | rescued_by_extension_rate
on time either way                       | counted disposed closed due on_time on_time_original    | 0/1
on time because it was extended          | counted disposed closed due extended on_time !on_time_original | 1/1
late either way                          | counted disposed closed due extended !on_time !on_time_original | 0/1
open past both deadlines                 | counted open due open_overdue !on_time !on_time_original | 0/1
only the extended deadline is known      | counted disposed closed due extended on_time           | ·
open, not yet due                        | counted open open_not_due !on_time !on_time_original   | ·
parked after an extension                | parked extended on_time !on_time_original              | ·
"""

LEAVING = """
case                        | is                | status_code | exclusion_share | exclusion_share:void | exclusion_share:rejected | exclusion_share:duplicate | exclusion_share:parked
being handled               | counted open      | processing  | 0/1             | 0/1                  | 0/1                      | 0/1                       | 0/1
void                        | void              | void        | 1/1             | 1/1                  | 0/1                      | 0/1                       | 0/1
not registered              | void              | rejected    | 1/1             | 0/1                  | 1/1                      | 0/1                       | 0/1
merged into another         | registered duplicate | closed   | 1/1             | 0/1                  | 0/1                      | 1/1                       | 0/1
merged, then parked         | duplicate parked  | parked      | 1/1             | 0/1                  | 0/1                      | 1/1                       | 1/1
parked                      | parked            | parked      | 1/1             | 0/1                  | 0/1                      | 0/1                       | 1/1
settled on the spot         | self_disposed     | closed      | 0/1             | 0/1                  | 0/1                      | 0/1                       | 0/1
"""

SATISFIED = """
case                                   | is                                                             | satisfied_yet_repeated_rate
satisfied, nobody came back            | attempted reached complete repeat_observable                   | 0/1
satisfied, and the same matter again   | attempted reached complete repeat_observable repeated          | 1/1
dissatisfied, and the same again       | attempted reached complete dissatisfied repeat_observable repeated | ·
satisfied, 30 days not yet over        | attempted reached complete repeated                            | ·
hung up, and the same matter again     | attempted reached repeat_observable repeated                   | ·
"""

COPIED = """
case                                 | is   | worker_id | copied_report_rate
the first report of a grid worker    |      | w1        | 0/1
the same words again that day        | copy | w1        | 1/1
a resident's report                  |      |           | ·
"""

SPECIFICATIONS = (
    {"incident": CLOSINGS},
    {"incident": EXTENDED},
    {"incident": LEAVING},
    {"callback_case": SATISFIED},
    {"incident": COPIED},
)


def test_closings_at_once_at_the_deadline_and_in_batches(tmp_path: Path) -> None:
    check(tmp_path, {"incident": CLOSINGS})


def test_on_time_by_the_extended_deadline_only(tmp_path: Path) -> None:
    check(tmp_path, {"incident": EXTENDED})


def test_what_leaves_the_denominators(tmp_path: Path) -> None:
    check(tmp_path, {"incident": LEAVING})


def test_satisfied_and_back_again(tmp_path: Path) -> None:
    check(tmp_path, {"callback_case": SATISFIED})


def test_the_first_report_is_no_copy(tmp_path: Path) -> None:
    check(tmp_path, {"incident": COPIED})
