"""What residents really think of a closed incident; callbacks only see part of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import choose, happens
from etl.sample.clock import NEVER
from etl.sample.reports import Where

SATISFACTION = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")
SOLVED = ("solved", "partly", "unsolved")
FIRST_DISSATISFIED = 3
USUAL, LATE, REWORKED = 1.85, -0.9, -0.5
"""Log-odds of being satisfied with a case closed in time, and what a late closing or a rework changes."""
_LEVELS = ((0, 0, 0, 0.72, 0.28), (0.34, 0.50, 0.16, 0, 0))
_SOLVED = ((0.18, 0.27, 0.55), (0.95, 0.04, 0.01))
_CONTACTED = (0.70, 0.94)


def with_opinion(generator: np.random.Generator, where: Where, frame: pd.DataFrame) -> pd.DataFrame:
    """frame with content (what the resident thinks) and satisfied, satisfaction (place in SATISFACTION), solved (place in SOLVED) and
    contacted: what would be said of it, which is the same but where the answers are scripted."""
    size = len(frame)
    late = (frame["closed"] > frame["due"]).to_numpy()
    odds = USUAL + LATE * late + REWORKED * (frame["reworks"] > 0).to_numpy()
    odds = odds + where.effects.instant_satisfaction * frame["instant"].to_numpy()
    content = happens(generator, 1 / (1 + np.exp(-odds)), size)
    satisfied = content | frame["scripted"].to_numpy()
    kind = satisfied.astype(np.int64)
    return frame.assign(
        content=content,
        satisfied=satisfied,
        satisfaction=choose(generator, _LEVELS, kind),
        solved=choose(generator, _SOLVED, kind),
        contacted=happens(generator, np.array(_CONTACTED)[kind], size),
    )


def is_callback_due(frame: pd.DataFrame, resident_channels: frozenset[int], at: int) -> pd.Series[bool]:
    """Closed by `at`, from a channel that requires a callback, with a way to reach the resident; not void, merged or self-disposed."""
    closed = (frame["closed"] <= at) & (frame["closed"] < NEVER) & ~frame["duplicate"] & ~frame["self_disposed"]
    return closed & frame["channel"].isin(resident_channels) & frame["has_contact"]
