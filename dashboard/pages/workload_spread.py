"""How evenly the load lies on the grids, and how it moves from week to week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from dash import html

from dashboard import queries
from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.states import empty
from dashboard.figures.heatmap import Change, unit_weeks
from dashboard.figures.lorenz import lorenz_curve
from dashboard.figures.marks import with_days
from dashboard.figures.trend import Line, trend
from dashboard.i18n.dates import as_date, week_name, week_tick
from dashboard.i18n.numbers import bare, decimal, is_missing, shown
from dashboard.pages.control_card import control_card
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.workload_division import redivided_communities, redivided_line, redivisions_between
from dashboard.queries.grids import Redivision
from dashboard.reading.exhibits import of_numbers
from dashboard.reading.links import cases_href
from dashboard.reading.visit import WEEK, Visit, metric, part_of
from dashboard.statistics.inequality import gini, gini_interval, lorenz

MOST_GRIDS = 40
ROW = 17  # pixels of a grid
FEWEST_WEEKS, MOST_WEEKS = 12, 26
FEWEST_UNITS = 3
GRID_HERE = "grid-here"


def evenness(visit: Visit, grids: pd.DataFrame, what: str, per: str, bases: Sequence[str]) -> html.Section:
    """Lorenz curve and Gini's coefficient of the load over grids (or workers, or households), with the other bases beside it."""
    title = visit.words("workload.evenness")
    key = f"{what}_per_{per}"
    carried, size = _loads(grids, key)
    if len(carried) < FEWEST_UNITS:
        return card(title, empty(visit.lang, "workload.too_few_grids"), width=5)
    low, high = gini_interval(carried, size)
    note = visit.words(
        "workload.gini", gini=decimal(gini(carried, size), 2), low=decimal(low, 2), high=decimal(high, 2), count=len(carried)
    )
    units, load = lorenz(carried, size)
    busiest = 1 - float(np.interp(0.8, units, load))
    base, thing = visit.words(f"workload.unit_{per}"), visit.words(f"workload.{what}")
    sentence = visit.words("workload.busiest", base=base, share=shown(busiest, "percent", 0, visit.lang), what=thing)
    others = [
        visit.words(
            "workload.also", base=visit.words(f"workload.{other}"), gini=decimal(gini(*_loads(grids, f"{what}_per_{other}")), 2)
        )
        for other in bases
        if other != per
    ]
    hover = visit.words("workload.lorenz_cell", base=base, units="%{x:.0%}", what=thing, load="%{y:.0%}")
    figure = lorenz_curve(units.tolist(), load.tolist(), even=visit.words("workload.even"), hover=hover)
    chart = graph(figure, height=330, description=f"{title} {sentence} {note}", has_links=False)
    foot = sentence + visit.words("punctuation.semicolon") + visit.words("punctuation.comma").join(others)
    return exhibit_card(
        visit,
        of_numbers(visit, "evenness", title, grids, (key,), ("grid",)),
        chart,
        width=5,
        note=note,
        foot=foot,
        methods=("inequality",),
    )


def _loads(grids: pd.DataFrame, key: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What each grid carries, and its share of the exposure; those without exposure are left out."""
    rows = part_of(grids, key)
    rows = rows[rows["grid"].notna() & (rows["denominator"] > 0)]
    return rows["numerator"].to_numpy(dtype=float), rows["denominator"].to_numpy(dtype=float)


def course(visit: Visit, key: str, history: pd.DataFrame) -> html.Section:
    """The load of the whole week by week, with the days on which grids were divided anew."""
    definition = metric(key)
    title = visit.words("workload.course")
    if history["value"].notna().sum() < 2:
        return card(title, empty(visit.lang), width=7)
    if visit.view.chart == "control":
        return control_card(visit, "load-weeks", history, key, title=title, width=7, height=330)
    name = definition.text(visit.lang).name
    frame = history.assign(href=[cases_href(visit.view, key, "numerator", {"week": str(week)[:10]}) for week in history["week"]])
    frame = frame.assign(value=frame["value"].round(definition.decimals))
    figure = trend(frame, [Line("value", "", "href")], lang=visit.lang, unit=visit.words(f"unit.{definition.unit}"))
    first, last = as_date(history["week"].min()), as_date(history["week"].max()) + timedelta(days=6)
    changes = redivisions_between(visit, first, last)
    marks = [(str(day), visit.words("workload.redivided_mark")) for day in dict.fromkeys(change.day for change in changes)]
    known = history.dropna(subset=["value"]).sort_values("value")
    described = visit.words(
        "workload.course_described",
        name=name,
        high=bare(known["value"].iloc[-1], definition.unit, definition.decimals, visit.lang),
        high_week=week_name(known["week"].iloc[-1], visit.lang),
        low=bare(known["value"].iloc[0], definition.unit, definition.decimals, visit.lang),
        low_week=week_name(known["week"].iloc[0], visit.lang),
    )
    chart = graph(with_days(figure, marks), height=330, description=described)
    note = name + visit.words("punctuation.comma") + visit.words("chart.weeks", count=len(history))
    foot = redivided_line(visit, changes) if marks else ""
    return exhibit_card(
        visit, of_numbers(visit, "load-weeks", title, history, (key,), ("week",)), chart, width=7, note=note, foot=foot
    )


def grid_weeks(visit: Visit, key: str) -> html.Section:
    """Grid × week, the grids of a community together; the busiest of them where there are too many to read."""
    title = visit.words("workload.grid_weeks")
    weeks = min(MOST_WEEKS, max(FEWEST_WEEKS, visit.period.days // 7))
    history = visit.history((key,), by=("grid",), weeks=weeks)
    rows = _by_code(visit, history)
    if rows.empty:
        return card(title, empty(visit.lang), width=12)
    units, shown_of = _units(rows)
    mondays = sorted(rows["week"].unique())
    place = {monday: number for number, monday in enumerate(mondays)}
    rows = rows[rows["unit"].isin([code for code, _ in units])]
    definition = metric(key)
    frame = pd.DataFrame(
        {
            "unit": rows["unit"].tolist(),
            "week": [place[week] for week in rows["week"]],
            "value": rows["value"].tolist(),
            "href": _hrefs(visit, key, rows),
        }
    )
    changes = redivisions_between(visit, as_date(mondays[0]), as_date(mondays[-1]) + timedelta(days=6))
    figure = unit_weeks(
        frame,
        units=_labelled(visit, units),
        weeks=[week_tick(monday) for monday in mondays],
        hover=visit.words("workload.week_cell", unit="%{y}", week="%{x}", value="%{z}", name=definition.text(visit.lang).short),
        changes=_edges(units, changes, [as_date(monday) for monday in mondays]),
    )
    note = visit.words("workload.grid_weeks_note", name=definition.text(visit.lang).name, shown=len(units), count=shown_of)
    most = rows.sort_values("value").iloc[-1]
    described = visit.words(
        "workload.grid_weeks_described",
        title=title,
        unit=most["unit"],
        week=week_name(most["week"], visit.lang),
        value=bare(most["value"], definition.unit, definition.decimals, visit.lang),
    )
    chart = graph(figure, height=max(160, ROW * len(units) + 40), description=described)
    foot = visit.words("workload.redivided_here", communities=redivided_communities(visit, changes)) if changes else ""
    return exhibit_card(
        visit, of_numbers(visit, "grid-weeks", title, history, (key,), ("week", "grid")), chart, note=note, foot=foot
    )


def _hrefs(visit: Visit, key: str, rows: pd.DataFrame) -> list[str]:
    """The cases of each cell. An address is made once a week, the grid put into it: a thousand of them would take a while."""
    weeks = {
        week: cases_href(visit.view, key, "numerator", {"week": str(week)[:10], "grid": GRID_HERE})
        for week in rows["week"].unique()
    }
    return [
        weeks[week].replace(GRID_HERE, quote(grid, safe=",@:")) if value else ""
        for week, grid, value in zip(rows["week"], rows["grid"], rows["value"], strict=True)
    ]


def _by_code(visit: Visit, history: pd.DataFrame) -> pd.DataFrame:
    """unit (grid code), community, week, value, numerator, denominator, grid: the versions of a grid in one row of cells.

    In the week of a re-division a code has two versions; their loads are added up and the later one is opened.
    """
    parents = {option.code: option.parent for option in queries.options(visit.snapshot, "grid")}
    known = history[history["grid"].notna() & (history["denominator"] > 0)].sort_values(["week", "grid"])
    known = known.assign(unit=known["grid"].str.rsplit("@", n=1).str[0], community=known["grid"].map(parents).fillna(""))
    found = known.groupby(["community", "unit", "week"], sort=True, as_index=False).agg(
        numerator=("numerator", "sum"), denominator=("denominator", "sum"), grid=("grid", "last")
    )
    return found.assign(value=found["numerator"] / found["denominator"])


def _units(rows: pd.DataFrame) -> tuple[list[tuple[str, str]], int]:
    """(grid code, community) to show, by community; and how many there are."""
    totals = rows.groupby(["community", "unit"], as_index=False)[["numerator", "denominator"]].sum()
    totals = totals.assign(value=totals["numerator"] / totals["denominator"])
    busiest = totals.sort_values(["value", "unit"], ascending=[False, True]).head(MOST_GRIDS).sort_values(["community", "unit"])
    return list(zip(busiest["unit"].tolist(), busiest["community"].tolist(), strict=True)), len(totals)


def _labelled(visit: Visit, units: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Codes with their names on the axis: the community stands before the first of its grids."""
    before = [None, *(community for _, community in units)]
    return [
        (code, code if community == last or is_missing(community) else f"{visit.name('community', community)} {code}")
        for (code, community), last in zip(units, before, strict=False)
    ]


def _edges(units: Sequence[tuple[str, str]], changes: Sequence[Redivision], mondays: Sequence[Any]) -> list[Change]:
    found = []
    for change in changes:
        rows = [number for number, (_, community) in enumerate(units) if community == change.community]
        column = next((number for number, monday in enumerate(mondays) if change.day < monday + WEEK), None)
        if rows and column is not None:
            found.append(Change(column, (rows[0], rows[-1])))
    return found
