"""Exhibit: the data behind one card – what its table twin shows and its downloads hold. Raw values, not words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

TEXT, DATE, MOMENT, NUMBER = "text", "date", "moment", "number"
"""Kinds of columns besides the units of the catalogue."""


@dataclass(frozen=True)
class Field:
    """A column. unit: a unit of the catalogue (shares are 0–1), or TEXT, DATE, MOMENT, NUMBER."""

    name: str
    unit: str = TEXT
    decimals: int = 0

    @property
    def is_number(self) -> bool:
        return self.unit not in (TEXT, DATE, MOMENT)


@dataclass(frozen=True)
class Sheet:
    """Columns and rows; a missing value is None or NaN."""

    fields: Sequence[Field]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Exhibit:
    """id: unique on its page, stable, in the addresses of its downloads · make: its data, made when somebody asks for it ·
    metrics: whose definitions go with it · note: what else a reader of the table must know.
    """

    id: str
    title: str
    make: Callable[[], Sheet]
    metrics: tuple[str, ...] = ()
    note: str = ""
