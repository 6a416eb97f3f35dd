"""Whatever the table, it is read back cell by cell; whatever the bytes, they give sheets or a sentence."""

from __future__ import annotations

import csv
import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.errors import FileError
from etl.read import read_file, read_sheets
from etl.recognise import recognise
from etl.sheet import Body, Sheet
from etl.sources import SOURCES
from etl.text_file import TextBody
from tests.etl import odd_files as odd
from tests.etl.torture import table

HEADER = ["事件编号", "事件状态", "上报时间", "备注"]
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def text_of(exclude: str = "") -> st.SearchStrategy[str]:
    anything = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff" + exclude)
    troublesome = st.sampled_from([c for c in ",;|\t，\"' \n=路" if c not in exclude])
    return st.text(st.one_of(anything, troublesome), max_size=8)


def rows_of(cell: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(cell, min_size=len(HEADER), max_size=len(HEADER)), max_size=6)


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """One for all tests: to open one costs more than any of them."""
    return duckdb.connect()


def loaded(sheet: Sheet, width: int) -> list[tuple[Any, ...]]:
    """The rows below the first as they lie in DuckDB: row number, surplus, cells."""
    connection().execute("DROP VIEW IF EXISTS cells_rows; DROP TABLE IF EXISTS cells")
    sheet.body.load(connection(), "cells", header_row=1, width=width)
    cells = "".join(f", c{i}" for i in range(width))
    return connection().execute(f"SELECT file_row, surplus{cells} FROM cells_rows ORDER BY 1").fetchall()


def read_back(content: bytes) -> list[tuple[int, list[str]]]:
    """Row numbers and cells as they lie in DuckDB, blank rows left out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "导出"
        path.write_bytes(content)
        (sheet,) = read_sheets(path, name="导出", scratch=Path(folder))
        assert list(sheet.head[0]) == HEADER
        found = loaded(sheet, len(HEADER))
    assert not any(surplus for _, surplus, *_ in found)
    return [(number, [cell or "" for cell in cells]) for number, _, *cells in found if any(cell and cell.strip() for cell in cells)]


def numbered(rows: list[list[str]]) -> list[tuple[int, list[str]]]:
    return [(number, cells) for number, cells in enumerate(rows, 2) if any(cell.strip() for cell in cells)]


@QUIET
@given(
    rows=rows_of(text_of()),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    delimiter=st.sampled_from([",", "\t", ";", "|", "，"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_written_as_text_is_read_back(
    rows: list[list[str]], encoding: str, delimiter: str, line_end: str, quoting: Any
) -> None:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n", quoting=quoting)
    writer.writerows([HEADER, *rows])
    # line ends of rows only: those within cells stay \n
    lines = target.getvalue().replace("\r\n", line_end)
    assert read_back(lines.encode(encoding)) == numbered(rows)


@QUIET
@given(rows=rows_of(text_of()))
def test_duckdb_and_python_read_the_same_rows_of_a_text(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
        body = TextBody(path, ",", "t.csv", Path(folder))
        found = []
        for load in (body._load_fast, body._load_row_by_row):
            connection().execute("DROP VIEW IF EXISTS cells_rows; DROP TABLE IF EXISTS cells")
            load(connection(), "cells", 1, len(HEADER))
            found.append(connection().execute("SELECT file_row, c0, c1, c2, c3 FROM cells_rows ORDER BY 1").fetchall())
    assert [row for row in found[0] if any(cell and cell.strip() for cell in row[1:])] == found[1]


@FEW
@given(rows=rows_of(text_of(exclude="_")))
def test_any_table_written_as_a_workbook_is_read_back(rows: list[list[str]]) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([HEADER, *rows]):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    assert read_back(target.getvalue()) == numbered(rows)


@QUIET
@given(rows=rows_of(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Z"]), max_size=8)))
def test_any_table_written_as_a_web_page_or_as_xml_is_read_back(rows: list[list[str]]) -> None:
    rows = [["x" + cell for cell in cells] for cells in rows]
    assert read_back(odd.page([HEADER, *rows]).encode()) == numbered(rows)
    assert read_back(odd.spreadsheet_xml([HEADER, *rows])) == numbered(rows)


GOOD = {
    "xlsx": odd.xlsx({"事件": table("F", 5), "第二": table("G", 3)}),
    "xls": odd.xls({"事件": table("F", 5)}),
    "xlsb": odd.xlsb(table("F", 5)),
    "ods": odd.ods(table("F", 5)),
    "zip": odd.zipped({"甲.csv": odd.csv_bytes(table("F", 5)), "乙.xml": odd.spreadsheet_xml(table("G", 3))}),
    "xml": odd.spreadsheet_xml(table("F", 5)),
    "html": odd.page(table("F", 5)).encode("gb18030"),
    "mhtml": odd.letter(odd.page(table("F", 5))),
    "csv": odd.csv_bytes(table("F", 5), "gb18030"),
}


def reads_or_says_why(content: bytes) -> None:
    """Sheets that can be loaded, or a FileError foreseen: one that names what was thrown is a reader's fault."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "导出"
        path.write_bytes(content)
        try:
            contents = read_file(path, name="导出", scratch=Path(folder))
            for sheet in contents.sheets:
                loaded(sheet, max(map(len, sheet.head), default=0) or 1)
        except FileError as error:
            why = error.zh
        else:
            why = ""
    assert "维护者" not in why


@QUIET
@given(content=st.binary(max_size=600))
def test_any_bytes_give_sheets_or_a_sentence(content: bytes) -> None:
    reads_or_says_why(content)


@pytest.mark.parametrize("kind", GOOD)
@FEW
@given(data=st.data())
def test_damage_gives_sheets_or_a_sentence(kind: str, data: st.DataObject) -> None:
    content = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    reads_or_says_why(bytes(content[: data.draw(st.one_of(st.none(), st.integers(0, len(content))))]))


def decorated(header: str) -> st.SearchStrategy[str]:
    """The header as people and systems dress it up."""
    wide = header.translate({ord(c): ord(c) + 0xFEE0 for c in "()abcdefghijklmnopqrstuvwxyz0123456789"})
    dressed = [
        f" {header} ",
        f"【{header}】",
        f"（{header}）",
        f"{header}：",
        f"*{header}",
        "\u3000".join(header),
        f"{header[:2]}\n{header[2:]}",
    ]
    return st.sampled_from([header, *dressed, wide, f"\ufeff{header}", f"[{header}]:", header.upper(), f"{header}\u200b"])


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_header_is_known_however_it_is_shuffled_and_dressed_up(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    columns = data.draw(st.permutations([column for column in source.columns if column.type != "personal"]))
    extra = data.draw(st.lists(st.sampled_from(["", "序号", "附件", "经纬度"]), max_size=3))
    headers = [data.draw(decorated(data.draw(st.sampled_from(column.headers)))) for column in columns] + extra
    wide = [["说明：本表由系统导出", "单位：件", *[""] * (len(headers) - 2)], ["示例镇导出清单", *[""] * (len(headers) - 1)]]
    above = data.draw(st.lists(st.sampled_from([*wide, [""] * len(headers)]), max_size=6))
    below = [[f"{n}-{i}" for i in range(len(headers))] for n in range(3)]
    sheet = Sheet(None, "csv", "utf-8", tuple(map(tuple, [*above, headers, *below])), _no_rows())
    found = recognise(sheet, name="x")
    assert (found.source, found.header_row) == (source, len(above) + 1)
    assert found.columns == {column.name: place for place, column in enumerate(columns)}


def _no_rows() -> Body:
    return odd.NoRows()
