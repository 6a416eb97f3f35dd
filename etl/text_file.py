"""Text tables: encoding by strict trial over the whole file, delimiter by the head, rows by DuckDB or, where it objects, by csv."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from etl.columns import append
from etl.errors import UnreadableFile
from etl.progress import tick
from etl.sheet import HEAD_ROWS, Sheet

_DELIMITERS = (",", "\t", ";", "|", "，")
_CHUNK = 1 << 24
_BATCH = 50_000
csv.field_size_limit(1 << 24)


def text_sheet(path: Path, *, name: str, member: str | None, scratch: Path) -> Sheet:
    """The one sheet of a text file. scratch: folder for a UTF-8 copy when the file has another encoding.

    Raises UnreadableFile when the bytes are text in no encoding we know.
    """
    encoding = _encoding(path, name)
    utf8 = path if encoding in {"utf-8", "utf-8-sig"} else _transcoded(path, encoding, scratch)
    lines = _head_lines(utf8)
    delimiter = max(_DELIMITERS, key=lambda d: _usual_width(lines, d))
    body = TextBody(utf8, delimiter)
    return Sheet(
        member,
        "csv" if delimiter == "," else "text",
        encoding,
        tuple(tuple(row) for row in islice(body.records(), HEAD_ROWS)),
        body,
    )


@dataclass(frozen=True)
class TextBody:
    """Records of a UTF-8 text file."""

    path: Path
    delimiter: str

    def records(self) -> Iterator[list[str]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file, delimiter=self.delimiter)

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
        """DuckDB skips blank lines, which would shift every row number behind them: as many rows as lines, or no blank line."""
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        return int(rows) + header_row == _lines(self.path) or not _has_blank_line(self.path)

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
        load_rows(connection, table, islice(enumerate(self.records(), 1), header_row, None), width)


def load_rows(connection: duckdb.DuckDBPyConnection, table: str, numbered: Iterator[tuple[int, list[str]]], width: int) -> None:
    """Creates the temp table from (row number, cells); short rows are padded, rows with surplus cells are marked."""
    names = ", ".join(f"c{i} VARCHAR" for i in range(width))
    connection.execute(f"CREATE TEMP TABLE {table} ({names}, file_row INTEGER, surplus BOOLEAN)")
    while batch := list(islice(numbered, _BATCH)):
        cells = [(number, row) for number, row in batch if any(cell.strip() for cell in row)]
        columns: dict[str, tuple[str, list[Any]]] = {
            f"c{i}": ("VARCHAR", [row[i] if i < len(row) and row[i] != "" else None for _, row in cells]) for i in range(width)
        }
        columns["file_row"] = ("INTEGER", [number for number, _ in cells])
        columns["surplus"] = ("BOOLEAN", [any(cell.strip() for cell in row[width:]) for _, row in cells])
        append(connection, table, columns)
    connection.execute(f"CREATE TEMP VIEW {table}_rows AS SELECT * FROM {table}")


def _encoding(path: Path, name: str) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        candidates = ["utf-16"]
    elif start[:3] == codecs.BOM_UTF8:
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFile(
        f"{name}：既不是 UTF-8 也不是 GB18030 文本，也不是 Excel 文件，读不出文字；请从原系统重新导出",
        f"{name}: neither UTF-8 nor GB18030 text nor a workbook; export it again from its system",
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                tick(len(chunk) / 2)  # the other half when the rows are written
                if encoding != "utf-16" and b"\0" in chunk:
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(path: Path, encoding: str, scratch: Path) -> Path:
    target = scratch / f"{path.name}.utf8"
    with path.open(encoding=encoding, newline="") as source, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := source.read(_CHUNK):
            copy.write(chunk)
    return target


def _head_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(islice(file, HEAD_ROWS))


def _usual_width(lines: list[str], delimiter: str) -> int:
    """How many cells most of the widest-looking rows have; 1 when the delimiter does not occur."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    return max((width for width, seen in widths.items() if seen >= len(lines) / 4), default=1)


def _lines(path: Path) -> int:
    """Lines of the file, one without a line end at the end included."""
    ends, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            ends += chunk.count(b"\n")
            last = chunk[-1:]
    return ends + (last != b"\n")


def _has_blank_line(path: Path) -> bool:
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            window = last + chunk
            if b"\n\n" in window or b"\n\r\n" in window or b"\r\r" in window:
                return True
            last = window[-2:]
    return b"\n" not in last and b"\r" in last  # an old Mac file has no line ends to count
