"""What is ordered, and what making it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.report.edition import Edition


@dataclass(frozen=True)
class Order:
    """build_id: of the build to use · revision, changes: which issue of the edition, and what it corrects ·
    issued_on: the day printed in the masthead · office: who issues it, "" where nobody is named. Equal orders give equal bytes.
    """

    edition: Edition
    issued_on: date
    build_id: str = ""
    revision: int = 1
    changes: tuple[str, ...] = ()
    office: str = ""


@dataclass(frozen=True)
class Made:
    """pdf, png (its first page as a long picture), xlsx (the tables) · numbers: by id {zh, en, value, shown, unit, n}, in the order of
    the report · about: week, community, lang, build_id, as_of, catalogue, view, title, pages, office, problems.
    """

    pdf: bytes
    png: bytes
    xlsx: bytes
    numbers: dict[str, dict[str, Any]]
    about: dict[str, Any]
