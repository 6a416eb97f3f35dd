"""One metric by one dimension as the frames that figures draw: bars, and dots with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.figures.dots import ALIKE, BETTER, WORSE
from dashboard.i18n.numbers import NOTHING, bare, count, shown
from dashboard.metrics.catalogue import Metric
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, metric, part_of
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
    rows = part_of(numbers, key)
    rows = rows.assign(value=rows[measure]).dropna(subset=["value"])
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


def stand(definition: Metric, low: float, high: float, whole: float | None) -> str:
    """Where an interval lies against the whole; one that is not known (NaN) lies nowhere."""
    if whole is None or definition.direction == "neutral" or not (low > whole or high < whole):
        return ALIKE
    return BETTER if (low > whole) == (definition.direction == "up") else WORSE


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
