"""方法: how the numbers are judged, each method for leaders and for researchers, with formula, assumptions and reference."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import facts, grid, page_head
from dashboard.components.method_links import PATH
from dashboard.methods import Method, methods
from dashboard.reading.visit import Visit

__all__ = ["KEY", "PATH", "body"]

KEY = "methods"
QUESTIONS = ("worse", "changed", "policy", "long", "satisfied", "even", "odd", "publish")
"""What a leader asks → method.ask_<it>, and the methods that answer."""
ANSWERS = {
    "worse": ("funnel", "case_mix", "shrinkage", "rank_interval"),
    "changed": ("xmr", "attribute_charts", "newcombe"),
    "policy": ("staggered", "interrupted"),
    "long": ("time_to_event",),
    "satisfied": ("wilson", "nonresponse", "post_stratification"),
    "even": ("inequality",),
    "odd": ("mantel_haenszel", "false_discovery", "surge"),
    "publish": ("disclosure",),
}


def body(visit: Visit) -> list[Any]:
    """Which question is answered by what; then a card a method."""
    return [
        page_head(visit.words("page.methods"), is_filtered=False),
        html.P(visit.words("method.intro"), className="soft"),
        _questions(visit),
        grid([_method(visit, method) for method in methods().values()]),
    ]


def _questions(visit: Visit) -> html.Nav:
    lists: list[Any] = []
    for question in QUESTIONS:
        links = [html.Li(html.A(methods()[id].text(visit.lang).name, href="#" + id, target="_self")) for id in ANSWERS[question]]
        lists.append(html.Ul([html.Li(html.B(visit.words(f"method.ask_{question}"))), *links]))
    return html.Nav(lists, className="toc card-box", style={"display": "block"}, **aria(label=visit.words("definition.contents")))


def _method(visit: Visit, method: Method) -> html.Section:
    words = method.text(visit.lang)
    pairs: list[tuple[str, Any]] = [
        (visit.words("method.leaders"), words.leaders),
        (visit.words("method.researchers"), words.researchers),
        (visit.words("method.formula"), [html.Code(method.formula, className="rule"), html.Br(), words.symbols]),
        (visit.words("method.assumptions"), words.assumptions),
        (visit.words("method.avoid"), words.avoid),
        (visit.words("method.reference"), method.reference),
    ]
    head = html.Div([html.H3(words.name), html.Span(method.id, className="soft small")], className="card-head")
    return html.Section([head, facts(pairs)], id=method.id, className="card-box definition w-6")
