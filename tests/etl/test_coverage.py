"""Which days are missing: judged by what the same kind of day usually brings, never by a single quiet day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from etl.ledger import DataRoot
from tests.etl.exports import built, data_root, put, rows

START = date(2026, 3, 2)  # a Monday
STATES = "SELECT state, min(day)::VARCHAR, max(day)::VARCHAR, count(*) FROM meta.coverage WHERE kind = '{}' GROUP BY state ORDER BY state"


def incidents(root: DataRoot, per_day: dict[int, int], days: int) -> None:
    """per_day: day number → incidents where it is not the usual 12."""
    lines = ["事件编号 | 事件状态 | 上报时间"]
    for number in range(days):
        day = START + timedelta(days=number)
        lines += [f"S{number:03d}{k:03d} | 处置中 | {day} 09:{k:02d}:00" for k in range(per_day.get(number, 12))]
    put(root, "事件.csv", "\n".join(lines))


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """Sixty days with callbacks on every working day, and incidents on all but two."""
    root = data_root(tmp_path_factory.mktemp("called"))
    incidents(root, {20: 0, 21: 0, 40: 1, 50: 25}, 60)
    put(root, "回访.csv", callbacks(60))
    built(root)
    return root


def test_days_without_a_record_are_missing_where_some_were_due(called: DataRoot) -> None:
    assert rows(called, STATES.format("incident")) == [
        ("full", "2026-03-02", "2026-04-29", 57),
        ("missing", "2026-03-22", "2026-03-23", 2),
    ]
    assert rows(called, "SELECT subject, detail FROM meta.finding_row WHERE check_id = 'days_are_covered'") == [
        ("incident", "2026-03-22 – 2026-03-23")
    ]


def test_offices_that_do_not_call_at_weekends_and_holidays_miss_nothing(called: DataRoot) -> None:
    states = dict(rows(called, "SELECT state, count(*) FROM meta.coverage WHERE kind = 'callback' GROUP BY state"))
    assert set(states) == {"full", "quiet"}


def test_a_day_with_a_fraction_of_the_usual_is_thin_and_the_day_of_the_export_is_not_judged(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    incidents(root, dict.fromkeys(range(60), 30) | {33: 4, 59: 1}, 60)
    built(root)
    assert rows(root, "SELECT day::VARCHAR, row_count FROM meta.coverage WHERE state = 'thin'") == [("2026-04-04", 4)]
    assert rows(root, "SELECT max(day)::VARCHAR FROM meta.coverage") == [("2026-04-29",)]


def test_a_long_gap_is_missing_although_all_its_neighbours_are(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    incidents(root, dict.fromkeys(range(150, 240), 0), 400)
    built(root)
    assert rows(root, "SELECT count(*) FROM meta.coverage WHERE state = 'missing'") == [(90,)]


def test_a_single_quiet_day_of_a_small_town_is_quiet(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    incidents(root, dict.fromkeys(range(60), 2) | {10: 0, 30: 0, 31: 0, 32: 0, 33: 0, 34: 0}, 60)
    built(root)
    assert rows(root, "SELECT day::VARCHAR, state FROM meta.coverage WHERE row_count = 0 ORDER BY day") == [
        ("2026-03-12", "quiet"),
        *((f"2026-04-0{day}", "missing") for day in (1, 2, 3, 4, 5)),
    ]


def callbacks(days: int) -> str:
    """Six calls every working day (the calendar of 2026: 4–6 April are holidays)."""
    lines = ["事件编号 | 回访时间 | 接通状态"]
    for number in range(1, days):
        day = START + timedelta(days=number)
        if day.weekday() < 5 and day not in {date(2026, 4, 6)}:
            lines += [f"S000{k:03d} | {day} 1{k}:00:00 | 接通" for k in range(6)]
    return "\n".join(lines)
