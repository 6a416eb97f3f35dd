"""When reports are made by themselves: what should exist by now and does not, however long the machine was off."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from dashboard.report import mail, outbox
from dashboard.report.archive import Kept, kept
from dashboard.report.builds import communities, covers, current, last_week
from dashboard.report.distribution import is_copied
from dashboard.report.edition import Edition, week_on
from dashboard.report.errors import ReportError
from dashboard.report.plan import FILE, Plan, Schedule, read_plan
from dashboard.settings import Settings
from dashboard.warehouse import WarehouseError

MOST_WEEKS = 8
LOOK_EVERY = timedelta(minutes=15)
TRY_AGAIN_AFTER = timedelta(hours=1)
_LONGEST_RUN = 3600.0
_PROJECT = Path(__file__).resolve().parents[2]
_AT_ONCE = Schedule(time(), time())
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """editions: to be made, oldest week first · waiting: those whose data is not there yet · unsent: issues somebody is still to get."""

    editions: tuple[Edition, ...] = ()
    waiting: tuple[Edition, ...] = ()
    unsent: tuple[Kept, ...] = ()

    @property
    def is_anything(self) -> bool:
        return bool(self.editions or self.unsent)


def due(plan: Plan, now: datetime, archive: Sequence[Kept], *, as_of: datetime, known: Sequence[str]) -> Due:
    """What should exist by now: last week's editions, and those of weeks missed since an edition was first kept, at most eight.

    archive: what is kept, newest first · as_of: of the current build · known: the communities there are.
    """
    last = last_week(now)
    missing = [
        edition
        for week in _weeks_before(last)
        for edition in plan.editions(week, known)
        if _is_missing(edition, archive, last) and now >= _at(edition, (plan.schedule or _AT_ONCE).monday_at)
    ]
    ready = [edition for edition in missing if _has_data(edition, plan.schedule or _AT_ONCE, now, as_of)]
    return Due(
        editions=tuple(ready),
        waiting=tuple(edition for edition in missing if edition not in ready),
        unsent=tuple(_unsent(plan, now, archive, known)),
    )


def due_now(settings: Settings, plan: Plan, now: datetime) -> Due:
    """The same of a data root. Raises WarehouseError where nothing is published."""
    return due(plan, now, kept(settings), as_of=current(settings).as_of, known=list(communities(settings)))


def start(settings: Settings, *, look: Callable[[Settings], None] | None = None) -> BackgroundScheduler | None:
    """Looks at once, on Mondays at the set time, and every quarter of an hour; None where reports.toml has no [schedule].

    Two processes may do so: the archive takes each report once. Raises PlanError.
    """
    schedule = read_plan(settings).schedule
    if schedule is None:
        return None
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    on_monday = CronTrigger(day_of_week="mon", hour=schedule.monday_at.hour, minute=schedule.monday_at.minute)
    regularly = IntervalTrigger(seconds=int(LOOK_EVERY.total_seconds()))
    scheduler.add_job(look or _look, OrTrigger([on_monday, regularly]), [settings], next_run_time=datetime.now().astimezone())
    scheduler.start()
    return scheduler


def _look(settings: Settings) -> None:
    """Starts `report --due` as a process of its own when there is something to do: a web server's process never sets paper."""
    try:
        if not due_now(settings, read_plan(settings), datetime.now()).is_anything:
            return
        command = [sys.executable, "-m", "dashboard", "--data", str(settings.data.resolve()), "report", "--due"]
        done = subprocess.run(
            command, cwd=_PROJECT, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=_LONGEST_RUN
        )
        if done.returncode:
            log.warning("%s", done.stderr.strip())
    except (ReportError, WarehouseError, OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s: %s", FILE, error)


def _weeks_before(last: str) -> list[str]:
    """The eight weeks that end with `last`, oldest first."""
    monday = Edition(last).monday
    return [week_on(monday - timedelta(weeks=back)) for back in reversed(range(MOST_WEEKS))]


def _is_missing(edition: Edition, archive: Sequence[Kept], last: str) -> bool:
    """Not kept, and either last week's or later than the first one of its kind."""
    of_kind = {one.edition.week for one in archive if one.edition.key == edition.key}
    if edition.week in of_kind:
        return False
    return edition.week == last or any(week < edition.week for week in of_kind)


def _has_data(edition: Edition, schedule: Schedule, now: datetime, as_of: datetime) -> bool:
    """The whole week's; after the waiting time any of it."""
    if covers(as_of, edition):
        return True
    return now >= _at(edition, schedule.wait_until) and as_of > datetime.combine(edition.monday, time())


def _at(edition: Edition, moment: time) -> datetime:
    """That time on the Monday after the week."""
    return datetime.combine(edition.sunday + timedelta(days=1), moment)


def _unsent(plan: Plan, now: datetime, archive: Sequence[Kept], known: Sequence[str]) -> list[Kept]:
    """Newest issues that are to go out by themselves and have not all gone: last week's, and those made by themselves. Oldest first."""
    last = last_week(now)
    if now < _at(Edition(last), (plan.schedule or _AT_ONCE).monday_at):
        return []
    wanted = {edition for week in _weeks_before(last) for edition in plan.editions(week, known)}
    newest = {one.edition: one for one in reversed(archive) if one.edition in wanted}
    return [one for one in newest.values() if _is_to_go(plan, one, now, last)]


def _is_to_go(plan: Plan, one: Kept, now: datetime, last: str) -> bool:
    try:
        if one.edition.week != last and not one.about["deliver"]:
            return False
        if plan.folder and not is_copied(plan.folder, one):
            return True
        return bool(plan.mail and mail.unsent(plan.mail, one)) and not _failed_just_now(one, now)
    except ReportError as error:
        log.warning("%s", error)
        return False


def _failed_just_now(one: Kept, now: datetime) -> bool:
    """Whether an attempt failed less than an hour ago: a server that is down is not asked every few minutes."""
    failed = [event.at for event in outbox.events(one) if event.result == "failed"]
    return bool(failed) and now - datetime.fromisoformat(failed[-1]) < TRY_AGAIN_AFTER
