"""Exports through the whole build: closings at once, at the deadline and in batches, and copied reports, as the load marks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.etl.exports import built, data_root, put, rows


def marked(folder: Path, drawing: str, column: str) -> dict[str, Any]:
    """incident_id → the flag."""
    root = data_root(folder)
    put(root, "事件导出_20261115.csv", drawing)
    outcome = built(root)
    assert not outcome.refused
    return dict(rows(root, f"SELECT incident_id, {column} FROM core.incident ORDER BY 1"))


def test_closed_within_five_minutes_of_the_report(tmp_path: Path) -> None:
    drawing = """
    事件编号 | 事件状态 | 承办部门 | 所属社区 | 上报时间            | 派遣时间            | 结案时间            | 是否自行处置
    at once  | 已结案   | 园林所   | 锦秀里   | 2026-10-12 09:00:00 | 2026-10-12 09:00:00 | 2026-10-12 09:00:00 | 否
    just     | 已结案   | 园林所   | 锦秀里   | 2026-10-12 09:00:00 | 2026-10-12 09:01:00 | 2026-10-12 09:04:59 | 否
    not      | 已结案   | 园林所   | 锦秀里   | 2026-10-12 09:00:00 | 2026-10-12 09:01:00 | 2026-10-12 09:05:00 | 否
    seconds  | 已结案   | 园林所   | 锦秀里   | 2026-10-12 09:00:40 | 2026-10-12 09:00:00 | 2026-10-12 09:00:00 | 否
    before   | 已结案   | 园林所   | 锦秀里   | 2026-10-12 09:00:00 | 2026-10-12 09:00:00 | 2026-10-11 09:00:00 | 否
    day only | 已结案   | 园林所   | 锦秀里   | 2026-10-12          | 2026-10-12          | 2026-10-12          | 否
    open     | 处置中   | 园林所   | 锦秀里   | 2026-10-12 09:00:00 | 2026-10-12 09:00:00 |                     | 否
    on spot  | 已结案   | 园林所   | 锦秀里   | 2026-10-12 09:00:00 |                     | 2026-10-12 09:01:00 | 是
    """
    assert marked(tmp_path, drawing, "is_closed_at_once") == {
        "at once": True, "just": True, "not": False, "seconds": True, "before": None, "day only": None, "open": None, "on spot": None,
    }  # fmt: skip


def test_closed_in_the_last_twentieth_of_the_allowed_time(tmp_path: Path) -> None:
    """12 October 2026 is a Monday; offices open 9:00–12:00 and 13:30–17:30: from its dispatch at 10:30 three working days leave 26.5 hours."""
    drawing = """
    事件编号      | 事件状态 | 承办部门 | 所属社区 | 上报时间            | 派遣时间            | 截止时间            | 结案时间
    a hundredth   | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:00:00 | 2026-10-12 20:00:00 | 2026-10-12 19:54:00
    a twentieth   | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:00:00 | 2026-10-12 20:00:00 | 2026-10-12 19:30:00
    a tenth       | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:00:00 | 2026-10-12 20:00:00 | 2026-10-12 19:00:00
    late          | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:00:00 | 2026-10-12 20:00:00 | 2026-10-12 20:00:01
    last hour     | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-15 23:59:59 | 2026-10-15 16:11:00
    an hour more  | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-15 23:59:59 | 2026-10-15 15:30:00
    after hours   | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-15 23:59:59 | 2026-10-15 22:00:00
    evening early | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-15 23:59:59 | 2026-10-14 22:00:00
    sunday        | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-18 23:59:59 | 2026-10-18 12:00:00
    sunday night  | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-18 23:59:59 | 2026-10-18 19:00:00
    day only      | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 | 2026-10-15 23:59:59 | 2026-10-15
    no deadline   | 已结案   | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 10:30:00 |                     | 2026-10-15 16:20:00
    """
    assert marked(tmp_path, drawing, "is_closed_at_deadline") == {
        "a hundredth": True, "a twentieth": True, "a tenth": False, "late": False,
        "last hour": True, "an hour more": False, "after hours": True, "evening early": False,
        "sunday": False, "sunday night": True,
        "day only": None, "no deadline": None,
    }  # fmt: skip


def closings(name: str, department: str, count: int, moment: str) -> str:
    line = "{0} {1} | 已结案 | {2} | 锦秀里 | 2026-10-12 09:00:00 | 2026-10-12 09:30:00 | {3}\n"
    return "".join(line.format(name, number, department, moment) for number in range(count))


HEAD = "事件编号 | 事件状态 | 承办部门 | 所属社区 | 上报时间 | 派遣时间 | 结案时间\n"
PILES = {
    "five in a minute": (5, 0, True),
    "four": (4, 0, False),
    "most of the town's": (6, 5, True),
    "half of the town's": (5, 5, False),
    "a job that closes everybody's": (30, 60, False),
}


@pytest.fixture(scope="module")
def in_batches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool | None]:
    """incident_id → whether it was closed in a batch. All piles in one load: each on a day of its own."""
    drawing = HEAD + closings("day only", "城管中队", 9, "2026-10-13")
    for day, (pile, (own, others, _)) in enumerate(PILES.items(), start=20):
        drawing += closings(f"{pile} own", "城管中队", own, f"2026-10-{day} 17:05:30")
        for number in range(others):
            department = ("房管所", "水务所", "供电所")[number % 3]
            drawing += closings(f"{pile} other {number}", department, 1, f"2026-10-{day} 17:05:59")
        drawing += closings(f"{pile} next minute", "城管中队", 1, f"2026-10-{day} 17:06:00")
    return marked(tmp_path_factory.mktemp("batches"), drawing, "is_closed_in_batch")


@pytest.mark.parametrize("pile", PILES)
def test_closed_with_a_pile_of_its_department(pile: str, in_batches: dict[str, bool | None]) -> None:
    own, others, is_batch = PILES[pile]
    found = {name.removeprefix(pile).strip(): flag for name, flag in in_batches.items() if name.startswith(pile)}
    assert len(found) == own + others + 1
    assert {flag for name, flag in found.items() if name.startswith("own")} == {is_batch}
    assert not any(flag for name, flag in found.items() if not name.startswith("own"))


def test_a_day_without_an_hour_makes_no_batch(in_batches: dict[str, bool | None]) -> None:
    assert {flag for name, flag in in_batches.items() if name.startswith("day only")} == {None}


def test_the_same_words_by_the_same_worker_on_the_same_day_are_a_copy(tmp_path: Path) -> None:
    drawing = """
    事件编号    | 事件状态 | 所属社区 | 网格员编号 | 上报时间            | 事件标题         | 事发地址
    first       | 处置中   | 锦秀里   | W1         | 2026-10-12 09:00:00 | 中心花园暴露垃圾 | 3号楼
    again       | 处置中   | 锦秀里   | W1         | 2026-10-12 09:06:00 | 中心花园暴露垃圾 | 3号楼
    once more   | 处置中   | 锦秀里   | W1         | 2026-10-12 17:06:00 | 中心花园暴露垃圾 | 3号楼
    elsewhere   | 处置中   | 锦秀里   | W1         | 2026-10-12 09:12:00 | 中心花园暴露垃圾 | 5号楼
    other words | 处置中   | 锦秀里   | W1         | 2026-10-12 09:18:00 | 中心花园乱堆杂物 | 3号楼
    next day    | 处置中   | 锦秀里   | W1         | 2026-10-13 09:00:00 | 中心花园暴露垃圾 | 3号楼
    a colleague | 处置中   | 锦秀里   | W2         | 2026-10-12 09:06:00 | 中心花园暴露垃圾 | 3号楼
    a resident  | 处置中   | 锦秀里   |            | 2026-10-12 09:06:00 | 中心花园暴露垃圾 | 3号楼
    """
    found = marked(tmp_path, drawing, "is_copy")
    assert {name for name, is_copy in found.items() if is_copy} == {"again", "once more"}
