"""What would have been expected of those that have begun, had they not: their own number before, changed as the others' changed.

The arithmetic of `staggered`, for many ways at once of telling who began when. Nobody who has begun is ever a comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dashboard.statistics.interrupted import Kind
from dashboard.statistics.ratios import Numbers, ratio

Codes = npt.NDArray[np.intp]
_HALF = 0.5  # of an event: none at all has no logarithm


@dataclass(frozen=True)
class Cells:
    """top, bottom: units × weeks, 0 where not seen · dates: first weeks of the cohorts, in order · codes: each unit's cohort,
    len(dates) for never · taken: the effect that has been taken away already.
    """

    kind: Kind
    top: Numbers
    bottom: Numbers
    dates: tuple[int, ...]
    codes: Codes
    taken: float = 0.0

    @property
    def is_with(self) -> npt.NDArray[np.bool_]:
        """Units × weeks: with the policy."""
        began = np.array([*self.dates, self.top.shape[1]])[self.codes]
        return np.asarray(np.arange(self.top.shape[1]) >= began[:, None])

    def spread(self) -> Numbers:
        """Units × weeks: variance of `top` if only chance is at work, up to a factor that all have in common.

        A count that was divided by a ratio varies less than one that came so: by its square, from the ratio-fold.
        """
        if self.kind != "count":
            return self.bottom
        rate = np.maximum(self.top.sum(axis=1), _HALF) / self.bottom.sum(axis=1)
        return np.asarray(self.bottom * rate[:, None] * np.exp(-self.taken * self.is_with))

    def without(self, effect: float) -> Cells:
        """The numbers if an effect of this size is taken away again: a logarithm for counts, else a difference."""
        has = self.is_with
        top = self.top * np.exp(-effect * has) if self.kind == "count" else self.top - effect * self.bottom * has
        return Cells(self.kind, top, self.bottom, self.dates, self.codes, self.taken + effect)


@dataclass(frozen=True)
class Comparison:
    """A cohort in some weeks, against its own base weeks and all units whose code is at least `later`."""

    cohort: int
    later: int
    base: slice
    weeks: slice


def after(cells: Cells, base_weeks: int) -> list[Comparison]:
    """All weeks since each cohort began in which somebody had not begun yet."""
    found = []
    for cohort, date in enumerate(cells.dates):
        ends = [*cells.dates[cohort:], cells.top.shape[1]]
        for place, (start, end) in enumerate(pairwise(ends)):
            if np.any(cells.codes > cohort + place):
                found.append(Comparison(cohort, cohort + place + 1, _base(date, base_weeks), slice(start, end)))
    return found


def before(cells: Cells, base_weeks: int) -> list[Comparison]:
    """The base weeks of each cohort themselves, against those that had not begun even at its date."""
    bases = [(cohort, _base(date, base_weeks)) for cohort, date in enumerate(cells.dates) if np.any(cells.codes > cohort)]
    return [Comparison(cohort, cohort + 1, base, base) for cohort, base in bases]


def halves(cells: Cells, base_weeks: int) -> list[Comparison]:
    """The later half of the base weeks against the earlier, as though the policy had begun between: nothing should be found."""
    found = []
    for comparison in before(cells, base_weeks):
        middle = (comparison.base.start + comparison.base.stop) // 2
        base, weeks = slice(comparison.base.start, middle), slice(middle, comparison.base.stop)
        found.append(Comparison(comparison.cohort, comparison.later, base, weeks))
    return found


def since(cells: Cells, asked: Sequence[Comparison], first: int, last: int) -> list[Comparison]:
    """The parts of comparisons that lie so many weeks since adoption, both ends included."""
    found = []
    for one in asked:
        date = cells.dates[one.cohort]
        start, end = max(one.weeks.start, date + first), min(one.weeks.stop, date + last + 1)
        if start < end:
            found.append(Comparison(one.cohort, one.later, one.base, slice(start, end)))
    return found


def effects(cells: Cells, asked: Sequence[Comparison], codes: Codes) -> Numbers:
    """One entry a way of telling who began when (ways × units): log of observed ÷ expected for counts, else what they differ by."""
    seen, expected, size = _totals([_Part(cells, one, codes) for one in asked])
    if cells.kind == "count":
        return np.asarray(np.log(np.maximum(seen, _HALF) / np.maximum(expected, _HALF)))
    return ratio(seen - expected, size)


def errors(cells: Cells, asked: Sequence[Comparison], codes: Codes) -> Numbers:
    """Standard errors of `effects` if only chance is at work, up to a factor that all have in common; by the delta method."""
    parts = [_Part(cells, one, codes) for one in asked]
    seen, expected, size = _totals(parts)
    up, down = (np.maximum(seen, _HALF), np.maximum(expected, _HALF)) if cells.kind == "count" else (size, size)
    slopes = np.zeros((len(codes), *cells.top.shape))
    for part in parts:
        slopes[:, :, part.asked.weeks] += part.own[:, :, None] * part.counts[:, None, :] / up[:, None, None]
        slopes[:, :, part.asked.weeks] -= part.others[:, :, None] * (part.pull / down[:, None])[:, None, :]
        slopes[:, :, part.asked.base] -= (part.anchor / down[:, None])[:, :, None]
    return np.asarray(np.sqrt(np.einsum("pit,it->p", slopes**2, cells.spread())))


def courses(cells: Cells, asked: Sequence[Comparison]) -> Numbers:
    """Expected `top`, units × weeks; NaN where nothing is compared."""
    found = np.full(cells.top.shape, np.nan)
    for one in asked:
        part = _Part(cells, one, cells.codes[None, :])
        own = cells.codes == one.cohort
        rows = part.should * part.factor if cells.kind == "count" else part.should + cells.bottom[:, one.weeks] * part.shift
        found[own, one.weeks] = np.where(part.counts[0] > 0, rows, np.nan)[own]
    return found


class _Part:
    """One comparison, ways × weeks unless said otherwise. own, others: ways × units, who is compared with whom · should: units × weeks,
    what the base weeks let expect of each · factor, shift: how the others changed · counts: 1 where others were seen, else 0.
    """

    def __init__(self, cells: Cells, asked: Comparison, codes: Codes) -> None:
        self.asked, self.kind = asked, cells.kind
        self.own, self.others = (codes == asked.cohort).astype(np.float64), (codes >= asked.later).astype(np.float64)
        top, self.bottom = cells.top[:, asked.weeks], cells.bottom[:, asked.weeks]
        self.base = cells.bottom[:, asked.base].sum(axis=1)
        self.should = self.bottom * (cells.top[:, asked.base].sum(axis=1) / self.base)[:, None]
        others_top, others_should = self.others @ top, self.others @ self.should
        self.others_size = others_should if cells.kind == "count" else self.others @ self.bottom
        self.counts = (self.others_size > 0).astype(np.float64)
        self.factor = np.nan_to_num(ratio(others_top, others_should)) if cells.kind == "count" else self.counts
        self.shift = np.nan_to_num(ratio(others_top - others_should, self.others_size))
        self.size = (self.own @ self.bottom) * self.counts
        self.seen = (self.own @ top) * self.counts
        self.own_should = self.own @ self.should
        self.expected = self.own_should * self.factor + (0.0 if cells.kind == "count" else self.size * self.shift)

    @property
    def pull(self) -> Numbers:
        """How much what is expected moves with an event of the others in that week."""
        return np.nan_to_num(ratio(self.own_should if self.kind == "count" else self.size, self.others_size))

    @property
    def anchor(self) -> Numbers:
        """How much it moves with an event of each unit in the base weeks: ways × units."""
        up, down = self.own * (self.factor @ self.bottom.T), self.others * ((self.pull * self.factor) @ self.bottom.T)
        return np.asarray((up - down) / self.base)


def _totals(parts: Sequence[_Part]) -> tuple[Numbers, Numbers, Numbers]:
    """Observed, expected and size of each way, all comparisons together."""
    columns = [(part.seen.sum(axis=1), part.expected.sum(axis=1), part.size.sum(axis=1)) for part in parts]
    seen, expected, size = np.sum(columns, axis=0)
    return seen, expected, size


def _base(date: int, base_weeks: int) -> slice:
    return slice(max(0, date - base_weeks), date)
