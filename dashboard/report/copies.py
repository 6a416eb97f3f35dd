"""Copies of a report in a folder people look into, named for what they are. Nothing there is ever overwritten."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from pathlib import Path

from dashboard.i18n import text
from dashboard.report.archive import Kept
from dashboard.report.disk import write_whole, writing
from dashboard.report.errors import NotWritten

_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def title(one: Kept) -> str:
    """社会治理周报_2026年第46期（修订2）: what a file or a message of it is called; nothing in it that a file name cannot have."""
    lang = one.edition.lang
    whose = one.about["name"] or one.edition.community
    name = text(
        "issue.file",
        lang,
        whose=f"_{whose}" if whose else "",
        year=one.edition.year,
        number=f"{one.edition.number:02d}" if lang == "en" else one.edition.number,
        revision=text("issue.revision", lang, revision=one.revision) if one.revision > 1 else "",
    )
    return _NOT_IN_A_NAME.sub("_", name)


def files(one: Kept) -> dict[str, bytes]:
    """Name → content of its PDF, picture and workbook. Raises ReportDamaged when they are not those that were kept."""
    for fault in one.faults:
        raise fault
    name = title(one)
    return {f"{name}{path.suffix}": path.read_bytes() for path in (one.pdf, one.png, one.xlsx)}


def copy_to(folder: Path, one: Kept) -> list[Path]:
    """Where the copies stand, those that stood there already too. Raises NotWritten where another file has the name."""
    copies = [(folder / name, content) for name, content in files(one).items()]
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in copies:
            if not file.exists():
                _copy(file, content)
            elif file.read_bytes() != content:
                raise NotWritten(
                    f"{file} 已存在，内容不同，没有覆盖；请移走它或另选文件夹",
                    f"{file} exists with other content and was not overwritten; move it away or choose another folder",
                )
    return [file for file, _ in copies]


def _copy(file: Path, content: bytes) -> None:
    """Under another name first: a folder that is synchronised never shows half a file."""
    partial = file.with_name(f".{secrets.token_hex(4)}.partial")
    try:
        write_whole(partial, content)
        partial.rename(file)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
