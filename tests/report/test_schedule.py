"""What should exist by now and does not: last week's, and those missed while the machine was off; each once."""

from __future__ import annotations

import threading
from datetime import datetime, time
from pathlib import Path

import pytest

from dashboard.report import outbox
from dashboard.report.archive import Kept, kept
from dashboard.report.edition import Edition
from dashboard.report.errors import PlanError
from dashboard.report.issuing import issue
from dashboard.report.plan import Mail, Plan, Schedule
from dashboard.report.schedule import due, start
from dashboard.settings import Settings
from tests.report.making import maker_of, township

PLAN = Plan(schedule=Schedule(time(7, 30), time(12)))
COVERED = datetime(2026, 11, 16, 6)
"""As of the Monday after 2026-W46."""


def kept_weeks(*weeks: str, community: str = "") -> list[Kept]:
    """Newest first, as the archive lists them."""
    return [Kept(Edition(week, community), 1, Path("nowhere")) for week in sorted(weeks, reverse=True)]


def weeks_due(now: str, *kept: str, as_of: datetime = COVERED, plan: Plan = PLAN) -> tuple[list[str], list[str]]:
    """Weeks to be made, and those waiting for data."""
    found = due(plan, datetime.fromisoformat(now), kept_weeks(*kept), as_of=as_of, known=[])
    return [edition.week for edition in found.editions], [edition.week for edition in found.waiting]


@pytest.mark.parametrize(
    ("now", "made", "waiting"),
    [
        ("2026-11-15 23:59", [], []),  # the week is not over; the one before is never asked for where nothing was kept
        ("2026-11-16 07:29", [], []),
        ("2026-11-16 07:30", ["2026-W46"], []),
        ("2026-11-18 03:00", ["2026-W46"], []),
        ("2026-11-22 23:59", ["2026-W46"], []),
    ],
)
def test_last_week_is_due_on_monday_at_the_set_time(now: str, made: list[str], waiting: list[str]) -> None:
    kept = ["2026-W45"] if now < "2026-11-16" else []
    assert weeks_due(now, *kept) == (made, waiting)


def test_what_is_kept_is_not_due() -> None:
    assert weeks_due("2026-11-16 08:00", "2026-W46") == ([], [])


@pytest.mark.parametrize(
    ("now", "as_of", "made"),
    [
        ("2026-11-16 07:30", "2026-11-15 22:00", False),
        ("2026-11-16 11:59", "2026-11-15 22:00", False),
        ("2026-11-16 12:00", "2026-11-15 22:00", True),  # with what there is
        ("2026-11-16 08:00", "2026-11-16 00:00", True),
        ("2026-11-18 12:00", "2026-11-08 22:00", False),  # not one day of the week: nothing to say
        ("2026-11-18 12:00", "2026-11-09 00:01", True),
    ],
)
def test_data_that_does_not_reach_the_weeks_end_is_waited_for(now: str, as_of: str, made: bool) -> None:
    expected = (["2026-W46"], []) if made else ([], ["2026-W46"])
    assert weeks_due(now, as_of=datetime.fromisoformat(as_of)) == expected


def test_missed_weeks_are_made_up_oldest_first_and_at_most_eight() -> None:
    assert weeks_due("2026-11-16 08:00", "2026-W42", "2026-W44") == (["2026-W43", "2026-W45", "2026-W46"], [])
    assert weeks_due("2026-11-16 08:00", "2026-W20")[0] == [f"2026-W{week}" for week in range(39, 47)]


def test_weeks_across_new_year_are_made_up() -> None:
    """2026 has 53 weeks; the last one ends on 3 January."""
    made = weeks_due("2027-01-11 08:00", "2026-W51", as_of=datetime(2027, 1, 11))
    assert made == (["2026-W52", "2026-W53", "2027-W01"], [])


def test_a_community_that_is_added_later_starts_with_last_week() -> None:
    plan = Plan(communities="all", schedule=PLAN.schedule)
    kept = [*kept_weeks("2026-W45", "2026-W44"), *kept_weeks("2026-W45", community="C01")]
    found = due(plan, datetime(2026, 11, 16, 8), kept, as_of=COVERED, known=["C01", "C02"])
    assert [(one.week, one.key) for one in found.editions] == [("2026-W46", "town"), ("2026-W46", "C01"), ("2026-W46", "C02")]


def test_without_a_schedule_what_is_due_is_due_at_once() -> None:
    assert weeks_due("2026-11-16 00:00", as_of=datetime(2026, 11, 12), plan=Plan()) == (["2026-W46"], [])


@pytest.mark.parametrize(
    ("week", "deliver", "events", "goes"),
    [
        ("2026-W46", False, [], True),  # made by hand before the schedule came to it
        ("2026-W46", True, [("07:00", "sent")], False),
        ("2026-W46", True, [("07:00", "sending")], False),
        ("2026-W46", True, [("07:00", "refused")], False),
        ("2026-W46", True, [("07:31", "failed")], False),  # a server that is down is asked every hour
        ("2026-W46", True, [("06:59", "failed")], True),
        ("2026-W45", True, [], True),  # made up after downtime, and then the power went
        ("2026-W45", False, [], False),  # an old one made by hand is nobody's news
    ],
)
def test_what_has_not_gone_out_goes_out(
    tmp_path: Path, week: str, deliver: bool, events: list[tuple[str, str]], goes: bool
) -> None:
    settings = township(tmp_path, "2026-11-16 06:00:00")
    one = issue(settings, Edition(week), maker=maker_of(settings), now=COVERED, deliver=deliver).kept
    for clock, result in events:
        outbox.record(one, ["a@b.cn"], result, message_id="<m>", now=datetime.fromisoformat(f"2026-11-16 {clock}"))
    plan = Plan(schedule=PLAN.schedule, mail=Mail("h", 25, "tls", "", None, None, "o@b.cn", ("a@b.cn",)))
    found = due(plan, datetime(2026, 11, 16, 8), kept(settings), as_of=COVERED, known=[])
    assert [unsent.edition.week for unsent in found.unsent] == ([week] if goes else [])


def test_it_looks_at_once_and_then_on_mondays(tmp_path: Path) -> None:
    looks = threading.Event()
    (tmp_path / "reports.toml").write_text('[schedule]\nmonday_at = "07:30"\nwait_until = "12:00"\n', encoding="utf-8")
    scheduler = start(Settings(data=tmp_path), look=lambda _: looks.set())
    assert scheduler is not None
    try:
        assert looks.wait(10)
        [job] = scheduler.get_jobs()
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert "day_of_week='mon', hour='7', minute='30'" in repr(job.trigger)
    finally:
        scheduler.shutdown()


def test_without_a_schedule_nothing_looks(tmp_path: Path) -> None:
    assert start(Settings(data=tmp_path)) is None


def test_a_plan_that_cannot_be_followed_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "reports.toml").write_text("[schedule]\n", encoding="utf-8")
    with pytest.raises(PlanError, match="monday_at"):
        start(Settings(data=tmp_path))
