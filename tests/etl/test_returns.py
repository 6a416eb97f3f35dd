"""Set-aside rows go back to the clerk and come home: the returned workbook, mended and dropped in, loads as the row it was."""

from __future__ import annotations

import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import load_workbook

from etl.errors import WriteFailed
from etl.ledger import DataRoot
from etl.returns import returned_name
from tests.etl.exports import RECEIVED, built, copied, data_root, put, rows

FAULTY = """
事件编号   | 事件状态 | 上报时间            | 结案时间   | 返工次数 | 网格员编号 | 上报人 | 联系电话    | 事件标题
SJ0001     | 已结案   | 2026-10-01 09:00:00 | 2026-10-03 | 0        | W-1        | 王小明 | 19900001234 | 井盖
007        | 处置中   | 十月一日            | 7月        | 约3      | W-1        | 王小明 | 19900001234 | 王小明说19900001234
           | 处置中   | 2026-10-02 09:00:00 |            | 0        | W-2        | 李大力 | 19900005678 | =1+1
"""
LATER = RECEIVED + timedelta(days=1)
HEADER_ROW = 2
"""Below a sentence and the moment of the export."""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """FAULTY, loaded: two of its rows are given back."""
    root = data_root(tmp_path_factory.mktemp("faulty"))
    put(root, "事件_20261115_0800.csv", FAULTY)
    built(root)
    return root


@pytest.fixture
def root(faulty: DataRoot, tmp_path: Path) -> DataRoot:
    """A copy of it to change."""
    return copied(faulty, tmp_path)


def returned(root: DataRoot) -> list[Path]:
    return sorted((root.path / "returned").glob("*.xlsx"))


def table(workbook: Path, sheet: int = 0) -> list[list[Any]]:
    return load_workbook(str(workbook)).get_sheet_by_index(sheet).to_python()


def row_with(workbook: Path, value: str) -> dict[str, Any]:
    """The row that has the value in some cell, by header."""
    _, _, header, *body = table(workbook)
    (found,) = (dict(zip(header, row, strict=True)) for row in body if value in row)
    return found


def mend(root: DataRoot, workbook: Path, mended: dict[str, dict[str, str]], name: str = "改好了.xlsx") -> None:
    """Drops the workbook into the inbox with other texts in the rows that have a value: value → header → text."""
    lines = table(workbook)
    header = lines[HEADER_ROW]
    for line in lines[HEADER_ROW + 1 :]:
        for value, texts in mended.items():
            if value in line:
                for column, cell in texts.items():
                    line[header.index(column)] = cell
    root.inbox.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(root.inbox / name)) as book:
        page = book.add_worksheet()
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                page.write_string(number, place, text)


def test_the_workbook_gives_back_what_was_received_and_says_what_is_wrong(faulty: DataRoot) -> None:
    ((file_id, name),) = rows(faulty, "SELECT file_id, returned_name FROM meta.file")
    assert name == f"事件_20261115_0800_退回_{file_id}.xlsx"
    (workbook,) = returned(faulty)
    assert workbook.name == name
    title, moment, header, *body = table(workbook)
    assert "有 2 行读不懂" in title[0]
    assert moment[0] == "导出时间：2026-11-15 08:00:00"
    assert header == ["事件编号", "事件标题", "事件状态", "网格员编号", "上报时间", "结案时间", "返工次数", "退回原因", "退回编号"]
    assert [row[:3] + row[4:7] for row in body] == [
        ["007", "***说***", "处置中", "十月一日", "7月", "约3"],
        ["", "=1+1", "处置中", "2026-10-02 09:00:00", "", "0"],
    ]
    first, second = (row[-2] for row in body)
    assert "“上报时间”没有年份" in first
    assert "“结案时间”只写到年或月" in first
    assert "“返工次数”应为不小于 0 的整数" in first
    assert second.startswith("“事件编号”是必填项")
    assert [row[-1].rpartition("-")[2] for row in body] == ["3", "4"]


def test_the_cells_at_fault_are_coloured_commented_and_text(faulty: DataRoot) -> None:
    with zipfile.ZipFile(returned(faulty)[0]) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
    assert "FFFFD9A0" in styles
    assert 'formatCode="@"' in styles or 'numFmtId="49"' in styles
    assert comments.count("<comment ") == 4
    assert "<f>" not in sheet  # =1+1 is text
    assert "<v>" not in sheet.replace(' t="s"><v>', "")  # every cell is a string, so that 007 stays 007
    assert 'state="frozen"' in sheet


def test_a_mended_row_loads_as_the_row_it_was_and_is_not_given_back_again(root: DataRoot) -> None:
    mend(
        root,
        returned(root)[0],
        {"007": {"上报时间": "2026-10-01", "结案时间": "", "返工次数": "3"}, "=1+1": {"事件编号": "SJ0003"}},
    )
    built(root, LATER)
    assert rows(root, "SELECT incident_id, reported_at, rework_count, title FROM core.incident ORDER BY 1") == [
        ("007", datetime(2026, 10, 1), 3, "***说***"),
        ("SJ0001", datetime(2026, 10, 1, 9), 0, "井盖"),
        ("SJ0003", datetime(2026, 10, 2, 9), 0, "=1+1"),
    ]
    worker = dict(rows(root, "SELECT incident_id, worker_id FROM core.incident"))
    assert worker["007"] == worker["SJ0001"]  # people stay the same people on the way there and back
    assert worker["SJ0003"] != worker["SJ0001"]
    assert rows(root, "SELECT DISTINCT is_mended FROM meta.reject") == [(True,)]
    assert rows(
        root, "SELECT name, returned_name, rows_in, rows_set_aside, unmapped_columns, exported_at FROM meta.file ORDER BY 1"
    ) == [
        ("事件_20261115_0800.csv", None, 3, 2, [], datetime(2026, 11, 15, 8)),
        ("改好了.xlsx", None, 2, 0, [], datetime(2026, 11, 15, 8)),
    ]
    assert returned(root) == []


def test_a_row_mended_wrongly_keeps_its_number_and_is_given_back_once(root: DataRoot) -> None:
    number = row_with(returned(root)[0], "007")["退回编号"]
    mend(root, returned(root)[0], {"007": {"上报时间": "十月二日"}, "=1+1": {"事件编号": "SJ0003"}}, "第一次.xlsx")
    built(root, LATER)
    (second,) = returned(root)
    assert row_with(second, "007")["退回编号"] == number
    assert dict(rows(root, "SELECT name, returned_name FROM meta.file")) == {
        "事件_20261115_0800.csv": None,
        "第一次.xlsx": second.name,
    }
    assert rows(root, "SELECT file_row, bool_and(is_mended) FROM meta.reject GROUP BY file_id, file_row ORDER BY ALL") == [
        (3, False),
        (4, False),
        (4, True),
    ]
    mend(root, second, {"007": {"上报时间": "2026-10-02", "结案时间": "", "返工次数": "0"}}, "第二次.xlsx")
    built(root, LATER + timedelta(days=1))
    assert rows(root, "SELECT DISTINCT is_mended FROM meta.reject") == [(True,)]
    assert returned(root) == []


def test_an_old_row_once_mended_stands_in_for_no_newer_export(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(
        root,
        "事件_20261101.csv",
        "事件编号 | 事件状态 | 上报时间 | 返工次数\nSJ1 | 处置中 | 2026-10-01 | 约3\nSJ2 | 处置中 | 2026-10-01 | 0",
    )
    built(root)
    workbook = tmp_path / "kept.xlsx"
    workbook.write_bytes(returned(root)[0].read_bytes())
    put(root, "事件_20261115.csv", "事件编号 | 事件状态 | 上报时间 | 返工次数\nSJ1 | 已结案 | 2026-10-01 | 4")
    built(root, LATER)
    assert rows(root, "SELECT is_mended FROM meta.reject") == [(True,)]  # a later export has it: nothing to mend any more
    assert returned(root) == []
    mend(root, workbook, {"SJ1": {"返工次数": "3"}})
    built(root, LATER + timedelta(days=1))
    assert rows(root, "SELECT status_code, rework_count FROM core.incident WHERE incident_id = 'SJ1'") == [("closed", 4)]


def test_a_date_that_only_its_sheet_made_clear_goes_back_as_it_was_read(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(
        root,
        "事件.csv",
        """
        事件编号 | 事件状态 | 上报时间        | 结案时间 | 返工次数
        SJ1      | 已结案   | 16/10/2026 9:00 | 3/11/2026 | 0
        SJ2      | 已结案   | 3/10/2026 9:00  | 4/11/2026 | 约3
        """,
    )
    built(root)
    assert rows(root, "SELECT date_order FROM meta.file") == [("day_month",)]
    row = row_with(returned(root)[0], "SJ2")
    assert (row["上报时间"], row["结案时间"]) == ("2026-10-03 09:00:00", "2026-11-04")
    mend(root, returned(root)[0], {"SJ2": {"返工次数": "3"}})
    built(root, LATER)
    assert rows(root, "SELECT reported_at, closed_at FROM core.incident WHERE incident_id = 'SJ2'") == [
        (datetime(2026, 10, 3, 9), datetime(2026, 11, 4))
    ]


def test_dates_that_nothing_makes_clear_are_set_aside_and_the_others_load(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(
        root,
        "事件.csv",
        """
        事件编号 | 事件状态 | 上报时间   | 结案时间
        SJ1      | 处置中   | 3/4/2026   |
        SJ2      | 处置中   | 3/3/2026   |
        SJ3      | 处置中   | 2026-03-04 |
        """,
    )
    put(root, "别的.csv", "事件编号 | 事件状态 | 上报时间\nSJ4 | 处置中 | 3/4/2026\nSJ5 | 处置中 | 3/24/2026")
    built(root)
    assert dict(rows(root, "SELECT name, date_order FROM meta.file")) == {"事件.csv": "undecided", "别的.csv": "month_day"}
    assert rows(root, "SELECT file_row, header, value, reason FROM meta.reject") == [
        (2, "上报时间", "3/4/2026", "moment_order_unclear")
    ]
    assert rows(root, "SELECT incident_id, reported_at::DATE::VARCHAR FROM core.incident ORDER BY 1") == [
        ("SJ2", "2026-03-03"),
        ("SJ3", "2026-03-04"),
        ("SJ4", "2026-03-04"),
        ("SJ5", "2026-03-24"),
    ]


def test_rows_of_several_sheets_are_counted_and_given_back_by_sheet(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    root.inbox.mkdir()
    with xlsxwriter.Workbook(str(root.inbox / "事件.xlsx")) as book:
        for number, name in enumerate(("一月", "二月")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["事件编号", "事件状态", "上报时间", "返工次数"])
            page.write_row(1, 0, [f"SJ{number}", "处置中", "十月一日", "约3"])
            page.write_row(2, 0, [f"SJ{number}0", "处置中", "2026-10-01", "0"])
    built(root)
    assert rows(root, "SELECT sheet, rows_in, rows_loaded, rows_set_aside FROM meta.file ORDER BY 1") == [
        ("一月", 2, 1, 1),
        ("二月", 2, 1, 1),
    ]
    assert rows(root, "SELECT file_sheet, file_row, count(*) FROM meta.reject GROUP BY ALL ORDER BY ALL") == [
        ("一月", 2, 2),
        ("二月", 2, 2),
    ]
    (workbook,) = returned(root)
    assert load_workbook(str(workbook)).sheet_names == ["一月", "二月"]
    numbers = [table(workbook, sheet)[3][-1] for sheet in (0, 1)]
    assert len(set(numbers)) == 2


def test_a_row_of_an_export_with_headers_of_its_own_comes_home(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(
        root,
        "boston.csv",
        """
        case_enquiry_id | open_dt             | target_dt | closed_dt | ontime  | case_status | sla_days
        101             | 2011-07-01 09:00:00 |           |           | ONTIME  | Open        | 1
        102             | 2011-07             |           |           | ONTIME  | Open        | 2
        """,
    )
    built(root)
    assert table(returned(root)[0])[HEADER_ROW][:2] == ["case_enquiry_id", "open_dt"]
    mend(root, returned(root)[0], {"102": {"open_dt": "2011-07-04"}})
    built(root, LATER)
    assert rows(root, "SELECT profile, rows_loaded FROM meta.file ORDER BY name") == [("boston_311", 1), ("boston_311", 1)]
    assert rows(root, "SELECT DISTINCT is_mended FROM meta.reject") == [(True,)]


def test_a_row_with_surplus_cells_is_told_as_such_and_holds_no_number_of_anybody(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(
        root,
        "事件.csv",
        "事件编号 | 事件状态 | 上报时间 | 返工次数\nSJ1 | 处置中 | 2026-10-01 | 0\n13800138000 | SJ2 | 处置中 | 2026-10-01 | 约3",
    )
    built(root)
    assert rows(root, "SELECT column_name, reason FROM meta.reject") == [(None, "too_many_cells")]
    assert rows(root, "SELECT incident_id FROM raw.incident ORDER BY file_row") == [("SJ1",), ("***",)]
    assert "13800138000" not in str(table(returned(root)[0]))


def test_a_failed_build_leaves_the_returned_workbooks_as_they_were(root: DataRoot) -> None:
    before = [(path.name, path.read_bytes()) for path in returned(root)]
    put(root, "另一份.csv", FAULTY.replace("SJ0001", "SJ0009"))
    (root.warehouse / "CURRENT.partial").mkdir()  # in the way of publishing
    with pytest.raises(WriteFailed):
        built(root, LATER)
    assert [(path.name, path.read_bytes()) for path in returned(root)] == before
    assert list(root.path.glob(".returning_*")) == []


def test_what_the_clerk_changed_in_place_is_put_aside_and_never_lost(root: DataRoot) -> None:
    (workbook,) = returned(root)
    mend(root, workbook, {"007": {"上报时间": "2026-10-01", "结案时间": "", "返工次数": "3"}})
    changed = workbook.read_bytes() + b" "
    workbook.write_bytes(changed)
    built(root, LATER)
    assert (root.path / "returned" / f"{workbook.stem}（已改动）.xlsx").read_bytes() == changed


def test_equal_rows_are_not_written_anew(root: DataRoot) -> None:
    before = returned(root)[0].stat().st_mtime_ns
    put(root, "网格台账.csv", "网格编号 | 所属社区 | 启用日期\nG1 | 锦秀里 | 2023-01-01")
    built(root, LATER)
    assert returned(root)[0].stat().st_mtime_ns == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode bits")
def test_originals_and_returned_workbooks_are_their_owners_only(faulty: DataRoot) -> None:
    for folder in (faulty.raw, faulty.path / "returned"):
        assert folder.stat().st_mode & 0o077 == 0
    kept = [*returned(faulty), *(path for path in faulty.raw.glob("*/*") if path.is_file())]
    assert len(kept) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_a_file_given_back_twice_keeps_its_first_name() -> None:
    assert returned_name("事件.xlsx", "0123456789ab") == "事件_退回_0123456789ab.xlsx"
    assert returned_name("事件_退回_0123456789ab.xlsx", "ba9876543210") == "事件_退回_ba9876543210.xlsx"
    assert returned_name("王_13800138000.csv", "0123456789ab") == "王_***_退回_0123456789ab.xlsx"
    assert len(returned_name("事" * 200 + ".csv", "0123456789ab").encode()) < 255
