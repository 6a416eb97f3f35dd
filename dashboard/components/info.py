"""ⓘ: a metric's definition beside its number, opened without a callback."""

from __future__ import annotations

from html import escape

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.i18n import text
from dashboard.metrics.catalogue import Metric
from dashboard.reading.links import page_href
from dashboard.view import View


def info(metric: Metric, view: View) -> html.Details:
    """ⓘ beside a number. The words come when it is opened (cards.js asks for `definition`), so that no page carries them all;
    markup.js gives it its label as a title."""
    label = text("definition.of", view.lang, name=metric.text(view.lang).name)
    return html.Details(html.Summary("i", **aria(label=label)), className="popup info", **data(definition=metric.key))


def definition(metric: Metric, view: View) -> str:
    """What ⓘ shows, as HTML: name, formula in words, caution, the set it belongs to, and the way to all definitions."""
    lang = view.lang
    words = metric.text(lang)
    more = f'<a href="{escape(definition_href(metric.id, view))}">{escape(text("definition.more", lang))}</a>'
    caution = f'<p class="soft">{escape(words.caution)}</p>' if words.caution else ""
    return (
        f"<p><b>{escape(words.name)}</b></p><p>{escape(words.definition)}</p>{caution}"
        f'<p class="set">{escape(metric.set)}　{more}</p>'
    )


def definition_href(metric_id: str, view: View) -> str:
    """Where the metric stands on the page of definitions."""
    return page_href("/definitions", view) + "#" + metric_id
