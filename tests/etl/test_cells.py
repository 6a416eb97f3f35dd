"""One cell of text → one value: the forms met in exports."""

from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import cells

MOMENTS = """
2024-03-05 09:05:00       | 2024-03-05 09:05:00 |
2024-03-05T09:05:00       | 2024-03-05 09:05:00 |
2024/3/5 9:05             | 2024-03-05 09:05:00 |
2024.3.5                  | 2024-03-05 00:00:00 | day
2024年3月5日 上午9:05      | 2024-03-05 09:05:00 |
2024年3月5日 下午3:05      | 2024-03-05 15:05:00 |
2024年3月5日 下午12:05     | 2024-03-05 12:05:00 |
2024年3月5日 上午12:05     | 2024-03-05 00:05:00 |
2024年3月5日9时5分         | 2024-03-05 09:05:00 |
2024年3月5日 9点           | 2024-03-05 09:00:00 |
2024年3月5日（星期二）9:05  | 2024-03-05 09:05:00 |
２０２４－０３－０５ ０９：０５ | 2024-03-05 09:05:00 |
20240305                  | 2024-03-05 00:00:00 | day
202403050905              | 2024-03-05 09:05:00 |
20240305090507            | 2024-03-05 09:05:07 |
2024-03-05 09:05:07.000   | 2024-03-05 09:05:07 |
2024-03-05 24:00          | 2024-03-06 00:00:00 |
45356.378472222           | 2024-03-05 09:05:00 |
45356                     | 2024-03-05 00:00:00 | day
"""


@pytest.mark.parametrize("line", MOMENTS.strip().splitlines())
def test_a_moment_is_read_in_every_written_form(line: str) -> None:
    text, expected, day = (part.strip() for part in line.split("|"))
    moment = cells.moment(text)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected)
    assert moment.is_day == (day == "day")


@pytest.mark.parametrize("text", ["7月", "昨天", "2024-13-05", "2024-02-30", "5/3/2024", "2024-03-05 25:00", "24-3-5", "123"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(cells.CellError, match="moment_unreadable"):
        cells.moment(text)


def test_an_implausible_year_is_refused() -> None:
    with pytest.raises(cells.CellError, match="moment_out_of_range"):
        cells.moment("0204-03-05")


@pytest.mark.parametrize("text", ["", " ", "—", "-", "/", "无", "不详", "\u3000", "\u00a0", "\u200b"])
def test_a_cell_that_says_nothing_is_none(text: str) -> None:
    assert cells.text(text) is None
    assert cells.moment(text) is None
    assert cells.number(text) is None
    assert cells.identifier(text) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(lambda d: d.replace(microsecond=0)))
def test_the_canonical_form_round_trips(at: datetime) -> None:
    moment = cells.moment(at.isoformat(" "))
    assert moment == cells.Moment(at, False)


@given(st.text())
def test_no_text_crashes_a_reader(text: str) -> None:
    for reader in (cells.moment, cells.yes_no, cells.number, cells.count, cells.identifier, cells.text):
        with contextlib.suppress(cells.CellError):
            reader(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("是", True),
        ("√", True),
        ("有", True),
        ("1", True),
        ("ONTIME", True),
        ("否", False),
        ("×", False),
        ("无", False),
        ("0", False),
    ],
)
def test_yes_and_no(text: str, expected: bool) -> None:
    assert cells.yes_no(text) is expected


@pytest.mark.parametrize(("text", "expected"), [("1,234", 1234), ("１２", 12), ("15分钟", 15), ("3个工作日", 3), ("2.5", 2.5)])
def test_a_number_may_carry_separators_and_its_unit(text: str, expected: float) -> None:
    assert cells.number(text) == expected


def test_a_count_is_whole_and_not_negative() -> None:
    assert cells.count("3次") == 3
    assert cells.count("是") == 1
    for text in ("-1", "1.5", "多次"):
        with pytest.raises(cells.CellError):
            cells.count(text)


def test_an_id_stays_text_and_a_destroyed_one_is_never_repaired() -> None:
    assert cells.identifier("0012345678901234567") == "0012345678901234567"
    assert cells.identifier("ＳＪ２０２４") == "SJ2024"
    assert cells.identifier("20240001.0") == "20240001"
    with pytest.raises(cells.CellError, match="id_destroyed"):
        cells.identifier("1.20110E+18")
