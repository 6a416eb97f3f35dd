"""The message a report is sent in."""

from __future__ import annotations

import hashlib
import mimetypes
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from dashboard.i18n import joined, text
from dashboard.i18n.dates import moment
from dashboard.report.archive import Kept
from dashboard.report.copies import files, title
from dashboard.report.plan import Mail


def letter(mail: Mail, one: Kept, now: datetime) -> EmailMessage:
    """Subject, a few lines, PDF, picture and workbook. The same issue has the same Message-ID. Raises ReportDamaged."""
    attached = files(one)
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = title(one).replace("_", " ")
    message["From"] = Address(one.about["office"], addr_spec=mail.sender)
    message["To"] = ", ".join(mail.to)
    message["Date"] = format_datetime(now.astimezone())
    message["Message-ID"] = f"<{_number(one)}@{mail.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(_body(one), cte="base64")
    for name, content in attached.items():
        kind, _, subtype = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, kind, subtype, filename=name)
    return message


def _body(one: Kept) -> str:
    lang, about = one.edition.lang, one.about
    name = title(one).replace("_", " ")
    paragraphs = [
        text("issue.mail_body", lang, name=name, pages=about["pages"], as_of=moment(datetime.fromisoformat(about["as_of"])))
    ]
    if about["changes"]:
        paragraphs.append(text("issue.mail_changes", lang, changes=joined(list(about["changes"]), lang)))
    return "\n\n".join([*paragraphs, about["office"]]).rstrip() + "\n"


def _number(one: Kept) -> str:
    content = hashlib.sha256(one.pdf.read_bytes()).hexdigest()[:16]
    return f"township.{one.edition.week}.{one.edition.key}.r{one.revision}.{content}".encode("ascii", "replace").decode()
