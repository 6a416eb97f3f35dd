"""How often a fair comparison calls a community by chance alone, and how long it takes.

usage: python -m tests.benchmarks.bench_fairness FOLDER   (a folder of published builds)

Every case keeps what it is and how it went, and loses whose it is: the cases of a stratum are dealt out anew among the communities,
each of which keeps as many of every stratum as it had. Whoever is then outside the limits is so by luck. Printed, not a target: of a
dozen communities one in forty deals may have one outside the 99.8 % limits.
"""

from __future__ import annotations

import statistics
import sys
import time
import timeit
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dashboard.access import LOCAL
from dashboard.metrics.catalogue import catalogue
from dashboard.queries.case_mix import CaseMix, case_mix
from dashboard.queries.closing_times import closing_times
from dashboard.reading.closing_curve import closing_curve
from dashboard.reading.fairness import OUTSIDE, compared, concluded, fair
from dashboard.reading.frames import UNMATCHED
from dashboard.reading.visit import Visit
from dashboard.statistics.inequality import gini_interval
from dashboard.statistics.intervals import wilson
from dashboard.statistics.survival import counted, incidence, kaplan_meier
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse

DEALS = 400
PERIODS = ("last_4_weeks", "last_12_weeks", "this_year", "all")
KEYS = ("on_time_closure_rate", "solved_rate")
Numbers = npt.NDArray[np.float64]


def dealt(mix: CaseMix, generator: np.random.Generator) -> CaseMix:
    """Events dealt out within each stratum, without replacement; sums of credits are rounded to whole events."""
    events, cases = np.empty_like(mix.cases), mix.cases.astype(np.int64)
    for stratum in range(cases.shape[1]):
        sizes = cases[:, stratum]
        good = min(round(float(mix.events[:, stratum].sum())), int(sizes.sum()))
        events[:, stratum] = generator.multivariate_hypergeometric(sizes, good) if good else 0
    return CaseMix(mix.units, events, mix.cases)


def false_alarms(snapshot: Snapshot, key: str, period: str, deals: int) -> str:
    """One line: how many deals call anybody, as it is, at equal mix, and at last."""
    definition, view = catalogue().metric(key), View(period=period)
    days = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    found = case_mix(snapshot, definition, view, (days.start, days.end), "community")
    kept = [place for place, unit in enumerate(found.units) if unit != UNMATCHED]
    mix = CaseMix(tuple(found.units[place] for place in kept), found.events[kept], found.cases[kept])
    generator, calls = np.random.default_rng(1), {"as it is": 0, "at equal mix": 0, "called better or worse": 0}
    for _ in range(deals):
        deal = dealt(mix, generator)
        x, n = deal.events.sum(axis=1), deal.cases.sum(axis=1)
        units = compared(definition, deal.units, deal.units, (x, n), float(x.sum() / n.sum()), deal).units
        calls["as it is"] += bool((units["beyond"].abs() >= OUTSIDE).any())
        calls["at equal mix"] += bool((units["adjusted_beyond"].abs() >= OUTSIDE).any())
        calls["called better or worse"] += bool((units["stand"] != "alike").any())
    said = []
    for name, count in calls.items():
        low, high = (100 * float(bound) for bound in wilson(count, deals))
        said.append(f"{name} {100 * count / deals:.1f} % ({low:.1f}–{high:.1f})")
    return f"fairness by chance alone, {key}, {period}: of {deals} deals call somebody: {', '.join(said)}"


def seconds(snapshot: Snapshot, period: str) -> str:
    """One line: what the comparison and the curve add to their queries."""
    view = View(period=period)
    days = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    columns: dict[str, list[float]] = {"mix query": [], "comparison": [], "curve query": [], "curve": []}
    for _ in range(5):
        visit = Visit(snapshot, view, LOCAL)
        numbers = visit.numbers(KEYS[:1], by=("community",))
        times = [time.perf_counter()]
        case_mix(snapshot, catalogue().metric(KEYS[0]), view, (days.start, days.end), "community")
        times.append(time.perf_counter())
        concluded(visit, fair(visit, KEYS[0], numbers))
        times.append(time.perf_counter())
        closing_times(snapshot, view, (days.start, days.end))
        times.append(time.perf_counter())
        closing_curve(visit)
        times.append(time.perf_counter())
        for column, (start, end) in zip(columns.values(), pairwise(times), strict=True):
            column.append(1000 * (end - start))
    typical = {name: statistics.median(values) for name, values in columns.items()}
    return (
        f"fairness of {period}: {typical['mix query']:.0f} ms to count, {typical['comparison'] - typical['mix query']:.0f} ms to compare; "
        f"closing curve {typical['curve query']:.0f} ms to count, {typical['curve'] - typical['curve query']:.0f} ms to draw"
    )


def alone() -> str:
    """One line: the two statistics that are worked out of most, without a query."""
    generator, took = np.random.default_rng(1), {"a million cases' curves": 0.0, "130 grids' Gini interval": 0.0}
    lasted, how = np.floor(generator.exponential(200, 1_000_000)), generator.integers(0, 3, 1_000_000)

    def curves() -> None:
        cases = counted(lasted, how)
        kaplan_meier(cases)
        incidence(cases)

    for name, work in zip(took, (curves, lambda: gini_interval(np.arange(130.0), np.ones(130))), strict=True):
        took[name] = 1000 * min(timeit.repeat(work, number=1, repeat=5))
    return ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in took.items())


def report(snapshot: Snapshot, deals: int = DEALS) -> None:
    """Prints all lines."""
    for key in KEYS:
        for period in PERIODS:
            print(false_alarms(snapshot, key, period, deals), flush=True)
    for period in PERIODS[1:]:
        print(seconds(snapshot, period), flush=True)
    print(alone(), flush=True)


if __name__ == "__main__":
    warehouse = Warehouse(Path(sys.argv[1]))
    report(warehouse.current(), *(int(given) for given in sys.argv[2:3]))
    warehouse.close()
