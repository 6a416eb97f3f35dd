"""The whole load on one screen: take in → conform → read cells → core → check → publish."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

import duckdb

from etl.accounting import account
from etl.checks import Finding, run_checks
from etl.conform import SheetRows, create_raw_table, load_raw
from etl.core import shape_core
from etl.errors import FileError, NothingToLoad
from etl.ledger import Accepted, DataRoot, accepted_files, record, store, stored, waiting
from etl.privacy import town_key
from etl.profile import Profile, profiles
from etl.read import read_sheets
from etl.recognise import Recognition, recognise
from etl.reference import Reference, load_reference
from etl.reference_tables import write_reference_tables
from etl.sheet import Sheet
from etl.sources import SOURCES
from etl.warehouse import (
    SCHEMA_VERSION,
    Published,
    new_warehouse,
    one_transaction,
    only_build,
    publish,
    published,
    write_failures_told,
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a build did. is_new: a new warehouse was published (False: the inputs were those of the last one)."""

    published: Published
    is_new: bool
    refused: tuple[FileError, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Recognised:
    """A sheet of an accepted file, and what it is."""

    file: Accepted
    sheet: Sheet
    recognition: Recognition


def build(root: DataRoot, extra: Sequence[Path] = (), *, say: Say = lambda _: None, received_at: datetime | None = None) -> Outcome:
    """Loads what waits in the inbox (and the files in `extra`) together with all that was accepted before, and publishes the result.

    Raises ReferenceTableError, NothingToLoad, PromiseBroken or BuildRunning; the last warehouse then stays in place and the inbox as it was.
    A file that cannot be taken is in Outcome.refused and stays where it is; the others go on.
    """
    with write_failures_told(), only_build(root.warehouse), tempfile.TemporaryDirectory(prefix="township_") as scratch:
        found = profiles(root.profile_folders)
        sheets, refused, taken = _take_in(root, [*waiting(root), *extra], found, Path(scratch), received_at or datetime.now(), say)
        if not sheets:
            raise NothingToLoad(
                f"没有可以导入的文件；请把导出文件放进 {root.inbox}", f"nothing to load; put exports into {root.inbox}"
            )
        overlays = [sheet.recognition.profile.reference for sheet in sheets if sheet.recognition.profile]
        reference = load_reference([root.reference_folders[0], *dict.fromkeys(overlays), *root.reference_folders[1:]])
        inputs = _inputs_sha256(sheets, reference)
        current = published(root.warehouse)
        findings: tuple[Finding, ...] = ()
        is_new = current is None or current.inputs_sha256 != inputs or not (root.warehouse / current.name).exists()
        if is_new or current is None:
            current, findings = _new_build(root, sheets, reference, inputs, say)
        record(root, list(dict.fromkeys(sheet.file for sheet in sheets)))
        for path in taken:
            if path.is_relative_to(root.inbox):
                path.unlink(missing_ok=True)
        return Outcome(current, is_new, tuple(refused), findings)


def _take_in(
    root: DataRoot, incoming: Sequence[Path], known: Sequence[Profile], scratch: Path, received_at: datetime, say: Say
) -> tuple[list[Recognised], list[FileError], list[Path]]:
    """Every accepted and every incoming file, recognised; refused files; and the incoming paths that were taken."""
    sheets: list[Recognised] = []
    for file in accepted_files(root):
        sheets += _recognised(file, stored(root, file), known, scratch)
    refused: list[FileError] = []
    taken: list[Path] = []
    for path in incoming:
        started = time.monotonic()
        try:
            file = store(root, path, received_at=received_at)
            if not any(sheet.file.sha256 == file.sha256 for sheet in sheets):
                sheets += _recognised(file, stored(root, file), known, scratch)
                say(
                    f"  认出 {path.name}：{'、'.join(sorted({s.recognition.source.zh for s in sheets if s.file is file}))}（{time.monotonic() - started:.1f} 秒）"
                )
            else:
                say(f"  {path.name}：内容与已导入的文件完全相同，不再重复导入")
            taken.append(path)
        except FileError as error:
            refused.append(error)
            say(f"  ✗ {error.zh}")
    return sheets, refused, taken


def _recognised(file: Accepted, path: Path, known: Sequence[Profile], scratch: Path) -> list[Recognised]:
    """The sheets of a file that are exports; sheets that are not are passed over as long as one is. Raises FileError."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    found: list[Recognised] = []
    errors: list[FileError] = []
    for sheet in read_sheets(path, name=file.name, scratch=folder):
        try:
            found.append(Recognised(file, sheet, recognise(sheet, name=file.name, profiles=known)))
        except FileError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return found


def _new_build(
    root: DataRoot, sheets: Sequence[Recognised], reference: Reference, inputs: str, say: Say
) -> tuple[Published, tuple[Finding, ...]]:
    """Builds, checks and publishes. The file gets its own name: time of the build and hash of its inputs."""
    built_at = datetime.now()
    build_id = f"{built_at:%Y%m%dT%H%M%S%f}_{inputs[:8]}"
    with new_warehouse(root.warehouse / f"{build_id}.duckdb") as connection:
        with one_transaction(connection):
            write_reference_tables(connection, reference)
            for source in SOURCES:
                create_raw_table(connection, source)
        _load_sheets(connection, sheets, town_key(root.key_file), say)
        as_of = shape_core(connection, reference, say)
        account(connection)
        connection.execute(
            "INSERT INTO meta.build SELECT ?, ?, ?, ?, ?, ?, getvariable('data_from'), getvariable('data_to')",
            [build_id, SCHEMA_VERSION, _code_version(), as_of, built_at, inputs],
        )
        findings = run_checks(connection)
    current = Published(f"{build_id}.duckdb", build_id, as_of.isoformat(), SCHEMA_VERSION, inputs)
    publish(root.warehouse, current)
    return current, findings


def _load_sheets(connection: duckdb.DuckDBPyConnection, sheets: Sequence[Recognised], key: bytes, say: Say) -> None:
    """raw.* and temp loaded_sheet, one row a sheet."""
    connection.execute(
        "CREATE TEMP TABLE loaded_sheet (sheet_no INTEGER, ordinal BIGINT, file_id VARCHAR, name VARCHAR, sha256 VARCHAR, bytes BIGINT, "
        "kind VARCHAR, profile VARCHAR, encoding VARCHAR, format VARCHAR, sheet VARCHAR, header_row INTEGER, received_at TIMESTAMP, "
        "exported_at TIMESTAMP, rows_in INTEGER, rows_total INTEGER, unmapped_columns VARCHAR[], personal_columns VARCHAR[], headers MAP(VARCHAR, VARCHAR))"
    )
    connection.execute(
        "CREATE TEMP TABLE word_use (kind VARCHAR, list VARCHAR, word VARCHAR, code VARCHAR, row_count BIGINT, sheet_no INTEGER)"
    )
    # raw text is written once and read for single rows: twice as fast without dictionaries, at five times the size
    connection.execute("SET disabled_compression_methods = 'dict_fsst,fsst'")
    for number, item in enumerate(sheets):
        started = time.monotonic()
        rows = load_raw(connection, item.sheet, item.recognition, sheet_no=number, file_id=item.file.file_id, key=key)
        _note_sheet(connection, number, item, rows)
        say(f"  读入 {_title(item)}：{rows.rows_in:,} 行（{time.monotonic() - started:.1f} 秒）")
    connection.execute("RESET disabled_compression_methods")


def _note_sheet(connection: duckdb.DuckDBPyConnection, number: int, item: Recognised, rows: SheetRows) -> None:
    file, sheet, seen = item.file, item.sheet, item.recognition
    headers = {column: seen.headers[index] for column, index in seen.columns.items()}
    connection.execute(
        "INSERT INTO loaded_sheet VALUES (?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, file.file_id, file.name, file.sha256, file.bytes, seen.source.name, seen.profile.name if seen.profile else None,
            sheet.encoding, sheet.format, sheet.name, seen.header_row, file.received, seen.exported_at, rows.rows_in, rows.rows_total,
            list(seen.unmapped), list(seen.personal), headers,
        ],
    )  # fmt: skip


def _inputs_sha256(sheets: Sequence[Recognised], reference: Reference) -> str:
    """Equal inputs (files in order, profiles, reference tables, the code of this package) give equal builds."""
    digest = hashlib.sha256(f"{reference.sha256} {_code_version()}".encode())
    for item in sheets:
        profile = sorted(item.recognition.profile.columns.items()) if item.recognition.profile else None
        digest.update(f"{item.file.sha256} {item.sheet.name} {profile}".encode())
    return digest.hexdigest()


def _code_version() -> str:
    """First 12 hex digits of the hash over this package's .py, .sql and .toml files."""
    folder = Path(str(resources.files("etl")))
    files = sorted(
        file for pattern in ("**/*.py", "**/*.sql", "**/*.toml") for file in folder.glob(pattern) if "sample" not in file.parts
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _title(item: Recognised) -> str:
    return f"{item.file.name}（{item.sheet.name}）" if item.sheet.name else item.file.name
