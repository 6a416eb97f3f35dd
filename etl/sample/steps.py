"""Hand-overs of incidents: who gave what to whom, who signed for it, and who sent it back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import lognormal
from etl.sample.clock import DAY, MINUTE, NEVER, day_number
from etl.sample.incidents import working_clock
from etl.sample.plan import Plan, months_after
from etl.sample.reports import Where

ACTIONS = ("派遣", "退单", "改派", "处置完成", "返工", "核查结案", "签收")
ACCEPTED, RETURNED, UNKNOWN = 0, 1, -1
CENTRE = "D01"
"""The town's governance centre hands out and takes back."""
EXPORTED_MONTHS = 12
ANSWER_MINUTES = 35
"""Median working minutes from a hand-over to its 签收."""
FORGOTTEN_SHARE = 0.03
"""Share of hand-overs that nobody signs for."""
_OPERATORS = 6


def build_steps(generator: np.random.Generator, where: Where, incidents: pd.DataFrame, at: int) -> pd.DataFrame:
    """One row a hand-over before `at` of the incidents reported in the last twelve months: incident (row), handed, action (place in
    ACTIONS), sender, receiver (rows of departments), outcome (ACCEPTED, RETURNED, UNKNOWN), operator."""
    recent = incidents[(incidents["reported"] >= _since(where.plan)) & (incidents["dispatched"] < NEVER)]
    centre = np.full(len(recent), where.town.department_codes.index(CENTRE))
    now, first = recent["department"].to_numpy(), recent["first_department"].to_numpy()
    sent_back = (recent["returns"] > 0).to_numpy() & (recent["returned"] < NEVER).to_numpy()
    redirected = recent["returned"].to_numpy() + 40 * MINUTE
    parts = [
        _part(recent, "派遣", recent["dispatched"].to_numpy(), centre, first, np.where(sent_back, RETURNED, ACCEPTED)),
        _part(recent, "退单", recent["returned"].to_numpy(), first, centre, np.full(len(recent), ACCEPTED)),
        _part(recent, "改派", np.where(sent_back, redirected, NEVER), centre, now, np.full(len(recent), ACCEPTED)),
        _part(recent, "处置完成", recent["disposed"].to_numpy(), now, centre, np.full(len(recent), ACCEPTED)),
        _part(recent, "返工", recent["reworked"].to_numpy(), centre, now, np.full(len(recent), ACCEPTED)),
        _part(recent, "核查结案", recent["closed"].to_numpy(), centre, centre, np.full(len(recent), UNKNOWN)),
    ]
    steps = pd.concat(parts)
    steps = steps[steps["handed"] <= at].sort_values(["handed", "incident"], kind="stable", ignore_index=True)
    return steps.assign(operator=generator.integers(1, _OPERATORS + 1, len(steps)))


def with_answers(
    generator: np.random.Generator, where: Where, incidents: pd.DataFrame, steps: pd.DataFrame, at: int
) -> pd.DataFrame:
    """steps with the 签收 of the departments: within the working day of the hand-over, never after the work is done. What is sent back
    is not signed for, and now and then a department forgets to."""
    given = steps[steps["action"].isin([ACTIONS.index(name) for name in ("派遣", "改派", "返工")]) & (steps["outcome"] == ACCEPTED)]
    slow = given["receiver"].to_numpy() == where.town.department_codes.index(where.effects.slow_answering_department)
    median = np.where(slow, where.effects.slow_answering_factor, 1.0) * ANSWER_MINUTES
    clock = working_clock(where)
    taken = clock.moment(
        clock.worked(given["handed"].to_numpy()) + (lognormal(generator, median, 0.8, len(given)) * MINUTE).astype(np.int64)
    )
    disposed = incidents["disposed"].to_numpy()[given["incident"].to_numpy()]
    half_way = given["handed"].to_numpy() + (np.minimum(disposed, at) - given["handed"].to_numpy()) // 2
    answers = given.assign(
        handed=np.where(disposed < NEVER, np.minimum(taken, half_way), taken),
        action=ACTIONS.index("签收"),
        outcome=UNKNOWN,
        operator=generator.integers(1, _OPERATORS + 1, len(given)),
    )
    answers = answers[(generator.random(len(given)) >= FORGOTTEN_SHARE) & (answers["handed"] <= at)]
    return pd.concat([steps, answers]).sort_values(["handed", "incident"], kind="stable", ignore_index=True)


def _since(plan: Plan) -> int:
    return max(day_number(months_after(plan.until, -EXPORTED_MONTHS)), day_number(plan.start)) * DAY


def _part(
    recent: pd.DataFrame, action: str, handed: np.ndarray, sender: np.ndarray, receiver: np.ndarray, outcome: np.ndarray
) -> pd.DataFrame:
    part = pd.DataFrame(
        {"incident": recent.index, "handed": handed, "action": ACTIONS.index(action), "sender": sender, "receiver": receiver,
         "outcome": outcome}
    )  # fmt: skip
    return part[part["handed"] < NEVER]
