"""The one way a figure gets on the page."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.components.attributes import aria
from dashboard.i18n import html_lang

# plotly 7 offers a "Share chart" button that sends the chart's data to a cloud unless both of these are set.
_NO_CLOUD = {"showSendToCloud": False, "plotlyServerURL": ""}


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
    chart = dcc.Graph(figure=figure, config=config, responsive=True, style={"height": "100%"})
    # The height stands outside too: the component arrives later, and the page must not jump when it does.
    return html.Div(
        chart,
        className="chart" if has_links else "chart plain",
        style={"height": f"{height}px"},
        role="img",
        **aria(label=description),
    )
