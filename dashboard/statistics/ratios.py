"""One column of numbers over another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def ratio(top: npt.ArrayLike, bottom: npt.ArrayLike) -> Numbers:
    """top ÷ bottom, shapes as numpy broadcasts them; NaN where there is nothing to divide by."""
    over, under = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    found = np.full(np.broadcast_shapes(over.shape, under.shape), np.nan)
    np.divide(over, under, out=found, where=np.broadcast_to(under > 0, found.shape))
    return found


def aligned(*columns: npt.ArrayLike) -> tuple[Numbers, ...]:
    """The columns as numbers, all of the length of the longest: a single number stands for a whole column."""
    numbers = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in columns]
    return tuple(np.array(column) for column in np.broadcast_arrays(*numbers))
