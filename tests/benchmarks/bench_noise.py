"""How often a tile says that its weeks are more than chance when they are chance alone, beside what two periods held together said;
and how often it sees a fall.

usage: python -m tests.benchmarks.bench_noise FOLDER   (a folder of published builds)

Every week is drawn anew with the n of the build's own weeks and one and the same rate throughout: shares binomial, or varying as much
more as MORE says; counts and rates Poisson; medians of skewed lengths of time; what stands open as cases that come and stay for weeks.
Printed, not a target.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.access import LOCAL
from dashboard.metrics.catalogue import Metric
from dashboard.pages import visit_of
from dashboard.reading.control import Controlled, controlled, of_stock
from dashboard.reading.courses import FIRST, WEEKS
from dashboard.reading.noise import WITHIN, verdict
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.shell import Address
from dashboard.statistics.chart_rules import COMMON, CONCERN
from dashboard.statistics.intervals import wilson
from dashboard.warehouse import Snapshot, Warehouse

DRAWS = 1000
MORE = 2.0
"""Standard deviation of the shares that vary, as many times what n explains."""
STAY = 8.0  # weeks that an overdue case stays so, on average
STAYS = (4.0, STAY, 20.0, 1000.0)
"""The last is a random walk: nothing ever brings it back."""
RISES = (2.0, 3.0, 5.0)
SPREAD = 1.6  # of the logarithm of a length of time
FALL, FALLEN = 0.05, 6  # by how much a share falls, and how many weeks ago
HALF = 12  # weeks of a period and of the one before it
PLACES = {"the township": "/", "one community": "/?community=C08"}


def weeks_of(visit: Visit, key: str) -> pd.DataFrame:
    """The metric's own weeks, whose n is drawn on."""
    return part_of(visit.history((key,), weeks=WEEKS), key)


def drawn(definition: Metric, rows: pd.DataFrame, generator: np.random.Generator, more: float, fall: float = 0.0) -> pd.DataFrame:
    """One course by chance alone, or with a share that falls in the last weeks."""
    if definition.kind == "quantile":
        values = [float(np.exp(SPREAD * np.median(generator.standard_normal(max(int(n), 1))))) for n in rows["n"]]
        return rows.assign(value=values)
    if definition.kind == "ratio":
        size = rows["denominator"].to_numpy(dtype=float)
        mean = float(np.nansum(rows["value"] * size) / size.sum())
        chance = mean * (1 - mean) / np.maximum(size, 1)
        rate = np.clip(generator.normal(mean, np.sqrt((more**2 - 1) * chance)), 0, 1) if more > 1 else mean
        rates = np.broadcast_to(rate, size.shape) - np.where(np.arange(len(size)) >= len(size) - FALLEN, fall, 0.0)
        events = generator.binomial(size.astype(int), np.clip(rates, 0, 1))
        return rows.assign(numerator=events, value=np.where(size > 0, events / np.maximum(size, 1), np.nan))
    counts = generator.poisson(rows["numerator"].mean(), len(rows))
    exposure = rows["denominator"] if definition.kind == "rate_per" else 1.0
    return rows.assign(numerator=counts, value=counts / exposure)


def piled(stock: float, generator: np.random.Generator, *, stay: float = STAY, rise: float = 0.0) -> Controlled:
    """A stock that comes and goes at the same pace throughout, or what comes but does not go grows by `rise` a week on average."""
    now, values = stock, []
    for week in range(WEEKS + 1):
        now = generator.poisson((stock + rise * week) / stay + rise) + generator.binomial(int(now), 1 - 1 / stay)
        values.append(float(now))
    return of_stock(metric("open_overdue"), list(range(WEEKS + 1)), values)


def two_periods(definition: Metric, course: pd.DataFrame) -> bool:
    """Whether Newcombe's interval, or the split of two counts, says that the last weeks differ from those before."""
    now, before = ((rows["numerator"].sum(), rows["denominator"].sum()) for rows in (course[-HALF:], course[-2 * HALF : -HALF]))
    values = [top / n if definition.kind == "ratio" else top for top, n in (now, before)]
    return verdict(definition, values[0], now[1], values[1], before[1]) not in ("", WITHIN)


def report(snapshot: Snapshot) -> None:
    """Prints a line a place and number."""
    for place, url in PLACES.items():
        visit = visit_of(snapshot, Address.of_url(url), LOCAL)
        for key in FIRST:
            definition, rows = metric(key), weeks_of(visit, key)
            for more in (1.0, MORE) if definition.kind == "ratio" else (1.0,):
                _line(place, definition, rows, more)
    for stay in STAYS:
        said = [_is_special(partial(piled, 150.0, stay=stay), seed) for seed in range(DRAWS)]
        _said("a stock of 150", "open_overdue", f"stays {stay:.0f} weeks", said)
    for rise in RISES:
        seen = [piled(150.0, np.random.default_rng(seed), rise=rise).variation == CONCERN for seed in range(DRAWS)]
        print(f"  a stock of 150 that rises by {rise:.0f} a week is seen in {100 * sum(seen) / len(seen):.0f} %")
    _times(visit_of(snapshot, Address.of_url("/"), LOCAL))


def _line(place: str, definition: Metric, rows: pd.DataFrame, more: float) -> None:
    courses = [drawn(definition, rows, np.random.default_rng(seed), more) for seed in range(DRAWS)]
    said = [controlled(definition, course).variation not in ("", COMMON) for course in courses]
    is_compared = definition.kind == "ratio" and definition.unit == "percent"
    of_two = [two_periods(definition, course) for course in courses] if is_compared else []
    _said(place, definition.key, f"weeks vary {more:.0f} ×" if more > 1 else "", said, of_two)
    if definition.kind == "ratio":
        fallen = [drawn(definition, rows, np.random.default_rng(seed), more, FALL) for seed in range(DRAWS)]
        seen = [controlled(definition, course).variation == CONCERN for course in fallen]
        print(f"  a fall by {100 * FALL:.0f} points {FALLEN} weeks ago is seen in {100 * sum(seen) / len(seen):.0f} %")


def _is_special(make: Callable[[np.random.Generator], Controlled], seed: int) -> bool:
    return make(np.random.default_rng(seed)).variation not in ("", COMMON)


def _said(place: str, key: str, how: str, said: list[bool], of_two: list[bool] | None = None) -> None:
    low, high = wilson(sum(said), len(said))
    beside = f", two periods {100 * sum(of_two) / len(of_two):.1f} %" if of_two else ""
    print(
        f"verdict by chance alone, {place:13} {key:32} {how:15} {100 * sum(said) / len(said):4.1f} % "
        f"(95 % interval {100 * float(low):.1f}–{100 * float(high):.1f} %){beside}"
    )


def _times(visit: Visit) -> None:
    """What the verdicts of a page cost on top of its queries."""
    history = visit.history(FIRST)
    start = time.perf_counter()
    for key in FIRST:
        course = visit.control(key, part_of(history, key))
        assert course.variation or not course.is_known
    print(f"verdicts of the overview's tiles {1000 * (time.perf_counter() - start):.1f} ms")


if __name__ == "__main__":
    warehouse = Warehouse(Path(sys.argv[1]))
    report(warehouse.current())
    warehouse.close()
