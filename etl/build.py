"""The whole load on one screen: take in → raw → read cells → core → check → publish."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from etl.accounting import account
from etl.checks import Finding, run_checks
from etl.core import shape_core
from etl.errors import AcceptedUnreadable, EtlError, FileError, NothingToLoad, StillGrowing
from etl.intake import Intake, Taken, intakes
from etl.ledger import (
    Accepted,
    DataRoot,
    accepted_files,
    note_beside,
    received_now,
    record,
    remove_old_notes,
    remove_strays,
    store,
    waiting,
)
from etl.progress import Progress
from etl.raw import create_raw_tables, load_raw, note_skipped
from etl.reference import Reference, load_reference
from etl.reference_tables import write_reference_tables
from etl.returns import STAGED, give_back, write_returns
from etl.sheet import Skipped
from etl.sources import SOURCES
from etl.warehouse import (
    SCHEMA_VERSION,
    Published,
    new_warehouse,
    next_serial,
    one_transaction,
    only_build,
    publish,
    published,
    remove_unfinished,
    write_failures_told,
)

_KINDS = {source.name: source.zh for source in SOURCES}
Sheets = list[tuple[Accepted, Intake]]


@dataclass(frozen=True)
class Outcome:
    """What a build did. is_new: a new warehouse was published (False: the inputs were those of the last one)."""

    published: Published
    is_new: bool
    refused: tuple[Refusal, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken. name: the clerk's · sha256: of its bytes."""

    name: str
    sha256: str
    error: FileError


@dataclass(frozen=True)
class _TakenIn:
    """The sheets of all accepted files in order, those passed over, and why incoming files are refused, by their hash."""

    sheets: Sheets
    skipped: list[tuple[Accepted, Skipped]]
    refused: dict[str, Refusal]


def build(
    root: DataRoot,
    extra: Sequence[Path] = (),
    *,
    inbox: Sequence[Path] | None = None,
    progress: Progress | None = None,
    received_at: datetime | None = None,
    received_by: str = "",
    wait: float = 0,
) -> Outcome:
    """Loads what waits in the inbox (and the files in `extra`) together with all that was accepted before, and publishes the result.

    inbox: only these files of the inbox ·
    wait: seconds to wait for another build to end. Raises ReferenceTableError, NothingToLoad, PromiseBroken, WriteFailed or BuildRunning;
    the last warehouse then stays in place and the inbox as it was. A file that cannot be taken is in Outcome.refused and stays where it is;
    the others go on.
    """
    progress = progress or Progress()
    with write_failures_told(), only_build(root.warehouse, wait=wait, say=progress.say):
        remove_unfinished(root.warehouse)
        arrived = Arrival(received_at or received_now(root), received_by)
        incoming, growing = _stored(root, [*(waiting(root) if inbox is None else inbox), *extra], arrived)
        taken = _take_in(root, [file for _, file in incoming], progress)
        if not taken.sheets:
            _clear_inbox(root, incoming, taken.refused, whole=inbox is None)
            raise _nothing(root, [*taken.refused.values(), *growing])
        reference = load_reference([root.reference_folders[0], *_overlays(root, taken.sheets), *root.reference_folders[1:]])
        inputs = _inputs_sha256(taken.sheets, reference)
        current = published(root.warehouse)
        findings: tuple[Finding, ...] = ()
        is_new = current is None or not (root.warehouse / current.name).exists() or inputs not in _held(current)
        if is_new or current is None:
            current, findings = _new_build(root, taken, reference, inputs, progress)
        record(root, list(dict.fromkeys(file for file, _ in taken.sheets)))
        _clear_inbox(root, incoming, taken.refused, whole=inbox is None)
        remove_strays(root, [file.sha256 for file, _ in taken.sheets])
        progress.end()
        return Outcome(current, is_new, (*taken.refused.values(), *growing), findings)


@dataclass(frozen=True)
class Arrival:
    """When a file came, and who brought it."""

    at: datetime
    by: str


def _stored(root: DataRoot, paths: Sequence[Path], arrived: Arrival) -> tuple[list[tuple[Path, Accepted]], list[Refusal]]:
    """Copies of the files in raw, and the files somebody is still writing."""
    incoming, growing = [], []
    for path in paths:
        try:
            incoming.append((path, store(root, path, received_at=arrived.at, received_by=arrived.by)))
        except StillGrowing as error:
            growing.append(Refusal(path.name, "", error))
    return incoming, growing


def _held(current: Published) -> set[str]:
    """Inputs for which the published build stands: its own, and those a rollback left."""
    return {current.inputs_sha256, current.instead_of}


def _clear_inbox(root: DataRoot, incoming: Sequence[tuple[Path, Accepted]], refused: Mapping[str, Refusal], *, whole: bool) -> None:
    """What was taken leaves the inbox; beside what was not stands a note that says why. whole: every file of the inbox was looked at."""
    in_inbox = [(path, file) for path, file in incoming if path.is_relative_to(root.inbox)]
    for path, file in in_inbox:
        if file.sha256 in refused:
            note_beside(path, refused[file.sha256].error.zh)
        else:
            path.unlink(missing_ok=True)
    still = {path for path, file in in_inbox if file.sha256 in refused}
    remove_old_notes(root, still if whole else still | set(waiting(root)))


def _take_in(root: DataRoot, incoming: Sequence[Accepted], progress: Progress) -> _TakenIn:
    """Reads every file accepted before and every incoming one."""
    before = {file.sha256: file for file in accepted_files(root)}
    for file in incoming:
        if file.sha256 in before:
            progress.say(f"  {file.name}：内容与已导入的文件完全相同，不再重复导入")
    files = list(({file.sha256: file for file in incoming} | before).values())
    files.sort(
        key=lambda file: (list(before).index(file.sha256) if file.sha256 in before else len(before), file.received_at, file.name)
    )
    taken = _TakenIn([], [], {})
    for file, found in intakes(root, files, progress):
        if isinstance(found, FileError):
            if file.sha256 in before:
                raise AcceptedUnreadable(
                    f"以前导入的文件现在读不了：{found.zh}。为免少数据，没有重建；可用 python -m etl withdraw {file.file_id} 把它撤下",
                    f"a file loaded before cannot be read any more: {found.en}. Nothing was built; withdraw {file.file_id} to go on",
                )
            taken.refused[file.sha256] = Refusal(file.name, file.sha256, found)
            progress.say(f"  ✗ {found.zh}")
            continue
        taken.sheets.extend((file, sheet) for sheet in found.sheets)
        taken.skipped.extend((file, sheet) for sheet in found.skipped)
        if file.sha256 not in before:
            _tell(file, found, progress)
    return taken


def _nothing(root: DataRoot, refused: Sequence[Refusal]) -> EtlError:
    if refused:
        return refused[0].error
    return NothingToLoad(f"没有可以导入的文件；请把导出文件放进 {root.inbox}", f"nothing to load; put exports into {root.inbox}")


def _tell(file: Accepted, found: Taken, progress: Progress) -> None:
    for sheet in found.sheets:
        progress.say(f"  读入 {title(file, sheet)}：{_KINDS[sheet.kind]}，{sheet.rows_in:,} 行")
    for skipped in found.skipped:
        progress.say(f"  · {file.name}：{skipped.zh}")


def _new_build(
    root: DataRoot, taken: _TakenIn, reference: Reference, inputs: str, progress: Progress
) -> tuple[Published, tuple[Finding, ...]]:
    """Builds, checks and publishes. The file gets its own name: number, time of the build and hash of its inputs."""
    started = time.monotonic()
    rows = sum(sheet.rows_in for _, sheet in taken.sheets)
    progress.say(f"  建库：{len(taken.sheets)} 张表，{rows:,} 行…")
    built_at = datetime.now()
    build_id = f"{next_serial(root.warehouse):06d}_{built_at:%Y%m%dT%H%M%S%f}_{inputs[:8]}"
    with tempfile.TemporaryDirectory(prefix=STAGED, dir=root.path) as staged:
        with new_warehouse(root.warehouse / f"{build_id}.duckdb", rows) as connection:
            with one_transaction(connection):
                write_reference_tables(connection, reference)
                create_raw_tables(connection)
            load_raw(connection, taken.sheets)
            note_skipped(connection, taken.skipped)
            as_of = shape_core(connection, reference, progress)
            account(connection, reference)
            write_returns(connection, root, Path(staged))
            connection.execute(
                "INSERT INTO meta.build SELECT ?, ?, ?, ?, ?, ?, getvariable('data_from'), getvariable('data_to')",
                [build_id, SCHEMA_VERSION, _code_version(), as_of, built_at, inputs],
            )
            findings = run_checks(connection, progress)
        current = Published(f"{build_id}.duckdb", build_id, as_of.isoformat(), SCHEMA_VERSION, inputs)
        publish(root.warehouse, current)
        give_back(root, Path(staged))
    progress.say(f"  建库完成（{time.monotonic() - started:.1f} 秒）")
    return current, findings


def title(file: Accepted, sheet: Intake) -> str:
    """A sheet as the clerk knows it."""
    return f"{file.name}（{sheet.sheet}）" if sheet.sheet else file.name


def _overlays(root: DataRoot, sheets: Sheets) -> list[Path]:
    """Reference folders of the profiles in use."""
    names = dict.fromkeys(sheet.profile for _, sheet in sheets if sheet.profile)
    return [folder / name / "reference" for name in names for folder in root.profile_folders if (folder / name).exists()]


def _inputs_sha256(sheets: Sheets, reference: Reference) -> str:
    """Equal inputs (files in order, how they are read, reference tables, the code of this package) give equal builds."""
    digest = hashlib.sha256(f"{reference.sha256} {_code_version()}".encode())
    for file, sheet in sheets:
        digest.update(f"{file.sha256} {sheet.sheet} {sheet.profile} {sorted(sheet.headers.items())}".encode())
    return digest.hexdigest()


def _code_version() -> str:
    """First 12 hex digits of the hash over this package's .py, .sql and .toml files."""
    folder = Path(str(resources.files("etl")))
    files = sorted(
        file for pattern in ("**/*.py", "**/*.sql", "**/*.toml") for file in folder.glob(pattern) if "sample" not in file.parts
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
