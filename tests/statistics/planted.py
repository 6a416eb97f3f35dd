"""Invented weeks of communities as large as the sample's, with an effect planted in them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dashboard.statistics.staggered import Panel

Numbers = npt.NDArray[np.float64]
WEEKS, CHANGE = 150, 90
WEEKLY = np.array([72.6, 46.3, 37.3, 31.3, 41.9, 28.0, 21.1, 22.3, 34.7, 20.9, 18.8, 4.3])
"""Incidents a week of the sample's communities, and below the places of the weeks in which they are re-divided."""
ADOPTED = np.array([41.0, 67, 67, 89, 89, 67, 89, 119, 89, 119, 119, 119])


def community(seed: int, factor: float = 1.0, *, weekly: float = 40.0, clinging: float = 0.0) -> Numbers:
    """Counts of one community that changes in week 90: growth, season, a week's own luck, and chance.

    clinging: correlation of a further luck, of 8 %, with that of the week before.
    """
    generator = np.random.default_rng(seed)
    week = np.arange(WEEKS)
    luck = np.zeros(WEEKS)
    for place in range(1, WEEKS) if clinging else ():
        luck[place] = clinging * luck[place - 1] + generator.normal(0, 0.08 * np.sqrt(1 - clinging**2))
    usual = weekly * _town(week, generator) * np.exp(luck)
    return np.asarray(generator.poisson(usual * np.where(week >= CHANGE, factor, 1.0)), dtype=np.float64)


def township(seed: int, factor: float = 1.0, *, drift: float = 0.0) -> Panel:
    """Twelve communities of the sample's sizes and dates, with one town's course; drift: a step a week of each on its own."""
    generator = np.random.default_rng(seed)
    week = np.arange(156)
    own = np.exp(np.cumsum(generator.normal(0, drift, (12, len(week))), axis=1))
    expected = WEEKLY[:, None] * _town(week, generator) * own * np.where(week >= ADOPTED[:, None], factor, 1.0)
    return Panel("count", generator.poisson(expected), np.repeat(WEEKLY[:, None] * 50, len(week), axis=1), ADOPTED)


def _town(week: npt.NDArray[np.intp], generator: np.random.Generator) -> Numbers:
    """6 % growth a year, a wave of 15 %, and luck as uneven as the sample's: gamma noise of shape 40 a day."""
    season = np.exp(0.06 * week / 52) * (1 + 0.15 * np.sin(2 * np.pi * week / 52.18))
    return np.asarray(season * generator.gamma(280, 1 / 280, len(week)))
