"""What the answers of some say for sure about all: the bounds that silence leaves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dashboard.statistics.ratios import Numbers


def bounds(successes: npt.ArrayLike, answers: npt.ArrayLike, asked: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """Lowest and highest share among all `asked`, were everyone without an answer a failure, or a success; NaN where nobody was.

    Successes may be sums of credits, at most one an answer. Source: Manski 1989, without assumptions: s ÷ N … (s + N − n) ÷ N.
    """
    s, n, every = np.broadcast_arrays(*(np.asarray(values, dtype=np.float64) for values in (successes, answers, asked)))
    if np.any(n > every):
        raise ValueError("more answers than people asked")
    known = np.where(every > 0, every, np.nan)
    return s / known, (s + every - n) / known
