"""The one way a figure gets on the page."""

from __future__ import annotations

import math
from typing import Any

from dash import dcc, html

from dashboard.components.attributes import aria


def rounded(node: Any) -> Any:
    """The figure with three digits of shares and five of the rest: as fine as a screen, and a third of the weight."""
    if isinstance(node, float) and math.isfinite(node):
        return int(node) if not node % 1 else float(f"{node:.3g}" if abs(node) < 1 else f"{node:.5g}")
    if isinstance(node, dict):
        return {key: rounded(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [rounded(value) for value in node]
    return node


def graph(figure: dict[str, Any], *, height: int, description: str, has_links: bool = True) -> html.Div:
    """A chart of that height in pixels. description: one sentence for readers who do not see it."""
    chart = dcc.Graph(figure=rounded(figure))
    # The height stands outside too: the component arrives later, and the page must not jump when it does.
    return html.Div(
        chart,
        className="chart" if has_links else "chart plain",
        style={"height": f"{height}px"},
        role="img",
        **aria(label=description),
    )
