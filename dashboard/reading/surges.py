"""Which grids need a look: more reports than the grid's own weeks before explain, or closings late beyond chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from dashboard.figures.dots import WORSE
from dashboard.queries.grids import Home, homes
from dashboard.reading.frames import comparison
from dashboard.reading.visit import WEEK, Visit, part_of
from dashboard.statistics.differences import more_than_before
from dashboard.statistics.outliers import discoveries

WEEKS, LEAST_WEEKS = 12, 8
"""Weeks before the last that a grid is held against, and without how many there is no verdict."""
FALSE_SHARE = 0.05
"""Of all grids called a surge, the share that may be so by chance alone."""
LATE = "on_time_closure_rate"
WITHIN = 6
"""Grids within chance that are shown nevertheless, because a reader would otherwise ask about them."""
MOST = 20


@dataclass(frozen=True)
class GridWeek:
    """One grid. reports: of the last week · usual: mean of the weeks before, NaN where there are fewer than LEAST_WEEKS ·
    p: that chance alone brings so many more · share, n: closed on time of due in WEEKS + 1 weeks · overdue: open now ·
    is_surge, is_late: beyond chance.
    """

    grid: str
    community: str
    reports: int
    usual: float
    p: float
    share: float
    n: int
    overdue: int
    is_surge: bool = False
    is_late: bool = False

    @property
    def is_beyond(self) -> bool:
        return self.is_surge or self.is_late

    @property
    def is_judged(self) -> bool:
        """Whether there is a verdict: enough earlier weeks, or closings that are late whatever the reports."""
        return self.p == self.p or self.is_late


def grid_weeks(visit: Visit) -> list[GridWeek]:
    """Every grid that exists on the last day of the period and had reports in its last 13 weeks: beyond chance first, then by p."""
    last = visit.period.end - timedelta(days=visit.period.end.weekday())
    start = max(last - WEEKS * WEEK, visit.snapshot.build.data_from)
    course = visit.history(("reported",), by=("grid",), weeks=WEEKS + 1)
    weeks = {str(grid): rows for grid, rows in course.groupby("grid")}
    wide = replace(visit, view=visit.view.replace(period="custom", start=start, end=visit.period.end))
    numbers = wide.numbers((LATE, "open_overdue"), by=("grid",))
    compared, _ = comparison(wide, numbers, LATE, by="grid")
    late = {str(row["code"]): row for row in compared.to_dict("records")}
    stock = part_of(numbers, "open_overdue")
    overdue = dict(zip(stock["grid"], stock["value"], strict=True))
    found = []
    for grid, home in _living(visit, homes(visit.snapshot)).items():
        if grid not in weeks:
            continue
        reports, usual, p = _against_itself(weeks[grid]["week"].tolist(), weeks[grid]["value"].tolist(), home.since, last)
        own = late.get(grid, {"value": float("nan"), "n": 0, "stand": ""})
        closing = float(own["value"]), int(own["n"]), int(overdue.get(grid) or 0)
        found.append(GridWeek(grid, home.community, reports, usual, p, *closing, is_late=own["stand"] == WORSE))
    return _judged(found)


def of_last_week(visit: Visit) -> Visit:
    """The same visit of the last week that is whole at the end of its period."""
    end = visit.period.end
    sunday = end - timedelta(days=(end.weekday() + 1) % 7)
    return replace(visit, view=visit.view.replace(period="custom", start=sunday - WEEK + timedelta(days=1), end=sunday))


def conspicuous(found: list[GridWeek]) -> tuple[list[GridWeek], list[GridWeek]]:
    """Those beyond chance, at most MOST, and the first of the others that have earlier weeks: the rows of a table, no totals."""
    beyond = [one for one in found if one.is_beyond][:MOST]
    return beyond, [one for one in found if not one.is_beyond and not np.isnan(one.usual)][:WITHIN]


def summary(visit: Visit, found: list[GridWeek]) -> str:
    """How many of the grids that can be judged are beyond chance, how many are shown of them, and how many cannot be judged."""
    judged, beyond = (sum(has) for has in ([one.is_judged for one in found], [one.is_beyond for one in found]))
    said = "report.grids_said" if beyond else "report.no_grid_beyond"
    parts = [visit.words(said, count=judged, beyond=beyond, weeks=WEEKS)] if judged else []
    parts += [visit.words("report.grids_most", most=MOST)] if beyond > MOST else []
    if judged < len(found):
        parts.append(visit.words("report.grids_unjudged", count=len(found) - judged, least=LEAST_WEEKS))
    return ("" if visit.lang == "zh" else " ").join(parts)


def verdict(visit: Visit, one: GridWeek) -> str:
    """上报突增，超出波动: what is beyond chance, or that nothing is, or that nothing can be said."""
    if not one.is_judged:
        return visit.words("report.not_judged")
    said = [visit.words(word) for word, holds in (("report.surge", one.is_surge), ("report.late", one.is_late)) if holds]
    return visit.words("punctuation.semicolon").join(said) or visit.words("report.within_chance")


def _living(visit: Visit, all_: Mapping[str, Home]) -> dict[str, Home]:
    """The grids of the view that exist on its last day."""
    day, wanted = visit.period.end, set(visit.view.community)
    return {
        grid: home
        for grid, home in all_.items()
        if home.since <= day and (home.until is None or home.until >= day) and (not wanted or home.community in wanted)
    }


def _against_itself(mondays: list[object], values: list[float], since: date, last: date) -> tuple[int, float, float]:
    """Reports of the last week, the mean of the whole weeks before it that the grid has existed, and the chance of so many more."""
    known = {np.datetime64(monday, "D").item(): value for monday, value in zip(mondays, values, strict=True)}  # type: ignore[call-overload]
    now = int(known.get(last, 0) or 0)
    before = [value or 0 for monday, value in known.items() if since <= monday < last]
    if len(before) < LEAST_WEEKS:
        return now, float("nan"), float("nan")
    return now, sum(before) / len(before), more_than_before(now, int(sum(before)), len(before))


def _judged(found: list[GridWeek]) -> list[GridWeek]:
    tested = [one for one in found if one.p == one.p]
    adjusted = dict(zip((one.grid for one in tested), discoveries([one.p for one in tested]), strict=True))
    judged = [replace(one, is_surge=bool(adjusted.get(one.grid, 1.0) < FALSE_SHARE)) for one in found]
    return sorted(judged, key=lambda one: (not one.is_beyond, one.p if one.p == one.p else 1.0, one.grid))
