"""The worker seen from outside: a process that is asked, waited for, and ended when it takes too long."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).resolve().parents[3]
_PATIENCE = 5.0
# Typst would fetch packages from its registry; a report asks for none, and a proxy that is not there makes sure of it.
_OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}


class Failed(Exception):
    """The job cannot be done; the worker lives on."""


class OutOfTime(Exception):
    """The job took longer than it may."""


class Ended(Exception):
    """The worker is no more; the last it said."""


class Worker:
    """Jobs go in and answers come out as pickles, one at a time: the worker is ours, and so is all it says."""

    def __init__(self) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115, closed in end()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.report.press.worker"],
            cwd=_PROJECT,
            env={**os.environ, **_OFFLINE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            start_new_session=True,
        )
        self._answers: queue.SimpleQueue[tuple[bool, Any] | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: tuple[Any, ...], seconds: float) -> Any:
        """The answer. Raises Failed, OutOfTime, Ended; after the last two the worker is to be ended."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # the listener says that it has ended
            pickle.dump(job, self._process.stdin)
            self._process.stdin.flush()
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise OutOfTime from None
        if answer is None:
            raise Ended(self._last_words())
        done, result = answer
        if not done:
            raise Failed(result)
        return result

    def end(self) -> None:
        """Kills it: it starts no processes of its own and keeps nothing that could be lost."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                self._answers.put(pickle.load(self._process.stdout))
        except (EOFError, pickle.UnpicklingError):
            self._answers.put(None)

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip().splitlines()
        return said[-1] if said else f"exit code {self._process.returncode}"
