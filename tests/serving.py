"""The dashboard served to a browser, from any data root, on a free loopback port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
