"""社区对比: all communities beside each other, on any metric, with what each number rests on. An order, not a ranking list."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import grid
from dashboard.components.states import empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.figures.small_multiples import scale, small_lines
from dashboard.i18n.numbers import bare, between, count, is_missing
from dashboard.metrics.abreast import abreast
from dashboard.pages.breakdown import bars_card
from dashboard.pages.communities_fair import estimates_card, funnel_card
from dashboard.pages.communities_pair import pair_of, pair_view, picker
from dashboard.pages.communities_table import one_metric
from dashboard.pages.drawn import Later, later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import community_href, has_filters, page_head
from dashboard.reading.exhibits import of_numbers
from dashboard.reading.fairness import fair, may_compare
from dashboard.reading.frames import UNMATCHED
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.visit import Visit, heading, listed, metric, part_of

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
DEFAULT = "on_time_closure_rate"
TABLE_ROW = 37  # pixels: the chart is as high as the table beside it


def body(visit: Visit) -> list[Any]:
    """Two of them side by side, if asked for; the chosen metric week by week, as a chart and with all that qualifies it; all metrics."""
    head = page_head(visit, "communities")
    chosen = visit.choice("metric") if visit.choice("metric") in COLUMNS else DEFAULT
    numbers, history, course, totals = abreast(
        [
            lambda: visit.numbers(COLUMNS, by=("community",)),
            lambda: visit.history((chosen,), by=("community",)),
            lambda: visit.history((chosen,)),
            lambda: visit.numbers(COLUMNS),
        ]
    )
    if not part_of(numbers, "reported")["n"].sum():
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    codes = [code for code, _ in visit.codes("community") if code in set(numbers["community"])]
    choice = _choice(visit, chosen)
    two = pair_of(visit, codes)
    page: list[Any] = [
        head,
        choice,
        *([] if visit.is_wall else [picker(visit, [code for code in codes if code != UNMATCHED], two)]),
    ]
    if two:
        page.append(pair_view(visit, two, numbers, COLUMNS, chosen, history, course))

    return [
        *page,
        grid([_courses(visit, codes, history, course, numbers, chosen)]),
        *_compared(visit, codes, numbers, totals, history, chosen),
        later(lambda: [_table(visit, codes, numbers, totals)]),
    ]


def _choice(visit: Visit, chosen: str) -> html.Nav:
    links = [
        html.A(
            heading(metric(key), visit.lang),
            href=_href(visit, metric=key if key != DEFAULT else "", pair=visit.choice("pair")),
            **aria(current="true" if key == chosen else "false"),
        )
        for key in COLUMNS
    ]
    return html.Nav(links, className="pills", **aria(label=visit.words("communities.metric")))


def _compared(
    visit: Visit, codes: list[str], numbers: pd.DataFrame, totals: pd.DataFrame, history: pd.DataFrame, key: str
) -> list[Later]:
    """Shares and rates fairly; counts, stocks and medians, which have no limits of chance here, as bars. All of it as a table."""
    if not may_compare(key):
        return [later(lambda: [_chart(visit, numbers, totals, key), one_metric(visit, key, codes, numbers, totals, history)])]
    found = cache(lambda: fair(visit, key, numbers))  # asked for once, by the row that is drawn first
    return [
        later(lambda: [funnel_card(visit, found()), estimates_card(visit, found())]),
        later(lambda: [one_metric(visit, key, codes, numbers, totals, history, found())]),
    ]


def _chart(visit: Visit, numbers: pd.DataFrame, totals: pd.DataFrame, key: str) -> html.Section:
    definition = metric(key)
    title = visit.words("communities.chart", name=heading(definition, visit.lang))
    height = TABLE_ROW * (numbers["community"].nunique() + 1)
    whole = part_of(totals, key)["value"].iloc[0] if definition.kind not in ("count", "stock") else None
    return bars_card(
        visit,
        title,
        numbers,
        key,
        "community",
        width=5,
        top=len(numbers),
        reference=None if is_missing(whole) else whole,
        height=height,
    )


def _courses(
    visit: Visit, codes: list[str], history: pd.DataFrame, course: pd.DataFrame, numbers: pd.DataFrame, key: str
) -> html.Section:
    """One small line a community on one scale, in the order the township lists them, the whole pale behind."""
    definition = metric(key)
    title = visit.words("communities.courses", name=heading(definition, visit.lang))
    is_count = definition.kind in ("count", "stock")
    codes = [code for code in codes if code != UNMATCHED]
    whole = [None] * len(course) if is_count else _known(course["value"])
    lines = {code: _known(history[history["community"] == code].sort_values("week")["value"]) for code in codes}
    images = small_lines(lines, whole)
    now = part_of(numbers, key).set_index("community")["value"]
    panels = [_panel(visit, key, code, now.get(code), images[code]) for code in codes]
    ends = between(*scale([*lines.values(), whole]), definition.unit, definition.decimals, visit.lang)
    note = visit.words("communities.counts_note" if is_count else "communities.courses_note", weeks=len(course), range=ends)
    if any(value is None for line in lines.values() for value in line):
        note += visit.words("communities.gaps")
    exhibit = of_numbers(visit, "courses", title, history, (key,), ("week", "community"))
    return exhibit_card(visit, exhibit, html.Div(panels, className="multiples"), note=note)


def _panel(visit: Visit, key: str, code: str, value: Any, image: str) -> html.Div:
    definition = metric(key)
    name = visit.name("community", code)
    content = bare(value, definition.unit, definition.decimals, visit.lang)
    label = visit.words("communities.panel", name=name, metric=definition.text(visit.lang).short, value=content)
    return html.Div(
        [
            html.Div(
                [
                    html.A(name, href=community_href(visit, code)),
                    html.A(content, href=cases_href(visit.view, key, listed(definition), {"community": code}), className="number"),
                ],
                className="panel-head",
            ),
            html.Div(className="panel-line", style={"backgroundImage": f'url("{image}")'}, role="img", **aria(label=label)),
        ],
        className="panel",
    )


def _known(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _table(visit: Visit, codes: list[str], numbers: pd.DataFrame, totals: pd.DataFrame) -> html.Section:
    order = visit.choice("sort") if visit.choice("sort") in COLUMNS else ""
    rising = visit.choice("order") == "up"
    own = {"metric": visit.choice("metric"), "pair": visit.choice("pair")}
    heads = [
        Column(
            visit.words("table.community"),
            is_number=False,
            href=_href(visit, **own),
            sorted="" if order else "ascending",
        )
    ]
    for key in COLUMNS:
        state = ("ascending" if rising else "descending") if key == order else ""
        href = _href(visit, **own, sort=key, order="up" if key == order and not rising else "")
        heads.append(Column(heading(metric(key), visit.lang), href=href, sorted=state))
    by_metric = {key: part_of(numbers, key).set_index("community") for key in COLUMNS}
    if order:
        values = by_metric[order]["value"].dropna()
        known = sorted((code for code in codes if code in values.index), key=lambda code: values[code], reverse=not rising)
        codes = known + [code for code in codes if code not in values.index]
    rows = [
        [
            Cell(visit.name("community", code), community_href(visit, code)),
            *[_cell(visit, by_metric[key], key, code) for key in COLUMNS],
        ]
        for code in codes
    ]
    whole = totals.set_index("metric")
    footer = [
        Cell(visit.words("communities.whole")),
        *[
            Cell(
                bare(whole["value"].get(key), metric(key).unit, metric(key).decimals, visit.lang),
                cases_href(visit.view, key, listed(metric(key))),
            )
            for key in COLUMNS
        ],
    ]
    title = visit.words("communities.table")
    exhibit = of_numbers(visit, "all-metrics", title, numbers, COLUMNS, ("community",))
    return exhibit_card(visit, exhibit, table(heads, rows, title, footer), note=visit.words("communities.table_note"), info="")


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
