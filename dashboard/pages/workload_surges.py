"""网格负荷 · which grids need a look: more reports than their own weeks before explain, or closings late beyond chance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.i18n.dates import week_name
from dashboard.i18n.numbers import NOTHING, count, decimal, is_missing, shown
from dashboard.pages.exhibits import exhibit_card
from dashboard.reading.exhibits import of_frame
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.surges import LATE, LEAST_WEEKS, WEEKS, GridWeek, conspicuous, grid_weeks, of_last_week, summary, verdict
from dashboard.reading.visit import WEEK, Visit

PATH = "/workload"
SHOWN = ("grid", "verdict", "this_week", "usual", "on_time_weeks", "overdue")
"""In the order in which a phone shows them."""
TEXTS = ("grid", "verdict")


def surges_card(visit: Visit) -> html.Section:
    """Those beyond chance, and some that only look so; the last whole week of the period, as in the weekly report."""
    title, here = visit.words("workload.surges"), of_last_week(visit)
    found = grid_weeks(here)
    if not found:
        return card(title, empty(visit.lang, "workload.no_surges"), width=12)
    beyond, within = conspicuous(found)
    said, rows = summary(here, found), [_row(here, one) for one in (*beyond, *within)]
    monday = here.period.end - timedelta(days=6)
    heads = [Column(visit.words(f"report.column_{name}"), is_number=name not in TEXTS) for name in SHOWN]
    frame = pd.DataFrame(
        [_values(visit, one) for one in found],
        columns=["grid", "community", "reports", "usual", "share", "n", "overdue", "verdict"],
    )
    return exhibit_card(
        visit,
        of_frame("surges", title, frame, _fields(visit), ("reported", LATE, "open_overdue"), said),
        [html.P(said), *([table(heads, rows, title)] if rows else [])],
        note=visit.words("workload.surges_note", week=week_name(monday, visit.lang)),
        foot=visit.words("report.grids_note", weeks=WEEKS, least=LEAST_WEEKS),
        methods=("surge", "false_discovery", "wilson"),
    )


def _row(visit: Visit, one: GridWeek) -> list[Cell]:
    """visit: of the week."""
    at, end = {"grid": one.grid}, visit.period.end
    thirteen = visit.view.replace(start=end - (WEEKS + 1) * WEEK + timedelta(days=1), end=end)
    share = "" if is_missing(one.share) else f"n={count(one.n)}"
    said: Any = verdict(visit, one)
    name, community = visit.name("grid", one.grid), visit.name("community", one.community)
    home = "" if community in name else community
    return [
        Cell(name, page_href(PATH, visit.view.replace(grid=(one.grid,))), home, is_wrapped=True),
        Cell(html.Strong(said) if one.is_beyond else said, is_wrapped=True),
        Cell(count(one.reports), cases_href(visit.view, "reported", at=at)),
        Cell(NOTHING if is_missing(one.usual) else decimal(one.usual, 1)),
        Cell(shown(one.share, "percent", 1, visit.lang), cases_href(thirteen, LATE, "denominator", at) if share else "", share),
        Cell(count(one.overdue), cases_href(visit.view.replace(period="all"), "open_overdue", at=at) if one.overdue else ""),
    ]


def _values(visit: Visit, one: GridWeek) -> list[Any]:
    names = visit.name("grid", one.grid), visit.name("community", one.community)
    return [*names, one.reports, one.usual, one.share, one.n, one.overdue, verdict(visit, one)]


def _fields(visit: Visit) -> dict[str, Field]:
    heads = {name: visit.words(f"report.column_{name}") for name in (*SHOWN, "community")}
    return {
        "grid": Field(heads["grid"], TEXT),
        "community": Field(heads["community"], TEXT),
        "reports": Field(heads["this_week"], NUMBER),
        "usual": Field(heads["usual"], NUMBER, 1),
        "share": Field(heads["on_time_weeks"], "percent", 1),
        "n": Field("n", NUMBER),
        "overdue": Field(heads["overdue"], NUMBER),
        "verdict": Field(heads["verdict"], TEXT),
    }
