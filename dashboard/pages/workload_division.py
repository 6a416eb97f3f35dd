"""The division into grids: when it changed, and what another one would mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.attributes import data
from dashboard.components.card import card
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, TEXT, Exhibit, Field, Sheet
from dashboard.i18n.dates import day as day_name
from dashboard.i18n.numbers import NOTHING, count, decimal
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import community_href
from dashboard.queries.grids import Redivision, held, redivisions
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, part_of
from dashboard.statistics.division import Area, divided, together

KEY = "incidents_per_grid"
MOST_HOUSEHOLDS, MOST_WORKERS = 100_000, 100.0
MOST_NAMED = 3


def redivisions_between(visit: Visit, first: date, last: date) -> list[Redivision]:
    """Those of the communities in view, by day."""
    chosen = visit.view.community
    return [
        change
        for change in redivisions(visit.snapshot)
        if first < change.day <= last and (not chosen or change.community in chosen)
    ]


def redivided_communities(visit: Visit, changes: Sequence[Redivision]) -> str:
    """锦秀里社区（9→14）、…"""
    names = [
        visit.words("workload.redivided", name=visit.name("community", change.community), before=change.before, after=change.after)
        for change in changes
    ]
    rest = len(names) - MOST_NAMED
    joined = visit.words("punctuation.list").join(names[:MOST_NAMED])
    return visit.words("workload.redivided_more", names=joined, count=len(names)) if rest > 0 else joined


def redivision_note(visit: Visit) -> str:
    """Whether the grids of the period are the same throughout; "" when they are."""
    changes = redivisions_between(visit, visit.period.start, visit.period.end)
    if not changes:
        return ""
    days = list(dict.fromkeys(day_name(change.day, visit.lang) for change in changes))
    return visit.words(
        "workload.redivided_note",
        days=visit.words("punctuation.list").join(days),
        communities=redivided_communities(visit, changes),
    )


def redivided_line(visit: Visit, changes: Sequence[Redivision]) -> str:
    """Under a chart with dashed lines: whose grids changed there."""
    return visit.words("workload.redivided_line", communities=redivided_communities(visit, changes))


def what_if(visit: Visit) -> html.Section:
    """Grids and loads of an imagined division beside today's: so many households a grid, so many workers in each."""
    title = visit.words("workload.what_if")
    today = _today(visit)
    now = together(today)
    if not now.households or not now.grids:
        return card(title, empty(visit.lang, "workload.no_households"))
    households = _asked(visit.choice("households"), MOST_HOUSEHOLDS, 10 * math.ceil(now.households / now.grids / 10))
    workers = _asked(visit.choice("workers"), MOST_WORKERS, round(now.workers / now.grids, 1))
    then = divided(today, households=households, workers=workers)
    pairs = list(zip(today, then, strict=True))
    total = (now, together(then))
    rows = [
        [Cell(visit.name("community", area.code), community_href(visit, area.code)), *_cells(visit, area, other)]
        for area, other in pairs
    ]
    footer = [Cell(visit.words("communities.whole")), *_cells(visit, *total)]
    children = [
        _form(visit, households, workers),
        html.P(_sentence(visit, *total), className="mb-2"),
        table(_heads(visit), rows, title, footer),
    ]
    exhibit = Exhibit("what-if", title, lambda: _sheet(visit, [*pairs, total]), (KEY,))
    return exhibit_card(
        visit, exhibit, children, note=visit.words("workload.what_if_note"), foot=visit.words("workload.assumptions")
    )


def _today(visit: Visit) -> list[Area]:
    """What each community has at the end of the period, and its weekly incidents over the period."""
    start = max(visit.period.start, visit.snapshot.build.data_from)
    weeks = max((visit.period.end - start).days + 1, 1) / 7
    rows = part_of(visit.numbers((KEY,), by=("community",)), KEY)
    weekly = dict(zip(rows["community"], rows["numerator"] / weeks, strict=True))
    return [
        Area(found.community, found.households, found.grids, found.workers, float(weekly.get(found.community, 0.0)))
        for found in held(visit.snapshot, visit.view, visit.period.end)
    ]


def _asked(words: str, most: float, otherwise: float) -> float:
    """A number of the address; the present one where it is left out or cannot be used."""
    try:
        number = float(words)
    except ValueError:
        return otherwise
    return number if 0 < number <= most else otherwise


def _form(visit: Visit, households: float, workers: float) -> html.Form:
    return html.Form(
        [
            _field(visit.words("workload.households"), "households", f"{households:g}", "10"),
            _field(visit.words("workload.workers"), "workers", f"{workers:g}", "0.1"),
            html.Button(visit.words("workload.count"), type="submit", className="btn btn-outline-primary btn-sm"),
        ],
        className="asked-for",
        **data(query="households workers"),
    )


def _field(label: str, name: str, value: str, step: str) -> html.Label:
    box = dbc.Input(type="number", name=name, value=value, min="0", step=step, inputmode="decimal", size="sm")
    return html.Label([html.Span(label), box])


def _heads(visit: Visit) -> list[Column]:
    names = ("area_households", "grids_now", "grids_then", "grids_more", "load_now", "load_then", "worker_now", "worker_then")
    return [
        Column(visit.words("table.community"), is_number=False),
        *(Column(visit.words(f"workload.{name}")) for name in names),
    ]


def _cells(visit: Visit, now: Area, then: Area) -> list[Cell]:
    more = then.grids - now.grids
    cases = cases_href(visit.view, KEY, "numerator", {"community": now.code} if now.code else {})
    return [
        Cell(count(now.households)),
        Cell(count(now.grids)),
        Cell(count(then.grids)),
        Cell(f"{more:+.0f}".replace("-", "−") if more else "0"),
        Cell(decimal(now.per_grid, 1), cases),
        Cell(decimal(then.per_grid, 1)),
        Cell(decimal(now.per_worker, 1), cases),
        Cell(decimal(then.per_worker, 1)),
    ]


def _sentence(visit: Visit, now: Area, then: Area) -> str:
    return visit.words(
        "workload.then",
        grids=count(then.grids),
        now=count(now.grids),
        workers=decimal(then.workers, 1),
        workers_now=decimal(now.workers, 1),
        load=decimal(then.per_grid, 1),
        load_now=decimal(now.per_grid, 1),
        each=decimal(then.per_worker, 1) if then.workers else NOTHING,
        each_now=decimal(now.per_worker, 1) if now.workers else NOTHING,
    )


def _sheet(visit: Visit, pairs: Sequence[tuple[Area, Area]]) -> Sheet:
    heads = _heads(visit)
    fields = [Field(str(heads[0].name), TEXT)]
    for place, head in enumerate(heads[1:]):
        fields.append(Field(str(head.name), NUMBER, 0 if place < 4 else 1))
    rows: list[list[Any]] = [
        [
            visit.name("community", now.code) if now.code else visit.words("communities.whole"),
            now.households,
            now.grids,
            then.grids,
            then.grids - now.grids,
            now.per_grid,
            then.per_grid,
            now.per_worker,
            then.per_worker,
        ]
        for now, then in pairs
    ]
    return Sheet(fields, rows)
