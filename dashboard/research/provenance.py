"""Where numbers that leave come from: what it takes to cite them and to ask for them again."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

from dashboard.i18n.dates import moment
from dashboard.metrics.catalogue import catalogue
from dashboard.processes import PROJECT
from dashboard.warehouse import Build

Kind = Literal["question", "query", "warehouse"]
NAME = {"zh": "镇域社会治理数据", "en": "Township governance data"}
PUBLISHER = {"zh": "镇域治理看板", "en": "Township Governance Dashboard"}
_ROOT = "dashboard"
_PACKAGES = ("metrics", "research", "desk")


@dataclass(frozen=True)
class Provenance:
    """kind: a question to the catalogue, an SQL query, or the de-identified warehouse as a whole · title: what it is about, in Chinese and English · asked: the
    address of the question, the SQL text, or "" · lang: of the words in it."""

    build_id: str
    as_of: datetime
    catalogue_version: str
    program_version: str
    kind: Kind
    title: tuple[str, str]
    asked: str
    lang: str

    def as_json(self) -> dict[str, Any]:
        """What provenance.json and the metadata of Parquet hold; read() is the way back."""
        return {
            "build_id": self.build_id,
            "as_of": self.as_of.isoformat(sep=" "),
            "catalogue_version": self.catalogue_version,
            "program_version": self.program_version,
            "kind": self.kind,
            "title_zh": self.title[0],
            "title_en": self.title[1],
            "asked": self.asked,
            "lang": self.lang,
            "citation_zh": citation(self, "zh"),
            "citation_en": citation(self, "en"),
        }

    @classmethod
    def read(cls, written: dict[str, Any]) -> Provenance:
        """From what as_json() gave. Raises KeyError, TypeError and ValueError for anything else."""
        kinds: dict[str, Kind] = {"question": "question", "query": "query", "warehouse": "warehouse"}
        return cls(
            build_id=str(written["build_id"]),
            as_of=datetime.fromisoformat(written["as_of"]),
            catalogue_version=str(written["catalogue_version"]),
            program_version=str(written["program_version"]),
            kind=kinds[written["kind"]],
            title=(str(written["title_zh"]), str(written["title_en"])),
            asked=str(written["asked"]),
            lang={"zh": "zh", "en": "en"}[written["lang"]],
        )


def provenance(build: Build, kind: Kind, title: tuple[str, str], asked: str, lang: str) -> Provenance:
    """Of something asked of a build with this program and its definitions."""
    return Provenance(build.build_id, build.as_of, catalogue().version, program_version(), kind, title, asked, lang)


def citation(of: Provenance, lang: str) -> str:
    """One line as scholars write it: in Chinese after GB/T 7714—2015 (data set: [DS]), in English after APA (7th edition)."""
    zh, en = of.title
    if lang == "zh":
        return (
            f"{PUBLISHER['zh']}. {NAME['zh']}：{zh}[DS]. 数据版本 {of.build_id}，口径版本 {of.catalogue_version}，"
            f"程序版本 {of.program_version}. {of.as_of.year}（数据截至 {moment(of.as_of)}）."
        )
    return (
        f"{PUBLISHER['en']}. ({of.as_of.year}). {NAME['en']}: {en} (build {of.build_id}; definitions {of.catalogue_version}; "
        f"program {of.program_version}; data as of {moment(of.as_of)}) [Data set]."
    )


@cache
def program_version() -> str:
    """The program's version, and the first hex digits of the hash over what numbers and protection are made by."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    digest = hashlib.sha256()
    for package in _PACKAGES:
        folder = resources.files(_ROOT).joinpath(package)
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith((".py", ".sql", ".toml")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{version}+{digest.hexdigest()[:8]}"
