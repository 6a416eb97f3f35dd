"""Exports through the whole build: each time a department is given a case, and what became of it.

12 October 2026 is a Monday; offices open 9:00–12:00 and 13:30–17:30; two working hours are allowed to answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etl.errors import ReferenceTableError
from etl.ledger import DataRoot
from etl.reference import load_reference
from tests.etl.exports import SHIPPED, built, data_root, put, rows

INCIDENTS = """
事件编号 | 事件状态 | 承办部门 | 首派部门 | 所属社区 | 上报时间            | 派遣时间            | 处置完成时间        | 截止时间            | 结案时间            | 退单次数
A        | {state}  | 城管中队 | 城管中队 | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 09:00:00 | {disposed}          | 2026-10-14 12:00:00 | {closed}            | 0
other    | 处置中   | 园林所   | 园林所   | 锦秀里   | 2026-10-12 08:00:00 | 2026-10-12 09:00:00 |                     | 2026-10-14 12:00:00 |                     | 0
"""
HEAD = "工单编号 | 操作时间 | 环节 | 转出部门 | 转入部门 | 签收情况\n"
CLOSED = {"state": "已结案", "disposed": "2026-10-13 10:00:00", "closed": "2026-10-13 12:00:00"}
OPEN = {"state": "处置中", "disposed": "", "closed": ""}
CENTRE = "综治中心"
NEVER_SIGNED = "other | 2026-10-12 09:00:00 | 签收 | 综治中心 | 市政所 |\n"
"""Makes the export one that records 签收."""


def assignments(folder: Path, steps: str, columns: str, state: dict[str, str] = CLOSED) -> list[tuple[Any, ...]]:
    """The assignments of incident A, in order, from an export of its steps."""
    root = data_root(folder)
    put(root, "事件导出_20261115.csv", INCIDENTS.format(**state))
    if steps:
        put(root, "流转记录_20261115.csv", HEAD + steps)
    assert not built(root).refused
    return rows(root, f"SELECT {columns} FROM core.assignment WHERE incident_id = 'A' ORDER BY assignment_no")


def minutes(*clocks: str) -> str:
    """SQL: the columns as day and time."""
    return ", ".join(f"strftime({clock}, '%d %H:%M')" for clock in clocks)


def test_signed_for_and_done(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 11:30:00 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-12 14:59:00 | 接单     | 综治中心 | 城管中队 |
               A | 2026-10-13 09:00:00 | 处置完成 | 城管中队 | 综治中心 |"""
    columns = f"department_code, assigned_by_code, {minutes('answer_due_at', 'answered_at', 'done_at')}"
    assert assignments(tmp_path, steps, columns) == [("D21", "D01", "12 15:00", "12 14:59", "13 09:00")]
    columns = "is_accepted_explicitly, is_accepted_in_time, is_returned, is_done, is_due, is_on_time, is_open, hours_to_answer, hours_to_done"
    root = data_root(tmp_path)
    assert rows(root, f"SELECT {columns} FROM core.assignment WHERE incident_id = 'A'") == [
        (True, True, False, True, True, True, False, pytest.approx(3.483, abs=0.001), 21.5)
    ]


@pytest.mark.parametrize(
    ("signed", "expected"), [("2026-10-12 14:30:00", True), ("2026-10-12 14:30:01", False), ("2026-10-13 09:00:00", False)]
)
def test_the_time_to_sign_runs_in_office_hours(tmp_path: Path, signed: str, expected: bool) -> None:
    steps = f"A | 2026-10-12 11:00:00 | 派单 | 综治中心 | 城管中队 |\nA | {signed} | 报到 | 城管中队 | 综治中心 |\n"
    assert assignments(tmp_path, steps, "is_accepted_in_time") == [(expected,)]


def test_without_a_signature_the_first_step_answers_and_proves_nothing(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 城管中队 | 已接收
               A | 2026-10-12 09:30:00 | 处置完成 | 城管中队 | 综治中心 |"""
    columns = f"{minutes('answered_at')}, is_accepted_explicitly, is_accepted_in_time, answer_due_at"
    assert assignments(tmp_path, steps, columns) == [("12 09:30", False, None, None)]


def test_never_signed_where_others_sign_is_late_once_the_time_is_over(tmp_path: Path) -> None:
    steps = NEVER_SIGNED + "A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 城管中队 |\n"
    assert assignments(tmp_path, steps, "answered_at, is_accepted_in_time, is_open, is_open_overdue", OPEN) == [
        (None, False, True, True)
    ]


def test_returned_and_given_to_another_department(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 园林所   | 退单
               A | 2026-10-12 11:00:00 | 退单     | 园林所   | 综治中心 |
               A | 2026-10-12 11:40:00 | 改派     | 综治中心 | 城管中队 |
               A | 2026-10-13 09:00:00 | 处置完成 | 城管中队 | 综治中心 |"""
    columns = (
        "assignment_no, department_code, next_department_code, is_returned, is_passed_on, is_done, is_due, strftime(ended_on, '%d')"
    )
    assert assignments(tmp_path, steps, columns) == [
        (1, "D23", "D21", True, False, False, False, "12"),
        (2, "D21", None, False, False, True, True, "13"),
    ]


def test_steps_may_come_in_any_order_even_within_a_minute(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 12:00 | 处置完成 | 城管中队 | 综治中心 |
               A | 2026-10-12 11:00 | 改派     | 综治中心 | 城管中队 |
               A | 2026-10-12 11:00 | 退单     | 园林所   | 综治中心 |
               A | 2026-10-12 11:00 | 派遣     | 综治中心 | 园林所   |"""
    assert assignments(tmp_path, steps, "department_code, is_returned, is_done") == [("D23", True, False), ("D21", False, True)]


def test_taken_away_without_a_return_is_passed_on_and_not_judged(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 园林所   |
               A | 2026-10-12 11:00:00 | 转派 | 综治中心 | 城管中队 |"""
    assert assignments(tmp_path, steps, "department_code, is_returned, is_passed_on, is_open, is_due", OPEN) == [
        ("D23", False, True, False, False),
        ("D21", False, False, True, True),
    ]


def test_several_departments_whistled_for_at_once_are_each_answerable(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 吹哨     | 综治中心 | 园林所   |
               A | 2026-10-12 09:00:00 | 吹哨     | 综治中心 | 城管中队 |
               A | 2026-10-12 09:20:00 | 报到     | 综治中心 | 园林所   |
               A | 2026-10-12 10:00:00 | 处置完成 | 园林所   | 综治中心 |"""
    assert assignments(tmp_path, steps, "department_code, is_accepted_in_time, is_done, is_open, is_open_overdue", OPEN) == [
        ("D23", True, True, False, False),
        ("D21", False, False, True, True),
    ]


def test_a_rework_is_an_assignment_of_its_own_and_shows_that_the_one_before_was_done(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-13 08:00:00 | 返工     | 综治中心 | 城管中队 |"""
    columns = f"is_rework, is_done, is_on_time, {minutes('done_at')}"
    assert assignments(tmp_path, steps, columns) == [(False, True, True, None), (True, True, True, "13 10:00")]


def test_a_rework_that_is_not_finished_is_open(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-13 10:00:00 | 处置完成 | 城管中队 | 综治中心 |
               A | 2026-10-13 12:00:00 | 返工     | 综治中心 | 城管中队 |"""
    state = {"state": "处置中", "disposed": "2026-10-13 10:00:00", "closed": ""}
    assert assignments(tmp_path, steps, "is_done, is_open, is_open_overdue", state) == [(True, False, False), (False, True, True)]


def test_given_after_the_deadline_is_nobodys_lateness(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 园林所   |
               A | 2026-10-15 09:00:00 | 退单     | 园林所   | 综治中心 |
               A | 2026-10-15 09:30:00 | 改派     | 综治中心 | 城管中队 |
               A | 2026-10-15 10:00:00 | 处置完成 | 城管中队 | 综治中心 |"""
    closed = {"state": "已结案", "disposed": "2026-10-15 10:00:00", "closed": "2026-10-15 12:00:00"}
    assert assignments(tmp_path, steps, "department_code, is_due, is_on_time", closed) == [
        ("D23", False, None),
        ("D21", False, None),
    ]


def test_moments_known_to_the_day_are_compared_by_the_day(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-12 | 签收     | 综治中心 | 城管中队 |
               A | 2026-10-13 | 处置完成 | 城管中队 | 综治中心 |"""
    assert assignments(tmp_path, steps, "is_accepted_in_time, hours_to_answer, hours_to_done") == [(True, 0.0, 24.0)]


def test_without_steps_the_incident_is_one_assignment(tmp_path: Path) -> None:
    columns = f"department_code, assigned_by_code, {minutes('assigned_at', 'done_at')}, is_accepted_in_time, is_returned, is_on_time, hours_to_done"
    assert assignments(tmp_path, "", columns) == [("D21", None, "12 09:00", "13 10:00", None, None, True, 25.0)]


def test_an_unknown_action_changes_nothing(tmp_path: Path) -> None:
    steps = """A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 城管中队 |
               A | 2026-10-12 10:00:00 | 催办 | 综治中心 | 城管中队 |"""
    assert assignments(tmp_path, steps, "department_code, answered_at = done_at") == [("D21", True)]
    assert rows(data_root(tmp_path), "SELECT action, action_code FROM core.incident_step WHERE step_no = 2") == [("催办", None)]


def test_the_time_to_sign_is_maintained_as_data(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/time_limits.csv").write_text("limit,working_hours,note\nanswer,0.5,\n", encoding="utf-8")
    steps = "A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 城管中队 |\nA | 2026-10-12 09:31:00 | 签收 | 综治中心 | 城管中队 |\n"
    assert assignments(tmp_path, steps, "is_accepted_in_time") == [(False,)]


@pytest.mark.parametrize("hours", ["", "0", "-1", "two"])
def test_a_limit_that_is_no_number_of_hours_stops_the_build(tmp_path: Path, hours: str) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/time_limits.csv").write_text(f"limit,working_hours,note\nanswer,{hours},\n", encoding="utf-8")
    put(root := DataRoot(tmp_path, SHIPPED), "事件导出_20261115.csv", INCIDENTS.format(**OPEN))
    with pytest.raises(ReferenceTableError, match="working_hours"):
        built(root)


def test_the_time_to_sign_may_not_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/time_limits.csv").write_text("limit,working_hours,note\nother,1,\n", encoding="utf-8")
    put(root := DataRoot(tmp_path, SHIPPED), "事件导出_20261115.csv", INCIDENTS.format(**OPEN))
    with pytest.raises(ReferenceTableError, match="answer"):
        built(root)


def test_every_word_of_an_action_stands_for_one_of_the_seven() -> None:
    reference = load_reference([SHIPPED / "reference"])
    words = reference.words("step_action")
    assert set(words.values()) == {"dispatched", "answered", "returned", "reassigned", "disposed", "reworked", "checked"}
    assert {reference.code("step_action", word, words) for word in ("签收", "接单", "报到", "受理")} == {"answered"}
