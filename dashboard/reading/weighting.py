"""The satisfaction rate weighted to all who were to be called: the same number and the same sentence on the page and in the weekly report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.i18n import joined
from dashboard.i18n.numbers import between, decimal, shown
from dashboard.queries.callback_cells import CELLS, callback_cells
from dashboard.reading.visit import Visit
from dashboard.statistics.funnel import of_shares
from dashboard.statistics.nonresponse import PostStratified, post_stratified
from dashboard.statistics.ratios import Numbers

LEAST_ANSWERS, LEAST_GROUPS = 30, 4
"""Answers, and cells left after joining, without which weighting would be guesswork."""
NAMED = 3
FAR = -2
"""What a funnel calls a share below its 99.8 % limits."""
DIMENSIONS = {"community_code": "community", "category_code": "category", "channel_code": "channel"}
SAME = 0.0005  # a difference that rounds to no tenth of a point


@dataclass(frozen=True)
class Leaning:
    """A community, content or channel that answers less often than all. asked, answers: its share of both."""

    dimension: str
    code: str
    asked: float
    answers: float


@dataclass(frozen=True)
class Weighted:
    """found: the rate · leaning: who answers less often than chance allows, those most short of answers first · is_even: nobody
    answers more or less often than that.
    """

    found: PostStratified
    leaning: tuple[Leaning, ...]
    is_even: bool = True

    @property
    def is_firm(self) -> bool:
        """Whether there is enough to weight with."""
        return self.found.answers >= LEAST_ANSWERS and self.found.groups >= LEAST_GROUPS


def weighted(visit: Visit) -> Weighted:
    """Of the callbacks in view."""
    cells = callback_cells(visit.snapshot, visit.view, (visit.period.start, visit.period.end))
    codes = cells[list(CELLS)].fillna("").astype(str).to_numpy()
    found = post_stratified(cells["satisfied"], cells["answers"], cells["asked"], codes=codes)
    short = sorted((one for name in CELLS for one in leaning(cells, name)), key=lambda pair: (-pair[0], pair[1].code))
    is_even = not any((np.abs(beyond) >= -FAR).any() for beyond in (_answering(cells, name)[3] for name in CELLS))
    return Weighted(found, tuple(one for _, one in short), is_even)


def weighted_words(visit: Visit, weighted: Weighted) -> str:
    """按社区 × 工作内容 × 渠道加权后为 … Why there is no such rate where there are too few answers."""
    found, lang = weighted.found, visit.lang
    if not weighted.is_firm:
        return visit.words("weighting.too_few", answers=LEAST_ANSWERS, groups=LEAST_GROUPS)
    apart = found.rate - found.plain
    side = "same" if abs(apart) < SAME else "higher" if apart > 0 else "lower"
    said = visit.words(
        "weighting.said",
        value=shown(found.rate, "percent", 1, lang),
        interval=between(found.low, found.high, "percent", 1, lang),
        groups=found.groups,
        difference=visit.words(f"weighting.{side}", by=decimal(100 * abs(apart), 1)),
    )
    return said + _leaning_words(visit, weighted) + visit.words("weighting.caution")


def _leaning_words(visit: Visit, weighted: Weighted) -> str:
    if not weighted.leaning:
        return visit.words("weighting.even" if weighted.is_even else "weighting.none_low")
    names = [
        visit.words(
            "weighting.leaning_one",
            name=visit.name(one.dimension, one.code),
            asked=shown(one.asked, "percent", 1, visit.lang),
            answers=shown(one.answers, "percent", 1, visit.lang),
        )
        for one in weighted.leaning[:NAMED]
    ]
    return visit.words("weighting.leaning", names=joined(names, visit.lang))


def leaning(cells: pd.DataFrame, column: str) -> list[tuple[float, Leaning]]:
    """Those of one dimension that answer less often than chance allows, with the answers they are short of."""
    codes, asked, answers, beyond = _answering(cells, column)
    return [
        (
            answers.sum() / asked.sum() * asked[place] - answers[place],
            Leaning(DIMENSIONS[column], codes[place], asked[place] / asked.sum(), answers[place] / answers.sum()),
        )
        for place in np.flatnonzero(beyond <= FAR)
    ]


def _answering(cells: pd.DataFrame, column: str) -> tuple[list[str], Numbers, Numbers, npt.NDArray[np.int8]]:
    """Codes, callbacks due, answers, and how far the share of answers lies beyond chance: 0 where there is nobody to compare with."""
    sums = cells.groupby(column)[["asked", "answers"]].sum()
    asked, answers = (sums[name].to_numpy(dtype=np.float64) for name in ("asked", "answers"))
    codes = [str(code) for code in sums.index]
    if len(sums) < 2 or not answers.sum():
        return codes, asked, answers, np.zeros(len(codes), dtype=np.int8)
    return codes, asked, answers, of_shares(answers, asked, centre=float(answers.sum() / asked.sum())).beyond
