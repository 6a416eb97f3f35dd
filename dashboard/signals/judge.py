"""Counts → signals: which units stand out, by how much, among how many that were compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dashboard.signals.counts import Asked, Counts
from dashboard.signals.detectors import CEILING_BY, CEILINGS, COMMUNITY, DETECTORS, Detector
from dashboard.statistics.intervals import wilson
from dashboard.statistics.outliers import above_the_rest, discoveries, middle_half, risen_more_than_the_rest

LEAST = 30
"""Cases a unit must have before anything is said of it."""
FEWEST_UNITS = 4
"""Units there must be before one can be compared with the others."""
FALSE_SHARE = 0.05
"""Of all questions raised, the share that may be raised by chance alone."""
TIMES, POINTS = 1.5, 0.03
"""A difference that matters: so many times the others' rate and so much above it, however sure it is."""
CASES = 5
"""So many cases must surely be more than the others' level would give, or nobody need look."""
CEILING = 0.01
"""A rate whose middle half of units lies closer together tells nobody apart."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Signal:
    """A unit worth a question. n: cases the rate is taken of, numerator: those it counts · low, high: 95 % Wilson interval ·
    rest: the rate of all other units together · alike: what the unit would have if its cases went like the others' of the same
    work contents (for a jump: as it was before, changed as the others changed); None where that cannot be said · before: the
    unit's own earlier rate, for jumps · p: adjusted for all comparisons made · beside: the unit's and the others' rate of the metric
    that a good number is read with · parts: grids and grid workers of a community that stand out in the same way.
    """

    detector: Detector
    dimension: str
    unit: str
    numerator: int
    n: int
    rate: float
    low: float
    high: float
    rest: float
    alike: float | None
    before: float | None
    p: float
    beside: tuple[float, float] | None = None
    parts: tuple[Signal, ...] = ()

    @property
    def excess(self) -> float:
        """Cases that are surely more than the others' level would give: what signals are ordered by."""
        return (self.low - self.level) * self.n

    @property
    def level(self) -> float:
        """What the unit is held against: the higher of the two levels, for a jump its own."""
        if self.alike is None:
            return self.rest
        return self.alike if self.detector.is_jump else max(self.rest, self.alike)


@dataclass(frozen=True)
class Check:
    """One question asked of one kind of unit. level: of all units together, NaN with too few cases · compared, too_few: units with
    LEAST cases, and with fewer · raised: units that stand out.
    """

    detector: Detector
    dimension: str
    level: float
    compared: int
    too_few: int
    raised: int


@dataclass(frozen=True)
class Ceiling:
    """Can a rate tell units apart? middle_half: distance between its quartiles over `units` units with enough cases."""

    metric: str
    dimension: str
    units: int
    middle_half: float

    @property
    def is_flat(self) -> bool:
        return self.middle_half < CEILING


@dataclass(frozen=True)
class Answer:
    """signals, strongest first; checks in the order of the detectors."""

    signals: tuple[Signal, ...]
    checks: tuple[Check, ...]
    ceilings: tuple[Ceiling, ...]

    @property
    def comparisons(self) -> int:
        """How many were made."""
        return sum(check.compared for check in self.checks)


def judged(asked: Asked) -> Answer:
    """The questions of a view. The share of false ones is controlled over all detectors and units at once."""
    made = [(detector, by, _compared(asked, detector, by)) for detector in DETECTORS for by in detector.by]
    found = [signal for _, _, signals in made for signal in signals]
    adjusted = discoveries([signal.p for signal in found])
    sure = [replace(s, p=float(p), beside=_beside(s, asked)) for s, p in zip(found, adjusted, strict=True) if p <= FALSE_SHARE]
    raised = [signal for signal in sure if _matters(signal)]
    checks = tuple(_check(asked, detector, by, len(signals), raised) for detector, by, signals in made)
    strongest = sorted(raised, key=lambda s: (-s.excess, s.detector.id, s.unit))
    return Answer(_folded(strongest, asked), checks, _ceilings(asked))


def _folded(signals: Sequence[Signal], asked: Asked) -> tuple[Signal, ...]:
    """Grids and grid workers stand with their community where it is asked the same."""

    def home(signal: Signal) -> str:
        return asked.homes.get((signal.dimension, signal.unit), "")

    communities = {(s.detector.id, s.unit) for s in signals if s.dimension == COMMUNITY}
    inner = [s for s in signals if (s.detector.id, home(s)) in communities]
    inner.sort(key=lambda s: s.dimension)
    return tuple(
        replace(
            s, parts=tuple(p for p in inner if s.dimension == COMMUNITY and (p.detector.id, home(p)) == (s.detector.id, s.unit))
        )
        for s in signals
        if s not in inner
    )


def _check(asked: Asked, detector: Detector, by: str, compared: int, raised: Sequence[Signal]) -> Check:
    counts = asked.counts.get((detector.metric, by))
    own = sum(signal.detector is detector and signal.dimension == by for signal in raised)
    if counts is None or not counts.units:
        return Check(detector, by, float("nan"), 0, 0, 0)
    cases = float(counts.cases.sum())
    level = float(counts.events.sum()) / cases if cases >= LEAST else float("nan")
    return Check(detector, by, level, compared, len(counts.units) - compared, own)


def _compared(asked: Asked, detector: Detector, by: str) -> list[Signal]:
    """Every unit with enough cases, its p not yet adjusted; none where there are too few of them. Small units are among the others."""
    counts, before = asked.counts.get((detector.metric, by)), asked.before.get((detector.metric, by))
    if counts is None or (detector.is_jump and before is None):
        return []
    x, n = counts.events.sum(axis=1), counts.cases.sum(axis=1)
    enough, own, earlier = n >= LEAST, np.full(len(n), np.nan), None
    if detector.is_jump and before is not None:
        earlier = _at(before, counts.units)
        enough, own = enough & (earlier[1] >= LEAST), earlier[0] / np.maximum(earlier[1], 1)
    if enough.sum() < FEWEST_UNITS:
        return []
    found = above_the_rest(counts.events, counts.cases) if earlier is None else risen_more_than_the_rest(x, n, *earlier)
    low, high = wilson(x, n)
    return [
        Signal(
            detector=detector,
            dimension=by,
            unit=counts.units[i],
            numerator=round(x[i]),
            n=round(n[i]),
            rate=float(found.rate[i]),
            low=float(low[i]),
            high=float(high[i]),
            rest=float(found.rest[i]),
            alike=_known(found.alike[i]),
            before=_known(own[i]),
            p=float(found.p[i]),
        )
        for i in np.flatnonzero(enough)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _at(counts: Counts, units: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Events and cases of these units, 0 for one that is not there."""
    place = {unit: number for number, unit in enumerate(counts.units)}
    rows = [place.get(unit, -1) for unit in units]
    return np.append(counts.events.sum(axis=1), 0.0)[rows], np.append(counts.cases.sum(axis=1), 0.0)[rows]


def _matters(signal: Signal) -> bool:
    """The difference is large enough to matter; a rate near 1 is large by how little is left of it."""
    if signal.excess < CASES:
        return False
    if signal.detector.perfect:
        return (
            signal.rate >= signal.detector.perfect and (1 - signal.rate) * TIMES <= 1 - signal.level and signal.beside is not None
        )
    return signal.rate >= TIMES * signal.level and signal.rate - signal.level >= POINTS


def _beside(signal: Signal, asked: Asked) -> tuple[float, float] | None:
    """The rate that should be low where a good number is earned, the unit's and the others'; None where it is, or cases are too few."""
    counts = asked.counts.get((signal.detector.unless_low, signal.dimension))
    if counts is None or signal.unit not in counts.units:
        return None
    x, n, at = counts.events.sum(axis=1), counts.cases.sum(axis=1), counts.units.index(signal.unit)
    if n[at] < LEAST or n.sum() == n[at]:
        return None
    own, rest = float(x[at] / n[at]), float((x.sum() - x[at]) / (n.sum() - n[at]))
    return (own, rest) if own >= rest and x[at] else None


def _ceilings(asked: Asked) -> tuple[Ceiling, ...]:
    found = []
    for key in CEILINGS:
        for by in CEILING_BY:
            counts = asked.counts.get((key, by))
            x, n = (np.empty(0), np.empty(0)) if counts is None else (counts.events.sum(axis=1), counts.cases.sum(axis=1))
            if (enough := n >= LEAST).sum() >= FEWEST_UNITS:
                found.append(Ceiling(key, by, int(enough.sum()), middle_half(x[enough] / n[enough])))
    return tuple(found)
