"""A weekly course as a control chart, wherever the reader has asked for control charts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.graph import graph
from dashboard.exhibit import DATE, TEXT, Field
from dashboard.figures.control import control_chart
from dashboard.metrics.dimensions import dimension
from dashboard.pages.exhibits import exhibit_card
from dashboard.reading.control import SINGLE, STOCK, Controlled, meaning
from dashboard.reading.control_words import explained
from dashboard.reading.exhibits import of_frame
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, listed, part_of


def control_card(
    visit: Visit, id: str, history: pd.DataFrame, key: str, *, title: str, width: int = 6, height: int = 250
) -> html.Section:
    """history: the metric's rows by week, beside others' or alone."""
    rows = part_of(history, key)
    course = visit.control(key, rows)
    definition = course.metric
    frame = _frame(visit, course, rows)
    is_share = definition.unit == "percent"
    names = {name: visit.words(f"control.{name}") for name in ("high", "centre", "low")}
    if definition.target is not None:
        names["target"] = visit.words("control.target_line")
    figure = control_chart(
        frame,
        names,
        lang=visit.lang,
        share=is_share,
        unit="" if is_share else visit.words(f"unit.{definition.unit}"),
        steps=course.chart.steps,
        target=definition.target,
        tall=height - 60,
    )
    words = explained(course, visit.lang)
    chart = graph(figure, height=height, description=visit.words("control.said", title=title, words=words))
    note = definition.text(visit.lang).name + visit.words("punctuation.comma") + visit.words("chart.weeks", count=len(frame))
    exhibit = of_frame(id, title, frame, _fields(visit, course), (key,), words)
    return exhibit_card(
        visit,
        exhibit,
        chart,
        width=width,
        note=note,
        foot=html.P(words, className="control-said"),
        methods=_methods(course),
    )


def _methods(course: Controlled) -> tuple[str, ...]:
    """How its limits are made; the rules are told with the first method."""
    return ("xmr",) if course.method in (SINGLE, STOCK) else ("attribute_charts", "xmr")


def _frame(visit: Visit, course: Controlled, rows: pd.DataFrame) -> pd.DataFrame:
    """week, value, n, centre, low, high, mark, rule, said, href; limits only where they are firm enough to be drawn."""
    chart, definition = course.chart, course.metric
    marks = [meaning(towards, definition.direction) for towards in course.signals.towards.tolist()]
    rules = [visit.words(f"control.rule_{rule}") if rule else "" for rule in course.signals.rule]
    return pd.DataFrame(
        {
            "week": rows["week"].tolist(),
            "value": chart.value,
            "n": rows["n"].tolist(),
            **{name: np.where(chart.is_firm, getattr(chart, name), np.nan) for name in ("centre", "low", "high")},
            "mark": marks,
            "rule": rules,
            "said": [
                f"<br>{visit.words(f'control.mark_{mark}')}{visit.words('punctuation.colon')}{rule}" if mark else ""
                for mark, rule in zip(marks, rules, strict=True)
            ],
            "href": [cases_href(visit.view, definition.key, listed(definition), {"week": week}) for week in rows["week"]],
        }
    )


def _fields(visit: Visit, course: Controlled) -> dict[str, Field]:
    week, definition = dimension("week"), course.metric
    number = {
        name: Field(visit.words(f"control.{name}"), definition.unit, definition.decimals) for name in ("centre", "low", "high")
    }
    return {
        "week": Field(week.en if visit.lang == "en" else week.zh, DATE),
        "value": Field(definition.text(visit.lang).name, definition.unit, definition.decimals),
        "n": Field("n", "count"),
        **number,
        "rule": Field(visit.words("control.rule"), TEXT),
    }
