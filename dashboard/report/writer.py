"""Writer: what the sections of a report are written with. Every number that goes into it is noted, so that issues can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.exhibit import Field, Sheet
from dashboard.i18n import text
from dashboard.i18n.numbers import bare, compact, count, is_missing, shown
from dashboard.reading.readings import Moved, Reading, moves, rests
from dashboard.reading.visit import Visit, metric
from dashboard.report.document import Block, Cell, Span, Tile

LONGEST_COURSE = 26


@dataclass(frozen=True)
class Annex:
    """A table of the xlsx annex. metrics: whose definitions go with it."""

    title: str
    sheet: Sheet
    metrics: tuple[str, ...] = ()


@dataclass
class Writer:
    """visit: what the report looks at · blocks, numbers, annexes: what has been written so far."""

    visit: Visit
    blocks: list[Block] = field(default_factory=list)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    annexes: list[Annex] = field(default_factory=list)
    metrics: dict[str, None] = field(default_factory=dict)
    """Whose definitions are printed, in the order of their first use."""
    warnings: list[str] | None = None
    """What must be known first, and stands in two chapters; None until one has asked."""

    def words(self, key: str, **values: object) -> str:
        """text() in the report's language."""
        return text(key, self.visit.lang, **values)

    def add(self, *blocks: Block) -> None:
        self.blocks += blocks

    def annex(self, title: str, fields: Sequence[Field], rows: Sequence[Sequence[Any]], metrics: Sequence[str] = ()) -> None:
        """A table for the annex."""
        self.annexes.append(Annex(title, Sheet(fields, rows), tuple(metrics)))

    def note(self, id: str, names: tuple[str, str], value: Any, said: str, unit: str, n: Any = None) -> str:
        """Notes a number under a stable id; names in Chinese and English. Gives back what is said."""
        number = None if is_missing(value) else float(value)
        cases = None if is_missing(n) else int(n)
        self.numbers[id] = {"zh": names[0], "en": names[1], "value": number, "shown": said, "unit": unit, "n": cases}
        return said

    def of_metric(self, id: str, key: str, row: Mapping[Any, Any], *, of: tuple[str, str] = ("", ""), is_bare: bool = False) -> str:
        """A metric's number as it is written, noted. row: value and n · of: whose, in Chinese and English, before the metric's name."""
        definition = metric(key)
        self.metrics.setdefault(key)
        write = bare if is_bare else shown
        said = write(row["value"], definition.unit, definition.decimals, self.visit.lang)
        names = (f"{of[0]}{definition.text('zh').name}", f"{of[1]} {definition.text('en').name}".strip())
        return self.note(id, names, row["value"], said, definition.unit, row.get("n"))

    def counted(self, id: str, key: str, value: Any) -> str:
        """A count that is no metric; the words `key` are what it is called."""
        return self.note(id, self.names(key), value, count(value), "count")

    def names(self, key: str) -> tuple[str, str]:
        """The words `key` in Chinese and English."""
        return text(key, "zh"), text(key, "en")


def tile(writer: Writer, reading: Reading) -> Tile:
    """A reading as on the screen's tile."""
    lang, definition = writer.visit.lang, reading.metric
    name = reading.name or definition.text(lang).name
    number, unit = compact(reading.value, definition.unit, definition.decimals, lang)
    writer.metrics.setdefault(definition.key)
    said = shown(reading.value, definition.unit, definition.decimals, lang)
    names = (definition.text("zh").name, definition.text("en").name)
    writer.note(f"tile.{definition.key}", names, reading.value, said, definition.unit, reading.n)
    lines = [_moved(moved) for moved in moves(reading, lang)]
    lines += [[Span(rest.words, rest.tone)] for rest in rests(reading, lang)]
    return Tile(name, number, unit, lines, course(reading.history))


def _moved(moved: Moved) -> list[Span]:
    """环比 +1.2 个百分点"""
    words = moved.number + (moved.unit if moved.unit == "%" else f" {moved.unit}")
    return [Span(moved.name, "soft"), Span(words)]


def course(values: Sequence[Any]) -> list[float | None]:
    """The last weeks of a course for a small line; empty where fewer than three are known."""
    latest = [None if is_missing(value) else float(value) for value in values[-LONGEST_COURSE:]]
    return latest if sum(value is not None for value in latest) >= 3 else []


def cells(*words: str, tone: str = "") -> list[Cell]:
    """A row of plain cells."""
    return [Cell(word, tone) for word in words]
