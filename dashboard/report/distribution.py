"""Where an issue goes: into the folder people look into, and to those it is mailed to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dashboard.report import mail, outbox
from dashboard.report.archive import Kept
from dashboard.report.copies import copy_to
from dashboard.report.errors import ReportError
from dashboard.report.plan import Plan


@dataclass
class Distributed:
    """copies: files in the folder · sent: of the mail, None where none was asked for · errors: what did not succeed."""

    copies: list[Path] = field(default_factory=list)
    sent: mail.Sent | None = None
    errors: list[ReportError] = field(default_factory=list)


def distribute(
    plan: Plan,
    one: Kept,
    *,
    environment: Mapping[str, str],
    now: datetime,
    mails: bool,
    by_itself: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Distributed:
    """Copies and, when `mails`, sends an issue as the plan says. One failing does not keep the other; nothing is raised."""
    done = Distributed()
    try:
        if plan.folder and not is_copied(plan.folder, one):
            done.copies = copy_to(plan.folder, one)
            outbox.record(one, [str(plan.folder)], "sent", message_id="", now=now)
    except ReportError as error:
        done.errors.append(error)
    try:
        if plan.mail and mails:
            password = mail.password(plan.mail, environment)
            done.sent = mail.send(plan.mail, one, password=password, now=now, by_itself=by_itself, sleep=sleep)
            done.errors += [done.sent.error] if done.sent.error else []
    except ReportError as error:
        done.errors.append(error)
    return done


def is_copied(folder: Path, one: Kept) -> bool:
    """Whether this issue was put there once; who has taken it away since does not want it again."""
    return str(folder) in outbox.last_results(one)
