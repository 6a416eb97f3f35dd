"""The sample township through the ordinary build: every planted count is found again, and nothing personal is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dashboard.warehouse import Snapshot
from etl.ledger import DataRoot
from tests.etl.exports import produced_bytes

COUNTS = {
    "incidents": "true",
    "registered": "is_registered",
    "rejected": "status_code = 'rejected'",
    "void": "status_code = 'void'",
    "duplicate": "is_duplicate",
    "self_disposed": "is_self_disposed",
    "parked": "is_parked",
    "counted": "is_counted",
    "dispatched": "is_dispatched",
    "disposed": "is_disposed",
    "closed": "is_closed",
    "open": "is_open",
    "due": "is_due",
    "on_time": "is_on_time",
    "on_time_original": "is_on_time_original",
    "extended": "is_counted AND is_extended",
    "reworked": "is_counted AND is_reworked",
    "without_grid": "grid_id IS NULL",
    "without_worker": "worker_id IS NULL",
}


def test_every_planted_count_is_found_again(sample: Snapshot, truths: dict[str, Any]) -> None:
    counts = ", ".join(f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in COUNTS.items())
    found = sample.query(f"SELECT {counts} FROM core.incident").iloc[0].to_dict()
    differences = {name: abs(int(found[name]) - truths["expected"][name]) for name in COUNTS}
    # some files write a closing without its seconds or hours, so a case closed at its very deadline may fall on either side
    assert all(differences[name] <= 10 for name in ("on_time", "on_time_original"))
    assert {name for name, difference in differences.items() if difference} <= {"on_time", "on_time_original"}


def test_every_row_of_every_file_is_accounted_for(sample: Snapshot, truths: dict[str, Any]) -> None:
    found = {
        name: (kind, rows, aside, total)
        for name, kind, rows, aside, total in sample.rows("SELECT name, kind, rows_in, rows_set_aside, rows_total FROM meta.file")
    }
    assert found == {
        file["name"]: (
            file["kind"],
            file["rows"] + file["total_and_footer_rows"],
            sum(file["unreadable"].values()),
            file["total_and_footer_rows"],
        )
        for file in truths["files"]
    }
    assert (
        sample.rows("SELECT name FROM meta.file WHERE rows_in <> rows_loaded + rows_superseded + rows_set_aside + rows_total") == []
    )


def test_headers_and_moments_are_read_where_they_stand(sample: Snapshot, truths: dict[str, Any]) -> None:
    for name, header_row, format_ in sample.rows("SELECT name, header_row, format FROM meta.file"):
        (file,) = (file for file in truths["files"] if file["name"] == name)
        assert (header_row, format_) == (file["header_row"], file["format"]), name
    assert sample.build.as_of.isoformat() == truths["sample"]["exported_at"]


def test_only_the_planted_words_are_unmatched(sample: Snapshot, truths: dict[str, Any]) -> None:
    found = {(list_, value) for list_, value in sample.rows("SELECT list, value FROM meta.unmatched")}
    planted = {(list_, item["word"]) for list_, items in truths["planted_words"].items() for item in items if item["word"]}
    assert found <= planted
    assert {list_ for list_, _ in found} == {list_ for list_, _ in planted}


def test_nothing_personal_is_in_any_produced_byte(sample_root: DataRoot, truths: dict[str, Any]) -> None:
    planted = truths["planted_personal"]
    names = {name.encode() for name in planted["names"]}
    assert {name[3:6] for name in names} == {"样".encode()}  # every invented name has it in the middle: one pass finds them all
    numbers = [number.encode() for number in (*planted["phones_in_text"], *planted["identity_numbers_in_text"])]
    produced = dict(produced_bytes(sample_root))
    assert {Path(name).suffix for name in produced} >= {".duckdb", ".parquet", ".jsonl", ".xml"}
    for name, content in produced.items():
        assert not re.search(planted["phone_pattern"].encode(), content), name
        assert not [number for number in numbers if number in content], name
        middles = (match.start() for match in re.finditer("样".encode(), content))
        assert not [place for place in middles if content[place - 3 : place + 6] in names], name


def test_the_sum_rows_are_checked_and_the_planted_wrong_one_is_the_only_warning(sample: Snapshot, truths: dict[str, Any]) -> None:
    stated = {file["name"]: file["stated_total"] for file in truths["files"] if file["stated_total"] is not None}
    sums = sample.rows(
        "SELECT f.name, stated, stated - counted FROM meta.total JOIN meta.file f USING (file_id) WHERE header IS NULL"
    )
    found = {name: (number, too_high) for name, number, too_high in sums}
    rows = {file["name"]: file["rows"] for file in truths["files"]}
    assert {name: found[name] for name in stated} == {name: (stated[name], stated[name] - rows[name]) for name in stated}
    assert sample.rows("SELECT check_id, row_count FROM meta.finding WHERE severity <> 'note'") == [("totals_add_up", 1)]
