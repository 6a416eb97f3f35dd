"""A tile: one number with its unit, what it rests on, its changes and its course. The tile opens the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.info import info
from dashboard.components.sparkline import sparkline
from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, between, change_parts, compact, count, is_missing, shown
from dashboard.metrics.catalogue import Metric
from dashboard.reading.links import cases_href
from dashboard.reading.readings import Change, Reading, Usual
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
    """A line for each change, then what the number rests on: its n, or the range it usually lies in."""
    metric = reading.metric
    found: list[Any] = [line for earlier in reading.changes if (line := _change(reading, earlier, lang)) is not None]
    if is_missing(reading.value):
        is_withheld = metric.min_n and not is_missing(reading.n) and reading.n
        found.append(html.Span(text("tile.too_few" if is_withheld else "tile.none", lang)))
    if reading.usual is not None:
        found.append(_usual(reading.usual, metric, lang))
    elif metric.kind not in ("count", "stock", "composite") and not is_missing(reading.n):
        found.append(html.Span(f"n = {count(reading.n)}", className="tile-n"))
    return found or [html.Span("\u00a0")]


def _change(reading: Reading, earlier: Change, lang: str) -> html.Div | None:
    """环比 +1.2 个百分点 向好; None where there is nothing to compare with."""
    metric = reading.metric
    number, unit = change_parts(reading.value, earlier.before, metric.unit, metric.decimals, lang)
    if number == NOTHING:
        return None
    said: list[Any] = [
        html.Span(text(f"tile.on_{earlier.kind}", lang), className="soft", title=text(f"compare.{earlier.kind}", lang)),
        html.Span([number + unit] if unit == "%" else [number, html.Small(unit)]),
    ]
    if earlier.verdict:
        said.append(html.Span(text(f"tile.{earlier.verdict}", lang), className="verdict"))
    return html.Div(said, className=f"delta {earlier.verdict}".strip())


def _usual(usual: Usual, metric: Metric, lang: str) -> html.Span:
    """常态内 17–42, with the whole rule on a press of the pointer."""
    if usual.place == "few_weeks":
        return html.Span(text("tile.few_weeks", lang), className="tile-n")
    ends = between(usual.low, usual.high, metric.unit, metric.decimals, lang)
    value = shown(usual.value, metric.unit, metric.decimals, lang)
    rule = text("tile.usual", lang, value=value, weeks=usual.weeks, range=ends)
    said = text(f"tile.place_{usual.place}", lang, range=ends)
    return html.Span(said, className=f"delta tile-n {usual.verdict}".strip(), title=rule)
