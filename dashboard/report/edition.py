"""Edition: which week, whose, in which language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.report.errors import EditionError
from dashboard.settings import LANGUAGES
from dashboard.view import View

_WEEK = re.compile(r"(\d{4})\s*(?:-?W|年第?)\s*(\d{1,2})\s*周?", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Edition:
    """week: an ISO week, 2026-W46 (Monday to Sunday; a year has 52 or 53) · community: a code, "" the whole town."""

    week: str
    community: str = ""
    lang: str = "zh"

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise EditionError(f"语言 {self.lang} 不支持，可选 zh、en", f"language {self.lang} is not supported, choose zh or en")
        object.__setattr__(self, "week", week_of(self.week))

    @property
    def year(self) -> int:
        return int(self.week[:4])

    @property
    def number(self) -> int:
        """Of the week in its year, 1–53."""
        return int(self.week[6:])

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def key(self) -> str:
        """What it is called among the editions of a week: town, C03, town-en, C03-en."""
        return (self.community or "town") + ("" if self.lang == "zh" else f"-{self.lang}")

    @property
    def view(self) -> View:
        """What a reader of the pages would look at to see the same numbers."""
        community = (self.community,) if self.community else ()
        return View(period="custom", start=self.monday, end=self.sunday, community=community, lang=self.lang)


def week_of(text: str) -> str:
    """2026-W46 from 2026-W46, 2026W46 or 2026年第46周. Raises EditionError."""
    found = _WEEK.fullmatch(text.strip())
    if found:
        year, number = int(found[1]), int(found[2])
        try:
            date.fromisocalendar(year, number, 1)
        except ValueError:
            pass
        else:
            return f"{year}-W{number:02d}"
    raise EditionError(
        f"没有“{text}”这一周：请写年份和周次，如 2026-W46（一年 52 或 53 周）",
        f"There is no week “{text}”: write the year and the week, as 2026-W46 (a year has 52 or 53)",
    )


def week_on(day: date) -> str:
    """The week a day lies in."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"
