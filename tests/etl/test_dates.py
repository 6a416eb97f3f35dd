"""The written forms of a moment: what is read, what is refused and why, and how a sheet decides which number is the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import cells
from etl.dates import decided_order
from etl.rejects import reasons

MOMENTS = """
2024-03-05 09:05:00                              | 2024-03-05 09:05:00 |
2024-03-05T09:05:00                              | 2024-03-05 09:05:00 |
2024-03-05T09:05:00+08:00                        | 2024-03-05 09:05:00 |
2024-03-05T01:05:00Z                             | 2024-03-05 09:05:00 |
2024-03-04T16:00:00.000Z                         | 2024-03-05 00:00:00 |
2024-03-05T09:05:00.123+0800                     | 2024-03-05 09:05:00 |
2024-03-05 09:05:00 +0800 CST                    | 2024-03-05 09:05:00 |
2024-03-04 20:05:00-05:00                        | 2024-03-05 09:05:00 |
2024-03-05 09:05:07.000                          | 2024-03-05 09:05:07 |
2024-03-05 09:05:07,123                          | 2024-03-05 09:05:07 |
2024/3/5 9:05                                    | 2024-03-05 09:05:00 |
2024.3.5                                         | 2024-03-05 00:00:00 | day
2024. 3. 5 9.05                                  | 2024-03-05 09:05:00 |
2024–03–05                                       | 2024-03-05 00:00:00 | day
2024\\3\\5                                         | 2024-03-05 00:00:00 | day
2024 03 05                                       | 2024-03-05 00:00:00 | day
2024年3月5日 上午9:05                             | 2024-03-05 09:05:00 |
2024年3月5日 下午3:05                             | 2024-03-05 15:05:00 |
2024年3月5日 下午12:05                            | 2024-03-05 12:05:00 |
2024年3月5日 上午12:05                            | 2024-03-05 00:05:00 |
2024年3月5日 凌晨12:05                            | 2024-03-05 00:05:00 |
2024年3月5日 晚上8点                              | 2024-03-05 20:00:00 |
2024年3月5日 中午1点半                            | 2024-03-05 13:30:00 |
2024年3月5日 下午15:05                            | 2024-03-05 15:05:00 |
2024年3月5日上午                                  | 2024-03-05 00:00:00 | day
2024年3月5日9时5分                                | 2024-03-05 09:05:00 |
2024年3月5日15时05分33秒                          | 2024-03-05 15:05:33 |
2024 年 3 月 5 日 9 时 5 分                       | 2024-03-05 09:05:00 |
2024年3月5号 9点                                  | 2024-03-05 09:00:00 |
2024年3月5日（星期二）9:05                        | 2024-03-05 09:05:00 |
2024-03-05 周二 09:05                            | 2024-03-05 09:05:00 |
二〇二四年三月五日                                | 2024-03-05 00:00:00 | day
2024年三月五日                                    | 2024-03-05 00:00:00 | day
二零二四年十二月二十一日上午九时五分              | 2024-12-21 09:05:00 |
二○二四年三月廿一日                               | 2024-03-21 00:00:00 | day
２０２４－０３－０５ ０９：０５                   | 2024-03-05 09:05:00 |
20240305                                         | 2024-03-05 00:00:00 | day
2024030509                                       | 2024-03-05 09:00:00 |
202403050905                                     | 2024-03-05 09:05:00 |
20240305090507                                   | 2024-03-05 09:05:07 |
20240305090507123                                | 2024-03-05 09:05:07 |
20240305 09:05:07                                | 2024-03-05 09:05:07 |
20240305T010507Z                                 | 2024-03-05 09:05:07 |
05-Mar-2024                                      | 2024-03-05 00:00:00 | day
5 March 2024 21:05                               | 2024-03-05 21:05:00 |
Mar 5, 2024 9:05 AM                              | 2024-03-05 09:05:00 |
Mar 5, 2024 9:05:07 PM                           | 2024-03-05 21:05:07 |
Tue Mar 05 09:05:00 CST 2024                     | 2024-03-05 09:05:00 |
Tue Mar 05 2024 09:05:00 GMT+0800 (中国标准时间)  | 2024-03-05 09:05:00 |
Tue, 05 Mar 2024 01:05:00 GMT                    | 2024-03-05 09:05:00 |
05-3月 -2024 09.05.00.000000 上午                | 2024-03-05 09:05:00 |
9:05 2024-03-05                                  | 2024-03-05 09:05:00 |
2024-03-05 24:00                                 | 2024-03-06 00:00:00 |
="2024-03-05"                                    | 2024-03-05 00:00:00 | day
45356.378472222                                  | 2024-03-05 09:05:00 |
45,356.378472                                    | 2024-03-05 09:05:00 |
45356                                            | 2024-03-05 00:00:00 | day
1709600700000                                    | 2024-03-05 09:05:00 |
1709600700                                       | 2024-03-05 09:05:00 |
/Date(1709600700000+0800)/                       | 2024-03-05 09:05:00 |
16/11/2026 9:05                                  | 2026-11-16 09:05:00 |
11-16-2026                                       | 2026-11-16 00:00:00 | day
3/3/2026                                         | 2026-03-03 00:00:00 | day
"""
REFUSED = """
moment_unreadable     | 昨天;待补录;2024-13-05;2024-02-30;2024-03-05 25:00;2024-03-05 9:60;123;16/17/2026;2024-03-05 上午13:05
moment_unreadable     | 2024年3月5日 晚上12点;2024-03-05 09:05-10:30;2024/3/59:05;腊月二十三;2024-03-05 至 2024-03-08
moment_without_day    | 7月;7月份;七月;2024年7月;2024-07;202407;2024;2024年;2024年第三季度;2024年3月上旬;三月底;March 2024;Mar-24
moment_without_year   | 3月5日;十月一日;3-5 09:05;03/05;5 Mar
moment_without_date   | 09:05;上午9:05;9点半;下午;1899-12-31 09:05:00
moment_two_digit_year | 24-03-05;24/3/5 9:05;24年3月5日;5-Mar-24;05-3月 -24 09.05.00 上午;3/4/26;240305;'24-3-5
moment_out_of_range   | 0204-03-05;3024-03-05;1989-12-31;12345;1970-01-02;16/11/0206
moment_order_unclear  | 3/4/2026;3-4-2026 9:05;3.4.2026;9:05 3/4/2026
id_destroyed          | 2.02403E+13
excel_error           | #REF!;########
"""
NO_DATE = "0;0000-00-00;0000-00-00 00:00:00;1900-01-00;1900/1/0;1900-01-01 00:00:00;0001-01-01;1970-01-01 08:00:00;9999-12-31;00:00:00;至今;未结案;—"
DATE_STYLES = (
    "%Y-%m-%d {}",
    "%Y/%m/%d {}",
    "%Y.%m.%d {}",
    "%Y年%m月%d日{}",
    "%d-%b-%Y {}",
    "%b %d, %Y {}",
    "%Y%m%d {}",
    "%a %d %B %Y {}",
)
TIME_STYLES = ("%H:%M:%S", "%H时%M分%S秒", "%I:%M:%S %p", "%H:%M:%S.000", "%H:%M:%S+08:00")


@pytest.mark.parametrize("line", MOMENTS.strip().splitlines())
def test_a_moment_is_read_in_every_written_form(line: str) -> None:
    text, expected, day = (part.strip() for part in line.split("|"))
    moment = cells.moment(text)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected)
    assert moment.is_day == (day == "day")


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_what_is_no_date_is_refused_with_its_reason(line: str) -> None:
    reason, texts = (part.strip() for part in line.split("|"))
    assert reason in reasons()
    for text in texts.split(";"):
        with pytest.raises(cells.CellError) as refused:
            cells.moment(text)
        assert refused.value.reason == reason, text


@pytest.mark.parametrize("text", NO_DATE.split(";"))
def test_what_systems_write_for_no_date_is_none(text: str) -> None:
    assert cells.moment(text) is None


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(DATE_STYLES),
    st.sampled_from(TIME_STYLES),
)
def test_a_moment_written_in_any_form_is_read_back(at: datetime, date: str, time: str) -> None:
    assert cells.moment(at.strftime(date).format(at.strftime(time))) == cells.Moment(at, False)


@given(st.dates(datetime(1990, 1, 1).date(), datetime(2099, 12, 31).date()))
def test_a_day_written_in_chinese_numerals_is_read_back(day: datetime) -> None:
    digits = "〇一二三四五六七八九"

    def numeral(number: int) -> str:
        tens, ones = divmod(number, 10)
        return ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones or not tens else "")

    text = f"{''.join(digits[int(digit)] for digit in str(day.year))}年{numeral(day.month)}月{numeral(day.day)}日"
    assert cells.moment(text) == cells.Moment(datetime(day.year, day.month, day.day), True)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=0)), st.integers(-12, 14))
def test_a_moment_of_another_zone_is_told_on_the_clock_of_china(at: datetime, hours: int) -> None:
    there = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    here = there.astimezone(timezone(timedelta(hours=8))).replace(tzinfo=None)
    assert cells.moment(there.isoformat()) == cells.Moment(here, False)


@given(st.integers(32_874, 73_000), st.integers(0, 86_399))
def test_excels_count_of_days_is_exact_to_the_second(days: int, seconds: int) -> None:
    moment = cells.moment(f"{days + seconds / 86_400:.9f}")
    assert moment is not None
    assert moment.at == datetime(1899, 12, 30) + timedelta(days=days, seconds=seconds)


@given(st.datetimes(datetime(2002, 1, 1), datetime(2026, 1, 1)).map(lambda at: at.replace(microsecond=0)))
def test_a_count_of_milliseconds_is_a_moment(at: datetime) -> None:
    ticks = int((at - timedelta(hours=8)).replace(tzinfo=UTC).timestamp())
    assert cells.moment(f"{ticks}000") == cells.moment(str(ticks)) == cells.Moment(at, False)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["16/11/2026 9:05", "3/4/2026"], "day_month"),
        (["11-16-2026", "3-4-2026"], "month_day"),
        (["16/11/2026", "11/16/2026", "3/4/2026"], "undecided"),
        (["3/4/2026", "5/6/2026"], "undecided"),
        (["3/3/2026", "12/12/2026"], None),
        (["16/11/2026", "11/16/2026"], None),  # each is clear by itself
        (["2026-11-16", "20/20/2026", "192.168.1.2026"], None),
        ([], None),
    ],
)
def test_a_sheet_decides_which_number_is_the_day(texts: list[str], order: str | None) -> None:
    assert decided_order(texts) == order


def test_the_order_of_the_sheet_decides_only_what_is_unclear() -> None:
    assert cells.moment("3/4/2026 9:05", "day_month") == cells.Moment(datetime(2026, 4, 3, 9, 5), False)
    assert cells.moment("3/4/2026 9:05", "month_day") == cells.Moment(datetime(2026, 3, 4, 9, 5), False)
    assert cells.moment("3/3/2026", "undecided") == cells.Moment(datetime(2026, 3, 3), True)
    assert cells.moment("16/11/2026", "undecided") == cells.Moment(datetime(2026, 11, 16), True)
    with pytest.raises(cells.CellError, match="moment_order_unclear"):
        cells.moment("3/4/2026", "undecided")
