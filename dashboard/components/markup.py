"""Dash components → HTML, for everything on a page that no callback names.

Dash's renderer spends about a millisecond on each component it meets: a table of 40 × 9 cells would hold the page up for a second. So
what goes to the browser keeps, of every subtree without an id of a callback, only its root as a component; what is inside travels as
HTML in `data-html`. markup.js puts it there, and charts.js draws the charts in it. Pages and their tests know nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from plotly.io.json import to_json_plotly

from dashboard.components.folded import sent
from dashboard.delivery import plain_json

_NAMES = {
    "className": "class",
    "htmlFor": "for",
    "tabIndex": "tabindex",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
    "dateTime": "datetime",
}
_EMPTY = {"Br", "Hr", "Img", "Input", "Col"}
_UNSAID = ("className", "title")  # mean nothing when empty
_BARE = re.compile(r"[\w.:#%-]+")
_INSIDE = ("children", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks")


def packed(node: Any) -> Any:
    """The same tree with what is static inside its components as HTML; a list of nothing else becomes one element."""
    if isinstance(node, (list, tuple)):
        if len(node) > 1 and is_static(node):
            return html.Div(**_inside(markup(node)))
        return [packed(child) for child in node]
    if not isinstance(node, Component):
        return node
    own = properties(node)
    children = own.get("children")
    if type(node) not in _ELEMENTS or children is None or isinstance(children, (str, int, float)):
        return node
    if is_static(children):
        return type(node)(**{**own, "children": None, **_inside(markup(children))})
    return type(node)(**{**own, "children": [packed(child) for child in _listed(children)]})


def _inside(content: str) -> dict[str, Any]:
    return {"data-html": content}


def _listed(children: Any) -> list[Any]:
    return list(children) if isinstance(children, (list, tuple)) else [children]


def is_static(node: Any) -> bool:
    """Whether it is nothing but text, charts, and HTML elements no callback can name."""
    if isinstance(node, (list, tuple)):
        return all(is_static(child) for child in node)
    if not isinstance(node, Component):
        return True
    return isinstance(node, dcc.Graph) or (
        type(node) in _ELEMENTS and not isinstance(getattr(node, "id", None), dict) and is_static(getattr(node, "children", None))
    )


def markup(node: Any) -> str:
    """Static components as HTML; every text and value is escaped."""
    if node is None or isinstance(node, bool):
        return ""
    if isinstance(node, (list, tuple)):
        return "".join(markup(child) for child in node)
    if not isinstance(node, Component):
        return escape(str(node), quote=False)
    name, own = type(node).__name__, properties(node)
    if isinstance(node, dcc.Graph):
        return _chart(own)
    tag = name.lower()
    opening = tag + "".join(_attribute(key, value) for key, value in own.items() if key not in _INSIDE)
    return f"<{opening}>" if name in _EMPTY else f"<{opening}>{markup(own.get('children'))}</{tag}>"


def _chart(own: Mapping[str, Any]) -> str:
    """The place of a chart, with all that charts.js needs to draw it."""
    figure = plain_json(str(to_json_plotly(sent(own["figure"]))))
    return "<div class='dash-graph plot' data-figure='" + figure.replace("&", "&amp;").replace("'", "&#39;") + "'></div>"


def _attribute(name: str, value: Any) -> str:
    """Without quotes where HTML needs none: inside JSON each of them would take two characters."""
    if value is None or value is False or (value == "" and name in _UNSAID):
        return ""
    if value is True:
        return f" {name.lower()}"
    said = _style(value) if name == "style" else str(value)
    return f" {_NAMES.get(name, name)}={said}" if _BARE.fullmatch(said) else f' {_NAMES.get(name, name)}="{escape(said)}"'


def _style(rules: Mapping[str, Any]) -> str:
    return ";".join(f"{re.sub('([A-Z])', _hyphen, name)}:{value}" for name, value in rules.items() if value is not None)


def _hyphen(letter: re.Match[str]) -> str:
    return "-" + letter[1].lower()


def properties(component: Component) -> dict[str, Any]:
    """The properties a component carries: those of to_plotly_json(), which takes eight times as long to look for them."""
    return {name: value for name, value in vars(component).items() if name not in _OF_DASH}


_OF_DASH = frozenset(vars(html.Div())) - {"children"}
"""What every component has beside its properties."""
_ELEMENTS = frozenset(kind for kind in vars(html).values() if isinstance(kind, type) and issubclass(kind, Component))
"""As a set: the classes are abstract ones, of which isinstance would ask each of the 125 in turn."""
