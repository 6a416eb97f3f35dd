"""Reports that readers have made: a folder a run, its state in files, so that every server process and every browser sees the same.

making → made, failed or interrupted. The only place that knows the command line (python -m dashboard report).
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from dashboard import processes
from dashboard.i18n import text
from dashboard.i18n.numbers import decimal
from dashboard.jobs import JobError, disk_error
from dashboard.processes import Heard
from dashboard.report.archive import edition_folder
from dashboard.report.edition import Edition
from dashboard.report.errors import EditionError
from dashboard.settings import Settings

ALL = "all"
"""In place of a community: a report for each of them."""
MODULE = "dashboard"
_KEPT, _MOST = timedelta(days=1), 5
_ID = re.compile(r"\d{8}T\d{6}_[0-9a-f]{8}")


@dataclass(frozen=True)
class Wanted:
    """community: a code, "" the town, ALL for each community · is_revision: anew from the current data, if its numbers differ."""

    week: str
    community: str = ""
    lang: str = "zh"
    is_revision: bool = False


@dataclass(frozen=True)
class Run:
    """number: of the process."""

    settings: Settings
    id: str
    by: str
    created_at: str
    wanted: Wanted
    number: int

    @property
    def folder(self) -> Path:
        return _place(self.settings) / self.id

    @property
    def heard(self) -> Heard:
        """What the command has said."""
        return processes.heard(self.folder / "said.jsonl")

    @property
    def state(self) -> str:
        """making, made, failed (nothing was made) or interrupted."""
        is_running = processes.is_running(MODULE, self.settings.data, self.number)  # asked before its last line is read, not after
        outcome = self.heard.outcome
        if outcome is None:
            return "making" if is_running else "interrupted"
        return "failed" if "error" in outcome else "made"

    @property
    def done(self) -> float | None:
        """The share of its reports that are through; None while the first is made."""
        mark = self.heard.mark
        return float(mark["done"]) or None if mark else None

    @property
    def reports(self) -> Sequence[Mapping[str, Any]]:
        """Once it is over: week, edition, revision, is_new, changes and more of each report."""
        return list(self._result.get("reports", ()))

    @property
    def failures(self) -> Sequence[Mapping[str, str]]:
        """Once it is over: name, zh and en of what was not made."""
        return list(self._result.get("failed", ()))

    @property
    def _result(self) -> Mapping[str, Any]:
        outcome = self.heard.outcome or {}
        found: Mapping[str, Any] = outcome.get("result", outcome)
        return found


def start(settings: Settings, wanted: Wanted, *, by: str) -> Run:
    """Has it made; the run at work where the same is being made. Raises JobError for what no report can be made of."""
    wanted = _checked(settings, wanted)
    with _lock(settings):
        for run in _all(settings):
            if run.wanted == wanted and run.state == "making":
                return run
        now = datetime.now()
        id_ = f"{now:%Y%m%dT%H%M%S}_{secrets.token_hex(4)}"
        folder = _place(settings) / id_
        try:
            folder.mkdir()
            number = processes.start(MODULE, settings.data, _arguments(wanted), folder / "said.jsonl")
            run = Run(settings, id_, by, now.isoformat(timespec="seconds"), wanted, number)
            record = {"by": run.by, "created_at": run.created_at, "wanted": asdict(wanted), "number": number}
            partial = folder / "run.partial"
            partial.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
            partial.replace(folder / "run.json")
        except OSError as error:
            raise disk_error(error) from error
    return run


def find(settings: Settings, run_id: str) -> Run:
    """Raises JobError for an id that is none, or whose run was put away."""
    gone = JobError(404, "这次编制已经结束或被取消", "this run has ended or was cancelled")
    if not _ID.fullmatch(run_id):
        raise gone
    try:
        found = json.loads((_place(settings) / run_id / "run.json").read_text(encoding="utf-8"))
        return Run(settings, run_id, **{**found, "wanted": Wanted(**found["wanted"])})
    except (OSError, ValueError, TypeError, KeyError):  # gone, damaged, or of another version of this program
        raise gone from None


def runs(settings: Settings) -> list[Run]:
    """Newest first; what is over for long is removed first."""
    for place, run in enumerate(_all(settings)):
        age = datetime.now() - datetime.fromisoformat(run.created_at)
        if (age > _KEPT or place >= _MOST) and run.state != "making":
            shutil.rmtree(run.folder, ignore_errors=True)
    return list(_all(settings))


def told(run: Run, lang: str) -> str:
    """How far it is, in one line."""
    if run.done is None:
        return text("reports.making", lang)
    return text("reports.making_share", lang, percent=decimal(100 * run.done, 0))


def put_away(run: Run) -> None:
    """Ends it if it is at work, and forgets it; what was made stays."""
    with _lock(run.settings):
        processes.end(MODULE, run.settings.data, run.number)
        shutil.rmtree(run.folder, ignore_errors=True)


def _checked(settings: Settings, wanted: Wanted) -> Wanted:
    """The same with its week in one form."""
    try:
        edition = Edition(wanted.week, wanted.community, wanted.lang)
        edition_folder(settings, edition)
    except EditionError as error:
        raise JobError(400, error.zh, error.en) from error
    return Wanted(edition.week, edition.community, edition.lang, wanted.is_revision)


def _arguments(wanted: Wanted) -> list[str]:
    return [
        *("report", "--json", "--week", wanted.week, "--lang", wanted.lang),
        *(["--community", wanted.community] if wanted.community else []),
        *(["--revise"] if wanted.is_revision else []),
    ]


def _all(settings: Settings) -> Iterator[Run]:
    """Newest first."""
    for folder in sorted(_place(settings).glob("*_*"), reverse=True):
        try:
            yield find(settings, folder.name)
        except JobError:
            continue


def _place(settings: Settings) -> Path:
    return settings.data / "reports" / ".runs"


@contextmanager
def _lock(settings: Settings) -> Iterator[None]:
    """Held for moments: two presses of one button start one process."""
    try:
        _place(settings).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error) from error
    with FileLock(_place(settings) / ".lock", timeout=30):
        yield
