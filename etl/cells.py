"""One cell of text → one value. Nothing else in the load parses a date, a number or a yes/no.

Each function takes the text of a cell and returns the value, None for a cell that says nothing, or raises CellError.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

MISSING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "不详", "暂无", "保密", "null", "NULL", "None", "nan", "NaN", "N/A", "#N/A"}
)
YES = frozenset({"是", "√", "✓", "对", "有", "1", "1.0", "y", "yes", "true", "t", "ontime", "按时", "已联系", "已解决"})
NO = frozenset(
    {"否", "×", "✗", "x", "错", "没有", "0", "0.0", "n", "no", "false", "f", "overdue", "超时", "超期", "未联系", "未解决"}
)

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_BLANKS = re.compile(r"[\s\u00a0\u3000]+")
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:\s*[(周星].{0,4}?)?"
    r"(?:[ T]*(上午|下午|中午|晚上|凌晨|AM|PM)?\s*(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](?:(\d{1,2})(?:\.\d+)?秒?)?)?)?\s*(AM|PM)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DESTROYED_ID = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_AFTERNOON = frozenset({"下午", "晚上", "PM"})
_EXCEL_EPOCH = datetime(1899, 12, 30)
EARLIEST, LATEST = 1990, 2100
"""Years a moment may lie in."""


class CellError(ValueError):
    """The cell cannot be read; reason is a key of etl/reasons.toml."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Moment:
    """A local wall-clock moment; is_day: the cell has the day only (at is then 00:00)."""

    at: datetime
    is_day: bool


def text(cell: str) -> str | None:
    """Width folded, invisible characters and surrounding blanks removed; None for a cell that says nothing."""
    folded = _BLANKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", cell))).strip()
    return None if folded in MISSING else folded


def identifier(cell: str) -> str | None:
    """An id as text. Excel's 1.20110E+18 has lost its digits and is refused, never repaired."""
    value = text(cell)
    if value is None:
        return None
    if _DESTROYED_ID.fullmatch(value):
        raise CellError("id_destroyed")
    return value.removesuffix(".0") if re.fullmatch(r"\d+\.0", value) else value.lstrip("'")


def moment(cell: str) -> Moment | None:
    """A date or a moment, in any of the written forms seen in exports, or an Excel serial number (1900 epoch)."""
    value = text(cell)
    if value is None:
        return None
    if match := _DATE.fullmatch(value):
        return _from_date_match(match)
    if match := _COMPACT.fullmatch(value):
        year, month, day, hour, minute, second = (int(g) if g else None for g in match.groups())
        return _moment(year or 0, month or 0, day or 0, hour, minute or 0, second or 0)
    if _SERIAL.fullmatch(value):
        days = float(value)
        at = _EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))
        return Moment(at, days == int(days))
    raise CellError("moment_unreadable")


def _from_date_match(match: re.Match[str]) -> Moment:
    year, month, day = (int(match[i]) for i in (1, 2, 3))
    if match[5] is None:
        return _moment(year, month, day, None, 0, 0)
    half = (match[4] or match[8] or "").upper()
    hour = int(match[5])
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in {"AM", "上午", "凌晨"} and hour == 12:
        hour = 0
    return _moment(year, month, day, hour, int(match[6] or 0), int(match[7] or 0))


def _moment(year: int, month: int, day: int, hour: int | None, minute: int, second: int) -> Moment:
    if not EARLIEST <= year <= LATEST:
        raise CellError("moment_out_of_range")
    try:
        if hour == 24 and minute == second == 0:  # midnight at the end of the day
            return Moment(datetime(year, month, day) + timedelta(days=1), False)
        return Moment(datetime(year, month, day, hour or 0, minute, second), hour is None)
    except ValueError as error:
        raise CellError("moment_unreadable") from error


def yes_no(cell: str) -> bool | None:
    """是/否, √/×, 有/无, 1/0, yes/no."""
    if cell.strip() == "无":
        return False
    value = text(cell)
    if value is None:
        return None
    word = value.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError("yes_no_unreadable")


def number(cell: str) -> float | None:
    """A number; thousands separators and a trailing unit such as 分钟, 天, 小时, 户, 人, 件 are accepted."""
    value = text(cell)
    if value is None:
        return None
    bare = re.sub(r"(分钟|个工作日|工作日|小时|天|户|人|件|次|个)$", "", value.replace(",", "")).strip()
    try:
        return float(bare)
    except ValueError as error:
        raise CellError("number_unreadable") from error


def count(cell: str) -> int | None:
    """A whole number ≥ 0. A yes/no in a count column counts 1 or 0."""
    value = text(cell)
    if value is None:
        return None
    if value.lower() in (YES | NO) - {"1", "0", "1.0", "0.0"}:
        return int(value.lower() in YES)
    try:
        parsed = number(value)
    except CellError as error:
        raise CellError("count_unreadable") from error
    if parsed is None or parsed < 0 or parsed != int(parsed):
        raise CellError("count_unreadable")
    return int(parsed)
