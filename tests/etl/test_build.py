"""Exports through the whole build: what stands in the warehouse, what was set aside, and that a build is whole or not there."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from etl.build import Outcome
from etl.errors import NothingToLoad, ReferenceTableError
from etl.ledger import NOTE_SUFFIX, DataRoot, accepted_files
from etl.warehouse import published
from tests.etl.exports import RECEIVED, SHIPPED, built, copied, data_root, put, rows

FIRST = """
事件编号 | 事件状态 | 事件来源   | 所属社区 | 网格编号 | 上报时间            | 截止时间            | 结案时间
---------|----------|------------|----------|----------|---------------------|---------------------|--------------------
SJ1      | 已结案   | 12345热线  | 锦秀里   | G0101    | 2026-10-01 09:00:00 | 2026-10-05 18:00:00 | 2026-10-03 10:00:00
SJ2      | 处置中   | 网格巡查   | 福满园   | G0201    | 2026-10-30 09:00:00 | 2026-11-09 18:00:00 |
"""
LATER = """
工单编号 | 工单状态 | 来源       | 社区     | 网格     | 上报时间       | 办理期限       | 办结时间
SJ2      | 已结案   | 网格巡查   | 福满园   | G0201    | 2026/10/30 9:00 | 2026/11/9 18:00 | 2026/11/6 18:00
SJ3      | 处置中   | 网格巡查   | 福满园   | G0201    | 2026/11/8 9:00  | 2026/11/12 18:00 |
"""
GRIDS = """
网格编号 | 网格名称 | 所属社区   | 户数 | 启用日期   | 停用日期
G0101    | 一格     | 锦秀里社区 | 500  | 2023-01-01 | 2025-12-31
G0101    | 一格(新) | 锦秀里社区 | 310  | 2026-01-01 |
G0201    | 一格     | 福满园社区 | 480  | 2023-01-01 |
"""
EXPORTS: dict[str, str] = {}
"""File name → drawing: what the tests below say of exports that do not disturb each other; all are loaded by one build."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataRoot, Outcome]:
    """EXPORTS, loaded."""
    root = data_root(tmp_path_factory.mktemp("exports"))
    for name, drawing in EXPORTS.items():
        put(root, name, drawing)
    return root, built(root)


def first_and_grids(folder: Path) -> tuple[DataRoot, Outcome]:
    """FIRST and GRIDS, loaded by a town whose key is known."""
    root = data_root(folder)
    folder.mkdir(exist_ok=True)
    root.key_file.write_text("00" * 32)
    put(root, "事件_20261101.csv", FIRST)
    put(root, "网格台账.csv", GRIDS)
    return root, built(root)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataRoot, Outcome]:
    return first_and_grids(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataRoot, Outcome]:
    """An export that does not say its moment, beside a file that is none."""
    root = data_root(tmp_path_factory.mktemp("undated"))
    put(root, "事件.csv", FIRST)
    put(root, "名单.csv", "学校 | 班级 | 人数\n一中 | 三班 | 42")
    return root, built(root)


def test_an_export_becomes_typed_rows_that_name_their_file_and_row(first: tuple[DataRoot, Outcome]) -> None:
    root, outcome = first
    assert outcome.is_new
    assert not outcome.refused
    found = rows(
        root,
        "SELECT incident_id, community_code, channel_code, status_code, is_closed, is_on_time, round(hours_to_close, 1), grid_id, f.name, file_row "
        "FROM core.incident JOIN meta.file f USING (file_id) ORDER BY 1",
    )
    assert found == [
        ("SJ1", "C01", "hotline", "closed", True, True, 49.0, "G0101@2026-01-01", "事件_20261101.csv", 2),
        ("SJ2", "C02", "grid_patrol", "processing", False, None, None, "G0201@2023-01-01", "事件_20261101.csv", 3),
    ]
    assert rows(root, "SELECT title, reported_at FROM raw.incident WHERE file_row = 2") == [(None, "2026-10-01 09:00:00")]
    assert not list(root.inbox.iterdir())


def test_loading_the_same_file_twice_changes_nothing(first: tuple[DataRoot, Outcome], tmp_path: Path) -> None:
    root = copied(first[0], tmp_path)
    before = accepted_files(root)
    put(root, "同一个文件改了名.csv", FIRST)
    second = built(root)
    assert not second.is_new
    assert second.published == first[1].published
    assert accepted_files(root) == before
    assert not list(root.inbox.iterdir())


def test_a_later_export_replaces_the_earlier_one_and_the_history_is_kept(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261115.csv", LATER)  # arrives first: the moment of the export decides, not the order of arrival
    built(root)
    put(root, "事件_20261101.csv", FIRST)
    built(root)
    assert rows(root, "SELECT incident_id, is_closed, strftime(exported_at, '%m-%d') FROM core.incident ORDER BY 1") == [
        ("SJ1", True, "11-01"),
        ("SJ2", True, "11-15"),
        ("SJ3", False, "11-15"),
    ]
    assert rows(
        root, "SELECT column_name, old_value, new_value FROM core.incident_change WHERE incident_id = 'SJ2' ORDER BY 1"
    ) == [
        ("closed_at", None, "2026-11-06 18:00:00"),
        ("status_code", "processing", "closed"),
    ]
    assert rows(root, "SELECT name, rows_in, rows_loaded, rows_superseded FROM meta.file ORDER BY 1") == [
        ("事件_20261101.csv", 2, 1, 1),
        ("事件_20261115.csv", 2, 2, 0),
    ]


EXPORTS["事件_20261101.csv"] = """
事件编号 | 事件状态 | 所属社区   | 上报时间            | 派遣时间            | 返工次数
changed  | 处置中   | 锦秀里     | 2026-10-30 09:00:23 | 2026-10-30 10:00:00 | 1
"""
EXPORTS["事件_20261115.csv"] = """
工单号  | 当前状态 | 社区           | 创建时间        | 派单时间        | 主办单位
changed | [处置中] | 锦秀里社区     | 2026/10/30 9:00 |                 | 综治办
"""


def test_the_history_tells_changes_not_spellings_nor_columns_an_export_lacks(loaded: tuple[DataRoot, Outcome]) -> None:
    root, _ = loaded
    # the dispatch was taken back; the department's column is new, the rework's is gone, the rest only looks different
    assert rows(root, "SELECT column_name, old_value, new_value FROM core.incident_change WHERE incident_id = 'changed'") == [
        ("dispatched_at", "2026-10-30 10:00:00", None)
    ]


def test_the_as_of_moment_is_the_newest_exports(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261115_0800.csv", LATER)
    built(root)
    assert rows(root, "SELECT as_of FROM meta.build") == [(datetime(2026, 11, 15, 8),)]
    # SJ3 was due on 12 November: overdue at that moment
    assert rows(root, "SELECT incident_id, is_due, is_open_overdue FROM core.incident WHERE is_open") == [("SJ3", True, True)]


def test_an_export_without_a_moment_is_dated_by_its_newest_event(undated: tuple[DataRoot, Outcome]) -> None:
    assert rows(undated[0], "SELECT as_of FROM meta.build") == [(datetime(2026, 10, 30, 9),)]


EXPORTS["账目.csv"] = """
事件编号    | 事件状态 | 上报时间            | 结案时间            | 返工次数
twice       | 已结案   | 2026-10-01 09:00:00 | 2026-10-03          | 0
twice       | 已结案   | 2026-10-01 09:00:00 | 2026-10-03          | 1
1.2011E+18  | 处置中   | 2026-10-01 09:00:00 |                     | 0
            | 处置中   | 2026-10-01 09:00:00 |                     | 0
SJ4         | 处置中   | 十月一日            |                     | 0
SJ5         | 处置中   | 2026-10-01 09:00:00 | 上周三              | 0
SJ6         | 处置中   | 2026-10-01 09:00:00 |                     | 若干
合计        |          | 7                   |                     | 1
制表人：某某 |          |                     |                     |
"""


def test_every_row_is_accounted_for(loaded: tuple[DataRoot, Outcome]) -> None:
    root, _ = loaded
    assert rows(
        root, "SELECT rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total FROM meta.file WHERE name = '账目.csv'"
    ) == [(9, 1, 1, 5, 2)]
    of_file = "FROM meta.reject SEMI JOIN (FROM meta.file WHERE name = '账目.csv') USING (file_id)"
    assert rows(root, f"SELECT file_row, header, value, reason {of_file} ORDER BY file_row") == [
        (4, "事件编号", "1.2011E+18", "id_destroyed"),
        (5, "事件编号", None, "required_blank"),
        (6, "上报时间", "十月一日", "moment_without_year"),
        (7, "结案时间", "上周三", "moment_unreadable"),
        (8, "返工次数", "若干", "count_unreadable"),
    ]
    ((zh, en),) = rows(root, f"SELECT reason_zh, reason_en {of_file} WHERE file_row = 6")
    assert "“上报时间”没有年份" in zh
    assert "上报时间" in en
    assert rows(root, "SELECT rework_count, closed_is_day, hours_to_close FROM core.incident WHERE incident_id = 'twice'") == [
        (1, True, 48.0)
    ]


EXPORTS["名称.csv"] = """
事件编号  | 事件状态 | 上报时间            | 所属社区     | 承办部门
unknown 1 | 已结案   | 2026-10-01 09:00:00 | 月亮湾社区   | 城管执法中队
unknown 2 | 在天上   | 2026-10-01 09:00:00 | 月亮湾社区   |
"""


def test_unknown_names_go_into_the_visible_bucket(loaded: tuple[DataRoot, Outcome]) -> None:
    root, _ = loaded
    assert rows(
        root, "SELECT incident_id, community_code, status_code FROM core.incident WHERE incident_id LIKE 'unknown%' ORDER BY 1"
    ) == [
        ("unknown 1", "unmatched", "closed"),
        ("unknown 2", "unmatched", "unmatched"),
    ]
    assert rows(root, "SELECT list, value, row_count FROM meta.unmatched ORDER BY 1, 2") == [
        ("community", "月亮湾社区", 2),
        ("status", "在天上", 1),
    ]


LIMITS = """
limit | unit   | dispatched          | due
3     | 工作日 | 2026-09-28 10:00:00 | 2026-10-08 23:59:59
9     | 工作日 | 2026-09-28 10:00:00 | 2026-10-15 23:59:59
1     | 工作日 | 2026-09-30 10:00:00 | 2026-10-08 23:59:59
4     | 工作小时 | 2026-09-30 16:00:00 | 2026-10-08 11:30:00
2     | 工作小时 | 2026-09-28 11:00:00 | 2026-09-28 14:30:00
3     | 自然日 | 2026-09-28 10:00:00 | 2026-10-01 23:59:59
6     | 小时   | 2026-09-28 10:00:00 | 2026-09-28 16:00:00
"""


LIMIT_CASES = [[cell.strip() for cell in line.split("|")] for line in LIMITS.strip().splitlines()[1:]]
EXPORTS["时限.csv"] = "事件编号 | 事件状态 | 上报时间 | 派遣时间 | 处置时限 | 时限单位\n" + "\n".join(
    f"limit {number} | 处置中 | {dispatched} | {dispatched} | {limit} | {unit}"
    for number, (limit, unit, dispatched, _) in enumerate(LIMIT_CASES)
)


def test_limits_become_deadlines_by_the_working_calendar(loaded: tuple[DataRoot, Outcome]) -> None:
    """National Day 2026: 1–7 October off; 10 October is a working Saturday."""
    root, _ = loaded
    found = rows(root, "SELECT due_at, original_due_at FROM core.incident WHERE incident_id LIKE 'limit%' ORDER BY incident_id")
    assert [due for due, _ in found] == [datetime.fromisoformat(due) for *_, due in LIMIT_CASES]
    assert all(due == original for due, original in found)


EXPORTS["按日.csv"] = """
事件编号 | 事件状态 | 上报时间            | 截止时间   | 结案时间
day 1    | 已结案   | 2026-10-09 15:00:00 | 2026-10-09 | 2026-10-09
day 2    | 已结案   | 2026-10-09 15:00:00 | 2026-10-09 | 2026-10-09 23:00:00
day 3    | 已结案   | 2026-10-09 15:00:00 | 2026-10-09 | 2026-10-10 00:00:01
"""


def test_a_deadline_given_as_a_day_lasts_to_its_end_and_a_dated_closing_is_never_before_its_report(
    loaded: tuple[DataRoot, Outcome],
) -> None:
    root, outcome = loaded
    days = "SELECT is_on_time, hours_to_close >= 0 FROM core.incident WHERE incident_id LIKE 'day%' ORDER BY incident_id"
    assert rows(root, days) == [
        (True, True),
        (True, True),
        (False, True),
    ]
    assert "closed_not_before_reported" not in {finding.check.id for finding in outcome.findings}


def test_impossible_things_are_findings_not_crashes(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(
        root,
        "事件_20261101.csv",
        """
        事件编号 | 事件状态 | 所属社区 | 网格编号 | 上报时间            | 结案时间
        SJ1      | 已结案   | 福满园   | G0101    | 2026-10-09 15:00:00 | 2026-10-08 15:00:00
        SJ2      | 已结案   | 锦秀里   | G9999    | 2026-10-09 15:00:00 |
        SJ3      | 已结案   | 锦秀里   | G0101    | 2027-10-09 15:00:00 | 2027-10-10 15:00:00
        """,
    )
    put(root, "网格台账.csv", GRIDS)
    put(
        root,
        "回访.csv",
        """
        事件编号 | 回访时间            | 接通状态
        SJ9      | 2026-10-12 10:00:00 | 接通
        SJ1      | 2026-10-01 10:00:00 | 接通
        """,
    )
    outcome = built(root)
    assert {finding.check.id for finding in outcome.findings} == {
        "callbacks_follow_the_closing",
        "callbacks_have_an_incident",
        "closed_incidents_have_a_moment",
        "closed_not_before_reported",
        "community_agrees_with_grid",
        "grids_are_valid_when_used",
        "nothing_after_the_export",
    }
    assert rows(root, "SELECT subject, file_row FROM meta.finding_row WHERE check_id = 'closed_not_before_reported'") == [
        ("SJ1", 2)
    ]
    assert rows(root, "SELECT hours_to_close FROM core.incident WHERE incident_id = 'SJ1'") == [(None,)]


def test_a_refused_file_stays_in_the_inbox_and_the_others_go_on(undated: tuple[DataRoot, Outcome]) -> None:
    root, outcome = undated
    strange = root.inbox / "名单.csv"
    assert outcome.is_new
    assert [refusal.error.zh for refusal in outcome.refused] == [
        "名单.csv：认不出是哪一类导出表（前 2 行里没有找到熟悉的表头）；请确认文件，或为它写一个映射文件"
    ]
    note = strange.with_name(strange.name + NOTE_SUFFIX)
    assert sorted(root.inbox.iterdir()) == sorted([strange, note])
    assert outcome.refused[0].error.zh in note.read_text(encoding="utf-8-sig")


def test_an_empty_inbox_is_told_and_nothing_is_published(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    with pytest.raises(NothingToLoad, match="没有可以导入的文件"):
        built(root)
    assert published(root.warehouse) is None


def test_a_wrong_reference_table_stops_the_build_with_file_and_row(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件.csv", FIRST)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/words.csv").write_text("list,word,code\nstatus,搞定,finished\n")
    with pytest.raises(ReferenceTableError, match=r"words\.csv 第 2 行：status 没有代码 finished"):
        built(root)
    assert len(list(root.inbox.iterdir())) == 1


def test_equal_inputs_give_equal_warehouses(first: tuple[DataRoot, Outcome], tmp_path: Path) -> None:
    found = []
    for root, _ in (first, first_and_grids(tmp_path)):
        current = published(root.warehouse)
        assert current is not None
        found.append((current.inputs_sha256, rows(root, "FROM core.incident"), rows(root, "FROM core.grid_day")))
    assert found[0] == found[1]


def test_every_column_of_core_and_meta_is_commented(undated: tuple[DataRoot, Outcome]) -> None:
    root, _ = undated
    assert (
        rows(root, "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name IN ('core', 'meta') AND comment IS NULL")
        == []
    )
    assert rows(root, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []


EXPORTS["电话.csv"] = """
事件编号  | 事件状态 | 上报时间            | 上报人 | 联系电话    | 网格员编号 | 事件标题
personal  | 已结案   | 2026-10-01 09:00:00 | 王小明 | 19900001234 | 王小明     | 请回电19900001234谢谢
set aside | 已结案   | 十月一日            | 王小明 | 19900001234 | 李大力     | 身份证12010119900307001X，电话１９９００００１２３４
"""


def test_no_phone_number_or_identity_card_reaches_the_warehouse(loaded: tuple[DataRoot, Outcome]) -> None:
    root, _ = loaded
    current = published(root.warehouse)
    assert current is not None
    kept = (root.warehouse / current.name).read_bytes()
    for personal in ("王小明", "李大力", "19900001234", "12010119900307001X", "１９９００００１２３４"):
        assert personal.encode() not in kept
    assert rows(root, "SELECT title, length(worker_id) FROM core.incident WHERE incident_id = 'personal'") == [
        ("请回电***谢谢", 16)
    ]
    assert (root.key_file.stat().st_mode & 0o077) == 0


def test_the_pointer_is_plain_json(undated: tuple[DataRoot, Outcome]) -> None:
    root, outcome = undated
    pointer = json.loads((root.warehouse / "CURRENT").read_text(encoding="utf-8"))
    assert pointer["name"] == outcome.published.name
    assert set(pointer) == {"name", "build_id", "as_of", "schema_version", "inputs_sha256", "instead_of"}


def test_the_shipped_reference_tables_are_sound() -> None:
    assert (SHIPPED / "reference/communities.csv").exists()
    assert RECEIVED.year == 2026


def workbook(root: DataRoot, name: str, lines: list[list[object]], **options: object) -> None:
    """Drops an xlsx into the inbox. A text that begins with = is a formula; a list's second item is its result."""
    root.inbox.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(root.inbox / name), options) as book:
        page = book.add_worksheet()
        span = book.add_format({"num_format": "[h]:mm"})
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if isinstance(cell, tuple):
                    page.write_formula(number, place, cell[0], None, cell[1])
                elif isinstance(cell, timedelta):
                    page.write_datetime(number, place, cell, span)
                else:
                    page.write(number, place, cell)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """Workbooks with errors, bare numbers that mean days, and spans of time; all in one load."""
    root = data_root(tmp_path_factory.mktemp("workbooks"))
    workbook(
        root,
        "错误.xlsx",
        [
            ["事件编号", "事件状态", "上报时间", "结案时间", "网格编号", "所属社区"],
            ["SJ1", "已结案", "2026-10-01", ("=1/0", "#DIV/0!"), "G1", "锦秀里"],
            ["SJ2", "处置中", "2026-10-01", "", ("=VLOOKUP(1,A:A,1)", "#N/A"), ("=NA()", "#N/A")],
        ],
    )
    for date_1904 in (False, True):
        days = 45356.378472222 - (1462 if date_1904 else 0)
        lines: list[list[object]] = [["事件编号", "事件状态", "上报时间", "结案时间"]]
        lines += [[f"days {date_1904}", "已结案", days, int(days) + 1]]
        workbook(root, f"天数{date_1904}.xlsx", lines, date_1904=date_1904)
    waits = [timedelta(hours=1, minutes=30), 12.5, "1小时5分"]
    lines = [["办件编号", "事项名称", "申请时间", "等候时长(分钟)"]]
    lines += [[f"B{number}", "社保", "2026-10-01", wait] for number, wait in enumerate(waits)]
    workbook(root, "办件.xlsx", lines)
    built(root)
    return root


def test_an_error_of_excels_in_a_workbook_is_no_silent_blank(workbooks: DataRoot) -> None:
    assert rows(workbooks, "SELECT file_row, header, value, reason FROM meta.reject") == [(2, "结案时间", "#DIV/0!", "excel_error")]
    # a row is not lost for a grid that cannot be told: it stays visible as what it is
    assert rows(workbooks, "SELECT incident_id, grid_code, community_code FROM core.incident WHERE incident_id LIKE 'SJ%'") == [
        ("SJ2", "#N/A", "unmatched")
    ]
    assert rows(workbooks, "SELECT list, value FROM meta.unmatched") == [("community", "#N/A")]


@pytest.mark.parametrize("date_1904", [False, True])
def test_bare_numbers_that_mean_days_are_read_in_the_epoch_of_their_workbook(workbooks: DataRoot, date_1904: bool) -> None:
    assert rows(
        workbooks, f"SELECT reported_at, closed_at, closed_is_day FROM core.incident WHERE incident_id = 'days {date_1904}'"
    ) == [(datetime(2024, 3, 5, 9, 5), datetime(2024, 3, 6), True)]


def test_a_span_of_time_in_a_workbook_is_read_in_minutes(workbooks: DataRoot) -> None:
    assert rows(workbooks, "SELECT wait_minutes FROM core.service_case ORDER BY service_case_id") == [(90.0,), (12.5,), (65.0,)]
