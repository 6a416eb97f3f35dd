"""Set-aside rows go back to the clerk: a workbook a file, with the cells at fault coloured, to be mended and dropped into the inbox again.

A returned row carries its number (file, sheet, row of the export it first stood in), so that a build sees which rows have come back.
Its workbook says the moment of the original export, so that an old row, once mended, stands in for no newer one. People stay pseudonyms.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from etl.ledger import DataRoot
from etl.mending import find_open_rows
from etl.privacy import RETURNED, masked_place, private_folder
from etl.profile import Profile, profiles
from etl.source import RETURN_NUMBER, RETURN_REASON, Source, header_key
from etl.sources import SOURCES

STAGED = ".returning_"
_LISTED = ".written.json"
_SUFFIX = "_退回_"
_LONGEST_STEM = 60
_MOST_ROWS = 20_000
_MOST_COMMENTS = 1_000
_WIDEST, _NARROWEST = 44, 9
_SOURCES = {source.name: source for source in SOURCES}


@dataclass(frozen=True)
class _Sheet:
    """One sheet to give back. headers: our column → the file's header · total: rows still open · rows: the first of them, as (number,
    cells by column, reasons by column)."""

    number: int
    title: str
    source: Source
    profile: str | None
    headers: dict[str, str]
    exported_at: datetime | None
    total: int
    rows: list[tuple[str, dict[str, str | None], dict[str | None, str]]]


def write_returns(connection: duckdb.DuckDBPyConnection, root: DataRoot, folder: Path) -> None:
    """Writes the workbooks of all rows still open into folder; sets meta.reject.is_mended and meta.file.returned_name."""
    find_open_rows(connection)
    known = {profile.name: profile for profile in profiles(root.profile_folders)}
    files = connection.execute(
        "SELECT file_id, any_value(name), list(DISTINCT sheet_no ORDER BY sheet_no) FROM open_row JOIN loaded_sheet USING (sheet_no) GROUP BY file_id ORDER BY file_id"
    ).fetchall()
    for file_id, name, numbers in files:
        returned = returned_name(name, file_id)
        sheets = [_sheet(connection, number) for number in numbers]
        _write_workbook(folder / returned, masked_place(name), sheets, known)
        connection.execute(
            "UPDATE meta.file m SET returned_name = ? FROM loaded_sheet l "
            "WHERE m.file_id = l.file_id AND m.sheet IS NOT DISTINCT FROM l.sheet AND list_contains(?, l.sheet_no)",
            [returned, numbers],
        )


def returned_name(name: str, file_id: str) -> str:
    """事件.xlsx → 事件_退回_<file_id>.xlsx; a file that was itself returned keeps its first stem."""
    stem = re.sub(rf"{_SUFFIX}[0-9a-f]{{12}}$", "", Path(masked_place(name)).stem)
    return f"{stem[:_LONGEST_STEM]}{_SUFFIX}{file_id}.xlsx"


def give_back(root: DataRoot, staged: Path) -> None:
    """Moves the staged workbooks into <data root>/returned, each whole, and removes those nobody needs any more.

    A workbook the clerk has changed there, instead of in the inbox, is put aside under another name, never lost. One that cannot be
    replaced now (Windows, open in Excel) is replaced by the next build.
    """
    folder = private_folder(root.path / "returned")
    written = _listed(folder)
    fresh = {path.name: _sha256(path) for path in sorted(staged.iterdir())}
    kept: dict[str, str] = {}
    for name in sorted(written.keys() | fresh.keys()):
        path = folder / name
        try:
            _put_aside(path, written.get(name), fresh.get(name))
            if name in fresh and not path.exists():
                (staged / name).replace(path)
                path.chmod(0o600)
        except OSError:
            kept[name] = written.get(name, "")
        else:
            kept |= {name: fresh[name]} if name in fresh else {}
    partial = folder / f"{_LISTED}.partial"
    partial.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    partial.chmod(0o600)
    partial.replace(folder / _LISTED)
    for leftover in root.path.glob(f"{STAGED}*"):
        if leftover != staged:
            shutil.rmtree(leftover, ignore_errors=True)


def _put_aside(path: Path, written: str | None, fresh: str | None) -> None:
    """Makes room at path: the old workbook goes, unless it is the fresh one already or has been changed since it was written."""
    if not path.exists():
        return
    found = _sha256(path)
    if found == fresh:
        return
    if found == written:
        path.unlink()
    else:
        path.rename(_unused(path))


def _unused(path: Path) -> Path:
    names = (path.with_stem(f"{path.stem}（已改动{number or ''}）") for number in range(1_000))
    return next(name for name in names if not name.exists())


def _listed(folder: Path) -> dict[str, str]:
    """The workbooks the last build wrote, with their hashes."""
    with suppress(OSError, ValueError):
        found: dict[str, str] = json.loads((folder / _LISTED).read_text(encoding="utf-8"))
        return found
    return {}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sheet(connection: duckdb.DuckDBPyConnection, number: int) -> _Sheet:
    found = connection.execute(
        "SELECT kind, sheet, profile, headers, exported_at, (SELECT count(*) FROM open_row o WHERE o.sheet_no = l.sheet_no) "
        "FROM loaded_sheet l WHERE sheet_no = ?",
        [number],
    ).fetchone()
    assert found is not None
    kind, title, profile, headers, exported_at, total = found
    source = _SOURCES[kind]
    columns = [column for column in headers if column in source.names]
    cells = ", ".join(f"{_as_returned(source, column)} AS {column}" for column in columns)
    shown = f"(SELECT * FROM open_row WHERE sheet_no = ? ORDER BY file_row LIMIT {_MOST_ROWS})"
    rows = connection.execute(
        f"SELECT o.number, {cells} FROM {shown} o JOIN raw.{kind} r USING (sheet_no, file_row) JOIN read_{kind} b USING (sheet_no, file_row) "
        f"JOIN loaded_sheet s USING (sheet_no) ORDER BY file_row",
        [number],
    ).fetchall()
    reasons = connection.execute(
        f"SELECT number, list(coalesce(column_name, '') ORDER BY place), list(zh ORDER BY place) FROM fault JOIN {shown} o USING (sheet_no, file_row) "
        f"GROUP BY number",
        [number],
    ).fetchall()
    why = {row: dict(zip((column or None for column in at), told, strict=True)) for row, at, told in reasons}
    returned = [(row, dict(zip(columns, texts, strict=True)), why[row]) for row, *texts in rows]
    return _Sheet(number, title or source.zh, source, profile, {c: headers[c] for c in columns}, exported_at, total, returned)


def _as_returned(source: Source, column: str) -> str:
    """The cell as it stands in the returned workbook: as received, but a pseudonym marked as one, and a date like 3/4/2026, which only
    the other rows of its sheet made clear, as it was read."""
    match source.column(column).type:
        case "person":
            return f"'{RETURNED}' || r.{column}"
        case "moment":
            read = f"CASE WHEN b.{column}_is_day THEN b.{column}::DATE::VARCHAR ELSE strftime(b.{column}, '%Y-%m-%d %H:%M:%S') END"
            hangs_on_others = (
                f"s.date_order IS NOT NULL AND b.{column} IS NOT NULL AND NOT regexp_matches(r.{column}, '^[^0-9]*[0-9]{{4}}')"
            )
            return f"CASE WHEN {hangs_on_others} THEN {read} ELSE r.{column} END"
        case _:
            return f"r.{column}"


def _write_workbook(path: Path, name: str, sheets: Sequence[_Sheet], known: dict[str, Profile]) -> None:
    with xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        # equal rows give equal bytes: a workbook that has not changed is not written anew
        book.set_properties({"title": name, "author": "", "created": datetime(2000, 1, 1)})
        titles: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, sheet, _title(sheet.title, titles), name, known.get(sheet.profile or ""))


def _title(title: str, taken: set[str]) -> str:
    """A sheet name Excel takes: 31 characters, none of []:*?/\\, no two alike."""
    bare = re.sub(r"[\[\]:*?/\\']", " ", masked_place(title)).strip()[:31] or "Sheet"
    found = next(name for number in range(1_000) if (name := bare if not number else f"{bare[:27]} {number}").lower() not in taken)
    taken.add(found.lower())
    return found


def _write_sheet(book: Any, sheet: _Sheet, title: str, name: str, profile: Profile | None) -> None:
    text, bold, fault, wrap = (
        book.add_format(style | {"num_format": "@"})
        for style in ({}, {"bold": True}, {"bg_color": "#FFD9A0", "border": 1}, {"text_wrap": True, "valign": "top"})
    )
    page = book.add_worksheet(title)
    headers = [*sheet.headers.values(), *_needed_to_recognise(profile, sheet.headers.values()), RETURN_REASON, RETURN_NUMBER]
    page.write_string(0, 0, _sentence(name, sheet.total, len(sheet.rows)), bold)
    if sheet.exported_at:
        page.write_string(1, 0, f"导出时间：{sheet.exported_at:%Y-%m-%d %H:%M:%S}", text)
    for place, width in enumerate(_widths(headers, sheet.headers, sheet.rows)):
        page.set_column(place, place, width, text)
    for place, header in enumerate(headers):
        page.write_string(2, place, header, bold)
    for line, (number, cells, reasons) in enumerate(sheet.rows, 3):
        for place, column in enumerate(sheet.headers):
            style = fault if column in reasons or None in reasons else text
            if cells[column]:
                page.write_string(line, place, cells[column], style)
            else:
                page.write_blank(line, place, None, style)
            if column in reasons and line < _MOST_COMMENTS:
                page.write_comment(line, place, reasons[column], {"author": "", "x_scale": 2})
        page.write_string(line, len(headers) - 2, "；".join(reasons.values()), wrap)
        page.write_string(line, len(headers) - 1, number, text)
    page.freeze_panes(3, 1)


def _sentence(name: str, total: int, shown: int) -> str:
    """What the clerk is to do. So many rows have one cause, which is not mended by hand."""
    first = f"（这里是前 {shown:,} 行；这么多行读不懂，多半要从原系统重新导出）" if total > shown else ""
    do = "请改正涂色的单元格，保存后把本文件放进收件箱；其余单元格和退回编号不要动"
    return f"退回改正：{name} 里有 {total:,} 行读不懂{first}。{do}"


def _needed_to_recognise(profile: Profile | None, headers: Iterable[str]) -> list[str]:
    """Headers a profile wants to see in its files and that no loaded column has."""
    here = {header_key(header) for header in headers}
    return sorted(profile.match - here) if profile else []


def _widths(headers: Sequence[str], columns: Iterable[str], rows: Sequence[tuple[str, dict[str, str | None], Any]]) -> list[int]:
    """Wide enough for most cells; a Chinese character takes two places."""
    longest = [max(_width(cells.get(column) or "") for _, cells, _ in rows[:200]) for column in columns]
    longest += [0] * (len(headers) - len(longest) - 2) + [_WIDEST, 28]
    return [min(_WIDEST, max(_NARROWEST, width, _width(header)) + 2) for header, width in zip(headers, longest, strict=True)]


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
