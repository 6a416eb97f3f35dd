"""The one way a figure gets on the page."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.components.attributes import aria
from dashboard.i18n import html_lang

# plotly 7 offers a "Share chart" button that sends the chart's data to a cloud unless both of these are set.
_NO_CLOUD = {"showSendToCloud": False, "plotlyServerURL": ""}


def rounded(node: Any) -> Any:
    """The figure with four decimals of shares and five digits of the rest: finer than any screen, and a third of the weight."""
    if isinstance(node, float):
        return node if not node % 1 else round(node, 4) if abs(node) < 1 else float(f"{node:.5g}")
    if isinstance(node, dict):
        return {key: rounded(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [rounded(value) for value in node]
    return node


def graph(figure: dict[str, Any], *, height: int, description: str, lang: str, has_links: bool = True) -> html.Div:
    """A chart of that height in pixels. description: one sentence for readers who do not see it."""
    config: Any = {
        **_NO_CLOUD,
        "displaylogo": False,
        "displayModeBar": False,
        "locale": html_lang(lang),
        "responsive": True,
        "doubleClick": False,
        "scrollZoom": False,
    }
    chart = dcc.Graph(figure=rounded(figure), config=config, responsive=True, style={"height": "100%"})
    # The height stands outside too: the component arrives later, and the page must not jump when it does.
    return html.Div(
        chart,
        className="chart" if has_links else "chart plain",
        style={"height": f"{height}px"},
        role="img",
        **aria(label=description),
    )
