"""How long the warehouse build of 1,000,000 incidents takes, beside DuckDB's own read_csv of the same file in all-text mode.

usage: python -m tests.benchmarks.bench_build FOLDER   (a data root whose inbox holds a --plain sample)

Targets on 2 cores: build ≤ 4 × read_csv into a database file; memory of all processes ≤ 2 GB. Both run in processes of their own, in
turn, so that one noisy minute of the machine falls on both.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.sample_township import DATA

RATIO, GIGABYTES, ROUNDS = 4.0, 2.0, 2
INCIDENTS = "事件导出.csv"
_READ = """
import duckdb, sys
connection = duckdb.connect(sys.argv[2])
connection.execute("SET enable_progress_bar = false")
connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?, all_varchar = true, header = true)", [sys.argv[1]])
connection.close()
"""


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds and peak GB (proportional share of all processes of the command). Raises CalledProcessError when it fails."""
    started, peak = time.monotonic(), 0.0
    process = psutil.Popen(command, cwd=DATA.parent, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(0.2)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.monotonic() - started, peak


def report(source: Path) -> bool:
    """Prints the table; true when every target is met."""
    with tempfile.TemporaryDirectory(prefix="bench_") as folder:
        into_file, in_memory, builds, peaks = [], [], [], []
        for number in range(ROUNDS):
            csv = str(source / "inbox" / INCIDENTS)
            into_file.append(measured([sys.executable, "-c", _READ, csv, str(Path(folder) / f"floor_{number}.duckdb")])[0])
            in_memory.append(measured([sys.executable, "-c", _READ, csv, ":memory:"])[0])
            root = Path(folder) / f"root_{number}"
            (root / "inbox").mkdir(parents=True)
            shutil.copy(csv, root / "inbox")
            seconds, peak = measured([sys.executable, "-m", "etl", "--data", str(root), "build"])
            builds.append(seconds)
            peaks.append(peak)
            shutil.rmtree(root)
    floor, memory_floor, build = (statistics.median(times) for times in (into_file, in_memory, builds))
    print(f"read_csv, all text, into a database file  {floor:6.1f} s")
    print(f"read_csv, all text, into memory           {memory_floor:6.1f} s")
    print(
        f"build (incidents only, from CSV)          {build:6.1f} s = {build / floor:.1f} × the file (≤ {RATIO:.0f}), {build / memory_floor:.1f} × memory"
    )
    print(f"peak memory of the build                  {max(peaks):6.2f} GB (≤ {GIGABYTES:.0f})")
    return build <= RATIO * floor and max(peaks) <= GIGABYTES


def _memory(process: psutil.Process) -> float:
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1e9


if __name__ == "__main__":
    sys.exit(0 if report(Path(sys.argv[1])) else 1)
