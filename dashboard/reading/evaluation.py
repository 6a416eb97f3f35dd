"""What an evaluation asks ⇄ the address: which number, what was done where and from when, over which weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dashboard.metrics.catalogue import Metric, catalogue
from dashboard.metrics.dimensions import dimension
from dashboard.queries.grids import redivisions
from dashboard.reading.visit import Visit
from dashboard.statistics.interrupted import Kind
from dashboard.view import MAX_CODE_LENGTH, MAX_CODES

COMMUNITY, GRID = "community", "grid"
UNITS = (COMMUNITY, GRID)
METRIC = "incidents_per_1000_households"
"""What is asked about unless the reader says otherwise."""
EXPOSURE = "incidents_per_1000_households"
"""Whose denominator, thousands of household-weeks, a plain count is divided by: places of different size are compared."""
MOST_STAGES = 12
NEGATIVE_CONTROL = "service_cases_per_1000_households"
PATROL = "grid_patrol"
OPEN_NOW = ("open_overdue", "open_not_due")
"""Never asked about: what is open now of cases reported in a week, which falls by itself with the age of the week."""


@dataclass(frozen=True)
class Stage:
    """Units that began together. day: None while the reader has not said it."""

    day: date | None
    units: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return self.day is not None and bool(self.units)


@dataclass(frozen=True)
class Specification:
    """stages: in order of their days, no unit in two · first, last: days of the window, None for all there is."""

    metric: str = METRIC
    by: str = COMMUNITY
    stages: tuple[Stage, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def treated(self) -> tuple[str, ...]:
        return tuple(unit for stage in self.stages for unit in stage.units)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(stage.day for stage in self.stages if stage.day is not None)

    def choices(self) -> dict[str, str]:
        """As parameters of an address, without what is as usual."""
        found = {} if self.metric == METRIC else {"metric": self.metric}
        if self.by != COMMUNITY:
            found["by"] = self.by
        for place, stage in enumerate(self.stages, 1):
            parts = {f"day{place}": stage.day.isoformat() if stage.day else "", f"units{place}": ",".join(stage.units)}
            found |= {name: value for name, value in parts.items() if value}
        ends = {"since": self.first, "until": self.last}
        return found | {name: day.isoformat() for name, day in ends.items() if day}


def specification(choices: Mapping[str, str]) -> Specification:
    """Never raises: what cannot be read is left out, an impossible window is all there is."""
    by = choices.get("by", COMMUNITY)
    first, last = _day(choices.get("since", "")), _day(choices.get("until", ""))
    if first and last and first >= last:
        first = last = None
    return Specification(choices.get("metric", METRIC), by if by in UNITS else COMMUNITY, _stages(_drafts(choices)), first, last)


def outcomes(by: str) -> tuple[Metric, ...]:
    """What can be asked of such units week by week: counts, rates, shares and means; no medians, stocks and composites."""
    return tuple(metric for metric in catalogue().metrics.values() if metric.key in _offered(by))


def is_offered(key: str, by: str) -> bool:
    """Variants too, which no list names."""
    return key in _offered(by)


def kind_of(metric: Metric) -> Kind:
    if metric.kind in ("count", "rate_per"):
        return "count"
    return "share" if metric.kind == "ratio" else "mean"


def examples(visit: Visit) -> dict[str, tuple[Specification, tuple[str, ...]]]:
    """Ready evaluations of what the register itself knows was done, the re-division of grids: name → what is asked, and the channels it
    is narrowed to. Without communities that were re-divided within the data there is none.
    """
    build = visit.snapshot.build
    inside = [one for one in redivisions(visit.snapshot) if build.data_from < one.day <= build.data_to]
    days = sorted({one.day for one in inside})
    if not days:
        return {}
    stages = tuple(Stage(day, tuple(one.community for one in inside if one.day == day)) for day in days[:MOST_STAGES])
    return {
        "patrol": (Specification(METRIC, COMMUNITY, stages), (PATROL,)),
        "on_time": (Specification("on_time_closure_rate", COMMUNITY, stages), ()),
        "control": (Specification(NEGATIVE_CONTROL, COMMUNITY, stages), ()),
    }


@cache
def _offered(by: str) -> frozenset[str]:
    every = [*catalogue().metrics.values(), *catalogue().variants.values()]
    kinds = ("count", "ratio", "rate_per", "mean")
    return frozenset(metric.key for metric in every if metric.kind in kinds and metric.id not in OPEN_NOW and _has(metric, by))


def _has(metric: Metric, by: str) -> bool:
    term = metric.numerator
    return term is not None and all(dimension(name).column(term.table, term.period) for name in (by, "week"))


def _drafts(choices: Mapping[str, str]) -> Iterable[Stage]:
    for place in range(1, MOST_STAGES + 1):
        codes = [code.strip() for code in choices.get(f"units{place}", "").split(",")]
        units = tuple(dict.fromkeys(code for code in codes if code and len(code) <= MAX_CODE_LENGTH))[:MAX_CODES]
        day = _day(choices.get(f"day{place}", ""))
        if day or units:
            yield Stage(day, units)


def _stages(drafts: Iterable[Stage]) -> tuple[Stage, ...]:
    """By day, those without one last; of two stages of one day one is made; a unit named twice began the first time."""
    joined: dict[date | None, tuple[str, ...]] = {}
    for stage in sorted(drafts, key=lambda stage: stage.day or date.max):
        known = {unit for units in joined.values() for unit in units}
        own = tuple(unit for unit in stage.units if unit not in known)
        joined[stage.day] = joined.get(stage.day, ()) + own
    return tuple(Stage(day, tuple(sorted(units))) for day, units in joined.items() if day or units)


def first_week(day: date) -> date:
    """The Monday of the first whole week from that day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2199 else None
