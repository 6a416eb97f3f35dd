"""Text tables: delimiter by familiar headers or by the width of the rows, rows by DuckDB or, where it objects, by csv."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from etl.encoding import in_utf8
from etl.errors import UnreadableFile
from etl.progress import tick
from etl.sheet import HEAD_ROWS, Sheet
from etl.source import header_key
from etl.sources import known_headers
from etl.spill import Spill

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAID_DELIMITER = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)
_FEWEST_FAMILIAR = 3
_CHUNK = 1 << 24
_LINE = 1 << 20
_TAIL = 1 << 12
_TICK_ROWS = 10_000


def text_sheet(path: Path, *, name: str, member: str | None, scratch: Path) -> Sheet:
    """The one sheet of a text file. scratch: folder for a UTF-8 copy when the file has another encoding.

    Raises UnreadableFile when the bytes are text in no encoding we know.
    """
    utf8, encoding = in_utf8(path, name=name, scratch=scratch)
    lines = _head_lines(utf8)
    delimiter = _delimiter(lines)
    is_spaced = any(f'{delimiter} "' in line for line in lines) and not any(f'{delimiter}"' in line for line in lines)
    body = TextBody(utf8, delimiter, name, scratch, is_spaced)
    head = [row for _, row in islice(body.numbered(), HEAD_ROWS)]
    return Sheet(member, "csv" if delimiter == "," else "text", encoding, tuple(tuple(row) for row in head), body)


@dataclass(frozen=True)
class TextBody:
    """Records of a UTF-8 text file. name: the file's, for sentences · is_spaced: blanks stand between delimiter and quote."""

    path: Path
    delimiter: str
    name: str
    scratch: Path
    is_spaced: bool = False

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Every record with its number, blank ones too. Raises UnreadableFile for a quote that is never closed."""
        number = 0
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            lines = _Lines(file)
            try:
                for number, row in enumerate(self._reader(lines), 1):
                    yield number, row
                    lines.record, lines.before = [], lines.record
            except csv.Error as error:  # a cell of sixteen million characters
                raise self._unclosed(number + 1) from error
            try:
                for _ in self._reader(iter(lines.before), strict=True):
                    pass
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise self._unclosed(number) from error

    def records(self) -> Iterator[tuple[int, list[str]]]:
        return ((number, row) for number, row in self.numbered() if any(cell.strip() for cell in row))

    def load(self, connection: duckdb.DuckDBPyConnection, table: str, *, header_row: int, width: int) -> None:
        try:
            self._load_fast(connection, table, header_row, width)
        except duckdb.Error:  # ragged rows, stray quotes
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        else:
            if self._is_numbered_right(connection, table, header_row):
                return
            connection.execute(f"DROP VIEW {table}_rows; DROP TABLE {table}")
        self._load_row_by_row(connection, table, header_row, width)

    def _is_numbered_right(self, connection: duckdb.DuckDBPyConnection, table: str, header_row: int) -> bool:
        """As many rows as there are: DuckDB skips blank lines, which would shift every row number behind them."""
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        read = int(rows) + header_row
        return read == _lines(self.path) or read == max((number for number, row in self.numbered() if row), default=0)

    def _load_fast(self, connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int) -> None:
        names = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT *, false AS surplus FROM read_csv($path, auto_detect=false, "
            f"header=false, skip={header_row}, delim=$delimiter, quote='\"', escape='\"', columns={{{names}}}, strict_mode=true)",
            {"path": str(self.path), "delimiter": self.delimiter},
        )
        # file_row is the row's place: tables keep the file's order, so it is read from rowid where it is needed.
        connection.execute(
            f"CREATE TEMP VIEW {table}_rows AS SELECT *, (rowid + {header_row + 1})::INTEGER AS file_row FROM {table}"
        )

    def _load_row_by_row(self, connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int) -> None:
        """Python's csv forgives what DuckDB does not; what it reads is written out cleanly for DuckDB."""
        spill = Spill(self.scratch / f"{self.path.name}.{table}", width=width)
        per_row = 0.0
        for number, row in self.numbered():
            if number > header_row:
                spill.add(number, row)
            if number % _TICK_ROWS == 0:
                per_row = per_row or self.path.stat().st_size / 4 / max(_lines(self.path), 1)
                tick(per_row * _TICK_ROWS)
        spill.close().load(connection, table, header_row=header_row, width=width)

    def _reader(self, lines: Iterator[str], *, strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self.is_spaced, strict=strict)

    def _unclosed(self, row: int) -> UnreadableFile:
        return UnreadableFile(
            f"{self.name}：第 {row:,} 行有一个没有成对的引号，后面的行都会被当成一个单元格；请补上或删去这个引号，或另存为 xlsx 再放入",
            f"{self.name}: row {row:,} opens a quote that is never closed; close or remove it, or save the file as xlsx",
        )


class _Lines:
    """Lines of a file; keeps those of the record being read."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self.record: list[str] = []
        self.before: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.record.append(line)
        return line


def _delimiter(lines: list[str]) -> str:
    """As the file says; else the one that gives the most familiar headers; else the one that cuts most rows into equally many cells."""
    if lines and (said := _SAID_DELIMITER.fullmatch(lines[0])):
        return said[1]
    familiar = {delimiter: _familiar(lines, delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: familiar[delimiter])
    return best if familiar[best] >= _FEWEST_FAMILIAR else max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _familiar(lines: list[str], delimiter: str) -> int:
    """Known headers in the row that has most of them."""
    known = known_headers()
    return max((sum(header_key(cell) in known for cell in row if len(cell) < 40) for row in _rows(lines, delimiter)), default=0)


def _evenness(lines: list[str], delimiter: str) -> float:
    """Squared share of the most common width of more than one cell, times that width; the rows of a table weigh more than chance."""
    rows = [row for row in _rows(lines, delimiter) if row]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((seen / len(rows)) ** 2 * (width - 1) for width, seen in widths.items()), default=0.0)


def _head_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [line for _ in range(HEAD_ROWS) if (line := file.readline(_LINE))]


def _lines(path: Path) -> int:
    """Lines of the file, without blank ones at its end."""
    ends, last = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            ends += chunk.count(b"\n")
            last = (last + chunk)[-_TAIL:]
    content = last.rstrip(b"\r\n")
    return ends - last.count(b"\n", len(content)) + 1
