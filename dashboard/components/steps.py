"""A funnel in words: each step's bar from 0, its count (a link) and share of the first, and what lies between two steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.i18n.numbers import count, decimal


@dataclass(frozen=True)
class Step:
    """One step. between: words under it, e.g. the median time to the next step."""

    name: str
    count: float
    href: str = ""
    between: str = ""


def steps(items: Sequence[Step]) -> html.Ol:
    """Bars are shares of the first step."""
    first = items[0].count or 1.0
    rows: list[Any] = []
    for item in items:
        share = item.count / first
        number: Any = html.A(count(item.count), href=item.href) if item.href else count(item.count)
        rows.append(
            html.Li(
                [
                    html.Span(item.name),
                    html.Div(
                        html.Div(className="step-fill", style={"width": f"{min(share, 1) * 100:.1f}%"}), className="step-track"
                    ),
                    html.Span([number, " ", html.Span(f"{decimal(share * 100, 1)}%", className="soft")], className="step-count"),
                ],
                className="step",
            )
        )
        if item.between:
            rows.append(html.Li([html.Span(), html.Span(item.between)], className="step-between"))
    return html.Ol(rows, className="steps")
