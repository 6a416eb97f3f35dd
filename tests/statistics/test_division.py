"""Grids and loads of an imagined division."""

import pytest

from dashboard.statistics.division import Area, divided, together

TODAY = [Area("C01", 3000, 10, 5.0, 100.0), Area("C02", 301, 2, 1.0, 7.0), Area("C03", 0, 0, 0.0, 1.0)]


def test_no_grid_gets_more_households_than_asked_for() -> None:
    found = divided(TODAY, households=300, workers=2)
    assert [(area.grids, area.workers) for area in found] == [(10, 20), (2, 4), (1, 2)]
    assert all(area.households / area.grids <= 300 for area in found)


def test_reports_and_households_stay() -> None:
    today, then = together(TODAY), together(divided(TODAY, households=150, workers=1.5))
    assert (then.households, then.weekly) == (today.households, today.weekly)
    assert then.per_grid == pytest.approx(108 / 24)
    assert then.per_worker == pytest.approx(108 / 36)


def test_where_there_is_nothing_to_divide_by_there_is_no_load() -> None:
    assert (TODAY[2].per_grid, TODAY[2].per_worker) == (None, None)
