"""Rows of text on their way from a reader into DuckDB: a file of plain CSV, so that no reader holds a table in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.sheet import HEAD_ROWS

if TYPE_CHECKING:
    import duckdb

WIDEST = 1_000
"""Columns kept; what stands further right counts as surplus."""
_LINE_LIMIT = 2 << 20
_BUFFER = 1 << 20
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class SpilledBody:
    """Rows of a sheet in a spill file: row number, surplus, cells. rows: how many · longest: characters of the longest line."""

    path: Path
    width: int
    rows: int
    longest: int

    def load(self, connection: duckdb.DuckDBPyConnection, table: str, *, header_row: int, width: int) -> None:
        kept = [f"c{i}" if i < self.width else f"NULL::VARCHAR AS c{i}" for i in range(width)]
        beyond = "".join(f" OR trim(c{i}) <> ''" for i in range(width, self.width))
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(self.width))
        # DuckDB's own limits suit a line of 2 MB; they grow with the longest line there is
        limit = max(_LINE_LIMIT, self.longest * 4 + 1024)
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT {', '.join(kept)}, file_row, coalesce(surplus{beyond}, false) AS surplus "
            f"FROM read_csv($path, auto_detect=false, header=false, delim=',', quote='\"', escape='\"', strict_mode=true, new_line='\\n', "
            f"max_line_size={limit}, buffer_size={max(limit, 16 * _LINE_LIMIT)}, "
            f"columns={{'file_row': 'INTEGER', 'surplus': 'BOOLEAN', {columns}}}) WHERE file_row > $header_row",
            {"path": str(self.path), "header_row": header_row},
        )
        connection.execute(f"CREATE TEMP VIEW {table}_rows AS SELECT * FROM {table}")

    def records(self) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding="utf-8", newline="") as file:
            for number, _, *cells in csv.reader(file):
                yield int(number), cells


class Spill:
    """Takes the rows of one sheet in order. The first rows decide how wide the sheet is."""

    def __init__(self, path: Path, *, width: int | None = None) -> None:
        """width: of the sheet, where it is known."""
        self._path = path
        path.write_bytes(b"")
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")
        self._width = width
        self._waiting: list[tuple[int, list[str]]] = []
        self._head: list[list[str]] = []
        self._rows = 0
        self._longest = 0

    def add(self, number: int, cells: list[str]) -> None:
        """number: 1 = first row of the sheet. Blank rows are passed over."""
        if not any(cell and not cell.isspace() for cell in cells):
            return
        self._rows += 1
        if number <= HEAD_ROWS:
            self._head += [[] for _ in range(number - len(self._head))]
            self._head[number - 1] = cells
        if self._width is not None:
            self._write(number, cells, self._width)
            return
        self._waiting.append((number, cells))
        if number > HEAD_ROWS:
            self._flush()

    def close(self) -> SpilledBody:
        """The rows as a body; they are on disk now."""
        self._flush()
        self._drain()
        return SpilledBody(self._path, self._width or 1, self._rows, self._longest)

    @property
    def head(self) -> list[list[str]]:
        """The first rows, as many as there are, each as wide as the widest."""
        width = max((len(row) for row in self._head), default=0)
        return [row[:WIDEST] + [""] * (min(width, WIDEST) - len(row)) for row in self._head]

    def _flush(self) -> None:
        if self._width is None:
            rows = [cells for number, cells in self._waiting if number <= HEAD_ROWS] or [cells for _, cells in self._waiting]
            self._width = min(max(map(len, rows), default=1), WIDEST)
        for number, cells in self._waiting:
            self._write(number, cells, self._width)
        self._waiting.clear()

    def _write(self, number: int, cells: list[str], width: int) -> None:
        surplus = len(cells) > width and any(cell and not cell.isspace() for cell in cells[width:])
        kept = cells if len(cells) == width else cells[:width] + [""] * (width - len(cells))
        begins = self._buffer.tell()
        self._writer.writerow([number, surplus, *kept])
        ends = self._buffer.tell()
        self._longest = max(self._longest, ends - begins)
        if ends > _BUFFER:
            self._drain()

    def _drain(self) -> None:
        """To disk, with line ends of one kind: DuckDB's reader does not bear two. Within cells csv has quoted them all."""
        text = self._buffer.getvalue().replace("\r\n", "\n").replace("\r", "\n")
        with self._path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
        self._buffer.seek(0)
        self._buffer.truncate()


class Downward:
    """Merged cells going down: a person sees the value in every row, so every row gets it."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, str]] = {}

    def begin(self, column: int, last_row: int, value: str) -> None:
        if value:
            self._open[column] = (last_row, value)

    def fill(self, number: int, cells: list[str]) -> None:
        """Writes the values of the merged cells above into row `number`."""
        for column, (last_row, value) in list(self._open.items()):
            if number > last_row:
                del self._open[column]
            else:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or value


def filled_across(head: Sequence[Sequence[str]], merged: Iterable[tuple[int, int, int, int]]) -> tuple[tuple[str, ...], ...]:
    """The head with every cell of a merged range holding its value. merged: top, left, bottom, right, counted from 0, all inclusive."""
    rows = [list(row) for row in head]
    for top, left, bottom, right in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = rows[top][left]
    return tuple(tuple(row) for row in rows)
