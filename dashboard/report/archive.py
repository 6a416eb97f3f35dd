"""The reports that are kept: <data>/reports/<week>/<edition>/r<revision>/, each written whole or not at all, and never written again."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import Timeout

from dashboard.report.disk import locked, to_disk, write_whole, writing
from dashboard.report.edition import Edition
from dashboard.report.errors import BeingMade, EditionError, NotKept, ReportDamaged
from dashboard.report.made import Made, Order
from dashboard.settings import Settings

PDF, PNG, XLSX, NUMBERS, RECORD = "report.pdf", "first_page.png", "annex.xlsx", "numbers.json", "report.json"
_UNFINISHED = ".making_"
_NEEDED = {
    "build_id",
    "as_of",
    "pages",
    "problems",
    "name",
    "office",
    "issued_on",
    "made_at",
    "revision",
    "changes",
    "deliver",
    "sha256",
}
_PATIENCE = 300.0
_WEEK, _KEY, _REVISION = re.compile(r"\d{4}-W\d\d"), re.compile(r"(\w[\w.]*(?:-(?!en$)\w[\w.]*)*)(-en)?"), re.compile(r"r(\d+)")


@dataclass(frozen=True)
class Kept:
    """One issue of an edition. revision: 1 the first · folder: where its files are."""

    edition: Edition
    revision: int
    folder: Path

    @property
    def pdf(self) -> Path:
        return self.folder / PDF

    @property
    def png(self) -> Path:
        return self.folder / PNG

    @property
    def xlsx(self) -> Path:
        return self.folder / XLSX

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """report.json: what the maker says about it, and name, revision, changes, issued_on, made_at, deliver, sha256. Raises ReportDamaged."""
        record = _json(self.folder / RECORD)
        if record.keys() >= _NEEDED and record["revision"] == self.revision:
            return record
        raise _damaged(self.folder / RECORD, "缺少应有的内容", "it lacks what it should say")

    @cached_property
    def numbers(self) -> Mapping[str, Any]:
        """By id {zh, en, value, shown, unit, n}, in the order of the report. Raises ReportDamaged."""
        return _json(self.folder / NUMBERS)

    @property
    def order(self) -> Order:
        """What was ordered: the same again gives the same bytes. Raises ReportDamaged."""
        about = self.about
        return Order(
            edition=self.edition,
            issued_on=date.fromisoformat(about["issued_on"]),
            build_id=about["build_id"],
            revision=self.revision,
            changes=tuple(about["changes"]),
            office=about["office"],
        )

    @property
    def faults(self) -> list[ReportDamaged]:
        """What is wrong with its files; empty when they are those that were kept. Reads all of them."""
        try:
            expected = self.about["sha256"]
        except ReportDamaged as fault:
            return [fault]
        found: list[ReportDamaged] = []
        for name in (PDF, PNG, XLSX, NUMBERS):
            try:
                if sha256((self.folder / name).read_bytes()) != expected.get(name):
                    found.append(_damaged(self.folder / name, "内容与存档时不同", "it is not what was kept"))
            except OSError as error:
                found.append(_damaged(self.folder / name, "文件读不出来", str(error.strerror)))
        return found


def kept(settings: Settings) -> list[Kept]:
    """All of them: newest week first, the town before its communities, newest revision first."""
    found: list[Kept] = []
    for folder in (settings.data / "reports").glob("*/*/r*"):
        revision = _REVISION.fullmatch(folder.name)
        edition = _edition(folder.parent.parent.name, folder.parent.name)
        if revision and edition:
            found.append(Kept(edition, int(revision[1]), folder))
    found.sort(key=lambda one: (one.edition.community, one.edition.lang != "zh", -one.revision))
    return sorted(found, key=lambda one: one.edition.week, reverse=True)


def find(settings: Settings, edition: Edition, revision: int | None = None) -> Kept:
    """That revision, or the newest. Raises NotKept."""
    for one in _revisions(settings, edition):
        if revision in (None, one.revision):
            return one
    which = f"第 {revision} 次印发" if revision else "报告"
    raise NotKept(
        f"{edition.week} {edition.key} 没有存档的{which}；python -m dashboard report --list 列出现有的",
        f"No report of {edition.week} {edition.key} is kept{f' with revision {revision}' if revision else ''}; see report --list",
    )


def newest(settings: Settings, edition: Edition) -> Kept | None:
    """The revision that counts, None where the edition has not been made."""
    return next(iter(_revisions(settings, edition)), None)


def next_revision(settings: Settings, edition: Edition) -> int:
    """What the next issue is numbered."""
    last = newest(settings, edition)
    return last.revision + 1 if last else 1


def edition_folder(settings: Settings, edition: Edition) -> Path:
    """Where its revisions are. Raises EditionError for a code that cannot name a folder."""
    if not _KEY.fullmatch(edition.key) or edition.community == "town":
        raise EditionError(
            f"社区编号“{edition.community}”不能用于报告", f"There can be no report for a community coded “{edition.community}”"
        )
    return settings.data / "reports" / edition.week / edition.key


@contextmanager
def only_maker(settings: Settings, edition: Edition, *, wait: float = _PATIENCE) -> Iterator[None]:
    """Held while an edition is made; the system gives it back when the process dies, and what that one left is removed.

    Raises BeingMade after `wait` seconds, NotWritten.
    """
    folder = edition_folder(settings, edition)
    try:
        with locked(folder / ".lock", wait=wait):
            for leftover in folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            yield
    except Timeout:
        raise BeingMade(
            f"{edition.week} {edition.key} 正由另一个程序编制，等了 {wait:.0f} 秒仍未完成；请稍后再试",
            f"{edition.week} {edition.key} is being made by another process, not done after {wait:.0f} s; try again later",
        ) from None


def store(settings: Settings, order: Order, made: Made, *, name: str, now: datetime, deliver: bool = False) -> Kept:
    """Keeps what was made; the revision that stands there already where another maker was first. Raises NotWritten.

    name: of the community, "" the town · deliver: whether it is to be copied and sent by itself.
    """
    folder = edition_folder(settings, order.edition)
    files = {PDF: made.pdf, PNG: made.png, XLSX: made.xlsx, NUMBERS: encoded(made.numbers)}
    record = {
        **made.about,
        "name": name,
        "office": order.office,
        "revision": order.revision,
        "changes": list(order.changes),
        "issued_on": order.issued_on.isoformat(),
        "made_at": now.isoformat(timespec="seconds"),
        "deliver": deliver,
        "sha256": {name: sha256(content) for name, content in files.items()},
    }
    one = Kept(order.edition, order.revision, folder / f"r{order.revision}")
    partial = folder / f"{_UNFINISHED}{secrets.token_hex(4)}"
    with writing(folder):
        try:
            partial.mkdir(parents=True)
            for name, content in {**files, RECORD: encoded(record)}.items():
                write_whole(partial / name, content)
            to_disk(partial)
            if not one.folder.exists():
                _put(partial, one.folder)
            to_disk(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return one


def encoded(value: object) -> bytes:
    """As JSON a person can read; equal values give equal bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _edition(week: str, key: str) -> Edition | None:
    """None for a folder that is none of ours."""
    found = _KEY.fullmatch(key)
    if not found or not _WEEK.fullmatch(week):
        return None
    try:
        return Edition(week, "" if found[1] == "town" else found[1], "en" if found[2] else "zh")
    except EditionError:  # there is no week 60
        return None


def _revisions(settings: Settings, edition: Edition) -> list[Kept]:
    """Newest first."""
    found = [(_REVISION.fullmatch(folder.name), folder) for folder in edition_folder(settings, edition).glob("r*")]
    kept_ones = [Kept(edition, int(number[1]), folder) for number, folder in found if number]
    return sorted(kept_ones, key=lambda one: one.revision, reverse=True)


def _put(partial: Path, folder: Path) -> None:
    try:
        partial.rename(folder)
    except OSError:
        if not folder.exists():  # else another maker was first, and its report is the one
            raise


def _json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _damaged(file, "文件读不出来", str(error.strerror)) from error
    except ValueError as error:
        raise _damaged(file, "内容已损坏", "its content is damaged") from error
    if not isinstance(value, dict):
        raise _damaged(file, "内容已损坏", "its content is damaged")
    return value


def _damaged(file: Path, zh: str, en: str) -> ReportDamaged:
    return ReportDamaged(
        f"存档文件 {file}：{zh}；请从备份恢复，或用 --revise 重新印发",
        f"Kept file {file}: {en}; bring it back from a backup, or issue the report anew with --revise",
    )
