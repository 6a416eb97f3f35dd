"""python -m dashboard research --verify bundle.zip: asks again of the same build and compares the numbers."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dashboard.desk import query
from dashboard.desk.deidentified import DeskError
from dashboard.desk.sentences import Message
from dashboard.metrics.catalogue import catalogue
from dashboard.research.builds import kept_build
from dashboard.research.bundle import DATA, PROVENANCE, sha256
from dashboard.research.files import to_csv
from dashboard.research.numbers import Question, answer
from dashboard.research.outputs import Output, of_answer, of_result
from dashboard.research.provenance import Provenance
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Snapshot

EQUAL, DIFFERENT, IMPOSSIBLE = 0, 1, 2
_LARGEST = 500_000_000
_RANDOM = "case_key"
"""Drawn anew each time the de-identified file is made: says nothing that could be compared."""


@dataclass(frozen=True)
class Verdict:
    """code: EQUAL, DIFFERENT or IMPOSSIBLE, the exit code."""

    code: int
    message: Message


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command `research`."""
    parser = commands.add_parser("research", help="复核研究台的复现包 / verify a reproducibility bundle of the research desk")
    parser.add_argument(
        "--verify", type=Path, metavar="ZIP", required=True, help="用原来的数据重算并逐行比对 / compute again and compare"
    )


def run(settings: Settings, file: Path) -> int:
    """Says what came of it; the exit code."""
    verdict = verify(settings, file)
    print(f"{verdict.message.zh}\n{verdict.message.en}", file=sys.stderr if verdict.code == IMPOSSIBLE else sys.stdout)
    return verdict.code


def verify(settings: Settings, file: Path) -> Verdict:
    """Whether the bundle is whole, and its numbers those of the build it names."""
    try:
        told, files = _opened(file)
        of = Provenance.read(told)
        hashes = dict(told["sha256"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        return _impossible(f"{file} 不是复现包，或已损坏（{error}）", f"{file} is no bundle, or is damaged ({error})")
    changed = sorted(name for name in {*files, *hashes} if hashes.get(name) != sha256(files.get(name, b"")))
    if changed:
        return _different(f"打包后有文件被改动：{'、'.join(changed)}", f"changed since the bundle was made: {', '.join(changed)}")
    try:
        with kept_build(settings, of.build_id) as snapshot:
            again = _again(settings, snapshot, of)
    except DeskError as error:
        return _impossible(f"无法复核：{error.zh}", f"It cannot be verified: {error.en}")
    return _compared(files[DATA], to_csv(again), of)


def _opened(file: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """provenance.json, and every other file."""
    with zipfile.ZipFile(file) as archive:
        if sum(one.file_size for one in archive.infolist()) > _LARGEST:
            raise ValueError("too large")
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files.pop(PROVENANCE))
    if not isinstance(told, dict) or DATA not in files:
        raise ValueError(PROVENANCE)
    return told, files


def _again(settings: Settings, snapshot: Snapshot, of: Provenance) -> Output:
    """The same, asked again. Raises DeskError."""
    if of.kind == "query":
        result = query.run(settings, of.build_id, of.asked)
        if result.message:
            raise DeskError(result.message.zh, result.message.en)
        return of_result(result, of.asked, snapshot.build, of.lang)[0]
    asked = urlsplit(of.asked).query
    view = View.from_query(asked).replace(lang=of.lang)
    found = answer(snapshot, settings, view, Question.of(dict(parse_qsl(asked))))
    if found.message:
        raise DeskError(found.message.zh, found.message.en)
    return of_answer(found, snapshot, view)[0]


def _compared(kept: bytes, again: bytes, of: Provenance) -> Verdict:
    """Line by line, whatever their order: a query without ORDER BY has none."""
    before, now = _lines(kept), _lines(again)
    lines = max((before - now).total(), (now - before).total())
    if not lines:
        return Verdict(
            EQUAL,
            Message(f"一致：{before.total() - 1} 行与重算结果相同", f"Equal: {before.total() - 1} rows are as computed again"),
        )
    is_same = of.catalogue_version == catalogue().version
    why_zh = "" if is_same else f"；口径已从 {of.catalogue_version} 改为 {catalogue().version}"
    why_en = "" if is_same else f"; the definitions have changed from {of.catalogue_version} to {catalogue().version}"
    return _different(f"有 {lines} 行与重算结果不同{why_zh}", f"{lines} rows differ from what is computed again{why_en}")


def _lines(content: bytes) -> Counter[tuple[str, ...]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    compared = [at for at, name in enumerate(rows[0]) if name != _RANDOM]
    return Counter(tuple(row[at] for at in compared) for row in rows)


def _different(zh: str, en: str) -> Verdict:
    return Verdict(DIFFERENT, Message(f"不一致：{zh}", f"Not equal: {en}"))


def _impossible(zh: str, en: str) -> Verdict:
    return Verdict(IMPOSSIBLE, Message(zh, en))
