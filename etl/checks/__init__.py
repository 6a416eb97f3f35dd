"""Promises about the data. One promise = one .sql file whose name is the promise; it selects the rows that break it.

The first lines of a file are `-- severity: stop|warn|note`, `-- zh: …` and `-- en: …` (the promise), `-- advice_zh: …` and `-- advice_en: …`
(what a broken one does to the numbers, and what to do); the query gives subject, detail, file_id, file_row.
A broken promise with severity stop leaves the last warehouse in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import duckdb

from etl.errors import PromiseBroken
from etl.progress import CHECKING, Progress

_SHOWN_ROWS = 1_000


@dataclass(frozen=True)
class Check:
    """One promise."""

    id: str
    severity: str
    zh: str
    en: str
    advice_zh: str
    advice_en: str
    sql: str


@dataclass(frozen=True)
class Finding:
    """A promise that rows break."""

    check: Check
    rows: int


def checks() -> list[Check]:
    """All promises, by name."""
    folder = resources.files("etl.checks")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [_check(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")) for file in files]


def run_checks(connection: duckdb.DuckDBPyConnection, progress: Progress) -> tuple[Finding, ...]:
    """Writes meta.finding and meta.finding_row. Raises PromiseBroken when a check with severity stop found rows."""
    found = []
    promises = checks()
    for number, check in enumerate(promises):
        progress.at(CHECKING, number, len(promises))
        connection.execute(f"CREATE TEMP TABLE broken AS {check.sql}")
        (rows,) = connection.execute("SELECT count(*) FROM broken").fetchone() or (0,)
        if rows:
            found.append(Finding(check, rows))
            connection.execute(
                "INSERT INTO meta.finding VALUES (?, ?, ?, ?, ?, ?, ?)",
                [check.id, check.severity, rows, check.zh, check.en, check.advice_zh, check.advice_en],
            )
            connection.execute(
                f"INSERT INTO meta.finding_row SELECT ?, subject, detail, file_id, file_row FROM broken ORDER BY ALL LIMIT {_SHOWN_ROWS}",
                [check.id],
            )
        connection.execute("DROP TABLE broken")
    if stops := [finding for finding in found if finding.check.severity == "stop"]:
        zh = "；".join(f"{finding.check.zh}（{finding.rows} 行不符）" for finding in stops)
        en = "; ".join(f"{finding.check.en} ({finding.rows} rows)" for finding in stops)
        raise PromiseBroken(f"检查未通过，沿用上一版数据：{zh}", f"a check failed, the last warehouse stays: {en}")
    return tuple(found)


def _check(id_: str, text: str) -> Check:
    head = dict(line.removeprefix("-- ").split(": ", 1) for line in text.splitlines() if line.startswith("-- "))
    return Check(id_, head["severity"], head["zh"], head["en"], head["advice_zh"], head["advice_en"], text)
