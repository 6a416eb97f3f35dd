"""Sent for real: to an SMTP server on loopback, over TLS, with a login; servers that fail, refuse, or break off."""

from __future__ import annotations

import argparse
import asyncio
import email
import json
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from dashboard.report import outbox
from dashboard.report.archive import Kept
from dashboard.report.command import add_parser, run
from dashboard.report.distribution import distribute
from dashboard.report.edition import Edition
from dashboard.report.errors import MailDelayed, MailRefused, MailUncertain, PlanError, ReportDamaged
from dashboard.report.issuing import issue
from dashboard.report.mail import ATTEMPTS, PASSWORD, Sent, password, send, unsent
from dashboard.report.plan import Mail, Plan
from tests.report.making import MONDAY, maker_of, number, township, workshop_of

SECRET = "hunter2-correct-horse"
TO = ("zhenzhang@town.cn", "shuji@town.cn")


@dataclass
class Postbox:
    """A mail server's ways: answers to give before it behaves, recipients it refuses; what it took."""

    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    breaks_off: bool = False
    took: list[Envelope] = field(default_factory=list)
    asked: int = 0

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802 - aiosmtpd's names
        self.asked += 1
        envelope.mail_from = address
        return self.answers.pop(0) if self.answers else "250 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        self.took.append(envelope)
        if self.breaks_off:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(content(envelope), _class=EmailMessage, policy=default) for envelope in self.took]


def content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kept report, made once."""
    settings = township(tmp_path_factory.mktemp("town"), "2026-11-16 08:00:00")
    for numbers in ({"closure_rate": number("91.2%")}, {"closure_rate": number("90.8%")}):
        issue(settings, Edition("2026-W46", "C01"), maker=maker_of(settings, numbers), now=MONDAY, office="党政办", revise=True)
    return settings.data / "reports/2026-W46/C01"


@pytest.fixture
def one(template: Path, tmp_path: Path) -> Kept:
    """Its first issue."""
    shutil.copytree(template, tmp_path / "reports/2026-W46/C01")
    return Kept(Edition("2026-W46", "C01"), 1, tmp_path / "reports/2026-W46/C01/r1")


Serve = Callable[..., Mail]


@pytest.fixture
def serve(authority: trustme.CA, tmp_path: Path) -> Iterator[Serve]:
    """serve(postbox, security=…, name=…): starts a server and says how it is reached."""
    running: list[Controller] = []
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    def start(postbox: Postbox, *, security: str = "starttls", name: str = "localhost", user: str = "") -> Mail:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)
        asked: dict[str, Any] = {"authenticator": _knows, "auth_required": bool(user) and security == "starttls"}
        if security == "starttls":
            asked |= {"tls_context": context, "require_starttls": True}
        else:
            asked |= {"auth_require_tls": False}  # it is encrypted from the first byte, which this server does not see
        controller = Controller(postbox, "localhost", _free_port(), ssl_context=context if security == "tls" else None, **asked)
        controller.start()
        running.append(controller)
        return Mail("localhost", controller.port, security, user, None, tmp_path / "ca.pem", "office@town.cn", TO)

    yield start
    for controller in running:
        controller.stop()


def _knows(_: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.password.decode() == SECRET, handled=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def sent(mail: Mail, one: Kept, **asked: Any) -> Sent:
    return send(mail, one, password=SECRET if mail.user else "", now=MONDAY, sleep=lambda _: None, **asked)


def record(one: Kept) -> list[tuple[str, int, str]]:
    return [(event.to.partition("@")[0], event.revision, event.result) for event in outbox.events(one)]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_arrives_with_its_files_and_their_names(serve: Serve, one: Kept, security: str) -> None:
    postbox = Postbox()
    came = sent(serve(postbox, security=security, user="office"), one)
    assert (came.to, came.error) == (list(TO), None)
    [message] = postbox.messages
    assert postbox.took[0].rcpt_tos == list(TO)
    assert message["Subject"] == "社会治理周报 锦绣里社区 2026年第46期"
    assert message["From"] == "党政办 <office@town.cn>"
    assert message["To"] == ", ".join(TO)
    assert message["Message-ID"].endswith("@town.cn>")
    body = message.get_body()
    assert body is not None
    assert "共 8 页，数据截至 2026-11-16 08:00" in body.get_content()
    parts = {part.get_filename(): (part.get_content_type(), part.get_content()) for part in message.iter_attachments()}
    name = "社会治理周报_锦绣里社区_2026年第46期"
    assert parts == {
        f"{name}.pdf": ("application/pdf", one.pdf.read_bytes()),
        f"{name}.png": ("image/png", one.png.read_bytes()),
        f"{name}.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", one.xlsx.read_bytes()),
    }
    assert all(byte < 128 for byte in content(postbox.took[0]))  # a server may take seven bits only


def test_nobody_gets_an_issue_twice_and_everybody_its_revision(serve: Serve, one: Kept) -> None:
    postbox = Postbox()
    mail = serve(postbox)
    sent(mail, one)
    assert (sent(mail, one).before, len(postbox.took)) == (list(TO), 1)
    second = replace(one, revision=2, folder=one.folder.with_name("r2"))
    assert unsent(mail, second) == []  # a correction goes out when somebody says so
    assert sent(mail, second, by_itself=True).before == list(TO)
    assert sent(mail, second).to == list(TO)
    assert [str(message["Subject"]) for message in postbox.messages][1].endswith("（修订2）")
    body = postbox.messages[1].get_body()
    assert body is not None
    assert "本期更正：按期结案率 91.2% → 90.8%。" in body.get_content()


def test_a_server_that_fails_twice_is_tried_again(serve: Serve, one: Kept) -> None:
    postbox = Postbox(answers=["451 4.3.0 later", "451 4.3.0 later"])
    assert sent(serve(postbox), one).to == list(TO)
    assert (postbox.asked, len(postbox.took)) == (3, 1)


def test_a_server_that_keeps_failing_is_told_and_tried_again_another_time(serve: Serve, one: Kept) -> None:
    postbox = Postbox(answers=["451 4.3.0 later"] * ATTEMPTS)
    mail = serve(postbox)
    came = sent(mail, one)
    assert isinstance(came.error, MailDelayed)
    assert (sorted(came.failed), came.to) == (sorted(TO), [])
    assert "451" in came.error.zh
    assert unsent(mail, one) == list(TO)
    assert sent(mail, one).to == list(TO)


def test_a_refused_recipient_is_told_and_the_others_get_it(serve: Serve, one: Kept) -> None:
    postbox = Postbox(refused={TO[0]: "550 5.1.1 no such user"})
    mail = serve(postbox)
    came = sent(mail, one)
    assert (came.to, came.refused) == ([TO[1]], {TO[0]: "550 5.1.1 no such user"})
    assert unsent(mail, one) == []
    assert record(one) == [("zhenzhang", 1, "refused"), ("shuji", 1, "sending"), ("shuji", 1, "sent")]
    postbox.refused.clear()
    assert sent(mail, one).to == [TO[0]]  # asked for by hand once more, after the address was mended


def test_a_recipient_who_is_put_off_gets_it_later_and_the_other_not_twice(serve: Serve, one: Kept) -> None:
    postbox = Postbox(refused={TO[0]: "450 4.2.0 greylisted"})

    def mended(_: float) -> None:
        postbox.refused.clear()

    came = send(serve(postbox), one, password="", now=MONDAY, sleep=mended)
    assert came.to == [TO[1], TO[0]]
    assert [envelope.rcpt_tos for envelope in postbox.took] == [[TO[1]], [TO[0]]]


def test_a_message_that_is_refused_is_not_sent_again_and_again(serve: Serve, one: Kept) -> None:
    postbox = Postbox(answers=["552 5.3.4 too big"])
    came = sent(serve(postbox), one)
    assert isinstance(came.error, MailRefused)
    assert postbox.asked == 1


def test_a_connection_that_breaks_while_handing_over_leaves_it_uncertain_and_never_sends_twice(serve: Serve, one: Kept) -> None:
    postbox = Postbox(breaks_off=True)
    mail = serve(postbox)
    came = sent(mail, one)
    assert isinstance(came.error, MailUncertain)
    assert (came.uncertain, came.to) == (list(TO), [])
    assert (unsent(mail, one), sent(mail, one).uncertain, len(postbox.took)) == ([], list(TO), 1)


def test_a_crash_between_sending_and_its_record_sends_nothing_twice(serve: Serve, one: Kept) -> None:
    """As the disk looks when the power goes while the server answers: a whole line, and half of one."""
    outbox.record(one, [TO[0]], "sending", message_id="<m>", now=MONDAY)
    with (one.folder.parent / outbox.FILE).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-')
    postbox = Postbox()
    came = sent(serve(postbox), one)
    assert (came.uncertain, came.to) == ([TO[0]], [TO[1]])
    assert record(one) == [("zhenzhang", 1, "sending"), ("shuji", 1, "sending"), ("shuji", 1, "sent")]


def test_a_certificate_that_is_not_the_servers_stops_it_before_the_password(serve: Serve, one: Kept) -> None:
    postbox = Postbox()
    for mail in (serve(postbox, name="mail.elsewhere.cn", user="office"), replace(serve(postbox, user="office"), ca_file=None)):
        came = sent(mail, one)
        assert isinstance(came.error, MailRefused)
        assert "证书" in came.error.zh
    assert (postbox.asked, postbox.took) == (0, [])


def test_a_server_without_encryption_gets_nothing(one: Kept) -> None:
    postbox = Postbox()
    controller = Controller(postbox, "localhost", _free_port())
    controller.start()
    try:
        came = sent(Mail("localhost", controller.port, "starttls", "", None, None, "office@town.cn", TO), one)
    finally:
        controller.stop()
    assert isinstance(came.error, MailRefused)
    assert "STARTTLS" in came.error.zh
    assert postbox.took == []


def test_the_wrong_kind_of_encryption_is_told(serve: Serve, one: Kept) -> None:
    came = sent(replace(serve(Postbox()), security="tls"), one)
    assert isinstance(came.error, MailRefused)
    assert "security" in came.error.zh


def test_a_wrong_password_is_told_and_appears_nowhere(serve: Serve, one: Kept) -> None:
    mail = serve(Postbox(), user="office")
    came = send(mail, one, password="wrong-" + SECRET, now=MONDAY, sleep=lambda _: None)
    assert isinstance(came.error, MailRefused)
    assert "登录" in came.error.zh
    said = str(came.error) + repr(came) + repr(mail) + (one.folder.parent / outbox.FILE).read_text(encoding="utf-8")
    assert SECRET not in said


def test_nobody_there_is_told(one: Kept) -> None:
    came = sent(Mail("localhost", _free_port(), "starttls", "", None, None, "office@town.cn", TO), one)
    assert isinstance(came.error, MailDelayed)
    assert "连不上" in came.error.zh


def test_a_damaged_report_or_record_is_not_sent(serve: Serve, one: Kept) -> None:
    postbox = Postbox()
    mail = serve(postbox)
    (one.folder.parent / outbox.FILE).write_text("{}\n", encoding="utf-8")
    with pytest.raises(ReportDamaged, match=r"sent\.jsonl"):
        sent(mail, one)
    (one.folder.parent / outbox.FILE).unlink()
    one.pdf.write_bytes(b"other")
    with pytest.raises(ReportDamaged, match=r"report\.pdf"):
        sent(mail, one)
    assert postbox.took == []


def test_the_record_says_to_whom_when_and_what(serve: Serve, one: Kept) -> None:
    sent(serve(Postbox()), one)
    line = json.loads((one.folder.parent / outbox.FILE).read_text(encoding="utf-8").splitlines()[-1])
    assert line["message_id"].startswith("<township.2026-W46.C01.r1.")
    assert {**line, "message_id": ""} == {
        "at": "2026-11-16T08:00:00", "to": TO[1], "revision": 1, "message_id": "", "result": "sent", "reason": "",
    }  # fmt: skip


def test_the_password_comes_from_the_environment_or_a_file_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "smtp"
    file.write_text(SECRET + "\n", encoding="utf-8")
    mail = Mail("h", 587, "starttls", "office", file, None, "a@b.cn", TO)
    file.chmod(0o640)
    with pytest.raises(PlanError, match="chmod 600"):
        password(mail, {})
    file.chmod(0o600)
    assert password(mail, {}) == SECRET
    assert password(mail, {PASSWORD: "other"}) == "other"
    assert password(replace(mail, user=""), {}) == ""
    for wrong, said in (
        (replace(mail, password_file=None), PASSWORD),
        (replace(mail, password_file=tmp_path / "none"), "读不出来"),
    ):
        with pytest.raises(PlanError, match=said):
            password(wrong, {})
    with pytest.raises(PlanError, match="授权码") as raised:
        password(mail, {PASSWORD: "口令"})
    assert "口令口令" not in str(raised.value)


def test_copies_are_named_for_what_they_are_and_overwrite_nothing(one: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "周报"
    plan = Plan(folder=folder)

    def copied(one: Kept) -> tuple[list[str], list[str]]:
        done = distribute(plan, one, environment={}, now=MONDAY, mails=True)
        return sorted(file.name for file in done.copies), [error.zh for error in done.errors]

    name = "社会治理周报_锦绣里社区_2026年第46期"
    second = replace(one, revision=2, folder=one.folder.with_name("r2"))
    folder.mkdir()
    (folder / f"{name}.pdf").write_bytes(b"somebody else's")
    assert "没有覆盖" in copied(one)[1][0]
    assert (folder / f"{name}.pdf").read_bytes() == b"somebody else's"
    (folder / f"{name}.pdf").unlink()
    assert copied(one) == ([f"{name}.pdf", f"{name}.png", f"{name}.xlsx"], [])
    assert (folder / f"{name}.pdf").read_bytes() == one.pdf.read_bytes()
    assert copied(second)[0][0] == f"{name}（修订2）.pdf"
    (folder / f"{name}.pdf").unlink()
    assert copied(one) == ([], [])  # whoever takes it away does not want it again
    assert not list(folder.glob(".*"))


def test_the_command_sends_what_is_due_once_and_says_so(serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    postbox = Postbox(refused={TO[0]: "550 no such user"})
    mail = serve(postbox, user="office")
    settings = township(tmp_path / "data", "2026-11-16 08:00:00")
    (settings.data / "reports.toml").write_text(
        f'[mail]\nhost = "localhost"\nport = {mail.port}\nuser = "office"\nfrom = "{mail.sender}"\n'
        f'to = ["{TO[0]}", "{TO[1]}"]\nca_file = "{mail.ca_file}"\n',
        encoding="utf-8",
    )
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())

    def said(option: str) -> tuple[int, str, str]:
        code = run(
            settings,
            parser.parse_args(["report", option]),
            now=MONDAY,
            environment={PASSWORD: SECRET},
            workshop=workshop_of(),
        )
        return code, *capsys.readouterr()

    code, out, err = said("--due")
    assert code == 1
    assert f"  已发给 {TO[1]}" in out
    assert f"邮件服务器拒收 {TO[0]}：550 no such user" in err
    assert said("--due") == (0, "没有到期要编的周报\n", "")
    assert len(postbox.took) == 1
    postbox.refused.clear()
    code, out, err = said("--mail")
    assert (code, err) == (0, "")
    assert f"  已发给 {TO[0]}\n  此前已发给 {TO[1]}，没有重发" in out
    assert len(postbox.took) == 2
