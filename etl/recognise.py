"""Which kind of export a sheet is, where its header stands and which of its columns is which of ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etl import cells
from etl.errors import MissingColumns, UnknownExport
from etl.profile import Profile
from etl.sheet import Sheet
from etl.source import RETURN_NUMBER, RETURN_REASON, Column, Source, header_key
from etl.sources import SOURCES

_EXPORTED_AT = re.compile(r"(?:导出时间|导出日期|统计截止|数据截至|截止时间|制表时间)[:：]\s*(.{8,24}?)\s*(?:$|[，,；;。|])")
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{6})(?:[_-]?(\d{4}))?(?!\d)")
FEWEST_HEADERS = 3
_CLEAR_HEADERS = 6
_LONGEST_GROUP = 12
_LINE_END = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True)
class Recognition:
    """A sheet understood. columns: our column → index in the sheet · headers: the file's own, flattened and made unique."""

    source: Source
    profile: Profile | None
    header_row: int
    headers: tuple[str, ...]
    columns: dict[str, int]
    personal: tuple[str, ...]
    unmapped: tuple[str, ...]
    exported_at: datetime | None


def recognise(sheet: Sheet, *, name: str, profiles: Sequence[Profile] = ()) -> Recognition:
    """Raises UnknownExport when no kind fits, MissingColumns when the best one lacks a required column."""
    found = best_guess(sheet, name=name, profiles=profiles)
    missing = [column for column in found.source.required if column.name not in found.columns] if found else []
    if found is None or len(found.columns) < FEWEST_HEADERS or (missing and not _is_clear(found, len(missing))):
        nearest = f"；最像“{found.source.zh}”，但没有{_words(missing)}" if found and len(found.columns) > 1 and missing else ""
        raise UnknownExport(
            f"{_place(name, sheet)}：认不出是哪一类导出表（前 {len(sheet.head)} 行里没有找到熟悉的表头{nearest}）；请确认文件，或为它写一个映射文件",
            f"{_place(name, sheet)}: no kind of export fits its headers; check the file or write a profile for it",
        )
    if missing:
        raise MissingColumns(
            f"{_place(name, sheet)}：像是“{found.source.zh}”，但缺少必需的列 {_words(missing)}；请在导出时勾选这些列",
            f"{_place(name, sheet)}: looks like {found.source.name} but lacks {', '.join(c.name for c in missing)}",
        )
    return found


def _is_clear(found: Recognition, missing: int) -> bool:
    """An export that lacks a column, not a table of statistics that shares a few words with one."""
    return len(found.columns) >= _CLEAR_HEADERS or 2 * missing <= len(found.source.required)


def _words(columns: Sequence[Column]) -> str:
    return "、".join(f"“{column.zh}”" for column in columns)


def best_guess(sheet: Sheet, *, name: str, profiles: Sequence[Profile] = ()) -> Recognition | None:
    """The reading of the sheet that explains most headers, however few; None for a sheet without rows."""
    best: tuple[int, Recognition] | None = None
    for row in range(len(sheet.head)):
        for candidate in _candidates(sheet, row, name, profiles):
            score = _score(candidate)
            if best is None or score > best[0]:
                best = (score, candidate)
    return best[1] if best else None


def read_as(source: Source, sheet: Sheet, row: int) -> Recognition:
    """The sheet as this kind of export with its header in this row (from 0), whatever that explains."""
    headers = _flattened(sheet.head, row)
    return _by_aliases(source, row, headers, [header_key(header) for header in headers], None)


def _candidates(sheet: Sheet, row: int, name: str, profiles: Sequence[Profile]) -> list[Recognition]:
    headers = _flattened(sheet.head, row)
    keys = [header_key(header) for header in headers]
    exported_at = _exported_at(sheet.head[:row], name)
    matching = [profile for profile in profiles if profile.match <= set(keys)]
    if matching:
        return [_by_profile(profile, row, headers, keys, exported_at) for profile in matching]
    return [_by_aliases(source, row, headers, keys, exported_at) for source in SOURCES]


def _by_profile(profile: Profile, row: int, headers: tuple[str, ...], keys: list[str], exported_at: datetime | None) -> Recognition:
    columns = {column: keys.index(key) for column, key in profile.columns.items() if key in keys}
    personal = tuple(header for header, key in zip(headers, keys, strict=True) if key in profile.personal)
    return _recognition(profile.source, profile, row, headers, columns, personal, exported_at)


def _by_aliases(source: Source, row: int, headers: tuple[str, ...], keys: list[str], exported_at: datetime | None) -> Recognition:
    columns: dict[str, int] = {}
    personal: list[str] = []
    for column in source.columns:
        spellings = [header_key(header) for header in column.headers]
        if column.type == "personal":
            personal += [header for header, key in zip(headers, keys, strict=True) if key in spellings]
        elif index := next((keys.index(key) + 1 for key in spellings if key in keys), 0):
            columns[column.name] = index - 1
    taken = {headers[index] for index in columns.values()}
    return _recognition(source, None, row, headers, columns, tuple(h for h in personal if h not in taken), exported_at)


def _recognition(
    source: Source,
    profile: Profile | None,
    row: int,
    headers: tuple[str, ...],
    columns: dict[str, int],
    personal: tuple[str, ...],
    exported_at: datetime | None,
) -> Recognition:
    used = {headers[index] for index in columns.values()} | {*personal, RETURN_REASON, RETURN_NUMBER}
    unmapped = tuple(header for header in headers if header not in used)
    return Recognition(source, profile, row + 1, headers, columns, personal, unmapped, exported_at)


def _score(candidate: Recognition) -> int:
    """Columns found count; every required column missing weighs more than any of them; an earlier row wins ties by order."""
    missing = sum(column.name not in candidate.columns for column in candidate.source.required)
    return len(candidate.columns) - 4 * missing


def _flattened(head: Sequence[Sequence[str]], row: int) -> tuple[str, ...]:
    """The header of each column: its own cell; where that is blank the merged cell above; where it repeats, parent and child joined.

    Blank headers become 未命名_n, repeated ones name_2, so that no column is lost.
    """
    own = [_LINE_END.sub("", cell.strip()) for cell in head[row]]
    above = _groups(head[row - 1], own) if row else [""] * len(own)
    repeated = {cell for cell, seen in Counter(own).items() if seen > 1}
    joined = [
        parent if not cell else parent + cell if cell in repeated and parent != cell else cell
        for cell, parent in zip(own, above, strict=True)
    ]
    headers: list[str] = []
    for index, header in enumerate(joined, 1):
        name = header or f"未命名_{index}"
        headers.append(name if name not in headers else f"{name}_{headers.count(name) + index}")
    return tuple(headers)


def _groups(above: Sequence[str], own: Sequence[str]) -> list[str]:
    """The group each column belongs to, "" for none. Text files have no merged cells: there the name stands over the first column only."""
    cells = [_LINE_END.sub("", cell.strip()) for cell in above[: len(own)]] + [""] * (len(own) - len(above))
    words = {cell for cell in cells if cell}
    if len(words) < 2 or len(above) < len(own) / 2 or not all(map(_is_group, words)):
        return [""] * len(own)
    groups: list[str] = []
    for cell, child in zip(cells, own, strict=True):
        groups.append(cell if cell or not child or not groups else groups[-1])
    return groups


def _is_group(word: str) -> bool:
    """A name, not a note of one of the rows above the table."""
    return len(word) <= _LONGEST_GROUP and not re.search(r"[:：。；;]", word)


def _exported_at(rows_above: Sequence[Sequence[str]], name: str) -> datetime | None:
    """The moment of the export as written above the header, else as in the file's name (20261116 or 20261116_0800)."""
    for row in rows_above:
        for cell in dict.fromkeys(row):
            if match := _EXPORTED_AT.search(cell):
                try:
                    moment = cells.moment(match[1])
                except cells.CellError:
                    continue
                return moment.at if moment else None
    if match := _DATE_IN_NAME.search(name):
        try:
            return datetime.strptime(match[1] + (match[2] or "0000"), "%Y%m%d%H%M")
        except ValueError:
            return None
    return None


def _place(name: str, sheet: Sheet) -> str:
    return f"{name}（{sheet.name}）" if sheet.name else name
