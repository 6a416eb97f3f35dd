"""Spellings: one line gives an unknown word its code; what is near is suggested, what nobody writes is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from etl.aliases import add_alias
from etl.errors import ReferenceTableError
from etl.ledger import DataRoot
from etl.reference import load_reference
from etl.spelling import nearest
from tests.etl.exports import SHIPPED, built, data_root, put, rows

REFERENCE = load_reference([SHIPPED / "reference"])
DRAWING = """
事件编号 | 事件状态 | 上报时间            | 所属社区     | 承办部门   | 事件大类
SJ1      | 搞定了   | 2026-10-01 09:00:00 | 锦绣里新区   | 数字大厅   | 垃圾乱堆
SJ2      | 已办解   | 2026-10-01 09:00:00 | 福满园       | 城管中队   | 暴露垃圾
"""


def add(root: DataRoot, list_: str, word: str, code: str) -> str:
    return add_alias(root, list_, word, code, by="张", on=date(2026, 11, 16))


def test_one_line_gives_an_unknown_word_its_code_in_every_kind_of_list(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件.csv", DRAWING)
    built(root)
    assert rows(root, "SELECT list FROM meta.unmatched ORDER BY ALL") == [
        ("category",),
        ("community",),
        ("department",),
        ("status",),
        ("status",),
    ]
    for list_, word, code in (
        ("status", "搞定了", "closed"),
        ("community", " 锦绣里新区 ", "C01"),
        ("department", "数字大厅", "D01"),
        ("category", "垃圾乱堆", "05"),
        ("status", "已办解", "closed"),
    ):
        assert word.strip() in add(root, list_, word, code)
    assert built(root).is_new
    assert rows(
        root, "SELECT status_code, community_code, department_code, category_code FROM core.incident ORDER BY incident_id"
    ) == [
        ("closed", "C01", "D01", "05"),
        ("closed", "C02", "D21", "05"),
    ]
    assert rows(root, "FROM meta.unmatched") == []
    lines = (tmp_path / "reference/aliases.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[:3] == [
        "list,word,code,added_on,added_by",
        "status,搞定了,closed,2026-11-16,张",
        "community,锦绣里新区,C01,2026-11-16,张",
    ]


def test_the_same_alias_twice_changes_nothing(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    add(root, "community", "金桥花园", "C01")
    before = (tmp_path / "reference/aliases.csv").read_bytes()
    assert "没有改动" in add(root, "community", "金桥花园", "C01")
    assert "没有改动" in add(root, "community", "锦秀里", "C01")  # the shipped table has it
    assert (tmp_path / "reference/aliases.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("list_", "word", "code", "told"),
    [
        ("colour", "红", "red", "没有名单 colour；可用的名单：community、department、category"),
        ("status", "搞定", "done", "没有代码 done；可用的代码：reported（已上报）"),
        ("community", "金桥花园", "C99", "C01（锦秀里社区）"),
        ("community", "福满园", "C01", "“福满园”已经是“福满园社区”（C02）的写法"),
        ("satisfaction", "未评价", "satisfied", "已经是空值的写法"),
        ("status", " — ", "closed", "空值"),
        ("status", "", "closed", "空"),
        ("community", "13800138000", "C01", "电话"),
    ],
)
def test_what_cannot_be_an_alias_is_refused_with_a_sentence(tmp_path: Path, list_: str, word: str, code: str, told: str) -> None:
    with pytest.raises(ReferenceTableError) as refused:
        add(data_root(tmp_path), list_, word, code)
    assert told in refused.value.zh
    assert not (tmp_path / "reference/aliases.csv").exists()


def test_aliases_of_all_folders_add_up_and_keep_the_shipped_words(tmp_path: Path) -> None:
    folders = [SHIPPED / "reference", tmp_path / "a", tmp_path / "b"]
    for folder, word in zip(folders[1:], ("完事", "收工"), strict=True):
        folder.mkdir()
        (folder / "aliases.csv").write_text(f"list,word,code,added_on,added_by\nstatus,{word},closed,,\n", encoding="utf-8")
    words = load_reference(folders).words("status")
    assert {words[word] for word in ("完事", "收工", "已办结", "已结案")} == {"closed"}


def test_a_table_that_excel_saved_in_its_own_encoding_is_read_and_continued(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    (tmp_path / "reference").mkdir()
    file = tmp_path / "reference/aliases.csv"
    file.write_bytes("list,word,code,added_on,added_by\r\nstatus,完事,closed,,\r\n".encode("gb18030"))
    add(root, "status", "收工", "closed")
    words = load_reference(root.reference_folders).words("status")
    assert words["完事"] == words["收工"] == "closed"


def test_a_word_with_two_codes_in_a_table_stops_the_load_with_both_rows(tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text(
        "list,word,code,added_on,added_by\nstatus,完事,closed,,\nstatus,完事,void,,\n", encoding="utf-8"
    )
    with pytest.raises(ReferenceTableError, match=r"aliases\.csv 第 3 行：“完事”已在第 2 行指定为 closed"):
        load_reference([SHIPPED / "reference", tmp_path])


@pytest.mark.parametrize(
    ("list_", "word", "code"),
    [
        ("community", "锦锈里社区", "C01"),
        ("community", "锦秀里北区", "C01"),
        ("community", "禾湾镇向阳理", "C07"),
        ("community", "北们社区", None),  # one of two characters is wrong: too far
        ("community", "金桥花园", None),
        ("community", "三号地块", None),
        ("community", "月亮湾社区", None),
        ("department", "城管执法中对", "D21"),
        ("department", "数字化指挥大厅", None),
        ("category", "占道经菅", "08"),
        ("category", "历史遗留", None),
        ("category", "99", None),
        ("status", "已办解", "closed"),
        ("status", "未办结", None),  # its opposite is one character away
        ("satisfaction", "不太满意啊", "dissatisfied"),
        ("channel", "12345热线电话", "hotline"),
    ],
)
def test_the_nearest_spelling_is_suggested_only_when_it_is_near(list_: str, word: str, code: str | None) -> None:
    assert REFERENCE.nearest(list_, word) == code


def test_two_codes_equally_near_suggest_nothing() -> None:
    assert nearest("东风甲里", {"东风乙里": "a", "东风丙里": "b"}) is None
    assert nearest("东风甲里", {"东风乙里": "a", "东风丙里": "a"}) == "a"


def test_suggestions_and_unused_spellings_stand_in_the_warehouse(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件.csv", DRAWING)
    add(root, "status", "搞定了", "closed")
    add(root, "status", "摆平了", "closed")
    outcome = built(root)
    assert rows(root, "SELECT list, value, suggested_code FROM meta.unmatched ORDER BY ALL") == [
        ("category", "垃圾乱堆", None),
        ("community", "锦绣里新区", "C01"),
        ("department", "数字大厅", None),
        ("status", "已办解", "closed"),
    ]
    use = dict(rows(root, "SELECT list || '/' || word, row_count || ' ' || coalesce(place, '') FROM meta.mapping_use"))
    assert use["status/搞定了"] == "1 aliases.csv 第 2 行"
    assert use["status/摆平了"] == "0 aliases.csv 第 3 行"
    assert use["category/暴露垃圾"].startswith("1 category_crosswalk.csv 第")
    assert use["community/福满园"] == "1 "  # a name of the list itself
    assert use["status/回复完成"].startswith("0 words.csv 第")
    # shipped lists are broad on purpose: only what the town added is told
    assert rows(root, "SELECT subject, detail FROM meta.finding_row WHERE check_id = 'mappings_are_used'") == [
        ("status 摆平了", "aliases.csv 第 3 行")
    ]
    assert {finding.check.severity for finding in outcome.findings if finding.check.id == "mappings_are_used"} == {"note"}
