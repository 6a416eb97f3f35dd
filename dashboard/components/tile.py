"""A tile: one number with its unit, what it rests on, its change and its course. The tile opens the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.info import info
from dashboard.components.links import cases_href
from dashboard.components.sparkline import sparkline
from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, change, count, is_missing, parts
from dashboard.metrics.catalogue import Metric
from dashboard.view import View


@dataclass(frozen=True)
class Reading:
    """One metric's number. n: what it rests on · before: the previous period's value, None where none is meant ·
    verdict: better, worse or within (the change is no more than chance), "" where nothing can be said.
    """

    metric: Metric
    value: Any
    n: Any = None
    before: Any = None
    history: Sequence[Any] = ()
    verdict: str = ""


def tile(reading: Reading, view: View) -> html.Div:
    """Change is said in words as well as colour; metrics without a good direction have neither."""
    lang, metric = view.lang, reading.metric
    name = metric.text(lang).name
    number, unit = parts(reading.value, metric.unit, metric.decimals, lang)
    shown: list[Any] = [number] + ([] if number == NOTHING else [html.Span(unit, className="tile-unit")])
    label = f"{name} {number} {unit}"
    value: Any = html.Div(shown, className="tile-value")
    if metric.kind != "composite" and number != NOTHING:
        value = html.A(
            shown, href=cases_href(view, metric.key), className="tile-value", **aria(label=text("tile.open", lang, what=label))
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
    metric = reading.metric
    found: list[Any] = []
    delta = change(reading.value, reading.before, metric.unit, metric.decimals, lang)
    if delta != NOTHING:
        word = text(f"tile.{reading.verdict}", lang) if reading.verdict else ""
        said: list[Any] = [f"{text('tile.on_previous', lang)} {delta}"]
        if word:
            said.append(html.Span(word, className="verdict"))
        found.append(html.Span(said, className=f"delta {reading.verdict}".strip()))
    elif is_missing(reading.value):
        found.append(
            html.Span(text("tile.too_few" if metric.min_n and not is_missing(reading.n) and reading.n else "tile.none", lang))
        )
    if metric.kind not in ("count", "stock", "composite") and not is_missing(reading.n):
        found.append(html.Span(f"n = {count(reading.n)}"))
    return found or [html.Span("\u00a0")]
