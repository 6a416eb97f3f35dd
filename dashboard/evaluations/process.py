"""The worker seen from outside: a process that is given numbers, tells how far it is, and can be ended at any time."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).resolve().parents[2]


class Ended(Exception):
    """The worker is no more."""


class Worker:
    """One evaluation at a time. It ends when its connection does, so none outlives the server."""

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.evaluations.worker", str(theirs.fileno())],
            cwd=_PROJECT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},  # the pages have the cores first
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl+C in the server's terminal is not meant for it
        )
        theirs.close()

    @property
    def number(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def say(self, what: Any) -> None:
        """Raises Ended."""
        try:
            self._connection.send(what)
        except OSError:
            raise Ended from None

    def heard(self, seconds: float) -> tuple[str, Any] | None:
        """What it has to say within that time. Raises Ended."""
        try:
            found: tuple[str, Any] | None = self._connection.recv() if self._connection.poll(seconds) else None
        except (EOFError, OSError):
            raise Ended from None
        return found

    def end(self) -> None:
        """It keeps nothing that could be lost."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._connection.close()
