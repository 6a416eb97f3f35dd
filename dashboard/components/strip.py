"""One rate with its interval on a line from 0, and the level it is held against as a tick. Shapes and words say what colour says."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.components.attributes import aria


@dataclass(frozen=True)
class Mark:
    """A share and its label."""

    share: float
    label: str


def strip(rate: Mark, low: float, high: float, against: Mark, description: str) -> html.Div:
    """The interval as a band around the square of the rate, its label above; the level as a tick with its label below.

    The line ends a little beyond the highest of them, at 100 % at most.
    """
    end = min(1.0, 1.12 * max(high, against.share)) or 1.0

    def place(share: float) -> str:
        return f"{100 * min(share / end, 1.0):.2f}%"

    def label(mark: Mark, name: str) -> html.Span:
        # moved back by its own share of the way, so that it never leaves the line at either end
        back = f"translateX(-{place(mark.share)})"
        return html.Span(mark.label, className=name, style={"left": place(mark.share), "transform": back})

    band = {"left": place(low), "width": f"{100 * (min(high / end, 1.0) - low / end):.2f}%"}
    return html.Div(
        [
            label(rate, "strip-rate"),
            html.Div(
                [
                    html.Span(className="strip-band", style=band),
                    html.Span(className="strip-tick", style={"left": place(against.share)}),
                    html.Span(className="strip-dot", style={"left": place(rate.share)}),
                ],
                className="strip-line",
            ),
            label(against, "strip-level"),
        ],
        className="strip",
        role="img",
        **aria(label=description),
    )
