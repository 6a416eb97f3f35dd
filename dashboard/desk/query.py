"""A researcher's query, run in a cage: a process of its own a query, over the de-identified file, within limits.

run() waits for its turn, starts cage.py, reads what it writes and kills it when it goes beyond its time or output. What comes out of
the cage is read as data of known shape, never as anything that could act.
"""

from __future__ import annotations

import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from dashboard.desk import line
from dashboard.desk.courtesy import Courtesy
from dashboard.desk.deidentified import DeskError, folder, prepared, schema
from dashboard.desk.sentences import SENTENCES, Message, sentence
from dashboard.processes import PROJECT
from dashboard.settings import Settings

AT_ONCE = 2
_CAGE = Path(__file__).with_name("cage.py")
_LOOK_EVERY = 0.01
_GOODBYE = 1.0
_SLACK = 1_000_000
_BLOCK = 65_536


@dataclass(frozen=True)
class Limits:
    """Of one query. address_bytes: what its process may map; 700 MB of it are DuckDB's own before anything is read ·
    memory_bytes: what DuckDB may hold · patience_seconds: longest wait for its turn."""

    rows: int = 10_000
    columns: int = 200
    output_bytes: int = 8_000_000
    wall_seconds: float = 30
    cpu_seconds: int = 20
    memory_bytes: int = 400_000_000
    address_bytes: int = 1_400_000_000
    sql_bytes: int = 20_000
    patience_seconds: float = 120


@dataclass(frozen=True)
class Column:
    """type: DuckDB's name of it."""

    name: str
    type: str


@dataclass(frozen=True)
class Result:
    """outcome: done, unprepared (no de-identified file), or a kind of sentences.py · rows: None, bool, int, float, Decimal, str, date, datetime, time, list,
    dict · is_cut: there were more rows than may go out · message: None when done · place: line and column from 1 in the statement ·
    received_bytes: what the cage wrote, about the measure of what it takes to keep."""

    outcome: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = field(default=(), repr=False)
    is_cut: bool = False
    seconds: float = 0.0
    message: Message | None = None
    place: tuple[int, int] | None = None
    received_bytes: int = 0

    @property
    def row_count(self) -> int:
        return len(self.rows)


LIMITS = Limits()


def run(
    settings: Settings,
    build_id: str,
    sql: str,
    *,
    limits: Limits = LIMITS,
    query_id: str = "",
    is_called_off: Callable[[], bool] = lambda: False,
) -> Result:
    """Runs one statement over a build's open schema. Never raises for what somebody wrote: the result's message says what is wrong.

    query_id: under which cancel() and place() know it, 1–40 of 0-9 a-z · is_called_off: asked when its turn comes and while it runs;
    cancel() knows only a query that stands in line already.
    """
    started = time.monotonic()
    said = _run(settings, build_id, sql, limits, query_id or secrets.token_hex(8), is_called_off)
    return _result(sql, said, time.monotonic() - started)


def cancel(settings: Settings, query_id: str) -> bool:
    """Calls off a query, waiting or running, in whichever server process; False when there is none of that id."""
    return line.cancel(_line(settings), query_id)


def place(settings: Settings, query_id: str) -> int | None:
    """0 while it runs, else its place in line from 1; None when there is no such query."""
    return line.place(_line(settings), query_id, at_once=AT_ONCE)


def _line(settings: Settings) -> Path:
    return folder(settings) / "line"


@dataclass
class _Said:
    """What a cage said, as far as it was understood."""

    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    is_cut: bool = False
    kind: str = ""
    name: str = ""
    position: int | None = None
    told: Message | None = None
    received_bytes: int = 0


def _run(settings: Settings, build_id: str, sql: str, limits: Limits, query_id: str, is_called_off: Callable[[], bool]) -> _Said:
    if os.name != "posix":
        return _Said(kind="system")
    if len(sql.encode("utf-8", "replace")) > limits.sql_bytes:
        return _Said(kind="long", name=str(limits.sql_bytes))
    try:
        file = prepared(settings, build_id)
        with line.turn(_line(settings), query_id, at_once=AT_ONCE, patience=limits.patience_seconds) as is_cancelled:
            if is_called_off():
                return _Said(kind="cancelled")
            return _caged(file, sql, limits, lambda: is_cancelled() or is_called_off())
    except DeskError as error:
        return _Said(kind="unprepared", told=Message(error.zh, error.en))
    except line.TooLong:
        return _Said(kind="line")
    except line.Cancelled:
        return _Said(kind="cancelled")


def _caged(file: Path, sql: str, limits: Limits, is_cancelled: Callable[[], bool]) -> _Said:
    request = {
        "paths": [str(PROJECT), sysconfig.get_path("purelib")],
        "file": str(file.resolve()),
        "tables": [table.name for table in schema()],
        "sql": sql,
        "limits": asdict(limits),
    }
    with tempfile.TemporaryDirectory(prefix="desk_") as empty:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(_CAGE)],
            cwd=empty,
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            # Not a session of its own: the system would share out the processor between sessions, whatever their niceness.
            process_group=0,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _send(process.stdin, request)
            said, stopped = _heard(process.stdout, limits, is_cancelled, Courtesy(process))
            if not stopped:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_GOODBYE)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
    if stopped or not said.kind:
        said.kind = stopped or _how_it_ended(process.returncode)
    return said


def _send(pipe: IO[bytes], request: Mapping[str, Any]) -> None:
    with suppress(BrokenPipeError), pipe:  # should it have ended already, its return code says how
        pipe.write(json.dumps(request).encode())


def _heard(pipe: IO[bytes], limits: Limits, is_cancelled: Callable[[], bool], courtesy: Courtesy) -> tuple[_Said, str]:
    """What the cage said until it had said all, and why it was stopped before, if it was."""
    said, rest = _Said(), b""
    ends_at = time.monotonic() + limits.wall_seconds
    for block in _blocks(pipe):
        courtesy.look()
        if is_cancelled():
            return said, "cancelled"
        if time.monotonic() > ends_at:
            return said, "time"
        said.received_bytes += len(block)
        if said.received_bytes > limits.output_bytes + _SLACK:
            return said, "output"
        *lines, rest = (rest + block).split(b"\n")
        for one in lines:
            if not _understand(said, one):
                return said, "broken"
    return said, ""


def _blocks(pipe: IO[bytes]) -> Iterator[bytes]:
    """What comes, nothing where nothing has come for a moment, until the pipe is closed."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(_LOOK_EVERY):
                yield b""
                continue
            block = os.read(pipe.fileno(), _BLOCK)
            if not block:
                return
            yield block


def _understand(said: _Said, one: bytes) -> bool:
    """Takes in a line; whether it is one of those a cage writes."""
    try:
        told = json.loads(one)
        if isinstance(told, list):
            said.rows.append(tuple(_value(value, type_) for value, (_, type_) in zip(told, said.columns, strict=True)))
        elif "columns" in told:
            said.columns = [(str(name), str(type_)) for name, type_ in told["columns"]]
        elif "end" in told:
            said.kind, said.is_cut = "done", bool(told["end"]["is_cut"])
        else:
            error = told["error"]
            said.kind, said.name, said.position = str(error["kind"]), str(error.get("name", "")), error.get("position")
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return said.kind in ("", "done", *SENTENCES)


def _value(value: Any, type_: str) -> Any:
    """Back from text by the column's type; what no calendar has (infinity) stays text."""
    read = _READ.get(type_.partition("(")[0])
    if read is None or not isinstance(value, str):
        return value
    try:
        return read(value)
    except ValueError:
        return value


_READ: dict[str, Callable[[str], Any]] = {
    "DATE": date.fromisoformat,
    "TIMESTAMP": datetime.fromisoformat,
    "TIME": time_of_day.fromisoformat,
    "DECIMAL": Decimal,
}
_ENDED = {-signal.SIGXCPU: "cpu", -signal.SIGALRM: "time", -signal.SIGABRT: "memory", -signal.SIGSEGV: "memory"}


def _how_it_ended(code: int) -> str:
    return _ENDED.get(code, "broken")


def _result(sql: str, said: _Said, seconds: float) -> Result:
    if said.kind == "done":
        columns = tuple(Column(name, type_) for name, type_ in said.columns)
        return Result("done", columns, tuple(said.rows), said.is_cut, seconds, received_bytes=said.received_bytes)
    where = _place(sql, said.position)
    return Result(said.kind, seconds=seconds, message=said.told or sentence(said.kind, said.name, where), place=where)


def _place(sql: str, position: int | None) -> tuple[int, int] | None:
    """Line and column, from 1, of a byte of the statement."""
    if position is None:
        return None
    before = sql.encode("utf-8", "replace")[: int(position)].decode("utf-8", "ignore")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
