"""Is a number that goes up and down doing more than it always does? Control charts, week by week.

XmR for any number, p and u for shares and rates of known n, Laney's P′ and U′ where n is so large that p and u cry wolf. A missing
point is passed over, as though its neighbours were side by side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers, aligned, ratio

LEAST_POINTS = 12
"""Points since the last change of limits without which there is no verdict: the limits would be guesswork."""
TELLING = 1.5
"""sigma of a p or u chart from which n alone does not explain the ups and downs, and Laney's limits are the right ones."""
_XMR, _SCREEN, _SIGMA = 2.66, 3.267, 1.128  # Wheeler's constants of moving ranges: 3 ÷ d₂, D₄, d₂
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Chart:
    """One entry a point, NaN where it is missing. low and high lie `reach` from the centre, but not beyond what a value can be.

    is_firm: whether enough points lie between the same changes of limits to say anything · sigma: how many times more than n
    explains the points move, 1 on an XmR chart · steps: places of points from which limits are worked out anew.
    """

    value: Numbers
    centre: Numbers
    low: Numbers
    high: Numbers
    reach: Numbers
    is_firm: Flags
    sigma: Numbers
    steps: tuple[int, ...]

    def parts(self) -> list[Places]:
        """The places of the points that are there, between one change of limits and the next."""
        return _parts(self.value, self.steps)


def xmr(values: npt.ArrayLike, *, screen: bool = True) -> tuple[float, float, float]:
    """Mean and natural process limits of an XmR chart: mean ± 2.66 × mean moving range; NaN without two points.

    Moving ranges beyond 3.267 × their mean are left out of it, so that one leap does not widen the range (Wheeler 2000) –
    unless nothing but standstill is left, as with counts that seldom change.
    """
    observed = np.asarray(values, dtype=np.float64)
    if len(observed) < 2:
        return math.nan, math.nan, math.nan
    moves = np.abs(np.diff(observed))
    small = moves[moves <= _SCREEN * moves.mean()] if screen else moves
    spread = float((small if small.any() else moves).mean())
    mean = float(observed.mean())
    return mean, mean - _XMR * spread, mean + _XMR * spread


def xmr_chart(values: npt.ArrayLike, *, steps: Sequence[int] = (), screen: bool = True, least: float = -math.inf) -> Chart:
    """Any number a point, such as a stock or a median. steps: places of points from which limits are worked out anew · least: a
    value that none can be below, 0 for counts and lengths of time.
    """
    value = np.atleast_1d(np.asarray(values, dtype=np.float64))
    centre, reach = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    for part in _parts(value, steps):
        mean, _, high = xmr(value[part], screen=screen)
        centre[part], reach[part] = mean, high - mean
    return _chart(value, centre, reach, np.ones(value.shape), steps, (least, math.inf))


def p_chart(events: npt.ArrayLike, cases: npt.ArrayLike, *, steps: Sequence[int] = (), laney: bool = False) -> Chart:
    """Shares: events of cases. Source: Montgomery, chapter 7; Laney 2002 (P′), which widens by how much shares really vary."""
    x, n = aligned(events, cases)
    return _of_ratios(x, n, lambda mean: mean * (1 - mean), steps, laney=laney, most=1.0)


def u_chart(counts: npt.ArrayLike, exposure: npt.ArrayLike, *, steps: Sequence[int] = (), laney: bool = False) -> Chart:
    """Rates: counts over an exposure, such as reports a 1,000 households; exposure 1 is a c chart. Laney 2002 (U′)."""
    x, n = aligned(counts, exposure)
    return _of_ratios(x, n, lambda mean: mean, steps, laney=laney, most=math.inf)


def _of_ratios(
    x: Numbers, n: Numbers, variance: Callable[[float], float], steps: Sequence[int], *, laney: bool, most: float
) -> Chart:
    """variance: of a point of size 1, given the centre."""
    value = ratio(x, n)
    centre, reach, sigma = (np.full(value.shape, np.nan) for _ in range(3))
    for part in _parts(value, steps):
        mean = float(x[part].sum() / n[part].sum())
        chance = np.sqrt(variance(mean) / n[part])
        unexplained = _moved(ratio(value[part] - mean, chance))
        centre[part], sigma[part] = mean, unexplained
        reach[part] = 3 * chance * (unexplained if laney else 1.0)
    return _chart(value, centre, reach, sigma, steps, (0.0, most))


def _moved(z: Numbers) -> float:
    """Standard deviation of z by its moving ranges; 1 where there is nothing to tell it from."""
    return float(np.abs(np.diff(z)).mean() / _SIGMA) if len(z) > 1 and not np.isnan(z).any() else 1.0


def _chart(
    value: Numbers, centre: Numbers, reach: Numbers, sigma: Numbers, steps: Sequence[int], ends: tuple[float, float]
) -> Chart:
    firm = np.zeros(value.shape, dtype=bool)
    for part in _parts(value, steps):
        firm[part] = len(part) >= LEAST_POINTS
    low, high = np.maximum(centre - reach, ends[0]), np.minimum(centre + reach, ends[1])
    return Chart(value, centre, low, high, reach, firm, sigma, tuple(steps))


def _parts(value: Numbers, steps: Sequence[int]) -> list[Places]:
    found = [part[~np.isnan(value[part])] for part in np.split(np.arange(len(value)), sorted(steps))]
    return [part for part in found if len(part)]
