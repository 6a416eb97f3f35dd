"""The true story of every incident, before any system has written it down."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from etl.sample.chance import Ints, choose, stream
from etl.sample.clock import DAY, HOUR, WorkingClock, day_number, day_of
from etl.sample.gaming import copied, with_habits
from etl.sample.handling import decide, with_moments
from etl.sample.luck import unlucky
from etl.sample.opinion import with_opinion
from etl.sample.reports import Where, build_reports

REPEAT_SHARE = 0.0115
"""Incidents that repeat an earlier one: same resident, community and 小类, within 30 days of its closing."""
REPEAT_DAYS = 30
_REPEAT_IF_DISSATISFIED, _REPEAT_IF_SILENCED = 3.0, 7.0
"""Times as often as the satisfied: the dissatisfied, and those who could not say so."""
_FUTURE_DAYS = 1500
_LUCK_GUARD_DAYS = 130


def working_clock(where: Where) -> WorkingClock:
    """A clock that covers every moment of the sample."""
    plan = where.plan
    return WorkingClock(where.calendar, plan.start - timedelta(days=60), plan.until + timedelta(days=_FUTURE_DAYS))


def build_incidents(where: Where) -> tuple[pd.DataFrame, dict[str, int]]:
    """One row an incident, by time of report, with incident_id; and what was done: luck_draw, repeats."""
    plan, clock = where.plan, working_clock(where)
    wanted = round(plan.incidents * REPEAT_SHARE)

    def moments(frame: pd.DataFrame) -> pd.DataFrame:
        return with_moments(where, clock, frame)

    def decided(generator: np.random.Generator, frame: pd.DataFrame, number: int) -> pd.DataFrame:
        return moments(with_habits(stream(plan.seed, "gaming", number), where, decide(generator, where, frame)))

    reports = copied(where, build_reports(stream(plan.seed, "reports"), where, plan.incidents - wanted))
    handling = stream(plan.seed, "handling")
    frame, luck = unlucky(where, decided(handling, reports, 0), moments)
    frame = with_opinion(handling, where, frame).assign(repeats=-1)
    generator = stream(plan.seed, "repeats")
    children = _repeats(generator, where, frame, wanted)
    children = with_opinion(generator, where, decided(generator, children, 1))
    frame = pd.concat([frame, children[frame.columns]], ignore_index=True)
    return _numbered(frame), {"luck_draw": luck, "repeats": wanted}


def _repeats(generator: np.random.Generator, where: Where, frame: pd.DataFrame, wanted: int) -> pd.DataFrame:
    """Reports that repeat an earlier one. repeats: row of the earlier one in frame."""
    ends = (day_number(where.plan.until) + 1) * DAY
    closed = frame["closed"].to_numpy()
    unlucky_place = where.town.community_codes.index(where.effects.unlucky_community)
    quiet = (frame["community"] == unlucky_place).to_numpy() & (closed > ends - _LUCK_GUARD_DAYS * DAY)
    possible = ~frame["duplicate"].to_numpy() & (frame["complainant"] >= 0).to_numpy() & (closed < ends - 2 * DAY) & ~quiet
    discontent = np.where(frame["scripted"], _REPEAT_IF_SILENCED, _REPEAT_IF_DISSATISFIED)
    weight = np.where(possible, np.where(frame["content"], 1.0, discontent), 0.0)
    parent = choose(generator, weight[None, :], np.zeros(wanted, dtype=np.int64))
    latest = np.minimum(closed[parent] + REPEAT_DAYS * DAY, ends)
    reported = _waking(closed[parent] + (generator.random(wanted) ** 1.3 * (latest - closed[parent])).astype(np.int64), latest)
    kept = ["source", "community", "work", "building", "door", "complainant", "has_contact", "channel"]
    children = frame.loc[parent, kept].reset_index(drop=True)
    return children.assign(reported=reported, grid=-1, worker=-1, repeats=parent).pipe(_place, where, frame, parent)


def _place(children: pd.DataFrame, where: Where, frame: pd.DataFrame, parent: Ints) -> pd.DataFrame:
    """The grid is the earlier one's, as long as it was not re-divided in between."""
    grid = frame["grid"].to_numpy()[parent]
    ends = where.town.grids["valid_to"].to_numpy()[np.clip(grid, 0, None)]
    return children.assign(grid=np.where((grid >= 0) & (children["reported"] // DAY <= ends), grid, -1))


def _waking(moment: Ints, latest: Ints) -> Ints:
    """Calls in the night come after breakfast, unless that would be too late."""
    day, second = np.divmod(moment, DAY)
    later = day * DAY + 7 * HOUR + second // 2
    return np.where((second < 7 * HOUR) & (later < latest), later, np.minimum(moment, latest - 1))


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Sorted by report and numbered within the day, as the platform does: SJ20240305 + 5 digits."""
    order = np.argsort(frame["reported"].to_numpy(), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    earlier = frame["repeats"].to_numpy()
    frame = frame.assign(repeats=np.where(earlier >= 0, place[np.clip(earlier, 0, None)], -1)).iloc[order].reset_index(drop=True)
    day = frame["reported"].to_numpy() // DAY
    first_of_day = np.searchsorted(day, day, side="left")
    number = np.arange(len(day)) - first_of_day + 1
    return frame.assign(day=day, number=number)


def incident_ids(frame: pd.DataFrame) -> list[str]:
    """The number of each incident in the platform."""
    days = {int(day): f"SJ{day_of(int(day)):%Y%m%d}" for day in frame["day"].unique()}
    return [f"{days[day]}{number:05d}" for day, number in zip(frame["day"].tolist(), frame["number"].tolist(), strict=True)]
