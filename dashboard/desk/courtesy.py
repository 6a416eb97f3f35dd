"""Lets a cage run only while the server has nothing to do: a page wants every processor at once, and an idle one sooner than a taken one.

The lowest priority alone is not enough: beside a bomb of that priority a page's queries took a fifth longer (tests/benchmarks/bench_desk.py).
"""

from __future__ import annotations

import signal
import subprocess
import time

_BUSY_SHARE = 0.2
_START = 0.5
"""Most queries are done by then; they are not held up."""
_LONGEST_PAUSE = 0.3
"""A query goes on now and then, however busy the server is."""


class Courtesy:
    """Stops a process while this one is at work, all its threads together. Should this one die, the system ends what it stopped:
    a stopped process group that becomes orphaned gets SIGHUP."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._is_paused = False
        self._started_at = self._changed_at = self._looked_at = time.monotonic()
        self._worked = time.process_time()

    def look(self) -> None:
        """Called every few hundredths of a second."""
        now, worked = time.monotonic(), time.process_time()
        is_busy = now - self._started_at > _START and worked - self._worked > _BUSY_SHARE * (now - self._looked_at)
        has_waited = now - self._changed_at > _LONGEST_PAUSE
        self._looked_at, self._worked = now, worked
        is_to_pause = is_busy and not (self._is_paused and has_waited)
        if is_to_pause != self._is_paused:
            self._process.send_signal(signal.SIGSTOP if is_to_pause else signal.SIGCONT)
            self._is_paused, self._changed_at = is_to_pause, now
