"""图: which chart an answer makes, and its figures: lines over weeks or months, bars, or dots with intervals, a panel a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.bars import bars
from dashboard.figures.dots import ALIKE, dots
from dashboard.figures.theme import BLUE, GREY, ORANGE, TEAL
from dashboard.figures.trend import Line, trend, value_axis
from dashboard.i18n.dates import as_date
from dashboard.i18n.numbers import count, is_missing, shown
from dashboard.metrics.catalogue import Metric
from dashboard.metrics.scans import bucket_bounds
from dashboard.pages.research_pivot import Key, Row, code_of
from dashboard.reading.visit import Visit
from dashboard.statistics.intervals import wilson

STEPS = ("week", "month")
SERIES, TOGETHER, ROWS = 12, 4, 30
"""Most panels or lines of a chart · lines that can share one panel · rows of bars or dots in a panel."""
NAMED_UNITS = ("hours", "minutes", "points", "times")
"""Units an axis has to say."""
LOOKS = ((BLUE, "solid"), (ORANGE, "dash"), (TEAL, "dot"), (GREY, "dashdot"))


@dataclass(frozen=True)
class Plan:
    """step: the time along the axis, "" for none · rows: the dimension a row each otherwise · panels: those of which a combination
    is a panel or a line · each: a panel a metric, as there is nothing else to divide by.
    """

    step: str
    rows: str
    panels: tuple[str, ...]
    each: bool


def plan_of(by: Sequence[str]) -> Plan | None:
    """Lines where time is among the dimensions, else a row a value of the first one; None where there is nothing to draw along."""
    step = next((name for name in by if name in STEPS), "")
    rest = tuple(name for name in by if name != step)
    if step:
        return Plan(step, "", rest, not rest)
    return Plan("", rest[0], rest[1:], not rest[1:]) if rest else None


def largest(rows: Sequence[Row], names: Sequence[str], most: int) -> tuple[list[Key], int, int]:
    """The groups with most n, in the order in which they are met; how many more have numbers, and how many have none to show."""
    weight: dict[Key, float] = {}
    known: set[Key] = set()
    for row in rows:
        key = tuple(code_of(row[name]) for name in names)
        weight[key] = weight.get(key, 0.0) + (0.0 if is_missing(row["n"]) else float(row["n"]))
        known |= set() if is_missing(row["value"]) else {key}
    kept = set(sorted(known, key=lambda key: (-weight[key], list(weight).index(key)))[:most])
    return [key for key in weight if key in kept], len(known) - len(kept), len(weight) - len(known)


def steps_of(rows: Sequence[Row], step: str, days: tuple[date, date], last: date) -> tuple[list[date], int]:
    """Every week or month from the first to the last met that lies wholly inside the days and the data; and how many were cut."""
    met = sorted({as_date(row[step]) for row in rows if not is_missing(row[step])})
    found: list[date] = []
    while met and (not found or found[-1] < met[-1]):
        found.append(met[0] if not found else bucket_bounds(step, found[-1])[1] + pd.Timedelta(days=1).to_pytimedelta())
    whole = [first for first in found if first >= days[0] and bucket_bounds(step, first)[1] <= min(days[1], last)]
    return whole, len(found) - len(whole)


def lines_figure(
    visit: Visit, definition: Metric, courses: Mapping[str, Mapping[date, Any]], step: str, steps: Sequence[date]
) -> Figure:
    """One panel of lines, named at their ends. courses: name → value of each step; one that is not known breaks the line."""
    return _lines(visit, definition, _frame(courses, steps), step, None)


def line_panels(
    visit: Visit, definition: Metric, courses: Mapping[str, Mapping[date, Any]], step: str, steps: Sequence[date]
) -> dict[str, Figure]:
    """A panel a course, all on one scale."""
    frame = _frame(courses, steps)
    axis = value_axis(frame, [Line(column, "") for column in frame.columns[1:]], definition.unit == "percent", None)
    if "range" not in axis:
        top = np.nanmax([0.0, *frame[frame.columns[1:]].to_numpy(dtype=float).ravel().tolist()])
        axis |= {"range": [0.0, (float(top) or 1.0) * 1.08]}
    axis["nticks"] = 4
    return {
        name: _lines(visit, definition, frame[["week", column]], step, axis, name="")
        for name, column in zip(courses, frame.columns[1:], strict=True)
    }


def _frame(courses: Mapping[str, Mapping[date, Any]], steps: Sequence[date]) -> pd.DataFrame:
    columns = {f"line{place}": [course.get(first) for first in steps] for place, course in enumerate(courses.values())}
    frame = pd.DataFrame({"week": [first.isoformat() for first in steps], **columns})
    frame.attrs["names"] = list(courses)
    return frame.astype(dict.fromkeys(columns, float))


def _lines(
    visit: Visit, definition: Metric, frame: pd.DataFrame, step: str, axis: dict[str, Any] | None, name: str | None = None
) -> Figure:
    columns = list(frame.columns[1:])
    names = [name] if name is not None else frame.attrs["names"]
    lines = [
        Line(column, words, colour=colour, dash=dash)
        for column, words, (colour, dash) in zip(columns, names, LOOKS[: len(columns)], strict=True)
    ]
    unit = visit.words(f"unit.{definition.unit}")
    figure = trend(frame, lines, lang=visit.lang, share=definition.unit == "percent", unit=unit)
    figure["layout"] |= {"yaxis": axis} if axis else {}
    if step == "month":
        _by_month(figure, frame["week"].tolist())
    if name is not None:
        figure["layout"]["annotations"] = []
    if definition.unit in NAMED_UNITS:
        figure["layout"]["yaxis"]["title"] = {"text": unit}
    return figure


def _by_month(figure: Figure, months: list[str]) -> None:
    """Months instead of weeks on the axis and under the pointer."""
    for trace in figure["data"]:
        trace["hovertemplate"] = trace["hovertemplate"].split("<br>")[0] + "<br>%{x|%Y-%m}<extra></extra>"
    ticks = months[::-1][:: max(1, -(-len(months) // 3))][::-1]
    axis = {"tickvals": ticks, "ticktext": [month[:7] for month in ticks], "tickangle": 0}
    figure["layout"]["xaxis"] |= {**axis, "range": [_days_from(months[0], -15), _days_from(months[-1], 15)]}


def _days_from(day: str, days: int) -> str:
    return str((pd.Timestamp(day) + pd.Timedelta(days=days)).date())


def rows_figure(definition: Metric, frame: pd.DataFrame, top: float) -> Figure:
    """Bars from 0, or for shares dots with their 95 % Wilson intervals. frame: label, value, n, text, hover, href."""
    if definition.unit != "percent":
        figure = bars(frame)
        width = 1.08 + 0.022 * max((len(str(text)) for text in frame["text"]), default=0)
        figure["layout"]["xaxis"]["range"] = [0, (top or 1.0) * width]
        return figure
    low, high = wilson(frame["value"] * frame["n"], frame["n"])
    figure = dots(frame.assign(low=low, high=high, stand=ALIKE), reference=None, reference_name="")
    figure["layout"]["xaxis"] |= {"range": [-0.02, min(1.02, top * 1.15 + 0.02)], "nticks": 4}
    figure["layout"]["yaxis"]["ticktext"] = [_named(label, n) for label, n in zip(frame["label"], frame["n"], strict=True)]
    return figure


def _named(label: str, n: float) -> str:
    """The name with its n; without where that is held."""
    return label if np.isnan(n) else f"{label} <span style='font-size:11px;color:{GREY}'>n={n:,.0f}</span>"


def rows_frame(visit: Visit, definition: Metric, rows: Sequence[Row], labels: Sequence[str], texts: Sequence[str]) -> pd.DataFrame:
    """What rows_figure draws: the labels and, beside a bar, the texts; without links, as its numbers are no list of cases."""
    values = [np.nan if is_missing(row["value"]) else float(row["value"]) for row in rows]
    return pd.DataFrame(
        {
            "label": list(labels),
            "value": values,
            "n": [np.nan if is_missing(row["n"]) else float(row["n"]) for row in rows],
            "text": list(texts),
            "hover": [_hover(visit, definition, label, text, row) for label, text, row in zip(labels, texts, rows, strict=True)],
            "href": "",
        }
    )


def _hover(visit: Visit, definition: Metric, label: str, text: str, row: Row) -> str:
    said = text if is_missing(row["value"]) else shown(row["value"], definition.unit, definition.decimals, visit.lang)
    n = "" if is_missing(row["n"]) else f"<br>n = {count(row['n'])}"
    return f"<b>{label}</b><br>{definition.text(visit.lang).short} {said}{n}"
