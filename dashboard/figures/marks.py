"""Days on which something changed, as upright lines across a chart of weeks."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figures import Figure
from dashboard.figures.theme import ORANGE


def with_days(figure: Figure, days: Sequence[tuple[str, str]]) -> Figure:
    """The figure with a line at each day (ISO), named at its top. days: of the span its date axis shows."""
    layout = dict(figure["layout"])
    lines = [
        {
            "type": "line",
            "x0": day,
            "x1": day,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": ORANGE, "width": 1.4, "dash": "dash"},
        }
        for day, _ in days
    ]
    names = [
        {
            "x": day,
            "yref": "paper",
            "y": 1,
            "text": name,
            "showarrow": False,
            "yanchor": "top",
            "xanchor": "left",
            "xshift": 3,
            "font": {"size": 11, "color": ORANGE},
        }
        for day, name in days
    ]
    layout["shapes"] = [*layout.get("shapes", []), *lines]
    layout["annotations"] = [*layout.get("annotations", []), *names]
    return {**figure, "layout": layout}
