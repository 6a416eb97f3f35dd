"""A figure as SVG: the plotly.js the dashboard serves, run in V8 on the few things of a browser it needs (engine/*.js)."""

from __future__ import annotations

import json
from pathlib import Path

from py_mini_racer import JSEvalException, MiniRacer

from dashboard.report.press.glyphs import measures
from dashboard.report.press.process import Failed

_ENGINE = Path(__file__).parent / "engine"
_VENDOR = Path(__file__).resolve().parents[2] / "assets" / "vendor"
_SCRIPTS = (
    *(_ENGINE / f"{name}.js" for name in ("style", "selectors", "nodes", "text", "canvas", "page")),
    _VENDOR / "plotly-cartesian.min.js",
    _VENDOR / "plotly-zh-CN.js",
    _ENGINE / "draw.js",
)
_MOST_BYTES = 512 * 1024 * 1024
"""Of V8's memory; a report's charts take a fifth of it."""


class Engine:
    """V8 with plotly.js in it, kept from figure to figure, and started anew after one that failed."""

    def __init__(self) -> None:
        self._v8: MiniRacer | None = None

    def start(self) -> MiniRacer:
        """V8, ready for a figure."""
        self._v8 = self._v8 or _started()
        return self._v8

    def draw(self, figure: str, width: float, height: float, locale: str) -> str:
        """The SVG of a figure given as JSON. Raises Failed."""
        v8 = self.start()
        try:
            v8.eval(f"press.start({figure},{width},{height},{json.dumps(locale)});0")
            while v8.eval("press.turn()"):
                pass
            return str(v8.eval("press.finish()"))
        except JSEvalException as error:
            v8.close()
            self._v8 = None
            raise Failed(_in_one_line(error)) from error


def _started() -> MiniRacer:
    v8 = MiniRacer()
    v8.set_hard_memory_limit(_MOST_BYTES)
    known = {key: value for key, value in measures().items() if key != "characters"}
    v8.eval(f"globalThis.press={{metrics:{json.dumps(known)}}};0")
    for script in _SCRIPTS:
        v8.eval(script.read_text(encoding="utf-8") + ";0")
    return v8


def _in_one_line(error: JSEvalException) -> str:
    """What was thrown: without its place, and without the source of plotly.js that V8 quotes after it."""
    return str(error).splitlines()[0].removeprefix("<anonymous>:").lstrip("0123456789: ")[:300]
