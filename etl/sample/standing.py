"""How an incident stands at a moment: what an export of that moment can know, and the usual measures of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import Flags, Ints
from etl.sample.clock import NEVER

STATUSES = ("reported", "registered", "dispatched", "processing", "checking", "closed", "parked", "void", "rejected")
_ACCEPTED_AFTER = 2 * 3_600  # dispatched less than two hours ago: the department has not taken it up


def known(frame: pd.DataFrame, moment: str, at: Ints | int) -> Ints:
    """The moment where it has come by `at`, NEVER elsewhere."""
    values = frame[moment].to_numpy()
    return np.where(values <= at, values, NEVER)


def status(frame: pd.DataFrame, at: Ints | int) -> Ints:
    """Place in STATUSES."""
    passed = {name: frame[name].to_numpy() <= at for name in ("registered", "dispatched", "disposed", "closed", "ended")}
    ended = {name: passed["ended"] & frame[name].to_numpy() for name in ("rejected", "void", "parked")}
    accepted = frame["dispatched"].to_numpy() + _ACCEPTED_AFTER <= at
    conditions = [
        ended["rejected"], ended["void"], ended["parked"], passed["closed"], passed["disposed"], passed["dispatched"] & accepted,
        passed["dispatched"], passed["registered"],
    ]  # fmt: skip
    names = ("rejected", "void", "parked", "closed", "checking", "processing", "dispatched", "registered")
    return np.select(conditions, [STATUSES.index(name) for name in names], STATUSES.index("reported")).astype(np.int64)


def is_counted(frame: pd.DataFrame, at: int) -> Flags:
    """Stands in closure measures: registered by `at`, and not void, parked, merged or self-disposed by then."""
    gone = (frame["void"] | frame["parked"]).to_numpy() & (frame["ended"].to_numpy() <= at)
    other = (frame["self_disposed"] | frame["duplicate"] | frame["rejected"]).to_numpy()
    return np.asarray((frame["registered"].to_numpy() <= at) & ~gone & ~other)


def measures(frame: pd.DataFrame, at: int) -> pd.DataFrame:
    """is_counted, is_disposed, is_closed, is_due (disposed, or past its deadline), is_on_time (closed by the deadline with
    extensions), is_on_time_original; flags as of `at`, False where not counted."""
    counted = is_counted(frame, at)
    closed = counted & (frame["closed"].to_numpy() <= at)
    disposed = counted & (frame["disposed"].to_numpy() <= at)
    due = np.where(frame["extended"].to_numpy() <= at, frame["due"], frame["original_due"])
    return pd.DataFrame(
        {
            "is_counted": counted,
            "is_disposed": disposed,
            "is_closed": closed,
            "is_due": disposed | (counted & (due < at)),
            "is_on_time": closed & (frame["closed"].to_numpy() <= due),
            "is_on_time_original": closed & (frame["closed"].to_numpy() <= frame["original_due"].to_numpy()),
        },
        index=frame.index,
    )
