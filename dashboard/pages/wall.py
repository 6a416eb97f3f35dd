"""大屏: chosen pages by turns on a wall screen – `?wall=1&pages=overview,closure&seconds=20`. Nothing on it can be pressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
COLUMNS = 12
MOST_ROWS = 13
LOW = 320
"""Pixels of a page: a chart that is not higher can stand under the tiles."""
SECONDS, LEAST_SECONDS, MOST_SECONDS = 20, 5, 600
_PRESSED = ("href", "customdata", "tabIndex")
_EVERY_COLUMN = 99
_ASIDE = ("popup", "pop", "pills", "ways", "pager", "crumbs")


def may_stand(path: str) -> bool:
    """Whether the page may be shown on a wall."""
    return path in PAGES.values()


def screen(visit: Visit, body: Sequence[Any]) -> list[Any]:
    """One screen of a page: its head, and its tiles or a line of its cards; the next one is named for wall.js."""
    head, *rest = body
    screens = _screens(rest) or [[]]
    number = min(_number(visit.choice("screen"), 1), len(screens))
    return [
        html.Div(
            [_still(head), *_shortened(visit, [_still(part) for part in screens[number - 1]]), _names(visit)],
            className="wall-screen",
            **data(next=_next(visit, number, len(screens)), seconds=str(_seconds(visit))),
        )
    ]


def _screens(parts: Sequence[Any]) -> list[list[Any]]:
    """The tiles with the first line of cards where that is low enough to stand under them, then a line a screen."""
    tiles = [part for part in parts if _class(part) == "tiles"]
    lines = [line for part in parts if _class(part) == "grid" for line in _lines(part)]
    if tiles and lines and _chart_height(lines[0]) <= LOW:
        return [[*tiles, lines[0]], *([line] for line in lines[1:])]
    return [*([tiles] if tiles else []), *([line] for line in lines)]


def _chart_height(line: html.Div) -> int:
    """Of the highest chart in it, in the pixels of a page; 0 where there is none."""
    heights = [str((getattr(part, "style", None) or {}).get("height", "")) for part in _within(line) if _class(part) == "chart"]
    return max((int(height.removesuffix("px")) for height in heights if height.endswith("px")), default=0)


def _shortened(visit: Visit, parts: Sequence[Any]) -> Sequence[Any]:
    """Long tables end after the rows that can be read from afar, and say how many there are."""
    for body in (part for part in _within(list(parts)) if isinstance(part, html.Tbody)):
        rows = list(body.children or [])
        if len(rows) > MOST_ROWS:
            said = visit.words("chart.top", shown=MOST_ROWS, all=len(rows))
            body.children = [*rows[:MOST_ROWS], html.Tr(html.Td(said, className="soft", colSpan=_EVERY_COLUMN))]
    return parts


def _lines(part: Any) -> list[html.Div]:
    """Its cards as they stand beside each other, twelve columns at most, each line a screen of its own."""
    lines: list[list[Any]] = []
    for box in part.children:
        if not lines or sum(map(_width, [*lines[-1], box])) > COLUMNS:
            lines.append([])
        lines[-1].append(box)
    return [html.Div(line, className="grid") for line in lines]


def _width(box: Any) -> int:
    """In columns, as components.card says it: w-7."""
    return next((int(name[2:]) for name in str(getattr(box, "className", "")).split() if name.startswith("w-")), COLUMNS)


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


def _within(node: Any) -> Iterator[Component]:
    """The component and all inside it."""
    if isinstance(node, Component):
        yield node
        yield from _within(getattr(node, "children", None))
    elif isinstance(node, (list, tuple)):
        for child in node:
            yield from _within(child)


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
