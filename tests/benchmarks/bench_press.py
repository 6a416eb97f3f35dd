"""How fast paper is made: the first chart of a cold press, a chart and a document of a warm one, and what the worker weighs.

usage: python -m tests.benchmarks.bench_press

Targets on 2 cores: the first chart ≤ 2 s, a warm chart ≤ 60 ms, a document of twenty charts ≤ 0.5 s, the worker ≤ 400 MB after twelve of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from dashboard.report.press import Chart, Press
from tests.report.press_figures import figures

EDITIONS = 12
NOW = datetime(2026, 11, 16, tzinfo=UTC)
DOCUMENT = """
#let pictures = json(bytes(sys.inputs.pictures))
#set document(title: "周报")
#set text(font: "Noto Sans SC", lang: "zh")
= 周报
#for (name, svg) in pictures { figure(image(bytes(svg), format: "svg", alt: name), caption: name) }
"""


def report() -> bool:
    """Prints the measures; true when every target is met."""
    others = set(psutil.Process().children())
    charts = {name: Chart(figure, 640, 300) for name, figure in figures().items()}
    with tempfile.TemporaryDirectory() as folder, Press() as press:
        source = Path(folder) / "document.typ"
        source.write_text(DOCUMENT, encoding="utf-8")
        start = time.perf_counter()
        press.draw([next(iter(charts.values()))])
        first = time.perf_counter() - start
        drawing, setting = 0.0, 0.0
        for edition in range(EDITIONS):
            start = time.perf_counter()
            drawn = press.draw(list(charts.values()))
            middle = time.perf_counter()
            pictures = {f"{name} {edition}": each.svg for name, each in zip(charts, drawn, strict=True)}
            press.typeset(source, {}, pictures, timestamp=NOW)
            drawing, setting = drawing + middle - start, setting + time.perf_counter() - middle
        (worker,) = set(psutil.Process().children()) - others
        measured = {
            "first chart, s": (first, 2.0),
            "a warm chart, ms": (drawing / EDITIONS / len(charts) * 1000, 60.0),
            "a document, s": (setting / EDITIONS, 0.5),
            "worker, MB": (worker.memory_full_info().pss / 1e6, 400.0),
        }
    for name, (value, target) in measured.items():
        print(f"{name:>18} {value:8.2f}  (≤ {target:g})")
    return all(value <= target for value, target in measured.values())


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
