"""A week as a grid: weekday down, hour across."""

from __future__ import annotations

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.theme import SCALE


def week_hours(frame: pd.DataFrame, *, weekdays: list[str], hover: str) -> Figure:
    """frame: dow (1–7), hour (0–23), value, href; cells without a row are empty. hover: template with {day} {hour} {value}."""
    known = frame.dropna(subset=["value"])
    cells = {
        (int(d), int(h)): (float(v), str(href)) for d, h, v, href in known[["dow", "hour", "value", "href"]].to_numpy().tolist()
    }
    hours = list(range(24))
    grid = [[cells.get((dow, hour), (None, ""))[0] for hour in hours] for dow in range(1, 8)]
    links = [[cells.get((dow, hour), (None, ""))[1] for hour in hours] for dow in range(1, 8)]
    words = [
        [hover.format(day=weekdays[dow], hour=hour, value=f"{grid[dow][hour] or 0:,.0f}") for hour in hours] for dow in range(7)
    ]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": hours,
                "y": weekdays,
                "z": grid,
                "text": words,
                "hoverinfo": "text",
                "customdata": links,
                "colorscale": SCALE,
                "zmin": 0,
                "xgap": 2,
                "ygap": 2,
                "showscale": False,
            }
        ],
        "layout": {
            "xaxis": {
                "tickvals": [0, 3, 6, 9, 12, 15, 18, 21],
                "ticktext": ["0", "3", "6", "9", "12", "15", "18", "21"],
                "showgrid": False,
                "ticks": "",
                "side": "top",
            },
            "yaxis": {"autorange": "reversed", "showgrid": False, "ticks": "", "type": "category"},
            "margin": {"l": 8, "r": 8, "t": 24, "b": 4},
        },
    }
