"""A build either is published whole or leaves the last one in place: killed, out of disk, or run twice at once."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from etl.errors import BuildRunning
from etl.ledger import DataRoot
from etl.warehouse import only_build, published
from tests.etl.exports import SHIPPED, built, data_root, put, rows
from tests.etl.test_build import FIRST

PROJECT = SHIPPED.parent
MANY = 60_000


def many_incidents(root: DataRoot) -> Path:
    path = put(root, "事件_20261115.csv", "事件编号 | 事件状态 | 上报时间")
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


def test_a_killed_build_leaves_the_last_one_and_the_next_one_is_whole(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", FIRST)
    before = built(root).published
    many_incidents(root)
    for delay in (0.2, 0.6, 1.0, 1.4):
        process = start_build(root)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)  # ends only when the workers, which hold the same pipe, have ended too
        assert killed or process.returncode == 0
        current = published(root.warehouse)
        assert current is not None
        (count,) = rows(root, "SELECT count(*) FROM core.incident")[0]
        assert count == (2 if current == before else MANY + 2)
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
