"""What is deliberately wrong in the sample: unknown words, personal numbers in free text, rows nobody can read. Every one is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from etl.sample.chance import Words
from etl.sample.reports import Where
from etl.sample.roster import phone_number
from etl.sample.work import RESIDENT

UNKNOWN_COMMUNITIES = ("金桥花园", "金桥花园", "某某街道社区", "某某街道社区", "金桥花园", "三号地块")
UNKNOWN_DEPARTMENTS = ("数字化指挥大厅", "数字化指挥大厅", "临时工作专班", "数字化指挥大厅")
UNKNOWN_CATEGORIES = ("待分类", "待分类", "历史遗留")
BLANK_COMMUNITY_SHARE = 0.0006
PLANTED_PHONES, PLANTED_IDENTITIES = 14, 6
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
BAD_MOMENTS = ("2025-13-45 10:00", "待补录", "二月三十日")


def identity_number(number: int) -> str:
    """An identity-card number with a valid check character in a region (99) that does not exist."""
    body = f"990101{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK[total % 11]


@dataclass
class Spoils:
    """words: (column, row of incidents) → the word written instead · texts: row → what is added to the description ·
    placed: what was put where, file by file, for truths.json."""

    words: dict[tuple[str, int], str | None]
    texts: dict[int, str]
    phones: tuple[str, ...]
    identities: tuple[str, ...]
    placed: list[dict[str, str]] = field(default_factory=list)

    def overwrite(self, column: str, rows: np.ndarray, cells: Words) -> Words:
        """cells of the incidents in rows, with the planted words of the column in place."""
        planted = {row: word for (name, row), word in self.words.items() if name == column}
        changed = cells.copy()
        for place in np.flatnonzero(np.isin(rows, list(planted))):
            changed[place] = planted[int(rows[place])]
        return changed

    def rows(self, column: str) -> list[int]:
        return sorted(row for name, row in self.words if name == column)


def plan_spoils(generator: np.random.Generator, where: Where, incidents: pd.DataFrame) -> Spoils:
    """Chooses the incidents: unknown and blank communities among those without a grid, so that nothing else can tell where they were."""
    nowhere = incidents[(incidents["grid"] < 0) & (incidents["source"] == RESIDENT) & (incidents["repeats"] < 0)]
    small = where.town.community_codes.index(where.effects.unlucky_community)
    nowhere = nowhere[nowhere["community"] != small]
    blanks = max(3, round(BLANK_COMMUNITY_SHARE * len(incidents)))
    chosen = _some(generator, nowhere.index.to_numpy(), len(UNKNOWN_COMMUNITIES) + blanks)
    words: dict[tuple[str, int], str | None] = {}
    words |= {("community", row): word for row, word in zip(chosen, (*UNKNOWN_COMMUNITIES, *[None] * blanks), strict=False)}
    handled = incidents.index[
        (incidents["department"] >= 0) & (incidents["returns"] == 0) & (incidents["closed"] < incidents["due"])
    ]
    words |= _planted(generator, "department", handled.to_numpy(), UNKNOWN_DEPARTMENTS)
    words |= _planted(generator, "category", incidents.index.to_numpy(), UNKNOWN_CATEGORIES)
    phones = tuple(phone_number(5000 + 7 * k) for k in range(PLANTED_PHONES))
    identities = tuple(identity_number(37 * k + 11) for k in range(PLANTED_IDENTITIES))
    residents = incidents.index[(incidents["source"] == RESIDENT)].to_numpy()
    said = _some(generator, residents, (PLANTED_PHONES + PLANTED_IDENTITIES) * 8)
    texts = {row: _said(k, phones, identities) for k, row in enumerate(said)}
    return Spoils(words, texts, phones, identities)


def _said(number: int, phones: Sequence[str], identities: Sequence[str]) -> str:
    kinds = [*(f"，联系电话{phone}" for phone in phones), *(f"，身份证号{identity}" for identity in identities)]
    return kinds[number % len(kinds)]


def _some(generator: np.random.Generator, rows: np.ndarray, number: int) -> list[int]:
    return sorted(int(row) for row in generator.choice(rows, min(number, len(rows)), replace=False))


def _planted(
    generator: np.random.Generator, column: str, rows: np.ndarray, words: Sequence[str]
) -> dict[tuple[str, int], str | None]:
    return {(column, row): word for row, word in zip(_some(generator, rows, len(words)), words, strict=False)}
