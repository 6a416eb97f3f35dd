"""What all would have said, if within a cell those who answered are like those who did not: post-stratified rates.

Whether they are cannot be told from the answers; `bounds` says what holds even if they are not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.intervals import wilson
from dashboard.statistics.ratios import aligned, ratio

LEAST_ANSWERS = 5
"""A cell with fewer answers is joined with its likes."""


@dataclass(frozen=True)
class PostStratified:
    """rate: of all cases, with its interval · plain: of those who answered, as they came · effective: how many answers, drawn at random
    from all cases, would know as much · groups: cells that are left after joining. NaN without answers.
    """

    rate: float
    low: float
    high: float
    plain: float
    answers: float
    cases: float
    effective: float
    groups: int


def post_stratified(
    successes: npt.ArrayLike,
    answers: npt.ArrayLike,
    cases: npt.ArrayLike,
    *,
    codes: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> PostStratified:
    """One entry a cell: sums of credits, answers, and the cases these are to stand for. NaN counts as none.

    codes: cells × what they are made of, coarsest first (community, category, channel). Interval: Wilson's at the effective number
    of answers; no cell's variance is 0, and that everybody may have answered narrows nothing, as for every rate here. Source: Holt
    and Smith 1979; Korn and Graubard 1998.
    """
    good, said, every = (np.nan_to_num(column) for column in aligned(successes, answers, cases))
    if np.any(said > every):
        raise ValueError("more answers than cases")
    total, plain = float(said.sum()), float(ratio(good.sum(), said.sum()))
    if not total:
        return PostStratified(np.nan, np.nan, np.nan, np.nan, 0.0, float(every.sum()), 0.0, 0)
    group = joined(said, np.arange(len(said))[:, None] if codes is None else np.asarray(codes))
    good, said, every = (np.bincount(group, column).astype(np.float64) for column in (good, said, every))
    enough = said >= LEAST_ANSWERS
    rates, voices = (
        np.where(enough, ratio(good, said), plain),
        np.where(enough, said, total),
    )  # too few speak with everybody's voice
    part = every / every.sum()
    rate = float((part * rates).sum())
    leaning = (rates * voices + plain) / (voices + 1)
    variance = float((part**2 * leaning * (1 - leaning) / voices).sum())
    unanimous = 1 / float((part**2 / voices).sum())
    effective = min(rate * (1 - rate) / variance if variance else unanimous, total)
    low, high = wilson([rate * effective], [effective], confidence)
    return PostStratified(rate, float(low[0]), float(high[0]), plain, total, float(every.sum()), effective, len(every))


def joined(answers: npt.ArrayLike, codes: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """The group of each cell, from 0. Cells with fewer than five answers are joined with those like them in all codes but the last,
    then in all but the last two, and so on; what is few even then is one group.
    """
    said, names = np.asarray(answers, dtype=np.float64), np.asarray(codes)
    key = np.stack([np.unique(column, return_inverse=True)[1] for column in names.T], axis=1)
    for level in reversed(range(key.shape[1])):
        group = np.unique(key, axis=0, return_inverse=True)[1]
        key[np.bincount(group, said)[group] < LEAST_ANSWERS, level] = -1
    return np.asarray(np.unique(key, axis=0, return_inverse=True)[1], dtype=np.intp)
