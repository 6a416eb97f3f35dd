"""The work: what is reported (小类), how often and in which season, by when it must be handled and by whom (work.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from etl.sample.chance import Floats, Words

UNITS = ("working_day", "working_hour", "natural_day", "hour")
PATROL, RESIDENT, OTHER = range(3)
"""Where a report comes from: grid workers, residents, other offices and cameras."""

CHANNELS = ("grid_patrol", "hotline", "resident_app", "visit", "department", "video", "service_centre", "other")
CHANNEL_SHARES = (
    (1, 0, 0, 0, 0, 0, 0, 0),
    (0, 0.60, 0.24, 0.08, 0, 0, 0.08, 0),
    (0, 0, 0, 0, 0.50, 0.38, 0, 0.12),
)

SEASONS: dict[str, tuple[float, ...]] = {  # January … December
    "flat": (1.0,) * 12,
    "summer": (0.6, 0.6, 0.8, 1.0, 1.2, 1.5, 1.7, 1.6, 1.2, 0.9, 0.7, 0.6),
    "winter": (1.6, 1.4, 1.1, 0.8, 0.7, 0.6, 0.6, 0.6, 0.8, 1.0, 1.3, 1.6),
    "spring": (0.5, 0.6, 1.4, 1.7, 1.6, 1.2, 1.0, 0.9, 0.9, 0.9, 0.7, 0.5),
    "heating": (1.8, 1.4, 0.8, 0.1, 0.05, 0.05, 0.05, 0.05, 0.1, 0.5, 2.6, 2.2),
    "leaf": (0.7, 0.6, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.1, 1.8, 2.0, 1.1),
    "newyear": (2.2, 1.6, 0.9, 0.7, 0.7, 0.7, 0.7, 0.7, 0.8, 0.9, 1.1, 1.6),
    "postnewyear": (0.7, 1.3, 2.0, 1.5, 1.0, 0.8, 0.8, 0.9, 1.1, 0.9, 0.8, 0.6),
    "flood": (0.1, 0.1, 0.2, 0.4, 0.8, 1.8, 4.0, 3.4, 1.2, 0.3, 0.1, 0.1),
    "vacation": (1.6, 1.8, 0.7, 0.7, 0.7, 0.9, 1.8, 1.8, 0.8, 0.7, 0.7, 0.8),
    "summerwinter": (1.2, 1.0, 0.7, 0.7, 0.8, 1.3, 1.7, 1.6, 1.0, 0.7, 0.8, 1.1),
}


@dataclass(frozen=True)
class Work:
    """One column a 小类, in the order of work.csv.

    weight: source × 小类 · season: 小类 × month · department: 小类 × department, what share goes where · difficulty: how much longer
    than usual it takes, relative to its limit · path: the hotline's own category path, None where it uses the 13.
    """

    category: tuple[str, ...]
    name: tuple[str, ...]
    weight: Floats
    season: Floats
    limit: Floats
    unit: tuple[str, ...]
    department: Floats
    self_disposed: Floats
    difficulty: Floats
    path: Words


@cache
def read_work(department_codes: tuple[str, ...]) -> Work:
    """The table, departments in the given order."""
    text = resources.files("etl.sample").joinpath("work.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return Work(
        category=tuple(row["category"] for row in rows),
        name=tuple(row["subcategory"] for row in rows),
        weight=np.array([[float(row[source]) for row in rows] for source in ("patrol", "resident", "other")]),
        season=np.array([SEASONS[row["season"]] for row in rows]),
        limit=np.array([float(row["limit_value"]) for row in rows]),
        unit=tuple(row["limit_unit"] for row in rows),
        department=np.array([_shares(row["departments"], department_codes) for row in rows]),
        self_disposed=np.array([float(row["self_disposed"]) for row in rows]),
        difficulty=np.array([float(row["difficulty"]) for row in rows]),
        path=np.array([row["path"] or None for row in rows], dtype=object),
    )


def _shares(text: str, department_codes: tuple[str, ...]) -> list[float]:
    given = {code: float(weight) for code, weight in (part.split(":") for part in text.split())}
    return [given.get(code, 0.0) for code in department_codes]
