"""Files a reader sends to be loaded: a folder a job, its state in files, so that every server process and every browser sees the same.

receiving → checking → checked → loading → loaded; failed and interrupted can be tried again.
"""

from __future__ import annotations

import errno
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from dashboard import loader
from dashboard.processes import Heard, heard
from dashboard.settings import Settings

SENDING_STOPS_AFTER = timedelta(minutes=2)
_DONE_KEPT, _UNFINISHED_KEPT, _MOST_DONE = timedelta(days=1), timedelta(days=7), 5
_ID = re.compile(r"\d{8}T\d{6}_[0-9a-f]{8}")


class JobError(Exception):
    """A job cannot be done. zh and en say why and what to do · status: of the HTTP answer."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.status, self.zh, self.en = status, zh, en


@dataclass(frozen=True)
class Sent:
    """A file a reader sends. name: the reader's, made safe · bytes: as announced."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Job:
    """Files to be loaded, or, without files, the warehouse to be built anew. check, load: numbers of the processes, None before."""

    settings: Settings
    id: str
    by: str
    created_at: str
    files: tuple[Sent, ...]
    check: int | None = None
    load: int | None = None

    @property
    def folder(self) -> Path:
        return self.settings.upload / self.id

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the files are; each in a folder of its own, since two may have one name."""
        return tuple(self.folder / "files" / str(number) / file.name for number, file in enumerate(self.files))

    @property
    def received(self) -> int:
        """Bytes that have come so far."""
        return sum(size(path) for path in self.paths)

    @property
    def is_whole(self) -> bool:
        return all(size(path) == file.bytes for path, file in zip(self.paths, self.files, strict=True))

    @property
    def heard(self) -> Heard:
        """What the command at work has said."""
        return heard(self._said)

    @property
    def verdicts(self) -> tuple[Mapping[str, Any], ...]:
        """A verdict a file once they are checked, in their order."""
        outcome = heard(self.folder / "check.jsonl").outcome or {}
        return tuple(outcome.get("verdicts", ()))

    @property
    def loadable(self) -> tuple[Path, ...]:
        """Files that are neither refused nor loaded already."""
        return tuple(path for path, verdict in zip(self.paths, self.verdicts, strict=False) if verdict["verdict"] in ("ok", "warn"))

    @property
    def state(self) -> str:
        """receiving, stopped (the sender went away), checking, checked, loading, loaded, failed or interrupted."""
        number = self.check if self.load is None else self.load
        if number is None:
            return "receiving" if datetime.now() - self.touched_at < SENDING_STOPS_AFTER else "stopped"
        is_running = loader.is_running(self.settings.data, number)  # asked before its last line is read, not after
        outcome = self.heard.outcome
        if outcome is None:
            return ("checking" if self.load is None else "loading") if is_running else "interrupted"
        return "failed" if "error" in outcome else "checked" if self.load is None else "loaded"

    @property
    def touched_at(self) -> datetime:
        """When something last happened to it."""
        places = [self.folder / "job.json", self._said, *self.paths]
        return datetime.fromtimestamp(max((place.stat().st_mtime for place in places if place.exists()), default=0.0))

    @property
    def _said(self) -> Path:
        return self.folder / ("check.jsonl" if self.load is None else "load.jsonl")


def find(settings: Settings, job_id: str) -> Job:
    """Raises JobError for an id that is none, or whose job is gone."""
    gone = JobError(404, "这次上传已经结束或被取消", "this upload has ended or was cancelled")
    if not _ID.fullmatch(job_id):
        raise gone
    try:
        found = json.loads((settings.upload / job_id / "job.json").read_text(encoding="utf-8"))
        return Job(settings, **{**found, "files": tuple(Sent(**file) for file in found["files"])})
    except (OSError, ValueError, TypeError, KeyError):  # gone, damaged, or of another version of this program
        raise gone from None


def jobs(settings: Settings) -> tuple[Job, ...]:
    """All jobs, newest first; what is over for long is removed first, and the files of what was loaded."""
    _prune(settings)
    return tuple(all_jobs(settings))


def has_new_words(settings: Settings) -> bool:
    """Whether somebody changed the town's reference tables after the current build."""
    pointer = settings.warehouse / "CURRENT"
    tables = list((settings.data / "reference").glob("*.csv"))
    return pointer.exists() and any(table.stat().st_mtime > pointer.stat().st_mtime for table in tables)


def write(job: Job) -> Job:
    """The job's file anew, whole or not at all."""
    try:
        job.folder.mkdir(parents=True, exist_ok=True)
        record = asdict(job)
        del record["settings"]
        partial = job.folder / f"job.{secrets.token_hex(4)}.partial"
        partial.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        partial.replace(job.folder / "job.json")
    except OSError as error:
        raise disk_error(error) from error
    return job


def all_jobs(settings: Settings) -> Iterator[Job]:
    """Newest first."""
    folders = sorted(settings.upload.glob("*_*"), reverse=True) if settings.upload.exists() else []
    for folder in folders:
        try:
            yield find(settings, folder.name)
        except JobError:
            continue


def _prune(settings: Settings) -> None:
    done = 0
    for job in all_jobs(settings):
        state, age = job.state, datetime.now() - job.touched_at
        if state == "loaded":
            done += 1
            shutil.rmtree(job.folder / "files", ignore_errors=True)  # the load keeps its own copy
        kept = {"checking": age, "loading": age, "loaded": _DONE_KEPT, "stopped": _DONE_KEPT}.get(state, _UNFINISHED_KEPT)
        if age > kept or (state == "loaded" and done > _MOST_DONE):
            shutil.rmtree(job.folder, ignore_errors=True)


@contextmanager
def lock(settings: Settings) -> Iterator[None]:
    """Held for moments: two presses of one button start one process."""
    try:
        settings.upload.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error) from error
    with FileLock(settings.upload / ".lock", timeout=30):
        yield


def disk_error(error: OSError) -> JobError:
    """What the reader is told when the disk does not take a file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return JobError(
            507, "磁盘已满，没有保存；请腾出空间后重新上传", "the disk is full and nothing was kept; make room and send it again"
        )
    return JobError(
        500, f"文件写不进磁盘（{error.strerror}）；请联系管理员", f"the file cannot be written to the disk ({error.strerror})"
    )


def size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
