"""The Lorenz curve beside the line of an even share."""

from __future__ import annotations

from dashboard.figures import Figure
from dashboard.figures.theme import BLUE, GREY


def lorenz_curve(units: list[float], load: list[float], *, even: str, hover: str) -> Figure:
    """units, load: points from 0 to 1, as statistics.inequality.lorenz gives them. even: name of the diagonal ·
    hover: template with %{x} and %{y}.
    """
    curve = {
        "type": "scatter",
        "mode": "lines",
        "x": [round(value, 4) for value in units],
        "y": [round(value, 4) for value in load],
        "line": {"color": BLUE, "width": 2.4},
        "fill": "tozeroy",
        "fillcolor": "rgba(43,123,187,0.12)",
        "hovertemplate": hover + "<extra></extra>",
        "cliponaxis": False,
    }
    diagonal = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1] if units else [],
        "y": [0, 1] if units else [],
        "line": {"color": GREY, "width": 1.2, "dash": "dot"},
        "hoverinfo": "skip",
    }
    axis = {"range": [0, 1], "tickformat": ".0%", "tickvals": [0, 0.2, 0.4, 0.6, 0.8, 1], "ticks": ""}
    return {
        "data": [diagonal, curve],
        "layout": {
            "xaxis": {**axis, "showgrid": False},
            "yaxis": dict(axis),
            "hovermode": "closest",
            "hoverdistance": 40,
            "annotations": [
                {
                    "x": 0.5,
                    "y": 0.5,
                    "text": even,
                    "showarrow": False,
                    "xanchor": "right",
                    "yanchor": "bottom",
                    "xshift": -4,
                    "font": {"size": 11, "color": GREY},
                }
            ],
            "margin": {"l": 8, "r": 16, "t": 10, "b": 8},
        },
    }
