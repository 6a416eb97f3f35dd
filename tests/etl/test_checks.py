"""Impossible and contradictory things are findings with advice, never crashes."""

from __future__ import annotations

import pytest

from etl.checks import checks
from etl.ledger import DataRoot
from tests.etl.exports import built, data_root, put, rows

FOUND = "SELECT subject, detail FROM meta.finding_row WHERE check_id = '{}' ORDER BY ALL"
ONE = """
事件编号 | 事件状态 | 所属社区 | 上报时间            | 结案时间
SJ1      | 已结案   | 锦秀里   | 2026-10-01 09:00:00 | 2026-10-03 10:00:00
SJ2      | 处置中   | 锦秀里   | 2026-10-02 09:00:00 |
"""


EXPORTS: dict[str, str] = {}
"""File name → drawing: all are loaded by one build, so that each check finds what one test below speaks of, and nothing else."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """EXPORTS, loaded."""
    root = data_root(tmp_path_factory.mktemp("checks"))
    for name, drawing in EXPORTS.items():
        put(root, name, drawing)
    built(root)
    return root


def one(name: str) -> str:
    """ONE with ids of its own."""
    return ONE.replace("SJ", f"{name} ")


def test_every_check_says_what_it_means_in_both_languages() -> None:
    for check in checks():
        assert check.severity in {"stop", "warn", "note"}, check.id
        for sentence in (check.zh, check.en, check.advice_zh, check.advice_en):
            assert len(sentence) >= 8, check.id
        assert any("\u4e00" <= letter <= "\u9fff" for letter in check.zh + check.advice_zh), check.id


EXPORTS["甲平台_20261101.csv"] = one("agree")
EXPORTS["乙平台_20261101.csv"] = one("agree").replace("处置中   | 锦秀里", "处置中   | 福满园")


def test_two_exports_of_one_moment_that_disagree_are_named(root: DataRoot) -> None:
    assert rows(root, FOUND.format("exports_agree")) == [("agree 2", "community_code：C02 ≠ C01")]


EXPORTS["事件_20261025.csv"] = one("moved")
EXPORTS["事件_20261031.csv"] = one("moved").replace("2026-10-03 10:00:00", "2026-10-02 10:00:00")


def test_a_closing_moment_that_a_later_export_moves_is_named(root: DataRoot) -> None:
    assert rows(root, FOUND.format("closings_stay_as_they_were")) == [("moved 1", "2026-10-03 10:00:00 → 2026-10-02 10:00:00")]


EXPORTS["重复_20261101.csv"] = (
    one("repeat")
    + "repeat 1 | 已结案 | 锦秀里 | 2026-10-01 09:00:00 | 2026-10-03 10:00:00\n"
    + "repeat 2 | 处置中 | 福满园 | 2026-10-02 09:00:00 | \n"
)


def test_one_id_with_two_contents_in_a_file_is_named_and_a_plain_repeat_is_not(root: DataRoot) -> None:
    assert rows(root, FOUND.format("ids_mean_one_thing_in_a_file")) == [("repeat 2", "community_code")]
    assert rows(root, "SELECT community_code FROM core.incident WHERE incident_id = 'repeat 2'") == [("C02",)]


EXPORTS["事件_20261101.csv"] = one("called")
EXPORTS["办件_20261101.csv"] = """
办件编号 | 事项名称 | 申请时间            | 受理时间            | 办结时间
B1       | 社保卡   | 2026-10-05 09:00:00 | 2026-10-05 09:10:00 | 2026-10-04 09:00:00
B2       | 社保卡   | 2027-10-05 09:00:00 | 2027-10-05 09:10:00 |
"""
EXPORTS["回访_20261101.csv"] = """
事件编号 | 回访时间            | 接通状态
called 2 | 2026-10-05 09:00:00 | 接通
called 1 | 2027-10-05 09:00:00 | 接通
called 9 | 2026-10-05 09:00:00 | 接通
"""


def test_impossible_times_of_other_sources_are_findings(root: DataRoot) -> None:
    assert rows(root, FOUND.format("stages_take_no_negative_time")) == [("B1", "2026-10-05 09:10:00 → 2026-10-04 09:00:00")]
    assert rows(root, FOUND.format("other_sources_lie_before_the_export")) == [
        ("B2", "2027-10-05 09:10:00"),
        ("called 1", "2027-10-05 09:00:00"),
    ]
    assert [subject for subject, _ in rows(root, FOUND.format("callbacks_follow_the_closing"))] == ["called 2"]
    assert [subject for subject, _ in rows(root, FOUND.format("callbacks_have_an_incident"))] == ["called 9"]


EXPORTS["时间_20261101.csv"] = """
事件编号 | 事件状态 | 上报时间            | 派遣时间            | 结案时间
time 1   | 已结案   | 2026-10-05 09:00:00 |                     | 2026-10-04 09:00:00
time 2   | 已结案   | 2026-10-05 09:00:00 |                     | 2036-10-06 09:00:00
time 3   | 已结案   | 2026-10-05 09:00:00 | 2026-10-05 10:00:00 | 2026-10-05
"""


def test_future_dates_and_closings_before_reports_are_findings(root: DataRoot) -> None:
    assert rows(root, FOUND.format("closed_not_before_reported")) == [("time 1", "2026-10-05 09:00:00 → 2026-10-04 09:00:00")]
    assert rows(root, FOUND.format("nothing_after_the_export")) == [("time 2", "2036-10-06 09:00:00")]
    assert rows(root, "SELECT incident_id, hours_to_close FROM core.incident WHERE incident_id LIKE 'time%' ORDER BY 1") == [
        ("time 1", None),
        ("time 2", None),
        ("time 3", 0.0),
    ]
