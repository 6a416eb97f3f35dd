"""The words systems use for our codes, from the reference tables: each system keeps to its own spelling."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Vocabulary:
    """spellings: (list, code) → the name first, then the other words for it · categories: code → the 13 names · town_names: code → the
    name an older system of the town uses for the category."""

    spellings: Mapping[tuple[str, str], tuple[str, ...]]
    town_names: Mapping[str, str]

    def name(self, list_: str, code: str) -> str:
        """The Chinese name of a code."""
        return self.spellings[list_, code][0]

    def words(self, list_: str, codes: Sequence[str], dialect: int) -> tuple[str, ...]:
        """One word a code; dialect 0 uses the names, every other dialect its own spelling."""
        return tuple(self.spellings[list_, code][dialect % len(self.spellings[list_, code])] for code in codes)


def read_vocabulary(reference: Path) -> Vocabulary:
    """From codes.csv, words.csv and category_crosswalk.csv."""
    spellings: dict[tuple[str, str], list[str]] = {(r["list"], r["code"]): [r["name_zh"]] for r in _rows(reference / "codes.csv")}
    for row in _rows(reference / "words.csv"):
        if row["code"]:
            spellings[row["list"], row["code"]].append(row["word"])
    crosswalk = _rows(reference / "category_crosswalk.csv")
    town_names = {row["category_code"]: row["source_category"] for row in crosswalk if row["note"].startswith("镇街别称")}
    return Vocabulary({key: tuple(words) for key, words in spellings.items()}, town_names)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
