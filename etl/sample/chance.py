"""Random draws for the invented township: one independent stream a part, and a weighted choice for a million rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

PARTS = (
    "township",
    "reports",
    "handling",
    "repeats",
    "luck",
    "callbacks",
    "service",
    "patrols",
    "steps",
    "mess",
    "gaming",
    "answers",
)
"""Parts with a stream of their own: a change in one leaves the draws of the others as they were. Append only."""


def stream(seed: int, part: str, number: int = 0) -> np.random.Generator:
    """The generator of a part; number tells several streams of one part apart."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, PARTS.index(part), number])))


def choose(generator: np.random.Generator, weights: npt.ArrayLike, group: Ints) -> Ints:
    """One column number a row, drawn with the weights of the row's group.

    weights: groups × columns, not negative, a positive sum in every group that occurs.
    """
    table = np.atleast_2d(np.asarray(weights, dtype=float))
    groups, columns = table.shape
    totals = table.sum(axis=1, keepdims=True)
    shares = np.cumsum(table / np.where(totals > 0, totals, 1.0), axis=1)
    shares[:, -1] = 1.0
    ladder = (shares + np.arange(groups)[:, None]).ravel()
    step = np.searchsorted(ladder, group + generator.random(len(group)), side="right")
    chosen: Ints = np.clip(step - group * columns, 0, columns - 1).astype(np.int64)
    return chosen


def lognormal(generator: np.random.Generator, median: npt.ArrayLike, spread: float, size: int) -> Floats:
    """Positive numbers with the given median; spread is the standard deviation of their logarithm."""
    drawn: Floats = np.asarray(median, dtype=float) * np.exp(spread * generator.standard_normal(size))
    return drawn


def happens(generator: np.random.Generator, chance: npt.ArrayLike, size: int) -> Flags:
    """True with the given chance, row by row."""
    flags: Flags = generator.random(size) < np.asarray(chance, dtype=float)
    return flags


def word_of(words: Any, codes: Ints) -> Words:
    """words[codes] as objects; a negative code is None."""
    table = np.asarray(list(words), dtype=object)
    return filled(codes >= 0, table[np.clip(codes, 0, None)])


def filled(flags: Any, cells: Any) -> Words:
    """The cells where flags hold, None elsewhere."""
    values = np.full(len(flags), None, dtype=object)
    here = np.asarray(flags, dtype=bool)
    values[here] = np.broadcast_to(np.asarray(cells, dtype=object), values.shape)[here]
    return values
