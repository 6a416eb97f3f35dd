"""图: the protected numbers as lines, bars or dots, a panel a group; and what is left out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard.components.graph import graph
from dashboard.components.states import empty
from dashboard.figures import Figure
from dashboard.i18n.dates import as_date
from dashboard.i18n.numbers import is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.pages.research_asked import Asked
from dashboard.pages.research_cells import NUMBERED, group_name, group_names, value_words
from dashboard.pages.research_draw import (
    ROWS,
    SERIES,
    TOGETHER,
    Plan,
    largest,
    line_panels,
    lines_figure,
    plan_of,
    rows_figure,
    rows_frame,
    steps_of,
)
from dashboard.pages.research_pivot import METRIC, Key, Row, code_of
from dashboard.reading.frames import ROW
from dashboard.reading.visit import Visit, heading, metric

TALL, PANEL = 360, 170
"""Pixels of a chart alone, and of one among several."""
ORDERED = (*NUMBERED, "level", "rating", "satisfaction", "solved")
"""Dimensions whose order says more than the size of their bars."""


def chart(visit: Visit, asked: Asked, rows: Sequence[Row], title: str) -> tuple[Any, str]:
    """The chart, and the words for what it leaves out."""
    plan = plan_of(asked.by)
    if plan is None:
        return empty(visit.lang, "research.no_chart"), ""
    return _courses(visit, asked, plan, rows, title) if plan.step else _listed(visit, asked, plan, rows, title)


def _courses(visit: Visit, asked: Asked, plan: Plan, rows: Sequence[Row], title: str) -> tuple[Any, str]:
    """Lines over time: a panel a metric; or of one metric a line a group, in one panel while they are few."""
    days = visit.period.start, visit.period.end
    steps, cut = steps_of(rows, plan.step, days, visit.snapshot.build.as_of.date())
    if len(steps) < 2:
        return empty(visit.lang, "research.no_steps"), ""
    said = visit.words("research.cut_steps", count=cut) if cut else ""
    if plan.each:
        panels = {
            heading(metric(key), visit.lang): lines_figure(visit, metric(key), {"": _course(own, plan.step)}, plan.step, steps)
            for key, own in _by_metric(asked, rows)
        }
        return _panels(visit, panels, title, TALL if len(panels) == 1 else PANEL + 40), said + visit.words("research.gaps")
    own = [row for row in rows if row[METRIC] == asked.of]
    groups, *left = largest(own, plan.panels, SERIES)
    courses = {
        _name(visit, plan.panels, key): _course([row for row in own if _key(row, plan.panels) == key], plan.step) for key in groups
    }
    said += _left(visit, "left_series", plan.panels, SERIES, *left)
    definition = metric(asked.of)
    if len(courses) <= TOGETHER:
        panels = {"": lines_figure(visit, definition, courses, plan.step, steps)}
        return _panels(visit, panels, title, TALL), said + visit.words("research.gaps")
    return _panels(visit, line_panels(visit, definition, courses, plan.step, steps), title, PANEL), said + visit.words(
        "research.gaps"
    )


def _listed(visit: Visit, asked: Asked, plan: Plan, rows: Sequence[Row], title: str) -> tuple[Any, str]:
    """A bar or dot a value of the first dimension: a panel a metric, or of one metric a panel a group of the others."""
    kept, *left = largest(rows, (plan.rows,), ROWS)
    said = _left(visit, "left_rows", (plan.rows,), ROWS, *left)
    rows = [row for row in rows if _key(row, (plan.rows,)) in set(kept)]
    if plan.each:
        rows = rows if plan.rows in ORDERED else _largest_first(asked, plan, rows)
        parts = {heading(metric(key), visit.lang): (metric(key), own) for key, own in _by_metric(asked, rows)}
    else:
        own = [row for row in rows if row[METRIC] == asked.of]
        groups, *left = largest(own, plan.panels, SERIES)
        said += _left(visit, "left_series", plan.panels, SERIES, *left)
        parts = {
            _name(visit, plan.panels, key): (metric(asked.of), [row for row in own if _key(row, plan.panels) == key])
            for key in groups
        }
    if any(definition.unit == "percent" for definition, _ in parts.values()):
        said += visit.words("research.intervals")
    common = None if plan.each else _top([row for _, own in parts.values() for row in own])
    panels = {name: _rows(visit, definition, plan, own, common) for name, (definition, own) in parts.items()}
    return _panels(visit, panels, title, ROW * len(kept) + 56, "research-panels wide"), said + visit.words("research.gaps")


def _left(visit: Visit, key: str, names: Sequence[str], most: int, more: int, empty_ones: int) -> str:
    """What there was no room for, and what has no number to show."""
    said = visit.words(f"research.{key}", shown=most, rest=more) if more else ""
    return said + (visit.words("research.left_empty", name=group_names(visit, names), count=empty_ones) if empty_ones else "")


def _largest_first(asked: Asked, plan: Plan, rows: Sequence[Row]) -> list[Row]:
    """By the value of the first metric, alike in every panel."""
    first = [row for row in rows if row[METRIC] == asked.metrics[0]]
    known = sorted((row for row in first if not is_missing(row["value"])), key=lambda row: -float(row["value"]))
    place = {_key(row, (plan.rows,)): at for at, row in enumerate(known)}
    return sorted(rows, key=lambda row: place.get(_key(row, (plan.rows,)), len(place)))


def _rows(visit: Visit, definition: Metric, plan: Plan, rows: Sequence[Row], top: float | None) -> Figure:
    labels = [group_name(visit, plan.rows, row[plan.rows]) for row in rows]
    texts = [value_words(visit, definition, row) for row in rows]
    return rows_figure(definition, rows_frame(visit, definition, rows, labels, texts), _top(rows) if top is None else top)


def _top(rows: Sequence[Row]) -> float:
    return max((float(row["value"]) for row in rows if not is_missing(row["value"])), default=0.0)


def _by_metric(asked: Asked, rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    return [(key, [row for row in rows if row[METRIC] == key]) for key in asked.metrics]


def _course(rows: Sequence[Row], step: str) -> Mapping[date, Any]:
    return {as_date(row[step]): row["value"] for row in rows if not is_missing(row[step])}


def _key(row: Row, names: Sequence[str]) -> Key:
    return tuple(code_of(row[name]) for name in names)


def _name(visit: Visit, names: Sequence[str], key: Key) -> str:
    return " · ".join(group_name(visit, name, code) for name, code in zip(names, key, strict=True))


def _panels(visit: Visit, panels: Mapping[str, Figure], title: str, height: int, look: str = "research-panels") -> Any:
    """One chart alone, or several side by side, each under its name."""
    if len(panels) == 1:
        (figure,) = panels.values()
        said = visit.words("research.described", title=title, count=len(figure["data"]))
        return graph(figure, height=height, description=said, has_links=False)
    drawn = [
        html.Div(
            [
                html.H3(name, className="panel-name"),
                graph(figure, height=height, description=f"{title} {name}", has_links=False),
            ],
            className="panel",
        )
        for name, figure in panels.items()
    ]
    return html.Div(drawn, className=look)
