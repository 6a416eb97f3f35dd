"""A tile: one number with its unit, what it rests on, its changes and its course. The tile opens the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.info import info
from dashboard.components.sparkline import sparkline
from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, compact, shown
from dashboard.reading.links import cases_href
from dashboard.reading.readings import Moved, Reading, Rest, moves, rests
from dashboard.view import View


def tile(reading: Reading, view: View) -> html.Div:
    """Change is said in words as well as colour; metrics without a good direction have neither."""
    lang, metric = view.lang, reading.metric
    name = reading.name or metric.text(lang).name
    number, unit = compact(reading.value, metric.unit, metric.decimals, lang)
    said: list[Any] = [number] + ([] if number == NOTHING else [html.Span(unit, className="tile-unit")])
    exact = shown(reading.value, metric.unit, metric.decimals, lang)
    value: Any = html.Div(said, className="tile-value")
    if metric.kind != "composite" and number != NOTHING:
        value = html.A(
            said,
            href=reading.href or cases_href(view, metric.key),
            className="tile-value",
            title="" if exact.startswith(number) else exact,
            **aria(label=text("tile.open", lang, what=f"{name} {exact}")),
        )
    spark = (
        sparkline(reading.history, text("tile.history", lang, name=name, weeks=len(reading.history))) if reading.history else None
    )
    return html.Div(
        [
            html.Div([html.Span(name, className="tile-name"), info(metric, view)], className="tile-head"),
            html.Div([value, spark] if spark is not None else value, className="tile-main"),
            html.Div(_foot(reading, lang), className="tile-foot"),
        ],
        className="tile",
    )


def tiles(readings: Sequence[Reading], view: View) -> html.Div:
    """Tiles side by side: four on a desktop, two on a phone."""
    return html.Div([tile(reading, view) for reading in readings], className="tiles")


def _foot(reading: Reading, lang: str) -> list[Any]:
    """A line for each change, then the verdict of its weeks and what it rests on."""
    found: list[Any] = [_change(moved, lang) for moved in moves(reading, lang)]
    found += [_rest(rest) for rest in rests(reading, lang)]
    return found or [html.Span("\u00a0")]


def _change(moved: Moved, lang: str) -> html.Div:
    """环比 +1.2 个百分点"""
    said = [
        html.Span(moved.name, className="soft", title=text(f"compare.{moved.kind}", lang)),
        html.Span([moved.number + moved.unit] if moved.unit == "%" else [moved.number, html.Small(moved.unit)]),
    ]
    return html.Div(said, className="delta")


def _rest(rest: Rest) -> Any:
    """n = 540, or 最近 4 周向好 that opens the rule it rests on."""
    if rest.rule:
        return html.Details([html.Summary(rest.words), html.Div(rest.rule, className="pop")], className=f"told popup {rest.tone}")
    return html.Span(rest.words, className="tile-n")
