"""A data root: where exports are dropped, kept by content and built from, and the ledger of what was accepted."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

_CHUNK = 1 << 24
_IGNORED = frozenset({".gitkeep", ".DS_Store", "Thumbs.db"})


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
    """One export as received. name: the clerk's name for it · received_at: local wall clock, ISO · received_by: who took it in."""

    sha256: str
    name: str
    bytes: int
    received_at: str
    received_by: str = ""

    @property
    def file_id(self) -> str:
        return self.sha256[:12]

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.received_at)


def accepted_files(root: DataRoot) -> list[Accepted]:
    """What was accepted so far, oldest first."""
    ledger = _ledger(root)
    if not ledger.exists():
        return []
    return [Accepted(**json.loads(line)) for line in ledger.read_text(encoding="utf-8").splitlines()]


def stored(root: DataRoot, file: Accepted) -> Path:
    """Where the bytes of an accepted file are kept."""
    return root.raw / file.sha256[:2] / file.sha256


def store(root: DataRoot, path: Path, *, received_at: datetime, received_by: str = "") -> Accepted:
    """Copies an export into raw by its content; the ledger is not touched, so an interrupted load leaves nothing half accepted."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    accepted = Accepted(digest.hexdigest(), path.name, path.stat().st_size, received_at.isoformat(timespec="seconds"), received_by)
    target = stored(root, accepted)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        shutil.copyfile(path, partial)
        partial.replace(target)
    return accepted


def record(root: DataRoot, files: Sequence[Accepted]) -> None:
    """Writes the ledger anew, whole or not at all."""
    ledger = _ledger(root)
    ledger.parent.mkdir(parents=True, exist_ok=True)
    partial = ledger.with_suffix(".partial")
    partial.write_text("".join(json.dumps(asdict(file), ensure_ascii=False) + "\n" for file in files), encoding="utf-8")
    partial.replace(ledger)


def waiting(root: DataRoot) -> list[Path]:
    """Files in the inbox, by name."""
    if not root.inbox.exists():
        return []
    return sorted(
        path for path in root.inbox.rglob("*") if path.is_file() and path.name not in _IGNORED and not path.name.startswith("~$")
    )


def _ledger(root: DataRoot) -> Path:
    return root.raw / "files.jsonl"
