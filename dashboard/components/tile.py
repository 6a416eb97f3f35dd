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
class Change:
    """The same number of an earlier period. kind: previous 环比 or year_ago 同比 · verdict: better, worse or within (no more
    than chance), "" where nothing can be said.
    """

    kind: str
    before: Any
    verdict: str = ""


@dataclass(frozen=True)
class Reading:
    """One metric's number. n: what it rests on · changes: on earlier periods, none where no comparison is fair."""

    metric: Metric
    value: Any
    n: Any = None
    changes: Sequence[Change] = ()
    history: Sequence[Any] = ()


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
    for earlier in reading.changes:
        delta = change(reading.value, earlier.before, metric.unit, metric.decimals, lang)
        if delta == NOTHING:
            continue
        said: list[Any] = [f"{text(f'tile.on_{earlier.kind}', lang)} {delta}"]
        if earlier.verdict:
            said.append(html.Span(text(f"tile.{earlier.verdict}", lang), className="verdict"))
        found.append(html.Span(said, className=f"delta {earlier.verdict}".strip()))
    if is_missing(reading.value):
        found.append(
            html.Span(text("tile.too_few" if metric.min_n and not is_missing(reading.n) and reading.n else "tile.none", lang))
        )
    if metric.kind not in ("count", "stock", "composite") and not is_missing(reading.n):
        found.append(html.Span(f"n = {count(reading.n)}"))
    return found or [html.Span("\u00a0")]
