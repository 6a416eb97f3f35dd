"""A command of ours as a process of its own: starts it, hears what it says, ends it.

What a command says goes into a file, so that every server process can read it, and the command outlives the server that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

PROJECT = Path(__file__).resolve().parent.parent
_OUTCOMES = ("verdicts", "result", "error")


@dataclass(frozen=True)
class Heard:
    """What a command has said so far. mark: its last {stage, zh, en, done, rate, seconds_left} · outcome: its last line, None before."""

    mark: Mapping[str, Any] | None = None
    outcome: Mapping[str, Any] | None = None


def start(module: str, data: Path, arguments: Sequence[str], said: Path) -> int:
    """Starts `python -m module --data … arguments`. The number of the process; what it says goes to `said`."""
    with said.open("wb") as out, said.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(
            command(module, data, arguments),
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,  # Ctrl+C in the server's terminal is not meant for it
        )
    threading.Thread(target=process.wait, daemon=True).start()  # else it stays behind as a zombie
    return process.pid


def heard(said: Path) -> Heard:
    """Reads what a command has said; a line that is still being written is left for later."""
    try:
        lines = said.read_bytes().splitlines()
    except FileNotFoundError:
        return Heard()
    mark: Mapping[str, Any] | None = None
    outcome: Mapping[str, Any] | None = None
    for line in lines:
        with suppress(ValueError):
            value = json.loads(line)
            if any(name in value for name in _OUTCOMES):
                outcome = value
            elif "stage" in value:
                mark = value
    return Heard(mark, outcome)


def is_running(module: str, data: Path, number: int) -> bool:
    """Whether the process is still at work. Its command line is compared: after a restart its number may be somebody else's."""
    return _process(module, data, number) is not None


def end(module: str, data: Path, number: int) -> None:
    """Ends the command and the processes it started; nothing where it has ended already."""
    process = _process(module, data, number)
    if process is None:
        return
    family = [process, *process.children(recursive=True)]
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=5)


def command(module: str, data: Path, arguments: Sequence[str]) -> list[str]:
    """The whole command line."""
    return [sys.executable, "-m", module, "--data", str(data.resolve()), *arguments]


def environment() -> dict[str, str]:
    """That of a command whose words are read by a program."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def _process(module: str, data: Path, number: int) -> psutil.Process | None:
    try:
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE or process.cmdline()[1:5] != command(module, data, [])[1:]:
            return None
    except psutil.Error:
        return None
    return process
