"""python -m dashboard report: makes, lists and verifies reports; what it did on stdout, what it could not on stderr."""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import Timeout

from dashboard.report.archive import Kept, kept
from dashboard.report.builds import builds_of, communities, current, last_week, unknown_community
from dashboard.report.copies import copy_to
from dashboard.report.disk import locked
from dashboard.report.distribution import Distributed, distribute
from dashboard.report.edition import Edition, week_of
from dashboard.report.errors import NotKept, PlanError, ReportError
from dashboard.report.issuing import Issued, Maker, issue, verify
from dashboard.report.plan import EXAMPLE, Plan, read_plan
from dashboard.report.schedule import due_now
from dashboard.report.telling import Telling
from dashboard.settings import LANGUAGES, Settings
from dashboard.warehouse import WarehouseError

Workshop = Callable[[Settings], AbstractContextManager[Maker]]
"""Where reports are made: opened once for all of a run."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command `report` and its options."""
    parser = commands.add_parser("report", help="编制社会治理周报 / make, list and verify the weekly report")
    parser.add_argument("--week", metavar="2026-W46", help="哪一周 / which week (default: the last one the data covers)")
    parser.add_argument("--community", nargs="+", default=[], metavar="C01", help="社区版，all 为每个社区 / communities, or all")
    parser.add_argument("--lang", choices=[*LANGUAGES, "all"], default="zh", help="语言 / language (zh)")
    parser.add_argument(
        "--revise", action="store_true", help="已有的用当前数据重编，数据有变才出新版 / a revision where numbers changed"
    )
    parser.add_argument("--build", default="", metavar="ID", help="用哪一版数据 / which build to use")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="另存一份到此文件夹 / copy to this folder")
    parser.add_argument("--mail", action="store_true", help="按 reports.toml 发邮件 / send it as reports.toml says")
    parser.add_argument("--json", action="store_true", help="给程序看的 JSON，一行一个 / JSON lines for a program")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--due", action="store_true", help="按 reports.toml 编制、发送到期未做的 / whatever is due by now")
    instead.add_argument("--list", action="store_true", help="列出存档 / list what is kept")
    instead.add_argument(
        "--verify", action="store_true", help="用原来的数据重编存档并逐字节核对 / make again and compare the bytes"
    )
    instead.add_argument("--example", action="store_true", help="打印 reports.toml 的样例 / print an example of reports.toml")


def run(
    settings: Settings,
    asked: argparse.Namespace,
    *,
    now: datetime,
    environment: Mapping[str, str],
    workshop: Workshop | None = None,
) -> int:
    """The exit code: 0 done · 1 some were not · 2 nothing was done."""
    telling = Telling(is_json=asked.json)
    job = _Job(settings, asked, now, environment, workshop or _workshop, telling, Plan())
    work = next((work for name, work in _INSTEAD.items() if getattr(asked, name)), _make)
    try:
        work(job)
    except (ReportError, WarehouseError) as error:
        telling.failed("", error)
    return telling.end()


@dataclass(frozen=True)
class _Job:
    settings: Settings
    asked: argparse.Namespace
    now: datetime
    environment: Mapping[str, str]
    workshop: Workshop
    telling: Telling
    plan: Plan


def _make(job: _Job) -> None:
    """Those asked for."""
    asked = job.asked
    job = replace(job, plan=read_plan(job.settings))
    if asked.mail and not job.plan.mail:
        raise PlanError(
            f"{job.settings.data}/reports.toml 没有 [mail]，不知道发给谁；样例见 report --example",
            f"{job.settings.data}/reports.toml has no [mail], so nobody is to be sent it; report --example shows one",
        )
    _issue_all(job, _editions(job), mails=asked.mail)


def _make_due(job: _Job) -> None:
    """Those that should exist by now, and what has not gone out; nothing where another process is at it."""
    try:
        with locked(job.settings.data / "reports" / ".due", wait=0):
            _make_found(replace(job, plan=read_plan(job.settings)))
    except Timeout:
        job.telling.say("另一个程序正在编制到期的周报", "another process is making what is due")


def _make_found(job: _Job) -> None:
    found = due_now(job.settings, job.plan, job.now)
    for edition in found.waiting:
        job.telling.say(f"{edition.week} {edition.key}：数据还没到，再等等", f"{edition.week} {edition.key}: waiting for data")
    if not found.is_anything:
        job.telling.say("没有到期要编的周报", "no report is due")
    for one in found.unsent:
        _go_out(job, one, mails=True, by_itself=True)
    _issue_all(job, list(found.editions), mails=True, by_itself=True)


def _issue_all(job: _Job, editions: Sequence[Edition], *, mails: bool, by_itself: bool = False) -> None:
    """Each of them; one that fails is told and does not keep the others."""
    if not editions:
        return
    revise = job.asked.revise and not by_itself
    with job.workshop(job.settings) as maker:
        for number, edition in enumerate(editions):
            job.telling.at(edition, number / len(editions))
            with _failure_told(job, edition):
                issued = issue(
                    job.settings,
                    edition,
                    maker=maker,
                    now=job.now,
                    office=job.plan.office,
                    build_id=job.asked.build,
                    revise=revise,
                    deliver=by_itself and job.plan.delivers,
                )
                job.telling.issued(issued, revise=revise)
                _copied_and_sent(job, issued, mails=mails, by_itself=by_itself)


def _copied_and_sent(job: _Job, issued: Issued, *, mails: bool, by_itself: bool) -> None:
    if job.asked.to:
        job.telling.went(issued.kept, Distributed(copies=copy_to(job.asked.to, issued.kept)))
    if issued.is_new or mails:
        _go_out(job, issued.kept, mails=mails, by_itself=by_itself)


def _go_out(job: _Job, one: Kept, *, mails: bool, by_itself: bool) -> None:
    job.telling.went(one, distribute(job.plan, one, environment=job.environment, now=job.now, mails=mails, by_itself=by_itself))


def _list(job: _Job) -> None:
    """What is kept, newest week first, with what is wrong with it."""
    found = _kept_asked_for(job)
    for one in found:
        faults = one.faults
        for fault in faults:
            job.telling.failed(f"{one.edition.week} {one.edition.key}", fault)
        if not faults:
            job.telling.listed(one)
    if not found:
        job.telling.say("还没有存档的周报", "no report is kept yet")


def _verify(job: _Job) -> None:
    """Makes what is kept again, each from its own build."""
    found = _kept_asked_for(job)
    if not found:
        raise NotKept("没有可核对的存档", "nothing is kept that could be verified")
    with job.workshop(job.settings) as maker:
        for number, one in enumerate(found):
            job.telling.at(one.edition, number / len(found))
            with _failure_told(job, one.edition):
                job.telling.verified(one, verify(one, maker=maker))


def _print_example(job: _Job) -> None:
    job.telling.say(EXAMPLE.rstrip(), EXAMPLE.rstrip())


_INSTEAD = {"due": _make_due, "list": _list, "verify": _verify, "example": _print_example}


def _editions(job: _Job) -> list[Edition]:
    """Raises EditionError for a week or a community there is none of."""
    asked = job.asked
    week = week_of(asked.week) if asked.week else last_week(current(job.settings).as_of)
    known = communities(job.settings) if asked.community else {}
    codes = list(known) if "all" in asked.community else list(dict.fromkeys(asked.community)) or [""]
    for code in codes:
        if code and code not in known:
            raise unknown_community(code, known)
    return [Edition(week, code, lang) for code in codes for lang in (LANGUAGES if asked.lang == "all" else (asked.lang,))]


def _kept_asked_for(job: _Job) -> list[Kept]:
    """All, or those of the week and communities asked for."""
    asked = job.asked
    week = week_of(asked.week) if asked.week else ""
    return [
        one
        for one in kept(job.settings)
        if week in ("", one.edition.week)
        and (
            not asked.community or one.edition.community in asked.community or ("all" in asked.community and one.edition.community)
        )
    ]


@contextmanager
def _failure_told(job: _Job, edition: Edition) -> Iterator[None]:
    name = f"{edition.week} {edition.key}"
    try:
        yield
    except (ReportError, WarehouseError) as error:
        job.telling.failed(name, error)
    except Exception:  # a fault of this program: its details are for the maintainers
        job.telling.failed(name, _noted(job.settings, job.now))


def _noted(settings: Settings, now: datetime) -> ReportError:
    log = settings.data / "report-error.log"
    with suppress(OSError), log.open("a", encoding="utf-8") as file:
        file.write(f"{now:%Y-%m-%d %H:%M:%S}\n{traceback.format_exc()}\n")
    return ReportError(
        f"程序内部出错，没有编成；细节在 {log}，请交给维护者",
        f"an internal error, it was not made; details are in {log}, please give them to the maintainers",
    )


@contextmanager
def _workshop(settings: Settings) -> Iterator[Maker]:
    """One press and one look at the builds for a whole run."""
    from dashboard.report.press import Press

    with Press() as press, builds_of(settings) as builds:
        from dashboard.report.make import maker  # a second's work: while the press starts, and not for a list of what is kept

        yield maker(builds, press)
