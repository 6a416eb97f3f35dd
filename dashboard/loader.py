"""Runs the load's command line (python -m etl) as a process of its own: starts it, hears what it says, ends it.

The only place that knows the command line. What a command says goes into a file, so that every server process can read it, and the
command outlives the server that started it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_PROJECT = Path(__file__).resolve().parent.parent
_PATIENCE = 60.0
_PLAIN = re.compile(r"\w[\w.-]*")  # shlex would put every Chinese word in quotes
_OUTCOMES = ("verdicts", "result", "error")


@dataclass(frozen=True)
class Heard:
    """What a command has said so far. mark: its last {stage, zh, en, done, rate, seconds_left} · outcome: its last line, None before."""

    mark: Mapping[str, Any] | None = None
    outcome: Mapping[str, Any] | None = None


def start_check(data: Path, files: Sequence[Path], said: Path) -> int:
    """Starts `check`: a verdict a file, nothing is loaded. The number of the process; what it says goes to `said`."""
    return _start(data, ["check", "--json", *map(str, files)], said)


def start_build(data: Path, files: Sequence[Path], said: Path, *, by: str, wait: int) -> int:
    """Starts `build` of these files and the inbox; it waits so many seconds for another one to end."""
    return _start(data, ["build", "--by", by, "--wait", str(wait), "--json", *map(str, files)], said)


def add_alias(data: Path, *, list_: str, word: str, code: str, by: str) -> tuple[bool, str, str]:
    """Whether the spelling was added, and the sentence about it in Chinese and English."""
    done = subprocess.run(
        _command(data, ["alias", "--by", by, "--", list_, word, code]),
        cwd=_PROJECT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_PATIENCE,
        check=False,
    )
    lines = [line.strip().removeprefix("✗").strip() for line in (done.stdout if done.returncode == 0 else done.stderr).splitlines()]
    zh = lines[0] if lines else f"程序没有说明原因（{done.returncode}）"
    if done.returncode == 0:
        return True, zh, f"{word} stands for {code} from the next build on"
    return False, zh, lines[1] if len(lines) > 1 else zh


def alias_line(list_: str, word: str, code: str) -> str:
    """The same as a person types it."""
    return " ".join(
        ["python -m etl alias", *(part if _PLAIN.fullmatch(part) else shlex.quote(part) for part in (list_, word, code))]
    )


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


def is_running(data: Path, number: int) -> bool:
    """Whether the process is still at work. Its command line is compared: after a restart its number may be somebody else's."""
    return _process(data, number) is not None


def end(data: Path, number: int) -> None:
    """Ends the command and the processes it started; nothing where it has ended already."""
    process = _process(data, number)
    if process is None:
        return
    family = [process, *process.children(recursive=True)]
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=5)


def _process(data: Path, number: int) -> psutil.Process | None:
    try:
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE or process.cmdline()[1:5] != _command(data, [])[1:]:
            return None
    except psutil.Error:
        return None
    return process


def _start(data: Path, arguments: Sequence[str], said: Path) -> int:
    with said.open("wb") as out, said.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(
            _command(data, arguments),
            cwd=_PROJECT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,  # Ctrl+C in the server's terminal is not meant for the load
        )
    threading.Thread(target=process.wait, daemon=True).start()  # else it stays behind as a zombie
    return process.pid


def _command(data: Path, arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "etl", "--data", str(data.resolve()), *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
