"""The view and the URL are one: what is written is read back; periods know their neighbours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view import CHARTS, COMPARISONS, FILTERS, PERIODS, Period, View

AS_OF = datetime(2026, 11, 16, 8)
DATA_FROM = date(2023, 11, 16)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
CODES = st.lists(
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Z"), blacklist_characters=","), min_size=1, max_size=20), max_size=4
)


@st.composite
def views(draw: st.DrawFn) -> View:
    filters: dict[str, Any] = {name: tuple(draw(CODES)) for name in FILTERS}
    period = draw(st.sampled_from(PERIODS))
    start, end = (None, None)
    if period == "custom":
        start, end = sorted((draw(DAYS), draw(DAYS)))
    return View(
        period=period,
        start=start,
        end=end,
        lang=draw(st.sampled_from(("zh", "en"))),
        compare=draw(st.sampled_from(COMPARISONS)),
        chart=draw(st.sampled_from(CHARTS)),
        **filters,
    )


@given(views())
def test_a_view_survives_the_url(view: View) -> None:
    query = view.to_query()
    assert View.from_query(query) == view
    assert View.from_query(query).to_query() == query


@given(st.text())
def test_any_query_gives_a_view(text: str) -> None:
    view = View.from_query(text)
    assert View.from_query(view.to_query()) == view


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", View()),
        ("?period=last_month&community=C05,C03", View(period="last_month", community=("C03", "C05"))),
        ("?community=C03,,C03%2C C05", View(community=("C03", "C05"))),
        ("?from=2026-01-01&to=2026-03-31", View(period="custom", start=date(2026, 1, 1), end=date(2026, 3, 31))),
        ("?from=2026-01-01", View(period="custom", start=date(2026, 1, 1))),
        ("?from=2026-03-31&to=2026-01-01", View()),
        ("?from=2026-02-30", View()),
        ("?period=next_year&lang=fr&utm=x", View()),
        ("?period=custom", View()),
        ("?grid=C01-01@2025-03-01&lang=en", View(grid=("C01-01@2025-03-01",), lang="en")),
        (
            "?level=town&channel=hotline&department=D07&category=05",
            View(level=("town",), channel=("hotline",), department=("D07",), category=("05",)),
        ),
    ],
)
def test_links_people_write(query: str, expected: View) -> None:
    assert View.from_query(query) == expected


def test_links_are_readable() -> None:
    view = View(period="last_month", community=("C05", "C03"), grid=("C01-01@2025-03-01",), lang="en")
    assert view.to_query() == "?period=last_month&community=C03,C05&grid=C01-01@2025-03-01&lang=en"
    assert View().to_query() == ""
    assert View.from_query("?from=2026-01-01&to=2026-03-31").to_query() == "?from=2026-01-01&to=2026-03-31"


def test_choosing_a_named_period_forgets_the_dates() -> None:
    view = View.from_query("?from=2026-01-01&to=2026-03-31&community=C03")
    assert view.replace(period="last_week") == View(period="last_week", community=("C03",))


def days(period: Period) -> tuple[str, str, str, str]:
    return tuple(day.isoformat() for day in (period.start, period.end, period.previous_start, period.previous_end))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("query", "as_of", "expected", "is_partial"),
    [
        ("", "2026-11-16", ("2026-08-24", "2026-11-15", "2026-06-01", "2026-08-23"), False),
        ("", "2026-11-15", ("2026-08-17", "2026-11-08", "2026-05-25", "2026-08-16"), False),
        ("?period=last_week", "2027-01-01", ("2026-12-21", "2026-12-27", "2026-12-14", "2026-12-20"), False),
        ("?period=last_week", "2027-01-04", ("2026-12-28", "2027-01-03", "2026-12-21", "2026-12-27"), False),
        ("?period=this_week", "2027-01-01", ("2026-12-28", "2027-01-01", "2026-12-21", "2026-12-25"), True),
        ("?period=last_4_weeks", "2026-11-16", ("2026-10-19", "2026-11-15", "2026-09-21", "2026-10-18"), False),
        ("?period=last_month", "2027-01-15", ("2026-12-01", "2026-12-31", "2026-11-01", "2026-11-30"), False),
        ("?period=last_month", "2028-03-31", ("2028-02-01", "2028-02-29", "2028-01-01", "2028-01-31"), False),
        ("?period=this_month", "2026-03-31", ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"), True),
        ("?period=this_month", "2027-01-02", ("2027-01-01", "2027-01-02", "2026-12-01", "2026-12-02"), True),
        ("?period=this_year", "2028-02-29", ("2028-01-01", "2028-02-29", "2027-01-01", "2027-02-28"), True),
        ("?period=last_year", "2027-01-01", ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"), False),
        ("?from=2026-02-01&to=2026-02-28", "2026-11-16", ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"), False),
        ("?from=2025-01-01&to=2025-12-31", "2026-11-16", ("2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"), False),
        ("?from=2026-03-05&to=2026-03-09", "2026-11-16", ("2026-03-05", "2026-03-09", "2026-02-28", "2026-03-04"), False),
        ("?from=2026-11-01", "2026-11-16", ("2026-11-01", "2026-11-16", "2026-10-16", "2026-10-31"), True),
        ("?to=2023-12-31", "2026-11-16", ("2023-11-16", "2023-12-31", "2023-10-01", "2023-11-15"), False),
    ],
)
def test_periods(query: str, as_of: str, expected: tuple[str, ...], is_partial: bool) -> None:
    period = View.from_query(query).dates(datetime.fromisoformat(as_of), DATA_FROM)
    assert days(period) == expected
    assert period.is_partial == is_partial


def test_a_year_earlier_keeps_weekdays_for_weeks_and_dates_for_months() -> None:
    weeks = View().dates(AS_OF, DATA_FROM)
    assert (weeks.year_ago_start, weeks.year_ago_end) == (date(2025, 8, 25), date(2025, 11, 16))
    assert weeks.year_ago_start.weekday() == weeks.start.weekday() == 0
    month = View(period="last_month").dates(datetime(2028, 3, 1), DATA_FROM)
    assert (month.year_ago_start, month.year_ago_end) == (date(2027, 2, 1), date(2027, 2, 28))
    whole_weeks = View.from_query("?from=2026-10-05&to=2026-10-18").dates(AS_OF, DATA_FROM)
    assert whole_weeks.year_ago_start == date(2025, 10, 6)
    odd_days = View.from_query("?from=2026-10-06&to=2026-10-18").dates(AS_OF, DATA_FROM)
    assert odd_days.year_ago_start == date(2025, 10, 6)


@given(st.sampled_from(PERIODS[:-1]), st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1)))
def test_every_period_is_in_order_and_compares_like_with_like(name: str, as_of: datetime) -> None:
    period = View(period=name).dates(as_of, DATA_FROM)
    assert period.start <= period.end <= as_of.date()
    assert period.previous_start <= period.previous_end < period.start
    assert period.year_ago_start <= period.year_ago_end
    assert period.is_partial == (period.end == as_of.date())
    if "week" in name:
        assert period.start.weekday() == 0
        assert (
            period.previous_end - period.previous_start == period.end - period.start == period.year_ago_end - period.year_ago_start
        )


def test_the_last_twelve_weeks_are_complete_at_any_moment() -> None:
    for offset in range(14):
        as_of = AS_OF + timedelta(days=offset)
        period = View().dates(as_of, DATA_FROM)
        assert period.end.weekday() == 6
        assert period.end < as_of.date()
        assert period.days == 84
