"""A build either is published whole or leaves the last one in place: killed, out of disk, or run twice at once."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from etl.__main__ import main
from etl.errors import BuildRunning
from etl.ledger import DataRoot, accepted_files, waiting
from etl.warehouse import only_build, published
from tests.etl.exports import SHIPPED, built, data_root, put, rows
from tests.etl.test_build import FIRST

PROJECT = SHIPPED.parent
MANY = 30_000
KILLS = 6


def many_incidents(root: DataRoot, round: int = 0) -> Path:
    path = put(root, f"事件_202611{15 + round}.csv", "事件编号 | 事件状态 | 上报时间")
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"M{number},处置中,2026-11-01 09:00:00\n" for number in range(MANY))
    return path


def start_build(root: DataRoot, **limits: int) -> subprocess.Popen[str]:
    def limit() -> None:
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    return subprocess.Popen(
        [sys.executable, "-m", "etl", "--data", str(root.path), "build"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=limit,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_a_build_killed_at_any_moment_leaves_the_last_one_and_the_next_one_is_whole(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", FIRST)
    before = built(root).published
    chance = random.Random(2026)
    for round in range(KILLS):
        many_incidents(root, round)
        process = start_build(root)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 2.5))
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)  # ends only when the workers, which hold the same pipe, have ended too
        assert killed or process.returncode == 0
        current = published(root.warehouse)
        assert current is not None
        assert rows(root, "SELECT count(*) FROM core.incident") == [(2 if current == before else MANY + 2,)]
        assert len(accepted_files(root)) + len(waiting(root)) >= round + 2  # no file is in neither
    built(root)
    assert rows(root, "SELECT count(*) FROM core.incident") == [(MANY + 2,)]
    assert not list(root.inbox.iterdir())
    assert {path.suffix for path in root.warehouse.iterdir()} == {".duckdb", ".lock", ""}


def test_a_full_disk_is_told_and_leaves_the_last_build(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", FIRST)
    before = built(root).published
    incoming = many_incidents(root)
    process = start_build(root, RLIMIT_FSIZE=incoming.stat().st_size + 100_000)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 2, told
    assert "磁盘" in told
    assert "Traceback" not in told
    assert published(root.warehouse) == before
    assert incoming.exists()
    assert [file.name for file in root.warehouse.glob("*.duckdb*")] == [before.name]


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", FIRST)
    with only_build(root.warehouse), pytest.raises(BuildRunning, match="另一个导入正在进行"):
        built(root)
    assert built(root).is_new


def test_a_build_may_wait_for_another_and_says_so(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    export = put(root, "事件_20261101.csv", FIRST)
    command = [sys.executable, "-m", "etl", "--data", str(root.path), "build", "--wait", "60", str(export)]
    with only_build(root.warehouse):
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        while "等它结束" not in process.stdout.readline():
            assert process.poll() is None
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert rows(root, "SELECT count(*) FROM core.incident") == [(2,)]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = put(data_root(tmp_path), "事件_20261101.csv", FIRST)
    for command in ("build", "check"):
        assert main(["--data", "/proc/township", command, str(export)]) == 2
        told = capsys.readouterr().err
        assert "写不进磁盘" in told
        assert "Traceback" not in told


def test_a_reading_process_that_is_killed_costs_only_its_own_file(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", FIRST)
    many_incidents(root)
    process = start_build(root)
    assert process.stdout is not None
    process.stdout.readline()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (readers := _reading_processes(process.pid)):
        time.sleep(0.02)
    for pid in readers:
        os.kill(pid, signal.SIGKILL)
    told, _ = process.communicate(timeout=120)
    assert "Traceback" not in told, told
    assert process.returncode in (0, 1, 2)
    built(root)
    assert rows(root, "SELECT count(*) FROM core.incident") == [(MANY + 2,)]


def _reading_processes(parent: int) -> list[int]:
    """The workers of a build: children of its fork server."""
    with suppress(psutil.NoSuchProcess):
        return [child.pid for server in psutil.Process(parent).children() for child in server.children()]
    return []


def test_a_fault_of_the_program_is_one_sentence_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("电话 13800138000")

    monkeypatch.setattr("etl.__main__.status_lines", broken)
    assert main(["--data", str(tmp_path), "status"]) == 2
    assert capsys.readouterr().err.startswith("✗ 程序内部出错")
    log = (tmp_path / "etl-error.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "13800138000" not in log
