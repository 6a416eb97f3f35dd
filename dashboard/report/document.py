"""The report as data, before anybody sets it: blocks in order, each JSON-able, every word already in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

WIDE, HALF = 740, 358
"""Pixels a figure is drawn in across the text block (174 mm), and side by side: their letters then come out as high as a table's."""


@dataclass(frozen=True)
class Span:
    """Some words. tone: "", strong, soft, better, worse."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Heading:
    """A section of the report, in its contents and bookmarks."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text, or a note in small letters."""

    kind: ClassVar[str] = "paragraph"
    spans: Sequence[Span]
    is_small: bool = False


@dataclass(frozen=True)
class Tile:
    """One number of the first page. lines: its changes and what it rests on · course: its weeks, for a small line."""

    name: str
    number: str
    unit: str
    lines: Sequence[Sequence[Span]]
    course: Sequence[float | None]


@dataclass(frozen=True)
class Tiles:
    """Side by side, four in a row."""

    kind: ClassVar[str] = "tiles"
    items: Sequence[Tile]


@dataclass(frozen=True)
class Sentences:
    """A numbered list; what is said in bold is the second span of each."""

    kind: ClassVar[str] = "sentences"
    title: str
    items: Sequence[Sequence[Span]]
    nothing: str


@dataclass(frozen=True)
class Callout:
    """What a reader must know before anything else."""

    kind: ClassVar[str] = "callout"
    text: str


@dataclass(frozen=True)
class Column:
    """align: left, right or centre · share: of the width that is left over, 0 for as wide as its words."""

    name: str
    align: str = "right"
    share: float = 0


@dataclass(frozen=True)
class Cell:
    """What stands in a table. course: a small line instead of words."""

    text: str = ""
    tone: str = ""
    course: Sequence[float | None] = ()


@dataclass(frozen=True)
class Table:
    """rows under columns; the first `sums` rows are of the whole. Its head is repeated on every page."""

    kind: ClassVar[str] = "table"
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    sums: int = 0


@dataclass(frozen=True)
class Figure:
    """A chart of dashboard/figures. alternative: one sentence for those who do not see it · table: what is set instead where it cannot
    be drawn · picture: its name among the pictures, "" until it is drawn.
    """

    kind: ClassVar[str] = "figure"
    title: str
    figure: dict[str, Any] = field(repr=False)
    height: float
    alternative: str
    table: Table
    note: str = ""
    width: float = WIDE
    picture: str = ""


@dataclass(frozen=True)
class Beside:
    """Two blocks side by side."""

    kind: ClassVar[str] = "beside"
    left: Block
    right: Block


Block = Heading | Paragraph | Tiles | Sentences | Callout | Table | Figure | Beside


@dataclass(frozen=True)
class Document:
    """masthead, words: what stands around the blocks – title, number, days, office … and the words of headers and contents."""

    lang: str
    masthead: dict[str, str]
    words: dict[str, str]
    blocks: Sequence[Block]
