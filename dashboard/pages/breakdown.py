"""One metric by one dimension: as bars, as dots with intervals, as a card – the pieces most pages are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.links import cases_href
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.figures.bars import bars
from dashboard.figures.dots import ALIKE, BETTER, WORSE, dots
from dashboard.i18n.numbers import NOTHING, bare, count, shown
from dashboard.metrics.catalogue import Metric
from dashboard.pages.exhibits import exhibit_card, exhibit_id, of_numbers
from dashboard.pages.visit import Visit, metric, part_of
from dashboard.statistics.intervals import wilson

ROW = 27  # pixels of one bar or dot
UNMATCHED = "unmatched"
SHOWN, CALLED = 0.95, 0.998  # confidence of the interval shown, and of the one that calls a unit different


def breakdown(
    visit: Visit, numbers: pd.DataFrame, key: str, by: str, *, part: str = "numerator", top: int = 40, measure: str = "value"
) -> pd.DataFrame:
    """numbers (by `by`) → code, label, value, n, text, hover, href of one metric, largest first; null values left out.

    measure: `value`, or `numerator` to count the cases behind a ratio instead.
    """
    definition = metric(key)
    rows = part_of(numbers, key).dropna(subset=["value"])
    rows = rows.assign(value=rows[measure])
    rows = rows[rows[by].notna()].sort_values(["value", by], ascending=[False, True])
    rows = pd.concat([rows[rows[by] != UNMATCHED], rows[rows[by] == UNMATCHED]]).head(top)
    labels = [visit.name(by, code) for code in rows[by]]
    return pd.DataFrame(
        {
            "code": rows[by].tolist(),
            "label": labels,
            "value": rows["value"].tolist(),
            "n": rows["n"].tolist(),
            "text": [_text(definition, v, n, visit.lang, measure) for v, n in zip(rows["value"], rows["n"], strict=True)],
            "hover": [
                hover(definition, label, v, n, visit, measure) for label, v, n in zip(labels, rows["value"], rows["n"], strict=True)
            ],
            "href": [cases_href(visit.view, key, part, {by: code}) for code in rows[by]],
        }
    )


def hover(definition: Metric, label: str, value: Any, n: Any, visit: Visit, measure: str = "value") -> str:
    """Three short lines: whose, what, and what a press does."""
    if measure == "numerator":
        return f"<b>{label}</b><br>{count(value)} {visit.words('unit.count')}<br>{visit.words('chart.press')}"
    line = f"{definition.text(visit.lang).short} {shown(value, definition.unit, definition.decimals, visit.lang)}"
    rest = f"n = {count(n)}<br>" if definition.kind not in ("count", "stock") else ""
    return f"<b>{label}</b><br>{line}<br>{rest}{visit.words('chart.press')}"


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


def comparison(
    visit: Visit, numbers: pd.DataFrame, key: str, by: str = "community", part: str = "denominator"
) -> tuple[pd.DataFrame, float | None]:
    """Frame for dots – label, value, low, high, n, stand, hover, href, code – best first, and the value of the whole.

    low and high are the 95 % Wilson interval; stand is better or worse only where the 99.8 % interval leaves the value of the
    whole out: with a dozen units compared at once, one in two lists would call somebody different at 95 % by luck alone
    (the control limits of a funnel plot: Spiegelhalter 2005).
    """
    definition = metric(key)
    rows = part_of(numbers, key)
    rows = rows[rows[by].notna() & (rows["denominator"] > 0)]
    total = float(rows["denominator"].sum())
    whole = float(rows["numerator"].sum()) / total if total else None
    whole = 1 - whole if whole is not None and definition.complement else whole
    counted = rows["value"] * rows["denominator"]
    low, high = wilson(counted, rows["denominator"], SHOWN)
    lowest, highest = wilson(counted, rows["denominator"], CALLED)
    labels = [visit.name(by, code) for code in rows[by]]
    frame = pd.DataFrame(
        {
            "code": rows[by].tolist(),
            "label": labels,
            "value": rows["value"].tolist(),
            "n": rows["denominator"].tolist(),
            "low": low,
            "high": high,
            "stand": [stand(definition, a, b, whole) for a, b in zip(lowest.tolist(), highest.tolist(), strict=True)],
            "href": [cases_href(visit.view, key, part, {by: code}) for code in rows[by]],
        }
    )
    frame["hover"] = [_interval_hover(definition, row, visit) for row in frame.to_dict("records")]
    best_first = definition.direction == "down"
    ordered = frame.sort_values(["value", "label"], ascending=[best_first, True], na_position="last")
    is_unmatched = ordered["code"] == UNMATCHED
    return pd.concat([ordered[~is_unmatched], ordered[is_unmatched]], ignore_index=True), whole


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
    )


def stand(definition: Metric, low: float, high: float, whole: float | None) -> str:
    """Where an interval lies against the whole; one that is not known (NaN) lies nowhere."""
    if whole is None or definition.direction == "neutral" or not (low > whole or high < whole):
        return ALIKE
    return BETTER if (low > whole) == (definition.direction == "up") else WORSE


def stand_legend(visit: Visit) -> html.Div:
    """What the three shapes mean."""
    return html.Div(
        [html.Span([html.I(className=name), visit.words(f"chart.{name}")]) for name in (BETTER, WORSE, ALIKE)],
        className="legend-line",
    )


def described(title: str, frame: pd.DataFrame, visit: Visit) -> str:
    """One sentence for those who do not see the chart: its title, and the first and last row."""
    first, last = frame.iloc[0], frame.iloc[-1]
    return visit.words("chart.described", title=title, count=len(frame), first=f"{first['label']}", last=f"{last['label']}")


def _interval_hover(definition: Metric, row: Mapping[Any, Any], visit: Visit) -> str:
    lang, unit, decimals = visit.lang, definition.unit, definition.decimals
    if pd.isna(row["value"]):
        return f"<b>{row['label']}</b><br>{NOTHING}"
    bounds = f"{shown(row['low'], unit, decimals, lang)} – {shown(row['high'], unit, decimals, lang)}"
    return (
        f"<b>{row['label']}</b><br>{definition.text(lang).short} {shown(row['value'], unit, decimals, lang)}"
        f"<br>{visit.words('chart.bounds', bounds=bounds)}<br>n = {count(row['n'])}<br>{visit.words('chart.press')}"
    )


def _text(definition: Metric, value: Any, n: Any, lang: str, measure: str) -> str:
    if definition.kind in ("count", "stock") or measure == "numerator":
        return count(value)
    if definition.kind == "rate_per":
        return bare(value, definition.unit, definition.decimals, lang)
    return f"{shown(value, definition.unit, definition.decimals, lang)}  n={count(n)}"


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
