"""The cage: what runs, what is said, and what none of the attempts of attempts.toml gets."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest

from dashboard.desk import line, query
from dashboard.desk.browser import examples, function_names, tables
from dashboard.desk.deidentified import desk_file, folder, schema
from dashboard.desk.query import Limits, Result, cancel, run
from dashboard.desk.sentences import SENTENCES
from dashboard.desk.statement import Refusal, check, functions
from dashboard.processes import PROJECT
from dashboard.settings import Settings
from tests.desk.conftest import BUILD

ATTEMPTS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("attempts.toml").read_text(encoding="utf-8"))
SMALL = Limits(rows=100, output_bytes=100_000, wall_seconds=4, cpu_seconds=1, memory_bytes=60_000_000, address_bytes=900_000_000)
ESCAPE = Path("/tmp/desk_escape.csv")

pytestmark = pytest.mark.usefixtures("open_file")


def attempts(outcome: str) -> list[str]:
    return [_long(sql) for group in ATTEMPTS.values() for sql in group.get(outcome, ())]


def _long(sql: str) -> str:
    """{text*n} is the text n times."""
    return re.sub(r"\{([^{}]+?)\*(\d+)\}", lambda found: found[1] * int(found[2]), sql)


@pytest.fixture(scope="module")
def parser() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"max_expression_depth": 200}) as connection:
        yield connection


def checked(parser: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The kind of refusal, "" where the statement may run."""
    row = parser.execute("SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)", [sql]).fetchone()
    assert row is not None
    try:
        check(row[0], [table.name for table in schema()])
    except Refusal as refusal:
        return refusal.kind
    return ""


def answered(small: Settings, sql: str, **limits: Any) -> Result:
    return run(small, BUILD, sql, limits=Limits(**limits))


def test_there_are_a_hundred_attempts() -> None:
    assert sum(len(attempts(outcome)) for outcome in ("refused", "stopped", "held")) >= 100


def test_every_escape_is_refused_by_the_check(parser: duckdb.DuckDBPyConnection) -> None:
    refused = {sql: checked(parser, sql) for sql in attempts("refused")}
    assert [sql[:80] for sql, kind in refused.items() if not kind] == []
    assert set(refused.values()) <= SENTENCES.keys()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "WITH x AS (COPY incident TO '/tmp/desk_escape.csv') SELECT 1",
        "SELECT {(*3000}1{)*3000}",
    ],
)
def test_the_cage_asks_the_same_check(small: Settings, sql: str) -> None:
    result = answered(small, _long(sql))
    assert result.outcome in ("function", "part", "syntax")
    assert not result.rows
    assert not ESCAPE.exists()


@pytest.mark.parametrize("sql", attempts("stopped"), ids=lambda sql: sql[:40])
def test_what_wears_out_the_machine_is_stopped(small: Settings, sql: str) -> None:
    result = run(small, BUILD, sql, limits=SMALL)
    assert result.outcome in ("memory", "time", "cpu")
    assert result.message is not None
    assert result.seconds < SMALL.wall_seconds + 10  # its own start, and a turn in line, on a busy machine
    assert {file.name for file in folder(small).iterdir()} == {desk_file(small, BUILD).name, "line", "making.lock"}


@pytest.mark.parametrize("sql", attempts("held"), ids=lambda sql: sql[:40])
def test_what_comes_out_is_held(small: Settings, sql: str) -> None:
    result = run(small, BUILD, _long(sql), limits=SMALL)
    assert result.outcome in ("done", "memory", "time", "cpu")
    assert result.row_count <= SMALL.rows
    assert len(repr(result.rows)) < 2 * SMALL.output_bytes


def test_the_process_sees_nothing_and_may_write_nothing(small: Settings, open_file: Path, tmp_path: Path) -> None:
    """DuckDB itself, behind the check: asked in the cage's own connection, under the cage's own limits."""
    script = (
        "import json, os, sys\n"
        f"sys.path[:0] = {[str(PROJECT), sysconfig.get_path('purelib')]!r}\n"
        "from dashboard.desk import cage\n"
        "def tried(act):\n"
        "    try:\n"
        "        return act()\n"
        "    except OSError as error:\n"
        "        return error.strerror\n"
        "    except Exception as error:\n"
        "        return type(error).__name__\n"
        f"limits, place = {asdict(Limits())!r}, {str(tmp_path / 'x')!r}\n"
        "cage._limit_before(limits)\n"
        "said = {'environment': sorted(os.environ), 'files': sorted(os.listdir('/proc/self/fd'))}\n"
        "said['write'] = tried(lambda: os.write(os.open(place, os.O_WRONLY | os.O_CREAT), b'x'))\n"
        f"connection = cage._opened({str(open_file)!r}, limits)\n"
        "cage._limit_after()\n"
        "said['open'] = tried(lambda: os.open('/etc/passwd', os.O_RDONLY))\n"
        "asked = json.load(sys.stdin)\n"
        "said['asked'] = {name: tried(lambda: len(connection.execute(sql).fetchmany(1))) for name, sql in asked.items()}\n"
        "print(json.dumps(said))\n"
    )
    behind = {
        "copy": f"COPY open.incident TO '{ESCAPE}'",
        "copy in with": f"WITH x AS (COPY open.incident TO '{ESCAPE}') SELECT 1",
        "read": "SELECT * FROM read_text('/etc/passwd')",
        "path": "SELECT * FROM '/etc/passwd'",
        "attach": f"ATTACH '{small.warehouse / BUILD}.duckdb'",
        "set": "SET enable_external_access = true",
        "unlock": "SET lock_configuration = false",
        "load": "LOAD httpfs",
        "python": "SELECT * FROM said",
        "insert": "INSERT INTO open.grid FROM open.grid",
        "secret": "CREATE PERSISTENT SECRET x (TYPE http)",
        "other schema": "SELECT * FROM core.incident",
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", script], input=json.dumps(behind), capture_output=True, text=True, env={}, cwd=tmp_path,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["environment"] in ([], ["LC_CTYPE"])  # Python's own, for a process without a locale
    assert set(said["files"]) <= {"0", "1", "2", "3"}
    assert (said["write"], said["open"]) == ("File too large", "Too many open files")
    assert [name for name, found in said["asked"].items() if not isinstance(found, str)] == []
    assert not ESCAPE.exists()


def test_rows_come_back_with_their_types(small: Settings) -> None:
    result = answered(
        small,
        "SELECT 1 AS a, 2.50::DECIMAL(5, 2) AS b, 0.5::DOUBLE AS c, '汉字' AS d, DATE '2026-11-15' AS e, NULL AS f, [1, 2] AS g, "
        "map([DATE '2026-11-15'], [true]) AS h",
    )
    assert result.outcome == "done"
    assert [(column.name, column.type) for column in result.columns][:5] == [
        ("a", "INTEGER"), ("b", "DECIMAL(5,2)"), ("c", "DOUBLE"), ("d", "VARCHAR"), ("e", "DATE")
    ]  # fmt: skip
    assert result.rows == ((1, Decimal("2.50"), 0.5, "汉字", date(2026, 11, 15), None, [1, 2], {"2026-11-15": True}),)


@pytest.mark.parametrize("there, is_cut", [(3, False), (4, True)])
def test_more_rows_than_may_go_out_are_cut_and_said_to_be(small: Settings, there: int, is_cut: bool) -> None:
    result = answered(small, f"FROM range({there})", rows=3)
    assert (result.row_count, result.is_cut) == (3, is_cut)


def test_more_columns_than_may_go_out_are_a_sentence(small: Settings) -> None:
    assert len(answered(small, "SELECT " + ",".join(["1"] * 200)).columns) == 200
    result = answered(small, "SELECT " + ",".join(["1"] * 9_900))
    assert (result.outcome, result.row_count) == ("columns", 0)
    assert result.message is not None
    assert "最多 200 列" in result.message.zh
    assert "at most 200" in result.message.en


@pytest.mark.parametrize(
    "sql, outcome, place",
    [
        ("SELECT 1,\n  '社区', nix FROM incident", "failed", (2, 9)),
        ("SELEC 1", "syntax", (1, 1)),
        ("SELECT *\nFROM core.incident", "table", (2, 6)),
    ],
)
def test_an_error_is_one_sentence_with_its_place(small: Settings, sql: str, outcome: str, place: tuple[int, int]) -> None:
    result = answered(small, sql)
    assert (result.outcome, result.place) == (outcome, place)
    assert result.message is not None
    assert result.message.zh.startswith(f"第 {place[0]} 行第 {place[1]} 个字：")
    assert result.message.en.startswith(f"line {place[0]}, column {place[1]}: ")
    assert "\n" not in result.message.zh + result.message.en


def test_a_statement_that_is_too_long_and_a_build_that_is_gone_are_sentences(small: Settings) -> None:
    assert answered(small, "SELECT 1" + " " * 20_000).outcome == "long"
    assert run(small, "000009_gone", "SELECT 1").outcome == "unprepared"
    assert run(small, "../warehouse/x", "SELECT 1").outcome == "unprepared"


def test_a_query_is_called_off_while_it_runs_and_while_it_waits(small: Settings) -> None:
    bomb, outcomes = "SELECT sum(i) FROM range(1000000000000) AS r(i)", {}

    def ask(name: str) -> None:
        outcomes[name] = run(small, BUILD, bomb, limits=Limits(wall_seconds=20, cpu_seconds=20), query_id=name).outcome

    askers = []
    for name in ("first", "second", "third"):
        askers.append(threading.Thread(target=ask, args=(name,)))
        askers[-1].start()
        _until_in_line(small, name)
    assert [query.place(small, name) for name in ("first", "second", "third", "fourth")] == [0, 0, 1, None]
    for name in ("third", "second", "first"):
        assert cancel(small, name)
    for asker in askers:
        asker.join()
    assert set(outcomes.values()) == {"cancelled"}
    assert not cancel(small, "first")
    assert [file.name for file in (folder(small) / "line").iterdir() if file.suffix != ".lock"] == []


def _stands_still() -> bool:
    return any(child.status() == psutil.STATUS_STOPPED for child in psutil.Process().children())


def _waited(holds: Callable[[], bool], *, pause: float = 0.0) -> None:
    """Until it holds, with patience for a loaded machine. pause: between two looks; without one looking is work."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(pause)


def test_a_long_query_stands_still_while_the_server_is_at_work(small: Settings) -> None:
    bomb = "SELECT sum(i) FROM range(1000000000000) AS r(i)"
    asker = threading.Thread(target=run, args=(small, BUILD, bomb), kwargs={"query_id": "long"})
    asker.start()
    try:
        time.sleep(0.7)
        _waited(lambda: not _stands_still(), pause=0.1)
        _waited(_stands_still)
        _waited(lambda: not _stands_still(), pause=0.1)
    finally:
        assert cancel(small, "long")
        asker.join()


def test_a_cage_whose_server_died_while_it_stood_still_ends(tmp_path: Path) -> None:
    """The system ends a stopped process group that nobody is left for."""
    started = (
        "import os, signal, subprocess, sys, time\n"
        "cage = subprocess.Popen([sys.executable, '-I', '-c', 'import time; time.sleep(60)'], process_group=0)\n"
        "cage.send_signal(signal.SIGSTOP)\n"
        "print(cage.pid, flush=True)\n"
        "time.sleep(0.3)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", started], capture_output=True, text=True, check=False, cwd=tmp_path)
    cage = int(done.stdout)
    for _ in range(100):
        if not psutil.pid_exists(cage) or psutil.Process(cage).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.02)
    psutil.Process(cage).kill()
    raise AssertionError


def test_a_ticket_whose_holder_died_holds_nobody_up(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number:09d}_dead.ticket").touch()
    with line.turn(tmp_path, "mine", at_once=1, patience=1):
        assert line.place(tmp_path, "mine", at_once=1) == 0
        with pytest.raises(line.TooLong), line.turn(tmp_path, "other", at_once=1, patience=0):
            pass


def _until_in_line(settings: Settings, query_id: str) -> None:
    for _ in range(200):
        if query.place(settings, query_id) is not None:
            return
        time.sleep(0.02)
    raise AssertionError


def test_every_example_runs_and_finds_something(
    small: Settings, parser: duckdb.DuckDBPyConnection, opened: duckdb.DuckDBPyConnection
) -> None:
    assert len(examples()) == 10
    cursor = opened.cursor()
    cursor.execute("SET schema = 'open'")
    for example in examples():
        assert checked(parser, example.sql) == "", example.id
        assert cursor.execute(example.sql).fetchall(), example.id
    assert answered(small, examples()[0].sql).outcome == "done"


def test_every_function_of_the_list_is_one_of_duckdb(parser: duckdb.DuckDBPyConnection) -> None:
    known = {name for (name,) in parser.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
    windows = {
        "row_number", "rank", "dense_rank", "percent_rank", "cume_dist",
        "ntile", "lag", "lead", "first_value", "last_value", "nth_value",
    }  # fmt: skip
    forms = {"coalesce", "ifnull", "count_star", "unnest"}
    assert functions() - known - windows - forms == set()
    assert "read_text" not in function_names()


def test_no_other_function_of_duckdb_may_be_used(parser: duckdb.DuckDBPyConnection) -> None:
    found = parser.execute("SELECT DISTINCT function_name, function_type LIKE 'table%' FROM duckdb_functions()").fetchall()
    forms = {(name, is_table): f'SELECT * FROM "{name}"(1)' if is_table else f'SELECT "{name}"(1)' for name, is_table in found}
    usable = {key for key, sql in forms.items() if not checked(parser, sql)}
    assert {name for name, is_table in usable if is_table} == {"range", "generate_series", "unnest"}
    assert {name for name, is_table in usable if not is_table} <= functions()


def test_the_browser_shows_every_table(opened: duckdb.DuckDBPyConnection) -> None:
    there = {name for (name,) in opened.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'open'").fetchall()}
    assert {table.name for table in tables()} == there
