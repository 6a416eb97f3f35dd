"""Specifications: load per grid, per full-time equivalent and per 1,000 households, each per week of exposure.

The cells of grid_day are what one day adds, before it is turned into weeks (÷ 7, and ÷ 1,000 for households).
"""

from pathlib import Path

import numpy as np
import pytest

from dashboard.metrics.cases import ignored_filters
from dashboard.metrics.compute import compute
from dashboard.metrics.dimensions import UnknownDimension
from dashboard.view import View
from tests.metrics.specification import check
from tests.tables import small_warehouse

FORTNIGHT = View.from_query("?from=2026-06-01&to=2026-06-14")

INCIDENTS = """
case                          | copies | community_code | grid_id        | is                       | incidents_per_grid | incidents_per_fte | incidents_per_1000_households
in a large grid               | 10     | C01            | G1@2026-01-01  | counted                  | 1/                 | 1/                | 1/
in a small one                | 4      | C02            | G2@2026-06-08  | counted                  | 1/                 | 1/                | 1/
void and merged ones are work | 2      | C01            | G1@2026-01-01  | void                     | 1/                 | 1/                | 1/
grid not known                | 1      | C01            |                | counted                  | 1/                 | 1/                | 1/
"""

PATROLS = """
case                 | copies | grid_id       | patrols_per_grid | patrols_per_fte | patrols_per_1000_households
patrol               | 20     | G1@2026-01-01 | 1/               | 1/              | 1/
"""

CALLBACKS = """
case                 | copies | grid_id       | is            | callbacks_per_grid | callbacks_per_fte | callbacks_per_1000_households
called and complete  | 6      | G1@2026-01-01 | due attempted | 1/                 | 1/                | 1/
called, not reached  | 3      | G1@2026-01-01 | due attempted | 1/                 | 1/                | 1/
not called yet       | 5      | G1@2026-01-01 | due           | ·                  | ·                 | ·
"""

SERVICES = """
case        | copies | community_code | service_cases_per_grid | service_cases_per_fte | service_cases_per_1000_households
application | 12     | C01            | 1/                     | 1/                    | 1/
"""

LOADS = " | ".join(
    f"{what}_per_{unit}"
    for what in ("incidents", "patrols", "callbacks", "service_cases")
    for unit in ("grid", "fte", "1000_households")
)
DAYS = f"grid_id | community_code | from | to | copies | households | fte | {LOADS}\n"


def _exposure() -> str:
    """G1 is there all fortnight, G2 only in the second week, with one part-time worker; G3 has no worker at all."""
    lines = [
        *(_day(f"2026-06-{day:02d}", "G1@2026-01-01", "C01", 500, 1.5) for day in range(1, 15)),
        *(_day(f"2026-06-{day:02d}", "G2@2026-06-08", "C02", 300, 0.5) for day in range(8, 15)),
        *(_day(f"2026-06-{day:02d}", "G3@2026-01-01", "C02", 200, 0) for day in range(1, 15)),
    ]
    return DAYS + "\n".join(lines)


def _day(day: str, grid: str, community: str, households: int, fte: float) -> str:
    return f"{grid} | {community} | {day} | {day} | 1 | {households} | {fte} " + f"| /1 | /{fte} | /{households} " * 4


SPECIFICATIONS = (
    {"incident": INCIDENTS, "patrol": PATROLS, "callback_case": CALLBACKS, "service_case": SERVICES, "grid_day": DAYS},
)


def test_load_is_events_over_weeks_of_exposure(tmp_path: Path) -> None:
    patrols = PATROLS.replace("grid_id       |", "grid_id       | patrolled_on |").replace(
        "2026-01-01 |", "2026-01-01 | 2026-06-03 |"
    )
    incidents = (
        INCIDENTS.replace("| is  ", "| reported_on | is  ")
        .replace("| counted", "| 2026-06-09 | counted")
        .replace("| void ", "| 2026-06-10 | void ")
    )
    callbacks = CALLBACKS.replace("| is  ", "| closed_on  | is  ").replace("| due", "| 2026-06-04 | due")
    services = SERVICES.replace("copies |", "copies | applied_on |").replace("| 12  ", "| 12 | 2026-06-05  ")
    tables = {"incident": incidents, "patrol": patrols, "callback_case": callbacks, "service_case": services}
    check(tmp_path, {**tables, "grid_day": _exposure()}, FORTNIGHT)


def test_service_cases_know_no_grid(tmp_path: Path) -> None:
    warehouse = small_warehouse(tmp_path, {"grid_day": _exposure()})
    with pytest.raises(UnknownDimension):
        compute(warehouse.current(), ["service_cases_per_grid"], FORTNIGHT, ["grid"])
    warehouse.close()


def test_a_grid_without_incidents_is_a_grid_with_none(tmp_path: Path) -> None:
    incidents = (
        "case | grid_id | community_code | reported_on\na | G1@2026-01-01 | C01 | 2026-06-02\nb | G9@2020-01-01 | C09 | 2026-06-02"
    )
    warehouse = small_warehouse(tmp_path, {"incident": incidents, "grid_day": _exposure()})
    frame = compute(warehouse.current(), ["incidents_per_grid", "incidents_per_fte"], FORTNIGHT, ["grid"])
    found = frame.set_index(["metric", "grid"])["value"]
    assert found["incidents_per_grid", "G1@2026-01-01"] == 0.5
    assert found["incidents_per_grid", "G3@2026-01-01"] == 0.0
    assert np.isnan(found["incidents_per_fte", "G3@2026-01-01"]), "no worker: nothing to divide by"
    assert np.isnan(found["incidents_per_grid", "G9@2020-01-01"]), "a grid the register does not have"
    warehouse.close()


def test_category_acts_on_the_incidents_and_not_on_the_grids(tmp_path: Path) -> None:
    incidents = "case | category_code | reported_on\na | 01 | 2026-06-02\nb | 02 | 2026-06-02\nc | 02 | 2026-06-03"
    warehouse = small_warehouse(tmp_path, {"incident": incidents, "grid_day": _exposure()})
    filtered = FORTNIGHT.replace(category=("02",))
    by_category = compute(warehouse.current(), ["incidents_per_grid"], FORTNIGHT, ["category"])
    assert compute(warehouse.current(), ["incidents_per_grid"], filtered)["value"].tolist() == [2 / 5]
    assert by_category["value"].tolist() == [1 / 5, 2 / 5]
    assert ignored_filters("incidents_per_grid", filtered) == ("category",)
    warehouse.close()
