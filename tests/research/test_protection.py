"""Small counts held, all others randomly rounded: what goes in, what comes out."""

from __future__ import annotations

import stat
import threading
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.desk.deidentified import DeskError, folder
from dashboard.research.protection import BASE, KEY, LEAST, Cells, complemented, held_as, rounded, rounding_key
from dashboard.settings import Settings

COMPLEMENTS = {
    "one alone takes the smallest other with it": ("3 9 12", "s c 12"),
    "two small ones cover each other": ("3 0 12", "s s 12"),
    "none is none": ("7 9 12", "7 9 12"),
    "all small": ("0 1 4", "s s s"),
    "a line of one cell has nothing to be worked out from": ("3", "s"),
    "a square needs four": (
        """
         3 20 30
        10 40 50
        25 60 70
        """,
        """
         s  c 30
         c  c 50
        25 60 70
        """,
    ),
    "every line has none or two, in both directions": (
        """
         3  9 30
        10  4 50
        25 60 70
        """,
        """
         s  c 30
         c  s 50
        25 60 70
        """,
    ),
    "three dimensions: a cube of eight": (
        """
         3 20
        30 40

        50 60
        70 80
        """,
        """
        s c
        c c

        c c
        c c
        """,
    ),
    "what is open in one layer may be needed in another": (
        """
         3  9 30
         8  7 50
        25 60 70

         9  9 30
         8  7 50
        25 60 70
        """,
        """
         s  c 30
         c  c 50
        25 60 70

         c  c 30
         c  c 50
        25 60 70
        """,
    ),
}


@pytest.mark.parametrize("name", COMPLEMENTS)
def test_complement(name: str) -> None:
    before, after = COMPLEMENTS[name]
    keys, words = _drawn(before)
    counts = np.array(words, dtype=np.float64)
    small = counts < LEAST
    said = held_as(small, complemented(Cells.of(keys), small, counts))
    shown = [{"small": "s", "complement": "c", "": word}[held] for held, word in zip(said, words, strict=True)]
    assert shown == _drawn(after)[1]


def test_what_is_not_recorded_is_held_when_small_and_hides_nothing_else() -> None:
    keys = [("C01",), ("C02",), ("unmatched",), (None,)]
    counts = np.array([9, 30, 3, 40], dtype=np.float64)
    assert complemented(Cells.of(keys), counts < LEAST, counts).tolist() == [False, False, True, False]
    counts = np.array([3, 30, 9, 40], dtype=np.float64)
    assert complemented(Cells.of(keys), counts < LEAST, counts).tolist() == [True, True, False, False], "nor does it cover"


def _drawn(text: str) -> tuple[list[tuple[int, ...]], list[str]]:
    """Cells of one line, of lines, or of layers of lines; keys are their places."""
    layers = [[line.split() for line in layer.splitlines()] for layer in text.strip().split("\n\n")]
    width = 1 + (len(layers[0]) > 1) + (len(layers) > 1)
    cells = [
        ((z, y, x)[-width:], word) for z, layer in enumerate(layers) for y, line in enumerate(layer) for x, word in enumerate(line)
    ]
    return [key for key, _ in cells], [word for _, word in cells]


@given(sides=st.lists(st.integers(1, 5), min_size=1, max_size=3), data=st.data())
def test_no_line_has_exactly_one_held_and_doing_it_again_changes_nothing(sides: list[int], data: st.DataObject) -> None:
    keys = list(product(*(range(side) for side in sides)))
    counts = np.array(data.draw(st.lists(st.integers(0, 30), min_size=len(keys), max_size=len(keys))), dtype=np.float64)
    cells = Cells.of(keys)
    held = complemented(cells, counts < LEAST, counts)
    assert held[counts < LEAST].all()
    for lines in cells.lines:
        many, hidden = np.bincount(lines), np.bincount(lines[held], minlength=lines.max() + 1)
        assert not ((hidden == 1) & (many > 1)).any()
    assert (complemented(cells, held, counts) == held).all()


@given(counts=st.lists(st.integers(LEAST, 10**6), min_size=1, max_size=50), key=st.binary(min_size=32, max_size=32))
def test_shown_counts_are_the_multiples_beside_them_and_the_same_every_time(counts: list[int], key: bytes) -> None:
    exact, sets = np.array(counts, dtype=np.float64), np.arange(len(counts), dtype=np.uint64)
    shown = rounded(exact, sets, key)
    assert (shown % BASE == 0).all()
    assert (abs(shown - exact) < BASE).all()
    assert (shown[exact % BASE == 0] == exact[exact % BASE == 0]).all()
    assert (rounded(exact, sets, key) == shown).all()


@pytest.mark.parametrize("count", [6, 7, 8, 9, 23.4])
def test_on_average_a_rounded_count_is_right(count: float) -> None:
    sets = np.arange(20_000, dtype=np.uint64)
    shown = rounded(np.full(len(sets), count), sets, b"k" * 32)
    assert abs(shown.mean() - count) < 4 * 2.5 / np.sqrt(len(sets))
    assert shown.std() <= 2.5


def test_other_cases_and_other_keys_are_rounded_independently() -> None:
    sets = np.arange(20_000, dtype=np.uint64)
    ups = [
        rounded(np.full(len(sets), 7.0), at, key) > 7 for at, key in ((sets, b"k" * 32), (sets + 1, b"k" * 32), (sets, b"l" * 32))
    ]
    for other in ups[1:]:
        assert abs(np.corrcoef(ups[0], other)[0, 1]) < 0.04


@given(share=st.floats(0, 1), cases=st.integers(LEAST, 500), which=st.integers(0, 2**64 - 1))
def test_credits_are_never_more_than_their_cases(share: float, cases: int, which: int) -> None:
    both = rounded(np.array([share * cases, cases]), np.array([which, which], dtype=np.uint64), b"k" * 32)
    assert both[0] <= both[1]


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(rounding_key(settings))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found[0]) == 32
    assert stat.S_IMODE((folder(settings) / KEY).stat().st_mode) == 0o600
    assert [file.name for file in folder(settings).iterdir()] == [KEY]


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    rounding_key(settings)
    (folder(settings) / KEY).write_text("beef")
    with pytest.raises(DeskError, match="恢复"):
        rounding_key(settings)
    assert (folder(settings) / KEY).read_text() == "beef"
