"""View: what the reader looks at ⇄ the URL's query."""

from __future__ import annotations

import calendar
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

PERIODS = (
    "this_week", "last_week", "last_4_weeks", "last_12_weeks", "this_month", "last_month", "this_year", "last_year",
    "all", "custom",
)  # fmt: skip
FILTERS = ("community", "grid", "category", "department", "channel", "level")
COMPARISONS = ("previous", "year_ago")
CHARTS = ("line", "control")
LANGUAGES = ("zh", "en")
DEFAULT_PERIOD = "last_12_weeks"
MAX_CODES = 200
MAX_CODE_LENGTH = 80
DAY, WEEK, YEAR_OF_WEEKS = timedelta(days=1), timedelta(days=7), timedelta(days=364)

Options = Mapping[str, Sequence[tuple[str, str]]]
"""For each filter its (code, name) pairs in screen order."""


@dataclass(frozen=True)
class Period:
    """Days a number covers, with what it is compared to; every end is inclusive.

    previous: the period before, as long as this one; for calendar months and years the month or year before. While this
    period is still running (is_partial) both comparisons cover the same number of days from their own start.
    year_ago: a year earlier: 52 weeks for periods made of whole weeks, so that weekdays agree, else the same dates.
    """

    start: date
    end: date
    previous_start: date
    previous_end: date
    year_ago_start: date
    year_ago_end: date
    is_partial: bool

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class View:
    """What the reader looks at. start and end are inclusive and only used when period is `custom`.

    The filters are sorted tuples of codes; an empty one does not filter. grid holds grid_id (code@valid_from).
    compare: which earlier period numbers are held against · chart: how weekly courses of one metric are drawn.
    """

    period: str = DEFAULT_PERIOD
    start: date | None = None
    end: date | None = None
    community: tuple[str, ...] = ()
    grid: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    compare: str = "previous"
    chart: str = "line"
    lang: str = "zh"

    def __post_init__(self) -> None:
        if self.period == "custom" and not (self.start or self.end):
            object.__setattr__(self, "period", DEFAULT_PERIOD)
        for name in FILTERS:
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    @classmethod
    def from_query(cls, search: str) -> View:
        """The view a URL's query asks for. Unknown names are ignored, unusable values give the default; never raises."""
        asked = {name: value.strip() for name, value in _pairs(search)}
        period, start, end = _asked_period(asked)
        lang, compare, chart = asked.get("lang", "zh"), asked.get("compare", "previous"), asked.get("chart", "line")
        filters = {name: _codes(asked.get(name, "")) for name in FILTERS}
        return cls(
            period=period,
            start=start,
            end=end,
            lang=lang if lang in LANGUAGES else "zh",
            compare=compare if compare in COMPARISONS else "previous",
            chart=chart if chart in CHARTS else "line",
            **filters,
        )

    def to_query(self) -> str:
        """`?…` with what differs from the default, in a fixed order; empty for the default view."""
        pairs: list[tuple[str, str]] = []
        if self.period == "custom":
            pairs += [(name, day.isoformat()) for name, day in (("from", self.start), ("to", self.end)) if day]
        elif self.period != DEFAULT_PERIOD:
            pairs.append(("period", self.period))
        pairs += [(name, ",".join(getattr(self, name))) for name in FILTERS if getattr(self, name)]
        if self.compare != "previous":
            pairs.append(("compare", self.compare))
        if self.chart != "line":
            pairs.append(("chart", self.chart))
        if self.lang != "zh":
            pairs.append(("lang", self.lang))
        return "?" + urlencode(pairs, safe=",@:") if pairs else ""

    def replace(self, **changes: Any) -> View:
        """A copy with fields changed; leaving `custom` forgets its dates."""
        changed = dataclasses.replace(self, **changes)
        if changed.period != "custom" and (changed.start or changed.end):
            return dataclasses.replace(changed, start=None, end=None)
        return changed

    def compared(self, period: Period) -> tuple[date, date]:
        """First and last day of the period that `period` is held against."""
        if self.compare == "year_ago":
            return period.year_ago_start, period.year_ago_end
        return period.previous_start, period.previous_end

    def dates(self, as_of: datetime, data_from: date) -> Period:
        """The days the view means at as_of. A running period ends on the day of as_of and is partial.

        last_12_weeks = the 12 complete Monday–Sunday weeks that ended before the day of as_of; likewise the other `last_`.
        """
        today = as_of.date()
        if self.period == "custom":
            return _custom(self.start or data_from, self.end or today, today)
        if self.period == "all":
            return _custom(data_from, today, today)
        kind = self.period.rsplit("_", 1)[1]
        if kind in ("week", "weeks"):
            return _weeks(self.period, today)
        return _calendar(today, kind=kind, is_running=self.period.startswith("this_"))


def _pairs(search: str) -> Iterable[tuple[str, str]]:
    try:
        return parse_qsl(search.lstrip("?"), max_num_fields=100)
    except ValueError:
        return []


def _codes(text: str) -> tuple[str, ...]:
    codes = [code.strip() for code in text.split(",")]
    return tuple(code for code in codes if code and len(code) <= MAX_CODE_LENGTH)[:MAX_CODES]


def _asked_period(asked: dict[str, str]) -> tuple[str, date | None, date | None]:
    start, end = _day(asked.get("from")), _day(asked.get("to"))
    if start and end and start > end:
        return DEFAULT_PERIOD, None, None
    if start or end:
        return "custom", start, end
    name = asked.get("period", DEFAULT_PERIOD)
    return (name if name in PERIODS and name != "custom" else DEFAULT_PERIOD), None, None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2199 else None  # a year's distance must stay a date


def _weeks(name: str, today: date) -> Period:
    monday = today - timedelta(days=today.weekday())
    if name == "this_week":
        return _period(monday, today, previous_start=monday - WEEK, year_ago_start=monday - YEAR_OF_WEEKS, is_partial=True)
    count = {"last_week": 1, "last_4_weeks": 4, "last_12_weeks": 12}[name]
    start = monday - count * WEEK
    return _period(start, monday - DAY, previous_start=start - count * WEEK, year_ago_start=start - YEAR_OF_WEEKS, is_partial=False)


def _calendar(today: date, *, kind: str, is_running: bool) -> Period:
    first = today.replace(day=1) if kind == "month" else today.replace(month=1, day=1)
    months = 1 if kind == "month" else 12
    if not is_running:
        return _whole_months(_months_later(first, -months), months)
    last = today
    previous, year_ago = _months_later(first, -months), _months_later(first, -12)
    return Period(first, last, previous, _months_later(last, -months), year_ago, _months_later(last, -12), is_partial=True)


def _custom(start: date, end: date, today: date) -> Period:
    """Any two days; a whole calendar month or year is compared as one, whole weeks with the same weeks of last year."""
    start = min(start, end)
    is_partial = end >= today
    for months in (1, 12):
        if start.day == 1 and (months == 1 or start.month == 1) and end == _months_later(start, months) - DAY and not is_partial:
            return _whole_months(start, months)
    length = end - start + DAY
    if start.weekday() == 0 and length % WEEK == timedelta(0):
        return _period(start, end, previous_start=start - length, year_ago_start=start - YEAR_OF_WEEKS, is_partial=is_partial)
    return Period(start, end, start - length, start - DAY, _months_later(start, -12), _months_later(end, -12), is_partial)


def _whole_months(start: date, months: int) -> Period:
    end = _months_later(start, months) - DAY
    year_ago = _months_later(start, -12)
    return Period(
        start, end, _months_later(start, -months), start - DAY, year_ago, _months_later(year_ago, months) - DAY, is_partial=False
    )


def _period(start: date, end: date, *, previous_start: date, year_ago_start: date, is_partial: bool) -> Period:
    length = end - start
    return Period(start, end, previous_start, previous_start + length, year_ago_start, year_ago_start + length, is_partial)


def _months_later(day: date, months: int) -> date:
    """The same day of another month; the last day where that month is shorter (29 February → 28)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
