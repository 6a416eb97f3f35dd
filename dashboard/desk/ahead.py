"""Has the de-identified file of a build made before anybody asks for it, some time after the build is served."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from dashboard.desk.deidentified import DeskError, prepared
from dashboard.settings import Settings

LOOK_EVERY = 20.0
log = logging.getLogger(__name__)


def start(settings: Settings, newest: Callable[[], str], *, look_every: float = LOOK_EVERY) -> None:
    """Goes on as long as the server does. newest: id of the build that is served, "" where there is none."""
    if os.name == "posix":  # elsewhere nobody can ask
        threading.Thread(target=_keep, args=(settings, newest, look_every), daemon=True).start()


def _keep(settings: Settings, newest: Callable[[], str], look_every: float) -> None:
    """A build is prepared at the second look at it: its first readers come right after it is published."""
    seen = done = ""
    while True:
        build_id = newest()
        if build_id not in ("", done) and build_id == seen:
            done = build_id
            try:
                prepared(settings, build_id)
            except DeskError as error:  # whoever asks is told, and it is tried again for them
                log.warning("%s", error)
        seen = build_id
        time.sleep(look_every)
