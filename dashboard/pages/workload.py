"""网格负荷: who carries how much, when, and how evenly?"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.states import empty, empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.figures.bars import columns
from dashboard.figures.heatmap import week_hours
from dashboard.i18n.dates import weekday
from dashboard.i18n.numbers import bare, count, is_missing, shown
from dashboard.pages.breakdown import bars_card
from dashboard.pages.drawn import Later, later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head, unfiltered
from dashboard.pages.workload_division import redivision_note, what_if
from dashboard.pages.workload_spread import course, evenness, grid_weeks
from dashboard.pages.workload_surges import surges_card
from dashboard.reading.exhibits import of_numbers
from dashboard.reading.frames import hover
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.visit import Visit, heading, metric, part_of

PATH = "/workload"
KEY = "workload"
TILES = (
    "incidents_per_grid",
    "incidents_per_fte",
    "incidents_per_1000_households",
    "reported",
    "patrols_per_grid",
    "patrols_per_fte",
    "patrols_per_1000_households",
    "self_disposed_share",
)
WHAT = ("incidents", "patrols", "callbacks", "service_cases")
PER = ("grid", "fte", "1000_households")
BY_COMMUNITY_ONLY = "service_cases"
"""Its source names no grid."""
ROWS = 20  # of the table of grids, until all are asked for


def body(visit: Visit) -> list[Any]:
    """Tiles; what × per what; by community and by grid; how evenly; week by week; weekday × hour; what if; table of grids."""
    history, readings = visit.told(TILES)
    head = page_head(visit, "workload", has_courses=True)
    if not any(reading.n for reading in readings):
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    what, per = _chosen(visit)
    key = f"{what}_per_{per}"
    unheeded = unfiltered(visit, tuple(dict.fromkeys((*TILES, key))))
    page = [head, tiles(readings, visit.view), *unheeded, _choice(visit, what, per)]
    if visit.is_wall:
        return [*page, grid([_communities(visit, key), _weekly(visit, key, history)]), grid([_calendar(visit)])]
    if what == BY_COMMUNITY_ONLY:
        page += _without_grids(visit, key, history)
    return [*page, *_below(visit, what, per, history)]


def _below(visit: Visit, what: str, per: str, history: pd.DataFrame) -> list[Later]:
    """Row by row: by community and grid, how evenly, week by week, where that is known by grid; weekday × hour; what if; the table of grids."""
    key = f"{what}_per_{per}"
    keys = _columns(what if what != BY_COMMUNITY_ONLY else WHAT[0])

    @cache
    def grids() -> pd.DataFrame:
        return visit.numbers(keys, by=("grid",))

    by_grid = [
        later(lambda: [_communities(visit, key), _distribution(visit, grids(), key)]),
        later(lambda: [evenness(visit, grids(), what, per, PER), _weekly(visit, key, history)]),
        later(lambda: [grid_weeks(visit, key)]),
    ]
    rows = [
        later(lambda: [surges_card(visit)]),
        later(lambda: [_calendar(visit)]),
        later(lambda: [what_if(visit)]),
        later(lambda: [_grid_table(visit, grids(), keys)]),
    ]
    return rows if what == BY_COMMUNITY_ONLY else [*by_grid, *rows]


def _weekly(visit: Visit, key: str, history: pd.DataFrame) -> html.Section:
    return course(visit, key, part_of(history, key) if key in TILES else visit.history((key,)))


def _without_grids(visit: Visit, key: str, history: pd.DataFrame) -> list[Any]:
    """What is known by community only; nothing at all seen through a grid: its weeks would divide the whole town's cases."""
    reason = html.P(visit.words("workload.no_service_grid"), className="soft small")
    return [reason] if visit.view.grid else [reason, grid([_communities(visit, key), _weekly(visit, key, history)])]


def _communities(visit: Visit, key: str) -> html.Section:
    whole = visit.numbers((key,))["value"].iloc[0]
    return bars_card(
        visit,
        visit.words("workload.by_community"),
        visit.numbers((key,), by=("community",)),
        key,
        "community",
        width=5,
        reference=None if is_missing(whole) else float(whole),
    )


def _chosen(visit: Visit) -> tuple[str, str]:
    what, per = visit.choice("what"), visit.choice("per")
    return what if what in WHAT else WHAT[0], per if per in PER else PER[0]


def _columns(what: str) -> tuple[str, ...]:
    """Of the table of grids: the three loads of what was chosen, then the other work, each per grid."""
    others = [f"{other}_per_grid" for other in WHAT if other not in (what, BY_COMMUNITY_ONLY)]
    return ("reported", *(f"{what}_per_{per}" for per in PER), *others)


def _choice(visit: Visit, what: str, per: str) -> html.Div:
    """Two rows of pills: of what, and per what."""
    whats = [(name, name == what, {"what": name, "per": per}) for name in WHAT]
    pers = [(name, name == per, {"what": what, "per": name}) for name in PER]
    return html.Div([_pills(visit, whats, "workload.what"), _pills(visit, pers, "workload.per")], className="pill-rows")


def _pills(visit: Visit, choices: list[tuple[str, bool, dict[str, str]]], label: str) -> html.Nav:
    links = [
        html.A(
            visit.words(f"workload.{name}"),
            href=page_href(PATH, visit.view, **{key: "" if value in (WHAT[0], PER[0]) else value for key, value in asked.items()}),
            **aria(current="true" if is_chosen else "false"),
        )
        for name, is_chosen, asked in choices
    ]
    return html.Nav(links, className="pills", **aria(label=visit.words(label)))


def _distribution(visit: Visit, grids: pd.DataFrame, key: str) -> html.Section:
    """Every grid as one bar, busiest first, with the median: how unequal the load is."""
    title = visit.words("workload.distribution")
    definition = metric(key)
    rows = part_of(grids, key).dropna(subset=["value", "grid"]).sort_values(["value", "grid"], ascending=[False, True])
    if rows.empty:
        return card(title, empty(visit.lang), width=7)
    median = float(rows["value"].median())
    labels = [visit.name("grid", code) for code in rows["grid"]]
    frame = pd.DataFrame(
        {
            "label": labels,
            "value": rows["value"].tolist(),
            "text": "",
            "mark": (rows["value"] > 2 * median).tolist(),
            "hover": [
                hover(definition, label, value, n, visit) for label, value, n in zip(labels, rows["value"], rows["n"], strict=True)
            ],
            "href": [cases_href(visit.view, key, "numerator", {"grid": code}) for code in rows["grid"]],
        }
    )
    figure = columns(
        frame,
        show_text=False,
        tick_every=len(frame) + 1,
        reference=median,
        reference_name=visit.words("workload.median", value=shown(median, definition.unit, definition.decimals, visit.lang)),
    )
    over = int((rows["value"] > 2 * median).sum())
    note = visit.words("workload.distribution_note" if over else "workload.distribution_even", count=len(frame), over=over)
    described = visit.words("workload.described", title=title, note=note, most=labels[0], least=labels[-1])
    exhibit = of_numbers(visit, "by-grid", title, grids, (key,), ("grid",))
    return exhibit_card(
        visit,
        exhibit,
        graph(figure, height=330, description=described),
        width=7,
        note=note,
        foot=redivision_note(visit),
    )


def _calendar(visit: Visit) -> html.Section:
    title = visit.words("workload.calendar")
    numbers = visit.numbers(("reported",), by=("dow", "hour"))
    rows = part_of(numbers, "reported")
    rows = rows[rows["hour"].notna()]
    if rows.empty:
        return card(title, empty(visit.lang, "workload.no_hours"), width=12)
    frame = rows.assign(
        href=[
            cases_href(visit.view, "reported", "numerator", {"dow": int(d), "hour": int(h)})
            for d, h in zip(rows["dow"], rows["hour"], strict=True)
        ]
    )
    hover_words = visit.words("workload.cell", day="%{y}", hour="%{x}", value="%{z}")
    figure = week_hours(frame, weekdays=[weekday(number, visit.lang) for number in range(1, 8)], hover=hover_words)
    busiest = rows.sort_values("value").iloc[-1]
    note = visit.words(
        "workload.calendar_note",
        most=count(busiest["value"]),
        day=weekday(int(busiest["dow"]), visit.lang),
        hour=int(busiest["hour"]),
    )
    chart = graph(figure, height=250, description=f"{title} {note}")
    return exhibit_card(visit, of_numbers(visit, "week-hours", title, numbers, ("reported",), ("dow", "hour")), chart, note=note)


def _grid_table(visit: Visit, grids: pd.DataFrame, keys: tuple[str, ...]) -> html.Section:
    title = visit.words("workload.table")
    wide = grids.pivot_table(index="grid", columns="metric", values="value", sort=False, dropna=False).reindex(columns=list(keys))
    order = visit.choice("sort") if visit.choice("sort") in keys else keys[1]
    rising = visit.choice("order") == "up"
    wide = wide.sort_values(order, ascending=rising, na_position="last")
    own = {"what": visit.choice("what"), "per": visit.choice("per")}
    shown_all = visit.choice("grids")
    heads = [Column(visit.words("table.grid"), is_number=False)]
    for key in keys:
        state = ("ascending" if rising else "descending") if key == order else ""
        href = page_href(PATH, visit.view, **own, grids=shown_all, sort=key, order="up" if key == order and not rising else "")
        heads.append(Column(heading(metric(key), visit.lang), href=href, sorted=state))
    is_all = shown_all == "all" or len(wide) <= ROWS
    listed = wide if is_all else wide.head(ROWS)
    rows = [
        [_grid_name(visit, code), *[_cell(visit, key, value, code) for key, value in zip(keys, values, strict=True)]]
        for code, values in zip(listed.index, listed.to_numpy().tolist(), strict=True)
    ]
    exhibit = of_numbers(visit, "grids", title, grids, keys, ("grid",))
    note = visit.words("workload.table_note", count=len(wide))
    if is_all:
        return exhibit_card(visit, exhibit, html.Div(table(heads, rows, title), className="tall"), note=note)
    every = page_href(PATH, visit.view, **own, sort=visit.choice("sort"), order=visit.choice("order"), grids="all")
    more = html.A(visit.words("workload.table_all", count=len(wide), shown=len(rows)), href=every)
    return exhibit_card(visit, exhibit, table(heads, rows, title), note=note, foot=more)


def _grid_name(visit: Visit, code: Any) -> Cell:
    """The grid, leading to this page seen through it alone."""
    if is_missing(code):
        return Cell(visit.words("workload.no_grid"))
    return Cell(visit.name("grid", code), page_href(PATH, visit.view.replace(grid=(str(code),))))


def _cell(visit: Visit, key: str, value: Any, grid_id: Any) -> Cell:
    definition = metric(key)
    content = bare(value, definition.unit, definition.decimals, visit.lang)
    return Cell(content, cases_href(visit.view, key, "numerator", {"grid": grid_id}))
