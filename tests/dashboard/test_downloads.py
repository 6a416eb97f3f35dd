"""Files for Excel: real numbers and dates, the byte order mark, nothing a spreadsheet would run, and what the data is beside it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dashboard.downloads import file_name, harmless, to_csv, to_html, to_xlsx
from dashboard.exhibit import DATE, MOMENT, NUMBER, TEXT, Field, Sheet

SHEET = Sheet(
    [Field("社区", TEXT), Field("周", DATE), Field("结案", MOMENT), Field("按期结案率", "percent", 1), Field("n", NUMBER)],
    [
        ["北门社区", date(2026, 11, 9), datetime(2026, 11, 9, 8, 30), 0.9134, 363],
        ["=1+1", None, None, float("nan"), None],
        ["<b>&", date(2026, 11, 2), None, 1.0, 2.5],
    ],
)
ABOUT = [("数据截至", "2026-11-16 08:00"), ("筛选条件", "=HYPERLINK()")]


def test_csv_begins_with_the_mark_excel_needs_and_reads_back() -> None:
    content = "".join(to_csv(SHEET)).encode()
    assert content.startswith(b"\xef\xbb\xbf")
    assert not content.decode().startswith("\ufeffsep=")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["社区", "周", "结案", "按期结案率", "n"],
        ["北门社区", "2026-11-09", "2026-11-09 08:30", "0.9134", "363"],
        ["'=1+1", "", "", "", ""],
        ["<b>&", "2026-11-02", "", "1", "2.5"],
    ]


def test_a_workbook_has_the_data_and_what_they_are() -> None:
    content = to_xlsx("各社区", SHEET, ABOUT, "zh")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["数据", "说明"]
    rows: list[list[Any]] = book.get_sheet_by_name("数据").to_python()
    assert rows[1] == ["北门社区", date(2026, 11, 9), datetime(2026, 11, 9, 8, 30), 0.9134, 363.0]
    assert rows[2][0] == "=1+1", "text stays text: a workbook says itself what is a formula"
    assert book.get_sheet_by_name("说明").to_python() == [list(pair) for pair in ABOUT]
    assert b"<f>" not in content
    assert to_xlsx("各社区", SHEET, ABOUT, "zh") == content, "equal content gives equal bytes"


def test_the_twin_is_escaped_and_in_the_units_of_the_screen() -> None:
    page = to_html("各社区", SHEET, "zh")
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    assert "91.3%" in page
    assert "—" in page


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_text_that_would_run_is_neutralised(words: str) -> None:
    assert harmless(words) == "'" + words


@given(st.text())
def test_no_cell_of_a_csv_begins_as_a_formula(words: str) -> None:
    made = "".join(to_csv(Sheet([Field("a")], [[words]])))
    cell = next(csv.reader(io.StringIO(made.split("\r\n", 1)[1], newline="")), [""])
    assert not (cell and cell[0].lstrip().startswith(("=", "+", "-", "@")))


def test_names_of_files_are_taken_by_every_system() -> None:
    assert file_name(["按期/结案: <率>?", "2026-08-24–2026-11-15"], "xlsx") == "按期 结案 率_2026-08-24–2026-11-15.xlsx"
