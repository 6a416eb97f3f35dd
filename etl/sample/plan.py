"""What is asked for: how much, from when to when, and in which files it is exported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from etl.sample.clock import DAY, day_number, moment_number

RECENT_WEEKS = 12


@dataclass(frozen=True)
class Period:
    """One export of incidents: reports of first … last (inclusive), as known at exported_at."""

    first: date
    last: date
    exported_at: datetime
    name: str

    @property
    def begins(self) -> int:
        return day_number(self.first) * DAY

    @property
    def ends(self) -> int:
        return (day_number(self.last) + 1) * DAY

    @property
    def export_moment(self) -> int:
        return moment_number(self.exported_at)


@dataclass(frozen=True)
class Plan:
    """seed, months and incidents as asked for; until: last day of reports."""

    seed: int
    months: int
    incidents: int
    until: date

    def __post_init__(self) -> None:
        if self.months < 1 or self.incidents < 100:
            raise ValueError("示例数据至少要 1 个月、100 件事件 / a sample needs at least 1 month and 100 incidents")

    @property
    def start(self) -> date:
        """First day of reports."""
        return months_after(self.until + timedelta(days=1), -self.months)

    @property
    def exported_at(self) -> datetime:
        """Moment of the newest export: 08:00 of the day after the last."""
        return _morning_after(self.until)

    @property
    def recent(self) -> tuple[date, date]:
        """First and last day of the twelve complete weeks, Monday to Sunday, before the newest export."""
        sunday = self.until - timedelta(days=(self.until.weekday() + 1) % 7)
        return sunday - timedelta(days=7 * RECENT_WEEKS - 1), sunday

    def half_years(self) -> tuple[Period, ...]:
        """Calendar half-years of the sample; a first stump of less than three months joins the next."""
        cuts = [day for day in _half_year_starts(self.start, self.until) if (day - self.start).days >= 90]
        firsts = [self.start, *cuts]
        lasts = [*(day - timedelta(days=1) for day in cuts), self.until]
        return tuple(Period(a, b, _morning_after(b), self._half_year_name(b)) for a, b in zip(firsts, lasts, strict=True))

    def years(self) -> tuple[Period, ...]:
        """Calendar years of the sample; a first stump of less than three months joins the next."""
        cuts = [date(year, 1, 1) for year in range(self.start.year + 1, self.until.year + 1)]
        cuts = [day for day in cuts if (day - self.start).days >= 90]
        firsts = [self.start, *cuts]
        lasts = [*(day - timedelta(days=1) for day in cuts), self.until]
        return tuple(Period(a, b, _morning_after(b), f"{b.year}年") for a, b in zip(firsts, lasts, strict=True))

    def _half_year_name(self, last: date) -> str:
        if (last + timedelta(days=1)).day == 1 and last.month in (6, 12):
            return f"{last.year}年{'上' if last.month == 6 else '下'}半年"
        return f"{last.year}年{1 if last.month <= 6 else 7}-{last.month}月"


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the 28th at the latest when the month is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 1, 28)


def _morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(8))


def _half_year_starts(first: date, last: date) -> list[date]:
    starts = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7)]
    return [day for day in starts if first < day <= last]
