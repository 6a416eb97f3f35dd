"""One metric by one dimension: as bars, as dots with intervals, as a card – the pieces most pages are made of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from dash import html

from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.figures.bars import bars
from dashboard.figures.dots import ALIKE, BETTER, WORSE, dots
from dashboard.i18n.numbers import count, shown
from dashboard.pages.exhibits import exhibit_card
from dashboard.reading.exhibits import exhibit_id, of_numbers
from dashboard.reading.frames import ROW, breakdown, comparison, described
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, metric, part_of


def bars_card(
    visit: Visit,
    title: str,
    numbers: pd.DataFrame,
    key: str,
    by: str,
    *,
    width: int = 6,
    top: int = 14,
    note: str = "",
    part: str = "numerator",
    reference: float | None = None,
    measure: str = "value",
    height: int = 0,
    id: str = "",
) -> html.Section:
    """The breakdown as horizontal bars; a reference draws the line of the whole. id: of the exhibit, <metric>-<dimension> when left out."""
    definition = metric(key)
    exhibit = of_numbers(visit, id or exhibit_id(key, by), title, numbers, (key,), (by,))
    frame = breakdown(visit, numbers, key, by, top=top, part=part, measure=measure)
    if frame.empty:
        return card(title, empty(visit.lang), width=width, info=info(definition, visit.view))
    rows = part_of(numbers, key)
    known = (rows["value"].notna() & rows[by].notna()).sum()
    rest = visit.words("chart.top", shown=len(frame), all=int(known)) if known > len(frame) else ""
    name = (
        visit.words("chart.whole", value=shown(reference, definition.unit, definition.decimals, visit.lang))
        if reference is not None
        else ""
    )
    body = graph(
        bars(frame, reference=reference, reference_name=name),
        height=max(min(height, 2 * ROW * len(frame)), ROW * len(frame) + (50 if name else 26)),
        description=described(title, frame, visit),
    )
    return exhibit_card(visit, exhibit, body, width=width, note=note or definition.text(visit.lang).name, foot=rest)


def comparison_card(
    visit: Visit,
    title: str,
    numbers: pd.DataFrame,
    key: str,
    *,
    by: str = "community",
    width: int = 6,
    height: int = 0,
    top: int = 0,
    id: str = "",
) -> html.Section:
    """Dots with intervals beside the line of the whole. top: only the rows with most cases, so that 38 departments stay readable."""
    exhibit = of_numbers(visit, id or exhibit_id(key, by), title, numbers, (key,), (by,))
    definition = metric(key)
    frame, whole = comparison(visit, numbers, key, by)
    if top:
        frame = frame[frame["n"].rank(ascending=False, method="first") <= top].reset_index(drop=True)
    if frame.empty:
        return card(title, empty(visit.lang), width=width, info=info(definition, visit.view))
    name = visit.words("chart.whole", value=shown(whole, definition.unit, definition.decimals, visit.lang))
    body = graph(
        dots(frame, reference=whole, reference_name=name),
        height=max(height, ROW * len(frame) + 64),
        description=described(title, frame, visit),
    )
    return exhibit_card(
        visit,
        exhibit,
        [stand_legend(visit), body],
        width=width,
        note=visit.words("chart.interval", name=definition.text(visit.lang).name),
        methods=("wilson",),
    )


def stand_legend(visit: Visit) -> html.Div:
    """What the three shapes mean."""
    return html.Div(
        [html.Span([html.I(className=name), visit.words(f"chart.{name}")]) for name in (BETTER, WORSE, ALIKE)],
        className="legend-line",
    )


def fractions_card(
    visit: Visit, numbers: pd.DataFrame, keys: Sequence[str], title: str, *, width: int, note: str = "", id: str = ""
) -> html.Section:
    """Rates as value, numerator and denominator, each leading to its cases."""
    heads = [
        Column(visit.words("table.metric"), is_number=False),
        Column(visit.words("table.value")),
        Column(visit.words("table.numerator")),
        Column(visit.words("table.denominator")),
    ]
    rows = []
    for key in keys:
        record, definition = part_of(numbers, key).iloc[0], metric(key)
        numerator, denominator = cases_href(visit.view, key), cases_href(visit.view, key, "denominator")
        rows.append(
            [
                Cell([definition.text(visit.lang).short, " ", info(definition, visit.view)], is_wrapped=True),
                Cell(shown(record["value"], definition.unit, definition.decimals, visit.lang), numerator),
                Cell(count(record["numerator"]), numerator),
                Cell(count(record["n"]), denominator),
            ]
        )
    exhibit = of_numbers(visit, id or exhibit_id(keys[0], "parts"), title, numbers, keys)
    return exhibit_card(visit, exhibit, table(heads, rows, title), width=width, note=note)
