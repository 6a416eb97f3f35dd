"""The numbers of an evaluation: units × whole weeks, from the metric's own definition; and why there are none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.i18n.dates import as_date
from dashboard.metrics.cases import ignored_filters
from dashboard.metrics.catalogue import Metric
from dashboard.metrics.compute import trend
from dashboard.metrics.dimensions import dimension
from dashboard.queries.calendar import days_off
from dashboard.queries.grids import homes, redivisions
from dashboard.reading.evaluation import COMMUNITY, EXPOSURE, GRID, Specification, first_week, is_offered, kind_of
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.statistics.evaluation import Asked
from dashboard.statistics.ratios import Numbers
from dashboard.view import View

WEEK = timedelta(days=7)
UNMATCHED = "unmatched"
COUNTED = ("category", "department", "channel", "level")
"""Filters of the view that act: on what is counted. Which units and weeks are meant the evaluation says itself."""


class Obstacle(Exception):
    """There is nothing to work out. code: the sentence evaluation.obstacle_<code> · units: whom it concerns."""

    def __init__(self, code: str, units: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code, self.units = code, tuple(units)


@dataclass(frozen=True)
class Numbered:
    """weeks: Mondays · units: codes, in the order of the rows · left_out: units to compare with that did not exist all the time."""

    asked: Asked
    weeks: tuple[date, ...]
    units: tuple[str, ...]
    left_out: tuple[str, ...]

    def place(self, unit: str) -> int:
        return self.units.index(unit)


def run_id(visit: Visit, specification: Specification) -> str:
    """The same for all who ask the same of the same build."""
    filters = {name: getattr(visit.view, name) for name in COUNTED}
    said = json.dumps([visit.snapshot.build.build_id, specification.choices(), filters], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def filtered(visit: Visit) -> View:
    """The view as far as it acts on an evaluation."""
    return View(lang=visit.lang, **{name: getattr(visit.view, name) for name in COUNTED})


def idle_filters(visit: Visit, definition: Metric) -> tuple[str, ...]:
    """Filters of the view that do not act on what is counted. Those that spare the denominator alone, such as households, act."""
    term, ignored = definition.numerator, ignored_filters(definition.key, filtered(visit))
    return tuple(name for name in ignored if term is None or dimension(name).column(term.table, term.period) is None)


def numbered(visit: Visit, specification: Specification) -> Numbered:
    """Raises Obstacle."""
    _check(visit, specification)
    definition = metric(specification.metric)
    found = _weekly(visit, specification, definition)
    weeks = tuple(sorted({as_date(week) for week in found["week"]}))
    units, left_out = _units(visit, specification, weeks)
    adopted = _adopted(specification, units, weeks)
    top, bottom = _table(found, definition, specification.by, units, weeks)
    holidays = np.array(days_off(visit.snapshot, weeks), dtype=np.float64)
    asked = Asked(kind_of(definition), top, bottom, adopted, holidays)
    if not asked.changes:
        raise Obstacle("outside")
    return Numbered(asked, weeks, units, left_out)


def known_units(visit: Visit, by: str) -> list[str]:
    """Codes of communities in the order of their table, or of every grid there has ever been."""
    if by == GRID:
        return list(homes(visit.snapshot))
    return [code for code, _ in visit.codes(COMMUNITY) if code != UNMATCHED]


def _check(visit: Visit, specification: Specification) -> None:
    if not is_offered(specification.metric, specification.by):
        raise Obstacle("unknown_metric")
    strangers = set(specification.treated) - set(known_units(visit, specification.by))
    if strangers:
        raise Obstacle("unknown_unit", sorted(strangers))
    if any(not stage.units for stage in specification.stages):
        raise Obstacle("unchosen")
    if any(stage.day is None for stage in specification.stages):
        raise Obstacle("undated")


def _weekly(visit: Visit, specification: Specification, definition: Metric) -> pd.DataFrame:
    """week, unit, numerator, denominator; weeks cut short by the window or by the data are left out."""
    build = visit.snapshot.build
    first = max(specification.first or build.data_from, build.data_from)
    last = min(specification.last or build.data_to, build.data_to)
    if first >= last:
        raise Obstacle("no_weeks")
    view = filtered(visit).replace(period="custom", start=first, end=last)
    keys = (definition.key,) if definition.kind != "count" else tuple(dict.fromkeys((definition.key, EXPOSURE)))
    found = trend(visit.snapshot, keys, view, by=(specification.by,))
    found = found[~found["is_partial"]]
    if found.empty:
        raise Obstacle("no_weeks")
    own = part_of(found, definition.key)
    if definition.kind != "count":
        return own
    exposure = part_of(found, EXPOSURE)[["week", specification.by, "denominator"]]
    return own.drop(columns="denominator").merge(exposure, on=["week", specification.by], how="outer").fillna({"numerator": 0.0})


def _units(visit: Visit, specification: Specification, weeks: Sequence[date]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that are there all the time, and those to compare with that are not. Treated ones must be: a grid that was drawn anew in
    between is another place.
    """
    every = known_units(visit, specification.by)
    if specification.by != GRID:
        return tuple(every), ()
    known = homes(visit.snapshot)
    passing = {
        unit for unit in every
        if known[unit].since > weeks[0] or ((until := known[unit].until) is not None and until < weeks[-1] + WEEK - timedelta(days=1))
    }  # fmt: skip
    broken = [unit for unit in specification.treated if unit in passing]
    if broken:
        raise Obstacle("redivided", broken)
    return tuple(unit for unit in every if unit not in passing), tuple(sorted(passing))


def _adopted(specification: Specification, units: Sequence[str], weeks: Sequence[date]) -> Numbers:
    """Place of each unit's first whole week with the policy: 0 where that was before the weeks, NaN where after them or never."""
    adopted = np.full(len(units), np.nan)
    place = {unit: number for number, unit in enumerate(units)}
    for stage in specification.stages:
        begins = first_week(stage.day) if stage.day else weeks[-1] + WEEK
        since = next((number for number, week in enumerate(weeks) if week >= begins), np.nan)
        for unit in stage.units:
            adopted[place[unit]] = since
    return adopted


def _table(
    found: pd.DataFrame, definition: Metric, by: str, units: Sequence[str], weeks: Sequence[date]
) -> tuple[Numbers, Numbers]:
    """Units × weeks of numerator and denominator. A share of no cases is 0 of 0; a rate without exposure is not known."""
    rows, columns = ({name: place for place, name in enumerate(names)} for names in (units, weeks))
    top, bottom = (np.full((len(units), len(weeks)), np.nan if kind_of(definition) == "count" else 0.0) for _ in range(2))
    for unit, week, over, under in zip(found[by], found["week"], found["numerator"], found["denominator"], strict=True):
        row = rows.get(unit)
        if row is not None and under > 0:
            top[row, columns[as_date(week)]] = over
            bottom[row, columns[as_date(week)]] = under
    return top, bottom


def redivided_within(visit: Visit, specification: Specification, weeks: Sequence[date]) -> Mapping[str, date]:
    """Communities concerned whose grids were drawn anew within the weeks, but not when the policy began; the first time of each."""
    began = {unit: stage.day for stage in specification.stages for unit in stage.units}
    found: dict[str, date] = {}
    for one in redivisions(visit.snapshot):
        start = began.get(one.community)
        is_policy = start is not None and abs(one.day - start) <= 2 * WEEK
        if weeks[0] < one.day <= weeks[-1] + WEEK and not is_policy and specification.by == COMMUNITY:
            found.setdefault(one.community, one.day)
    return found
