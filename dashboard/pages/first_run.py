"""What is shown while there is no warehouse to read: the way to the first load, or to a new build."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.access import Reader
from dashboard.components.attributes import data
from dashboard.components.card import page_head
from dashboard.i18n import text
from dashboard.pages.data_parts import PATH
from dashboard.pages.data_upload import jobs_panel, zone
from dashboard.reading.links import page_href
from dashboard.shell import Address
from dashboard.view import View
from dashboard.warehouse import WarehouseError, WarehouseMissing


def without_data(address: Address, reader: Reader, error: WarehouseError) -> list[Any]:
    """The data page as far as it goes without data; on every other page the way to it."""
    lang = address.view.lang
    is_first = isinstance(error, WarehouseMissing)
    title = text("start.title" if is_first else "start.unreadable", lang)
    why = text("start.welcome", lang) if is_first else error.zh if lang == "zh" else error.en
    if address.path != PATH:
        link = html.A(text("start.to_data", lang), href=page_href(PATH, View(lang=lang)), className="btn btn-primary")
        return [html.Div([html.H1(title), html.P(why), link], className="card-box state")]
    if is_first:
        head: Any = html.P(f"{title}{text('punctuation.stop', lang)}{why}")
    else:
        again = html.Button(text("upload.rebuild", lang), type="button", className="btn btn-primary", **data(rebuild="1"))
        head = html.Div([html.Strong(title), html.P(why), again], className="card-box state mb-3")
    parts: list[Any] = [page_head(text("page.data", lang)), head]
    return [*parts, jobs_panel(), html.Div(zone(lang), className="stack")] if reader.may_load else parts
