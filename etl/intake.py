"""An accepted file → its sheets as clean Parquet, read once in its life, in a process of its own.

The process that writes the warehouse never holds a name or a phone number: DuckDB writes its blocks whole, with whatever the memory
behind the data held before, so a number that passed through the same process can end up in the file (seen, and tested for).
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from importlib import resources
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from etl.conform import conform
from etl.errors import FileError, OriginalLost, UnknownExport, UnreadableFile
from etl.ledger import Accepted, DataRoot, stored
from etl.privacy import masked_place, town_key
from etl.profile import Profile, profiles
from etl.progress import READING, Progress, count_into, file_read
from etl.read import failures_told, read_file
from etl.recognise import Recognition, recognise
from etl.sheet import Sheet, Skipped
from etl.totals import Total
from etl.warehouse import write_failures_told

_READERS = """
    archive cells conform date_forms dates door encoding excel_errors intake markup not_a_table ole privacy profile read
    recognise row_kinds sheet source spill text_file totals web_table workbook workbook_cells xml_workbook
"""
_PROCESSES = 2
_INDEX = "sheets.json"
_SHOWN_SHEETS = 5
_NO_EXPORT = ("表头不像任何一类导出表，未读", "its headers are of no known kind of export; not read")
_LOOK_EVERY = 0.2


@dataclass(frozen=True)
class Intake:
    """One sheet of an accepted file, understood and cleaned. headers: our column → the file's header · exported_at: ISO or None."""

    kind: str
    profile: str | None
    format: str
    encoding: str | None
    sheet: str | None
    header_row: int
    headers: dict[str, str]
    unmapped: tuple[str, ...]
    personal: tuple[str, ...]
    exported_at: str | None
    date_order: str | None
    rows_in: int
    rows_total: int
    totals: tuple[Total, ...]
    parquet: str


@dataclass(frozen=True)
class Taken:
    """All that one accepted file holds."""

    sheets: tuple[Intake, ...]
    skipped: tuple[Skipped, ...]


def intakes(root: DataRoot, files: Sequence[Accepted], progress: Progress) -> Iterator[tuple[Accepted, Taken | FileError]]:
    """The sheets of each file, in order; a file that cannot be taken gives its FileError. Raises WriteFailed, ReferenceTableError."""
    town_key(root.key_file)
    known = profiles(root.profile_folders)
    folders = [_folder(root, file, known) for file in files]
    unread = [(file, folder) for file, folder in zip(files, folders, strict=True) if not _is_whole(folder)]
    context = _context()
    read = context.Value("d", 0.0)
    total = sum(file.bytes for file, _ in unread)
    # workers start when the first file is submitted, so a load that reads nothing anew starts none
    with ProcessPoolExecutor(_PROCESSES, mp_context=context, initializer=_start_worker, initargs=(read,)) as pool:
        reading = {folder: pool.submit(_read, root, file, folder, known) for file, folder in unread}
        for file, folder in zip(files, folders, strict=True):
            try:
                if folder in reading:
                    while not wait([reading[folder]], timeout=_LOOK_EVERY).done:
                        progress.at(READING, read.value, total)
                    _ended(reading[folder], root, file, folder, known)
                yield file, _index(folder)
            except FileError as error:
                yield file, error


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["etl.intake"])
    return context


def _ended(reading: Future[None], root: DataRoot, file: Accepted, folder: Path, known: Sequence[Profile]) -> None:
    """The outcome of a reading. A process that was killed takes the readings of the others with it: they are tried again, each alone.

    Raises FileError, also for a file whose reading was killed again.
    """
    try:
        reading.result()
    except BrokenProcessPool:
        if _is_whole(folder):
            return
        context = _context()
        try:
            with ProcessPoolExecutor(
                1, mp_context=context, initializer=_start_worker, initargs=(context.Value("d", 0.0),)
            ) as alone:
                alone.submit(_read, root, file, folder, known).result()
        except BrokenProcessPool as error:
            raise UnreadableFile(
                f"{file.name}：读取它的进程被系统终止，多半是内存不足；请把文件拆小后再放入",
                f"{file.name}: the process reading it was killed, probably out of memory; split the file",
            ) from error


def reader_version() -> str:
    """Changes when the code that reads and cleans changes: then files are read again."""
    folder = Path(str(resources.files("etl")))
    code = b"".join((folder / f"{name}.py").read_bytes() for name in _READERS.split())
    return hashlib.sha256(code + b"".join(file.read_bytes() for file in sorted((folder / "sources").glob("*.py")))).hexdigest()[:12]


def _start_worker(read: Any) -> None:
    """read: shared number of bytes read by all workers. A worker whose load was killed ends too, instead of waiting for files for ever."""
    count_into(read)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait_and_end() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_and_end, daemon=True).start()


def _folder(root: DataRoot, file: Accepted, known: Sequence[Profile]) -> Path:
    """Where the clean sheets of a file are kept: named for its bytes and for all that decides how they are read."""
    reading = repr([(p.name, sorted(p.columns.items()), sorted(p.match), sorted(p.personal)) for p in known])
    version = hashlib.sha256((reader_version() + reading + file.name).encode() + town_key(root.key_file)).hexdigest()[:12]
    return stored(root, file).with_name(f"{file.sha256}.{version}")


def _read(root: DataRoot, file: Accepted, folder: Path, known: Sequence[Profile]) -> None:
    """Reads a file into its folder, whole or not at all. Raises FileError or WriteFailed."""
    with write_failures_told(), tempfile.TemporaryDirectory(prefix="reading_", dir=folder.parent) as scratch:
        partial = Path(scratch) / "sheets"
        partial.mkdir()
        key = town_key(root.key_file)
        _check_original(stored(root, file), file)
        with failures_told(file.name):
            recognised, skipped = _recognised(stored(root, file), file.name, known, Path(scratch))
            sheets = [_intake(sheet, recognition, partial, number, key) for number, (sheet, recognition) in enumerate(recognised)]
        taken = _masked(asdict(Taken(tuple(sheets), tuple(skipped))))
        index = {**taken, "digests": {s.parquet: _digest(partial / s.parquet) for s in sheets}}
        (partial / _INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
        for older in folder.parent.glob(f"{file.sha256}.*"):
            shutil.rmtree(older, ignore_errors=True)
        try:
            partial.rename(folder)
        except OSError:
            if not _is_whole(folder):  # else another process has read the same file meanwhile
                raise
    file_read(file.bytes)


def _masked(value: Any) -> Any:
    """A sheet name or header may hold a phone number too. Numbers stay numbers."""
    match value:
        case str():
            return masked_place(value)
        case dict():
            return {_masked(key): _masked(item) for key, item in value.items()}
        case list() | tuple():
            return [_masked(item) for item in value]
        case _:
            return value


def _check_original(path: Path, file: Accepted) -> None:
    """Raises OriginalLost."""
    if not path.exists() or _sha256(path) != file.sha256:
        raise OriginalLost(
            f"{file.name} 的原件（{path}）不见了或已损坏；请从备份恢复它，或用 python -m etl withdraw {file.file_id} 把它撤下",
            f"the original of {file.name} ({path}) is gone or damaged; restore it or withdraw the file",
        )


def _is_whole(folder: Path) -> bool:
    """The clean sheets of a file are there and as they were written; damaged ones are made again."""
    try:
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        return all(_digest(folder / name) == digest for name, digest in index["digests"].items())
    except (OSError, ValueError, KeyError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def _recognised(
    path: Path, name: str, known: Sequence[Profile], scratch: Path
) -> tuple[list[tuple[Sheet, Recognition]], list[Skipped]]:
    """The sheets that are exports, and those passed over. Raises FileError when no sheet is an export, or one lacks a required column."""
    contents = read_file(path, name=name, scratch=scratch)
    found: list[tuple[Sheet, Recognition]] = []
    unknown: list[UnknownExport] = []
    skipped = list(contents.skipped)
    for sheet in contents.sheets:
        try:
            found.append((sheet, recognise(sheet, name=name, profiles=known)))
        except UnknownExport as error:
            unknown.append(error)
            skipped.append(Skipped(sheet.name or name, sum(1 for _ in sheet.body.records()), *_NO_EXPORT))
    if not found:
        raise unknown[0] if len(unknown) == 1 and not contents.skipped else _nothing_known(name, skipped)
    return found, skipped


def _nothing_known(name: str, skipped: Sequence[Skipped]) -> UnknownExport:
    zh = "；".join(f"{sheet.sheet}：{sheet.zh}" for sheet in skipped[:_SHOWN_SHEETS])
    en = "; ".join(f"{sheet.sheet}: {sheet.en}" for sheet in skipped[:_SHOWN_SHEETS])
    return UnknownExport(
        f"{name}：里面没有一张能导入的表（共 {len(skipped)} 张：{zh}）；请确认文件，或为它写一个映射文件",
        f"{name}: none of its {len(skipped)} sheets can be loaded ({en}); check the file or write a profile for it",
    )


def _intake(sheet: Sheet, seen: Recognition, folder: Path, number: int, key: bytes) -> Intake:
    parquet = f"{number}.parquet"
    rows = conform(sheet, seen, folder / parquet, key=key)
    return Intake(
        kind=seen.source.name,
        profile=seen.profile.name if seen.profile else None,
        format=sheet.format,
        encoding=sheet.encoding,
        sheet=sheet.name,
        header_row=seen.header_row,
        headers={column: seen.headers[index] for column, index in seen.columns.items()},
        unmapped=seen.unmapped,
        personal=seen.personal,
        exported_at=seen.exported_at.isoformat() if seen.exported_at else None,
        date_order=rows.date_order,
        rows_in=rows.rows_in,
        rows_total=rows.rows_total,
        totals=rows.totals,
        parquet=parquet,
    )


def _index(folder: Path) -> Taken:
    """parquet becomes the full path."""
    index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    return Taken(
        tuple(_sheet_of(folder, entry) for entry in index["sheets"]), tuple(Skipped(**entry) for entry in index["skipped"])
    )


def _sheet_of(folder: Path, entry: dict[str, Any]) -> Intake:
    read = {
        "unmapped": tuple(entry["unmapped"]),
        "personal": tuple(entry["personal"]),
        "totals": tuple(Total(**total) for total in entry["totals"]),
        "parquet": str(folder / entry["parquet"]),
    }
    return Intake(**{**entry, **read})
