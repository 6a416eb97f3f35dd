"""Sends a report by e-mail: one message an issue, over verified TLS, to each recipient at most once."""

from __future__ import annotations

import os
import re
import smtplib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from filelock import Timeout
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from dashboard.report import outbox
from dashboard.report.archive import Kept
from dashboard.report.disk import locked
from dashboard.report.errors import BeingMade, MailDelayed, MailError, MailUncertain, PlanError
from dashboard.report.letter import letter
from dashboard.report.plan import Mail
from dashboard.report.smtp import NEVER, answered, says_later, session, told, words

PASSWORD = "TOWNSHIP_SMTP_PASSWORD"
ATTEMPTS = 4
_PATIENCE = 300.0
_DONE, _GO_ON = 250, 354
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass
class Sent:
    """What came of it, by recipient. to: now · before: earlier, or perhaps (uncertain) · refused, failed: recipient → why;
    failed ones are tried again the next time. error: why the server as a whole could not be used.
    """

    to: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    error: MailError | None = None


def send(
    mail: Mail,
    one: Kept,
    *,
    password: str,
    now: datetime,
    by_itself: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Sent:
    """Sends to those who have not got this issue. by_itself: nor to those who have got another issue of it,
    or whom the server refused.

    What fails for a while is tried four times. Raises ReportDamaged for damaged files, BeingMade where another process is sending.
    """
    message = letter(mail, one, now)
    with _only_sender(one):
        sent, waiting = _standing(mail, one, by_itself)
        note = _Note(one, str(message["Message-ID"]), now)
        transaction = _Transaction(mail, password, message.as_bytes(), waiting, sent, note)
        if waiting:
            _try(transaction, sleep)
        return sent


def unsent(mail: Mail, one: Kept) -> list[str]:
    """Whom a sending by itself would still send to. Raises ReportDamaged."""
    return _standing(mail, one, by_itself=True)[1]


def password(mail: Mail, environment: Mapping[str, str]) -> str:
    """From the environment, else the file; "" where nobody logs in. Raises PlanError, never with the password in it."""
    if not mail.user:
        return ""
    found = environment.get(PASSWORD) or (_from_file(mail.password_file) if mail.password_file else "")
    if not found:
        raise PlanError(
            f"[mail] user 写了 {mail.user}，但没有口令：请设环境变量 {PASSWORD}，或写 password_file",
            f"[mail] user is {mail.user} but there is no password: set {PASSWORD}, or give a password_file",
        )
    if not found.isascii():
        raise PlanError(
            "邮箱口令只能含英文字母、数字和符号；请改用邮箱的授权码", "the mail password may hold ASCII only; use an app password"
        )
    return found


def _from_file(file: Path) -> str:
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise PlanError(
                f"口令文件 {file} 别人也能读；请先运行 chmod 600 {file}",
                f"The password file {file} can be read by others; run chmod 600 {file} first",
            )
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise PlanError(f"口令文件 {file} 读不出来", f"The password file {file} cannot be read") from None


@contextmanager
def _only_sender(one: Kept) -> Iterator[None]:
    try:
        with locked(one.folder.parent / ".sending", wait=_PATIENCE):
            yield
    except Timeout:
        raise BeingMade(
            f"{one.folder} 正由另一个程序发送；请稍后再看", f"{one.folder} is being sent by another process; look again later"
        ) from None


def _standing(mail: Mail, one: Kept, by_itself: bool) -> tuple[Sent, list[str]]:
    """What is known of this issue, and who is still to get it."""
    sent, waiting = Sent(), []
    results = outbox.last_results_of_any(one) if by_itself else outbox.last_results(one)
    for recipient in mail.to:
        result = results[recipient].result if recipient in results else ""
        if result == "sent":
            sent.before.append(recipient)
        elif result == "sending":
            sent.uncertain.append(recipient)
        elif result == "refused" and by_itself:
            sent.refused[recipient] = results[recipient].reason
        else:
            waiting.append(recipient)
    return sent, waiting


def _try(transaction: _Transaction, sleep: Callable[[float], None]) -> None:
    retrying = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(multiplier=2, max=60),
        retry=retry_if_exception_type(MailDelayed),
        sleep=sleep,
        reraise=True,
    )
    try:
        retrying(transaction.attempt)
    except MailError as error:
        transaction.give_up(error)


@dataclass(frozen=True)
class _Note:
    """Writes down what happens to one message."""

    one: Kept
    message_id: str
    now: datetime

    def __call__(self, to: list[str], result: str, reason: str = "") -> None:
        outbox.record(self.one, to, result, message_id=self.message_id, now=self.now, reason=reason)


@dataclass
class _Transaction:
    """One message on its way; waiting: those it has still to reach."""

    mail: Mail
    password: str = field(repr=False)
    content: bytes = field(repr=False)
    waiting: list[str]
    sent: Sent
    note: _Note

    def attempt(self) -> None:
        """Reaches whom it can. Raises MailError when somebody is left."""
        with session(self.mail, self.password) as server:
            with told():
                answered(*server.mail(self.mail.sender))
                accepted, later = self._asked(server)
            if accepted:
                self._hand_over(server, accepted)
            if later:
                raise says_later(later)

    def give_up(self, error: MailError) -> None:
        self.sent.error = error
        if self.waiting:
            self.note(self.waiting, "failed", str(error))
            self.sent.failed.update(dict.fromkeys(self.waiting, error.zh))

    def _asked(self, server: smtplib.SMTP) -> tuple[list[str], str]:
        """Recipients the server takes, and what it says of those it does not take now."""
        accepted, later = [], ""
        for recipient in list(self.waiting):
            code, answer = server.rcpt(recipient)
            if code in (250, 251):
                accepted.append(recipient)
            elif code < NEVER:
                later = words(code, answer)
            else:
                self._refuse([recipient], words(code, answer))
        return accepted, later

    def _hand_over(self, server: smtplib.SMTP, accepted: list[str]) -> None:
        """The library's own data() does not tell whether a connection broke before or after the content went out."""
        with told():
            code, answer = server.docmd("DATA")
        if code == _GO_ON:
            self.note(accepted, "sending")
            self.waiting = [recipient for recipient in self.waiting if recipient not in accepted]
            code, answer = self._content_answered(server, accepted)
        if code == _DONE:
            self.note(accepted, "sent")
            self.sent.to += accepted
        elif code >= NEVER:
            self._refuse(accepted, words(code, answer))
        else:
            self.note(accepted, "failed", words(code, answer))
            self.waiting = [*accepted, *(recipient for recipient in self.waiting if recipient not in accepted)]
            raise says_later(words(code, answer))

    def _content_answered(self, server: smtplib.SMTP, accepted: list[str]) -> tuple[int, bytes]:
        try:
            server.send(_LEADING_DOT.sub(b"..", self.content) + b".\r\n")
            return server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.sent.uncertain += accepted
            raise MailUncertain(
                f"交付邮件时连接中断，{'、'.join(accepted)} 可能已收到，不再重发",
                f"the connection broke while the message was handed over; {', '.join(accepted)} may have it and get it no more",
            ) from error

    def _refuse(self, recipients: list[str], reason: str) -> None:
        self.note(recipients, "refused", reason)
        self.waiting = [recipient for recipient in self.waiting if recipient not in recipients]
        self.sent.refused.update(dict.fromkeys(recipients, reason))
