"""Several processes read while builds are published again and again: no error, no torn read, and everybody arrives at the newest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.etl.exports import SHIPPED, built, data_root, put, rows

READERS, BUILDS, KEPT = 3, 6, 5
READER = """
import json, sys, threading, time
from pathlib import Path
from dashboard.warehouse import Warehouse

warehouse = Warehouse(Path(sys.argv[1]))
stop = Path(sys.argv[2])
seen, errors, reads, lock = set(), [], 0, threading.Lock()

def read():
    global reads
    while not stop.exists():
        try:
            snapshot = warehouse.current()
            (build, count), = snapshot.rows("SELECT (SELECT build_id FROM meta.build), count(*) FROM core.incident")
            (again, _), = snapshot.rows("SELECT (SELECT build_id FROM meta.build), count(*) FROM core.incident")
            (files,), = snapshot.rows("SELECT count(*) FROM meta.file")
            assert build == again == snapshot.build.build_id and count == files, (build, again, count, files)
            with lock:
                reads += 1
                seen.add(build)
        except Exception as error:
            errors.append(repr(error))
        time.sleep(0.1)

threads = [threading.Thread(target=read) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
last = warehouse.current().build.build_id
warehouse.close()
print(json.dumps({"errors": errors[:3], "reads": reads, "seen": len(seen), "last": last}))
"""


def test_readers_see_no_error_while_builds_are_published(tmp_path: Path) -> None:
    root = data_root(tmp_path / "data")
    export(root.path, 0)
    built(root)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(root.warehouse), str(stop)]
    readers = [subprocess.Popen(command, cwd=SHIPPED.parent, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    try:
        for number in range(1, BUILDS):
            export(root.path, number)
            built(root)
    finally:
        stop.touch()
        told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    (newest,) = rows(root, "SELECT build_id FROM meta.build")[0]
    assert len(list(root.warehouse.glob("*.duckdb"))) == KEPT
    for reader in told:
        assert reader["errors"] == []
        assert reader["reads"] > BUILDS
        assert reader["seen"] >= BUILDS / 2
        assert reader["last"] == newest


def export(root: Path, number: int) -> None:
    """One more file with one more incident, so that incidents and files must always agree."""
    put(
        data_root(root),
        f"事件_202610{number + 10}.csv",
        f"事件编号 | 事件状态 | 上报时间\nS{number} | 处置中 | 2026-10-01 09:00:00",
    )
