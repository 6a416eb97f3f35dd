"""The process that draws and typesets: python -m dashboard.report.press.worker, started and spoken to by process.py.

Quick to start: neither pandas nor Dash are imported, and Typst only for the first document.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from typing import Any, BinaryIO

from dashboard.report.press.drawing import Engine
from dashboard.report.press.process import Failed
from dashboard.report.press.typesetting import typeset


def main() -> None:
    """Does jobs until nobody gives any more."""
    # What a library may print must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(sys.stdin.buffer, jobs), daemon=True).start()
    engine = Engine()
    engine.start()  # while whoever will give the first job still gets its numbers together
    while True:
        pickle.dump(_done(engine, *jobs.get()), answers)
        answers.flush()


def _done(engine: Engine, kind: str, *order: Any) -> tuple[bool, Any]:
    try:
        return True, engine.draw(*order) if kind == "draw" else typeset(*order)
    except Failed as error:
        return False, str(error)


def _take(orders: BinaryIO, jobs: queue.SimpleQueue[tuple[Any, ...]]) -> None:
    """Ends the process when nobody is there any more, even in the middle of a job: a loop without end must not outlive its report.

    It also keeps V8 from hanging when the interpreter goes down, as it does unless it is closed before.
    """
    while True:
        try:
            jobs.put(pickle.load(orders))
        except EOFError:
            os._exit(0)


if __name__ == "__main__":
    main()
