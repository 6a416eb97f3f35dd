"""Files that survive a power cut, and locks the system gives back when their holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dashboard.report.errors import NotWritten


@contextmanager
def locked(file: Path, *, wait: float) -> Iterator[None]:
    """Held by one process at a time; the system gives it back when that one dies. Raises filelock.Timeout after `wait` s, NotWritten."""
    lock = FileLock(file)
    with writing(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A full or read-only disk becomes a sentence."""
    try:
        yield
    except Timeout:  # an OSError too, but nothing is wrong with the disk
        raise
    except OSError as error:
        raise NotWritten(
            f"{folder} 写不进去（{error.strerror}）；请腾出空间或检查权限后重试",
            f"{folder} cannot be written ({error.strerror}); make room or check the permissions, then try again",
        ) from error


def write_whole(file: Path, content: bytes) -> None:
    """Writes a new file down to the disk."""
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def to_disk(folder: Path) -> None:
    """Makes the names in a folder survive a power cut; only where folders can be opened, which Windows cannot."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
