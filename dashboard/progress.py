"""How far a job is, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.i18n import text
from dashboard.i18n.numbers import decimal
from dashboard.jobs import Job, all_jobs

_SOON = timedelta(seconds=4)  # within which a load that need not wait for another has something to say


@dataclass(frozen=True)
class Told:
    """state: the job's, at the moment of all the rest · done: share 0–1, None where it is not known · text: the line ·
    published: name of the build that came of it, "" before."""

    state: str
    done: float | None
    text: str
    published: str = ""


def told(job: Job, lang: str) -> Told:
    """What a reader who watches the job is told."""
    state, heard = job.state, job.heard
    if state in ("checking", "loading") and heard.mark is not None:
        return Told(state, float(heard.mark["done"]), _line(heard.mark, lang))
    if state == "loading" and (_waits(job) or datetime.now() - job.touched_at > _SOON):
        return Told(state, None, text("upload.waiting", lang))
    if state == "receiving":
        whole = sum(file.bytes for file in job.files) or 1
        return Told(state, job.received / whole, text("upload.receiving", lang, percent=decimal(100 * job.received / whole, 0)))
    if state == "loaded":
        return Told(state, 1.0, "", str((heard.outcome or {})["result"]["published"]))
    return Told(state, None, text("upload.starting", lang) if state in ("checking", "loading") else "")


def _line(mark: Mapping[str, Any], lang: str) -> str:
    """读入文件 42%，12.3 MB/秒，约剩 8 秒"""
    parts = [f"{mark['zh' if lang == 'zh' else 'en']} {decimal(100 * float(mark['done']), 0)}%"]
    if mark.get("rate"):
        parts.append(str(mark["rate" if lang == "zh" else "rate_en"]))
    if mark.get("seconds_left") is not None:
        seconds = int(mark["seconds_left"])
        key, left = ("upload.seconds_left", seconds) if seconds < 90 else ("upload.minutes_left", round(seconds / 60))
        parts.append(text(key, lang, left=left))
    return text("punctuation.comma", lang).join(parts)


def _waits(job: Job) -> bool:
    """Whether another job of the page is being loaded."""
    return any(other.id != job.id and other.state == "loading" and other.heard.mark for other in all_jobs(job.settings))
