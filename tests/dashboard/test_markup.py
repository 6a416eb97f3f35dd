"""Components as HTML: the same elements, texts and links, nothing that was text becomes an element, and callbacks keep their components."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import LOCAL
from dashboard.components.attributes import data
from dashboard.components.markup import is_static, markup, packed
from dashboard.components.markup import properties as carried
from dashboard.pages import draw, visit_of
from dashboard.shell import Address
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import links, strings
from tests.trees import components, drawn, properties


class Reader(HTMLParser):
    """Elements, texts and addresses of a piece of HTML."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.hrefs: list[str] = []
        self.figures: list[dict[str, Any]] = []
        self.attributes: list[dict[str, str | None]] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append(found)
        if tag not in ("br", "hr", "img", "input", "col"):
            self.open.append(tag)
        if found.get("href"):
            self.hrefs.append(str(found["href"]))
        if found.get("data-figure"):
            self.figures.append(drawn(json.loads(str(found["data-figure"]))))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_elements_attributes_and_styles() -> None:
    own: dict[str, Any] = {"data-act": "go", "aria-label": "说"}
    style = {"maskImage": "url(x)", "WebkitMaskImage": None}
    inside = [html.Br(), html.Td(3.5, colSpan=2, className="num"), None, html.Details(open=True), html.Button(disabled=False)]
    node = html.Label(["甲 <b>", *inside], htmlFor="x", tabIndex=-1, title='"&<', style=style, **own)
    read = Reader(markup(node))
    assert read.open == []
    assert "".join(read.texts) == "甲 <b>3.5"
    assert read.attributes == [
        {"for": "x", "tabindex": "-1", "title": '"&<', "style": "mask-image:url(x)", "data-act": "go", "aria-label": "说"},
        {},
        {"colspan": "2", "class": "num"},
        {"open": None},
        {},
    ]


@given(st.text(), st.text())
def test_text_stays_text_whatever_it_is(text: str, title: str) -> None:
    read = Reader(markup(html.P([html.B(text), text], title=title)))
    assert read.open == []
    assert len(read.attributes) == 2
    assert read.attributes[0].get("title") == (title or None) or title == ""


@pytest.mark.parametrize("path", ["/", "/closure", "/communities", "/workload", "/community/C03", "/departments", "/definitions"])
def test_a_page_as_html_says_and_links_what_its_components_do(sample: Snapshot, path: str) -> None:
    _, body = draw(visit_of(sample, Address.of_url(path), LOCAL))
    still = [part for part in body if is_static(part)]
    assert still
    read = Reader(markup(still))
    assert read.open == []
    figures = [properties(c)["figure"] for part in still for c in components(part) if isinstance(c, dcc.Graph)]
    assert same(read.figures, [drawn(figure) for figure in json.loads(json.dumps(figures))])
    outside = {href for part in still for href in links(part)} - {href for figure in figures for href in links(figure)}
    assert outside <= set(read.hrefs)
    said = "".join(read.texts)
    words = [word for part in still for c in components(part) if not isinstance(c, dcc.Graph) for word in direct(c)]
    assert [word for word in words if word.strip() and word not in said] == []


def same(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of shares."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other or (isinstance(one, float) and isinstance(other, float) and abs(one - other) < 1e-3))


def direct(component: Any) -> list[str]:
    """The texts that are children of a component."""
    children = properties(component).get("children")
    return [child for child in (children if isinstance(children, list) else [children]) if isinstance(child, str)]


def test_what_a_callback_names_stays_a_component() -> None:
    named = html.Div(html.P("x"), id={"type": "jobs", "page": "data"})
    made = packed([html.Section([html.H2("t"), named]), html.P([html.B("y")])])
    assert properties(properties(made[0])["children"][1])["id"] == {"type": "jobs", "page": "data"}
    assert properties(made[1])["data-html"] == "<b>y</b>"
    assert "children" not in {k for k, v in properties(made[1]).items() if v is not None}
    assert isinstance(packed(dbc.Input(name="q")), dbc.Input)
    assert properties(packed([html.P("a"), html.P("b")]))["data-html"] == "<p>a</p><p>b</p>"


def test_every_text_a_reader_sees_is_still_found_in_what_is_sent(sample: Snapshot) -> None:
    _, body = draw(visit_of(sample, Address.of_url("/cases"), LOCAL))
    sent = " ".join(str(s) for s in strings(packed(body)))
    assert all(word in sent for word in ("工单", "2026年8月24日—11月15日", "数据截至"))


def test_the_properties_of_a_component_are_those_dash_would_send() -> None:
    for part in (
        html.Div(),
        html.A("x", href="/y", id="z", **data(html="1")),
        dcc.Graph(id="g", figure={}),
        dcc.Store(id="s", data=1),
    ):
        assert carried(part) == part.to_plotly_json()["props"]  # type: ignore[no-untyped-call]  # Dash has no types for it
