"""The web server around the application: how many requests at once, and what of its memory is looked over for garbage."""

from __future__ import annotations

import gc
from typing import Any

from waitress.server import create_server

from dashboard.app import create_app
from dashboard.pages import sketch
from dashboard.pages.drawn import Draw
from dashboard.settings import Settings

THREADS = 8
_YOUNG = 20_000
"""Objects made before they are looked over: a page makes thousands, and lets nearly all of them go when it is sent."""


def listening(settings: Settings, draw: Draw = sketch) -> Any:
    """A waitress server bound to the settings' host and port; its run() answers until close(). draw: title and body of every page."""
    server = create_server(
        create_app(settings, draw).server, host=settings.host, port=settings.port, threads=THREADS, ident="township"
    )
    gc.collect()
    gc.freeze()  # modules and the application stay for good: going through them again and again held up pages
    gc.set_threshold(_YOUNG, 20, 20)
    return server
