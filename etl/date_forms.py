"""The written forms of a moment as patterns over a cell's text: folded, in lower case, weekdays gone, Chinese numerals as digits.

Groups: year, mon or month (its English name), day · one, two: numbers of which either may be the day · half, hour, minute, second, zone.
"""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_MONTH_WORD = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_MONTH = rf"(?P<month>{_MONTH_WORD})"
MORNING = "上午|凌晨|清晨|早晨|早上|am|a\\.m\\.?"
NOON = "中午|午间"
_AFTERNOON = "下午|午后|傍晚|pm|p\\.m\\.?"
EVENING = "晚上|夜间|夜里|晚"
_HALF = f"{MORNING}|{NOON}|{_AFTERNOON}|{EVENING}"
_ZONE = r"z|utc|gmt|cst|(?:utc|gmt)?\s*[+-]\d{1,2}(?::?\d{2})?(?:\s*cst)?"
_FRACTION = r"(?:[.,:]\d{1,9})?"
_TIME = (
    rf"(?P<half>{_HALF})?\s*(?:"
    rf"(?P<hour>\d{{1,2}})\s*(?::\s*(?P<minute>\d{{1,2}})|[时点]\s*(?P<minute2>\d{{1,2}}|半|整|[13]刻)?)"
    rf"(?:\s*[:分]\s*(?:(?P<second>\d{{1,2}}){_FRACTION}\s*秒?)?)?"
    rf"|(?P<hour3>\d{{1,2}})\.(?P<minute3>\d{{2}})(?:\.(?P<second3>\d{{2}}){_FRACTION})?"
    r"|(?P<hour4>\d{1,2})(?=\s*[ap]\.?m)"
    rf")\s*(?P<half2>{_HALF})?\s*(?P<zone>{_ZONE})?"
)
_GAP = r"\s*[-/.\\年月·。、‐-―−]\s*"
_YEAR_FIRST = rf"(?P<year>\d{{4}})(?:{_GAP}|\s)(?P<mon>\d{{1,2}})(?:{_GAP}|\s)(?P<day>\d{{1,2}})\s*[日号]?"
_BEHIND = rf"(?:(?:\s*t\s*|\s*[,;]\s*|[\s_]+|(?<=[日号])|(?=[上下中午晚凌早清傍夜]))(?:{_TIME}|(?:{_HALF})))?"

PLAIN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:(?:[ T]|(?<=日))(上午|下午(?=(?:0?[1-9]|1[01])[:时]))?(\d{1,2})[:时](\d{1,2})(?:分|[:分](\d{1,2})秒?)?)?",
    re.ASCII,
)
"""The commonest forms, read first because they are read a million times."""
DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_YEAR_FIRST}{_BEHIND}",
        rf"(?P<year>\d{{4}})-(?P<mon>\d{{2}})-(?P<day>\d{{2}})(?=\d\d:){_TIME}",
        rf"{_TIME}\s+{_YEAR_FIRST}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-\s./,]*{_MONTH}[-\s./,]*(?P<year>\d{{4}}){_BEHIND}",
        rf"{_MONTH}[-\s]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-\s,]+(?P<year>\d{{4}}){_BEHIND}",
        rf"{_MONTH}\s*(?P<day>\d{{1,2}})\s+{_TIME}\s*(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[-\s./]*{_MONTH}[-\s./]*(?P<day>\d{{1,2}}){_BEHIND}",
        rf"(?P<day>\d{{1,2}})-(?P<mon>\d{{1,2}})月\s*-(?P<year>\d{{4}}){_BEHIND}",
        rf"(?P<year>\d{{4}})(?P<mon>\d{{2}})(?P<day>\d{{2}})[-_\s]*t?[-_\s]*{_TIME}",
        r"(?P<year>\d{4})(?P<mon>\d{2})(?P<day>\d{2})",
    )
)
COMPACT = re.compile(
    rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:[-_ t]?(\d{{2}})(?:(\d{{2}})(?:(\d{{2}})(?:[.,]?\d{{1,6}})?)?)?)?\s*({_ZONE})?", re.ASCII
)
_EITHER_ORDER = r"(?P<one>\d{1,2})\s*[-/.]\s*(?P<two>\d{1,2})\s*[-/.]\s*(?P<year>\d{4})"
BY_ORDER = (re.compile(rf"{_EITHER_ORDER}{_BEHIND}", re.ASCII), re.compile(rf"{_TIME}\s+{_EITHER_ORDER}", re.ASCII))
ORDER_PART = re.compile(rf"(?<!\d){_EITHER_ORDER}(?!\d)", re.ASCII)
SERIAL = re.compile(r"(\d{5}|\d{2},\d{3})(\.\d+)?", re.ASCII)
TICKS = re.compile(r"(?:/date\()?(\d{13}|1[0-8]\d{8})(?:[+-]\d{4})?(?:\)/)?", re.ASCII)
NOTHING = re.compile(r"0+(\.0+)?|0?0:00(:00)?", re.ASCII)

_YEAR = r"(?:19|20)\d{2}"
_MON = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
REFUSED = tuple(
    (re.compile(pattern, re.ASCII), reason)
    for pattern, reason in (
        (r"\d(?:[.,]\d+)?e\+?\d+", "id_destroyed"),
        (
            rf"(?:{_YEAR}(?:{_GAP}|\s)?)?(?:{_MON}月份?|第?\s*[1-4]\s*季度|q[1-4]|第?\s*\d{{1,2}}\s*周|[上下]半年)\s*(?:[上中下]旬|初|中|底|末)?",
            "moment_without_day",
        ),
        (rf"{_YEAR}(?:{_GAP})?{_MON}?(?:{_GAP})?[初底末]?", "moment_without_day"),
        (rf"{_MONTH_WORD}[-\s,]*(?:\d{{4}}|'?\d{{2}})?|{_YEAR}[-\s]*{_MONTH_WORD}", "moment_without_day"),
        (rf"'?\d{{2}}{_GAP}{_MON}{_GAP}{_DAY}\s*[日号]?{_BEHIND}", "moment_two_digit_year"),
        (rf"\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*'?\d{{2}}{_BEHIND}", "moment_two_digit_year"),
        (rf"\d{{1,2}}-(?:{_MONTH_WORD}|\d{{1,2}}月)\s*-\d{{2}}{_BEHIND}", "moment_two_digit_year"),
        (r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", "moment_two_digit_year"),
        (rf"{_MON}\s*[-/.月]\s*{_DAY}\s*[日号]?{_BEHIND}", "moment_without_year"),
        (
            rf"(?:{_DAY}(?:st|nd|rd|th)?[-\s./]*{_MONTH_WORD}|{_MONTH_WORD}[-\s]*{_DAY}(?:st|nd|rd|th)?){_BEHIND}",
            "moment_without_year",
        ),
        (rf"{_TIME}|(?:{_HALF})", "moment_without_date"),
    )
)
"""Why a date is refused, tried in this order on what no form above fits."""

WEEKDAY = re.compile(
    r"[(\[【]?(?:星期|礼拜|周)[一二三四五六日天末][)\]】]?,?"
    r"|[(\[]?\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b\.?[)\]]?,?",
    re.ASCII,
)
ZONE_NAMES = re.compile(r"\(?(?:中国标准时间|china standard time|北京时间|asia/shanghai)\)?[:,]?", re.ASCII)
