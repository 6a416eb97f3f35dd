"""ⓘ: a metric's definition beside its number, opened without a callback."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.links import page_href
from dashboard.i18n import text
from dashboard.metrics.catalogue import Metric
from dashboard.view import View


def info(metric: Metric, view: View) -> html.Details:
    """Name, formula in words, caution, the set it belongs to, and the way to all definitions."""
    lang = view.lang
    words = metric.text(lang)
    label = text("definition.of", lang, name=words.name)
    lines: list[Any] = [html.P(html.B(words.name)), html.P(words.definition)]
    if words.caution:
        lines.append(html.P(words.caution, className="soft"))
    lines.append(
        html.P([metric.set, "　", html.A(text("definition.more", lang), href=definition_href(metric.id, view))], className="set")
    )
    return html.Details(
        [html.Summary("i", **aria(label=label), title=label), html.Div(lines, className="pop")], className="popup info"
    )


def definition_href(metric_id: str, view: View) -> str:
    """Where the metric stands on the page of definitions."""
    return page_href("/definitions", view) + "#" + metric_id
