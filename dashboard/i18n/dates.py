"""Dates as they are written: one form everywhere; weeks are Monday–Sunday and named by their Monday."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dashboard.i18n import text
from dashboard.i18n.numbers import NOTHING, is_missing


def as_date(value: object) -> date:
    """A date from what a frame or a URL holds: date, datetime, Timestamp or ISO text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10])


def day(value: object, lang: str) -> str:
    """2026年11月15日 / 15 Nov 2026."""
    if is_missing(value):
        return NOTHING
    when = as_date(value)
    return f"{when.year}年{when.month}月{when.day}日" if lang == "zh" else f"{when.day} {when:%b %Y}"


def moment(value: object, day_only: bool = False) -> str:
    """2026-11-15 14:05 in both languages; the day alone where the source had no time."""
    if is_missing(value):
        return NOTHING
    stamp = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return f"{stamp:%Y-%m-%d}" if day_only else f"{stamp:%Y-%m-%d %H:%M}"


def span(start: date, end: date, lang: str) -> str:
    """2026年8月24日—11月15日 / 24 Aug – 15 Nov 2026; the year once when it is the same."""
    if start == end:
        return day(start, lang)
    if lang == "zh":
        tail = f"{end.month}月{end.day}日" if end.year == start.year else day(end, lang)
        return f"{day(start, lang)}—{tail}"
    head = f"{start.day} {start:%b}" if end.year == start.year else day(start, lang)
    return f"{head} – {day(end, lang)}"


def run(start: date, end: date, lang: str, year: int) -> str:
    """10月3日—5日 / 3–5 Oct: short, with the year only where it is not `year`."""
    if start.year != year or end.year != year:
        return span(start, end, lang)
    if lang == "zh":
        tail = f"{end.day}日" if end.month == start.month else f"{end.month}月{end.day}日"
        return f"{start.month}月{start.day}日" + (f"—{tail}" if end != start else "")
    tail = f"{end.day} {end:%b}"
    if start == end:
        return tail
    return f"{start.day}–{tail}" if start.month == end.month else f"{start.day} {start:%b} – {tail}"


def week_tick(monday: object) -> str:
    """11/09: short enough for an axis."""
    when = as_date(monday)
    return f"{when.month}/{when.day:02d}"


def week_name(monday: object, lang: str) -> str:
    """第46周 11月9日—15日 / week 46, 9–15 Nov."""
    start = as_date(monday)
    end = start + timedelta(days=6)
    number = start.isocalendar().week
    if lang == "zh":
        tail = f"{end.day}日" if end.month == start.month else f"{end.month}月{end.day}日"
        return f"第{number}周 {start.month}月{start.day}日—{tail}"
    head = str(start.day) if end.month == start.month else f"{start.day} {start:%b}"
    return f"week {number}, {head}–{end.day} {end:%b}"


def weekday(number: int, lang: str) -> str:
    """1 → 周一 / Mon."""
    return text(f"weekday.{number}", lang)
