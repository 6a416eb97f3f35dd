"""Sums, footers and repeated headers are told from records; what a sum states is compared with what the records add up to."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.columns import create_table
from etl.recognise import Recognition, recognise
from etl.row_kinds import record_sql, sum_sql
from etl.sheet import Sheet
from etl.totals import totals
from tests.etl.odd_files import NoRows

HEADER = "事件编号 | 事件标题 | 事件状态 | 上报时间 | 返工次数 | 户数"
GRIDS = "网格编号 | 所属社区 | 户数 | 人口 | 启用日期"


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """One for all tests: to open one costs more than any of them."""
    return duckdb.connect()


def drawn(header: str, drawing: str) -> tuple[Recognition, Sheet]:
    """Loads the rows below the header into cells_rows."""
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    head = [[cell.strip() for cell in header.split("|")]]
    sheet = Sheet(None, "csv", "utf-8", tuple(map(tuple, [*head, *lines])), NoRows())
    columns = {f"c{i}": ("VARCHAR", [line[i] or None for line in lines]) for i in range(len(head[0]))}
    connection().execute("DROP TABLE IF EXISTS cells_rows; DROP TABLE IF EXISTS sum_row")
    create_table(connection(), "cells_rows", {**columns, "file_row": ("INTEGER", list(range(2, len(lines) + 2)))})
    return recognise(sheet, name="x"), sheet


def told(header: str, drawing: str) -> list[tuple[int, str | None, float, float, bool]]:
    seen, sheet = drawn(header, drawing)
    return [(t.row, t.header, t.stated, t.counted, t.is_equal) for t in totals(connection(), seen, sheet.head)]


NO_RECORDS = [
    "合计 | | 7 | | 1 |", "合  计 | 12 | | | |", " | 合计： | | | |", "合计：123 件 | | | | |", "总计 | | | | |", "小 计 | | | | |", "本页小计 | 3 | | | |",
    "全镇合计 | | | | |", "福满园社区小计 | | | | 3 |", "福满园 | 小计 | | | 3 |", "2026年合计 | 3 | | | |", "合计(件) | 3 | | | |", "—合计— | 3 | | | |",
    "共 123 条 | | | | |", "共计123条记录 | | | | |", "总记录数：123 | | | | |", "平均 | | | | 0.5 |", "平均值 | | | | 1 |", "累计 | | | | 5 |",
    "制表人：某某 | | 审核：某某 | | |", "填报单位：禾湾镇 | | | | |", "备注：含作废 | | | | |", "说明：口径见附件 | | | | |", "第 1 页 共 3 页 | | | | |", "共3页 | | | | |",
    "- 2 - | | | | |", "导出时间：2026-11-16 | | | | |", "数据来源：平台 | | | | |", "（以下空白） | | | | |",
    "事件编号 | 事件标题 | 事件状态 | 上报时间 | 返工次数 | 户数", "事件编号 | | 事件状态 | 上报时间 | |",
]  # fmt: skip
RECORDS = [
    "总计划-01 | 路灯不亮 | 已结案 | 2026-10-01 | 0 |", "合计不清 | 反映水费合计不清 | 已结案 | 2026-10-01 | 0 |", "SJ1 | 合计 | 已结案 | 2026-10-01 | 0 |",
    "共建1号 | 共 3 条狗扰民 | 处置中 | 2026-10-01 | 0 |", "小计算机 | | 处置中 | 2026-10-01 | |", "平均路8号 | 井盖 | 处置中 | 2026-10-01 | |",
    "SJ2 | 备注：已处理 | 处置中 | 2026-10-01 | |", "制表人：1 | 制表人：1 | 处置中 | 2026-10-01 | |", "累计 | 累计三次反映 | 处置中 | 2026-10-01 | |",
    "2026年小计 | x | 处置中 | 2026-10-01 | |", "总计划未批 | 总计划未批 | | | |", "合计不清 | | | | |", "SJ3 | | | | |", " | 总计划调整 | 处置中 | | |",
    "第1页坏了 | 书坏了 | 处置中 | 2026-10-01 | |", "事件编号 | 事件标题 | 已结案 | 2026-10-01 | 0 |",
]  # fmt: skip


@pytest.mark.parametrize("row", NO_RECORDS)
def test_sums_footers_and_repeated_headers_are_no_records(row: str) -> None:
    seen, sheet = drawn(HEADER, f"SJ1 | x | 已结案 | 2026-10-01 | 0 |\n{row}")
    found = connection().execute(f"SELECT file_row FROM cells_rows WHERE {record_sql(seen, sheet.head[:1])}").fetchall()
    assert found == [(2,)]


@pytest.mark.parametrize("row", RECORDS)
def test_a_record_that_only_looks_like_a_sum_is_a_record(row: str) -> None:
    seen, sheet = drawn(HEADER, row)
    assert connection().execute(f"SELECT file_row FROM cells_rows WHERE {record_sql(seen, sheet.head[:1])}").fetchall() == [(2,)]
    assert totals(connection(), seen, sheet.head[:1]) == ()


@settings(max_examples=40, deadline=None)
@given(first=st.text(max_size=12), title=st.text(max_size=12))
def test_a_row_with_every_required_column_filled_is_a_record_whatever_its_words(first: str, title: str) -> None:
    seen = recognise(Sheet(None, "csv", None, (tuple(c.strip() for c in HEADER.split("|")),), NoRows()), name="x")
    cells = {f"c{i}": cell for i, cell in enumerate([f"{first}x", title, "已结案", "2026-10-01", "", ""])}
    row = ", ".join(f"nullif(${name}, '') AS {name}" for name in cells)
    found = connection().execute(f"SELECT {record_sql(seen, [])}, coalesce({sum_sql(seen)}, false) FROM (SELECT {row})", cells)
    assert found.fetchone() == (True, False)


def test_a_sum_of_the_whole_sheet() -> None:
    rows = """
    G1 | 锦秀里 | 310   | 900 | 2026-01-01
    G2 | 锦秀里 | 1,290 |     | 2026-01-01
    合计 |      | 1600  | 901 |
    """
    assert told(GRIDS, rows) == [(4, "户数", 1600, 1600, True), (4, "人口", 901, 900, False)]


def test_parts_and_the_whole() -> None:
    rows = """
    G1 | 锦秀里 | 300 | 900 | 2026-01-01
    G2 | 锦秀里 | 200 | 600 | 2026-01-01
    小计 |      | 500 | 1500 |
    G3 | 福满园 | 100 | 400 | 2026-01-01
    福满园小计 | | 100 | 401 |
    总计 |      | 600 | 1900 |
    """
    found = told(GRIDS, rows)
    assert [total for total in found if not total[4]] == [(6, "人口", 401, 400, False)]
    assert len(found) == 6


def test_a_sum_above_its_records_and_one_of_every_month() -> None:
    rows = """
    合计 |      | 600 | 1900 |
    G1 | 锦秀里 | 300 | 900 | 2026-01-01
    G2 | 锦秀里 | 200 | 600 | 2026-01-01
    小计 |      | 500 | 1500 |
    G3 | 福满园 | 100 | 400 | 2026-01-01
    """
    assert all(is_equal for *_, is_equal in told(GRIDS, rows))


def test_a_shifted_sum_is_compared_with_the_columns_it_means() -> None:
    rows = """
    G1 | 锦秀里 | 300 | 900 | 2026-01-01
    G2 | 锦秀里 | 200 | 600 | 2026-01-01
    合计 | 500  | 1500 |    |
    """
    assert told(GRIDS, rows) == [(4, "户数", 500, 500, True), (4, "人口", 1500, 1500, True)]


def test_a_mean_is_compared_with_the_mean_to_half_of_its_last_digit() -> None:
    rows = """
    G1 | 锦秀里 | 100 | 10 | 2026-01-01
    G2 | 锦秀里 | 100 | 10 | 2026-01-01
    G3 | 锦秀里 | 101 | 13 | 2026-01-01
    平均 |      | 100.33 | 11.5 |
    """
    assert [(header, is_equal) for _, header, _, _, is_equal in told(GRIDS, rows)] == [("户数", True), ("人口", False)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("合计 | 3 | | | |", [(5, None, 3, 3, True)]),
        ("合计 | 4 | | | |", [(5, None, 4, 3, False)]),
        ("合计：4 件 | | | | |", [(5, None, 4, 3, False)]),
        ("共 3 条记录 | | | | |", [(5, None, 3, 3, True)]),
        ("合计 | 3件 | | | 5 |", [(5, None, 3, 3, True), (5, "返工次数", 5, 3, False)]),
        ("合计 | | | | 3 |", [(5, "返工次数", 3, 3, True)]),
        ("合计 | | 7 | | 8 |", [(5, "返工次数", 8, 3, False)]),  # 7 stands in a column of words and means nothing we know
        ("合计 | 12 人 | | | |", []),
        ("制表人：13800001111 | 5 | | | |", []),
    ],
)
def test_a_sum_may_count_the_rows(row: str, expected: list[tuple[int, str | None, float, float, bool]]) -> None:
    records = "\n".join(f"SJ{n} | x | 已结案 | 2026-10-0{n} | {n - 1} |" for n in (1, 2, 3))
    assert told(HEADER, f"{records}\n{row}") == expected


def test_rates_ids_and_columns_of_words_are_never_summed() -> None:
    header = "办件编号 | 事项名称 | 申请时间 | 按期率 | 流水单号 | 排名"
    rows = """
    1001 | 社保 | 2026-10-01 | 0.9 | 88001 | 1
    1002 | 社保 | 2026-10-01 | 0.8 | 88002 | 2
    合计 |      |            | 0.85 | 2     | 9
    """
    assert told(header, rows) == []


def test_no_sum_row_costs_nothing_and_says_nothing() -> None:
    assert told(HEADER, "SJ1 | x | 已结案 | 2026-10-01 | 0 |") == []


@settings(max_examples=25, deadline=None)
@given(
    amounts=st.lists(st.integers(0, 10_000), min_size=1, max_size=12),
    cuts=st.sets(st.integers(1, 11), max_size=3),
    wrong=st.one_of(st.none(), st.integers(1, 1_000_000)),
)
def test_right_sums_always_agree_and_a_wrong_grand_total_is_always_told(
    amounts: list[int], cuts: set[int], wrong: int | None
) -> None:
    lines, since = [], 0
    for number, amount in enumerate(amounts, 1):
        lines.append(f"G{number} | 锦秀里 | {amount} | | 2026-01-01")
        since += amount
        if number in cuts:
            lines.append(f"小计 | | {since} | |")
            since = 0
    whole = sum(amounts)
    lines.append(f"合计 | | {max(whole, 120_000) + wrong if wrong else whole} | |")
    found = told(GRIDS, "\n".join(lines))
    assert all(is_equal for *_, is_equal in found[:-1])
    assert found[-1][4] is (wrong is None)
