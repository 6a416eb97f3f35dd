"""大屏: chosen pages by turns on a wall screen – `?wall=1&pages=overview,closure&seconds=20`. Nothing on it can be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.attributes import data
from dashboard.components.markup import properties
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit

PAGES = {
    "overview": "/",
    "closure": "/closure",
    "workload": "/workload",
    "satisfaction": "/satisfaction",
    "communities": "/communities",
    "service": "/service",
    "departments": "/departments",
}
"""What may stand on a wall: pages that leave out everything below the communities there."""
SECONDS, LEAST_SECONDS, MOST_SECONDS = 20, 5, 600
_PRESSED = ("href", "customdata", "tabIndex")
_ASIDE = ("popup", "pop", "pills", "ways", "pager", "crumbs")


def may_stand(path: str) -> bool:
    """Whether the page may be shown on a wall."""
    return path in PAGES.values()


def screen(visit: Visit, body: Sequence[Any]) -> list[Any]:
    """One screen of a page: its head, one row of its cards, and with the first of them its tiles; the next one is named for wall.js."""
    head, *rest = [_still(part) for part in body]
    rows = [part for part in rest if _class(part) == "grid"]
    number = min(_number(visit.choice("screen"), 1), max(len(rows), 1))
    others = [part for part in rest if _class(part) == "tiles" and number == 1]
    row = rows[number - 1 : number]
    return [
        html.Div(
            [head, *others, *row, _names(visit)],
            className="wall-screen",
            **data(next=_next(visit, number, len(rows)), seconds=str(_seconds(visit))),
        )
    ]


def chosen(visit: Visit) -> list[str]:
    """The pages the address names, in its order; all of them when it names none."""
    asked = [name for name in visit.choice("pages").split(",") if name in PAGES]
    return list(dict.fromkeys(asked)) or list(PAGES)


def _next(visit: Visit, number: int, rows: int) -> str:
    if number < rows:
        return _href(visit, visit.path, str(number + 1))
    names = chosen(visit)
    here = next((place for place, name in enumerate(names) if PAGES[name] == visit.path), -1)
    return _href(visit, PAGES[names[(here + 1) % len(names)]], "")


def _href(visit: Visit, path: str, number: str) -> str:
    return page_href(
        path, visit.view.replace(grid=()), wall="1", pages=visit.choice("pages"), seconds=visit.choice("seconds"), screen=number
    )


def _names(visit: Visit) -> html.Ol:
    items = [html.Li(visit.words(f"page.{name}"), className="on" if PAGES[name] == visit.path else "") for name in chosen(visit)]
    return html.Ol(items, className="wall-names")


def _seconds(visit: Visit) -> int:
    return min(MOST_SECONDS, max(LEAST_SECONDS, _number(visit.choice("seconds"), SECONDS)))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) < 10_000 else otherwise


def _class(part: Any) -> str:
    return str(getattr(part, "className", "") or "").split(" ")[0] if isinstance(part, Component) else ""


def _still(node: Any) -> Any:
    """The same tree with nothing to press: no addresses, no menus."""
    if isinstance(node, Component):
        kept = {name: _still(value) for name, value in properties(node).items() if name not in _PRESSED}
        kind: Any = html.Span if isinstance(node, (html.A, html.Details, html.Summary)) else type(node)
        return kind(**kept)
    if isinstance(node, dict):
        return {key: _still(value) for key, value in node.items() if key not in _PRESSED}
    if isinstance(node, (list, tuple)):
        return [_still(item) for item in node if _class(item) not in _ASIDE]
    return node
