"""What was written into which file, for truths.json."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from etl.sample.chance import Words
from etl.sample.files import Cells, Sheet, write_sheet


@dataclass(frozen=True)
class Written:
    """One file. rows: records, unreadable and repeated ones included, sum rows and footers not · unreadable: reason → rows ·
    repeated: rows that stand in the file twice · exported_at_in: title, name or nowhere."""

    name: str
    kind: str
    encoding: str
    rows: int
    header_row: int
    headers: tuple[str, ...]
    unreadable: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    total_rows: int = 0
    exported_at: datetime | None = None
    exported_at_in: str = "nowhere"
    reexported: int = 0
    stated_total: int | None = None
    slips: Counter[str] = field(default_factory=Counter)

    def as_truth(self) -> dict[str, Any]:
        """The file as it stands in truths.json."""
        return {
            "name": self.name, "kind": self.kind, "format": self.name.rsplit(".", 1)[1], "encoding": self.encoding or None,
            "rows": self.rows, "readable_rows": self.rows - sum(self.unreadable.values()), "unreadable": self.unreadable,
            "repeated_rows": self.repeated, "total_and_footer_rows": self.total_rows, "header_row": self.header_row,
            "headers": list(self.headers), "exported_at": self.exported_at.isoformat() if self.exported_at else None,
            "exported_at_in": self.exported_at_in, "reexported": self.reexported, "stated_total": self.stated_total,
            "slips": dict(sorted(self.slips.items())),
        }  # fmt: skip


@dataclass(frozen=True)
class Break:
    """A copy of a row made unreadable: what stands in which column instead."""

    reason: str
    header: str
    cell: str
    also: tuple[tuple[str, str], ...] = ()


def with_broken_rows(
    generator: np.random.Generator, columns: tuple[Cells, ...], breaks: tuple[Break, ...], repeated: int
) -> tuple[Cells, ...]:
    """columns with copies of rows put in at odd places: broken ones, and `repeated` ones left as they are."""
    size = len(columns[0].cells)
    sources = generator.integers(0, size, len(breaks) + repeated)
    places = np.sort(generator.integers(0, size + 1, len(breaks) + repeated))
    changed = []
    for column in columns:
        extra = [column.cells[source] for source in sources.tolist()]
        for number, broken in enumerate(breaks):
            for header, cell in ((broken.header, broken.cell), *broken.also):
                if header == column.header:
                    extra[number] = cell
        values = np.empty(len(extra), dtype=object)
        values[:] = extra
        cells: Words = np.insert(column.cells.astype(object), places, values)
        changed.append(Cells(column.header, cells, column.is_moment, column.group))
    return tuple(changed)


def save(inbox: Path, name: str, kind: str, sheet: Sheet, *, encoding: str = "", **facts: Any) -> Written:
    """Writes the sheet and records it. facts: further fields of Written."""
    path = write_sheet(inbox / name, sheet, encoding=encoding or "utf-8-sig")
    headers = tuple(column.header for column in sheet.columns)
    return Written(path.name, kind, encoding, len(sheet), sheet.header_rows, headers, total_rows=len(sheet.footers), **facts)
