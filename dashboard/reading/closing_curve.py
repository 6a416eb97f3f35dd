"""Time to close as a curve: the share of cases closed by a time after the report, those still open included."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.figures.curve import Mark
from dashboard.i18n.numbers import NOTHING, between, count, duration, shown
from dashboard.queries.closing_times import ClosingTimes, closing_times
from dashboard.reading.visit import Visit
from dashboard.statistics.survival import Curve, counted, incidence

LEAST = 30
"""Closed cases without which no curve is drawn."""
POINTS = 90
"""Times at which it is drawn: a step an hour would weigh more and look the same."""
DAY = 24
_STEPS = (1, 2, 3, 5, 7, 10, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True)
class ClosingCurve:
    """closed, elsewise: at, share, low, high, hover of cases closed, and void or merged; empty with too few cases · closings: how many.
    sentence: what it says; note: what it rests on.
    """

    closings: int
    closed: pd.DataFrame
    elsewise: pd.DataFrame
    marks: list[Mark]
    ticks: dict[float, str]
    sentence: str
    note: str


def closing_curve(visit: Visit) -> ClosingCurve:
    """Of the cases reported in the period."""
    times = closing_times(visit.snapshot, visit.view, (visit.period.start, visit.period.end))
    cases = counted(times.hours, times.ended, entered=times.entered, cases=times.cases, ways=2)
    closings = int(cases.ended[0].sum())
    note = visit.words("closure.curve_note", cases=count(times.cases.sum()), untimed=count(times.untimed))
    if closings < LEAST:
        nothing = pd.DataFrame(columns=["at", "share", "low", "high", "hover"])
        return ClosingCurve(closings, nothing, nothing, [], {}, visit.words("closure.curve_few", least=LEAST), note)
    closed, elsewise = incidence(cases)
    end = _end(closed, times.allowed)
    at = np.unique(np.round(np.linspace(0, end, POINTS)))
    return ClosingCurve(
        closings,
        _frame(visit, closed, at, visit.words("closure.curve_closed")),
        _frame(visit, elsewise, at, visit.words("closure.curve_elsewise")),
        _marks(visit, times),
        _ticks(visit, end),
        _said(visit, closed, elsewise, times),
        note,
    )


def _end(closed: Curve, allowed: float) -> float:
    """Hours to be drawn: until nineteen in twenty of those ever closed are, and beyond the promised limit; whole days."""
    most = closed.when(0.95 * float(closed.share[-1]))[0]
    wanted = max(most, 0 if math.isnan(allowed) else 1.3 * allowed)
    return min(math.ceil(wanted / DAY), max(math.ceil(closed.until / DAY), 1)) * DAY


def _frame(visit: Visit, found: Curve, at: np.ndarray[tuple[int], np.dtype[np.float64]], name: str) -> pd.DataFrame:
    frame = pd.DataFrame({"at": at, **dict(zip(("share", "low", "high"), found.by(at), strict=True))}).dropna(subset=["share"])
    frame["hover"] = [
        f"{name} {visit.words('closure.curve_by', time=duration(row['at'], visit.lang))} {shown(row['share'], 'percent', 1, visit.lang)}"
        for row in frame.to_dict("records")
    ]
    return frame


def _marks(visit: Visit, times: ClosingTimes) -> list[Mark]:
    if math.isnan(times.allowed):
        return []
    return [Mark(times.allowed, visit.words("closure.curve_limit", time=duration(times.allowed, visit.lang)))]


def _ticks(visit: Visit, end: float) -> dict[float, str]:
    """Whole days, at most six of them, the last at the end."""
    days = round(end / DAY)
    step = next((step for step in _STEPS if days <= 6 * step), -(-days // 6))
    return {float(day * DAY): visit.words("closure.days", n=day) for day in sorted({*range(0, days - step // 2, step), days})}


def _said(visit: Visit, closed: Curve, elsewise: Curve, times: ClosingTimes) -> str:
    """Median, share within the promised limit, and what ended otherwise."""
    median, low, high = closed.when()
    said = []
    if not math.isnan(median):
        first, last = (NOTHING if math.isnan(end) else duration(end, visit.lang) for end in (low, high))
        said.append(visit.words("closure.curve_median", median=duration(median, visit.lang), low=first, high=last))
    else:
        said.append(visit.words("closure.curve_no_median"))
    share, least, most = (float(part) for part in closed.by(times.allowed))
    if not math.isnan(share):
        allowed, value = duration(times.allowed, visit.lang), shown(share, "percent", 1, visit.lang)
        ends = NOTHING if math.isnan(least) else between(least, most, "percent", 1, visit.lang)
        said.append(visit.words("closure.curve_in_time", allowed=allowed, share=value, bounds=ends))
    if elsewise.share[-1] > 0:
        said.append(visit.words("closure.curve_other", share=shown(float(elsewise.share[-1]), "percent", 1, visit.lang)))
    return (" " if visit.lang == "en" else "").join(said)
