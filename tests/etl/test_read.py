"""Bytes → text cells, whatever the encoding, the delimiter or the name of the file."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
import xlwt

from etl.errors import UnreadableFile
from etl.read import failures_told, read_file, read_sheets
from etl.sheet import Sheet
from etl.workbook_cells import cell_text
from tests.etl import odd_files as odd

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


def test_a_damaged_zip_packed_by_bzip2_is_told(tmp_path: Path) -> None:
    """What unpacks it raises an OSError without a number, as no full disk does."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.csv", "事件编号,上报时间\n" * 500)
    damaged = bytearray(inner.getvalue())
    damaged[40:60] = bytes(20)
    (tmp_path / "导出.zip").write_bytes(damaged)
    with pytest.raises(UnreadableFile, match="不完整"):
        list(read_sheets(tmp_path / "导出.zip", name="导出.zip", scratch=tmp_path))


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


def sheets_of(folder: Path, content: bytes) -> list[Sheet]:
    (folder / "导出").write_bytes(content)
    return read_sheets(folder / "导出", name="导出", scratch=folder)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        (" 原样 ", " 原样 "),
        (True, "是"),
        (3.0, "3"),
        (12, "12"),
        (0.1 + 0.2, "0.3"),
        (120110123456789.0, "120110123456789"),
        (1.20110123456789e18, "1.20110E+18"),
        (1_201_101_234_567_890_123, "1.20110E+18"),
        (datetime(2026, 10, 1), "2026-10-01"),
        (datetime(2026, 10, 1, 9, 4, 59, 999_600), "2026-10-01 09:05:00"),
        (datetime(2026, 10, 1, 23, 59, 59, 999_600), "2026-10-02"),
        (date(2026, 10, 1), "2026-10-01"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=26, minutes=30), "26:30:00"),
    ],
)
def test_a_cell_is_the_text_a_person_would_type(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_cell_merged_downwards_counts_for_every_row_and_one_merged_across_for_the_header_only(tmp_path: Path) -> None:
    rows: odd.Rows = [[("标题", 1, 3), "", ""], HEADER, ["A", ("已结案", 2, 1), "x"], ["B", "", "y"], [("合计", 1, 2), "", "2"]]
    for content in (odd.xlsx({"一": rows}), odd.xls({"一": rows})):
        (sheet,) = sheets_of(tmp_path, content)
        assert sheet.head[0] == ("标题", "标题", "标题")
        assert [cells for _, cells in sheet.body.records()][2:] == [["A", "已结案", "x"], ["B", "已结案", "y"], ["合计", "", "2"]]


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_workbook_says_from_which_year_it_counts_days(tmp_path: Path, from_1904: bool) -> None:
    xml = odd.spreadsheet_xml([HEADER]).replace(
        b"<Worksheet", b'<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><Date1904/></ExcelWorkbook><Worksheet'
    )
    contents = [
        odd.xlsx({"一": [HEADER]}, options={"date_1904": from_1904}),
        odd.xls({"一": [HEADER]}, from_1904=from_1904),
        xml if from_1904 else odd.spreadsheet_xml([HEADER]),
    ]
    assert [sheets_of(tmp_path, content)[0].counts_from_1904 for content in contents] == [from_1904] * 3


def test_a_cell_of_a_web_page_has_the_lines_a_browser_shows(tmp_path: Path) -> None:
    cells = [
        "<td> 一&nbsp;&lt;5&gt;\n 二 </td>",
        "<TD>一<br>二<p>三</p></TD>",
        "<td><b>粗</b><!-- <td> --><font>体</font><td x:num='45356.5'></td>",
    ]
    (sheet,) = sheets_of(tmp_path, f"<table><tr>{''.join(cells)}</tr><tr><td>a</table>".encode())
    assert list(sheet.body.records()) == [(1, ["一 <5> 二", "一\n二\n三", "粗体", "45356.5"]), (2, ["a", "", "", ""])]


def test_a_large_page_may_break_anywhere(tmp_path: Path) -> None:
    row = "<tr>" + "".join(f"<td class='c{n}'>单元格{n}<br/>二</td>" for n in range(7)) + "</tr>\n"
    (sheet,) = sheets_of(tmp_path, ("<html><table>" + row * 8_000 + "</table>").encode())
    records = list(sheet.body.records())
    assert len(records) == 8_000
    assert {tuple(cells) for _, cells in records} == {tuple(f"单元格{n}\n二" for n in range(7))}


def test_what_was_passed_over_is_counted(tmp_path: Path) -> None:
    rows = [HEADER, RECORD, [], RECORD]
    (tmp_path / "册").write_bytes(odd.xlsx({"看": rows, "藏": rows}, hidden=["藏"]))
    contents = read_file(tmp_path / "册", name="册", scratch=tmp_path)
    assert [(sheet.sheet, sheet.rows) for sheet in contents.skipped] == [("藏", 3)]


def test_line_ends_within_quotes_that_differ_from_those_of_rows_lose_no_row(tmp_path: Path) -> None:
    content = '事件编号,"事件\n状态",上报时间\r\nA,"x\ny",1\r\nB,"x\r\ny",2\r\nC,"x\ry",3\r\n'
    assert [row[:3] for row in table(text_file(tmp_path, content.encode()))] == [
        (2, "A", "x\ny"),
        (3, "B", "x\ny"),
        (4, "C", "x\ny"),
    ]


def test_an_unforeseen_failure_refuses_the_file_but_a_full_disk_is_told_as_such() -> None:
    with (
        pytest.raises(UnreadableFile, match=r"事件\.csv：程序读不了这个文件（ZeroDivisionError）.*维护者"),
        failures_told("事件.csv"),
    ):
        _ = 1 / 0
    with pytest.raises(OSError, match="No space"), failures_told("事件.csv"):
        raise OSError(28, "No space left on device")


def test_a_spill_keeps_what_stands_beyond_the_header_in_mind(tmp_path: Path) -> None:
    rows = [HEADER, *([RECORD] * 50), [*RECORD, "多"], RECORD[:1]]
    (sheet,) = sheets_of(tmp_path, odd.page(rows).encode())
    assert table(sheet)[-2:] == [(52, *RECORD, True), (53, "SJ1", None, None, False)]
