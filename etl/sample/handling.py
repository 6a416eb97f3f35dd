"""What becomes of a report: decisions (drawn) and the moments of its stages (computed from them, without further chance)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import Flags, Floats, Ints, choose, happens
from etl.sample.clock import DAY, HOUR, MINUTE, NEVER, WorkingClock
from etl.sample.gaming import with_held_closings
from etl.sample.reports import Where
from etl.sample.work import PATROL, UNITS

USUAL_SHARE = 0.262
"""Median time from dispatch to disposal of work of difficulty 1, as a share of the time allowed."""
SPREAD = 0.88
"""Standard deviation of the logarithm of that time: long right tails."""
DRAGGING_SHARE, DRAGGING = 0.05, 3.0
"""Share of cases that drag on, and by how many standard deviations: fourteen times as long."""
REJECTED_SHARE = (0.03, 0.075, 0.04)
DUPLICATE_SHARE = (0.006, 0.035, 0.012)
VOID_SHARE = 0.042
PARKED_SHARE = 0.010
MISDIRECTED_SHARE = 0.055
REWORK_SHARE = 0.044
STALE_SHARE = 0.004
"""Share that nobody ever handles."""
REGISTRATION_MINUTES = (8.0, 40.0, 20.0)
RETURN_COST = 0.12
"""What a return by a department adds to the share of the time allowed."""
_EXTENSION_SHARE, _EXTENSION_SHARE_QUICK, _EXTENSION_FROM = 0.30, 0.022, 0.80
_LEVELS = {"district": (0.0, 0.05, 0.55, 0.40), "community": (0.0, 0.60, 0.38, 0.02), "town": (0.0, 0.24, 0.70, 0.06)}
_DISTRICT = frozenset({"D15", "D19", "D20", "D31", "D32", "D33", "D34", "D35"})
_COMMUNITY = frozenset({"D36", "D38", "D30", "D29"})
_OFFICE_OPENS, _OFFICE_CLOSES = 8 * HOUR, 20 * HOUR
MOMENTS = ("registered", "dispatched", "returned", "extended", "reworked", "disposed", "checked", "closed", "ended")


def decide(generator: np.random.Generator, where: Where, reports: pd.DataFrame) -> pd.DataFrame:
    """reports with what was decided and drawn about each: self_disposed, rejected, duplicate, void, parked, stale, instant (flags),
    department, first_department (-1 none), returns, reworks, level, reason, and the draws behind the moments."""
    size, source, work = len(reports), reports["source"].to_numpy(), reports["work"].to_numpy()
    self_disposed = (source == PATROL) & happens(generator, where.work.self_disposed[work], size)
    rejected = ~self_disposed & happens(generator, np.array(REJECTED_SHARE)[source], size)
    open_ = ~self_disposed & ~rejected
    duplicate = open_ & happens(generator, np.array(DUPLICATE_SHARE)[source], size)
    void = open_ & ~duplicate & happens(generator, VOID_SHARE, size)
    handled = open_ & ~duplicate & ~void
    hard = where.work.difficulty[work]
    parked = handled & happens(generator, PARKED_SHARE * hard**4, size)
    stale = handled & ~parked & happens(generator, STALE_SHARE * hard**2, size)
    frame = reports.assign(
        self_disposed=self_disposed, rejected=rejected, duplicate=duplicate, void=void, parked=parked, stale=stale,
        reason=generator.integers(0, 1000, size), late_draw=generator.random(size),
    )  # fmt: skip
    frame = _departments(generator, where, frame, handled & ~parked & ~stale)
    checked = handled & ~parked & ~stale & ~frame["instant"].to_numpy()
    frame["reworks"] = np.where(
        checked & happens(generator, REWORK_SHARE, size), 1 + choose(generator, [0.86, 0.11, 0.03], work * 0), 0
    )
    frame["pace"] = drawn_pace(generator, (size,))
    for name, spread in (("register_draw", 0.9), ("dispatch_draw", 1.0), ("check_draw", 0.7), ("archive_draw", 1.0)):
        frame[name] = spread * generator.standard_normal(size)
    return frame


def drawn_pace(generator: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """How quick a case goes, as luck has it: standard normal, but for the few that drag on."""
    return np.asarray(generator.standard_normal(shape) + DRAGGING * (generator.random(shape) < DRAGGING_SHARE), dtype=float)


def _departments(generator: np.random.Generator, where: Where, frame: pd.DataFrame, can_be_instant: Flags) -> pd.DataFrame:
    size, work = len(frame), frame["work"].to_numpy()
    department = choose(generator, where.work.department, work)
    everywhere = (where.work.weight.sum(axis=0) @ where.work.department)[None, :]
    elsewhere = choose(generator, everywhere, work * 0)
    instant_department = where.town.department_codes.index(where.effects.instant_department)
    instant = can_be_instant & (department == instant_department) & happens(generator, where.effects.instant_share, size)
    misdirected = happens(generator, MISDIRECTED_SHARE, size) & (elsewhere != department) & ~instant
    levels = np.array([_LEVELS[_kind(code)] for code in where.town.department_codes])
    level = choose(generator, levels, department)
    sent = ~frame["self_disposed"] & ~frame["rejected"] & ~frame["duplicate"]
    return frame.assign(
        instant=instant,
        department=np.where(sent, department, -1),
        first_department=np.where(sent, np.where(misdirected, elsewhere, department), -1),
        returns=np.where(sent & misdirected, 1 + happens(generator, 0.12, size), 0),
        level=np.where(frame["self_disposed"], 0, level),
    )


def _kind(code: str) -> str:
    return "district" if code in _DISTRICT else "community" if code in _COMMUNITY else "town"


def with_moments(where: Where, clock: WorkingClock, frame: pd.DataFrame) -> pd.DataFrame:
    """frame with the moments of all stages to the end of each story (NEVER where a stage does not come), original_due, due and
    extensions. `ended`: rejected, void or parked at that moment. Chance-free: equal draws give equal moments."""
    frame = _until_dispatch(where, frame)
    frame = _deadlines(where, clock, frame)
    frame = _disposal(where, clock, frame)
    frame = _short_stories(frame)
    return frame.assign(**{name: frame[name].astype(np.int64) for name in (*MOMENTS, "original_due", "due")})


def _until_dispatch(where: Where, frame: pd.DataFrame) -> pd.DataFrame:
    source, reported = frame["source"].to_numpy(), frame["reported"].to_numpy()
    urgent = np.array([unit == "hour" for unit in where.work.unit])[frame["work"].to_numpy()]
    at_desk = np.where(urgent | (source == PATROL), reported, _office_hours(reported))
    registered = at_desk + _seconds(np.array(REGISTRATION_MINUTES)[source] * MINUTE * np.exp(frame["register_draw"].to_numpy()))
    dispatched = registered + _seconds(15 * MINUTE * np.exp(frame["dispatch_draw"].to_numpy()))
    returned = np.where(frame["returns"] > 0, dispatched + _seconds(3 * HOUR * (0.2 + frame["late_draw"].to_numpy())), NEVER)
    instant = frame["instant"].to_numpy()
    return frame.assign(
        registered=np.where(instant, reported, registered), dispatched=np.where(instant, reported, dispatched), returned=returned
    )


def _office_hours(moment: Ints) -> Ints:
    """Night-time reports wait for 08:00."""
    day, second = np.divmod(moment, DAY)
    early, late = second < _OFFICE_OPENS, second >= _OFFICE_CLOSES
    return np.where(early, day * DAY + _OFFICE_OPENS, np.where(late, (day + 1) * DAY + _OFFICE_OPENS, moment))


def deadline(clock: WorkingClock, start: Ints, limit: Floats, unit: Ints) -> Ints:
    """When a limit that starts at `start` runs out: working and natural days at 23:59:59 of the last day (the day of the start is not
    counted), hours to the second, working hours by the opening hours. unit: place in UNITS."""
    days = limit.astype(np.int64)
    choices = [
        clock.end_of_working_day(start, days),
        clock.moment(clock.worked(start) + _seconds(limit * HOUR) - 1) + 1,  # at closing time, not at the next opening
        (start // DAY + days + 1) * DAY - 1,
        start + _seconds(limit * HOUR),
    ]
    return np.select([unit == i for i in range(len(UNITS))], choices).astype(np.int64)


def _deadlines(where: Where, clock: WorkingClock, frame: pd.DataFrame) -> pd.DataFrame:
    work = frame["work"].to_numpy()
    limit, unit = where.work.limit[work], np.array([UNITS.index(u) for u in where.work.unit])[work]
    start = frame["dispatched"].to_numpy()
    due = deadline(clock, start, limit, unit)
    longer = limit + np.where(unit == UNITS.index("working_day"), np.ceil(limit / 2), limit / 2)
    return frame.assign(limit_unit=unit, original_due=due, longer_due=deadline(clock, start, np.ceil(longer), unit))


def _disposal(where: Where, clock: WorkingClock, frame: pd.DataFrame) -> pd.DataFrame:
    natural = frame["limit_unit"].to_numpy() == UNITS.index("hour")
    dispatched, due = frame["dispatched"].to_numpy(), frame["original_due"].to_numpy()
    start = np.where(natural, dispatched, clock.worked(dispatched))
    allowed = np.maximum(np.where(natural, due, clock.worked(due)) - start, HOUR).astype(float)
    share = _share_of_limit(where, frame)

    def at(count: Floats) -> Ints:
        return np.where(natural, _seconds(count), clock.moment(_seconds(count)))

    check = np.minimum(2.5 * HOUR, 0.05 * allowed) * np.exp(frame["check_draw"].to_numpy())
    archive = 10 * MINUTE * np.exp(frame["archive_draw"].to_numpy())
    first = start + share * allowed
    again = frame["reworks"].to_numpy() * (check + np.maximum(0.4 * share * allowed, HOUR))
    reworked = frame["reworks"].to_numpy() > 0
    slow = share >= _EXTENSION_FROM
    extended = frame["late_draw"].to_numpy() < np.where(slow, _EXTENSION_SHARE, _EXTENSION_SHARE_QUICK)
    extended = extended | frame["asks_for_time"].to_numpy()
    asked = start + np.minimum(share, 1.0) * allowed * 0.8
    frame = frame.assign(
        disposed=at(first + again),
        checked=at(first + again + check),
        closed=at(first + again + check + archive),
        reworked=np.where(reworked, at(first + check), NEVER),
        extended=np.where(extended, np.maximum(at(asked), dispatched), NEVER),
        extensions=extended.astype(np.int64),
        due=np.where(extended, frame["longer_due"], due),
    )
    return with_held_closings(clock, frame, start, allowed, natural)


def _share_of_limit(where: Where, frame: pd.DataFrame) -> Floats:
    """Time from dispatch to the first disposal as a share of the time allowed."""
    community, work = frame["community"].to_numpy(), frame["work"].to_numpy()
    slow = community == where.town.community_codes.index(where.effects.slow_community)
    divided = frame["reported"].to_numpy() // DAY >= where.town.divided_day[community]
    usual = USUAL_SHARE * where.work.difficulty[work]
    usual = usual * np.where(slow, where.effects.slow_factor, 1.0) * np.where(divided, where.effects.division_time_factor, 1.0)
    return np.asarray(usual * np.exp(SPREAD * frame["pace"].to_numpy()) + RETURN_COST * frame["returns"].to_numpy(), dtype=float)


def _short_stories(frame: pd.DataFrame) -> pd.DataFrame:
    """Self-disposed, instant, rejected, duplicate, void, parked and never handled incidents."""
    reported, registered, dispatched = (frame[name].to_numpy() for name in ("reported", "registered", "dispatched"))
    flags = {
        name: frame[name].to_numpy() for name in ("self_disposed", "instant", "rejected", "duplicate", "void", "parked", "stale")
    }
    draw = frame["late_draw"].to_numpy()
    on_the_spot = reported + _seconds(25 * MINUTE * np.exp(1.1 * frame["pace"].to_numpy()))
    same_minute = reported + _seconds(draw * (MINUTE - reported % MINUTE))
    merged = registered + _seconds(2 * HOUR * (0.1 + draw))
    ended = dispatched + _seconds(2 * DAY * (0.05 + draw))
    gone = flags["rejected"] | flags["void"] | flags["parked"] | flags["stale"] | flags["duplicate"]
    own = flags["self_disposed"] | flags["instant"]
    moments = {name: frame[name].to_numpy().copy() for name in MOMENTS if name != "ended"}
    for name in ("disposed", "checked", "closed", "reworked"):
        moments[name][gone] = NEVER
    for name in ("extended", "reworked", "returned"):
        moments[name][own | flags["duplicate"] | flags["rejected"]] = NEVER
    moments["registered"][flags["rejected"]] = NEVER
    moments["dispatched"][flags["rejected"] | flags["duplicate"] | flags["self_disposed"]] = NEVER
    moments["closed"][flags["duplicate"]] = merged[flags["duplicate"]]
    for flag, moment in (("self_disposed", on_the_spot), ("instant", same_minute)):
        for name in ("disposed", "closed"):
            moments[name][flags[flag]] = moment[flags[flag]]
    moments["registered"][flags["self_disposed"]] = reported[flags["self_disposed"]]
    moments["checked"][flags["instant"]] = same_minute[flags["instant"]]
    moments["checked"][flags["self_disposed"]] = NEVER
    extended = moments["extended"] < NEVER
    sent = moments["dispatched"] < NEVER
    return frame.assign(
        **moments,
        ended=np.where(flags["rejected"], registered + HOUR, np.where(flags["void"] | flags["parked"], ended, NEVER)),
        extensions=extended.astype(np.int64),
        original_due=np.where(sent, frame["original_due"], NEVER),
        due=np.where(sent, np.where(extended, frame["due"], frame["original_due"]), NEVER),
    )


def _seconds(amount: Floats) -> Ints:
    return np.asarray(amount, dtype=float).astype(np.int64)
