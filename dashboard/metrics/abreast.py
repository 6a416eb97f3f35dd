"""Questions asked side by side: what a page wants to know is seldom one question that waits for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

DEEPEST = 2
"""How often tasks may split into tasks side by side; below that one waits for the other."""

T = TypeVar("T")
First = TypeVar("First")
Second = TypeVar("Second")
_here = threading.local()


def abreast(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """What the tasks return, in their order; raises what one of them raises.

    The thread that asks works too, beside one more: most of a small query's time goes into planning it, which keeps one core busy.
    A pool shared by all would let one reader's long questions hold up another's short ones, so each call brings its own thread.
    """
    depth: int = getattr(_here, "depth", 0)
    if len(tasks) < 2 or depth >= DEEPEST:
        return [task() for task in tasks]
    waiting = enumerate(tasks)  # shared: the interpreter hands each task to one of the two
    found: dict[int, T] = {}

    def work() -> None:
        _here.depth = depth + 1
        try:
            for place, task in waiting:
                found[place] = task()
        finally:
            _here.depth = depth

    with ThreadPoolExecutor(1) as helper:
        beside = helper.submit(work)
        work()
        beside.result()
    return [found[place] for place in range(len(tasks))]


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """abreast() of two tasks of different kinds."""
    tasks: list[Callable[[], Any]] = [first, second]
    one, other = abreast(tasks)
    return one, other
