"""The conversation with a mail server: over verified TLS or not at all; what goes wrong in it becomes a sentence."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.report.errors import MailDelayed, MailError, MailRefused, PlanError
from dashboard.report.plan import Mail

NOT_NOW, NEVER = 400, 500
"""From which code on an answer is a no for the moment, and one for good."""
_SECONDS = 30.0


@contextmanager
def session(mail: Mail, password: str) -> Iterator[smtplib.SMTP]:
    """A logged-in connection over verified TLS. Raises MailError; leaving it never does."""
    with told():
        server = _connected(mail)
    try:
        with told():
            if mail.security == "starttls":
                server.starttls(context=_context(mail))
            server.ehlo_or_helo_if_needed()
            if mail.user:
                _log_in(server, mail, password)
        yield server
    finally:
        _leave(server)


def _connected(mail: Mail) -> smtplib.SMTP:
    domain = mail.sender.partition("@")[2]  # else the library asks the network for this machine's name
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, domain, timeout=_SECONDS, context=_context(mail))
    return smtplib.SMTP(mail.host, mail.port, domain, timeout=_SECONDS)


def _context(mail: Mail) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=mail.ca_file)
    except OSError:
        raise PlanError(f"[mail] ca_file {mail.ca_file} 不是证书", f"[mail] ca_file {mail.ca_file} is no certificate") from None


def _log_in(server: smtplib.SMTP, mail: Mail, password: str) -> None:
    """Only the code of the answer is passed on: what the server repeats might be the password."""
    try:
        server.login(mail.user, password)
    except smtplib.SMTPAuthenticationError as error:
        kind = MailDelayed if error.smtp_code < NEVER else MailRefused
        raise kind(
            f"{mail.host} 不接受用户 {mail.user} 登录（{error.smtp_code}）；请核对 [mail] user 和口令",
            f"{mail.host} does not let {mail.user} log in ({error.smtp_code}); check [mail] user and the password",
        ) from None


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):  # it has gone already; what it took, it took
        server.close()


@contextmanager
def told() -> Iterator[None]:
    """What the network or the server says becomes MailRefused or MailDelayed."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailRefused(
            f"邮件服务器的证书不可信（{error.verify_message}），没有发送；核对 [mail] host，或用 ca_file 指定本单位的根证书",
            f"the mail server's certificate is not to be trusted ({error.verify_message}); check [mail] host, or name a ca_file",
        ) from error
    except ssl.SSLError as error:
        raise MailRefused(
            f"与邮件服务器的加密连接建立不了（{error.reason}）；请核对 [mail] port 和 security",
            f"no encrypted connection to the mail server ({error.reason}); check [mail] port and security",
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(
            "邮件服务器不支持加密（STARTTLS）或登录，没有发送；请核对 [mail] port 和 security",
            "the mail server offers no STARTTLS or no login, so nothing was sent; check [mail] port and security",
        ) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailDelayed(
            f"连不上邮件服务器（{error}）；请核对网络和 [mail] host、port",
            f"the mail server cannot be reached ({error}); check the network and [mail] host, port",
        ) from error


def answered(code: int, answer: bytes) -> None:
    """Raises MailDelayed or MailRefused unless the server said yes."""
    if not 0 < code < NOT_NOW:
        raise _refusal(code, answer)


def says_later(said: str) -> MailDelayed:
    return MailDelayed(f"邮件服务器要求稍后再发：{said}", f"the mail server says later: {said}")


def words(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode(errors='replace')}".strip()


def _refusal(code: int, answer: bytes) -> MailError:
    said = words(code, answer)
    if code >= NEVER:
        return MailRefused(f"邮件服务器不接受：{said}", f"the mail server refuses: {said}")
    return says_later(said)
