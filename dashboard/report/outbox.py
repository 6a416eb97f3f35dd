"""Who was sent which issue: sent.jsonl beside the revisions of an edition, a line an event, written to the disk before it counts.

sending stands before the message is handed over, so that after a crash nobody gets it twice; sent, refused or failed follows.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.report.archive import Kept
from dashboard.report.disk import writing
from dashboard.report.errors import ReportDamaged

FILE = "sent.jsonl"


@dataclass(frozen=True)
class Event:
    """result: sending, sent, refused or failed · reason: what the server said, for those it did not take."""

    at: str
    to: str
    revision: int
    message_id: str
    result: str
    reason: str = ""


def events(one: Kept) -> list[Event]:
    """Of all revisions of its edition, oldest first. A last line cut short by a crash is left out. Raises ReportDamaged."""
    file = _file(one)
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")
    try:
        return [Event(**json.loads(line)) for line in lines[:-1]]
    except (ValueError, TypeError) as error:
        raise ReportDamaged(
            f"发送记录 {file} 已损坏，为免重复发送没有再发；请从备份恢复，或改名后重试",
            f"The record of what was sent, {file}, is damaged, so nothing was sent; bring it back from a backup or rename it",
        ) from error


def last_results(one: Kept) -> dict[str, Event]:
    """Recipient → what last happened to this revision. `sending` here: handed over when a crash came, it may have arrived."""
    return {event.to: event for event in events(one) if event.revision == one.revision}


def last_results_of_any(one: Kept) -> dict[str, Event]:
    """The same of all revisions: who has got one, else what happened last."""
    by_revision: dict[tuple[str, int], Event] = {(event.to, event.revision): event for event in events(one)}
    found: dict[str, Event] = {}
    for event in by_revision.values():
        if event.to not in found or found[event.to].result not in ("sent", "sending"):
            found[event.to] = event
    return found


def record(one: Kept, to: list[str], result: str, *, message_id: str, now: datetime, reason: str = "") -> None:
    """Adds a line a recipient."""
    at = now.isoformat(timespec="seconds")
    lines = [
        json.dumps(Event(at, recipient, one.revision, message_id, result, reason).__dict__, ensure_ascii=False) for recipient in to
    ]
    file = _file(one)
    with writing(file), file.open("a+b") as stream:
        _end_cut_line(stream.fileno(), file)
        stream.write("".join(f"{line}\n" for line in lines).encode())
        stream.flush()
        os.fsync(stream.fileno())


def _end_cut_line(handle: int, file: Path) -> None:
    """Takes away half a line that a crash left, so that the next one stands on its own."""
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.ftruncate(handle, whole)


def _file(one: Kept) -> Path:
    return one.folder.parent / FILE
