"""How long things take when some are not over yet: Kaplan–Meier, and Aalen–Johansen where they can end in several ways.

The work is done on counts a whole hour or day, so a million cases cost what counting them costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.intervals import quantile
from dashboard.statistics.ratios import Numbers, ratio

OPEN = 0
"""The way of ending of what is not over: seen until then, and no longer."""
LONGEST = 5_000_000
"""Every time up to the longest gets a count of its own: hours of five centuries fit, seconds of a year do not."""
_ROUNDING = 1e-12
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class AtRisk:
    """One column a time at which a case ended or was last seen, in order. at_risk: cases seen and not over just before · ended:
    ways of ending × times.
    """

    at: Numbers
    at_risk: Numbers
    ended: Numbers


@dataclass(frozen=True)
class Curve:
    """Steps at the times at which something ended: the share from then on, its standard error and limits, NaN where the share is 0
    or 1. before: the share until the first step · until: the longest time seen, beyond which nothing is known; NaN without cases.
    """

    at: Numbers
    share: Numbers
    error: Numbers
    low: Numbers
    high: Numbers
    before: float
    until: float

    def by(self, times: npt.ArrayLike) -> tuple[Numbers, Numbers, Numbers]:
        """Share and limits at these times; NaN beyond the longest time seen."""
        asked = np.asarray(times, dtype=np.float64)
        step, known = np.searchsorted(self.at, asked, side="right"), asked <= self.until
        found = []
        for first, column in ((self.before, self.share), (np.nan, self.low), (np.nan, self.high)):
            found.append(np.where(known, np.concatenate([[first], column])[step], np.nan))
        return found[0], found[1], found[2]

    def when(self, share: float = 0.5) -> tuple[float, float, float]:
        """The first time by which so large a share is over, and its limits: where the limits of the curve cross (Brookmeyer and
        Crowley 1982). NaN for what is not reached yet.
        """
        crossed = [self._crossing(column, share) for column in (self.share, self.low, self.high)]
        return crossed[0], *((crossed[1], crossed[2]) if self.before else (crossed[2], crossed[1]))

    def _crossing(self, column: Numbers, share: float) -> float:
        over = column <= 1 - share + _ROUNDING if self.before else column >= share - _ROUNDING
        return float(self.at[np.argmax(over)]) if over.any() else np.nan


def counted(
    lasted: npt.ArrayLike,
    ended: npt.ArrayLike,
    *,
    entered: npt.ArrayLike | None = None,
    cases: npt.ArrayLike | None = None,
    ways: int = 1,
) -> AtRisk:
    """One entry a case. lasted: whole hours or days until it ended or was last seen · ended: how, from 1; 0 (OPEN): not yet.

    entered: how long it had lasted when it could first be seen (left truncation), 0 when left out: it is at risk after that time
    only, and left out where it was over by then, as its like was not seen. cases: how many, for rows that are counts already.
    ways: how many there are, should nothing have ended in the last. Rows without a time are left out; negative, split and too long
    times are errors. Where few cases are seen from early on, the curve has a shaky start.
    """
    times, how = _whole(lasted), np.asarray(ended)
    starts = np.zeros(1, dtype=np.int64) if entered is None else _whole(entered)
    weights = None if cases is None else np.asarray(cases, dtype=np.float64)
    kept = (times >= 0) & ((starts == 0) | ((starts > 0) & (times > starts)))
    if not kept.all():
        times, how, weights = times[kept], how[kept], None if weights is None else weights[kept]
        starts = starts if entered is None else starts[kept]
    if not len(times):
        return AtRisk(np.empty(0), np.empty(0), np.empty((ways, 0)))
    length, kinds = int(times.max()) + 1, max(int(how.max()), ways) + 1
    left = np.bincount(how.astype(np.int64) * length + times, weights, kinds * length).reshape(kinds, length)
    risk = _from_there_on(left.sum(axis=0))
    if entered is not None:
        # seen from the beginning is at risk at 0 too; who comes later is not at risk up to the time of coming
        risk = risk - _from_there_on(np.bincount(starts, np.where(starts > 0, 1.0 if weights is None else weights, 0.0), length))
    some = left.any(axis=0)
    return AtRisk(np.flatnonzero(some).astype(np.float64), risk[some], left[1:, some].astype(np.float64))


def kaplan_meier(cases: AtRisk, confidence: float = 0.95) -> Curve:
    """The share not over yet, whichever way of ending. Greenwood's error, log-log limits.

    For one way among several take `incidence`: with the others as not over, 1 − this would promise what can no longer happen.
    """
    risk, gone, at, until = _steps(cases)
    share = np.cumprod(1 - gone.sum(axis=0) / risk)
    spread = np.cumsum(_greenwood(risk, gone.sum(axis=0)))
    inside = (share > _ROUNDING) & (share < 1)
    error = np.where(share > _ROUNDING, share * np.sqrt(spread), np.nan)
    low, high = _log_log(np.where(inside, share, np.nan), error, confidence)
    return Curve(at, share, error, low, high, 1.0, until)


def incidence(cases: AtRisk, confidence: float = 0.95) -> list[Curve]:
    """Of each way of ending, the share over in that way by then; with the share not over yet they sum to 1.

    Aalen and Johansen 1978; error by the delta method (Marubini and Valsecchi 1995), complementary log-log limits.
    """
    risk, gone, at, until = _steps(cases)
    every = gone.sum(axis=0)
    before = np.concatenate([[1.0], np.cumprod(1 - every / risk)[:-1]]) / risk
    all_ways = _greenwood(risk, every)
    found = []
    for ended in gone:
        share = np.cumsum(before * ended)
        variance = share**2 * np.cumsum(all_ways) - 2 * share * np.cumsum(share * all_ways) + np.cumsum(share**2 * all_ways)
        variance += np.cumsum(before**2 * (risk - ended) * ended / risk)
        variance -= 2 * (share * np.cumsum(before * ended / risk) - np.cumsum(share * before * ended / risk))
        error = np.sqrt(np.maximum(variance, 0.0))
        inside = (share > 0) & (share < 1 - _ROUNDING)
        low, high = _log_log(np.where(inside, share, np.nan), error, confidence)
        found.append(Curve(at, share, error, low, high, 0.0, until))
    return found


def _whole(values: npt.ArrayLike) -> Whole:
    """As whole numbers; −1 where missing."""
    found = np.asarray(values)
    if found.dtype.kind == "f":
        given, missing = found, np.isnan(found)
        found = np.where(missing, -1, given).astype(np.int64)
        if np.any((found != given) & ~missing):
            raise ValueError("times must be whole hours or days")
        lowest = found[~missing].min(initial=0)
    else:
        lowest = found.min(initial=0)
    if lowest < 0 or found.max(initial=0) > LONGEST:
        raise ValueError(f"times must lie between 0 and {LONGEST}")
    return found.astype(np.int64, copy=False)


def _from_there_on(counts: npt.NDArray[np.generic]) -> Numbers:
    """At each time, how many are at that time or later."""
    return np.cumsum(counts[::-1], dtype=np.float64)[::-1]


def _steps(cases: AtRisk) -> tuple[Numbers, Numbers, Numbers, float]:
    """Those at risk and those ended at the times at which any did, these times, and the last time of all."""
    some = cases.ended.any(axis=0)
    return cases.at_risk[some], cases.ended[:, some], cases.at[some], float(cases.at[-1]) if len(cases.at) else np.nan


def _greenwood(risk: Numbers, gone: Numbers) -> Numbers:
    """Part of the variance of each step; 0 where nobody is left, after which nothing changes any more."""
    return np.nan_to_num(ratio(gone, risk * (risk - gone)))


def _log_log(share: Numbers, error: Numbers, confidence: float) -> tuple[Numbers, Numbers]:
    wide = np.exp(quantile(confidence) * error / (share * np.abs(np.log(share))))
    return share**wide, share ** (1 / wide)
