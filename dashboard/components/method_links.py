"""方法: below a chart, by which methods it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.i18n import text
from dashboard.methods import methods
from dashboard.reading.links import page_href
from dashboard.view import View

PATH = "/methods"


def method_links(ids: Sequence[str], view: View) -> html.Span:
    """Each method's name, leading to its place on the page of methods."""
    lang = view.lang
    parts: list[Any] = [text("method.of", lang)]
    for id in ids:
        parts += [html.A(methods()[id].text(lang).name, href=f"{page_href(PATH, view)}#{id}"), text("punctuation.list", lang)]
    return html.Span(parts[:-1], className="methods")
