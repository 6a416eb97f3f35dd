"""python -m etl check: what a file is, how it would be read, what nobody knows, before anything is loaded."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.check import check
from etl.ledger import DataRoot, accepted_files
from etl.verdict import Verdict
from etl.warehouse import published
from tests.etl.exports import built, csv_text, data_root, put, rows

GOOD = """
事件编号 | 事件状态 | 事件来源 | 所属社区 | 上报时间            | 联系电话    | 经办
SJ1      | 处置中   | 网格巡查 | 锦秀里   | 2026-10-30 09:00:00 | 13800138000 | 王小明
SJ2      | 已结案   | 网格巡查 | 锦秀里X  | 昨天                | 13800138001 | 李晓红
"""
UNKNOWN = """
登记编号 | 办理阶段 | 登记日     | 村居   | 备注
A1       | 处置中   | 2026-11-01 | 锦秀里 | 电话13800138000
A2       | 已结案   | 2026-11-02 | 福满园 | 无
"""


def file_of(tmp_path: Path, name: str, drawing: str) -> Path:
    path = tmp_path / "desk" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(csv_text(drawing), encoding="utf-8")
    return path


def checked(root: DataRoot, path: Path) -> Verdict:
    (verdict,) = check(root, [path])
    return verdict


def test_a_check_tells_kind_mapping_and_what_would_be_set_aside_and_loads_nothing(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    verdict = checked(root, file_of(tmp_path, "事件.csv", GOOD))
    (sheet,) = verdict.sheets
    assert (verdict.verdict, sheet.kind, sheet.rows_in, sheet.rows_readable, sheet.rows_set_aside) == ("warn", "incident", 2, 1, 1)
    assert "“事件编号”" in sheet.why_zh
    assert [(c.column, c.header) for c in sheet.columns if c.is_required] == [
        ("incident_id", "事件编号"),
        ("status", "事件状态"),
        ("reported_at", "上报时间"),
    ]
    assert [(r.row, r.header, r.value) for r in sheet.rejects] == [(3, "上报时间", "昨天")]
    assert [(w.list, w.value, w.rows) for w in sheet.unmatched] == [("community", "锦秀里X", 1)]
    assert sheet.personal == ("联系电话",)
    assert published(root.warehouse) is None
    assert accepted_files(root) == []


def test_examples_of_a_column_that_may_name_people_are_not_shown(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    (sheet,) = checked(root, file_of(tmp_path, "事件.csv", GOOD)).sheets
    assert [(u.header, u.examples) for u in sheet.unmapped] == [("经办", ())]


def test_an_unknown_export_gets_the_nearest_columns_and_a_draft_that_a_person_can_finish(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    path = file_of(tmp_path, "新系统.csv", UNKNOWN)
    verdict = checked(root, path)
    assert verdict.verdict == "refused"
    (sheet,) = verdict.sheets
    offers = {u.header: [o.column for o in u.suggestions][:1] for u in sheet.unmapped}
    assert offers == {
        "登记编号": ["incident_id"],
        "办理阶段": ["status"],
        "登记日": ["reported_at"],
        "村居": ["community"],
        "备注": [],
    }
    assert [u.examples for u in sheet.unmapped if u.header == "备注"] == [()]  # a phone number stands in it
    assert verdict.profile_file is not None
    draft = Path(verdict.profile_file)
    tomllib.loads(draft.read_text(encoding="utf-8"))
    assert checked(root, path).verdict == "refused"  # a draft does nothing
    finished = "\n".join(
        line.removeprefix("# ") if line.startswith(("# incident_id", "# status", "# reported_at", "# community =")) else line
        for line in draft.read_text(encoding="utf-8").splitlines()
    )
    draft.with_name("profile.toml").write_text(finished, encoding="utf-8")
    verdict = checked(root, path)
    assert (verdict.verdict, verdict.sheets[0].profile, verdict.sheets[0].rows_readable) == ("ok", "新系统", 2)


def test_a_file_that_was_loaded_is_known(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", GOOD)
    built(root)
    assert checked(root, file_of(tmp_path, "改了名.csv", GOOD)).verdict == "known"


def test_a_checked_file_is_not_read_again_by_the_load(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    path = file_of(tmp_path, "事件_20261101.csv", GOOD)
    checked(root, path)
    (clean,) = root.raw.glob("??/*/0.parquet")
    before = clean.stat().st_mtime_ns
    (root.inbox).mkdir()
    path.rename(root.inbox / path.name)
    built(root)
    assert clean.stat().st_mtime_ns == before
    assert rows(root, "SELECT incident_id FROM core.incident") == [("SJ1",)]


def test_the_command_line_tells_the_same_as_lines_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, "事件.csv", GOOD)
    assert main(["--data", str(tmp_path), "check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "可以导入，但请先看一看：事件.csv" in told
    assert "第 3 行：“上报时间”不是能识别的日期时间" in told
    assert main(["--data", str(tmp_path), "check", "--json", str(path), str(file_of(tmp_path, "坏.csv", "甲 | 乙\n1 | 2"))]) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [verdict["verdict"] for verdict in last["verdicts"]] == ["warn", "refused"]
    assert main(["--data", str(tmp_path), "check", "没有这个文件.csv"]) == 2
    assert "找不到文件" in capsys.readouterr().err
