"""Calls to residents after closing: whom they reach depends on what the resident thinks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import Flags, Ints, choose, happens, lognormal
from etl.sample.clock import HOUR, MINUTE, NEVER, WorkingClock
from etl.sample.opinion import FIRST_DISSATISFIED, is_callback_due
from etl.sample.reports import Where
from etl.sample.work import CHANNELS

RESULTS = ("reached", "no_answer", "invalid_number", "refused", "busy", "appointment", "no_phone")
RESIDENT_CHANNELS = frozenset(CHANNELS.index(name) for name in ("hotline", "resident_app", "visit", "service_centre"))
METHODS = ("电话", "短信", "上门")
REASONS = ("问题未解决", "办理时间太长", "态度不好", "反复出现", "答复与实际不符", "未联系本人")
ANSWERED = 0
_ANSWERED_BUT = (0, 0, 0, 0.65, 0, 0.35, 0)  # somebody picked up and would not, or not now, answer
_UNANSWERED = (0, 0.72, 0.10, 0, 0.14, 0, 0.04)
_BUT_SHARE = 0.055
_COMPLETE_SHARE = 0.955
_TRIED_BEFORE_SHARE = 0.28
REHANDLED_SHARE, SECOND_CALLED_SHARE, SECOND_REACHED_SHARE = 0.85, 0.80, 0.72
STILL_DISSATISFIED_SHARE, ESCALATED_SHARE = 0.30, 0.75
"""Of the dissatisfied: told to put it right; called again; reached then; still dissatisfied then; of those handed to the discipline office."""
_WORKING_DAY = 7 * HOUR


def build_callbacks(
    generator: np.random.Generator, where: Where, clock: WorkingClock, incidents: pd.DataFrame, at: int
) -> pd.DataFrame:
    """One row a call made before `at`, by time: incident (row), round, called, result (place in RESULTS), contacted and solved and
    satisfaction (-1 no answer), reason, method, rehandled, escalated (0/1)."""
    due = is_callback_due(incidents, RESIDENT_CHANNELS, at).to_numpy()
    rows = np.flatnonzero(due & happens(generator, where.effects.attempted_share, len(incidents)))
    truth = incidents.iloc[rows]
    first, waited = _first_round(generator, where, clock, rows, truth)
    earlier = _earlier_tries(generator, clock, first, waited)
    second = _second_round(generator, clock, first)
    calls = pd.concat([first, earlier, second], ignore_index=True)
    calls = calls[(calls["called"] <= at) & (calls["called"] < NEVER)]
    return calls.sort_values(["called", "incident", "round"], kind="stable", ignore_index=True)


def _first_round(
    generator: np.random.Generator, where: Where, clock: WorkingClock, rows: Ints, truth: pd.DataFrame
) -> tuple[pd.DataFrame, Ints]:
    """The calls that count, and how long after closing they come, in working seconds."""
    size, satisfied = len(rows), truth["satisfied"].to_numpy()
    effects = where.effects
    picked_up = happens(generator, np.where(satisfied, effects.reached_if_satisfied, effects.reached_if_dissatisfied), size)
    but = picked_up & happens(generator, _BUT_SHARE, size)
    zero = np.zeros(size, dtype=np.int64)
    result = np.where(
        picked_up & ~but, ANSWERED, np.where(but, choose(generator, _ANSWERED_BUT, zero), choose(generator, _UNANSWERED, zero))
    )
    wait = lognormal(generator, 1.6 * _WORKING_DAY, 0.6, size).astype(np.int64)
    calls = pd.DataFrame({"incident": rows, "round": 1, "called": _at_desk(generator, clock, truth["closed"].to_numpy(), wait)})
    answered = _answers(generator, calls.assign(result=result), truth)
    dissatisfied = answered["satisfaction"].to_numpy() >= FIRST_DISSATISFIED
    rehandled = (dissatisfied & happens(generator, REHANDLED_SHARE, size)).astype(np.int64)
    return answered.assign(rehandled=rehandled, escalated=0), wait


def _answers(generator: np.random.Generator, calls: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """The three questions where the call was answered; a few leave one open."""
    size = len(calls)
    reached = (calls["result"] == ANSWERED).to_numpy()
    complete = reached & happens(generator, _COMPLETE_SHARE, size)
    return calls.assign(
        contacted=np.where(reached, truth["contacted"].to_numpy().astype(np.int64), -1),
        solved=np.where(reached, truth["solved"].to_numpy(), -1),
        satisfaction=np.where(complete, truth["satisfaction"].to_numpy(), -1),
        reason=generator.integers(0, len(REASONS), size),
        method=choose(generator, [0.9, 0.06, 0.04], np.zeros(size, dtype=np.int64)),
    )


def _earlier_tries(generator: np.random.Generator, clock: WorkingClock, first: pd.DataFrame, waited: Ints) -> pd.DataFrame:
    """Calls nobody answered, a quarter of a working day before the one that counts."""
    possible = (first["result"] != RESULTS.index("invalid_number")).to_numpy() & (waited > _WORKING_DAY // 2)
    tried = first[possible & happens(generator, _TRIED_BEFORE_SHARE, len(first))]
    size = len(tried)
    result = choose(generator, [0, 0.85, 0, 0, 0.15, 0, 0], np.zeros(size, dtype=np.int64))
    before = clock.moment(clock.worked(tried["called"].to_numpy()) - _WORKING_DAY // 4)
    return _unanswered(tried.assign(called=before, result=result))


def _unanswered(calls: pd.DataFrame) -> pd.DataFrame:
    return calls.assign(contacted=-1, solved=-1, satisfaction=-1, rehandled=0, escalated=0)


def _second_round(generator: np.random.Generator, clock: WorkingClock, first: pd.DataFrame) -> pd.DataFrame:
    again = first[(first["satisfaction"] >= FIRST_DISSATISFIED).to_numpy() & happens(generator, SECOND_CALLED_SHARE, len(first))]
    size = len(again)
    zero = np.zeros(size, dtype=np.int64)
    reached = happens(generator, SECOND_REACHED_SHARE, size)
    still: Flags = reached & happens(generator, STILL_DISSATISFIED_SHARE, size)
    wait = ((5 + 7 * generator.random(size)) * _WORKING_DAY).astype(np.int64)
    return again.assign(
        round=2,
        called=_at_desk(generator, clock, again["called"].to_numpy(), wait),
        result=np.where(reached, ANSWERED, choose(generator, _UNANSWERED, zero)),
        contacted=np.where(reached, 1, -1),
        solved=np.where(reached, np.where(still, 2, 0), -1),
        satisfaction=np.where(reached, np.where(still, again["satisfaction"], 1 + happens(generator, 0.35, size)), -1),
        rehandled=0,
        escalated=(still & happens(generator, ESCALATED_SHARE, size)).astype(np.int64),
    )


def _at_desk(generator: np.random.Generator, clock: WorkingClock, after: Ints, wait: Ints) -> Ints:
    """In office hours, so much working time later, to an odd minute and second."""
    called = clock.moment(clock.worked(after) + np.maximum(wait, 10 * MINUTE))
    return np.asarray(called + generator.integers(0, MINUTE, len(after)), dtype=np.int64)
