"""What the pages of 研究 share: where they are, and the switch between picking numbers and writing SQL."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit

PATH = "/research"
SQL_PATH = "/research/sql"


def switch(visit: Visit) -> html.Nav:
    """指标取数 · SQL 查询台, the one on screen marked; both keep the filters in force. Goes below the head of the page."""
    ways = ((PATH, "desk.to_table"), (SQL_PATH, "desk.title"))
    links: list[Any] = [
        html.A(visit.words(key), href=page_href(path, visit.view), **(aria(current="true") if path == visit.path else {}))
        for path, key in ways
    ]
    return html.Nav(links, className="pills", **aria(label=visit.words("desk.ways")))
