"""The de-identified file: what it does not hold, that nobody is singled out, and that it is made once and whole."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.desk.anonymity import LEAST, SORTS, Sort, coarsen
from dashboard.desk.deidentified import MODULE, DeskError, _failures_told, _lock, desk_file, folder, prepared, prune, schema
from dashboard.processes import PROJECT, command
from dashboard.settings import Settings
from tests.desk.conftest import BUILD

Connection = duckdb.DuckDBPyConnection
_DERIVED = {
    "incident": ("reported_week", "reported_month", "reported_weekday"),
    "service_case": ("applied_month",),
    "patrol": ("patrolled_week",),
}
_HIDDEN = """
    SELECT DISTINCT unnest([incident_id, title, worker_id, complainant_id, void_reason, grid_id, file_id]) FROM core.incident
    UNION SELECT DISTINCT unnest([service_case_id, service_window, ticket_no]) FROM core.service_case
    UNION SELECT DISTINCT unnest([patrol_id, worker_id]) FROM core.patrol
    UNION SELECT DISTINCT unnest([actor_id, action]) FROM core.incident_step
    UNION SELECT DISTINCT unnest([callback_id, reason]) FROM core.callback
    UNION SELECT DISTINCT name FROM core.grid
"""


def test_every_table_and_column_is_there_typed_and_commented(opened: Connection) -> None:
    found = opened.execute(
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE schema_name = 'open'"
    ).fetchall()
    assert set(found) == {
        (table.name, column.name, column.type, f"{column.zh} / {column.en}") for table in schema() for column in table.columns
    }
    tables = opened.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
    assert set(tables) == {(table.name, f"{table.zh} / {table.en}") for table in schema()}


def test_no_identifier_and_no_free_text_is_in_it(small: Settings, open_file: Path, opened: Connection) -> None:
    with duckdb.connect(str(small.warehouse / f"{BUILD}.duckdb"), read_only=True) as warehouse:
        hidden = {text for (text,) in warehouse.execute(_HIDDEN).fetchall() if text and len(text) >= 6}
    assert len(hidden) > 5_000
    for table in schema():
        for column in table.columns:
            if column.type == "VARCHAR":
                shown = {text for (text,) in opened.execute(f'SELECT DISTINCT "{column.name}" FROM open.{table.name}').fetchall()}
                assert not shown & hidden, (table.name, column.name)
    content = open_file.read_bytes()
    assert [text for text in sorted(hidden)[::100] if text.encode() in content] == []


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.table)
def test_every_combination_shown_occurs_often_enough(opened: Connection, sort: Sort) -> None:
    known = ", ".join([*sort.shown, *_DERIVED[sort.table]])
    fewest = opened.execute(
        f"SELECT min(n), count(*) FROM (SELECT count(*) AS n FROM open.{sort.table} GROUP BY {known})"
    ).fetchone()
    assert fewest is not None
    assert fewest[0] >= LEAST
    assert fewest[1] > 50


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_difference_of_two_counts_is_a_handful(opened: Connection, data: st.DataObject) -> None:
    """A count and the same count narrowed further: what lies between is nobody, or at least five."""
    sort = data.draw(st.sampled_from(SORTS))
    columns = (*sort.shown, *_DERIVED[sort.table])

    def condition() -> str:
        column = data.draw(st.sampled_from(columns))
        values = _values(opened, sort.table, column)
        value = data.draw(st.sampled_from(values))
        form = data.draw(st.sampled_from(["= {}", "<> {}", "> {}", "<= {}", "IS NULL", "IS NOT NULL", "IS DISTINCT FROM {}"]))
        return f"{column} {form.format(value)}"

    wide = " OR ".join(condition() for _ in range(data.draw(st.integers(1, 3))))
    narrow = " AND ".join(condition() for _ in range(data.draw(st.integers(1, 3))))
    counted = f"SELECT count(*) FILTER ({wide}), count(*) FILTER (({wide}) AND ({narrow})) FROM open.{sort.table}"
    row = opened.cursor().execute(counted).fetchone()
    assert row is not None
    assert all(number == 0 or number >= LEAST for number in (row[0], row[1], row[0] - row[1])), counted


def _values(opened: Connection, table: str, column: str) -> list[str]:
    found = opened.cursor().execute(f"SELECT DISTINCT {column} FROM open.{table} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
    return [f"'{value}'" for (value,) in found] or ["NULL"]


_ENDS = """
    CASE {0}_precision WHEN 'week' THEN {0}_on + INTERVAL 7 DAY WHEN 'month' THEN {0}_on + INTERVAL 1 MONTH
        WHEN 'quarter' THEN {0}_on + INTERVAL 3 MONTH WHEN 'none' THEN TIMESTAMP '2100-01-01' END
"""
_OF_CASES = """
    SELECT reported_on, reported_precision, {0} AS hours
    FROM open.{1} JOIN open.incident USING (case_key)
"""
_HOURS = {
    **{
        name: f"SELECT reported_on, reported_precision, {name} AS hours FROM open.incident"
        for name in (
            "hours_to_register", "hours_to_dispatch", "hours_to_dispose", "hours_to_check", "hours_to_archive", "hours_to_close",
            "hours_to_register + hours_to_dispatch + hours_to_dispose + hours_to_check + hours_to_archive",
            "CASE WHEN is_repeat_observable THEN hours_to_close + 720 END",
            "CASE WHEN is_open_overdue THEN hours_allowed END",
        )
    },
    "step": _OF_CASES.format("hours_since_report", "step"),
    "assignment": _OF_CASES.format("assignment.hours_since_report + coalesce(assignment.hours_to_done, 0)", "assignment"),
    "answer": _OF_CASES.format("assignment.hours_since_report + coalesce(assignment.hours_to_answer, 0)", "assignment"),
    "call": _OF_CASES.format("hours_to_close + hours_to_first_call", "callback_case"),
    "service": "SELECT applied_on AS reported_on, applied_precision AS reported_precision, hours_to_done AS hours FROM open.service_case",
    "service days": """SELECT applied_on AS reported_on, applied_precision AS reported_precision, 24 * (working_days_to_done - 1) AS hours
        FROM open.service_case""",
    "patrol": "SELECT patrolled_on AS reported_on, patrolled_precision AS reported_precision, hours FROM open.patrol",
}  # fmt: skip


@pytest.mark.parametrize("hours", _HOURS.values(), ids=_HOURS.keys())
def test_no_hours_counted_back_from_the_as_of_narrow_a_day(opened: Connection, hours: str) -> None:
    """A row lies at least its hours before the as-of: that says nothing where the shown period is over by then."""
    row = opened.execute(
        f"SELECT count(*), count(*) FILTER (as_of - to_hours(hours) < {_ENDS.format('reported')}) "
        f"FROM ({hours}) CROSS JOIN open.build WHERE hours IS NOT NULL AND reported_precision <> 'day'"
    ).fetchone()
    assert row is not None
    assert row[1] == 0
    assert row[0] > 0 or "is_open_overdue" in hours


def test_open_coarse_cases_say_nothing_of_their_deadline(opened: Connection) -> None:
    for table, case, columns in (
        ("incident", "is_open", ("hours_allowed", "is_due", "is_on_time", "is_on_time_original", "is_open_overdue")),
        ("service_case", "NOT is_done", ("is_due", "is_on_promise")),
    ):
        shown = ", ".join(f"count({column})" for column in columns)
        day = "applied" if table == "service_case" else "reported"
        where = f"FROM open.{table} WHERE {case} AND {day}_precision <> 'day'"
        assert opened.execute(f"SELECT {shown} {where}").fetchone() == (0,) * len(columns)
        assert opened.execute(f"SELECT count(*) > 0 {where}").fetchone() == (True,)
    late = "is_accepted_in_time, assignment.is_due, assignment.is_on_time, assignment.is_open_overdue"
    assert opened.execute(
        f"SELECT count(coalesce({late})) FROM open.assignment JOIN open.incident USING (case_key) "
        "WHERE incident.is_open AND reported_precision <> 'day'"
    ).fetchone() == (0,)


def test_hours_beside_a_calendar_leave_five_days_open(small: Settings, opened: Connection) -> None:
    """Limits and services run in working days: with their hours they would tell the day before a holiday."""
    with duckdb.connect(str(small.warehouse / f"{BUILD}.duckdb"), read_only=True) as warehouse:
        for table, day, told in (
            ("incident", "reported", "hours_allowed"),
            ("service_case", "applied", "promised_working_days, is_on_promise, hours_to_done, working_days_to_done"),
        ):
            hours = "hours_allowed" if table == "incident" else "hours_to_done"
            shown = opened.execute(
                f"SELECT DISTINCT {day}_on, {day}_precision, {told} FROM open.{table} "
                f"WHERE {day}_precision IN ('week', 'month', 'quarter') AND {hours} IS NOT NULL"
            ).fetchall()
            assert shown
            exact = told.replace(hours, f"round({hours})::INTEGER")
            for on, precision, *values in shown:
                same = " AND ".join(f"{one} IS NOT DISTINCT FROM ?" for one in exact.split(", "))
                days = warehouse.execute(
                    f"SELECT count(DISTINCT {day}_on) FROM core.{table} WHERE date_trunc('{precision}', {day}_on) = ? AND {same}",
                    [on, *values],
                ).fetchone()
                assert days is not None
                assert days[0] >= LEAST, (table, on, precision, values)


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (subprocess.TimeoutExpired("x", 1), "took too long"),
        (BlockingIOError(11, "fork"), "cannot be started"),
        (subprocess.CompletedProcess("x", 1, "Traceback"), "its process ended"),
    ],
)
def test_a_process_that_cannot_run_is_a_sentence(
    unused: Settings, monkeypatch: pytest.MonkeyPatch, happens: Any, told: str
) -> None:
    def run(*_: Any, **__: Any) -> Any:
        if isinstance(happens, Exception):
            raise happens
        return happens

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(DeskError, match=told):
        prepared(unused, BUILD)


def test_a_lock_that_is_never_free_is_no_full_disk(tmp_path: Path) -> None:
    with _lock(tmp_path, wait=0), pytest.raises(DeskError, match="took too long"), _failures_told(), _lock(tmp_path, wait=0):
        pass


def test_rare_rows_give_up_what_they_have_step_by_step_and_the_rest_is_left_out() -> None:
    sort = Sort("seen", "seen", ("place", "what"), ("week", "what", "place", "none"))
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE seen (seen_on DATE, seen_precision VARCHAR, place VARCHAR, what VARCHAR)")
        for day, place, what, count in [
            ("2026-11-02", "A", "x", 5),  # often enough as it is
            ("2026-11-03", "B", "x", 3),  # together in their week
            ("2026-11-05", "B", "x", 2),
            ("2026-11-04", "C", "x", 4),  # together where what it was is hidden
            ("2026-11-04", "C", "y", 1),
            ("2026-01-01", "D", "z", 4),  # never often enough
        ]:
            connection.execute("INSERT INTO seen SELECT ?::DATE, 'day', ?, ? FROM range(?)", [day, place, what, count])
        assert coarsen(connection, sort) == 4
        shown = connection.execute(
            "SELECT seen_on::VARCHAR, seen_precision, place, what, count(*) FROM seen GROUP BY ALL ORDER BY 3"
        ).fetchall()
    assert shown == [("2026-11-02", "day", "A", "x", 5), ("2026-11-02", "week", "B", "x", 5), ("2026-11-02", "week", "C", None, 5)]


@pytest.fixture
def unused(small: Settings, tmp_path: Path) -> Settings:
    """The same build in a data root whose desk is empty."""
    (tmp_path / "warehouse").symlink_to(small.warehouse)
    return Settings(data=tmp_path)


def left(settings: Settings) -> list[str]:
    return sorted(file.name for file in folder(settings).iterdir() if file.name != "making.lock")


def test_killed_while_it_is_made_it_leaves_nothing_half_and_two_make_it_once(unused: Settings, opened: Connection) -> None:
    process = subprocess.Popen(command(MODULE, unused.data, [BUILD]), cwd=PROJECT)
    while not folder(unused).exists() or not any(name.startswith("making_") for name in left(unused)):
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert all(name.startswith("making_") for name in left(unused))
    threads = [threading.Thread(target=prepared, args=(unused, BUILD)) for _ in range(2)]
    for thread in threads:
        thread.start()
    at_once = 0
    while any(thread.is_alive() for thread in threads):
        at_once = max(at_once, sum(name.startswith("making_") for name in left(unused)))
        time.sleep(0.02)
    assert at_once <= 1
    file = desk_file(unused, BUILD)
    assert left(unused) == [file.name]
    keys = "SELECT case_key FROM open.incident"
    with duckdb.connect(str(file), read_only=True) as other:
        assert not {*other.execute(keys).fetchall()} & {*opened.cursor().execute(keys).fetchall()}  # random anew


def test_a_full_disk_is_a_sentence_and_leaves_nothing(unused: Settings) -> None:
    limited = ["sh", "-c", 'ulimit -f 200; exec "$@"', "sh", sys.executable, *command(MODULE, unused.data, [BUILD])[1:]]
    done = subprocess.run(limited, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "写不进磁盘" in json.loads(done.stdout)["zh"]
    assert left(unused) == []


def test_files_go_with_their_builds_but_not_while_one_is_made(unused: Settings) -> None:
    place = folder(unused)
    (place / "making_x").mkdir(parents=True)
    desk_file(unused, "000000_gone").touch()
    (place / f"{BUILD}_ffffffff.duckdb").touch()  # of another version: who was hidden then is not who is now
    (place / f"{BUILD}.zip").touch()
    with _lock(place, wait=0):
        prune(unused)
    assert len(left(unused)) == 4
    prune(unused)
    assert left(unused) == []


@pytest.mark.parametrize("build_id", ["000009_gone", "../warehouse/" + BUILD, ""])
def test_a_build_that_is_gone_is_a_sentence(unused: Settings, build_id: str) -> None:
    with pytest.raises(DeskError, match="no longer kept"):
        prepared(unused, build_id)
    assert not folder(unused).exists()
