"""A data root: where exports are dropped, kept by content and built from, and the ledger of what was accepted."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from etl.errors import FileNotThere, StillGrowing
from etl.privacy import masked_place, private_folder

_CHUNK = 1 << 24
_IGNORED = frozenset({".gitkeep", ".DS_Store", "Thumbs.db", "desktop.ini"})
_UNFINISHED = (".partial", ".part", ".tmp", ".crdownload", ".download")
NOTE_SUFFIX = ".问题.txt"
"""What stands beside a file of the inbox that could not be taken, and says why."""
_STRAY_AGE = timedelta(days=1)


@dataclass(frozen=True)
class DataRoot:
    """The folders below one data root. shipped: the repository's data folder, whose reference tables and profiles are the default."""

    path: Path
    shipped: Path

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def raw(self) -> Path:
        return self.path / "raw"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse"

    @property
    def key_file(self) -> Path:
        return self.path / "pseudonym.key"

    @property
    def reference_folders(self) -> list[Path]:
        """Where reference tables are looked for; the last one that has a table wins."""
        return list(dict.fromkeys([self.shipped / "reference", self.path / "reference"]))

    @property
    def profile_folders(self) -> list[Path]:
        return list(dict.fromkeys([self.shipped / "profiles", self.path / "profiles"]))


@dataclass(frozen=True)
class Accepted:
    """One export as received. name: the clerk's name for it · received_at: local wall clock, ISO · received_by: who took it in ·
    withdrawn_at, withdrawn_by: set when it was taken out again."""

    sha256: str
    name: str
    bytes: int
    received_at: str
    received_by: str = ""
    withdrawn_at: str = ""
    withdrawn_by: str = ""

    @property
    def file_id(self) -> str:
        return self.sha256[:12]

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.received_at)


def accepted_files(root: DataRoot) -> list[Accepted]:
    """What was accepted so far and not withdrawn, oldest first."""
    return [file for file in _entries(root) if not file.withdrawn_at]


def stored(root: DataRoot, file: Accepted) -> Path:
    """Where the bytes of an accepted file are kept."""
    return root.raw / file.sha256[:2] / file.sha256


def store(root: DataRoot, path: Path, *, received_at: datetime, received_by: str = "") -> Accepted:
    """Copies an export into raw by its content; the ledger is not touched, so an interrupted load leaves nothing half accepted.

    Raises StillGrowing when the file changes while it is copied.
    """
    before = path.stat()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    name = masked_place(path.name)
    accepted = Accepted(digest.hexdigest(), name, path.stat().st_size, received_at.isoformat(timespec="seconds"), received_by)
    target = stored(root, accepted)
    if not target.exists():
        private_folder(root.raw)
        private_folder(target.parent)
        partial = target.with_suffix(f".{os.getpid()}.partial")  # a check and a load may copy the same file at once
        shutil.copyfile(path, partial)
        partial.chmod(0o600)
        partial.replace(target)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise StillGrowing(
            f"{path.name}：文件还在写入，等它写完会再试", f"{path.name}: the file is still being written; it will be tried again"
        )
    return accepted


def received_now(root: DataRoot) -> datetime:
    """The wall clock, but never before what was received last: a clock set back must not reorder exports."""
    return max([datetime.now(), *(file.received for file in _entries(root))])


def record(root: DataRoot, files: Sequence[Accepted]) -> None:
    """Writes what is accepted; what was withdrawn stays noted."""
    here = {file.sha256 for file in files}
    _write(root, [file for file in _entries(root) if file.withdrawn_at and file.sha256 not in here] + list(files))


def withdraw(root: DataRoot, file_id: str, *, by: str) -> Accepted:
    """Takes a file out of all later builds; its bytes are kept. Raises FileNotThere for an id nobody knows or that fits several files."""
    entries = _entries(root)
    found = [file for file in entries if file_id and file.sha256.startswith(file_id) and not file.withdrawn_at]
    if len(found) != 1:
        raise FileNotThere(
            f"没有编号为 {file_id} 的已导入文件；编号见 python -m etl status",
            f"no loaded file has the id {file_id}; python -m etl status lists them",
        )
    gone = replace(found[0], withdrawn_at=datetime.now().isoformat(timespec="seconds"), withdrawn_by=by)
    _write(root, [gone if file == found[0] else file for file in entries])
    return gone


def waiting(root: DataRoot) -> list[Path]:
    """Files in the inbox, by name; notes, hidden files and unfinished downloads are not files to load."""
    if not root.inbox.exists():
        return []
    return sorted(path for path in root.inbox.rglob("*") if path.is_file() and not _is_ignored(path.name))


def note_beside(path: Path, sentence: str) -> None:
    """Tells, beside a file of the inbox, why it was not taken."""
    path.with_name(path.name + NOTE_SUFFIX).write_text(
        f"{masked_place(path.name)} 没有导入：\n{sentence}\n改好后覆盖原文件，或删除原文件；本说明会自动消失。\n",
        encoding="utf-8-sig",
    )


def remove_old_notes(root: DataRoot, still_refused: Collection[Path]) -> None:
    """Removes the notes of files that were taken, or are gone."""
    for note in root.inbox.rglob(f"*{NOTE_SUFFIX}") if root.inbox.exists() else ():
        if note.with_name(note.name.removesuffix(NOTE_SUFFIX)) not in still_refused:
            note.unlink(missing_ok=True)


def remove_strays(root: DataRoot, keep: Collection[str]) -> None:
    """Removes what checks and refused files left in raw a day ago; keep: hashes of accepted files. The originals are where they were."""
    known = {*keep, *(file.sha256 for file in _entries(root))}
    oldest = (datetime.now() - _STRAY_AGE).timestamp()
    for stray in root.raw.glob("??/*"):
        if stray.name.partition(".")[0] not in known and stray.stat().st_mtime < oldest:
            shutil.rmtree(stray) if stray.is_dir() else stray.unlink()


def _is_ignored(name: str) -> bool:
    return name in _IGNORED or name.startswith(("~$", ".")) or name.endswith((NOTE_SUFFIX, *_UNFINISHED))


def _entries(root: DataRoot) -> list[Accepted]:
    ledger = _ledger(root)
    if not ledger.exists():
        return []
    return [Accepted(**json.loads(line)) for line in ledger.read_text(encoding="utf-8").splitlines()]


def _write(root: DataRoot, files: Sequence[Accepted]) -> None:
    """The ledger anew, whole or not at all."""
    ledger = _ledger(root)
    ledger.parent.mkdir(parents=True, exist_ok=True)
    partial = ledger.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in files)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(ledger)


def _ledger(root: DataRoot) -> Path:
    return root.raw / "files.jsonl"
