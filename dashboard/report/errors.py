"""What can go wrong with a report.

ReportError
├── EditionError    a week, community or language that cannot be
└── PressError      the document cannot be set
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
