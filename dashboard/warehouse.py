"""The published warehouse, read-only: follows the pointer file to the newest build. The only module here that knows DuckDB."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

POINTER = "CURRENT"
SCHEMA_VERSION = 3
BUILDS_KEPT = 3
"""Attached builds: the current one and those pages may still be reading; the fourth newest is let go."""

Parameters = Sequence[Any] | Mapping[str, Any]
T = TypeVar("T")
Stamp = tuple[int, int, int]
log = logging.getLogger(__name__)


class WarehouseError(Exception):
    """The warehouse cannot be read. zh and en say what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class WarehouseMissing(WarehouseError):
    """Nothing has been published yet."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"还没有数据：{directory} 里没有已发布的数据仓库。请先运行 python -m etl build",
            f"No data yet: {directory} holds no published warehouse. Run python -m etl build first",
        )


class WarehouseUnreadable(WarehouseError):
    """The pointer, or the build it names, cannot be used."""

    def __init__(self, path: Path, why_zh: str, why_en: str) -> None:
        super().__init__(
            f"数据仓库 {path} 无法读取：{why_zh}。请重新运行 python -m etl build",
            f"Warehouse {path} cannot be read: {why_en}. Run python -m etl build again",
        )


class BuildNotKept(WarehouseError):
    """The folder no longer has the build of that id."""

    def __init__(self, build_id: str) -> None:
        super().__init__(f"数据版本 {build_id} 已不在本机", f"build {build_id} is no longer kept here")


@dataclass(frozen=True)
class Build:
    """The build record. as_of: the moment every number is computed at · data_from, data_to: first and last reported day."""

    build_id: str
    as_of: datetime
    schema_version: int
    data_from: date
    data_to: date
    built_at: datetime
    code_version: str


class Snapshot:
    """One build. Everything on one page reads the same one; safe to share between threads. folder: of the published builds."""

    def __init__(self, hub: duckdb.DuckDBPyConnection, alias: str, folder: Path) -> None:
        self._hub, self._alias, self.folder = hub, alias, folder
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._is_closed = False
        self._remembered: dict[Hashable, Any] = {}
        self.build = self._read_build()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """The rows of a query over core.*, meta.* and raw.*; nulls are None."""
        with self._cursor() as cursor:
            return cursor.execute(sql, parameters or None).fetchall()

    def query(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """The same as a frame, columns named as in the query."""
        with self._cursor() as cursor:
            return cursor.execute(sql, parameters or None).df()

    def table(self, sql: str, parameters: Parameters = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows, without the cost of a frame."""
        with self._cursor() as cursor:
            cursor.execute(sql, parameters or None)
            return [column[0] for column in cursor.description or []], cursor.fetchall()

    def stream(self, sql: str, parameters: Parameters, block: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query in blocks, without holding them all."""
        with self._cursor() as cursor:
            cursor.execute(sql, parameters or None)
            while rows := cursor.fetchmany(block):
                yield rows

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """make(), called once a build and key: a build never changes. For small things only (names, options)."""
        if key not in self._remembered:
            self._remembered[key] = make()
        found: T = self._remembered[key]
        return found

    def close(self) -> None:
        """Lets the build go; a query still running finishes."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor nobody else holds: one connection shared by threads gives wrong answers without an error."""
        try:
            cursor = self._idle.pop()
        except IndexError:
            cursor = self._hub.cursor()
            cursor.execute(f"USE {self._alias}")
        try:
            yield cursor
        finally:
            if self._is_closed:
                cursor.close()
            else:
                self._idle.append(cursor)

    def _read_build(self) -> Build:
        rows = self.rows("SELECT build_id, as_of, schema_version, data_from, data_to, built_at, code_version FROM meta.build")
        if len(rows) != 1:
            raise duckdb.DataError(f"meta.build has {len(rows)} rows, expected 1")
        return Build(*rows[0])


class Warehouse:
    """The folder of published builds; one per process, opened at the first use (after a server has forked).

    One in-memory hub attaches the build the pointer names; when the pointer moves the next is attached and older ones are
    let go three builds later, so that a page in progress ends on the build it began with.
    """

    def __init__(self, directory: Path, threads: int = 2) -> None:
        self.directory = directory
        self._threads = threads
        self._lock = threading.Lock()
        self._hub: duckdb.DuckDBPyConnection | None = None
        self._process = -1
        self._stamp: Stamp | None = None
        self._current: Snapshot | None = None
        self._attached: OrderedDict[str, tuple[str, Snapshot]] = OrderedDict()
        self._count = 0
        self._of_parents: list[Any] = []

    def current(self) -> Snapshot:
        """The newest published build; costs one stat of the pointer while it has not moved.

        Raises WarehouseMissing when nothing is published and WarehouseUnreadable when what is published cannot be used.
        Once a build is being served, a pointer that goes bad is logged and the build stays.
        """
        stamp = self._pointer_stamp()
        if self._current is not None and stamp == self._stamp and self._process == os.getpid():
            return self._current
        with self._lock:
            return self._follow(stamp)

    def of(self, build_id: str) -> Snapshot:
        """A build that is kept, whatever the pointer says; what was taken before may be closed. Raises BuildNotKept, WarehouseUnreadable."""
        file = self.directory / f"{build_id}.duckdb"
        if file.parent != self.directory or not file.is_file():
            raise BuildNotKept(build_id)
        with self._lock:
            return self._snapshot(file.name)

    def close(self) -> None:
        """Closes everything; a later current() opens again."""
        with self._lock:
            for _, snapshot in self._attached.values():
                snapshot.close()
            if self._hub is not None:
                self._hub.close()
            self._forget()

    def _follow(self, stamp: Stamp | None) -> Snapshot:
        if self._process != os.getpid():
            self._of_parents.append((self._hub, dict(self._attached)))  # a forked child must neither use nor close them
            self._forget()
            self._process = os.getpid()
        try:
            self._current = self._snapshot(self._pointed_name())
        except WarehouseError as error:
            if self._current is None:
                raise
            log.warning("%s", error)
        self._stamp = stamp
        return self._current

    def _snapshot(self, name: str) -> Snapshot:
        if name in self._attached:
            self._attached.move_to_end(name)
            return self._attached[name][1]
        snapshot, alias = self._attach(name)
        self._attached[name] = (alias, snapshot)
        while len(self._attached) > BUILDS_KEPT:
            old_alias, old = self._attached.popitem(last=False)[1]
            old.close()
            self._connection().execute(f"DETACH {old_alias}")
        return snapshot

    def _attach(self, name: str) -> tuple[Snapshot, str]:
        path = self.directory / name
        if not path.is_file():
            raise WarehouseUnreadable(path, "文件不存在", "the file does not exist")
        self._count += 1
        alias = f"build_{self._count}"
        quoted = str(path).replace("'", "''")
        is_attached = False
        try:
            self._connection().execute(f"ATTACH '{quoted}' AS {alias} (READ_ONLY)")
            is_attached = True
            return Snapshot(self._connection(), alias, self.directory), alias
        except duckdb.Error as error:
            if is_attached:
                self._connection().execute(f"DETACH {alias}")
            raise WarehouseUnreadable(path, "不是有效的数据仓库", f"it is not a warehouse ({error})") from error

    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._hub is None:
            settings: dict[str, Any] = {
                "threads": self._threads, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
            }  # fmt: skip
            self._hub = duckdb.connect(":memory:", config=settings)
        return self._hub

    def _pointer_stamp(self) -> Stamp | None:
        try:
            status = (self.directory / POINTER).stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def _pointed_name(self) -> str:
        """File name of the current build; it must lie in this folder and have the schema this program knows."""
        path = self.directory / POINTER
        try:
            pointer = json.loads(path.read_text(encoding="utf-8"))
            name, version = str(pointer["name"]), int(pointer["schema_version"])
        except FileNotFoundError:
            raise WarehouseMissing(self.directory) from None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise WarehouseUnreadable(path, "指针文件损坏", f"the pointer file is damaged ({error})") from error
        if Path(name).name != name or not name:
            raise WarehouseUnreadable(path, f"指针文件指向文件夹之外：{name}", f"the pointer leaves its folder: {name}")
        if version != SCHEMA_VERSION:
            raise WarehouseUnreadable(
                path,
                f"结构版本为 {version}，本程序需要 {SCHEMA_VERSION}",
                f"its schema version is {version}, this program needs {SCHEMA_VERSION}",
            )
        return name

    def _forget(self) -> None:
        self._hub, self._stamp, self._current, self._count = None, None, None, 0
        self._attached.clear()
