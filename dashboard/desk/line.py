"""The line in front of the desk: so many queries at once, the others in turn, across all server processes.

A ticket is a file its holder keeps locked; the system lets go of it when the holder dies, and the next who looks takes it away.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_LOOK_EVERY = 0.05
_ID = re.compile(r"[0-9a-z]{1,40}")


class TooLong(Exception):
    """Nobody left the desk in time."""


class Cancelled(Exception):
    """It was called off while it waited."""


@contextmanager
def turn(folder: Path, query_id: str, *, at_once: int, patience: float) -> Iterator[Callable[[], bool]]:
    """Waits until it is this query's turn and holds it; yields whether it has been cancelled. Raises TooLong, Cancelled."""
    folder.mkdir(parents=True, exist_ok=True)
    ticket, lock = _taken(folder, query_id)
    cancelled = folder / f"{query_id}.cancel"
    try:
        give_up_at = time.monotonic() + patience
        while (ahead := len(_ahead(folder, ticket))) >= at_once:
            if cancelled.exists():
                raise Cancelled
            if time.monotonic() > give_up_at:
                raise TooLong
            time.sleep(_LOOK_EVERY * (ahead - at_once + 1))  # who is far behind looks seldom
        yield cancelled.exists
    finally:
        with _looking(folder):
            ticket.unlink()
            lock.release()
            cancelled.unlink(missing_ok=True)


def place(folder: Path, query_id: str, *, at_once: int) -> int | None:
    """0 while it runs, else its place in line from 1; None when there is no such query."""
    tickets = [ticket.stem.partition("_")[2] for ticket in _tickets(folder)]
    return max(tickets.index(query_id) - at_once + 1, 0) if query_id in tickets else None


def cancel(folder: Path, query_id: str) -> bool:
    """Calls a query off, waiting or running, whichever process has it; False when there is none."""
    if place(folder, query_id, at_once=1) is None:
        return False
    (folder / f"{query_id}.cancel").touch()
    return True


def _taken(folder: Path, query_id: str) -> tuple[Path, FileLock]:
    if not _ID.fullmatch(query_id):
        raise ValueError(f"query_id {query_id!r}: expected 1–40 of 0-9 a-z")
    with _looking(folder):
        last = max((int(ticket.stem.partition("_")[0]) for ticket in _tickets(folder)), default=0)
        (folder / f"{query_id}.cancel").unlink(missing_ok=True)
        ticket = folder / f"{last + 1:09d}_{query_id}.ticket"
        lock = FileLock(ticket)
        lock.acquire(timeout=0)
    return ticket, lock


def _ahead(folder: Path, ticket: Path) -> list[Path]:
    with _looking(folder):
        return [other for other in _tickets(folder) if other.name < ticket.name and _is_held(other)]


def _is_held(ticket: Path) -> bool:
    """Whether its holder lives; else it is taken away."""
    lock = FileLock(ticket)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    ticket.unlink(missing_ok=True)
    return False


def _tickets(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.ticket"))


def _looking(folder: Path) -> FileLock:
    """Tickets come and go only under it: a file that is just going would be made again by whoever tries its lock."""
    return FileLock(folder / "line.lock")
