"""网格负荷: who carries how much, when?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.links import cases_href, page_href
from dashboard.components.states import empty, empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.figures.bars import columns
from dashboard.figures.heatmap import week_hours
from dashboard.i18n.dates import weekday
from dashboard.i18n.numbers import bare, count, is_missing, shown
from dashboard.pages.breakdown import bars_card, hover
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.visit import Visit, heading, metric, part_of, unfiltered

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
GRID_COLUMNS = ("reported", "incidents_per_grid", "incidents_per_fte", "incidents_per_1000_households", "patrols_per_grid")
LOADS = GRID_COLUMNS[1:4]


def body(visit: Visit) -> list[Any]:
    """Tiles; by community; every grid as a bar; weekday × hour; table of grids."""
    history = visit.history(TILES)
    readings = visit.readings(TILES, history)
    head = page_head(visit, "workload")
    if not any(reading.n for reading in readings):
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    chosen = visit.choice("load") if visit.choice("load") in LOADS else LOADS[0]
    grids = visit.numbers(GRID_COLUMNS, by=("grid",))
    communities = visit.numbers((chosen,), by=("community",))
    whole = next((r.value for r in readings if r.metric.id == chosen), None)
    return [
        head,
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        _choice(visit, chosen),
        grid(
            [
                bars_card(visit, visit.words("workload.by_community"), communities, chosen, "community", width=5, reference=whole),
                _distribution(visit, grids, chosen),
            ]
        ),
        grid([_calendar(visit)]),
        grid([_grid_table(visit, grids)]),
    ]


def _choice(visit: Visit, chosen: str) -> html.Div:
    links = [
        html.A(
            visit.words(f"workload.{key}"),
            href=page_href(PATH, visit.view, load=key if key != LOADS[0] else ""),
            **aria(current="true" if key == chosen else "false"),
        )
        for key in LOADS
    ]
    return html.Div(links, className="pills")


def _distribution(visit: Visit, grids: pd.DataFrame, key: str) -> html.Section:
    """Every grid as one bar, busiest first, with the median: how unequal the load is."""
    title = visit.words("workload.distribution")
    definition = metric(key)
    rows = part_of(grids, key).dropna(subset=["value", "grid"]).sort_values("value", ascending=False)
    if rows.empty:
        return card(title, empty(visit.lang), width=7, info=info(definition, visit.view))
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
            "href": [cases_href(visit.view, "reported", "numerator", {"grid": code}) for code in rows["grid"]],
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
    return card(
        title,
        graph(figure, height=330, description=f"{title}: {note}", lang=visit.lang),
        width=7,
        info=info(definition, visit.view),
        note=note,
    )


def _calendar(visit: Visit) -> html.Section:
    title = visit.words("workload.calendar")
    rows = part_of(visit.numbers(("reported",), by=("dow", "hour")), "reported")
    rows = rows[rows["hour"].notna()]
    if rows.empty:
        return card(title, empty(visit.lang, "workload.no_hours"), width=12)
    frame = rows.assign(
        href=[
            cases_href(visit.view, "reported", "numerator", {"dow": int(d), "hour": int(h)})
            for d, h in zip(rows["dow"], rows["hour"], strict=True)
        ]
    )
    most = count(frame["value"].max())
    figure = week_hours(frame, weekdays=[weekday(number, visit.lang) for number in range(1, 8)], hover=visit.words("workload.cell"))
    return card(
        title,
        graph(figure, height=250, description=title, lang=visit.lang),
        width=12,
        info=info(metric("reported"), visit.view),
        note=visit.words("workload.calendar_note", most=most),
    )


def _grid_table(visit: Visit, grids: pd.DataFrame) -> html.Section:
    title = visit.words("workload.table")
    wide = grids.pivot_table(index="grid", columns="metric", values="value", sort=False, dropna=False)
    order = visit.choice("sort") if visit.choice("sort") in GRID_COLUMNS else "incidents_per_grid"
    rising = visit.choice("order") == "up"
    wide = wide.sort_values(order, ascending=rising, na_position="last")
    heads = [Column(visit.words("table.grid"), is_number=False)]
    for key in GRID_COLUMNS:
        state = ("ascending" if rising else "descending") if key == order else ""
        href = page_href(PATH, visit.view, load=visit.choice("load"), sort=key, order="up" if key == order and not rising else "")
        heads.append(Column(heading(metric(key), visit.lang), href=href, sorted=state))
    rows = [
        [
            Cell(visit.words("workload.no_grid"))
            if is_missing(code)
            else Cell(visit.name("grid", code), page_href(PATH, visit.view.replace(grid=(str(code),)))),
            *[_cell(visit, key, record.get(key), code) for key in GRID_COLUMNS],
        ]
        for code, record in wide.iterrows()
    ]
    return card(
        title,
        html.Div(table(heads, rows, title), className="tall"),
        width=12,
        note=visit.words("workload.table_note", count=len(rows)),
    )


def _cell(visit: Visit, key: str, value: Any, grid_id: Any) -> Cell:
    definition = metric(key)
    content = bare(value, definition.unit, definition.decimals, visit.lang)
    return Cell(content, cases_href(visit.view, key, "numerator", {"grid": grid_id}))
