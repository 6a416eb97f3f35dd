"""Exports through the whole build: each time a department is given a case, and what became of it.

12 October 2026 is a Monday; offices open 9:00–12:00 and 13:30–17:30; two working hours are allowed to answer.
All cases are loaded by one build: each is an incident A of its own, with an export of its steps of its own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from etl.errors import ReferenceTableError
from etl.ledger import DataRoot
from etl.reference import load_reference
from tests.etl.exports import SHIPPED, built, data_root, put, rows

INCIDENT_HEAD = (
    "事件编号 | 事件状态 | 承办部门 | 首派部门 | 所属社区 | 上报时间 | 派遣时间 | 处置完成时间 | 截止时间 | 结案时间 | 退单次数\n"
)
INCIDENTS = """
A     | {state} | 城管中队 | 城管中队 | 锦秀里 | 2026-10-12 08:00:00 | 2026-10-12 09:00:00 | {disposed} | 2026-10-14 12:00:00 | {closed} | 0
other | 处置中  | 园林所   | 园林所   | 锦秀里 | 2026-10-12 08:00:00 | 2026-10-12 09:00:00 |            | 2026-10-14 12:00:00 |          | 0
"""
HEAD = "工单编号 | 操作时间 | 环节 | 转出部门 | 转入部门 | 签收情况\n"
CLOSED = {"state": "已结案", "disposed": "2026-10-13 10:00:00", "closed": "2026-10-13 12:00:00"}
OPEN = {"state": "处置中", "disposed": "", "closed": ""}
NEVER_SIGNED = "other | 2026-10-12 09:00:00 | 签收 | 综治中心 | 市政所 |\n"
"""Makes the export one that records 签收."""
CASES: list[tuple[str, dict[str, str]]] = []


def case(steps: str, state: dict[str, str] = CLOSED) -> int:
    """The number of a case: the steps of its incident A, in an export of their own, and how the incident stands."""
    CASES.append((steps, state))
    return len(CASES) - 1


def numbered(drawing: str, case: int) -> str:
    """A and other become ids of the case."""
    return re.sub(r"^(\s*)(A|other)\b", rf"\1\2 {case}", drawing, flags=re.MULTILINE)


def load(root: DataRoot, cases: list[int]) -> None:
    incidents = "".join(numbered(INCIDENTS.format(**CASES[case][1]), case) for case in cases)
    put(root, "事件导出_20261115.csv", INCIDENT_HEAD + incidents)
    for case in cases:
        if steps := CASES[case][0]:
            put(root, f"流转记录{case}_20261115.csv", HEAD + numbered(steps, case))
    assert not built(root).refused


def of_case(root: DataRoot, case: int, columns: str) -> list[tuple[Any, ...]]:
    """The assignments of its incident A, in order."""
    return rows(root, f"SELECT {columns} FROM core.assignment WHERE incident_id = 'A {case}' ORDER BY assignment_no")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """Every case of this file, in one build."""
    root = data_root(tmp_path_factory.mktemp("assignments"))
    load(root, list(range(len(CASES))))
    return root


def minutes(*clocks: str) -> str:
    """SQL: the columns as day and time."""
    return ", ".join(f"strftime({clock}, '%d %H:%M')" for clock in clocks)


SIGNED = case("""A | 2026-10-12 11:30:00 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-12 14:59:00 | 接单     | 综治中心 | 城管中队 |
               A | 2026-10-13 09:00:00 | 处置完成 | 城管中队 | 综治中心 |""")


def test_signed_for_and_done(loaded: DataRoot) -> None:
    columns = f"department_code, assigned_by_code, {minutes('answer_due_at', 'answered_at', 'done_at')}"
    assert of_case(loaded, SIGNED, columns) == [("D21", "D01", "12 15:00", "12 14:59", "13 09:00")]
    columns = "is_accepted_explicitly, is_accepted_in_time, is_returned, is_done, is_due, is_on_time, is_open, hours_to_answer, hours_to_done"
    assert of_case(loaded, SIGNED, columns) == [(True, True, False, True, True, True, False, pytest.approx(3.483, abs=0.001), 21.5)]


SIGNED_AT = {
    signed: case(f"A | 2026-10-12 11:00:00 | 派单 | 综治中心 | 城管中队 |\nA | {signed} | 报到 | 城管中队 | 综治中心 |\n")
    for signed in ("2026-10-12 14:30:00", "2026-10-12 14:30:01", "2026-10-13 09:00:00")
}


@pytest.mark.parametrize(
    ("signed", "expected"), [("2026-10-12 14:30:00", True), ("2026-10-12 14:30:01", False), ("2026-10-13 09:00:00", False)]
)
def test_the_time_to_sign_runs_in_office_hours(loaded: DataRoot, signed: str, expected: bool) -> None:
    assert of_case(loaded, SIGNED_AT[signed], "is_accepted_in_time") == [(expected,)]


UNSIGNED = case("""A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 城管中队 | 已接收
               A | 2026-10-12 09:30:00 | 处置完成 | 城管中队 | 综治中心 |""")


def test_without_a_signature_the_first_step_answers_and_proves_nothing(loaded: DataRoot) -> None:
    columns = f"{minutes('answered_at')}, is_accepted_explicitly, is_accepted_in_time, answer_due_at"
    assert of_case(loaded, UNSIGNED, columns) == [("12 09:30", False, None, None)]


UNSIGNED_AMONG_SIGNED = case(NEVER_SIGNED + "A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 城管中队 |\n", OPEN)


def test_never_signed_where_others_sign_is_late_once_the_time_is_over(loaded: DataRoot) -> None:
    assert of_case(loaded, UNSIGNED_AMONG_SIGNED, "answered_at, is_accepted_in_time, is_open, is_open_overdue") == [
        (None, False, True, True)
    ]


RETURNED = case("""A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 园林所   | 退单
               A | 2026-10-12 11:00:00 | 退单     | 园林所   | 综治中心 |
               A | 2026-10-12 11:40:00 | 改派     | 综治中心 | 城管中队 |
               A | 2026-10-13 09:00:00 | 处置完成 | 城管中队 | 综治中心 |""")


def test_returned_and_given_to_another_department(loaded: DataRoot) -> None:
    columns = (
        "assignment_no, department_code, next_department_code, is_returned, is_passed_on, is_done, is_due, strftime(ended_on, '%d')"
    )
    assert of_case(loaded, RETURNED, columns) == [
        (1, "D23", "D21", True, False, False, False, "12"),
        (2, "D21", None, False, False, True, True, "13"),
    ]


ANY_ORDER = case("""A | 2026-10-12 12:00 | 处置完成 | 城管中队 | 综治中心 |
               A | 2026-10-12 11:00 | 改派     | 综治中心 | 城管中队 |
               A | 2026-10-12 11:00 | 退单     | 园林所   | 综治中心 |
               A | 2026-10-12 11:00 | 派遣     | 综治中心 | 园林所   |""")


def test_steps_may_come_in_any_order_even_within_a_minute(loaded: DataRoot) -> None:
    assert of_case(loaded, ANY_ORDER, "department_code, is_returned, is_done") == [("D23", True, False), ("D21", False, True)]


TAKEN_AWAY = case(
    """A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 园林所   |
               A | 2026-10-12 11:00:00 | 转派 | 综治中心 | 城管中队 |""",
    OPEN,
)


def test_taken_away_without_a_return_is_passed_on_and_not_judged(loaded: DataRoot) -> None:
    assert of_case(loaded, TAKEN_AWAY, "department_code, is_returned, is_passed_on, is_open, is_due") == [
        ("D23", False, True, False, False),
        ("D21", False, False, True, True),
    ]


WHISTLED = case(
    """A | 2026-10-12 09:00:00 | 吹哨     | 综治中心 | 园林所   |
               A | 2026-10-12 09:00:00 | 吹哨     | 综治中心 | 城管中队 |
               A | 2026-10-12 09:20:00 | 报到     | 综治中心 | 园林所   |
               A | 2026-10-12 10:00:00 | 处置完成 | 园林所   | 综治中心 |""",
    OPEN,
)


def test_several_departments_whistled_for_at_once_are_each_answerable(loaded: DataRoot) -> None:
    assert of_case(loaded, WHISTLED, "department_code, is_accepted_in_time, is_done, is_open, is_open_overdue") == [
        ("D23", True, True, False, False),
        ("D21", False, False, True, True),
    ]


REWORKED = case("""A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-13 08:00:00 | 返工     | 综治中心 | 城管中队 |""")


def test_a_rework_is_an_assignment_of_its_own_and_shows_that_the_one_before_was_done(loaded: DataRoot) -> None:
    columns = f"is_rework, is_done, is_on_time, {minutes('done_at')}"
    assert of_case(loaded, REWORKED, columns) == [(False, True, True, None), (True, True, True, "13 10:00")]


REWORK_OPEN = case(
    """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-13 10:00:00 | 处置完成 | 城管中队 | 综治中心 |
               A | 2026-10-13 12:00:00 | 返工     | 综治中心 | 城管中队 |""",
    {"state": "处置中", "disposed": "2026-10-13 10:00:00", "closed": ""},
)


def test_a_rework_that_is_not_finished_is_open(loaded: DataRoot) -> None:
    assert of_case(loaded, REWORK_OPEN, "is_done, is_open, is_open_overdue") == [(True, False, False), (False, True, True)]


GIVEN_LATE = case(
    """A | 2026-10-12 09:00:00 | 派遣     | 综治中心 | 园林所   |
               A | 2026-10-15 09:00:00 | 退单     | 园林所   | 综治中心 |
               A | 2026-10-15 09:30:00 | 改派     | 综治中心 | 城管中队 |
               A | 2026-10-15 10:00:00 | 处置完成 | 城管中队 | 综治中心 |""",
    {"state": "已结案", "disposed": "2026-10-15 10:00:00", "closed": "2026-10-15 12:00:00"},
)


def test_given_after_the_deadline_is_nobodys_lateness(loaded: DataRoot) -> None:
    assert of_case(loaded, GIVEN_LATE, "department_code, is_due, is_on_time") == [
        ("D23", False, None),
        ("D21", False, None),
    ]


BY_DAY = case("""A | 2026-10-12 | 派遣     | 综治中心 | 城管中队 |
               A | 2026-10-12 | 签收     | 综治中心 | 城管中队 |
               A | 2026-10-13 | 处置完成 | 城管中队 | 综治中心 |""")


def test_moments_known_to_the_day_are_compared_by_the_day(loaded: DataRoot) -> None:
    assert of_case(loaded, BY_DAY, "is_accepted_in_time, hours_to_answer, hours_to_done") == [(True, 0.0, 24.0)]


NO_STEPS = case("")


def test_without_steps_the_incident_is_one_assignment(loaded: DataRoot) -> None:
    columns = f"department_code, assigned_by_code, {minutes('assigned_at', 'done_at')}, is_accepted_in_time, is_returned, is_on_time, hours_to_done"
    assert of_case(loaded, NO_STEPS, columns) == [("D21", None, "12 09:00", "13 10:00", None, None, True, 25.0)]


UNKNOWN_ACTION = case("""A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 城管中队 |
               A | 2026-10-12 10:00:00 | 催办 | 综治中心 | 城管中队 |""")


def test_an_unknown_action_changes_nothing(loaded: DataRoot) -> None:
    assert of_case(loaded, UNKNOWN_ACTION, "department_code, answered_at = done_at") == [("D21", True)]
    assert rows(
        loaded, f"SELECT action, action_code FROM core.incident_step WHERE incident_id = 'A {UNKNOWN_ACTION}' AND step_no = 2"
    ) == [("催办", None)]


HALF_AN_HOUR = case(
    "A | 2026-10-12 09:00:00 | 派遣 | 综治中心 | 城管中队 |\nA | 2026-10-12 09:31:00 | 签收 | 综治中心 | 城管中队 |\n"
)


def limit_answers_to(root: DataRoot, limit: str, hours: str) -> None:
    file = root.path / "reference/time_limits.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"limit,working_hours,note\n{limit},{hours},\n", encoding="utf-8")


def test_the_time_to_sign_is_maintained_as_data(loaded: DataRoot, tmp_path: Path) -> None:
    limit_answers_to(root := data_root(tmp_path), "answer", "0.5")
    load(root, [HALF_AN_HOUR])
    assert of_case(root, HALF_AN_HOUR, "is_accepted_in_time") == [(False,)]
    assert of_case(loaded, HALF_AN_HOUR, "is_accepted_in_time") == [(True,)]  # in the two hours that are shipped


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """A data root with an export in its inbox."""
    root = data_root(tmp_path_factory.mktemp("unbuilt"))
    put(root, "事件导出_20261115.csv", INCIDENT_HEAD + INCIDENTS.format(**OPEN))
    return root


@pytest.mark.parametrize("hours", ["", "0", "-1", "two"])
def test_a_limit_that_is_no_number_of_hours_stops_the_build(unbuilt: DataRoot, hours: str) -> None:
    limit_answers_to(unbuilt, "answer", hours)
    with pytest.raises(ReferenceTableError, match="working_hours"):
        built(unbuilt)


def test_the_time_to_sign_may_not_be_left_out(unbuilt: DataRoot) -> None:
    limit_answers_to(unbuilt, "other", "1")
    with pytest.raises(ReferenceTableError, match="answer"):
        built(unbuilt)


def test_every_word_of_an_action_stands_for_one_of_the_seven() -> None:
    reference = load_reference([SHIPPED / "reference"])
    words = reference.words("step_action")
    assert set(words.values()) == {"dispatched", "answered", "returned", "reassigned", "disposed", "reworked", "checked"}
    assert {reference.code("step_action", word, words) for word in ("签收", "接单", "报到", "受理")} == {"answered"}
