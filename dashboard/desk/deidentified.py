"""The de-identified file of a build: made once, by a process of its own, published whole. Its process is one of the few that know DuckDB.

Two processes in a row: the first sees the warehouse and writes clean Parquet, the second sees only that and writes the file. DuckDB
writes blocks whole, with whatever the memory behind the data held before; titles and names that passed through would be found in it.

What it promises holds within one build; two builds can be subtracted. Give researchers builds months apart, not days (anonymity.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import tomllib
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dashboard import processes
from dashboard.desk.anonymity import LEAST, SORTS, coarsen
from dashboard.settings import Settings

MODULE = "dashboard.desk.deidentified"
_PATIENCE = 1800
_MAKING = "making_"
_MEMORY_LIMIT = "1400MB"


class DeskError(Exception):
    """The desk cannot be used. zh and en say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Column:
    """type: DuckDB's · sort: quasi, date, value, key or reference, see schema.toml."""

    name: str
    type: str
    zh: str
    en: str
    sort: str


@dataclass(frozen=True)
class Table:
    """A table of the open schema."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]


@cache
def schema() -> tuple[Table, ...]:
    """The open schema: what a codebook is made of."""
    written = tomllib.loads(_resource("schema.toml"))
    return tuple(
        Table(name, table["zh"], table["en"], tuple(Column(column, *told) for column, told in table["columns"].items()))
        for name, table in written.items()
    )


def folder(settings: Settings) -> Path:
    """The desk's own folder below the data root."""
    return settings.data / "desk"


def desk_file(settings: Settings, build_id: str) -> Path:
    """Where a build's de-identified file is, or will be: one made by another version of what hides people is none."""
    return folder(settings) / f"{build_id}_{_recipe()}.duckdb"


@cache
def _recipe() -> str:
    """Of all that decides what the file holds."""
    digest = hashlib.sha256()
    for name in ("anonymity.py", "deidentified.py", "durations.sql", "facts.sql", "schema.toml", "views.sql"):
        digest.update(_resource(name).encode())
    return digest.hexdigest()[:8]


def prepared(settings: Settings, build_id: str) -> Path:
    """The de-identified file of a build, made when it is not there yet; files of builds that are gone go too. Raises DeskError."""
    file = desk_file(settings, build_id)
    if Path(build_id).name != build_id or not (settings.warehouse / f"{build_id}.duckdb").is_file():
        raise DeskError(
            f"构建 {build_id} 已不在，请换到当前数据", f"build {build_id} is no longer kept, change to the current data"
        )
    if not file.is_file():
        _run(settings.data, [build_id])
    return file


def prune(settings: Settings) -> None:
    """Removes the files of builds that are gone and what a killed process left; nothing while one is being made."""
    with suppress(Timeout), _lock(folder(settings), wait=0):
        _prune(settings)


def _run(data: Path, arguments: Sequence[str]) -> None:
    """Runs this module as a process of its own. Raises DeskError with what it said, or where it could not run."""
    try:
        done = subprocess.run(
            processes.command(MODULE, data, arguments),
            cwd=processes.PROJECT,
            env=processes.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _took_too_long() from error
    except OSError as error:
        raise DeskError(
            f"制作脱敏数据的程序启动不了：{error}；请稍后重试",
            f"the process that makes the de-identified file cannot be started: {error}; try again later",
        ) from error
    if done.returncode:
        raise _told(done.stdout, done.returncode)


def _told(said: str, code: int) -> DeskError:
    """What its process said went wrong."""
    try:
        told = json.loads(said)
        return DeskError(told["zh"], told["en"])
    except (ValueError, KeyError, TypeError):
        return DeskError(
            f"脱敏数据没有做成，程序中途结束（{code}）；请重试",
            f"the de-identified file was not made, its process ended ({code}); try again",
        )


def _took_too_long() -> DeskError:
    return DeskError(
        "制作脱敏数据的时间太长，已停止；请等服务器空闲后重试",
        "making the de-identified file took too long and was stopped; try again when the server is less busy",
    )


def main(arguments: Sequence[str]) -> int:
    """python -m dashboard.desk.deidentified --data DIR [--facts FOLDER] BUILD_ID; the last line says what went wrong, as JSON."""
    parser = ArgumentParser(prog=MODULE)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--facts", type=Path, help="only write the Parquet files, into this folder")
    parser.add_argument("build_id")
    asked = parser.parse_args(arguments)
    try:
        with _failures_told():
            settings = Settings(data=asked.data)
            if asked.facts:
                _write_facts(settings.warehouse / f"{asked.build_id}.duckdb", asked.facts)
            else:
                _make(settings, asked.build_id)
    except DeskError as error:
        print(json.dumps({"zh": error.zh, "en": error.en}))
        return 1
    return 0


def _make(settings: Settings, build_id: str) -> None:
    place = folder(settings)
    with _lock(place, wait=_PATIENCE):
        _prune(settings)
        file = desk_file(settings, build_id)
        if file.is_file():  # another process made it meanwhile
            return
        with tempfile.TemporaryDirectory(prefix=_MAKING, dir=place) as making:
            _run(settings.data, ["--facts", making, build_id])
            made = Path(making) / file.name
            _write_file(made, Path(making))
            made.rename(file)


def _write_facts(warehouse: Path, into: Path) -> None:
    """Every table of the open schema as Parquet, from a warehouse: the only step that sees one."""
    with _database(":memory:", into) as connection:
        connection.execute(f"ATTACH '{_quoted(warehouse)}' AS warehouse (READ_ONLY)")
        connection.execute("SET VARIABLE salt = ?", [secrets.token_hex(32)])
        connection.execute(f"SET VARIABLE least = {LEAST}")
        connection.execute(_resource("facts.sql"))
        withheld = {sort.table: coarsen(connection, sort) for sort in SORTS}
        connection.execute(_resource("durations.sql"))
        connection.execute(
            "CREATE TABLE coarsening (table_name VARCHAR, column_name VARCHAR, precision VARCHAR, row_count BIGINT, rows_withheld BIGINT)"
        )
        for row in _left(connection, withheld):
            connection.execute("INSERT INTO coarsening VALUES (?, ?, ?, ?, ?)", row)
        connection.execute(_resource("views.sql"))
        for table in schema():
            # in the order of what is shown: the order of the load would tell neighbours in time and place
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            target = _quoted(into / f"{table.name}.parquet")
            connection.execute(f"COPY (SELECT {columns} FROM open.{table.name} ORDER BY ALL) TO '{target}' (FORMAT parquet)")


def _left(connection: Any, withheld: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """What each quasi-identifier still shows: table, column, precision, rows, rows left out."""
    for sort in SORTS:
        day = f"{sort.day}_on"
        counted = f"SELECT {sort.day}_precision, count(*) FROM {sort.table} WHERE {day} IS NOT NULL GROUP BY 1 ORDER BY 1"
        for precision, count in connection.execute(counted).fetchall():
            yield sort.table, day, precision, count, withheld[sort.table]
        for column in sort.columns:
            yield (
                sort.table, column, None,
                connection.execute(f"SELECT count({column}) FROM {sort.table}").fetchone()[0],
                withheld[sort.table],
            )  # fmt: skip


def _write_file(file: Path, facts: Path) -> None:
    """The file itself, from Parquet, with every table and column commented."""
    with _database(str(file), facts) as connection:
        connection.execute("CREATE SCHEMA open")
        for table in schema():
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            connection.execute(f"CREATE TABLE open.{table.name} ({columns})")
            source = _quoted(facts / f"{table.name}.parquet")
            connection.execute(f"INSERT INTO open.{table.name} BY NAME SELECT * FROM read_parquet('{source}')")
            connection.execute(f"COMMENT ON TABLE open.{table.name} IS '{_comment(table)}'")
            for column in table.columns:
                connection.execute(f"COMMENT ON COLUMN open.{table.name}.\"{column.name}\" IS '{_comment(column)}'")
        connection.execute("CHECKPOINT")


def _comment(told: Table | Column) -> str:
    return f"{told.zh} / {told.en}".replace("'", "''")


@contextmanager
def _database(name: str, spill: Path) -> Iterator[Any]:
    import duckdb  # only in the processes that make the file, never in one that serves pages

    config: dict[str, Any] = {
        "memory_limit": _MEMORY_LIMIT, "temp_directory": str(spill / "spill"), "threads": 2,
        "autoinstall_known_extensions": False, "autoload_known_extensions": False,
    }  # fmt: skip
    try:
        connection = duckdb.connect(name, config=config)
        try:
            yield connection
        finally:
            connection.close()
    except (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException) as error:
        raise OSError(str(error)) from error


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except Timeout as error:  # an OSError too; another process has been making one all the while
        raise _took_too_long() from error
    except OSError as error:
        raise DeskError(
            f"脱敏数据写不进磁盘（可能已满或没有权限）：{error}；请腾出空间后重试",
            f"the de-identified file cannot be written (disk full, or no permission): {error}; make room and try again",
        ) from error


@contextmanager
def _lock(place: Path, *, wait: float) -> Iterator[None]:
    """Held by one process at a time; the system gives it back when that one dies. Raises filelock.Timeout."""
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / "making.lock", timeout=wait):
        yield


def _prune(settings: Settings) -> None:
    place = folder(settings)
    for leftover in place.glob(f"{_MAKING}*"):
        with suppress(OSError):  # its own first step may still write into it for a moment; the next time takes the rest
            shutil.rmtree(leftover)
    for file in (*place.glob("*.duckdb"), *place.glob("*.zip*")):  # the file, and what was packed of it
        build_id, _, recipe = file.name.partition(".")[0].rpartition("_")
        if recipe != _recipe() or not (settings.warehouse / f"{build_id}.duckdb").exists():
            with suppress(PermissionError):  # Windows keeps a file that somebody reads; the next time takes it
                file.unlink()


def _resource(name: str) -> str:
    return resources.files("dashboard.desk").joinpath(name).read_text(encoding="utf-8")


def _quoted(path: Path) -> str:
    return os.fspath(path).replace("'", "''")


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # the pages come first
    sys.exit(main(sys.argv[1:]))
