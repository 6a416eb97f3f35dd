"""Runs: evaluations asked for, one worked out at a time, each kept until others are wanted more.

waiting → working → done, failed, ended (the worker died) or stopped. A run nobody asks after any more is given up: its reader went on.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboard.evaluations.process import Ended, Worker
from dashboard.evaluations.worker import FAILED, FOUND, PROGRESS, STOP
from dashboard.i18n import text
from dashboard.reading.evaluation_panel import Numbered
from dashboard.statistics.evaluation import Found

WAITING, WORKING, DONE, BROKEN, ENDED, STOPPED = "waiting", "working", "done", "failed", "ended", "stopped"
PENDING = (WAITING, WORKING)
LOST = (STOPPED, ENDED)
"""Not worked out, and nothing known against trying again."""
KEPT = 32
"""Evaluations kept; the one longest not looked at goes first."""
PATIENCE = 12.0
"""Seconds nobody has asked after a run that is not done until it is given up. Pages ask every second."""
LONGEST = 300.0
"""Seconds one evaluation may take."""
_LISTEN = 0.25
log = logging.getLogger(__name__)


@dataclass
class Run:
    """share: how much is done · found: once it is · heard_at: when a reader last asked · is_again: a worker was lost before it began."""

    id: str
    numbers: Numbered
    state: str = WAITING
    share: float = 0.0
    found: Found | None = None
    heard_at: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)
    is_again: bool = False

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING


def told(run: Run, lang: str) -> str:
    """How far it is, in one line."""
    if run.state == WAITING:
        return text("evaluation.waiting", lang)
    return text("evaluation.working", lang, percent=f"{100 * run.share:.0f}") if run.share else text("evaluation.starting", lang)


class Evaluations:
    """Of one server. Neither thread nor process is started before the first evaluation is in sight."""

    def __init__(self, *, kept: int = KEPT, patience: float = PATIENCE) -> None:
        self._kept, self._patience = kept, patience
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._worker: Worker | None = None
        self._is_closed = False

    def ask(self, id: str, make: Callable[[], Numbered], *, is_fresh: bool = False) -> Run:
        """The run of that id, begun where there is none. make: its numbers, called only then · is_fresh: who asks was told nothing of
        it yet, so one that was stopped, perhaps by somebody else, or whose worker ended is begun anew.
        """
        found = self.find(id)
        if found is not None and not (is_fresh and found.state in LOST):
            return found
        if found is not None:
            self._drop(found)
        run = Run(id, make())
        with self._news:
            run = self._runs.setdefault(id, run)
            done = [old for old, kept in self._runs.items() if not kept.is_pending]
            for old in done[: max(len(self._runs) - self._kept, 0)]:
                del self._runs[old]
        self.warm()
        return run

    def find(self, id: str) -> Run | None:
        """None for one that was never begun, or is kept no more."""
        with self._news:
            run = self._runs.get(id)
            if run is not None:
                self._runs.move_to_end(id)
                run.heard_at = time.monotonic()
            return run

    def stop(self, id: str) -> None:
        """Gives a run up; what is done stays."""
        with self._news:
            run = self._runs.get(id)
            if run is not None and run.is_pending:
                self._over(run, STOPPED)

    def _drop(self, run: Run) -> None:
        """Unless another has taken its place."""
        with self._news:
            if self._runs.get(run.id) is run:
                del self._runs[run.id]

    def forget(self, id: str) -> None:
        """So that the next who asks begins it anew."""
        self.stop(id)
        with self._news:
            self._runs.pop(id, None)

    def warm(self) -> None:
        """Has the worker ready, or on its way."""
        with self._news:
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._serve, daemon=True, name="evaluations")
                self._thread.start()
                atexit.register(self.close)
            self._news.notify()

    def close(self) -> None:
        """Ends the worker; nothing is begun any more."""
        with self._news:
            self._is_closed = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def worker_number(self) -> int | None:
        """Of the process; None where there is none."""
        return self._worker.number if self._worker is not None else None

    def _serve(self) -> None:
        while not self._is_closed:
            try:
                worker = self._ready()
                run = self._next()
                if run is not None:
                    self._work(worker, run)
            except Ended:
                self._put_down()
            except OSError as error:  # no process to be had
                log.error("the worker of evaluations cannot be started: %s", error)
                self._let_down()
        self._put_down()

    def _ready(self) -> Worker:
        if self._worker is not None and not self._worker.is_alive:
            self._put_down()
        if self._worker is None:
            self._worker = Worker()
        return self._worker

    def _next(self) -> Run | None:
        """The oldest that waits; None where there is nothing to do."""
        with self._news:
            for run in list(self._runs.values()):
                if run.state == WAITING and self._is_given_up(run):
                    self._over(run, STOPPED)
                    del self._runs[run.id]
            waiting = [run for run in self._runs.values() if run.state == WAITING]
            if not waiting and not self._is_closed:
                self._news.wait()
            if not waiting or self._is_closed:
                return None
            waiting[0].state = WORKING
            return waiting[0]

    def _work(self, worker: Worker, run: Run) -> None:
        """Raises Ended. Where the worker was lost before it began, perhaps while it was idle, the run waits for the next one, once."""
        began, is_told = time.monotonic(), False
        try:
            worker.say(run.numbers.asked)
            while True:
                said = worker.heard(_LISTEN)
                if said is not None and said[0] == PROGRESS:
                    run.share = said[1]
                elif said is not None:
                    return self._answered(run, *said)
                if self._is_closed or time.monotonic() - began > LONGEST:
                    raise Ended
                if not is_told and self._is_given_up(run):
                    worker.say(STOP)
                    is_told = True
        except Ended:
            self._ended(run, time.monotonic() - began)
            raise

    def _answered(self, run: Run, kind: str, said: object) -> None:
        with self._news:
            if kind == FOUND and isinstance(said, Found):
                run.found = said
                self._over(run, DONE)
            elif kind == FAILED:
                log.error("evaluation %s failed: %s", run.id, said)
                self._over(run, BROKEN)
            elif run.state == WORKING:  # given up because nobody asked: whoever asks next begins it anew
                self._over(run, STOPPED)
                self._runs.pop(run.id, None)

    def _is_given_up(self, run: Run) -> bool:
        return run.state == STOPPED or time.monotonic() - run.heard_at > self._patience

    def _ended(self, run: Run, seconds: float) -> None:
        """seconds: since it was given to the worker."""
        log.error("the worker of evaluations ended during %s", run.id)
        with self._news:
            if run.state == WORKING and not (run.share or run.is_again or self._is_closed or seconds > LONGEST):
                run.state, run.is_again = WAITING, True
            elif run.is_pending:
                self._over(run, ENDED)

    def _let_down(self) -> None:
        """Says so to all who wait, and waits for the next who asks."""
        with self._news:
            for run in self._runs.values():
                if run.is_pending:
                    self._over(run, ENDED)
            if not self._is_closed:
                self._news.wait()

    def _over(self, run: Run, state: str) -> None:
        run.state = state
        run.over.set()

    def _put_down(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None
