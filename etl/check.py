"""What would happen to a file if it were loaded: its kind and why, the mapping, what would be set aside. Nothing is loaded.

The file is read and cleaned as a load does it, and kept by its content, so that a load after the check need not read it again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import duckdb

from etl.errors import FileError, UnknownExport
from etl.intake import Intake, Taken, intakes
from etl.ledger import Accepted, DataRoot, accepted_files, store, stored
from etl.privacy import masked
from etl.profile import Profile, profiles
from etl.progress import Progress
from etl.raw import create_raw_tables, load_raw
from etl.read import read_sheets
from etl.recognise import FEWEST_HEADERS, Recognition, best_guess
from etl.reference import Reference, load_reference
from etl.sheet import Sheet
from etl.source import Source
from etl.sources import SOURCES
from etl.suggest import Unmapped, draft_profile, nearest_reading, unmapped_headers
from etl.typed import type_rows
from etl.verdict import (
    AbsentColumn,
    MappedColumn,
    Offer,
    Problem,
    RejectedCell,
    SheetVerdict,
    SkippedSheet,
    StatedTotal,
    UnmappedHeader,
    UnmatchedWord,
    Verdict,
)
from etl.warehouse import write_failures_told

_SOURCES = {source.name: source for source in SOURCES}
_TEXT_HEAD = 1 << 18
_SHOWN_REJECTS = 50
_SHOWN_HEADERS = 3
_MEMORY_LIMIT = "1GB"


def check(root: DataRoot, paths: Sequence[Path], *, progress: Progress | None = None) -> list[Verdict]:
    """A verdict a file, in order. For a file no kind fits, a draft profile is written to <data root>/profiles.

    Raises ReferenceTableError and WriteFailed; whatever is wrong with a file is in its verdict.
    """
    progress = progress or Progress()
    with write_failures_told():
        known = {file.sha256: file for file in accepted_files(root)}
        files = [store(root, path, received_at=datetime.now()) for path in paths]
        reading = profiles(root.profile_folders)
        unseen = list({file.sha256: file for file in files if file.sha256 not in known}.values())
        found = {file.sha256: taken for file, taken in intakes(root, unseen, progress)}
        progress.end()
        return [
            _known(file, known[file.sha256]) if file.sha256 in known else _judged(root, file, found[file.sha256], reading)
            for file in files
        ]


def _known(file: Accepted, before: Accepted) -> Verdict:
    when = before.received_at.replace("T", " ")
    return Verdict(
        file.name,
        file.bytes,
        "known",
        f"内容与 {when} 导入的 {before.name} 完全相同，不会重复导入",
        f"the same bytes were loaded at {when} as {before.name}; nothing would change",
    )


def _judged(root: DataRoot, file: Accepted, taken: Taken | FileError, known: Sequence[Profile]) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="checking_", dir=root.raw) as scratch:
        if isinstance(taken, FileError):
            return _refused(root, file, taken, known, Path(scratch))
        heads = _heads(stored(root, file), file, taken, Path(scratch))
        sheets = tuple(_sheet_verdict(root, file, sheet, heads, known, Path(scratch)) for sheet in taken.sheets)
    skipped = tuple(SkippedSheet(s.sheet, s.rows, s.zh, s.en) for s in taken.skipped)
    problems = _problems(sheets)
    verdict: Literal["ok", "warn"] = "warn" if skipped or any(p.severity == "warn" for p in problems) else "ok"
    zh, en = _sentence(sheets)
    return Verdict(file.name, file.bytes, verdict, zh, en, skipped, sheets, problems)


def _refused(root: DataRoot, file: Accepted, error: FileError, known: Sequence[Profile], scratch: Path) -> Verdict:
    """With the nearest reading of the file where it is a table at all."""
    problem = Problem("stop", error.zh, error.en)
    refused = Verdict(file.name, file.bytes, "refused", error.zh, error.en, problems=(problem,))
    try:
        sheets = read_sheets(stored(root, file), name=file.name, scratch=scratch)
    except FileError:
        return refused
    reference = _reference(root, None)
    guesses = [(sheet, _guess(sheet, file.name, known, reference)) for sheet in sheets if any(map(any, sheet.head))]
    if not guesses:
        return refused
    sheet, seen = max(guesses, key=lambda guess: len(guess[1].columns))
    unmapped = unmapped_headers(sheet, seen, reference)
    draft = root.path / "profiles" / Path(file.name).stem / "profile.draft.toml"
    if not draft.exists():  # a person may be half through with it
        draft_profile(draft, file.name, seen, unmapped)
    body = _mapping(seen.source, sheet, seen, unmapped, isinstance(error, UnknownExport))
    return Verdict(file.name, file.bytes, "refused", error.zh, error.en, (), (body,), (problem,), str(draft))


def _guess(sheet: Sheet, name: str, known: Sequence[Profile], reference: Reference) -> Recognition:
    """The reading that misses a required column, else the kind the sheet resembles most."""
    seen = best_guess(sheet, name=name, profiles=known)
    return seen if seen and len(seen.columns) >= FEWEST_HEADERS else nearest_reading(sheet, reference)


def _mapping(source: Source, sheet: Sheet, seen: Recognition, unmapped: Sequence[Unmapped], is_unknown: bool) -> SheetVerdict:
    """The mapping of a sheet that cannot be loaded: its rows were not read."""
    zh, en = _why(tuple(seen.headers[index] for index in seen.columns.values()))
    if is_unknown:
        zh, en = f"认不出；最像“{source.zh}”", f"unknown; nearest to {source.name}"
    return SheetVerdict(
        sheet.name,
        source.name,
        source.zh,
        zh,
        en,
        None,
        sheet.format,
        sheet.encoding,
        seen.header_row,
        seen.exported_at.isoformat() if seen.exported_at else None,
        None,
        None,
        None,
        0,
        0,
        0,
        0,
        _mapped(source, {column: seen.headers[index] for column, index in seen.columns.items()}),
        _absent(source, seen.columns),
        tuple(map(masked, seen.personal)),
        _told(unmapped),
        (),
        (),
        (),
    )


def _sheet_verdict(
    root: DataRoot, file: Accepted, sheet: Intake, heads: Sequence[Sheet], known: Sequence[Profile], scratch: Path
) -> SheetVerdict:
    source = _SOURCES[sheet.kind]
    reference = _reference(root, sheet.profile)
    read = _read_cells(file, sheet, source, reference, scratch)
    head = next((head for head in heads if head.name == sheet.sheet), None)
    seen = best_guess(head, name=file.name, profiles=known) if head else None
    zh, en = _why(tuple(sheet.headers.values()))
    if sheet.profile:
        zh, en = f"映射文件 {sheet.profile} 认出了它的表头", f"profile {sheet.profile} knows its headers"
    return SheetVerdict(
        sheet=sheet.sheet,
        kind=source.name,
        kind_zh=source.zh,
        why_zh=zh,
        why_en=en,
        profile=sheet.profile,
        format=sheet.format,
        encoding=sheet.encoding,
        header_row=sheet.header_row,
        exported_at=sheet.exported_at,
        date_order=sheet.date_order,
        rows_in=sheet.rows_in,
        rows_total=sheet.rows_total,
        columns=_mapped(source, sheet.headers),
        absent=_absent(source, sheet.headers),
        personal=sheet.personal,
        unmapped=_told(unmapped_headers(head, seen, reference)) if head and seen else tuple(_bare(h) for h in sheet.unmapped),
        totals=tuple(StatedTotal(t.row, t.header, t.stated, t.counted, t.is_equal) for t in sheet.totals),
        **read,
    )


def _read_cells(file: Accepted, sheet: Intake, source: Source, reference: Reference, scratch: Path) -> dict[str, Any]:
    """The sheet's cells read as a load reads them, in memory: what would be set aside, and which words nobody knows."""
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(scratch)}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(resources.files("etl").joinpath("schema.sql").read_text(encoding="utf-8"))
        create_raw_tables(connection)
        load_raw(connection, [(file, sheet)])
        type_rows(connection, source, reference)
        rejects = connection.execute(
            f"SELECT file_row, header, value, reason_zh, reason_en FROM meta.reject ORDER BY file_row LIMIT {_SHOWN_REJECTS}"
        ).fetchall()
        words = connection.execute(
            "SELECT list, word, sum(row_count)::BIGINT FROM word_use WHERE code = 'unmatched' GROUP BY ALL ORDER BY 3 DESC, 1, 2"
        ).fetchall()
        span = f"min({source.clock[0]})::DATE::VARCHAR, max({source.clock[0]})::DATE::VARCHAR" if source.clock else "NULL, NULL"
        numbers = connection.execute(
            f"SELECT (SELECT count(DISTINCT file_row) FROM meta.reject), count(*), {span} FROM typed_{source.name}"
        ).fetchone()
    assert numbers is not None
    return {
        "rows_set_aside": numbers[0],
        "rows_readable": numbers[1],
        "from_day": numbers[2],
        "to_day": numbers[3],
        "rejects": tuple(RejectedCell(*reject) for reject in rejects),
        "unmatched": tuple(_unmatched(list_, word, rows, reference) for list_, word, rows in words),
    }


def _unmatched(list_: str, word: str, rows: int, reference: Reference) -> UnmatchedWord:
    code = reference.nearest(list_, word)
    return UnmatchedWord(list_, masked(word), rows, code, reference.name(list_, code) if code else None)


def _heads(path: Path, file: Accepted, taken: Taken, scratch: Path) -> list[Sheet]:
    """The first rows of each sheet, read again only when some header has no column: examples are nowhere kept."""
    if not any(sheet.unmapped for sheet in taken.sheets):
        return []
    if all(sheet.encoding for sheet in taken.sheets) and len(taken.sheets) == 1 and taken.sheets[0].sheet is None:
        head = scratch / "head"
        with path.open("rb") as whole:
            start = whole.read(_TEXT_HEAD)
        head.write_bytes(start if len(start) < _TEXT_HEAD else start[: start.rfind(b"\n") + 1])
        path = head
    try:
        return read_sheets(path, name=file.name, scratch=scratch)
    except FileError:  # a character cut in two: the examples are a courtesy, the file itself was read whole
        return []


def _reference(root: DataRoot, profile: str | None) -> Reference:
    overlay = [folder / profile / "reference" for folder in root.profile_folders] if profile else []
    return load_reference([root.reference_folders[0], *overlay, *root.reference_folders[1:]])


def _why(headers: tuple[str, ...]) -> tuple[str, str]:
    shown = "、".join(f"“{masked(header)}”" for header in headers[:_SHOWN_HEADERS])
    return (
        f"表头里有 {shown} 等 {len(headers)} 个熟悉的列",
        f"{len(headers)} of its headers are known, {shown} among them",
    )


def _mapped(source: Source, headers: dict[str, str]) -> tuple[MappedColumn, ...]:
    return tuple(
        MappedColumn(name, source.column(name).zh, masked(header), source.column(name).required) for name, header in headers.items()
    )


def _absent(source: Source, found: dict[str, Any]) -> tuple[AbsentColumn, ...]:
    return tuple(AbsentColumn(column.name, column.zh) for column in source.loaded if column.name not in found)


def _told(unmapped: Sequence[Unmapped]) -> tuple[UnmappedHeader, ...]:
    return tuple(
        UnmappedHeader(masked(u.header), u.examples, tuple(Offer(s.column.name, s.column.zh, s.zh, s.en) for s in u.suggestions))
        for u in unmapped
    )


def _bare(header: str) -> UnmappedHeader:
    return UnmappedHeader(masked(header), (), ())


def _problems(sheets: Sequence[SheetVerdict]) -> tuple[Problem, ...]:
    """What the clerk should know before loading, gravest first."""
    found: list[Problem] = []
    for sheet in sheets:
        where, place = (f"工作表“{sheet.sheet}”：", f"sheet {sheet.sheet}: ") if sheet.sheet else ("", "")
        if not sheet.rows_in:
            found.append(Problem("warn", f"{where}只有表头，没有数据", f"{place}a header and no rows"))
        if sheet.rows_set_aside:
            zh = f"{where}{sheet.rows_set_aside:,} 行有读不懂的单元格，会先搁置，导入后可取回改正"
            found.append(Problem("warn", zh, f"{place}{sheet.rows_set_aside:,} rows have unreadable cells and would be set aside"))
        if wrong := [total for total in sheet.totals if not total.is_equal]:
            zh = f"{where}{len(wrong)} 处合计与明细对不上（第 {wrong[0].row} 行写 {wrong[0].stated:,g}，明细合计 {wrong[0].counted:,g}）"
            en = f"{place}{len(wrong)} totals do not add up (row {wrong[0].row} says {wrong[0].stated:,g}, its rows {wrong[0].counted:,g})"
            found.append(Problem("warn", zh, en))
        if sheet.date_order == "undecided":
            zh = f"{where}有 3/4/2026 这样分不清日和月的日期，文件里没有能判断的例子；请改成 2026-04-03 的写法"
            found.append(Problem("warn", zh, f"{place}dates like 3/4/2026 cannot be decided from this file; write them 2026-04-03"))
        if sheet.unmatched:
            zh = f"{where}{len(sheet.unmatched)} 个名称未匹配，会归入“未匹配”，不会丢失"
            found.append(Problem("note", zh, f"{place}{len(sheet.unmatched)} names are unknown and would stand under Unmatched"))
        if sheet.unmapped:
            zh = f"{where}{len(sheet.unmapped)} 列没有对应的字段，不会导入"
            found.append(Problem("note", zh, f"{place}{len(sheet.unmapped)} columns have no field and would not be loaded"))
        if sheet.date_order in ("day_month", "month_day"):
            order, english = ("日/月/年", "day/month/year") if sheet.date_order == "day_month" else ("月/日/年", "month/day/year")
            found.append(Problem("note", f"{where}斜杠日期按 {order} 读（由文件里的日期判断）", f"{place}dates are read {english}"))
    return tuple(sorted(found, key=lambda problem: ("stop", "warn", "note").index(problem.severity)))


def _sentence(sheets: Sequence[SheetVerdict]) -> tuple[str, str]:
    kinds = "、".join(dict.fromkeys(sheet.kind_zh for sheet in sheets))
    english = ", ".join(dict.fromkeys(sheet.kind for sheet in sheets))
    readable = sum(sheet.rows_readable for sheet in sheets)
    aside = sum(sheet.rows_set_aside for sheet in sheets)
    zh, en = f"{kinds}，{readable:,} 行可以导入", f"{english}: {readable:,} rows can be loaded"
    return (f"{zh}，{aside:,} 行会被搁置", f"{en}, {aside:,} would be set aside") if aside else (zh, en)
