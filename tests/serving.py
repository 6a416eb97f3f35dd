"""The dashboard served to a browser, from any data root, on a free loopback port. Run as a module: until another process is gone."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock

from dashboard.pages import sketch
from dashboard.pages.drawn import Draw
from dashboard.server import listening
from dashboard.settings import Settings


@contextmanager
def serving(data: Path, draw: Draw = sketch) -> Iterator[str]:
    """Its address, without a slash at the end. draw: title and body of every page."""
    port = free_port()
    server = listening(Settings(data=data, port=port), draw)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.close()


def served_to_all(data: Path, folder: Path, run: int) -> str:
    """The address of one server for all test processes that name the same folder: begun by the first, there while the process `run` is."""
    place = folder / "served.txt"
    with FileLock(folder / "served.lock"):
        if not place.exists():
            command = [sys.executable, "-m", "tests.serving", str(data), str(place), str(run)]
            os.posix_spawn(sys.executable, command, os.environ)
        for _ in range(600):
            if place.exists():
                return place.read_text(encoding="utf-8")
            time.sleep(0.1)
    raise TimeoutError("the dashboard does not begin to listen")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    with serving(Path(sys.argv[1])) as found:
        written = Path(sys.argv[2] + ".part")
        written.write_text(found, encoding="utf-8")
        written.rename(sys.argv[2])
        while psutil.pid_exists(int(sys.argv[3])):
            time.sleep(1)
