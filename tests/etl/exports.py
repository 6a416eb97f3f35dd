"""Small exports drawn as text tables, and the warehouse built from them by the ordinary build."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from etl.build import Outcome, build
from etl.ledger import NOTE_SUFFIX, DataRoot
from etl.warehouse import published

SHIPPED = Path(__file__).resolve().parents[2] / "data"
RECEIVED = datetime(2026, 11, 16, 9, 0)


def csv_text(drawing: str) -> str:
    """A table drawn with | between the cells → CSV. A row of dashes is decoration."""
    lines = [line.strip() for line in drawing.strip().splitlines() if set(line.strip()) - set("-|+ ")]
    return "".join(",".join(cell.strip() for cell in line.split("|")) + "\n" for line in lines)


def data_root(folder: Path) -> DataRoot:
    return DataRoot(folder, SHIPPED)


def put(root: DataRoot, name: str, drawing: str, encoding: str = "utf-8") -> Path:
    """Drops an export into the inbox."""
    root.inbox.mkdir(parents=True, exist_ok=True)
    path = root.inbox / name
    path.write_bytes(csv_text(drawing).encode(encoding))
    return path


def built(root: DataRoot, received_at: datetime | None = RECEIVED) -> Outcome:
    return build(root, received_at=received_at)


def copied(root: DataRoot, folder: Path) -> DataRoot:
    """The same data root at another place, with its files and builds: to copy it costs less than to build it again."""
    shutil.copytree(root.path, folder, dirs_exist_ok=True)
    return data_root(folder)


def rows(root: DataRoot, sql: str) -> list[tuple[Any, ...]]:
    """Asks the published warehouse."""
    current = published(root.warehouse)
    assert current is not None
    with duckdb.connect(str(root.warehouse / current.name), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def produced_bytes(root: DataRoot) -> Iterator[tuple[str, bytes]]:
    """Every file a load wrote below the data root, workbooks unpacked; not what came in: the inbox, the originals kept in raw, and
    what the generator of the sample planted."""
    for path in sorted(path for path in root.path.rglob("*") if path.is_file()):
        is_original = path.parent.parent == root.raw and not path.suffix
        is_incoming = path.is_relative_to(root.inbox) and not path.name.endswith(NOTE_SUFFIX)
        if is_original or is_incoming or path.name == "truths.json":
            continue
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())
        yield str(path.relative_to(root.path)), path.read_bytes()
