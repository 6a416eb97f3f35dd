"""Days in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta


def runs_of(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days in order → first and last of each run of days one after the other."""
    start: date | None = None
    last: date | None = None
    for day in days:
        if start is None or last is None or day - last > timedelta(days=1):
            if start is not None and last is not None:
                yield start, last
            start = day
        last = day
    if start is not None and last is not None:
        yield start, last
