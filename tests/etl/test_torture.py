"""Every odd file through the whole load, all in one build: its records with their row numbers, or a sentence and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from etl.build import Refusal
from tests.etl.exports import built, data_root, rows
from tests.etl.torture import Refused, Taken, refused, taken

TAKEN, REFUSED = taken(), refused()


@dataclass
class Outcome:
    """What became of a file. records: sheet → row number and id · reasons: sheet passed over → why."""

    records: dict[str | None, list[tuple[int, str]]] = field(default_factory=dict)
    rows_total: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """File → what became of it, all in one build."""
    root = data_root(tmp_path_factory.mktemp("torture"))
    root.inbox.mkdir(parents=True)
    files: list[Taken | Refused] = [*TAKEN, *REFUSED]
    for file in files:
        (root.inbox / file.name).write_bytes(file.content)
    build = built(root)
    assert {finding.check.id for finding in build.findings} >= {"sheets_are_read"}
    found: dict[str, Outcome] = defaultdict(Outcome)
    for refusal in build.refused:
        found[refusal.name].refusals.append(refusal)
    for name, sheet, total in rows(root, "SELECT name, sheet, rows_total FROM meta.file"):
        found[name].records[sheet] = []
        found[name].rows_total += total
    for name, sheet, row, incident in rows(
        root,
        "SELECT DISTINCT f.name, r.file_sheet, r.file_row, r.incident_id FROM raw.incident r JOIN meta.file f USING (file_id) ORDER BY ALL",
    ):
        found[name].records[sheet].append((row, incident))
    for name, sheet, reason in rows(
        root, "SELECT DISTINCT name, s.sheet, reason_zh FROM meta.skipped_sheet s JOIN meta.file USING (file_id)"
    ):
        found[name].reasons[sheet] = reason
    return found


@pytest.mark.parametrize("file", TAKEN, ids=lambda file: file.name)
def test_a_sane_file_gives_its_records_with_their_row_numbers(file: Taken, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[file.name]
    assert [refusal.error.zh for refusal in outcome.refusals] == []
    assert {sheet: [row for row, _ in records] for sheet, records in outcome.records.items()} == file.rows
    ids = [incident for sheet in file.rows for _, incident in outcome.records[sheet]]
    key = file.name.partition(".")[0].partition(" ")[0]
    assert ids == [f"{key}-{number}" for number in range(1, len(ids) + 1)]


@pytest.mark.parametrize("file", TAKEN, ids=lambda file: file.name)
def test_what_is_no_record_is_counted_and_what_is_no_export_is_named(file: Taken, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[file.name].rows_total == file.aside
    assert set(outcomes[file.name].reasons) == set(file.skipped)
    assert all(outcomes[file.name].reasons.values())


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.name)
def test_what_cannot_be_taken_is_refused_with_a_sentence_of_its_own(file: Refused, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[file.name].records == {}
    (error,) = [refusal.error for refusal in outcomes[file.name].refusals]
    assert error.zh.startswith(file.name)
    assert re.search(file.sentence, error.zh), error.zh
    assert "；" in error.zh  # behind it stands what to do
    assert error.en.startswith(file.name)


def test_hidden_sheets_say_that_they_are_hidden(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["W8.xlsx"].reasons["藏"] == "隐藏的工作表，未读；如需导入请取消隐藏后再放入"
    assert "表头" in outcomes["W8.xlsx"].reasons["统计"]
    assert outcomes["A1.zip"].reasons["说明.pdf"].startswith("这是 PDF 文件")
