"""A figure made ready for paper: what only a screen can use is left out, the print template put on."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from dashboard.figures.theme import ORANGE, templates
from dashboard.report.press.glyphs import FAMILY

SUPPORTED = frozenset({"scatter", "bar", "heatmap"})
"""Types of traces that are drawn as in a browser (tests/report/test_press_browser.py); the WebGL ones would be drawn as nothing."""
_ON_SCREEN_ONLY = frozenset({"hovertext", "hovertemplate", "hoverinfo", "customdata", "meta"})
_PRINTED_AS = str.maketrans({"▾": "▼"})
"""Signs the shipped fonts do not have, and what is printed for them."""


def unsupported(figure: dict[str, Any]) -> str:
    """Why the figure cannot be printed, "" when it can."""
    kinds = sorted({str(trace.get("type", "scatter")) for trace in figure["data"]} - SUPPORTED)
    return f"traces of type {', '.join(kinds)} cannot be printed, only {', '.join(sorted(SUPPORTED))}" if kinds else ""


def dressed(figure: dict[str, Any]) -> str:
    """As JSON with the print template. Raises TypeError when it holds what JSON cannot."""
    data = [_on_paper(trace) for trace in figure["data"]]
    layout = {**figure["layout"], "template": _template()}
    written = orjson.dumps({"data": data, "layout": layout}, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return written.translate(_PRINTED_AS)


def _on_paper(trace: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in trace.items() if key not in _ON_SCREEN_ONLY}
    colours = trace.get("marker", {}).get("color")
    if trace.get("type") == "bar" and isinstance(colours, list):
        # In grey the two colours of bars are one: those that ask for attention have an outline.
        widths = [1.6 if colour == ORANGE else 0 for colour in colours]
        kept["marker"] = {**trace["marker"], "line": {"color": "#000000", "width": widths}}
    return kept


@cache
def _template() -> dict[str, Any]:
    """The print template in the shipped font: the engine measures with it, and Typst has no other."""
    layout = dict(templates()["print"]["layout"])
    del layout["hoverlabel"]
    # Simple quotes, because the family stands in a style attribute.
    return {"layout": {**layout, "font": {**layout["font"], "family": f"'{FAMILY}'"}}}
