"""The written forms of a moment: every way exports are seen to write a day and a time, and why the others are refused.

What is read: 2024-03-05 9:05, 2024年3月5日 上午9时5分, 二〇二四年三月五日, 20240305090533, 5-Mar-2024, Tue Mar 05 09:05:00 CST 2024,
2024-03-05T01:05:00Z (zones become the wall clock of China), Excel's count of days since 1900, and a program's count of milliseconds
(13 digits) or seconds (10 digits beginning with 1) since 1970. 3/4/2026 is read only when its sheet shows which number is the day.
What systems write for “no date” – 0, 0000-00-00, 1900-01-00, 9999-12-31 – is no date. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from etl import date_forms as forms
from etl.errors import CellError

EARLIEST, LATEST = 1990, 2100
"""Years a moment may lie in."""
Order = Literal["day_month", "month_day", "undecided"]
"""Which number of 3/4/2026 is the day, as a sheet's own values decide."""

_CHINA = timedelta(hours=8)
_EPOCH = datetime(1970, 1, 1)
_EXCEL_EPOCH = datetime(1899, 12, 30)
_NO_TIME = (0, 0, 0)

_NUMERALS = re.compile("[〇零○一二三四五六七八九十廿卅]+")
_NUMERAL = {"〇": 0, "零": 0, "○": 0} | {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
_PARTS = (("hour", "hour3", "hour4"), ("minute", "minute2", "minute3"), ("second", "second3"))
_MINUTES = {"半": 30, "整": 0, "1刻": 15, "3刻": 45}
_PLACEHOLDERS = frozenset({(0, 0, 0), (1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 0), (1900, 1, 1), (1970, 1, 1)})
"""What systems write where there is no date. A time behind them is a time without a date."""
_NEVER = (9999, 12, 31)


@dataclass(frozen=True)
class Moment:
    """A local wall-clock moment; is_day: the cell has the day only (at is then 00:00)."""

    at: datetime
    is_day: bool


def written(value: str, order: Order | None = None) -> Moment | None:
    """The moment a cell's text says (folded by cells.text); None for a placeholder of “no date”. Raises CellError."""
    if match := forms.PLAIN.fullmatch(value):
        return _plain(*match.groups())
    if forms.NOTHING.fullmatch(value):
        return None
    text = _arabic(value)
    if (match := forms.COMPACT.fullmatch(text)) and (found := _compact(match)):
        return found
    for form in forms.BY_ORDER:
        if match := form.fullmatch(text):
            return _of_parts(match.groupdict(), *_ordered(int(match["one"]), int(match["two"]), order))
    for form in forms.DATES:
        if match := form.fullmatch(text):
            return _of_parts(match.groupdict(), _month(match), int(match["day"]))
    return _counted(text)


def _plain(
    year: str, month: str, day: str, half: str | None, hour: str | None, minute: str | None, second: str | None
) -> Moment | None:
    if hour is None:
        return _moment(int(year), int(month), int(day))
    exact = int(hour) if half is None else _hour(int(hour), half)
    return _moment(int(year), int(month), int(day), exact, int(minute or 0), int(second or 0))


def order_proof(text: str) -> Order | None:
    """What a date such as 16/11/2026 proves about its sheet; undecided: it could be either; None: nothing hangs on the order."""
    match = forms.ORDER_PART.search(text)
    if match is None:
        return None
    first, second = int(match["one"]), int(match["two"])
    if 1 <= first <= 12 and 1 <= second <= 12:
        return None if first == second else "undecided"
    if 12 < first <= 31 and 1 <= second <= 12:
        return "day_month"
    return "month_day" if 12 < second <= 31 and 1 <= first <= 12 else None


def decided_order(texts: Iterable[str]) -> Order | None:
    """The order of a sheet from its dates of that form: what some prove and none contradicts. None when no date hangs on it."""
    proofs = {order_proof(text) for text in texts} - {None}
    proved = proofs - {"undecided"}
    if len(proved) == 1:
        return proved.pop()
    return "undecided" if "undecided" in proofs else None


def _arabic(value: str) -> str:
    """value in lower case, without weekday and name of the zone, Chinese numerals as digits."""
    text = value.lower()
    if text.isascii() and not any(letter.isalpha() for letter in text):
        return text
    text = forms.ZONE_NAMES.sub(" ", forms.WEEKDAY.sub(" ", text))
    return re.sub(r"\s+", " ", _NUMERALS.sub(lambda match: _digits(match[0]), text)).strip()


def _digits(numeral: str) -> str:
    """二〇二四 → 2024, 二十一 → 21, 廿五 → 25."""
    plain = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in plain:
        return "".join(str(_NUMERAL[digit]) for digit in plain)
    tens, _, ones = plain.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str(10 * _NUMERAL.get(tens, 1) + _NUMERAL.get(ones, 0))


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return forms.MONTHS[groups["month"][:3]] if groups.get("month") else int(groups["mon"])


def _ordered(first: int, second: int, order: Order | None) -> tuple[int, int]:
    """Month and day."""
    if first > 12 >= second:
        return second, first
    if second > 12 >= first or first == second:
        return first, second
    if order == "day_month":
        return second, first
    if order == "month_day":
        return first, second
    raise CellError("moment_unreadable" if first > 12 else "moment_order_unclear")


def _of_parts(parts: dict[str, str | None], month: int, day: int) -> Moment | None:
    hour, minute, second = (next((parts[name] for name in names if parts.get(name)), None) for names in _PARTS)
    year = int(parts["year"] or 0)
    if hour is None:
        return _moment(year, month, day)
    zone = parts["zone"] or ""
    if zone.startswith("-") and second is None:  # 9:05-10:30 is a span of time
        raise CellError("moment_unreadable")
    minutes = _MINUTES[minute] if minute in _MINUTES else int(minute or 0)
    at = _moment(year, month, day, _hour(int(hour), parts["half"] or parts["half2"] or ""), minutes, int(second or 0))
    return _in_china(at, zone)


def _hour(hour: int, half: str) -> int:
    """On the clock of 24 hours. Midnight “at 12 in the evening” belongs to neither day for sure and is refused, as is 13 in the morning."""
    if not half:
        return hour
    if re.fullmatch(forms.MORNING, half):
        if hour > 12:
            raise CellError("moment_unreadable")
        return hour % 12
    if re.fullmatch(forms.EVENING, half) and hour in {0, 12}:
        raise CellError("moment_unreadable")
    if re.fullmatch(forms.NOON, half) and hour in {10, 11}:
        return hour
    return hour + 12 if hour < 12 else hour


def _in_china(moment: Moment | None, zone: str | None) -> Moment | None:
    """A moment of another zone on the wall clock of China, +08:00 all year."""
    zone = (zone or "").replace(" ", "").removesuffix("cst")
    if moment is None or not zone:
        return moment
    sign, hours, minutes = re.fullmatch(r"(?:z|utc|gmt)?(?:([+-])(\d{1,2}):?(\d{2})?)?", zone).groups()  # type: ignore[union-attr]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset > timedelta(hours=14):
        raise CellError("moment_unreadable")
    return _checked(moment.at + _CHINA + (offset if sign == "-" else -offset), False)


def _compact(match: re.Match[str]) -> Moment | None:
    """None when the digits are no date but may still be a count."""
    year, month, day, hour, minute, second = (int(g) if g else None for g in match.groups()[:6])
    if not EARLIEST <= (year or 0) <= LATEST and (year, month, day) not in {*_PLACEHOLDERS, _NEVER}:
        return None
    found = _moment(year, month, day, hour, minute, second)
    return _in_china(found, match[7]) if hour is not None else found


def _counted(text: str) -> Moment:
    """Days since 1900, milliseconds or seconds since 1970; else the reason why the text is refused."""
    if match := forms.SERIAL.fullmatch(text):
        days = float(match[0].replace(",", ""))
        return _checked(_EXCEL_EPOCH + timedelta(seconds=round(days * 86_400)), days == int(days))
    if match := forms.TICKS.fullmatch(text):
        seconds = int(match[1][:10])
        return _checked(_EPOCH + timedelta(seconds=seconds) + _CHINA, False)
    raise CellError(next((reason for form, reason in forms.REFUSED if form.fullmatch(text)), "moment_unreadable"))


def _moment(
    year: int | None,
    month: int | None,
    day: int | None,
    hour: int | None = None,
    minute: int | None = None,
    second: int | None = None,
) -> Moment | None:
    date, time = (year or 0, month or 0, day or 0), (hour or 0, minute or 0, second or 0)
    if date == _NEVER:
        return None
    if date in _PLACEHOLDERS:
        # midnight of 1970 in Greenwich is eight o'clock here
        if time == _NO_TIME or (date[0] == 1970 and time == (8, 0, 0)):
            return None
        raise CellError("moment_without_date" if date[0] in {1899, 1900} else "moment_out_of_range")
    if not EARLIEST <= date[0] <= LATEST:
        raise CellError("moment_out_of_range")
    try:
        if time == (24, 0, 0):  # midnight at the end of the day
            return _checked(datetime(*date) + timedelta(days=1), False)
        return Moment(datetime(*date, *time), hour is None)
    except ValueError as error:
        raise CellError("moment_unreadable") from error


def _checked(at: datetime, is_day: bool) -> Moment:
    if not EARLIEST <= at.year <= LATEST:
        raise CellError("moment_out_of_range")
    return Moment(at, is_day)
