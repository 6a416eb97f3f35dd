"""The process around one query: limits itself, opens the de-identified file, checks the statement, runs it, writes what comes out.

Started by query.py with nothing: no environment, an empty folder, two pipes. It imports DuckDB, since nothing else is in its process.
Lines of JSON go out: {"columns": …}, a list a row, and {"end": …} or {"error": …}. Whoever reads them trusts none of it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

_BLOCK = 256
_OPEN_FILES = 64
_LONGEST = 300
_EVERY_TYPE = """
SELECT DATE '2000-01-01', TIMESTAMP '2000-01-01', TIME '00:00', INTERVAL 1 DAY, 1.5::DECIMAL(3, 1), 1::HUGEINT, [1], {'a': 1}, MAP {'a': 1}
"""


def main() -> None:
    """Reads one request: {paths, file, tables, sql, limits}."""
    request = json.loads(sys.stdin.buffer.read())
    limits = request["limits"]
    _limit_before(limits)
    sys.path.extend(request["paths"])
    import duckdb  # not before the limits, and from a path that only the request knows

    from dashboard.desk.statement import Refusal, functions

    try:
        connection = _opened(request["file"], limits)
        functions()
        connection.execute(_EVERY_TYPE).fetchall()  # whatever it imports to make them, it imports now
        _limit_after()
        _answer(connection, request)
    except Refusal as refusal:
        _say({"error": {"kind": refusal.kind, "name": refusal.name, "position": refusal.position}})
    except (MemoryError, duckdb.OutOfMemoryException):
        _say({"error": {"kind": "memory"}})
    except duckdb.InterruptException:
        _say({"error": {"kind": "time"}})
    except duckdb.Error as error:
        _say({"error": _told(error)})
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is to be tidied up, and tidying may take as long as the query


def _limit_before(limits: Mapping[str, Any]) -> None:
    """What holds from the first moment."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(limits["wall_seconds"]) + 2)  # should whoever reads this be gone
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    cpu_seconds = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))  # the first kills with a signal that says why
    resource.setrlimit(resource.RLIMIT_AS, (limits["address_bytes"], limits["address_bytes"]))


def _limit_after() -> None:
    """What holds once everything is open: no further file, connection or process, and the pages come first on every processor."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # root is not held by it
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        # All cages on one processor: idle or not, on each of them they made pages a quarter slower (bench_desk), so not at all.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _opened(file: str, limits: Mapping[str, Any]) -> Any:
    import duckdb

    connection = duckdb.connect(file, read_only=True, config={"threads": 1})
    for setting, value in {
        "async_threads": 0,
        "memory_limit": f"{limits['memory_bytes']}B",
        "temp_directory": "",  # otherwise a folder beside the file, were it never so empty
        "max_temp_directory_size": "0KB",
        "max_execution_time": int(limits["wall_seconds"] * 1000),
        "max_expression_depth": 200,
        "errors_as_json": True,
        "enable_progress_bar": False,
        "schema": "open",
        "python_enable_replacements": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "enable_external_access": False,
        "lock_configuration": True,
    }.items():
        connection.execute(f"SET {setting} = '{value}'")
    return connection


def _answer(connection: Any, request: Mapping[str, Any]) -> None:
    from dashboard.desk.statement import Refusal, check

    sql, limits = request["sql"], request["limits"]
    serialized = "SELECT json_serialize_sql($sql::VARCHAR, skip_null := true, skip_empty := true)"
    check(connection.execute(serialized, {"sql": sql}).fetchone()[0], request["tables"])
    connection.execute(sql)
    described = connection.description
    if len(described) > limits["columns"]:
        raise Refusal("columns", str(limits["columns"]))
    _say({"columns": [[column[0], str(column[1])] for column in described]})
    count, is_cut = _write_rows(connection, limits["rows"], limits["output_bytes"])
    _say({"end": {"rows": count, "is_cut": is_cut}})


def _write_rows(connection: Any, most_rows: int, most_bytes: int) -> tuple[int, bool]:
    """How many rows went out, and whether there were more."""
    count = written = 0
    for row in _rows(connection):
        line = json.dumps(_keyed(row), ensure_ascii=False, default=_plain).encode("utf-8", "replace") + b"\n"
        written += len(line)
        if count == most_rows or written > most_bytes:
            return count, True
        sys.stdout.buffer.write(line)
        count += 1
    return count, False


def _rows(connection: Any) -> Iterator[tuple[Any, ...]]:
    while rows := connection.fetchmany(_BLOCK):
        yield from rows


def _keyed(value: Any) -> Any:
    """The same with text for keys: a map may have any."""
    if isinstance(value, dict):
        return {str(key): _keyed(one) for key, one in value.items()}
    return [_keyed(one) for one in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    """What JSON has no form for, as text that can be read back by its column's type."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    return repr(value)


def _told(error: Exception) -> dict[str, Any]:
    """DuckDB's own words, with the place where it gives one."""
    text = str(error)
    try:
        told = json.loads(text[text.index("{") :])
    except ValueError:
        return {"kind": "failed", "name": _one_line(text)}
    position = told.get("position")
    return {"kind": "failed", "name": _one_line(told["exception_message"]), "position": None if position is None else int(position)}


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _say(line: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    sys.path[:] = [place for place in sys.path if place and Path(place).name != "desk"]
    main()
