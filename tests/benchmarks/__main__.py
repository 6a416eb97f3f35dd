"""All benchmarks on a sample of 1,000,000 incidents: python -m tests.benchmarks [FOLDER to keep the sample in]."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from dashboard.warehouse import Warehouse
from etl.build import build
from etl.ledger import DataRoot
from etl.sample import write_sample
from tests.benchmarks import (
    bench_build,
    bench_desk,
    bench_evaluation,
    bench_fairness,
    bench_import,
    bench_metrics,
    bench_noise,
    bench_press,
    bench_report,
    bench_screen,
    bench_signals,
    bench_truths,
)
from tests.sample_township import DATA, built_sample

INCIDENTS = 1_000_000


def main(folder: Path) -> int:
    """0 when every target is met."""
    root = DataRoot(folder, DATA)
    if not (root.inbox / bench_build.INCIDENTS).exists():
        print(f"writing a sample of {INCIDENTS:,} incidents …", flush=True)
        write_sample(root.inbox, incidents=INCIDENTS, plain=True)
    print("\n== build ==", flush=True)
    met = bench_build.report(root.path)
    print("\n== reading exports ==", flush=True)
    met = bench_import.report(root.path) and met
    print("\n== pages and metrics ==", flush=True)
    files = sorted(root.inbox.iterdir())
    kept = DataRoot(folder / "built", DATA)
    build(kept, files)
    warehouse = Warehouse(kept.warehouse)
    met = bench_metrics.report(warehouse.current()) and met
    print("\n== questions ==", flush=True)
    bench_signals.report(warehouse.current())
    print("\n== fair comparison ==", flush=True)
    bench_fairness.report(warehouse.current())
    print("\n== verdicts of weeks ==", flush=True)
    bench_noise.report(warehouse.current())
    warehouse.close()
    print("\n== planted truths ==", flush=True)
    met = bench_truths.report() and met
    print("\n== policy evaluation ==", flush=True)
    met = bench_evaluation.report() and met
    print("\n== screen ==", flush=True)
    met = bench_screen.report(kept.warehouse) and met
    print("\n== weekly report ==", flush=True)
    met = bench_press.report() and met
    met = bench_report.report(kept.path) and met
    small = built_sample(folder / "small")
    met = bench_report.report(small.path) and met
    print("\n== the desk of researchers ==", flush=True)
    met = bench_desk.report(kept.path) and met
    print("\nall targets met" if met else "\nTARGET MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory(prefix="township_bench_") as scratch:
        sys.exit(main(Path(scratch)))
