"""Bytes → text cells, whatever the encoding, the delimiter or the name of the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import UnreadableFile
from etl.read import read_sheets
from etl.sheet import Sheet
from etl.text_file import TextBody

HEADER = ["事件编号", "事件状态", "上报时间"]
RECORD = ["SJ1", "已结案", "2024-03-05 09:05:00"]


def table(sheet: Sheet, header_row: int = 1) -> list[tuple[object, ...]]:
    """file_row and cells of every record below the header."""
    with duckdb.connect() as connection:
        sheet.body.load(connection, "cells", header_row=header_row, width=len(HEADER))
        return connection.execute("SELECT file_row, c0, c1, c2, surplus FROM cells_rows ORDER BY file_row").fetchall()


def text_file(folder: Path, content: bytes, name: str = "事件.csv") -> Sheet:
    (folder / name).write_bytes(content)
    (sheet,) = read_sheets(folder / name, name=name, scratch=folder)
    return sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_encoding_and_delimiter_gives_the_same_cells(tmp_path: Path, encoding: str, delimiter: str, newline: str) -> None:
    content = newline.join(delimiter.join(row) for row in (HEADER, RECORD, RECORD)) + newline
    sheet = text_file(tmp_path, content.encode(encoding))
    assert list(sheet.head[0]) == HEADER
    assert table(sheet) == [(2, *RECORD, False), (3, *RECORD, False)]


def test_row_numbers_survive_blank_lines_quoted_newlines_and_ragged_rows(tmp_path: Path) -> None:
    content = '事件编号,事件状态,上报时间\nA,"两\n行",x\n\nB,短\nC,长,y,多出来的\n'
    assert table(text_file(tmp_path, content.encode())) == [
        (2, "A", "两\n行", "x", False),
        (4, "B", "短", None, False),
        (5, "C", "长", "y", True),
    ]


def test_old_mac_line_ends_are_read(tmp_path: Path) -> None:
    assert table(text_file(tmp_path, "事件编号,事件状态,上报时间\rA,b,c\r".encode())) == [(2, "A", "b", "c", False)]


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n"'), max_size=6)] * 3), min_size=1, max_size=5
    )
)
def test_duckdb_and_python_read_the_same_cells(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    folder = tmp_path_factory.mktemp("read")
    path = folder / "t.csv"
    quoted = [",".join(f'"{cell}"' for cell in row) for row in [tuple(HEADER), *rows]]
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8", newline="")
    body = TextBody(path, ",", "t.csv", folder)
    found = []
    for load in (body._load_fast, body._load_row_by_row):
        with duckdb.connect() as connection:
            load(connection, "cells", 1, 3)
            cells = connection.execute(
                "SELECT file_row, nullif(c0, ''), nullif(c1, ''), nullif(c2, '') FROM cells_rows ORDER BY 1"
            ).fetchall()
            found.append([row for row in cells if any(isinstance(cell, str) and cell.strip() for cell in row[1:])])
    assert found[0] == found[1]


def xlsx(folder: Path, name: str) -> Path:
    with xlsxwriter.Workbook(str(folder / name)) as book:
        sheet = book.add_worksheet("事件")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, RECORD)
        sheet.write_number(2, 0, 120110123456789)
        sheet.write_datetime(
            2, 2, __import__("datetime").datetime(2024, 3, 5, 9, 5), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
    return folder / name


def test_a_workbook_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    xlsx(tmp_path, "a.xlsx").rename(tmp_path / "事件.csv")
    (sheet,) = read_sheets(tmp_path / "事件.csv", name="事件.csv", scratch=tmp_path)
    assert sheet.format == "xlsx"
    assert table(sheet)[0] == (2, *RECORD, False)
    assert table(sheet)[1] == (3, "120110123456789", None, "2024-03-05 09:05:00", False)


def test_an_old_xls_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for row, values in enumerate((HEADER, RECORD)):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    book.save(str(tmp_path / "名册.xls"))
    (found,) = read_sheets(tmp_path / "名册.xls", name="名册.xls", scratch=tmp_path)
    assert (found.format, found.name) == ("xls", "名册")
    assert table(found) == [(2, *RECORD, False)]


def test_a_zip_gives_its_members_with_their_chinese_names(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("事件/上半年.csv", "事件编号,事件状态,上报时间\nA,b,c\n".encode("gb18030"))
    (tmp_path / "导出.zip").write_bytes(inner.getvalue())
    (sheet,) = read_sheets(tmp_path / "导出.zip", name="导出.zip", scratch=tmp_path)
    assert sheet.name == "事件/上半年.csv"
    assert table(sheet) == [(2, "A", "b", "c", False)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"PK\x03\x04 cut off", "不完整"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "打不开"),
        (b"<html><p>no table</p></html>", "没有表格的网页"),
        (b"\xff\xfe\x00\xd8 broken utf-16 \x00\xd8", "读不出文字"),
        (b"\x00\x01\x02\xff\xff", "读不出文字"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "坏.csv").write_bytes(content)
    with pytest.raises(UnreadableFile, match=sentence) as refused:
        read_sheets(tmp_path / "坏.csv", name="坏.csv", scratch=tmp_path)
    assert "坏.csv" in refused.value.zh
    assert refused.value.en
