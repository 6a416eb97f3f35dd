"""Queries readers have asked of this server: each in a thread of its own, so that none holds one that serves pages; the last results kept.

A query is known by an id that only its reader has. Whether it runs or waits is the line's to say, which stands in files.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path

from dashboard.desk import query
from dashboard.desk.deidentified import DeskError, desk_file, prepared
from dashboard.desk.query import LIMITS, Limits, Result
from dashboard.desk.sentences import Message, sentence
from dashboard.settings import Settings

MOST_UNDONE = 16
_MOST_DONE = 12
_MOST_BYTES = 24_000_000
"""Of all results kept together, as their cages wrote them; the newest is kept however large it is."""
_LOOK_EVERY = 0.1
log = logging.getLogger(__name__)


class Crowded(Exception):
    """More queries wait than anybody would wait for."""


@dataclass
class Asked:
    """A query and how far it is. began_at: by the monotonic clock · result: None until it is over."""

    id: str
    build_id: str
    sql: str
    began_at: float
    is_prepared: bool = False
    is_cancelled: bool = False
    result: Result | None = None

    @property
    def seconds(self) -> float:
        """Since it was asked."""
        return time.monotonic() - self.began_at


class Desk:
    """The desk of one server process."""

    def __init__(self, settings: Settings, limits: Limits = LIMITS) -> None:
        self._settings, self._limits = settings, limits
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._threads = 0
        self._preparing: dict[str, Future[DeskError | None]] = {}
        self._watched: dict[str, Future[DeskError | None]] = {}

    def ask(self, build_id: str, sql: str) -> Asked:
        """Begins a query. Raises Crowded."""
        asked = Asked(secrets.token_hex(16), build_id, sql, time.monotonic())
        with self._lock:
            if self._threads >= MOST_UNDONE:  # one that was called off counts until its thread has ended
                raise Crowded
            threading.Thread(target=self._answer, args=(asked,), daemon=True).start()
            self._threads += 1
            self._asked[asked.id] = asked
        return asked

    def find(self, query_id: str) -> Asked | None:
        """A query that is not over, or one of the last that are."""
        with self._lock:
            return self._asked.get(query_id)

    def result(self, build_id: str, sql: str) -> Result | None:
        """The newest kept result of a statement over a build."""
        with self._lock:
            for asked in reversed(self._asked.values()):
                if (asked.build_id, asked.sql) == (build_id, sql) and asked.result and asked.result.outcome == "done":
                    return asked.result
        return None

    def standing(self, asked: Asked) -> tuple[str, int]:
        """over, preparing (its build's file), waiting with its place in line from 1, or running."""
        if asked.result is not None:
            return "over", 0
        if not asked.is_prepared:
            return "preparing", 0
        if asked.is_cancelled:  # it may have taken its place in line only after it was called off
            query.cancel(self._settings, asked.id)
        place = query.place(self._settings, asked.id)
        return ("waiting", place) if place else ("running", 0)

    def cancel(self, asked: Asked) -> None:
        """Calls it off, whatever it waits for; one that is over stays so."""
        with self._lock:
            asked.is_cancelled = True
            if not asked.is_prepared and asked.result is None:
                asked.result = _cancelled()
        query.cancel(self._settings, asked.id)

    def prepare(self, build_id: str) -> int | None:
        """The bytes of a build's de-identified file; None while it is being made, which begins here where nobody has begun.

        Raises DeskError, once, when it could not be made; asked again, it is tried again.
        """
        with self._lock:
            watched = self._watched.get(build_id)
            if watched and watched.done():
                del self._watched[build_id]
                if error := watched.result():
                    raise error
            file = self._file(build_id)
            if file.is_file():
                return file.stat().st_size
            self._watched[build_id] = self._preparation(build_id)
            return None

    def _file(self, build_id: str) -> Path:
        return desk_file(self._settings, build_id)

    def _preparation(self, build_id: str) -> Future[DeskError | None]:
        """What the one thread that makes a build's file comes to, for all who wait for it; called with the lock."""
        if build_id not in self._preparing:
            made: Future[DeskError | None] = Future()
            threading.Thread(target=self._prepare, args=(build_id, made), daemon=True).start()
            self._preparing[build_id] = made
        return self._preparing[build_id]

    def _prepare(self, build_id: str, made: Future[DeskError | None]) -> None:
        error: DeskError | None = None
        try:
            prepared(self._settings, build_id)
        except DeskError as told:
            error = told
        except Exception as unknown:  # whoever waits is told, whatever it is
            log.exception("preparing %s", build_id)
            error = DeskError(f"脱敏数据没有做成：{unknown}；请重试", f"the de-identified file was not made: {unknown}; try again")
        with self._lock:
            del self._preparing[build_id]
        made.set_result(error)

    def _answer(self, asked: Asked) -> None:
        result = Result("broken", message=sentence("broken", "", None))
        try:
            result = self._result(asked)
        finally:  # whatever happens, its reader is told that it is over
            asked.result = asked.result or result
            self._let_go(asked)

    def _result(self, asked: Asked) -> Result:
        with self._lock:
            preparation = None if self._file(asked.build_id).is_file() else self._preparation(asked.build_id)
        while preparation and not asked.is_cancelled and not wait([preparation], timeout=_LOOK_EVERY).done:
            pass
        with self._lock:  # it is called off either before this, or once it is prepared
            if asked.is_cancelled:
                return _cancelled()
            if preparation and (error := preparation.result()):
                return Result("unprepared", message=Message(error.zh, error.en))
            asked.is_prepared = True
        return query.run(
            self._settings,
            asked.build_id,
            asked.sql,
            limits=self._limits,
            query_id=asked.id,
            is_called_off=lambda: asked.is_cancelled,
        )

    def _let_go(self, newest: Asked) -> None:
        """Drops those that have been over for longest, beyond what is kept. newest: the one that has just ended."""
        with self._lock:
            self._threads -= 1
            if newest.id in self._asked:  # called off before it began, it may have been let go already
                self._asked.move_to_end(newest.id)
            done = [asked for asked in self._asked.values() if asked.result is not None]
            kept = received = 0
            for asked in reversed(done):
                kept, received = kept + 1, received + (asked.result.received_bytes if asked.result else 0)
                if kept > 1 and (kept > _MOST_DONE or received > _MOST_BYTES):
                    del self._asked[asked.id]


def _cancelled() -> Result:
    return Result("cancelled", message=sentence("cancelled", "", None))
