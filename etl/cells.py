"""One cell of text → one value. Nothing else in the load parses a date, a number or a yes/no.

Each function takes the text of a cell and returns the value, None for a cell that says nothing, or raises CellError.
"""

from __future__ import annotations

import re
import unicodedata

from etl.dates import Moment as Moment
from etl.dates import Order as Order
from etl.dates import written
from etl.errors import CellError as CellError

MISSING = frozenset(
    {
        *("", "-", "--", "---", "—", "——", "———", "–", "−", "/", "//", "\\", "\\N", ".", "。", "、", "?", "??"),
        *("无", "不详", "暂无", "保密", "未知", "未填", "未填写", "未录入", "空", "空白", "(空)", "(空白)", "(无)", "不明", "待定"),
        *("null", "NULL", "Null", "<null>", "(null)", "[null]", "[NULL]", "None", "none", "nil", "nan", "NaN", "NaT", "N/A", "n/a", "NA"),
        *("undefined",),
    }
)  # fmt: skip
NO_MOMENT = frozenset(
    {
        *("至今", "长期", "长期有效", "永久", "无期限", "办理中", "处理中", "处置中", "在办", "进行中", "不需要"),
        *(f"{not_yet}{done}" for not_yet in ("未", "尚未", "暂未") for done in ("立案", "派遣", "派单", "处置", "完成", "核查", "结案", "办结", "归档", "回访")),
    }
)  # fmt: skip
YES = frozenset(
    {
        *("是", "√", "✓", "✔", "☑", "✅", "■", "对", "有", "1", "1.0", "y", "yes", "true", "t", "on", "ontime", "是的", "需要"),
        *("按时", "按期", "准时", "按时办结", "按期办结", "已联系", "已解决", "已延期", "已返工", "已重办", "已挂账", "已移交", "已响应"),
    }
)  # fmt: skip
NO = frozenset(
    {
        *("否", "×", "✗", "✘", "✖", "❌", "╳", "□", "☐", "x", "错", "没有", "0", "0.0", "n", "no", "false", "f", "off", "不是", "不需要"),
        *("overdue", "超时", "超期", "逾期", "未按时", "未按期", "超时办结", "超期办结", "逾期办结"),
        *("未联系", "未解决", "未延期", "未返工", "未重办", "未挂账", "未移交", "未响应"),
    }
)  # fmt: skip

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Control, format and variation characters: they change no word, and nobody sees them."""
_BLANKS = re.compile(r"\s+")
_AS_FORMULA = re.compile(r'="(.*)"')
_DESTROYED_ID = re.compile(r"[0-9][.,][0-9]+e\+?[0-9]+|[0-9]+e\+[0-9]+|[0-9]e(?:1[1-9]|[2-9][0-9])", re.IGNORECASE)
_EXCEL_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|#+)", re.IGNORECASE
)
_NUMBER = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:e[+-]?[0-9]{1,2})?)(.*)", re.IGNORECASE)
_UNITS = frozenset(
    {"", "个工作日", "工作日", "个工作小时", "小时", "天", "日", "户", "人", "名", "件", "次", "个", "起", "条", "处", "家", "间"}
)
_MINUTE_UNITS = {
    "": 1.0,
    "分钟": 1.0,
    "分": 1.0,
    "min": 1.0,
    "小时": 60.0,
    "个小时": 60.0,
    "时": 60.0,
    "h": 60.0,
    "秒": 1 / 60,
    "秒钟": 1 / 60,
}
_SPAN = re.compile(
    r"(?:([0-9]{1,4})(?:个?小时|时|h))?(?:([0-9]{1,4})(?:分钟|分|min|m))?(?:([0-9]{1,4})(?:秒钟|秒|s))?", re.IGNORECASE
)
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5]?[0-9]):([0-5]?[0-9])")
_NUMERALS = {numeral: number for number, numeral in enumerate("零一二三四五六七八九十")} | {"两": 2}
_LARGEST = 1e12
_LARGEST_COUNT = 1_000_000_000


def text(cell: str) -> str | None:
    """Width folded, invisible characters and surrounding blanks removed; None for a cell that says nothing."""
    value = folded(cell)
    return None if value in MISSING else value


def folded(cell: str) -> str:
    """The text of a cell as a reader sees it; ="00123" and '00123, by which ids are kept from Excel, are 00123."""
    value = cell if cell.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", cell))
    value = _BLANKS.sub(" ", _INVISIBLE.sub("", value)).strip()
    while value != (bare := _unwrapped(value)):
        value = bare
    return value


def identifier(cell: str) -> str | None:
    """An id as text. Excel's 1.20110E+18 has lost its digits and is refused, never repaired."""
    value = label(cell)
    if value is not None and _EXCEL_ERROR.fullmatch(value):
        raise CellError("excel_error")
    return value


def label(cell: str) -> str | None:
    """As identifier, of a column that may be blank: an error of Excel's stays visible as its text."""
    value = text(cell)
    if value is None:
        return None
    if _DESTROYED_ID.fullmatch(value):
        raise CellError("id_destroyed")
    return value.removesuffix(".0") if re.fullmatch(r"[0-9]+\.0", value) else value


def person(cell: str) -> str | None:
    """Who a cell names, as text; an error of Excel's is nobody."""
    value = text(cell)
    return None if value is None or _EXCEL_ERROR.fullmatch(value) else value


def moment(cell: str, order: Order | None = None) -> Moment | None:
    """A date or a moment in any of the forms of etl.dates. order: how the sheet's dates like 3/4/2026 are to be read."""
    value = _said(cell)
    return None if value is None or value in NO_MOMENT else written(value, order)


def yes_no(cell: str) -> bool | None:
    """是/否, √/×, ☑/□, 有/无, 1/0, yes/no. ☒ is refused: forms use it for both."""
    value = folded(cell)
    if value == "无":
        return False
    if _said(cell) is None:
        return None
    word = value.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError("yes_no_unreadable")


def number(cell: str) -> float | None:
    """A number; thousands separators and a trailing unit such as 天, 小时, 户, 人, 件 are accepted, a percentage is not."""
    value = _said(cell)
    if value is None:
        return None
    return _number(value, dict.fromkeys(_UNITS, 1.0))


def share(cell: str) -> float | None:
    """A number that may be written as a percentage: 50% is 0.5."""
    value = _said(cell)
    if value is None:
        return None
    return _number(value, {"": 1.0, "%": 0.01})


def minutes(cell: str) -> float | None:
    """A span of time in minutes: 90, 90分钟, 1.5小时, 1小时30分, 1:30:00. 1:30 could be minutes and seconds, and is refused."""
    value = _said(cell)
    if value is None:
        return None
    if match := _SPAN.fullmatch(value.replace(" ", "")) or _CLOCK.fullmatch(value):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 60 + minutes + seconds / 60
    try:
        found = _number(value, _MINUTE_UNITS)
    except CellError as error:
        raise CellError("minutes_unreadable") from error
    if found < 0:
        raise CellError("minutes_unreadable")
    return found


def count(cell: str) -> int | None:
    """A whole number ≥ 0. A yes/no in a count column counts 1 or 0."""
    value = _said(cell)
    if value is None:
        return None
    if value.lower() in (YES | NO) - {"1", "0", "1.0", "0.0"}:
        return int(value.lower() in YES)
    if value.removesuffix("次") in _NUMERALS:
        return _NUMERALS[value.removesuffix("次")]
    try:
        parsed = number(value)
    except CellError as error:
        raise CellError("number_is_a_share" if error.reason == "number_is_a_share" else "count_unreadable") from error
    if parsed is None or not 0 <= parsed <= _LARGEST_COUNT or parsed != int(parsed):
        raise CellError("count_unreadable")
    return int(parsed)


def _unwrapped(value: str) -> str:
    match = _AS_FORMULA.fullmatch(value)
    return (match[1] if match else value).strip().lstrip("'").strip()


def _said(cell: str) -> str | None:
    """The text of a cell in which an error of Excel's cannot pass for a blank."""
    value = text(cell)
    if value is not None and _EXCEL_ERROR.fullmatch(value):
        raise CellError("excel_error")
    return value


def _number(value: str, units: dict[str, float]) -> float:
    match = _NUMBER.fullmatch(value)
    unit = match[2].strip().lower() if match else ""
    if unit == "%" and "%" not in units:
        raise CellError("number_is_a_share")
    if match is None or not any(digit.isdigit() for digit in match[1].lower().partition("e")[0]) or unit not in units:
        raise CellError("number_unreadable")
    found = float(match[1].replace(",", "")) * units[unit]
    if abs(found) > _LARGEST:
        raise CellError("number_unreadable")
    return found
