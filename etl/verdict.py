"""What a check found about one file, as data and as lines for the clerk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

_SIGNS = {"ok": "✓ 可以导入", "warn": "⚠ 可以导入，但请先看一看", "refused": "✗ 不能导入", "known": "＝ 已经导入过"}
_SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """One thing to say about the file. severity: stop, warn or note."""

    severity: Literal["stop", "warn", "note"]
    zh: str
    en: str


@dataclass(frozen=True)
class MappedColumn:
    """A column of ours and the header it would be read from."""

    column: str
    column_zh: str
    header: str
    is_required: bool


@dataclass(frozen=True)
class AbsentColumn:
    """An optional column of ours that the file does not have."""

    column: str
    column_zh: str


@dataclass(frozen=True)
class Offer:
    """A column of ours an unknown header may be, and why."""

    column: str
    column_zh: str
    why_zh: str
    why_en: str


@dataclass(frozen=True)
class UnmappedHeader:
    """A header that would not be loaded. examples are masked."""

    header: str
    examples: tuple[str, ...]
    suggestions: tuple[Offer, ...]


@dataclass(frozen=True)
class RejectedCell:
    """A cell that would set its row aside."""

    row: int
    header: str | None
    value: str | None
    reason_zh: str
    reason_en: str


@dataclass(frozen=True)
class UnmatchedWord:
    """A word no reference table knows. code, name: the nearest one, where one is near."""

    list: str
    value: str | None
    rows: int
    code: str | None
    name: str | None


@dataclass(frozen=True)
class StatedTotal:
    """A number in a sum row and what its rows add up to."""

    row: int
    header: str | None
    stated: float
    counted: float
    is_equal: bool


@dataclass(frozen=True)
class SheetVerdict:
    """One sheet of the file. from, to (from_day, to_day here): first and last day of its records."""

    sheet: str | None
    kind: str
    kind_zh: str
    why_zh: str
    why_en: str
    profile: str | None
    format: str
    encoding: str | None
    header_row: int
    exported_at: str | None
    date_order: str | None
    from_day: str | None
    to_day: str | None
    rows_in: int
    rows_total: int
    rows_set_aside: int
    rows_readable: int
    columns: tuple[MappedColumn, ...]
    absent: tuple[AbsentColumn, ...]
    personal: tuple[str, ...]
    unmapped: tuple[UnmappedHeader, ...]
    rejects: tuple[RejectedCell, ...]
    unmatched: tuple[UnmatchedWord, ...]
    totals: tuple[StatedTotal, ...]


@dataclass(frozen=True)
class SkippedSheet:
    """A sheet or zip member that would not be read."""

    sheet: str
    rows: int
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """One file. verdict: ok · warn (loads, with something to look at) · refused · known (the same bytes are loaded already)."""

    file: str
    bytes: int
    verdict: Literal["ok", "warn", "refused", "known"]
    zh: str
    en: str
    skipped: tuple[SkippedSheet, ...] = ()
    sheets: tuple[SheetVerdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    profile_file: str | None = None

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        found = asdict(self)
        for sheet in found["sheets"]:
            sheet["from"], sheet["to"] = sheet.pop("from_day"), sheet.pop("to_day")
        return found

    def lines(self) -> Iterator[str]:
        """As the clerk reads it at a terminal."""
        yield f"{_SIGNS[self.verdict]}：{self.file}"
        if self.verdict != "refused":  # the reason of a refusal is its first problem
            yield f"  {self.zh}"
        for problem in self.problems:
            sign = {"stop": "✗", "warn": "⚠", "note": "·"}[problem.severity]
            yield f"  {sign} {problem.zh}"
        for sheet in self.sheets:
            yield from _sheet_lines(sheet)
        for skipped in self.skipped:
            yield f"  · {skipped.zh}"
        if self.profile_file:
            yield f"  映射草稿已写入 {self.profile_file}，请打开核对"


def _sheet_lines(sheet: SheetVerdict) -> Iterator[str]:
    where = f"工作表“{sheet.sheet}”：" if sheet.sheet else ""
    yield f"  {where}{sheet.kind_zh} —— {sheet.why_zh}"
    encoding = f"{sheet.format}，{sheet.encoding}" if sheet.encoding else sheet.format
    yield f"    {encoding}；表头在第 {sheet.header_row} 行；导出时间 {(sheet.exported_at or '未写明').replace('T', ' ')}"
    if sheet.rows_in or sheet.rows_readable:
        span = f"，{sheet.from_day} 至 {sheet.to_day}" if sheet.from_day else ""
        yield (
            f"    读入 {sheet.rows_in:,} 行 = 可导入 {sheet.rows_readable:,} + 搁置 {sheet.rows_set_aside:,} + 合计行 {sheet.rows_total:,}{span}"
        )
    yield "    对应关系（本平台字段 ← 文件表头）"
    for column in sheet.columns:
        yield f"      {column.column_zh} ← {column.header}{'（必需）' if column.is_required else ''}"
    if sheet.personal:
        yield f"    指向个人、不导入的列：{'、'.join(sheet.personal)}"
    for header in sheet.unmapped:
        offers = "；".join(f"是不是“{offer.column_zh}”（{offer.why_zh}）" for offer in header.suggestions[:1])
        examples = f"，例如 {'、'.join(header.examples)}" if header.examples else ""
        yield f"    未对应的列：“{header.header}”{examples}{'；' + offers if offers else ''}"
    for cell in sheet.rejects[:_SHOWN]:
        yield f"    第 {cell.row} 行：{cell.reason_zh}（{cell.value or '空'}）"
    if len(sheet.rejects) > _SHOWN:
        yield f"    ……共 {sheet.rows_set_aside:,} 行会被搁置，导入后可在 returned 文件夹里取回改正"
    for word in sheet.unmatched[:_SHOWN]:
        near = f"，是不是“{word.name}”？ python -m etl alias {word.list} {word.value} {word.code}" if word.code else ""
        yield f"    未匹配：{word.list} “{word.value}”（{word.rows:,} 行）{near}"
