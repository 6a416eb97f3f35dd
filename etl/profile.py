"""A profile: the headers of one system's export, as data. It serves exports whose headers are nobody's aliases.

A folder in data/profiles (or <data root>/profiles) with profile.toml and, if need be, its own reference/*.csv, which stand in for the
tables of the same name in data/reference.

    kind = "incident"                # which kind of export
    [match] headers = ["open_dt"]    # the file is this profile's when all of these are headers
    [columns] reported_at = "open_dt"
    [personal] headers = ["caller"]  # never loaded
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from etl.errors import ReferenceTableError
from etl.source import Source, header_key
from etl.sources import SOURCES


@dataclass(frozen=True)
class Profile:
    """columns: our column → header key of the file."""

    name: str
    source: Source
    match: frozenset[str]
    columns: dict[str, str]
    personal: frozenset[str]
    folder: Path

    @property
    def reference(self) -> Path:
        return self.folder / "reference"


def profiles(folders: Iterable[Path]) -> list[Profile]:
    """Every profile in the folders, in order of name. Raises ReferenceTableError for a profile that cannot be used."""
    files = sorted(file for folder in folders for file in folder.glob("*/profile.toml"))
    return [_profile(file) for file in files]


def _profile(file: Path) -> Profile:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        source = next(s for s in SOURCES if s.name == data["kind"])
        columns = {column: header_key(header) for column, header in data["columns"].items()}
        match = frozenset(header_key(header) for header in data["match"]["headers"])
    except (tomllib.TOMLDecodeError, KeyError, StopIteration) as error:
        raise ReferenceTableError(
            f"{file}：映射文件缺少或写错了 {error}；请对照其他映射文件改正", f"{file}: the profile lacks or misspells {error}"
        ) from error
    if unknown := sorted(set(columns) - set(source.names)):
        raise ReferenceTableError(
            f"{file}：{source.zh} 没有这些字段：{'、'.join(unknown)}；请改正",
            f"{file}: {source.name} has no column {', '.join(unknown)}",
        )
    personal = frozenset(header_key(header) for header in data.get("personal", {}).get("headers", []))
    return Profile(file.parent.name, source, match, columns, personal, file.parent)
