"""What differs between the numbers of two reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.i18n import text

Numbers = Mapping[str, Mapping[str, Any]]
"""By id {zh, en, value, shown, unit, n}."""
MOST_SENTENCES = 8


@dataclass(frozen=True)
class Compared:
    """A number in two reports. before, after: as shown, "" where the report lacks it · difference: None unless both have a value."""

    id: str
    zh: str
    en: str
    unit: str
    before: str
    after: str
    difference: float | None


def compared(before: Numbers, after: Numbers) -> list[Compared]:
    """Every number of either, in the order of the later report, then those only the earlier one has."""
    ids = [*after, *(id_ for id_ in before if id_ not in after)]
    return [_compared(id_, before.get(id_), after.get(id_)) for id_ in ids]


def are_equal(before: Numbers, after: Numbers) -> bool:
    """Whether a reader would see the same numbers."""
    return _seen(before) == _seen(after)


def changed(before: Numbers, after: Numbers, lang: str, *, most: int = MOST_SENTENCES) -> list[str]:
    """A sentence for each number that differs, in order; after `most` of them, how many more there are."""
    ids = [row.id for row in compared(before, after) if _seen_one(before.get(row.id)) != _seen_one(after.get(row.id))]
    sentences = [_sentence(before.get(id_), after.get(id_), lang) for id_ in ids]
    if len(sentences) <= most:
        return sentences
    return [*sentences[:most], text("issue.more_changes", lang, count=len(sentences) - most)]


def _compared(id_: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Compared:
    one = after or before or {}
    first, last = (before or {}).get("value"), (after or {}).get("value")
    return Compared(
        id=id_,
        zh=one["zh"],
        en=one["en"],
        unit=one["unit"],
        before=(before or {}).get("shown", ""),
        after=(after or {}).get("shown", ""),
        difference=None if first is None or last is None else last - first,
    )


def _sentence(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, lang: str) -> str:
    if before is None or after is None:
        one = after or before or {}
        return text("issue.number_new" if before is None else "issue.number_gone", lang, name=one[lang], shown=one["shown"])
    if before["shown"] != after["shown"]:
        return text("issue.number_changed", lang, name=after[lang], before=before["shown"], after=after["shown"])
    return text("issue.n_changed", lang, name=after[lang], before=_count(before), after=_count(after))


def _count(number: Mapping[str, Any]) -> str:
    return "—" if number["n"] is None else f"{number['n']:,}"


def _seen(numbers: Numbers) -> dict[str, tuple[Any, Any] | None]:
    return {id_: _seen_one(number) for id_, number in numbers.items()}


def _seen_one(number: Mapping[str, Any] | None) -> tuple[Any, Any] | None:
    return (number["shown"], number["n"]) if number else None
