"""社区对比: all communities beside each other, on any metric, with what each number rests on. An order, not a ranking list."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import card, grid
from dashboard.components.info import info
from dashboard.components.links import cases_href, page_href
from dashboard.components.sparkline import sparkline
from dashboard.components.states import empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.i18n.numbers import bare, count
from dashboard.pages.breakdown import bars_card, comparison_card
from dashboard.pages.head import has_filters, page_head
from dashboard.pages.visit import Visit, heading, listed, metric, part_of

PATH = "/communities"
KEY = "communities"
COLUMNS = (
    "reported",
    "on_time_closure_rate",
    "closure_rate",
    "median_hours_to_close",
    "open_overdue",
    "satisfaction_rate",
    "solved_rate",
    "incidents_per_1000_households",
)
TALL = 500  # as high as the table of courses beside it
DEFAULT = "on_time_closure_rate"


def body(visit: Visit) -> list[Any]:
    """Chart of the chosen metric, then the table of all communities × metrics, in any order."""
    head = page_head(visit, "communities")
    numbers = visit.numbers(COLUMNS, by=("community",))
    if not part_of(numbers, "reported")["n"].sum():
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    chosen = visit.choice("metric") if visit.choice("metric") in COLUMNS else DEFAULT
    history = visit.history((chosen,), by=("community",))
    totals = visit.numbers(COLUMNS)
    return [
        head,
        _choice(visit, chosen),
        grid([_chart(visit, numbers, totals, chosen), _courses(visit, history, numbers, chosen)]),
        grid([_table(visit, numbers, totals, chosen)]),
    ]


def _choice(visit: Visit, chosen: str) -> html.Nav:
    links = [
        html.A(
            heading(metric(key), visit.lang),
            href=_href(visit, metric=key if key != DEFAULT else ""),
            **aria(current="true" if key == chosen else "false"),
        )
        for key in COLUMNS
    ]
    return html.Nav(links, className="pills", **aria(label=visit.words("communities.metric")))


def _chart(visit: Visit, numbers: pd.DataFrame, totals: pd.DataFrame, key: str) -> html.Section:
    definition = metric(key)
    title = visit.words("communities.chart", name=heading(definition, visit.lang))
    if definition.kind == "ratio":
        return comparison_card(visit, title, numbers, key, width=7, height=TALL)
    whole = part_of(totals, key)["value"].iloc[0] if definition.kind not in ("count", "stock") else None
    return bars_card(visit, title, numbers, key, "community", width=7, reference=whole, height=TALL)


def _courses(visit: Visit, history: pd.DataFrame, numbers: pd.DataFrame, key: str) -> html.Section:
    """One small line a community, in the order the township lists them."""
    definition = metric(key)
    title = visit.words("communities.courses")
    present = set(part_of(numbers, key)["community"])
    rows = []
    for code, name in visit.codes("community"):
        if code not in present:
            continue
        own = part_of(history, key)
        values = own[own["community"] == code].sort_values("week")["value"].tolist()
        now = part_of(numbers, key).set_index("community")["value"].get(code)
        label = visit.words("tile.history", name=f"{name} {definition.text(visit.lang).short}", weeks=len(values))
        rows.append(
            [
                Cell(name, page_href(PATH, visit.view.replace(community=(code,)), metric=visit.choice("metric"))),
                Cell("" if (course := sparkline(values, label)) is None else course),
                Cell(bare(now, definition.unit, definition.decimals, visit.lang)),
            ]
        )
    heads = [
        Column(visit.words("table.community"), is_number=False),
        Column(visit.words("communities.weeks"), is_number=False),
        Column(visit.words("communities.period")),
    ]
    return card(title, table(heads, rows, title), width=5, note=visit.words("communities.courses_note"))


def _table(visit: Visit, numbers: pd.DataFrame, totals: pd.DataFrame, chosen: str) -> html.Section:
    order = visit.choice("sort") if visit.choice("sort") in COLUMNS else ""
    rising = visit.choice("order") == "up"
    heads = [
        Column(
            visit.words("table.community"),
            is_number=False,
            href=_href(visit, metric=visit.choice("metric")),
            sorted="" if order else "ascending",
        )
    ]
    for key in COLUMNS:
        state = ("ascending" if rising else "descending") if key == order else ""
        href = _href(visit, metric=visit.choice("metric"), sort=key, order="up" if key == order and not rising else "")
        heads.append(Column(heading(metric(key), visit.lang), href=href, sorted=state))
    by_metric = {key: part_of(numbers, key).set_index("community") for key in COLUMNS}
    codes = [code for code, _ in visit.codes("community") if any(code in frame.index for frame in by_metric.values())]
    if order:
        values = by_metric[order]["value"].dropna()
        known = sorted((code for code in codes if code in values.index), key=lambda code: values[code], reverse=not rising)
        codes = known + [code for code in codes if code not in values.index]
    rows = [
        [
            Cell(visit.name("community", code), page_href("/", visit.view.replace(community=(code,)))),
            *[_cell(visit, by_metric[key], key, code) for key in COLUMNS],
        ]
        for code in codes
    ]
    whole = totals.set_index("metric")
    footer = [
        Cell(visit.words("communities.whole")),
        *[
            Cell(bare(whole["value"].get(key), metric(key).unit, metric(key).decimals, visit.lang), cases_href(visit.view, key))
            for key in COLUMNS
        ],
    ]
    title = visit.words("communities.table")
    return card(
        title,
        table(heads, rows, title, footer),
        width=12,
        note=visit.words("communities.table_note"),
        info=info(metric(chosen), visit.view),
    )


def _cell(visit: Visit, frame: pd.DataFrame, key: str, code: str) -> Cell:
    if code not in frame.index:
        return Cell("—")
    row = frame.loc[code]
    definition = metric(key)
    n = "" if definition.kind in ("count", "stock", "rate_per") else f"n={count(row['n'])}"
    return Cell(
        bare(row["value"], definition.unit, definition.decimals, visit.lang),
        cases_href(visit.view, key, listed(definition), {"community": code}),
        n,
    )


def _href(visit: Visit, **choices: str) -> str:
    return page_href(PATH, visit.view, **choices)
