"""How fast a page's data is, and what the metric layer adds to the SQL it runs.

usage: python -m tests.benchmarks.bench_metrics FOLDER   (a folder of published builds; meant for 1,000,000 incidents)

Targets on 2 cores: the data of a page ≤ 150 ms at the median and ≤ 400 ms at p95; overhead ≤ 3 ms a query.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.access import LOCAL
from dashboard.metrics.compute import compute
from dashboard.pages import PAGES, Page, Visit, sketch
from dashboard.pages.cases import block
from dashboard.view import View
from dashboard.warehouse import Parameters, Snapshot, Warehouse

REPEATS = 7
MEDIAN_MS, P95_MS, OVERHEAD_MS = 150, 400, 3
VIEWS = {
    "12 weeks": View(),
    "last month": View(period="last_month"),
    "last year": View(period="last_year"),
    "one community": View(community=("C03",)),
    "two categories": View(category=("03", "05"), period="this_year"),
    "all": View(period="all"),
}
LOAD = ("incidents_per_grid", "incidents_per_fte", "incidents_per_1000_households")
CALLS = (
    "satisfaction_rate", "solved_rate", "contacted_rate", "three_rate_composite", "callback_coverage", "callback_reach_rate",
    "callback_response_rate", "dissatisfied_rate",
)  # fmt: skip
CLOSURE = (
    "due", "closure_rate", "on_time_closure_rate", "on_time_closure_rate_original", "open_overdue", "open_not_due",
    "median_hours_to_close", "p90_hours_to_close",
)  # fmt: skip


ASKED: tuple[tuple[Sequence[str], tuple[str, ...]], ...] = (
    (CLOSURE, ()),
    (CLOSURE, ("week",)),
    (("reported",), ("community", "category")),
    (LOAD, ("grid",)),
    (CALLS, ("community",)),
)


def page_times(snapshot: Snapshot) -> list[tuple[str, str, float, float]]:
    """(page, view, ms of its queries, ms in all) of what a reader waits for – the parts before the first Later – of every page that asks the warehouse, medians of REPEATS drawings after one that is not counted."""
    watched = Watched(snapshot)
    return [
        (page.key, name, *_drawing(watched, page, view))
        for page in PAGES
        if page.key != "definitions"
        for name, view in VIEWS.items()
    ]


def _drawing(watched: Watched, page: Page, view: View) -> tuple[float, float]:
    runs = []
    for _ in range(REPEATS + 1):
        watched.seconds, start = 0.0, time.perf_counter()
        visit = Visit(watched, view, LOCAL, page.path)
        sketch(visit)
        if page.key == "cases":  # the grid asks for its first rows right after the page
            block(visit, {"startRow": 0, "endRow": 100, "sortModel": []})
        runs.append((watched.seconds * 1000, (time.perf_counter() - start) * 1000))
    queries, whole = (statistics.median(column) for column in zip(*runs[1:], strict=True))
    return queries, whole


class Watched(Snapshot):
    """A snapshot that adds up how long its queries take."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.__dict__.update(snapshot.__dict__)
        self.seconds = 0.0
        self.count = 0

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        start = time.perf_counter()
        found = super().rows(sql, parameters)
        self.seconds += time.perf_counter() - start
        self.count += 1
        return found


def overheads(snapshot: Snapshot, repeats: int = 41) -> list[tuple[str, float, float]]:
    """(what is asked, ms of its SQL alone, ms the metric layer adds a query), medians of the same runs."""
    watched = Watched(snapshot)
    found = []
    for keys, by in ASKED:
        compute(watched, keys, View(), by)
        runs = [_run(watched, keys, by) for _ in range(repeats)]
        sql, added = (statistics.median(column) for column in zip(*runs, strict=True))
        found.append((" ".join((*keys[:2], "… by", *by)), sql, added))
    return found


def _run(watched: Watched, keys: Sequence[str], by: tuple[str, ...]) -> tuple[float, float]:
    watched.seconds, watched.count = 0.0, 0
    start = time.perf_counter()
    compute(watched, keys, View(), by)
    whole = time.perf_counter() - start
    return watched.seconds * 1000, (whole - watched.seconds) * 1000 / watched.count


def report(snapshot: Snapshot) -> bool:
    """Prints the tables; true when every target is met."""
    times = page_times(snapshot)
    print(f"{'page':14}{'view':16}{'data, ms':>10}{'whole, ms':>11}")
    for page, view, queries, whole in times:
        print(f"{page:14}{view:16}{queries:10.0f}{whole:11.0f}")
    values = sorted(queries for _, _, queries, _ in times)
    median, p95 = statistics.median(values), values[min(len(values) - 1, round(0.95 * len(values)))]
    print(f"\npage data: median {median:.0f} ms (≤ {MEDIAN_MS}), p95 {p95:.0f} ms (≤ {P95_MS})\n")
    added = overheads(snapshot)
    for name, hand, over in added:
        print(f"{name:70}{hand:8.1f} ms of SQL {over:+6.2f} ms a query (≤ {OVERHEAD_MS})")
    return median <= MEDIAN_MS and p95 <= P95_MS and all(over <= OVERHEAD_MS for _, _, over in added)


if __name__ == "__main__":
    warehouse = Warehouse(Path(sys.argv[1]))
    met = report(warehouse.current())
    warehouse.close()
    sys.exit(0 if met else 1)
