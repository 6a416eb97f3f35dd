"""Both answers to one question – did it change what was done at these dates in these places? – from one set of numbers.

Against others: those that had begun, against those that had not yet (`staggered`). Against themselves: those that began, taken together,
against their own course before (`interrupted`), with dates at which nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.statistics.interrupted import Interrupted, Kind, Placebos, interrupted, placebos
from dashboard.statistics.ratios import Numbers
from dashboard.statistics.staggered import PERMUTATIONS, SEED, Panel, Staggered, staggered

Progress = Callable[[float], None]
"""Told the share that is done."""
_OTHERS = 0.85  # of the time: dealing out the dates


@dataclass(frozen=True)
class Asked:
    """top, bottom: units × weeks, NaN where not seen · adopted: each unit's first week with the policy, NaN for never · holidays: days
    off of each week.
    """

    kind: Kind
    top: Numbers
    bottom: Numbers
    adopted: Numbers
    holidays: Numbers
    permutations: int = PERMUTATIONS
    seed: int = SEED

    @property
    def is_treated(self) -> npt.NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.adopted))

    @property
    def is_begun(self) -> npt.NDArray[np.bool_]:
        """Units that were seen before they began."""
        return np.asarray(self.is_treated & (self.adopted > 0))

    @property
    def changes(self) -> tuple[int, ...]:
        """The weeks in which something began, the earliest first."""
        return tuple(sorted({int(week) for week in self.adopted[self.is_begun]}))


@dataclass(frozen=True)
class Found:
    """others: against those that had not begun · alone: those that began against their own past · elsewhen: the same at dates when
    nothing was done; None where `alone` has no verdict.
    """

    others: Staggered
    alone: Interrupted
    elsewhen: Placebos | None


def evaluated(asked: Asked, progress: Progress | None = None) -> Found:
    """Of several dates each has a step of its own and the trend goes on; of one date the trend may change too."""

    def dealt(done: int, of: int) -> None:
        if progress:
            progress(_OTHERS * done / of)

    panel = Panel(asked.kind, asked.top, asked.bottom, asked.adopted)
    others = staggered(panel, permutations=asked.permutations, seed=asked.seed, progress=dealt)
    top, bottom = (_together(part, asked) for part in (asked.top, asked.bottom))
    has_slope = len(asked.changes) == 1
    alone = interrupted(asked.kind, top, bottom, asked.changes, slope=has_slope, holidays=asked.holidays)
    if not alone.is_firm:
        return Found(others, alone, None)
    first = asked.changes[0]
    elsewhen = placebos(asked.kind, top, bottom, first, true=alone.effect, slope=has_slope, holidays=asked.holidays)
    return Found(others, alone, elsewhen)


def _together(numbers: Numbers, asked: Asked) -> Numbers:
    """Of all units that began, week by week; NaN where one of them was not seen, as the rest is not the same place."""
    return np.asarray(numbers[asked.is_begun].sum(axis=0))
