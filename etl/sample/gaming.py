"""Habits that flatter the numbers without the work: planted in a few units, from a certain day on, and drawn apart from all else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import Flags, Floats, Ints, happens
from etl.sample.clock import DAY, HOUR, MINUTE, NEVER, WorkingClock, day_number
from etl.sample.plan import Plan
from etl.sample.reports import Where
from etl.sample.work import PATROL

HABITS = ("hugging", "batched", "asks_for_time")
"""Of departments: flags of rows whose moments the habit changes. Answers are `scripted`; a voided or settled row looks like any other."""
_EVENING = 17 * HOUR + 5 * MINUTE
_LAST_PART = 0.045
_SAID = ("work", "building", "door", "grid", "community")  # what a report's words are made of
_COPIES = 3  # reports a copying grid worker makes of one thing


def since(plan: Plan, weeks: int) -> int:
    """First day of the habits: so many weeks before the last report, or the first day of the sample."""
    return max(day_number(plan.start), day_number(plan.until) - 7 * weeks + 1)


def copied(where: Where, reports: pd.DataFrame) -> pd.DataFrame:
    """reports with those of one grid worker made in threes: two of three say what the first said, minutes after it."""
    worker = copying_worker(where, reports)
    rows = np.flatnonzero((reports["worker"] == worker) & (reports["worker"] >= 0) & _is_late(where, reports))
    rows = rows[np.argsort(reports["reported"].to_numpy()[rows], kind="stable")]
    first, turn = rows[np.arange(len(rows)) // _COPIES * _COPIES], np.arange(len(rows)) % _COPIES
    same = {name: _with(reports[name].to_numpy(), rows, reports[name].to_numpy()[first]) for name in _SAID}
    reported = reports["reported"].to_numpy()
    moment = np.minimum(reported[first] + turn * 6 * MINUTE, (reported[first] // DAY + 1) * DAY - 1)
    return reports.assign(**same, reported=_with(reported, rows, moment))


def _with(values: Ints, rows: Ints, others: Ints) -> Ints:
    """values with those of the rows replaced."""
    changed = values.copy()
    changed[rows] = others
    return changed


def copying_worker(where: Where, reports: pd.DataFrame) -> int:
    """Row of workers: the one of the copying community who reports most; -1 where the effect is switched off."""
    habits = where.effects.gaming
    if not habits.copying_community:
        return -1
    here = reports[(reports["community"] == where.town.community_codes.index(habits.copying_community)) & (reports["worker"] >= 0)]
    recent = here[_is_late(where, here)]
    return int(np.bincount(recent["worker"]).argmax()) if len(recent) else -1


def with_habits(generator: np.random.Generator, where: Where, frame: pd.DataFrame) -> pd.DataFrame:
    """frame (as decided) with the flags of HABITS and scripted; some rows of two communities turned void or settled on the spot."""
    habits, size, late = where.effects.gaming, len(frame), _is_late(where, frame)
    handled = late & (frame["department"].to_numpy() >= 0) & ~frame[["void", "parked", "stale", "instant"]].to_numpy().any(axis=1)
    drawn = {name: happens(generator, getattr(habits, f"{name}_share"), size) for name in HABITS}
    voids, settles = (happens(generator, share, size) for share in (habits.voiding_share, habits.settling_share))
    voided = handled & voids & _is_of(where, frame, "community", habits.voiding_community)
    patrolled = handled & (frame["source"] == PATROL).to_numpy() & _is_late(where, frame, habits.settling_weeks)
    settled = patrolled & settles & _is_of(where, frame, "community", habits.settling_community)
    kept = handled & ~voided & ~settled
    flags = {
        name: kept & flag & _is_of(where, frame, "department", getattr(habits, f"{name}_department"))
        for name, flag in drawn.items()
    }
    flags["scripted"] = late & _is_of(where, frame, "community", habits.scripted_community)
    return _ended(frame.assign(**flags), voided, settled)


def _ended(frame: pd.DataFrame, voided: Flags, settled: Flags) -> pd.DataFrame:
    """As `decide` leaves the void and the self-disposed."""
    gone = voided | settled
    return frame.assign(
        void=frame["void"] | voided,
        self_disposed=frame["self_disposed"] | settled,
        reworks=np.where(gone, 0, frame["reworks"]),
        returns=np.where(settled, 0, frame["returns"]),
        level=np.where(settled, 0, frame["level"]),
        department=np.where(settled, -1, frame["department"]),
        first_department=np.where(settled, -1, frame["first_department"]),
    )


def with_held_closings(clock: WorkingClock, frame: pd.DataFrame, start: Ints, allowed: Floats, natural: Flags) -> pd.DataFrame:
    """frame with the closings of hugging and batching departments put off, as long as they stay within the deadline.

    start, allowed: of the limit, in working seconds, or in seconds where natural.
    """
    closed, due = frame["closed"].to_numpy(), frame["due"].to_numpy()
    left = _LAST_PART * (0.05 + 0.9 * frame["late_draw"].to_numpy())
    end = (start + (1 - left) * allowed).astype(np.int64)
    at_the_end = np.where(natural, end, clock.moment(end))
    moved = np.where(frame["hugging"] & (frame["extended"] >= NEVER), at_the_end, closed)
    moved = np.where(frame["batched"], _next_evening(closed) + (30 * frame["late_draw"].to_numpy()).astype(np.int64), moved)
    held = (moved > closed) & (moved <= due)
    return frame.assign(closed=np.where(held, moved, closed), checked=np.where(held, moved, frame["checked"].to_numpy()))


def _next_evening(moment: Ints) -> Ints:
    """The next five past five in the afternoon."""
    at = moment // DAY * DAY + _EVENING
    return np.where(at < moment, at + DAY, at)


def _is_late(where: Where, frame: pd.DataFrame, weeks: int = 0) -> Flags:
    return np.asarray(frame["reported"].to_numpy() // DAY >= since(where.plan, weeks or where.effects.gaming.weeks))


def _is_of(where: Where, frame: pd.DataFrame, dimension: str, code: str) -> Flags:
    """Rows of the unit; none where the code is empty."""
    codes = where.town.department_codes if dimension == "department" else where.town.community_codes
    return np.asarray(frame[dimension].to_numpy() == (codes.index(code) if code else -2))
