"""What the questions are answered from: events and cases of every unit, from one scan a table and kind of unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.metrics.compute import compute
from dashboard.signals.detectors import GRID, SCANNED, STRATUM, WORKER, metrics_by
from dashboard.view import View
from dashboard.warehouse import Snapshot

Numbers = npt.NDArray[np.float64]
EARLIER = timedelta(weeks=52)
"""How far back a unit's own earlier level reaches."""
UNMATCHED = "unmatched"


@dataclass(frozen=True)
class Counts:
    """Units in order; events and cases: units × strata. Cases without a known unit are left out of units and others alike."""

    units: tuple[str, ...]
    events: Numbers
    cases: Numbers


@dataclass(frozen=True)
class Asked:
    """Everything the questions need. counts: (metric, dimension) → counts of the view's period · before: the same of the 52 weeks
    before it, for jumps; a (metric, dimension) that has no earlier days is not in it · homes: (dimension, grid or worker) → its community.
    """

    counts: Mapping[tuple[str, str], Counts]
    before: Mapping[tuple[str, str], Counts] = field(default_factory=dict)
    homes: Mapping[tuple[str, str], str] = field(default_factory=dict)


def counted(snapshot: Snapshot, view: View) -> Asked:
    """The counts of a view."""
    period = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    earlier = max(period.start - EARLIER, snapshot.build.data_from), period.start - timedelta(days=1)
    counts: dict[tuple[str, str], Counts] = {}
    before: dict[tuple[str, str], Counts] = {}
    for kinds in SCANNED:
        frame = compute(snapshot, metrics_by(kinds), view, (*kinds, STRATUM), min_n=0)
        counts |= {key: found for kind in kinds for key, found in counts_of(frame, kind).items()}
        if (jumps := metrics_by(kinds, jumps_only=True)) and earlier[0] <= earlier[1]:
            frame = compute(snapshot, jumps, view, kinds, period=earlier, min_n=0)
            before |= {key: found for kind in kinds for key, found in counts_of(frame, kind).items()}
    return Asked(counts, before, snapshot.remembered("homes", lambda: _homes(snapshot)))


def _homes(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """The community of every grid, and of every grid worker the last one worked in."""
    grids = snapshot.rows("SELECT grid_id, community_code FROM core.grid")
    workers = snapshot.rows("SELECT worker_id, arg_max(community_code, valid_from) FROM core.worker GROUP BY worker_id")
    return {(GRID, code): home for code, home in grids} | {(WORKER, code): home for code, home in workers}


def counts_of(frame: pd.DataFrame, dimension: str) -> dict[tuple[str, str], Counts]:
    """frame: dimension, maybe category and others, metric, numerator, denominator → the counts of each metric.

    Units without a name and the unmatched bucket are left out.
    """
    units, unit = _numbered(frame[dimension])
    strata, stratum = _numbered(frame[STRATUM]) if STRATUM in frame else ([""], np.zeros(len(frame), dtype=np.intp))
    metrics, metric = _numbered(frame["metric"])
    shape = len(metrics), len(units), len(strata)
    events, cases = np.zeros(shape), np.zeros(shape)
    np.add.at(events, (metric, unit, stratum), frame["numerator"].to_numpy(dtype=float))
    np.add.at(cases, (metric, unit, stratum), frame["denominator"].to_numpy(dtype=float))
    is_named = np.array([name not in ("", UNMATCHED) for name in units], dtype=bool)
    found = {}
    for key, own_events, own_cases in zip(metrics, events, cases, strict=True):
        kept = is_named & (own_cases.sum(axis=1) > 0)
        names = tuple(name for name, is_kept in zip(units, kept, strict=True) if is_kept)
        found[key, dimension] = Counts(names, own_events[kept], own_cases[kept])
    return found


def _numbered(column: pd.Series[str]) -> tuple[list[str], npt.NDArray[np.intp]]:
    """The distinct values in order, a missing one as empty text, and the number of each row's own."""
    values = [value if isinstance(value, str) else "" for value in column.tolist()]
    names = sorted(set(values))
    numbers = {name: number for number, name in enumerate(names)}
    return names, np.array([numbers[value] for value in values], dtype=np.intp)
