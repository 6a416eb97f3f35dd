"""A sheet: one table of text cells inside a file, before anybody knows what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb

HEAD_ROWS = 40
"""Rows looked at to find the header."""


class Body(Protocol):
    """The rows of a sheet."""

    def load(self, connection: duckdb.DuckDBPyConnection, table: str, *, header_row: int, width: int) -> None:
        """Creates the temp table `table` with c0 … c{width-1} VARCHAR, file_row INTEGER (1 = first row of the sheet) and
        surplus BOOLEAN (the row has more cells than the header), one row a record below header_row; and the view `table`_rows."""

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank, with their numbers, one at a time."""


@dataclass(frozen=True)
class Sheet:
    """name: sheet or zip member, None when the file is one table · head: the first rows, merged cells filled in ·
    counts_from_1904: its workbook counts days from 1904, so bare numbers that mean dates do too."""

    name: str | None
    format: str
    encoding: str | None
    head: tuple[tuple[str, ...], ...]
    body: Body
    counts_from_1904: bool = False


@dataclass(frozen=True)
class Skipped:
    """A sheet or zip member that was not read, and why. rows: its rows that are not blank."""

    sheet: str
    rows: int
    zh: str
    en: str


@dataclass(frozen=True)
class Contents:
    """All that a file holds. Sheets without any cell are not worth a word."""

    sheets: tuple[Sheet, ...]
    skipped: tuple[Skipped, ...] = ()
