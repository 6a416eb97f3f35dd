"""Specifications: rework, extensions, and the same complaint again."""

from pathlib import Path

from tests.metrics.specification import check

REWORK = """
case                             | is                                   | rework_count | rework_rate | rework_rate:of_disposed | rework_rate:of_due | rework_rate:times | extension_rate
passed at the first check        | counted disposed closed due checked  | 0            | 0/1         | 0/1                     | 0/1                | 0/1               | 0/1
sent back once                   | counted disposed closed due checked reworked | 1    | 1/1         | 1/1                     | 1/1                | 1/1               | 0/1
sent back three times            | counted disposed closed due checked reworked extended | 3 | 1/1     | 1/1                     | 1/1                | 3/1               | 1/1
closed without any check         | counted disposed closed due          | 0            | ·           | 0/1                     | 0/1                | ·                 | 0/1
sent back and being done again   | counted open due checked reworked    | 1            | 1/1         | 1/                      | 1/1                | 1/1               | 0/1
open, extended                   | counted open open_not_due extended   | 0            | ·           | ·                       | ·                  | ·                 | 1/1
parked after an extension        | parked extended                      | 0            | ·           | ·                       | ·                  | ·                 | ·
"""

REPEATS = """
case                                    | is                                          | closed_on  | repeat_complaint_rate
nobody came back                        | counted closed repeat_observable            | 2026-09-10 | 0/1
the same complaint within 30 days       | counted closed repeat_observable repeated   | 2026-09-11 | 1/1
repeated already, 30 days not yet over  | counted closed repeated                     | 2026-11-10 | ·
complainant not known                   | counted closed                              | 2026-09-12 | ·
still open                              | counted open                                |            | ·
"""

SPECIFICATIONS = ({"incident": REWORK}, {"incident": REPEATS})


def test_rework_and_extensions(tmp_path: Path) -> None:
    check(tmp_path, {"incident": REWORK})


def test_repeats_are_judged_after_thirty_days(tmp_path: Path) -> None:
    check(tmp_path, {"incident": REPEATS})
