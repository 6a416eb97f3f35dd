"""Runs the load's command line (python -m etl) as a process of its own: check, build, alias. The only place that knows it."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from dashboard import processes

MODULE = "etl"
_PATIENCE = 60.0
_PLAIN = re.compile(r"\w[\w.-]*")  # shlex would put every Chinese word in quotes


def start_check(data: Path, files: Sequence[Path], said: Path) -> int:
    """Starts `check`: a verdict a file, nothing is loaded. The number of the process; what it says goes to `said`."""
    return processes.start(MODULE, data, ["check", "--json", *map(str, files)], said)


def start_build(data: Path, files: Sequence[Path], said: Path, *, by: str, wait: int) -> int:
    """Starts `build` of these files and the inbox; it waits so many seconds for another one to end."""
    return processes.start(MODULE, data, ["build", "--by", by, "--wait", str(wait), "--json", *map(str, files)], said)


def add_alias(data: Path, *, list_: str, word: str, code: str, by: str) -> tuple[bool, str, str]:
    """Whether the spelling was added, and the sentence about it in Chinese and English."""
    done = subprocess.run(
        processes.command(MODULE, data, ["alias", "--by", by, "--", list_, word, code]),
        cwd=processes.PROJECT,
        env=processes.environment(),
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


def is_running(data: Path, number: int) -> bool:
    """Whether the load with that number is still at work."""
    return processes.is_running(MODULE, data, number)


def end(data: Path, number: int) -> None:
    """Ends a load and the processes it started."""
    processes.end(MODULE, data, number)
