"""What a kind of export looks like: its columns, their header spellings and how a cell of each is read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

CellType = Literal["text", "moment", "yes_no", "count", "number", "share", "minutes", "code", "person", "personal", "note"]

RETURN_REASON, RETURN_NUMBER = "退回原因", "退回编号"
"""Headers of a returned workbook (etl/returns.py) that are no data of the export: why a row came back, and which row it was."""


@dataclass(frozen=True)
class Column:
    """One column of an export.

    type: `text` kept as it is · `note` free text, masked · `moment` · `yes_no` · `count` (whole number ≥ 0) · `number` ·
    `share` (0.5 or 50%) · `minutes` (90 or 1小时30分) ·
    `code` (a word looked up in the reference list `list`; a text column with a `list` gets both) · `person` (becomes a keyed pseudonym) · `personal` (never loaded).
    aliases: header spellings besides `zh`, compared after `header_key`.
    """

    name: str
    zh: str
    type: CellType = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    list: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.zh, *self.aliases)


@dataclass(frozen=True)
class Source:
    """One kind of export. name: also the raw table and the .sql file.

    key: typed columns that tell one thing from another; of several rows with one key the newest export's stands.
    clock: columns whose newest value dates the export.
    """

    name: str
    zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    clock: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column called name; KeyError when there is none."""
        return {c.name: c for c in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def loaded(self) -> tuple[Column, ...]:
        """Columns that enter the warehouse: all but the personal ones."""
        return tuple(c for c in self.columns if c.type != "personal")

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.required)

    def sql(self) -> str:
        """The SQL that shapes raw.<name> into core tables."""
        return resources.files("etl.sources").joinpath(f"{self.name}.sql").read_text(encoding="utf-8")


@lru_cache(maxsize=8192)
def header_key(header: str) -> str:
    """A header as it is compared: width folded, no blanks, brackets or colons, lower case."""
    folded = unicodedata.normalize("NFKC", header)
    return re.sub(r"[\s\u200b-\u200f\ufeff()\[\]【】:：_\-—/\\*]", "", folded).lower()
