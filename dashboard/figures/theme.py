"""The one theme: a palette safe for colour-blind readers and a template each for light, dark and print.

Marks use mid tones that hold 3:1 against white and against the dark card, so a figure is the same in both and only
the template (text, lines, ground) is swapped. Colour never carries meaning alone.
"""

from __future__ import annotations

from typing import Any

BLUE = "#2b7bbb"
ORANGE = "#d9691e"
GREY = "#7f8b99"
PALE_BLUE = "#7fb2dc"
TEAL = "#1f9e89"
QUIET = "rgba(127,139,153,0.35)"

FONT = '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'

# One hue from ground to ink; the lowest value is nearly the card itself in either theme.
SCALE = [[0.0, "rgba(43,123,187,0.06)"], [0.5, "rgba(43,123,187,0.5)"], [1.0, "rgba(43,123,187,1)"]]


LOOKS: dict[str, dict[str, Any]] = {
    "bar": {
        "cliponaxis": False,
        "hoverinfo": "text",
        "constraintext": "none",
        "insidetextanchor": "end",
        "insidetextfont": {"color": "#ffffff"},
    },
    "scatter": {"cliponaxis": False},
    "heatmap": {"hoverongaps": False, "showscale": False, "ygap": 2},
}
"""What marks of a kind have in common. A figure says it too, so that it stands alone; to the browser only the template does."""


def templates() -> dict[str, dict[str, Any]]:
    """The template of each theme by name."""
    return {
        "light": _template(ink="#24313f", faint="#5c6978", grid="#e6eaef", ground="#ffffff"),
        "dark": _template(ink="#d8e0e8", faint="#9aa7b5", grid="#2b3744", ground="#18212b"),
        "print": _template(ink="#000000", faint="#333333", grid="#cccccc", ground="#ffffff"),
    }


def _template(*, ink: str, faint: str, grid: str, ground: str) -> dict[str, Any]:
    axis = {
        "gridcolor": grid,
        "linecolor": grid,
        "zeroline": False,
        "tickfont": {"color": faint, "size": 12},
        "title": {"font": {"color": faint, "size": 12}},
        "automargin": True,
        "fixedrange": True,
    }
    layout = {
        "font": {"family": FONT, "size": 12.5, "color": ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [BLUE, ORANGE, GREY, TEAL, PALE_BLUE],
        "hoverlabel": {
            "bgcolor": ground,
            "bordercolor": grid,
            "font": {"family": FONT, "size": 12.5, "color": ink},
            "align": "left",
        },
        "xaxis": axis,
        "yaxis": axis,
        "dragmode": False,
        "showlegend": False,
        "margin": {"l": 8, "r": 12, "t": 10, "b": 8},
    }
    return {"layout": layout, "data": {kind: [look] for kind, look in LOOKS.items()}}
