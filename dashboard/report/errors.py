"""What can go wrong with a report.

ReportError
├── EditionError    a week, community or language that cannot be
├── PressError      the document cannot be set
├── PlanError       reports.toml says what cannot be done
├── BuildGone       the build is no longer kept
├── NotKept         there is no such report
├── ReportDamaged   a kept file is missing or not what was kept
├── NotWritten      the disk does not take it, or holds something else of that name
├── BeingMade       somebody else is making it
└── MailError       it cannot be sent
    ├── MailRefused      the server says no; trying again would not help
    ├── MailDelayed      the server cannot be reached or says later
    └── MailUncertain    the connection broke while it was being handed over
"""

from __future__ import annotations


class ReportError(Exception):
    """zh and en say what is wrong, where, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class EditionError(ReportError):
    """A week, community or language that no report can have."""


class PressError(ReportError):
    """The document cannot be set."""


class PlanError(ReportError):
    """reports.toml cannot be followed."""


class BuildGone(ReportError):
    """The warehouse folder no longer keeps the build."""

    def __init__(self, build_id: str) -> None:
        super().__init__(
            f"数据仓库 {build_id} 已不再保留，不能用它编制；不写 --build 就用现有的",
            f"Build {build_id} is no longer kept, so nothing can be made from it; leave out --build to use what there is",
        )


class NotKept(ReportError):
    """No such report has been made."""


class ReportDamaged(ReportError):
    """A file of a kept report is missing, unreadable or not the one that was kept."""


class NotWritten(ReportError):
    """The disk does not take a file, or holds another one of that name."""


class BeingMade(ReportError):
    """Somebody else is making the same report and does not come to an end."""


class MailError(ReportError):
    """A report cannot be sent."""


class MailRefused(MailError):
    """The server says no, or is not who it should be."""


class MailDelayed(MailError):
    """The server cannot be reached, or says later."""


class MailUncertain(MailError):
    """The connection broke while the message was being handed over: it may have arrived."""
