"""Which days are there: a calendar a kind of export, and the days that are missing or thin in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import grid
from dashboard.components.graph import graph
from dashboard.components.states import empty
from dashboard.exhibit import DATE, NUMBER, Field, Sheet
from dashboard.figures.calendar import MARKS, calendar, month_starts
from dashboard.i18n import joined
from dashboard.i18n.dates import run, span, weekday
from dashboard.i18n.numbers import count, decimal
from dashboard.pages.data_parts import data_exhibit
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries import Coverage, coverage
from dashboard.reading.days import runs_of
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit

_WIDE_FROM = 30  # weeks from which a calendar takes the whole width
_LISTS = {"incident": "reported", "service_case": "service_cases"}
"""Kinds whose days open a list of cases: the metric that lists them."""
_MOST_RUNS = 40
KINDS = ("incident", "callback", "service_case", "patrol")
"""Kinds of export with a clock."""


@dataclass(frozen=True)
class Days:
    """The days of the period that are judged, all kinds."""

    start: date
    end: date
    rows: tuple[Coverage, ...]


def covered(visit: Visit) -> Days:
    """The period of the view. Rates stop at the last whole week; a calendar of days need not, so the last weeks go on to the as-of day."""
    period, as_of = visit.period, visit.snapshot.build.as_of.date()
    end = as_of if visit.view.period in ("last_week", "last_4_weeks", "last_12_weeks") else period.end
    return Days(period.start, end, coverage(visit.snapshot, period.start, end))


def body(visit: Visit) -> list[Any]:
    """A card a kind."""
    days = covered(visit)
    if not days.rows:
        return [html.Div(empty(visit.lang, "data.no_days"), className="card-box")]
    there = {row.kind for row in days.rows}
    kinds = [kind for kind in KINDS if kind in there]
    intro = html.P([visit.words("data.coverage_intro", span=span(days.start, days.end, visit.lang))], className="soft small")
    return [intro, _legend(visit), grid([_kind(visit, days, kind) for kind in kinds])]


def _legend(visit: Visit) -> html.Div:
    items = [
        html.Span([html.I(MARKS[state], className=f"day {state}"), visit.words(f"data.state_{state}")])
        for state in ("full", "thin", "missing", "quiet")
    ]
    return html.Div(items, className="legend-line days")


def _kind(visit: Visit, days: Days, kind: str) -> html.Section:
    rows = [row for row in days.rows if row.kind == kind]
    name, weeks = visit.words(f"kind.{kind}"), (rows[-1].day - rows[0].day).days // 7 + 2
    frame = pd.DataFrame(
        [(row.day, row.state, _hover(visit, row), _href(visit, row)) for row in rows], columns=["day", "state", "hover", "href"]
    ).astype(object)
    months = {first: _month(visit, first) for first in month_starts(rows[0].day, rows[-1].day)}
    figure = calendar(frame, weekdays=[weekday(number, visit.lang) for number in range(1, 8)], months=months)
    bad = {state: [row.day for row in rows if row.state == state] for state in ("missing", "thin")}
    summary = visit.words(
        "data.calendar_summary", kind=name, days=len(rows), missing=len(bad["missing"]), thin=len(bad["thin"]), quiet=_quiet(rows)
    )
    chart = html.Div(
        graph(figure, height=152, description=summary, has_links=kind in _LISTS),
        style={"maxWidth": f"{weeks * 26 + 60}px"},
    )
    words = [html.P(_listed(visit, state, bad[state]), className="small mb-0") for state in bad if bad[state]]
    if not words:
        words = [html.P(visit.words("data.no_gap_here"), className="small soft mb-0")]
    exhibit = data_exhibit(visit, f"days-{kind}", name, lambda: _sheet(visit, rows))
    return exhibit_card(visit, exhibit, [chart, *words], width=12 if weeks > _WIDE_FROM else 6)


def _sheet(visit: Visit, rows: Sequence[Coverage]) -> Sheet:
    units = {"day": (DATE, 0), "rows": (NUMBER, 0), "expected": (NUMBER, 1)}
    fields = [Field(visit.words(f"data.{name}"), unit, decimals) for name, (unit, decimals) in units.items()]
    fields.append(Field(visit.words("data.state")))
    return Sheet(fields, [[row.day, row.row_count, row.expected, visit.words(f"data.state_{row.state}")] for row in rows])


def _quiet(rows: list[Coverage]) -> int:
    return sum(1 for row in rows if row.state == "quiet")


def _hover(visit: Visit, row: Coverage) -> str:
    expected = decimal(row.expected, 0 if row.expected == int(row.expected) else 1)
    return visit.words(
        "data.day_hover",
        day=run(row.day, row.day, visit.lang, 0),
        weekday=weekday(row.day.isoweekday(), visit.lang),
        rows=count(row.row_count),
        expected=expected,
        state=visit.words(f"data.state_{row.state}"),
    )


def _href(visit: Visit, row: Coverage) -> str:
    """The cases of the day, where its kind has a list of them."""
    if row.kind not in _LISTS or not row.row_count:
        return ""
    return cases_href(visit.view.replace(period="custom", start=row.day, end=row.day), _LISTS[row.kind])


def _month(visit: Visit, first: date) -> str:
    """10月; January, and the first on the axis, with the year."""
    if visit.lang == "zh":
        return f"{first.year}年" if first.month == 1 else f"{first.month}月"
    return str(first.year) if first.month == 1 else f"{first:%b}"


def _listed(visit: Visit, state: str, days: list[date]) -> list[Any]:
    """缺 3 天：10月3日—5日"""
    year = visit.snapshot.build.as_of.year
    runs = [run(start, end, visit.lang, year) for start, end in runs_of(days)]
    more = visit.words("data.more_runs", count=len(runs) - _MOST_RUNS) if len(runs) > _MOST_RUNS else ""
    head = visit.words(f"data.{state}_days", count=len(days)) + visit.words("punctuation.colon")
    return [html.B(head), joined(runs[:_MOST_RUNS], visit.lang) + more]
