"""Specifications: what is open at the end of a day, and for how long it has been."""

from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.metrics.compute import compute, trend
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.metrics.specification import check
from tests.tables import small_warehouse

JUNE = View.from_query("?from=2026-06-01&to=2026-06-30")

AT_THE_END_OF_JUNE = """
case                              | is             | reported_on | closed_on  | backlog | backlog_under_7_days | backlog_7_to_30_days | backlog_30_to_90_days | backlog_over_90_days
reported that day                 | counted open   | 2026-06-30  |            | 1       | 1                    | ·                    | ·                     | ·
six days old                      | counted open   | 2026-06-24  |            | 1       | 1                    | ·                    | ·                     | ·
seven days old                    | counted open   | 2026-06-23  |            | 1       | ·                    | 1                    | ·                     | ·
29 days old                       | counted open   | 2026-06-01  |            | 1       | ·                    | 1                    | ·                     | ·
30 days old                       | counted open   | 2026-05-31  |            | 1       | ·                    | ·                    | 1                     | ·
89 days old                       | counted open   | 2026-04-02  |            | 1       | ·                    | ·                    | 1                     | ·
90 days old                       | counted open   | 2026-04-01  |            | 1       | ·                    | ·                    | ·                     | 1
open then, closed in July         | counted closed | 2026-06-29  | 2026-07-02 | 1       | 1                    | ·                    | ·                     | ·
closed on the day itself          | counted closed | 2026-06-29  | 2026-06-30 | ·       | ·                    | ·                    | ·                     | ·
reported in July                  | counted open   | 2026-07-01  |            | ·       | ·                    | ·                    | ·                     | ·
parked, void, merged              | parked         | 2026-06-20  |            | ·       | ·                    | ·                    | ·                     | ·
closed, nobody knows when         | counted closed | 2026-06-20  |            | ·       | ·                    | ·                    | ·                     | ·
settled on the spot               | self_disposed  | 2026-06-20  |            | ·       | ·                    | ·                    | ·                     | ·
"""

SPECIFICATIONS = ({"incident": AT_THE_END_OF_JUNE},)

WEEKS = """
case                       | is             | reported_on | closed_on
open through three weeks   | counted open   | 2026-06-01  |
closed within its week     | counted closed | 2026-06-02  | 2026-06-04
open over one week's end   | counted closed | 2026-06-05  | 2026-06-09
closed on a Sunday         | counted closed | 2026-06-08  | 2026-06-14
closed after the period    | counted closed | 2026-06-15  | 2026-06-18
"""


def test_open_at_the_end_of_the_period(tmp_path: Path) -> None:
    check(tmp_path, {"incident": AT_THE_END_OF_JUNE}, JUNE)


def test_stock_at_the_end_of_each_week_and_of_a_week_cut_short(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"incident": WEEKS})
    frame = trend(warehouse.current(), ["backlog"], View.from_query("?from=2026-06-01&to=2026-06-16"))
    assert frame["week"].dt.date.tolist() == [date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 15)]
    assert frame["value"].tolist() == [2.0, 1.0, 2.0]
    assert frame["is_partial"].tolist() == [False, False, True]
    warehouse.close()


def test_opening_stock_plus_new_minus_closed_is_closing_stock(sample: Snapshot) -> None:
    weeks = trend(sample, ["backlog", "closed:by_closing"], View(period="last_12_weeks"))
    new = compute(sample, ["due", "closed"], View(period="last_12_weeks"), ["week"])
    stock = weeks[weeks["metric"] == "backlog"].set_index("week")["value"]
    closed = weeks[weeks["metric"] == "closed:by_closing"].set_index("week")["value"]
    counted = new[new["metric"] == "closed"].set_index("week")["n"]
    difference = (stock.diff() - (counted - closed)).dropna()
    pd.testing.assert_series_equal(difference, difference * 0.0, check_names=False)
