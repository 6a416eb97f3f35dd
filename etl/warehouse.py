"""One build = one new DuckDB file; readers follow the pointer CURRENT, which is replaced whole. A file name is never used twice."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from etl.errors import BuildRunning, NoSuchBuild, WriteFailed

SCHEMA_VERSION = 3
POINTER = "CURRENT"
_KEPT_BUILDS = 5
_UNFINISHED = ".building"
_SPILL = "spill_"
_MEMORY_LIMIT = "1400MB"
_FEW_ROWS = 20_000
_COMMON_COMMENTS = {
    "file_id": "file this row comes from → meta.file",
    "file_sheet": "sheet or zip member of the file",
    "file_row": "row in the file or sheet, from 1",
}


@dataclass(frozen=True)
class Published:
    """What CURRENT says. instead_of: after a rollback, the inputs of the build that was left; they are not built again by themselves."""

    name: str
    build_id: str
    as_of: str
    schema_version: int
    inputs_sha256: str
    instead_of: str = ""


def published(folder: Path) -> Published | None:
    """The build readers see now, None before the first one."""
    pointer = folder / POINTER
    if not pointer.exists():
        return None
    try:
        return Published(**json.loads(pointer.read_text(encoding="utf-8")))
    except (ValueError, TypeError):  # damaged: as good as none, the next build writes it anew
        return None


@contextmanager
def only_build(folder: Path, *, wait: float = 0, say: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Holds the build lock of a data root, after at most `wait` seconds; the system gives it back when the process dies.

    say: told when there is something to wait for. Raises BuildRunning.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "build.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if wait:
            say("另一个导入正在进行，等它结束…")
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise BuildRunning(
                "另一个导入正在进行；请等它结束后再试", "another build is running; try again when it has finished"
            ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def write_failures_told() -> Iterator[None]:
    """A full or read-only disk becomes WriteFailed, a sentence instead of a traceback."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.FatalException) as error:
        raise WriteFailed(
            f"写不进磁盘（可能已满或没有权限）：{error}；请腾出空间后重试，上一版数据仍然可用",
            f"the disk cannot be written (full, or no permission): {error}; the last warehouse stays in use",
        ) from error


@contextmanager
def new_warehouse(path: Path, rows: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse with its schema; stands at path, closed and complete, when the block ends, and is gone when it fails.

    rows: about how many will be loaded; a few are loaded faster by one thread than by several that wait for each other.
    """
    building = path.with_suffix(_UNFINISHED)
    threads = {"threads": 1} if rows <= _FEW_ROWS else {}
    try:
        with tempfile.TemporaryDirectory(prefix=_SPILL, dir=path.parent) as spill:
            connection = duckdb.connect(str(building), config={"memory_limit": _MEMORY_LIMIT, "temp_directory": spill, **threads})
            try:
                connection.execute("SET enable_progress_bar = false")
                with one_transaction(connection):  # one commit instead of four hundred
                    connection.execute(resources.files("etl").joinpath("schema.sql").read_text(encoding="utf-8"))
                    _comment_common_columns(connection)
                yield connection
                connection.execute("CHECKPOINT")
            finally:
                connection.close()
        building.rename(path)
    except BaseException:
        remove_unfinished(path.parent)
        raise


def remove_unfinished(folder: Path) -> None:
    """What a killed build left behind. Call it with the build lock held."""
    for leftover in [*folder.glob(f"*{_UNFINISHED}*"), *folder.glob(f"{_SPILL}*")]:
        with suppress(OSError):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


@contextmanager
def one_transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commits what the block wrote at its end."""
    connection.execute("BEGIN")
    yield
    connection.execute("COMMIT")


def publish(folder: Path, build: Published) -> None:
    """Points the readers to the build, then removes builds nobody needs any more."""
    _point(folder, build)
    _prune(folder, build.name)


def _point(folder: Path, build: Published) -> None:
    partial = folder / f"{POINTER}.partial"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(build.__dict__, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / POINTER)


def next_serial(folder: Path) -> int:
    """Builds are numbered, since a clock may jump."""
    return max((_serial(file) for file in kept_builds(folder)), default=0) + 1


def kept_builds(folder: Path) -> list[Path]:
    """The builds still there, oldest first."""
    return sorted(folder.glob("*.duckdb"), key=lambda file: (_serial(file), file.name))


def roll_back(folder: Path, name: str | None = None) -> Published:
    """Points the readers to an earlier build: the one before the current, or the one whose name begins with `name`.

    Call it with the build lock held. Raises NoSuchBuild.
    """
    current = published(folder)
    builds = kept_builds(folder)
    if name is None:
        earlier = [file for file in builds if current and _serial(file) < _serial(folder / current.name)]
    else:
        earlier = [file for file in builds if file.name.startswith(name)]
    if current is None or not earlier or earlier[-1].name == current.name:
        kept = "、".join(file.stem for file in builds) or "无"
        raise NoSuchBuild(f"没有可以回到的版本；现有：{kept}", f"there is no such build; kept: {kept}")
    target = _described(earlier[-1], instead_of=current.instead_of or current.inputs_sha256)
    if target.schema_version != SCHEMA_VERSION:
        raise NoSuchBuild(
            f"{target.name} 是旧版程序建的，看板读不了；请重新导入",
            f"{target.name} was built by an older program; build again instead",
        )
    _point(folder, target)
    return target


def _described(file: Path, *, instead_of: str) -> Published:
    with duckdb.connect(str(file), read_only=True) as connection:
        row = connection.execute("SELECT build_id, as_of, schema_version, inputs_sha256 FROM meta.build").fetchone()
    assert row is not None
    build_id, as_of, version, inputs = row
    return Published(file.name, build_id, as_of.isoformat(), version, inputs, instead_of)


def _serial(file: Path) -> int:
    number = file.name.partition("_")[0]
    return int(number) if number.isdigit() else 0


def _prune(folder: Path, current: str) -> None:
    builds = [file for file in kept_builds(folder) if file.name != current]
    for file in builds[: max(0, len(builds) - _KEPT_BUILDS + 1)]:
        with suppress(OSError):  # Windows refuses while a reader has it open; the next build tries again
            file.unlink()


def _comment_common_columns(connection: duckdb.DuckDBPyConnection) -> None:
    for column, comment in _COMMON_COMMENTS.items():
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_columns() WHERE column_name = ? AND comment IS NULL AND schema_name IN ('core', 'meta')",
            [column],
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"COMMENT ON COLUMN {schema}.{table}.{column} IS '{comment}'")
