"""Watches the inbox: a file is taken when it has stopped growing; what is wrong with it is said, and noted beside it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from etl.build import Outcome, build
from etl.errors import BuildRunning, EtlError, FileError
from etl.ledger import DataRoot, waiting
from etl.progress import Progress

_RETRY_AFTER = 60.0
Shape = tuple[int, int]
"""Size and modification time of a file."""


@dataclass
class Seen:
    """A file of the inbox: how it looked last, since when (this process's own clock), and whether it was refused looking like that."""

    shape: Shape
    since: float
    is_refused: bool = False


def watch(root: DataRoot, *, progress: Progress, received_by: str, every: float, quiet: float, once: bool) -> int:
    """Looks every `every` seconds; a file that did not change for `quiet` seconds is loaded. once: ends when no file is left to wait for, and returns how many were refused.

    An error that stops a build is told once and tried again after a minute, or as soon as the inbox changes.
    """
    progress.say(f"看着收件箱 {root.inbox}（文件放入后 {quiet:g} 秒没有变化就导入）")
    seen: dict[Path, Seen] = {}
    failed: tuple[str, float, set[Path]] | None = None
    while True:
        ready = settled(root, seen, quiet=quiet, now=time.monotonic())
        if ready and (failed is None or time.monotonic() - failed[1] >= _RETRY_AFTER or set(ready) != failed[2]):
            try:
                _tell(build(root, inbox=ready, progress=progress, received_by=received_by), seen, ready, progress)
                failed = None
            except BuildRunning:
                pass  # the next look comes soon enough
            except EtlError as error:
                if failed is None or failed[0] != error.zh:
                    progress.say(f"✗ {error.zh}")
                failed = (error.zh, time.monotonic(), set(ready))
                if isinstance(error, FileError):  # not one file could be taken
                    for path in ready:
                        seen[path].is_refused = True
                    continue
                if once:
                    raise
        if once and all(entry.is_refused for entry in seen.values()):
            return len(seen)
        time.sleep(every)


def settled(root: DataRoot, seen: dict[Path, Seen], *, quiet: float, now: float) -> list[Path]:
    """Files that look as they did `quiet` seconds ago and were not refused looking so. Keeps `seen` up to date."""
    here = set(waiting(root))
    for gone in seen.keys() - here:
        del seen[gone]
    for path in here:
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        shape = (stat.st_size, stat.st_mtime_ns)
        if path not in seen or seen[path].shape != shape:
            seen[path] = Seen(shape, now)
    return sorted(path for path, entry in seen.items() if not entry.is_refused and now - entry.since >= quiet)


def _tell(outcome: Outcome, seen: dict[Path, Seen], ready: list[Path], progress: Progress) -> None:
    for path in ready:
        if path.exists():  # it stayed: it was refused, or somebody is still writing it
            seen[path].is_refused = path.name in {refusal.name for refusal in outcome.refused if refusal.sha256}
        else:
            del seen[path]
    for finding in outcome.findings:
        progress.say(f"  {'⚠' if finding.check.severity == 'warn' else '·'} {finding.check.zh}：{finding.rows:,} 行不符")
    if outcome.is_new:
        progress.say(f"✓ 已发布 {outcome.published.name}，数据截至 {outcome.published.as_of.replace('T', ' ')}")
