"""The dashboard served to a browser, from any data root, on a free loopback port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.server import create_server

from dashboard.app import create_app
from dashboard.pages import sketch
from dashboard.pages.drawn import Draw
from dashboard.settings import Settings


@contextmanager
def serving(data: Path, draw: Draw = sketch) -> Iterator[str]:
    """Its address, without a slash at the end. draw: title and body of every page."""
    port = free_port()
    server = create_server(create_app(Settings(data=data, port=port), draw).server, host="127.0.0.1", port=port, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
