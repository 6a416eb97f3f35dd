"""办结 · the stock as a balance: opening + new − closed = closing, for the period and week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.equation import Term, equation
from dashboard.components.graph import graph
from dashboard.exhibit import DATE, NUMBER, Exhibit, Field
from dashboard.figures.theme import BLUE, GREY, ORANGE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.dates import as_date
from dashboard.i18n.numbers import count
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries.balance import Balance, balances
from dashboard.reading.exhibits import of_frame
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit

DRAWN = 13  # weeks in a chart, a quarter of a year; its table has all


def balance_card(visit: Visit, mondays: Sequence[Any]) -> html.Section:
    """The stock of the period as a sum, and its weekly course."""
    starts = [as_date(monday) for monday in mondays]
    period, *weeks = balances(
        visit.snapshot,
        visit.view,
        [(visit.period.start, visit.period.end), *((start, start + timedelta(days=6)) for start in starts)],
    )
    recent = weeks[-DRAWN:]
    frame = pd.DataFrame(
        {"week": [week.start for week in recent]}
        | {name: [getattr(week, name) for week in recent] for name in ("taken", "closed", "closing")}
    )
    keys = {
        "taken": ("extension_rate", "denominator"),
        "closed": ("closed:by_closing", "numerator"),
        "closing": ("backlog", "numerator"),
    }
    for name, (key, part) in keys.items():
        frame[f"{name}_href"] = [cases_href(visit.view, key, part, {"week": start}) for start in frame["week"]]
    lines = [
        Line("taken", visit.words("series.taken"), "taken_href", GREY),
        Line("closed", visit.words("series.closed"), "closed_href", BLUE),
        Line("closing", visit.words("series.backlog"), "closing_href", ORANGE, "dot"),
    ]
    said = visit.words(
        "closure.flow_said",
        opening=count(period.opening),
        taken=count(period.taken),
        closed=count(period.closed),
        closing=count(period.closing),
    )
    chart = graph(trend(frame, lines, lang=visit.lang, unit=visit.words("unit.count")), height=230, description=said)
    sums = [equation(_stock(visit, period)), equation(_reported(visit, period))]
    return exhibit_card(
        visit,
        _ledger(visit, [period, *weeks]),
        [*sums, chart] if weeks else sums,
        width=7,
        note=visit.words("closure.flow_note", count=len(recent)),
    )


def _stock(visit: Visit, period: Balance) -> list[Term]:
    """Opening + taken in − closed = closing."""
    view = visit.view
    eve = period.start - timedelta(days=1)
    before = cases_href(view.replace(period="custom", start=eve, end=eve), "backlog") if period.opening else ""
    closed = cases_href(view, "closed:by_closing")
    undated = [Term("−", visit.words("closure.undated"), period.undated)] if period.undated else []
    return [
        Term("", visit.words("closure.opening"), period.opening, before, strong=True),
        Term("+", visit.words("closure.taken"), period.taken, cases_href(view, "extension_rate", "denominator"), strong=True),
        Term("−", visit.words("closure.closed"), period.closed, closed, strong=True),
        *undated,
        Term("=", visit.words("closure.closing"), period.closing, cases_href(view, "backlog"), strong=True),
    ]


def _reported(visit: Visit, period: Balance) -> list[Term]:
    """What was reported and did not become work of a department; what does not occur is left out."""
    view = visit.view
    terms = [
        Term("", visit.words("closure.reported"), period.reported, cases_href(view, "reported")),
        Term("−", visit.words("closure.self_disposed"), period.self_disposed, cases_href(view, "self_disposed_share")),
        Term("−", visit.words("closure.excluded"), period.excluded, cases_href(view, "exclusion_share")),
        Term("+", visit.words("closure.both"), period.both),
        Term("−", visit.words("closure.unregistered"), period.unregistered),
        Term("=", visit.words("closure.taken"), period.taken, cases_href(view, "extension_rate", "denominator")),
    ]
    return [term for term in terms if term.value or term.sign in ("", "=")]


def _ledger(visit: Visit, rows: Sequence[Balance]) -> Exhibit:
    names = ("opening", "taken", "closed", "undated", "closing", "reported", "self_disposed", "excluded", "both", "unregistered")
    fields = {
        "start": Field(visit.words("closure.from"), DATE),
        "end": Field(visit.words("closure.to"), DATE),
        **{name: Field(visit.words(f"closure.{name}"), NUMBER) for name in names},
    }
    frame = pd.DataFrame([{name: getattr(row, name) for name in fields} for row in rows])
    note = visit.words("closure.ledger_note")
    return of_frame("balance", visit.words("closure.flow"), frame, fields, ("backlog", "closed:by_closing", "extension_rate"), note)
