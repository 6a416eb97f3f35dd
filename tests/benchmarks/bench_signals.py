"""How often the questions are raised by chance alone, and how long they take to answer.

usage: python -m tests.benchmarks.bench_signals FOLDER   (a folder of published builds)

The cases of a period keep what they are and lose whose they are: communities, departments, grids and grid workers are dealt out anew
among the cases of the same work content. Whatever stands out then does so by luck. Printed, not a target: at most one view in twenty
should raise any question.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.metrics.catalogue import Metric, Term, catalogue
from dashboard.metrics.dimensions import dimension
from dashboard.signals.counts import EARLIER, UNMATCHED, Asked, Counts, counted
from dashboard.signals.detectors import DETECTORS, SCANNED, STRATUM, metrics_by
from dashboard.signals.judge import judged
from dashboard.statistics.intervals import wilson
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse

DEALS = 200
VIEWS = {"12 weeks": View(), "last month": View(period="last_month"), "this year": View(period="this_year")}
KINDS = tuple(kind for kinds in SCANNED for kind in kinds)


@dataclass(frozen=True)
class Deck:
    """The cases of one table and date. units: kind → (its units, the number of each case's own, −1 for none) · strata: number of the
    work content · parts: metric → (counts as numerator, as denominator) · is_before: dated in the 52 weeks before the period, for jumps.
    """

    units: dict[str, tuple[tuple[str, ...], npt.NDArray[np.intp]]]
    strata: npt.NDArray[np.intp]
    parts: dict[str, tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]
    is_before: npt.NDArray[np.bool_]


def decks(snapshot: Snapshot, view: View) -> list[Deck]:
    """What is dealt: all cases the questions of a view rest on."""
    period = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    keys = {key for kinds in SCANNED for key in metrics_by(kinds)}
    asked = [catalogue().metric(key) for key in sorted(keys)]
    places = sorted({(term.table, term.period) for metric in asked if (term := metric.numerator)})
    return [_deck(snapshot, table, dated, asked, period.start, period.end) for table, dated in places]


def _deck(snapshot: Snapshot, table: str, dated: str, asked: list[Metric], start: date, end: date) -> Deck:
    own = [metric for metric in asked if metric.numerator and (metric.numerator.table, metric.numerator.period) == (table, dated)]
    kinds = [kind for kind in KINDS if dimension(kind).column(table, dated)]
    columns = [f"{dimension(kind).column(table, dated)} AS {kind}" for kind in kinds]
    flags = [f"coalesce({_where(term)}, false)" for metric in own for term in (metric.numerator, metric.denominator) if term]
    names = [f"f{number}" for number in range(len(flags))]
    frame = snapshot.query(
        f"SELECT {', '.join(columns)}, {dimension(STRATUM).column(table, dated)} AS stratum, {dated} < ? AS is_before, "
        f"{', '.join(f'{flag} AS {name}' for flag, name in zip(flags, names, strict=True))} "
        f"FROM {table} WHERE {dated} BETWEEN ? AND ?",
        [start, start - EARLIER, end],
    )
    pairs = zip(own, zip(names[::2], names[1::2], strict=True), strict=True)
    parts = {metric.key: (frame[top].to_numpy(bool), frame[bottom].to_numpy(bool)) for metric, (top, bottom) in pairs}
    return Deck(
        {kind: _units(frame[kind]) for kind in kinds}, pd.factorize(frame["stratum"])[0], parts, frame["is_before"].to_numpy(bool)
    )


def _units(column: pd.Series[str]) -> tuple[tuple[str, ...], npt.NDArray[np.intp]]:
    numbers, units = pd.factorize(column.mask(column == UNMATCHED))
    return tuple(units.tolist()), numbers


def _where(term: Term) -> str:
    return f"({term.where}) AND ({term.condition})"


def deals(deck: Deck, generator: np.random.Generator) -> Iterator[tuple[bool, tuple[str, str], Counts]]:
    """(is before, metric and kind, counts) of one new deal of the deck."""
    order = np.lexsort((generator.random(len(deck.strata)), deck.strata))
    dealt = np.empty(len(order), dtype=np.intp)
    dealt[np.argsort(deck.strata, kind="stable")] = order
    width = int(deck.strata.max()) + 1
    for kind, (units, numbers) in deck.units.items():
        unit = numbers[dealt]
        place = unit * width + deck.strata
        for is_before in (False, True):
            here = (deck.is_before == is_before) & (unit >= 0)
            for key, parts in deck.parts.items():
                events, cases = (np.bincount(place[here & part], minlength=len(units) * width).astype(float) for part in parts)
                yield is_before, (key, kind), _counts(units, events.reshape(-1, width), cases.reshape(-1, width))


def _counts(units: tuple[str, ...], events: npt.NDArray[np.float64], cases: npt.NDArray[np.float64]) -> Counts:
    kept = cases.sum(axis=1) > 0
    return Counts(tuple(unit for unit, is_kept in zip(units, kept, strict=True) if is_kept), events[kept], cases[kept])


def dealt(made: list[Deck], generator: np.random.Generator) -> Asked:
    """One deal of everything."""
    now: dict[tuple[str, str], Counts] = {}
    before: dict[tuple[str, str], Counts] = {}
    jumps = {(detector.metric, by) for detector in DETECTORS if detector.is_jump for by in detector.by}
    for deck in made:
        for is_before, key, counts in deals(deck, generator):
            if not is_before:
                now[key] = counts
            elif key in jumps:
                before[key] = counts
    return Asked(now, before)


def report(snapshot: Snapshot, count: int = DEALS) -> None:
    """Prints both tables."""
    for name, view in VIEWS.items():
        generator, made = np.random.default_rng(1), decks(snapshot, view)
        answers = [judged(dealt(made, generator)) for _ in range(count)]
        raised = [sum(check.raised for check in answer.checks) for answer in answers]
        some = sum(number > 0 for number in raised)
        low, high = wilson(some, count)
        print(
            f"questions by chance alone, {name:11} {some:3d} of {count} deals raise any ({100 * some / count:.1f} %, 95 % interval "
            f"{100 * float(low):.1f}–{100 * float(high):.1f} %), {sum(raised)} of {sum(a.comparisons for a in answers):,} comparisons"
        )
    for name, view in {**VIEWS, "all": View(period="all")}.items():
        times = [_seconds(snapshot, view) for _ in range(7)]
        reading, judging = (1000 * statistics.median(column) for column in zip(*times, strict=True))
        print(f"questions of {name:11} {reading:6.0f} ms to count, {judging:5.0f} ms to judge")


def _seconds(snapshot: Snapshot, view: View) -> tuple[float, float]:
    start = time.perf_counter()
    asked = counted(snapshot, view)
    middle = time.perf_counter()
    judged(asked)
    return middle - start, time.perf_counter() - middle


if __name__ == "__main__":
    warehouse = Warehouse(Path(sys.argv[1]))
    report(warehouse.current())
    warehouse.close()
