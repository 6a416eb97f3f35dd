"""Reports: when, where and about what. The frame that handling, callbacks and files are built on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from etl.sample.chance import Floats, Ints, choose, happens
from etl.sample.clock import DAY, HOUR, Calendar, day_number
from etl.sample.plan import Plan
from etl.sample.township import ACTIVITY, Township
from etl.sample.truths import Effects
from etl.sample.work import CHANNEL_SHARES, PATROL, RESIDENT, Work

SOURCE_SHARES = (0.57, 0.355, 0.075)
"""Grid workers, residents, others: of the reports of a town without re-division."""
WEEKDAYS = (
    (1.12, 1.10, 1.08, 1.08, 1.05, 0.55, 0.45),
    (1.15, 1.05, 1.02, 1.00, 1.00, 0.85, 0.80),
    (1.20, 1.10, 1.10, 1.10, 1.05, 0.30, 0.20),
)
HOLIDAY_FACTORS = (0.45, 0.70, 0.12)
SPRING_FESTIVAL_FACTORS = (0.25, 0.45, 0.05)
GROWTH_PER_YEAR = 0.03
_DAY_SPREAD_SHAPE = 40.0  # of the gamma noise a day has in common: reports are more irregular than Poisson
_HOURS = {
    (PATROL, True): (0, 0, 0, 0, 0, 0, 1, 3, 9, 14, 15, 9, 3, 6, 13, 13, 11, 7, 3, 2, 1, 0, 0, 0),
    (PATROL, False): (0, 0, 0, 0, 0, 0, 1, 3, 8, 11, 11, 7, 4, 6, 9, 9, 8, 6, 4, 3, 1, 0, 0, 0),
    (RESIDENT, True): (2, 1, 1, 1, 1, 2, 5, 11, 22, 30, 29, 20, 11, 14, 22, 24, 22, 18, 15, 14, 12, 9, 6, 3),
    (RESIDENT, False): (2, 2, 1, 1, 1, 2, 4, 9, 16, 21, 22, 18, 13, 14, 18, 19, 18, 16, 15, 14, 12, 9, 6, 4),
    (2, True): (1, 1, 1, 1, 1, 1, 3, 7, 14, 18, 18, 12, 6, 9, 16, 17, 14, 8, 4, 4, 3, 2, 2, 1),
    (2, False): (1, 1, 1, 1, 1, 1, 3, 5, 8, 9, 9, 7, 5, 6, 8, 8, 7, 5, 4, 4, 3, 2, 2, 1),
}
_BUILDINGS, _DOORS, _ANONYMOUS = 28, 4, 0.10
_GRID_KNOWN = (1.0, 0.72, 0.88)


@dataclass(frozen=True)
class Where:
    """What every part looks up: the plan, the town, its work and the planted effects."""

    plan: Plan
    town: Township
    work: Work
    calendar: Calendar
    effects: Effects

    @property
    def days(self) -> list[date]:
        return [self.plan.start + timedelta(days=i) for i in range((self.plan.until - self.plan.start).days + 1)]


def build_reports(generator: np.random.Generator, where: Where, number: int) -> pd.DataFrame:
    """number rows: reported (seconds), source, channel, community, grid (row of grids, -1 unknown), work (row of work.csv), building,
    door, worker (row of workers, -1 none), complainant (-1 none), has_contact. In no particular order."""
    day, community, source = _when_and_where(generator, where, number)
    months = np.array([d.month - 1 for d in where.days])
    first = day_number(where.plan.start)
    work = _about(generator, where, (source * 12 + community) * 12 + months[day])
    working = np.array([where.calendar.is_working(d) for d in where.days])
    frame = pd.DataFrame({"source": source, "community": community, "work": work, "reported": (day + first) * DAY})
    frame["reported"] += _second_of_day(generator, source, working[day])
    return _placed(generator, where, frame)


def _placed(generator: np.random.Generator, where: Where, frame: pd.DataFrame) -> pd.DataFrame:
    """Adds channel, grid, worker, complainant and contact to rows of source, community, work and reported."""
    size = len(frame)
    source, community, reported = (frame[name].to_numpy() for name in ("source", "community", "reported"))
    divided = reported // DAY >= where.town.divided_day[community]
    slots = _grid_weights(generator, where)
    grid = where.town.grid_rows()[community * 2 + divided, choose(generator, slots, community * 2 + divided)]
    frame["channel"] = choose(generator, CHANNEL_SHARES, source)
    first, second = (where.town.worker_at(grid, reported // DAY, slot=slot) for slot in (0, 1))
    worker = np.where((second >= 0) & happens(generator, 0.3, size), second, first)
    frame["worker"] = np.where(source == PATROL, worker, -1)
    frame["grid"] = np.where(happens(generator, np.array(_GRID_KNOWN)[source], size), grid, -1)
    frame["building"] = generator.integers(1, _BUILDINGS + 1, size)
    frame["door"] = generator.integers(1, _DOORS + 1, size)
    home = (where.town.households[community] * generator.random(size) ** 1.25).astype(np.int64)
    known = (source == RESIDENT) & ~happens(generator, _ANONYMOUS, size)
    frame["complainant"] = np.where(known, community * 10_000 + home, -1)
    frame["has_contact"] = known & happens(generator, 0.97, size)
    return frame


def _when_and_where(generator: np.random.Generator, where: Where, number: int) -> tuple[Ints, Ints, Ints]:
    """Day (0 = first), community and source of each report, drawn from the expected numbers of every day."""
    expected = _expected(where) * generator.gamma(
        _DAY_SPREAD_SHAPE, 1 / _DAY_SPREAD_SHAPE, (len(where.days), 1, len(SOURCE_SHARES))
    )
    counts = generator.multinomial(number, (expected / expected.sum()).ravel())
    cell = np.repeat(np.arange(len(counts)), counts)
    day, rest = np.divmod(cell, expected.shape[1] * expected.shape[2])
    community, source = np.divmod(rest, expected.shape[2])
    return day, community, source


def _expected(where: Where) -> Floats:
    """Relative number of reports: day × community × source."""
    days, town = where.days, where.town
    rhythm = np.array([_rhythm(where.calendar, day) for day in days])
    season = np.stack([_season(where.work)[:, day.month - 1] for day in days])
    growth = (1 + GROWTH_PER_YEAR) ** (np.arange(len(days)) / 365.25)
    size = town.households * np.array(ACTIVITY)
    residents = size * (0.8 + town.rented_share)
    sizes = np.stack([size / size.sum(), residents / residents.sum(), size / size.sum()], axis=1)
    numbers = np.array([day_number(day) for day in days])
    eyes = np.where(numbers[:, None] >= town.divided_day[None, :], where.effects.division_reports_factor, 1.0)
    expected = (rhythm * season * growth[:, None] * np.array(SOURCE_SHARES))[:, None, :] * sizes[None, :, :]
    expected[:, :, PATROL] *= eyes
    return np.asarray(expected, dtype=float)


def _rhythm(calendar: Calendar, day: date) -> tuple[float, ...]:
    if holiday := calendar.holidays.get(day):
        return SPRING_FESTIVAL_FACTORS if holiday == "春节" else HOLIDAY_FACTORS
    weekday = 2 if calendar.is_working(day) and day.weekday() >= 5 else day.weekday()
    return tuple(row[weekday] for row in WEEKDAYS)


def _season(work: Work) -> Floats:
    """Source × month: how many reports there are, relative to the year's mean."""
    totals = work.weight @ work.season
    return np.asarray(totals / totals.mean(axis=1, keepdims=True), dtype=float)


def _about(generator: np.random.Generator, where: Where, group: Ints) -> Ints:
    """The 小类 of each report; group: (source·12 + community)·12 + month."""
    work = where.work
    weights = np.einsum("sw,wm->smw", work.weight, work.season)[:, None, :, :] * _hotspots(where)[None, :, None, :]
    return choose(generator, weights.reshape(-1, len(work.name)), group)


def _hotspots(where: Where) -> Floats:
    """Community × 小类 factors."""
    factors = np.ones((len(where.town.community_codes), len(where.work.name)))
    for spot in where.effects.hotspots:
        factors[where.town.community_codes.index(spot.community), where.work.name.index(spot.subcategory)] = spot.factor
    return factors


def _grid_weights(generator: np.random.Generator, where: Where) -> Floats:
    """community·2 + epoch × slot: some grids are livelier than others."""
    rows = where.town.grid_rows()
    weights = np.exp(0.35 * generator.standard_normal(rows.shape))
    return np.where(rows >= 0, weights, 0.0)


def _second_of_day(generator: np.random.Generator, source: Ints, working: Ints) -> Ints:
    tables = [_HOURS[(s, w)] for s in range(3) for w in (False, True)]
    hour = choose(generator, tables, source * 2 + working)
    return np.asarray(hour * HOUR + generator.integers(0, HOUR, len(hour)), dtype=np.int64)
