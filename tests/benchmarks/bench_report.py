"""How long a weekly report takes, cold: the command in a process of its own, from its start to the file in the folder.

usage: python -m tests.benchmarks.bench_report [FOLDER of a built data root …]   (default: the sample of 60,000 incidents)

Targets on 2 cores: one report ≤ 5 s at 60,000 incidents and ≤ 8 s at 1,000,000; twelve editions in one run ≤ 20 s; ≤ 1 GB.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from dashboard.warehouse import Warehouse
from tests.sample_township import built_sample

RUNS = 3
LARGE = 500_000
PROJECT = Path(__file__).resolve().parents[2]
EDITIONS_SECONDS, MEGABYTES = 20.0, 1000.0


def report(root: Path) -> bool:
    """Prints the measures of one built data root; true when every target is met."""
    warehouse = Warehouse(root / "warehouse")
    ((incidents,),) = warehouse.current().rows("SELECT count(*) FROM core.incident")
    warehouse.close()
    target = 8.0 if incidents >= LARGE else 5.0
    seconds, megabytes = zip(*(made(root) for _ in range(RUNS)), strict=True)
    every, most = made(root, "--community", "all")
    measured = {
        "one report, s": (statistics.median(seconds), target),
        "all communities, s": (every, EDITIONS_SECONDS),
        "memory, MB": (max(*megabytes, most), MEGABYTES),
    }
    print(f"{incidents:,} incidents")
    for name, (value, limit) in measured.items():
        print(f"{name:>20} {value:8.2f}  (≤ {limit:g})")
    return all(value <= limit for value, limit in measured.values())


def made(root: Path, *options: str) -> tuple[float, float]:
    """Seconds and the most megabytes (the command and its press together) of one run in an empty archive."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "warehouse").symlink_to((root / "warehouse").resolve())
        command = [sys.executable, "-m", "dashboard", "--data", scratch, "report", *options]
        start, most = time.perf_counter(), 0.0
        process = psutil.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            most = max(most, _weight(process))
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        return seconds, most


def _weight(process: psutil.Popen) -> float:
    """Megabytes of a process and those it started; shared pages count once."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += one.memory_full_info().pss / 1e6
    return total


def main(folders: list[Path]) -> int:
    """0 when every target is met."""
    met = [report(folder) for folder in folders or [built_sample(Path(tempfile.mkdtemp(prefix="township_bench_"))).path]]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main([Path(folder) for folder in sys.argv[1:]]))
