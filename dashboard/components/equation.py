"""A sum in words and numbers: opening + new − closed = closing. Each number leads to its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html

from dashboard.i18n.numbers import count


@dataclass(frozen=True)
class Term:
    """sign: what stands before it, "" for the first · strong: one of the numbers the sum is about."""

    sign: str
    name: str
    value: float
    href: str = ""
    strong: bool = False


def equation(terms: Sequence[Term]) -> html.Div:
    """The terms in a line, which wraps before a sign."""
    return html.Div([_term(term) for term in terms], className="equation")


def _term(term: Term) -> html.Div:
    number = html.A(count(term.value), href=term.href) if term.href else html.Span(count(term.value))
    named = html.Div([html.Span(term.name, className="soft"), number], className="strong" if term.strong else "")
    return html.Div([html.Span(term.sign, className="sign"), named] if term.sign else named, className="term")
