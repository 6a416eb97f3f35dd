"""The known spelling nearest to an unknown word: a suggestion for a person, nothing is matched by it."""

from __future__ import annotations

from collections.abc import Mapping

_DENIALS = frozenset("未不非无没否")
"""未结案 is one character from 已结案 and its opposite."""
_SHORTEST = 2
_CONTAINED = 0.5
_NEAR_LATIN = 0.8


def nearest(word: str, spellings: Mapping[str, str]) -> str | None:
    """The code whose spelling is nearest, None when none is really near or two codes are equally near. spellings: spelling → code."""
    best: dict[str, float] = {}
    for spelling, code in spellings.items():
        near = nearness(word, spelling)
        if code and near > best.get(code, 0):
            best[code] = near
    ranked = sorted(best, key=lambda code: best[code], reverse=True)
    if not ranked or (len(ranked) > 1 and best[ranked[0]] == best[ranked[1]]):
        return None
    return ranked[0]


def nearness(a: str, b: str) -> float:
    """0 not near … 1 the same. Near: one contains the other and is at least half of it, or few characters are wrong for their length."""
    short, long = sorted((a, b), key=len)
    if len(short) < _SHORTEST or a.isdigit() or b.isdigit():
        return 0.0
    if a == b:
        return 1.0
    if _DENIALS & (set(a) ^ set(b)):
        return 0.0
    if short in long:
        share = len(short) / len(long)
        return share if share >= _CONTAINED else 0.0
    wrong = _edits(short, long)
    likeness = 1 - wrong / len(long)
    if a.isascii() and b.isascii():
        return likeness if likeness >= _NEAR_LATIN else 0.0
    return likeness if wrong <= _allowed(len(long)) else 0.0


def _allowed(length: int) -> int:
    """Wrong characters: none in a name of two, one in three to seven, two in longer ones."""
    return (length >= 3) + (length >= 8)


def _edits(a: str, b: str) -> int:
    """Characters inserted, left out, changed, or two neighbours exchanged (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
