"""One cell of text → one value: the forms met in exports."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl import cells
from etl.rejects import reasons


def reason_of(reader: Callable[[str], object], text: str) -> str | None:
    """Why a text is refused, None when it is read."""
    try:
        reader(text)
    except cells.CellError as told:
        return told.reason
    return None


def refused(reader: Callable[[str], object], text: str) -> str:
    """The same of a text that must be refused."""
    reason = reason_of(reader, text)
    assert reason is not None
    return reason


@pytest.mark.parametrize("text", ["", " ", "—", "-", "/", "无", "不详", "\u3000", "\u00a0", "\u200b"])
def test_a_cell_that_says_nothing_is_none(text: str) -> None:
    assert cells.text(text) is None
    assert cells.moment(text) is None
    assert cells.number(text) is None
    assert cells.identifier(text) is None


ODD = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("0123456789.-/:, %年月日时分秒上下午星期一二三十〇廿①２０＃\u200b\u00a0\u3000\u0301\ufe0f'=\"eE+~#N/A√□"),
    ),
    max_size=24,
)
READERS = (
    cells.moment,
    cells.yes_no,
    cells.number,
    cells.share,
    cells.minutes,
    cells.count,
    cells.identifier,
    cells.label,
    cells.text,
    cells.person,
)


@settings(max_examples=400)
@given(ODD)
@example("1e400")
@example("９" * 400)
@example("4" * 5000)
@example("-0")
@example("2024-03-05 99:99:99")
@example("٣٤٥٦٧")
@example("2024年十十月十日")
@example('="="2024""')
def test_any_text_gives_a_value_or_a_reason(text: str) -> None:
    told = [reason for reader in READERS if (reason := reason_of(reader, text))]
    assert set(told) <= reasons().keys()


@settings(max_examples=400)
@given(ODD)
@example("e\u200b\u0301")
@example('\'="x"')
@example("=\"'x'\"")
def test_reading_a_text_twice_changes_nothing(text: str) -> None:
    once = cells.text(text)
    assert once is None or cells.text(once) == once
    assert cells.folded(cells.folded(text)) == cells.folded(text)


@pytest.mark.parametrize("text", ["\u200b12\ufeff", "１２", "\u00a012\u3000", "12\t", "1\u20602"])
def test_what_nobody_sees_changes_nothing(text: str) -> None:
    assert cells.text(text) == "12"
    assert cells.count(text) == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [(word, True) for word in ("是", "√", "✔️", "☑", "有", "1", "Y", "true", "ONTIME", "按期", "已延期")]
    + [(word, False) for word in ("否", "×", "✗", "□", "无", " 无 ", "0", "No", "超期", "没有", "未延期")]
    + [(word, None) for word in ("", "-", "不详", "未知", "N/A")],
)
def test_yes_and_no(text: str, expected: bool | None) -> None:
    assert cells.yes_no(text) is expected


@pytest.mark.parametrize("text", ["☒", "可能", "2", "是否", "是/否"])
def test_what_is_neither_yes_nor_no_is_refused(text: str) -> None:
    assert refused(cells.yes_no, text) == "yes_no_unreadable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", 1234),
        ("１，２３４．５", 1234.5),
        ("12", 12),
        ("3个工作日", 3),
        ("24 小时", 24),
        ("2.5", 2.5),
        ("-3", -3),
        ("1.5E+02", 150),
    ],
)
def test_a_number_may_carry_separators_and_its_unit(text: str, expected: float) -> None:
    assert cells.number(text) == expected


@pytest.mark.parametrize("text", ["约30", "30余", "12-15", "3 5", "12,34", "1_000", "inf", "٣", "三", "15分钟", "e5", "若干"])
def test_what_is_not_one_number_is_refused(text: str) -> None:
    assert refused(cells.number, text) == "number_unreadable"


def test_a_percentage_is_a_number_only_where_a_share_is_wanted() -> None:
    assert cells.share("50%") == 0.5
    assert cells.share("０．５") == 0.5
    assert refused(cells.number, "99.33%") == "number_is_a_share"
    assert refused(cells.count, "100%") == "number_is_a_share"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90", 90), ("90分钟", 90), ("1小时30分", 90), ("1.5小时", 90), ("1:30:00", 90), ("90秒", 1.5), ("２小时", 120)],
)
def test_a_span_of_time_is_read_in_minutes(text: str, expected: float) -> None:
    assert cells.minutes(text) == expected


@pytest.mark.parametrize("text", ["1:30", "半天", "-5", "90 30", "约一小时"])
def test_a_span_that_could_be_another_is_refused(text: str) -> None:
    assert refused(cells.minutes, text) == "minutes_unreadable"


def test_a_count_is_one_whole_number_and_not_negative() -> None:
    assert cells.count("3次") == 3
    assert cells.count("两次") == 2
    assert cells.count("3.0") == 3
    assert cells.count("是") == 1
    for text in ("-1", "1.5", "多次", "约30", "30余", "12-15", "9999999999"):
        assert refused(cells.count, text) == "count_unreadable"


def test_an_id_stays_text_and_a_destroyed_one_is_never_repaired() -> None:
    assert cells.identifier("0012345678901234567") == "0012345678901234567"
    assert cells.identifier('="0012345"') == "0012345"
    assert cells.identifier("'0012345") == "0012345"
    assert cells.identifier("ＳＪ２０２４") == "SJ2024"
    assert cells.identifier("20240001.0") == "20240001"
    assert cells.identifier("2E01") == "2E01"  # a block of flats
    for text in ("1.20110E+18", "1.2011E18", "1,20110E+18", "１．２０１１Ｅ＋１８", "1E+18", "1E18"):
        assert refused(cells.identifier, text) == "id_destroyed"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "########"])
def test_an_error_of_excels_is_no_blank(error: str) -> None:
    for reader in (cells.moment, cells.number, cells.count, cells.yes_no, cells.minutes, cells.identifier):
        assert refused(reader, error) == "excel_error"
    assert cells.label(error) == error
    assert cells.person(error) is None


def test_every_reason_is_told_in_both_languages_with_the_files_own_header() -> None:
    package = Path(str(resources.files("etl")))
    code = "".join(file.read_text(encoding="utf-8") for file in package.glob("*.py"))
    assert set(re.findall(r'CellError\("(\w+)"', code)) <= reasons().keys()
    assert {reason for reason in reasons() if not re.search(rf"[\"']{reason}[\"']", code)} == set()
    for reason, sentences in reasons().items():
        for sentence in sentences:
            assert ("{header}" in sentence) == (reason != "too_many_cells"), reason
            assert "；" in sentence or ";" in sentence or "," in sentence, reason  # what is wrong; what to do
