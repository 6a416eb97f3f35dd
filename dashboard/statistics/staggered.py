"""Did something help that communities began at different times? Difference in differences for staged adoption, with few units.

Those that have begun are held, week by week, against those that had not begun yet (Callaway and Sant'Anna 2021). Whether it could be
chance is told by dealing the dates out anew among the units: with twelve of them no formula for standard errors can be trusted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.cohorts import Cells, Codes, Comparison, after, before, courses, effects, errors, halves, since
from dashboard.statistics.interrupted import NO_EFFECT_KNOWN, Effect, Kind
from dashboard.statistics.ratios import Numbers

PERMUTATIONS, SEED = 2000, 20260101
BASE_WEEKS = 52
"""Weeks before its date with which the weeks after are compared: a year, so that no season is missing."""
LEAST_BEFORE = 12
"""Weeks before its date that a unit must have been seen; one that began earlier is left out altogether."""
LONG_BEFORE, LEAST_AFTER = 26, 12
"""Weeks from which on there are enough not to warn: before every date, and after the best known."""
STEP = 4
"""Weeks taken together on the course by weeks since adoption."""
_UNLIKELY = 0.05
_BATCH, _BATCH_CELLS = 250, 4_000_000
"""Ways worked out at once, at most, and what they may hold together: ways × units × weeks."""
_ROUNDS = 2  # of the inversion of the test, which has settled by then
_PASSES = 3 + 2 * _ROUNDS + 2  # over all deals, of all that is asked of them
_TIE = 1e-9

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Panel:
    """top ÷ bottom is the number: units × weeks of events and exposure, events and cases, or sums and n; NaN where not seen.

    adopted: place of each unit's first week with the policy; NaN for never.
    """

    kind: Kind
    top: npt.ArrayLike
    bottom: npt.ArrayLike
    adopted: npt.ArrayLike


@dataclass(frozen=True)
class Cohort:
    """Units that began in one week. weeks: how many of it on others had still to begin; 0: nothing to compare with."""

    week: int
    units: tuple[int, ...]
    weeks: int
    effect: Effect


@dataclass(frozen=True)
class Since:
    """first, last: weeks since adoption; 0 is the first with the policy, −1 the last without · units: how many speak here."""

    first: int
    last: int
    units: int
    effect: Effect


@dataclass(frozen=True)
class Staggered:
    """effect: of all units and weeks that can be compared: a ratio of observed to expected for counts, else what they differ by.

    before: the same for the later half of the base weeks against the earlier, when nothing had begun · cohorts, since: intervals by
    the spread that dealing out showed for `effect`, scaled to their size; no tests of their own · observed, expected: units × weeks, of
    `top`; NaN where nothing is compared · without: the effect when that unit is left out, NaN where nothing can be compared then ·
    assignments: how often the dates were dealt out · is_exact: these are all ways to do so · is_firm: there is an interval.
    """

    is_firm: bool
    effect: Effect
    before: Effect
    cohorts: tuple[Cohort, ...]
    since: tuple[Since, ...]
    observed: Numbers
    expected: Numbers
    without: Numbers
    assignments: int
    is_exact: bool
    left_out: tuple[int, ...]
    cautions: tuple[str, ...]


def staggered(
    panel: Panel,
    *,
    permutations: int = PERMUTATIONS,
    base_weeks: int = BASE_WEEKS,
    confidence: float = 0.95,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Staggered:
    """progress: told how much of how much is done. Left out: units that began in the first twelve weeks, or were not seen.

    The interval holds every effect that, taken away again, leaves no more than dealing out the dates would (Rosenbaum 2002), with equal
    tails. What is compared is the effect over its standard error, as units differ in size (MacKinnon and Webb 2020).
    """
    every, left_out = _cells(panel, base_weeks)
    kept = np.array([unit for unit in range(len(every.codes)) if unit not in left_out], dtype=np.intp)
    cells = _of(every, kept)
    asked = after(cells, base_weeks)
    if not asked:
        return _no_verdict(every, left_out)
    shown = [*before(cells, base_weeks), *asked]
    deals, is_exact = _dealt(cells.codes, permutations, seed)
    batch = _batch(cells)
    chance = _Chance(deals, confidence, batch, _Told(progress, _PASSES * math.ceil(len(deals) / batch)))
    effect, spread = chance.inverted(cells, asked)
    calm = cells.without(_added(cells.kind, effect.value))
    earlier = chance.tested(calm, halves(cells, base_weeks))
    one = _Shown(calm, effect.value, chance.limits(spread))
    without = _without(cells, kept, base_weeks, len(every.codes))
    return Staggered(
        chance.is_enough,
        effect,
        earlier,
        tuple(_cohort(one, kept, asked, cohort) for cohort in range(len(cells.dates))),
        tuple(_since(one, shown)),
        *_observed_and_expected(cells, shown, kept, every.top.shape),
        without,
        len(deals),
        is_exact,
        left_out,
        _cautions(cells, asked, effect, earlier, without[kept], left_out),
    )


class _Told:
    """How many batches of how many are done."""

    def __init__(self, progress: Progress | None, of: int) -> None:
        self._progress, self._of, self._done = progress, of, 0

    def step(self) -> None:
        self._done += 1
        if self._progress:
            self._progress(min(self._done, self._of), self._of)


@dataclass(frozen=True)
class _Chance:
    """deals: ways × units, who began when; the first way is what happened · batch: how many are worked out at once."""

    deals: Codes
    confidence: float
    batch: int
    told: _Told

    @property
    def is_enough(self) -> bool:
        """Whether so few ways can be beyond both limits that there are limits."""
        return self._outside >= 1

    @property
    def _outside(self) -> int:
        return math.floor(len(self.deals) * (1 - self.confidence) / 2 + _TIE)

    def limits(self, spread: Numbers) -> tuple[float, float]:
        """Below and above which what happened would be further out than chance allows; infinite with too few ways."""
        ordered = np.sort(spread)
        return (float(ordered[self._outside]), float(ordered[-1 - self._outside])) if self.is_enough else (-math.inf, math.inf)

    def p(self, spread: Numbers) -> float:
        """Twice the share of ways as far out on its side as what happened."""
        margin = _TIE * float(np.abs(spread).max())
        return min(1.0, 2 * float(min((spread >= spread[0] - margin).mean(), (spread <= spread[0] + margin).mean())))

    def inverted(self, cells: Cells, asked: Sequence[Comparison]) -> tuple[Effect, Numbers]:
        """The effect with the interval of all that are not refuted, and the spread once it is taken away."""
        value = float(effects(cells, asked, cells.codes[None, :])[0])
        calm = cells.without(value)
        scale = self._over(errors, calm, asked)
        spread = self._over(effects, calm, asked) / scale
        ends = []
        for side in (1, 0):
            end = value - scale[0] * self.limits(spread)[side]
            for _ in range(_ROUNDS if self.is_enough else 0):
                end = value - scale[0] * self.limits(self._over(effects, cells.without(end), asked) / scale)[side]
            ends.append(end)
        return _effect(cells.kind, value, ends[0], ends[1], self.p(self._over(effects, cells, asked) / scale)), spread

    def tested(self, cells: Cells, asked: Sequence[Comparison]) -> Effect:
        """An effect that ought to be none, with the interval that its spread over the ways to deal out the dates gives it."""
        found, scale = self._over(effects, cells, asked), self._over(errors, cells, asked)
        low, high = self.limits(found / scale)
        return _effect(cells.kind, found[0], found[0] - scale[0] * high, found[0] - scale[0] * low, self.p(found / scale))

    def _over(
        self, statistic: Callable[[Cells, Sequence[Comparison], Codes], Numbers], cells: Cells, asked: Sequence[Comparison]
    ) -> Numbers:
        found = []
        for start in range(0, len(self.deals), self.batch):
            found.append(statistic(cells, asked, self.deals[start : start + self.batch]))
            self.told.step()
        return np.concatenate(found)


@dataclass(frozen=True)
class _Shown:
    """Parts of the effect, with intervals as wide as the whole's limits make them. calm: the numbers with the effect taken away."""

    calm: Cells
    value: float
    limits: tuple[float, float]

    def part(self, asked: Sequence[Comparison], *, is_after: bool) -> Effect:
        """NaN without any comparison. Weeks after get back the effect that was taken away."""
        if not asked:
            return NO_EFFECT_KNOWN
        codes = self.calm.codes[None, :]
        left, error = float(effects(self.calm, asked, codes)[0]), float(errors(self.calm, asked, codes)[0])
        middle = left + (_added(self.calm.kind, self.value) if is_after else 0.0)
        low, high = self.limits
        return _effect(self.calm.kind, middle, middle - error * high, middle - error * low, math.nan)


def _cells(panel: Panel, base_weeks: int) -> tuple[Cells, tuple[int, ...]]:
    """All units, and which of them cannot be used."""
    top, bottom = np.broadcast_arrays(np.asarray(panel.top, dtype=np.float64), np.asarray(panel.bottom, dtype=np.float64))
    adopted = np.asarray(panel.adopted, dtype=np.float64)
    is_seen = ~np.isnan(top) & (bottom > 0)
    late = adopted >= top.shape[1]  # after the last week: not begun as far as is known
    adopted = np.where(late, np.nan, adopted)
    dates = tuple(int(date) for date in np.unique(adopted[~np.isnan(adopted)]) if date >= LEAST_BEFORE)
    codes = np.where(np.isnan(adopted), len(dates), np.searchsorted(dates, adopted)).astype(np.intp)
    cells = Cells(panel.kind, np.where(is_seen, top, 0.0), np.where(is_seen, bottom, 0.0), dates, codes)
    return cells, tuple(np.flatnonzero((adopted < LEAST_BEFORE) | _unseen(cells, base_weeks)).tolist())


def _unseen(cells: Cells, base_weeks: int) -> npt.NDArray[np.bool_]:
    """Units without anything to start from before one of the dates, or never seen after it: to none of them could that date be dealt."""
    unseen = np.zeros(len(cells.codes), dtype=bool)
    start = cells.top if cells.kind == "count" else cells.bottom
    compared = after(cells, base_weeks)
    for cohort in {comparison.cohort for comparison in compared}:
        own = [comparison for comparison in compared if comparison.cohort == cohort]
        unseen |= start[:, own[0].base].sum(axis=1) <= 0
        unseen |= cells.bottom[:, own[0].weeks.start : own[-1].weeks.stop].sum(axis=1) <= 0
    return unseen


def _of(cells: Cells, units: npt.NDArray[np.intp]) -> Cells:
    """Those units alone; cohorts without any are gone."""
    codes = cells.codes[units]
    left = [code for code in range(len(cells.dates)) if np.any(codes == code)]
    numbers = np.searchsorted([*left, len(cells.dates)], codes).astype(np.intp)
    return Cells(cells.kind, cells.top[units], cells.bottom[units], tuple(cells.dates[code] for code in left), numbers)


def _batch(cells: Cells) -> int:
    """Ways at once: fewer of many units, so that memory stays small."""
    return max(1, min(_BATCH, _BATCH_CELLS // max(cells.top.size, 1)))


def _dealt(codes: Codes, permutations: int, seed: int) -> tuple[Codes, bool]:
    """Ways to deal out the dates, what happened first: all of them where they are no more than asked for."""
    if _ways(codes) <= permutations:
        others = [way for way in _arrangements(Counter(codes.tolist()), len(codes)) if way != tuple(codes)]
        return np.array([tuple(codes), *others], dtype=np.intp), True
    drawn = np.random.default_rng(seed).permuted(np.tile(codes, (permutations - 1, 1)), axis=1)
    return np.concatenate([codes[None, :], drawn]), False


def _ways(codes: Codes) -> int:
    return math.factorial(len(codes)) // math.prod(math.factorial(count) for count in Counter(codes.tolist()).values())


def _arrangements(left: Counter[int], size: int) -> Iterator[tuple[int, ...]]:
    """All different orders of what is left."""
    if not size:
        yield ()
    for code in sorted(left):
        if left[code]:
            left[code] -= 1
            yield from ((code, *rest) for rest in _arrangements(left, size - 1))
            left[code] += 1


def _without(cells: Cells, kept: npt.NDArray[np.intp], base_weeks: int, size: int) -> Numbers:
    """The effect without each unit."""
    found = np.full(size, np.nan)
    for place, unit in enumerate(kept):
        fewer = _of(cells, np.delete(np.arange(len(kept)), place))
        if asked := after(fewer, base_weeks):
            found[unit] = _given(cells.kind, float(effects(fewer, asked, fewer.codes[None, :])[0]))
    return found


def _cohort(shown: _Shown, kept: npt.NDArray[np.intp], asked: Sequence[Comparison], cohort: int) -> Cohort:
    own = [one for one in asked if one.cohort == cohort]
    weeks = sum(one.weeks.stop - one.weeks.start for one in own)
    units = tuple(kept[shown.calm.codes == cohort].tolist())
    return Cohort(shown.calm.dates[cohort], units, weeks, shown.part(own, is_after=True))


def _since(shown: _Shown, asked: Sequence[Comparison]) -> Iterator[Since]:
    """The course by weeks since adoption, a few weeks at a time."""
    dates = shown.calm.dates
    earliest = min(one.weeks.start - dates[one.cohort] for one in asked)
    latest = max(one.weeks.stop - dates[one.cohort] for one in asked)
    for first in range(math.floor(earliest / STEP) * STEP, latest, STEP):
        last = first + STEP - 1
        parts = since(shown.calm, asked, first, last)
        units = int(np.isin(shown.calm.codes, [one.cohort for one in parts]).sum())
        yield Since(first, last, units, shown.part(parts, is_after=first >= 0))


def _observed_and_expected(
    cells: Cells, shown: Sequence[Comparison], kept: npt.NDArray[np.intp], shape: tuple[int, ...]
) -> tuple[Numbers, Numbers]:
    observed, expected = np.full(shape, np.nan), np.full(shape, np.nan)
    expected[kept] = courses(cells, shown)
    observed[kept] = np.where(np.isnan(expected[kept]), np.nan, cells.top)
    return observed, expected


def _cautions(
    cells: Cells, asked: Sequence[Comparison], effect: Effect, earlier: Effect, without: Numbers, left_out: tuple[int, ...]
) -> tuple[str, ...]:
    compared = {one.cohort for one in asked}
    found = {
        "few_weeks_before": min(one.base.stop - one.base.start for one in asked) < LONG_BEFORE,
        "few_weeks_after": max(one.weeks.stop - cells.dates[one.cohort] for one in asked) < LEAST_AFTER,
        "one_cohort": len(compared) == 1,
        "nobody_left_to_compare": len(compared) < len(cells.dates),
        "unit_dominates": _is_dominated(cells.kind, effect, without),
        "trend_before": earlier.p < _UNLIKELY,
        "few_assignments": math.isinf(effect.high),
        "units_left_out": bool(left_out),
    }
    return tuple(code for code, is_so in found.items() if is_so)


def _is_dominated(kind: Kind, effect: Effect, without: Numbers) -> bool:
    """Whether the effect hangs on one unit: without it nothing can be compared, or the effect moves by more than a third of its
    interval, and by more than all other units together move it (in squares).
    """
    middle, low, high = (_added(kind, value) for value in (effect.value, effect.low, effect.high))
    moved = np.array([_added(kind, float(value)) - middle for value in without])
    squares = moved**2
    return bool(np.isnan(moved).any() or (np.abs(moved).max() > (high - low) / 3 and squares.max() > squares.sum() / 2))


def _no_verdict(cells: Cells, left_out: tuple[int, ...]) -> Staggered:
    blank = np.full(cells.top.shape, np.nan)
    nothing = NO_EFFECT_KNOWN
    return Staggered(False, nothing, nothing, (), (), blank, blank, blank[:, 0], 0, False, left_out, ("nothing_to_compare",))


def _effect(kind: Kind, value: float, low: float, high: float, p: float) -> Effect:
    return Effect(_given(kind, value), _given(kind, low), _given(kind, high), p)


def _given(kind: Kind, value: float) -> float:
    """What is added up, as a reader sees it."""
    return math.exp(value) if kind == "count" else float(value)


def _added(kind: Kind, value: float) -> float:
    """What a reader sees, as it is added up; a ratio of 0 is the end of what is possible."""
    return value if kind != "count" else math.log(value) if value > 0 else -math.inf
