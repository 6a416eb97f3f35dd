"""What protects counts that leave the town hall: small ones are held back, all others randomly rounded, the same way every time.

1. A count of cases below LEAST is held, 0 included: a cell that says 0 would fix those beside it, so nobody and hardly anybody look alike.
2. Every other count becomes a multiple of BASE, up with the probability that makes it right on average. Chance is a key: a secret of the
   data root, and which cases are counted. The same cases give the same number however the question is spelled and in every later build,
   so asking again averages nothing out; other cases give an independent one. (Fixed random rounding as by Stats NZ, to base 3, and to
   base 5 as by Statistics Canada. Its error, standard deviation 2 on average, is below the chance spread √n of any count shown.)
3. So every integer combination of counts that leave, of whatever exports, is a multiple of BASE: no difference is ever 1–4.
4. Where one cell of a line is held, the smallest other one is held as well, until no line has exactly one: as though totals were known.
   Cells without a place or matter (unmatched, not recorded) are held when they are small but neither need nor give such cover: that some
   case lacks its community tells of nobody, and a whole community would be hidden for it.

What rounding cannot do: it is right on average, so whoever adds the same few cases to very many different sets and takes the mean of all
the differences comes near their number (Dinur and Nissim 2003; noise that prevents it would grow as √n). A held count of 1–4 is told
right in 37 of 100 cases from one pair of exports (by guessing in 25), in 67 from twenty pairs, in 95 from a hundred; and where hundreds
of pairs show no difference at all, nobody is held. Those who can ask that often sit in the town hall and see the exact numbers anyway;
that a hundred overlapping tables of the same cases are not handed to one outsider is for the town hall to see to.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.desk.deidentified import DeskError, folder
from dashboard.settings import Settings

LEAST = 5
"""The least count that is shown."""
BASE = 5
"""What shown counts are multiples of."""
LEAST_VALUES = 10
"""The least number of cases a mean or a quantile is shown of."""
KEY = "rounding.key"

Numbers = npt.NDArray[np.float64]
Sets = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
OPEN, SMALL, COMPLEMENT = "", "small", "complement"
_GAPS = (None, "unmatched")


def rounding_key(settings: Settings) -> bytes:
    """The data root's secret, made when it is first asked for; builds come and go, it stays. Raises DeskError where it cannot be kept."""
    file = folder(settings) / KEY
    try:
        if not file.exists():
            _make_key(file)
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise DeskError(
            f"舍入密钥 {file} 读不出或写不进：{error}；请检查磁盘和权限，或从备份恢复",
            f"the rounding key {file} can be neither read nor written: {error}; check disk and permissions, or restore it",
        ) from error
    if len(key) != 32:
        raise DeskError(f"舍入密钥 {file} 已损坏，请从备份恢复", f"the rounding key {file} is damaged; restore it from a backup")
    return key


def _make_key(file: Path) -> None:
    """Whole or not at all, and never over one that another process has just made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=KEY, dir=file.parent)  # readable by its owner only
    with os.fdopen(handle, "w", encoding="ascii") as made:
        made.write(secrets.token_hex(32))
    try:
        os.link(name, file)
    except FileExistsError:
        return
    finally:
        Path(name).unlink()


def rounded(counts: Numbers, sets: Sets, key: bytes) -> Numbers:
    """Each count or sum of credits as the multiple of BASE below or above it, by the key and its set of cases; right on average.

    Of one set all are rounded with the same chance, so a sum of credits (0–1 a case) is never above the count of its cases.
    """
    chances = np.array([_chance(int(which), key) for which in sets.tolist()], dtype=np.float64)
    # cut after nine places: 3 / 5 + 0.4 is a little less than 1, and a multiple of BASE must stay what it is
    return np.floor(np.round(counts / BASE, 9) + chances) * BASE


def _chance(which: int, key: bytes) -> float:
    """0 ≤ chance < 1 of a set of cases."""
    digest = hashlib.blake2b(which.to_bytes(8, "big"), key=key, digest_size=6).digest()
    return float(int.from_bytes(digest, "big") / 2**48)


@dataclass(frozen=True)
class Cells:
    """The cells of a table. keys: one a cell · lines: for each dimension the line a cell lies in, all other dimensions being equal; a gap
    in the records is a line of its own."""

    keys: Sequence[tuple[Any, ...]]
    lines: tuple[npt.NDArray[np.intp], ...]

    @classmethod
    def of(cls, keys: Sequence[tuple[Any, ...]]) -> Cells:
        """Cells with these keys, equally long."""
        width = len(keys[0]) if keys else 0
        return cls(keys, tuple(_numbered([(is_gap(key) and key, key[:at] + key[at + 1 :]) for key in keys]) for at in range(width)))


def is_gap(key: tuple[Any, ...]) -> bool:
    """Whether a cell stands for what the records do not say."""
    return any(value in _GAPS for value in key)


def _numbered(names: Sequence[tuple[Any, ...]]) -> npt.NDArray[np.intp]:
    numbers: dict[tuple[Any, ...], int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.intp)


def complemented(cells: Cells, small: Flags, sizes: Numbers) -> Flags:
    """The cells held so that no line has exactly one of at least two held; `small` are held anyway, the smallest others go first."""
    held = small.copy()
    order = np.argsort(sizes, kind="stable")
    is_done = False
    while not is_done:
        is_done = True
        for lines in cells.lines:
            more = _second(lines, held, order)
            held[more] = True
            is_done = is_done and len(more) == 0
    return held


def _second(lines: npt.NDArray[np.intp], held: Flags, order: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The smallest open cell of each line that has exactly one held."""
    count = int(lines.max()) + 1 if len(lines) else 0
    is_alone = np.bincount(lines[held], minlength=count) == 1
    waiting = order[~held[order] & is_alone[lines[order]]]
    _, first = np.unique(lines[waiting], return_index=True)
    more: npt.NDArray[np.intp] = waiting[first]
    return more


def held_as(small: Flags, held: Flags) -> npt.NDArray[np.object_]:
    """What is said of each cell: small, complement, or nothing."""
    said = np.full(len(small), OPEN, dtype=object)
    said[held] = COMPLEMENT
    said[small] = SMALL
    return said
