"""Did a number change when something was done? An interrupted time series: one place, week by week, before and after.

The course before, with its trend and season, is drawn on as though nothing had been done; the effect is how far the weeks after lie
from it. It knows no other place: whatever else happened in the same week counts as effect.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers, aligned, ratio

Kind = Literal["count", "share", "mean"]
"""count: events over an exposure, effects are ratios · share: events of cases, effects are differences · mean: sums over n, differences."""
LEAST_WEEKS = 12
"""Weeks with data before, after and between changes without which there is no verdict."""
LONG_BEFORE, LONG_AFTER = 52, 26
"""Weeks from which on there are enough not to warn: a year of seasons seen before, half a year of effect after."""
SEASON_FROM = ((156, 3), (104, 2), (78, 1))
"""Weeks of data, and how many pairs of waves a year they can tell from a trend."""
OVERDISPERSED = 2.0
_YEAR = 365.25 / 7
_LAGS = 4  # of the test whether autocorrelation is left: a month
_UNLIKELY = 0.05


@dataclass(frozen=True)
class Effect:
    """value with its interval and two-sided p; all NaN where there is no verdict. A ratio without effect is 1, a difference 0."""

    value: float
    low: float
    high: float
    p: float


NO_EFFECT_KNOWN = Effect(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Change:
    """What happened at one date. level: at once · slope: each week since, NaN where none was asked for.

    Ratios of a count, differences of a mean, ratios of the odds of a share.
    """

    week: int
    level: Effect
    slope: Effect


@dataclass(frozen=True)
class Interrupted:
    """effect: of all weeks from the first change on, taken together; ratio of a count, else difference.

    One entry a week: value observed, fitted, and without any change (counterfactual, with its interval; NaN before the first change).
    autocorrelation: of neighbouring weeks, of what the model leaves unexplained · dispersion: how many times chance it varies, NaN
    for a mean · waves: pairs of season terms · cautions: codes of what a reader must know.
    """

    is_firm: bool
    effect: Effect
    changes: tuple[Change, ...]
    value: Numbers
    fitted: Numbers
    counterfactual: Numbers
    low: Numbers
    high: Numbers
    autocorrelation: float
    dispersion: float
    waves: int
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Placebos:
    """Effects at dates when nothing was done, all before the true one. weeks: their places · effects: likewise ·
    as_large: share of them at least as far from no effect as the true one, NaN without either.
    """

    weeks: tuple[int, ...]
    effects: tuple[Effect, ...]
    as_large: float


def interrupted(
    kind: Kind,
    top: npt.ArrayLike,
    bottom: npt.ArrayLike,
    changes: Sequence[int],
    *,
    slope: bool = True,
    holidays: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Interrupted:
    """top ÷ bottom is the number, one entry a week: events and exposure, events and cases, sum of values and n.

    changes: places of the first weeks in which something was different · slope: whether the trend may change too · holidays: days off
    of each week. A week that is missing (NaN, nothing to divide by) is passed over. Errors: Newey and West's, but never smaller
    than the quasi-likelihood's, as they are too small in short series. Source: Wagner 2002; Lopez Bernal 2017.
    """
    weeks = _weeks(kind, top, bottom, holidays)
    dates = tuple(sorted(set(changes)))
    if not _is_long_enough(weeks, dates):
        return _no_verdict(weeks, dates)
    fit = _fitted(weeks, dates, slope=slope)
    low, high = _limits(weeks, fit, confidence)
    after = weeks.number >= dates[0]
    return Interrupted(
        True,
        _taken_together(weeks, fit, confidence),
        tuple(_change(fit, place, date, confidence, slope=slope) for place, date in enumerate(dates)),
        weeks.value,
        fit.course,
        np.where(after, fit.without, np.nan),
        np.where(after, low, np.nan),
        np.where(after, high, np.nan),
        fit.autocorrelation,
        fit.dispersion if kind != "mean" else math.nan,
        fit.waves,
        _cautions(weeks, fit, dates),
    )


def placebos(
    kind: Kind,
    top: npt.ArrayLike,
    bottom: npt.ArrayLike,
    change: int,
    *,
    true: Effect,
    slope: bool = True,
    holidays: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Placebos:
    """The effect at each week before `change` at which one could have been found, from the weeks before `change` alone.

    true: what was found at the true date. Where many are as large, that one says little.
    """
    whole = _weeks(kind, top, bottom, holidays)
    before = _Weeks(kind, *(column[:change] for column in (whole.top, whole.bottom, whole.holidays)))
    places = [week for week in range(change) if _is_long_enough(before, (week,))]
    effects = tuple(_taken_together(before, _fitted(before, (week,), slope=slope), confidence) for week in places)
    if not effects or math.isnan(true.value):
        return Placebos(tuple(places), effects, math.nan)
    far = [_distance(kind, effect.value) >= _distance(kind, true.value) for effect in effects]
    return Placebos(tuple(places), effects, sum(far) / len(far))


@dataclass(frozen=True)
class _Weeks:
    kind: Kind
    top: Numbers
    bottom: Numbers
    holidays: Numbers

    @property
    def value(self) -> Numbers:
        return ratio(self.top, self.bottom)

    @property
    def is_known(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.value)

    @property
    def number(self) -> npt.NDArray[np.intp]:
        return np.arange(len(self.top))


@dataclass(frozen=True)
class _Fit:
    """design, nothing: what the model sees in each week, and would have seen without a change · course, without: its answers ·
    level: column of the first change's level · errors: of its parameters, two kinds · left: Pearson residuals.
    """

    kind: Kind
    design: Numbers
    nothing: Numbers
    parameters: Numbers
    errors: tuple[Numbers, Numbers]
    course: Numbers
    without: Numbers
    left: Numbers
    freedom: int
    dispersion: float
    level: int
    waves: int

    @property
    def autocorrelation(self) -> float:
        return _correlation(self.left, 1)

    def variance(self, gradient: Numbers) -> Numbers:
        """Of what moves with the parameters like this; one row each."""
        return np.asarray(np.maximum(*(np.einsum("...i,ij,...j", gradient, error, gradient) for error in self.errors)))


def _weeks(kind: Kind, top: npt.ArrayLike, bottom: npt.ArrayLike, holidays: npt.ArrayLike | None) -> _Weeks:
    return _Weeks(kind, *aligned(top, bottom, 0.0 if holidays is None else holidays))


def _is_long_enough(weeks: _Weeks, dates: tuple[int, ...]) -> bool:
    """Whether each part has enough weeks, and something of what is counted: a rate of 0 or a share of 1 has no logarithm."""
    known = [part.sum() >= LEAST_WEEKS for part in np.split(weeks.is_known, dates)]
    counted = {"count": (weeks.top,), "share": (weeks.top, weeks.bottom - weeks.top), "mean": ()}[weeks.kind]
    seen = [np.nansum(part) > 0 for column in counted for part in np.split(column, dates)]
    return bool(dates) and all(known) and all(seen)


def _no_verdict(weeks: _Weeks, dates: tuple[int, ...]) -> Interrupted:
    blank = np.full(weeks.value.shape, np.nan)
    changes = tuple(Change(date, NO_EFFECT_KNOWN, NO_EFFECT_KNOWN) for date in dates)
    return Interrupted(
        False, NO_EFFECT_KNOWN, changes, weeks.value, blank, blank, blank, blank, math.nan, math.nan, 0, ("too_few_weeks",)
    )


def _fitted(weeks: _Weeks, dates: tuple[int, ...], *, slope: bool) -> _Fit:
    from statsmodels.genmod.generalized_linear_model import GLM  # on use: no page waits the seconds that statsmodels takes
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    known = weeks.is_known
    waves = next((pairs for least, pairs in SEASON_FROM if known.sum() >= least), 0)
    lasting = _lasting(weeks, waves)
    steps = _steps(weeks.number, dates, slope=slope)
    design, nothing = np.hstack([lasting, steps]), np.hstack([lasting, np.zeros_like(steps)])
    family, sizes = _family(weeks.kind), weeks.bottom[known]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # weeks that are all alike are fitted without a rest, and may be
        found = GLM(weeks.value[known], design[known], family=family, var_weights=sizes).fit(scale=1.0)
    parameters, bread = np.asarray(found.params), np.asarray(found.normalized_cov_params)
    dispersion = float(found.pearson_chi2) / int(found.df_resid)
    left = np.asarray(found.resid_response) * sizes
    return _Fit(
        weeks.kind,
        design,
        nothing,
        parameters,
        (bread * dispersion, bread @ _meat(left[:, None] * design[known], int(found.df_resid)) @ bread),
        np.asarray(family.link.inverse(design @ parameters)),
        np.asarray(family.link.inverse(nothing @ parameters)),
        np.asarray(found.resid_pearson),
        int(found.df_resid),
        dispersion,
        lasting.shape[1],
        waves,
    )


def _family(kind: Kind) -> Any:
    """Quasi-Poisson, quasi-binomial or least squares: the dispersion is estimated for each. A rate weighted by its exposure is fitted
    as its count with the exposure as offset.
    """
    from statsmodels.genmod import families

    return {"count": families.Poisson, "share": families.Binomial, "mean": families.Gaussian}[kind]()


def _meat(scores: Numbers, freedom: int) -> Numbers:
    """How much what each week says of the parameters varies, neighbouring weeks together; with the usual correction for few weeks."""
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    size = len(scores)
    lag = math.floor(4 * (size / 100) ** (2 / 9))  # Newey and West 1994
    return np.asarray(S_hac_simple(scores, nlags=lag) * size / freedom)


def _lasting(weeks: _Weeks, waves: int) -> Numbers:
    """What goes on whether or not something is done: level, trend, season and holidays."""
    year = weeks.number / _YEAR
    angles = [2 * np.pi * pair * year for pair in range(1, waves + 1)]
    season = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    holidays = [weeks.holidays] if np.ptp(weeks.holidays[weeks.is_known]) > 0 else []
    return np.column_stack([np.ones(len(year)), year, *season, *holidays])


def _steps(number: npt.NDArray[np.intp], dates: tuple[int, ...], *, slope: bool) -> Numbers:
    """A step at each date, and with `slope` the weeks since."""
    steps = [(number >= date).astype(np.float64) for date in dates]
    since = [np.maximum(number - date, 0).astype(np.float64) for date in dates] if slope else []
    return np.column_stack(steps + since)


def _moves(kind: Kind, value: Numbers) -> Numbers:
    """How fast the answer moves with what the model adds up: the slope of the inverse link."""
    return {"count": value, "share": value * (1 - value), "mean": np.ones_like(value)}[kind]


def _taken_together(weeks: _Weeks, fit: _Fit, confidence: float) -> Effect:
    """Fitted against counterfactual, over all weeks in which they differ by design; interval by the delta method."""
    after = (fit.design != fit.nothing).any(axis=1) & weeks.is_known
    size = weeks.bottom[after]
    course, without = fit.course[after], fit.without[after]
    slopes = size * _moves(weeks.kind, course) @ fit.design[after], size * _moves(weeks.kind, without) @ fit.nothing[after]
    if weeks.kind == "count":
        logarithm = math.log(size @ course) - math.log(size @ without)
        return _effect(fit, logarithm, slopes[0] / (size @ course) - slopes[1] / (size @ without), confidence, is_log=True)
    return _effect(fit, float(size @ (course - without) / size.sum()), (slopes[0] - slopes[1]) / size.sum(), confidence)


def _change(fit: _Fit, place: int, date: int, confidence: float, *, slope: bool) -> Change:
    count = (fit.design.shape[1] - fit.level) // (2 if slope else 1)
    return Change(
        date,
        _parameter(fit, fit.level + place, confidence),
        _parameter(fit, fit.level + count + place, confidence) if slope else NO_EFFECT_KNOWN,
    )


def _parameter(fit: _Fit, column: int, confidence: float) -> Effect:
    gradient = np.zeros(len(fit.parameters))
    gradient[column] = 1.0
    return _effect(fit, float(fit.parameters[column]), gradient, confidence, is_log=fit.kind != "mean")


def _effect(fit: _Fit, value: float, gradient: Numbers, confidence: float, *, is_log: bool = False) -> Effect:
    from scipy.special import stdtr, stdtrit  # on use

    error = math.sqrt(float(fit.variance(gradient)))
    reach = float(stdtrit(fit.freedom, 0.5 + confidence / 2)) * error
    p = float(2 * stdtr(fit.freedom, -abs(value) / error)) if error > 0 else math.nan
    low, high = value - reach, value + reach
    return Effect(math.exp(value), math.exp(low), math.exp(high), p) if is_log else Effect(value, low, high, p)


def _limits(weeks: _Weeks, fit: _Fit, confidence: float) -> tuple[Numbers, Numbers]:
    """Interval of the course without a change; on the scale of the model, so that no rate is below 0 and no share above 1."""
    from scipy.special import expit, stdtrit

    middle = fit.nothing @ fit.parameters
    reach = float(stdtrit(fit.freedom, 0.5 + confidence / 2)) * np.sqrt(fit.variance(fit.nothing))
    back = {"count": np.exp, "share": expit, "mean": np.positive}[weeks.kind]
    return np.asarray(back(middle - reach)), np.asarray(back(middle + reach))


def _cautions(weeks: _Weeks, fit: _Fit, dates: tuple[int, ...]) -> tuple[str, ...]:
    before, after = weeks.is_known[: dates[0]].sum(), weeks.is_known[dates[-1] :].sum()
    found = {
        "few_weeks_before": before < LONG_BEFORE,
        "few_weeks_after": after < LONG_AFTER,
        "season_unknown": fit.waves == 0,
        "autocorrelation": _left_over(fit.left) < _UNLIKELY,
        "overdispersed": weeks.kind != "mean" and fit.dispersion > OVERDISPERSED,
        "trend_before_unstable": _is_unstable(weeks, dates[0]),
    }
    return tuple(code for code, is_so in found.items() if is_so)


def _is_unstable(weeks: _Weeks, change: int) -> bool:
    """Whether the course before the first change seems to have had a change of its own, half-way."""
    before = _Weeks(weeks.kind, *(column[:change] for column in (weeks.top, weeks.bottom, weeks.holidays)))
    middle = (change // 2,)
    return _is_long_enough(before, middle) and _taken_together(before, _fitted(before, middle, slope=True), 0.95).p < _UNLIKELY


def _left_over(left: Numbers) -> float:
    """p of Ljung and Box's test that neighbouring weeks have nothing in common beyond the model."""
    from scipy.special import chdtrc

    size = len(left)
    total = sum(_correlation(left, lag) ** 2 / (size - lag) for lag in range(1, _LAGS + 1))
    return float(chdtrc(_LAGS, size * (size + 2) * total))


def _correlation(left: Numbers, lag: int) -> float:
    centred = left - left.mean()
    square = float(centred @ centred)
    return float(centred[lag:] @ centred[:-lag]) / square if square > 0 else 0.0


def _distance(kind: Kind, value: float) -> float:
    return abs(math.log(value)) if kind == "count" else abs(value)
