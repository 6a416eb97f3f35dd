"""The data page: one sentence on how the data stands, every row accounted for, what is wrong in words, and the way to mend it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dash.development.base_component import Component

from dashboard.access import LOCAL, Reader
from dashboard.pages import draw, visit_of
from dashboard.pages.data_verdict import file_verdict
from dashboard.reading.days import runs_of
from dashboard.shell import Address
from dashboard.warehouse import Snapshot, Warehouse
from etl.build import build
from etl.check import check
from etl.ledger import DataRoot
from tests.etl.exports import SHIPPED
from tests.pages.test_pages import MISSING, links, strings
from tests.trees import properties

PARTS = ("", "files", "coverage", "findings", "set_aside", "names")
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 14)
GAP = (date(2026, 10, 12), date(2026, 10, 14))
ROWS_A_DAY = 6


def incidents() -> str:
    """Six a day, none from 12 to 14 October; one unreadable, one of an unknown community, a total, a phone column, a note nobody maps."""
    lines = ["事件编号,事件标题,事件状态,所属社区,上报时间,结案时间,联系电话,备注"]
    day = FIRST
    while day <= LAST:
        if not GAP[0] <= day <= GAP[1]:
            for number in range(ROWS_A_DAY):
                community = "神秘小区" if (day, number) == (FIRST, 0) else "锦秀里社区"
                at = "昨天下午" if (day, number) == (FIRST, 1) else f"{day} 09:{number:02d}"
                lines.append(f"S{day:%m%d}{number},路灯不亮,已结案,{community},{at},{day + timedelta(days=1)} 10:00,13800000000,无")
        day += timedelta(days=1)
    return "\n".join([*lines, f"合计,{len(lines) - 1},,,,,,"]) + "\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    found = DataRoot(tmp_path_factory.mktemp("town"), SHIPPED)
    found.inbox.mkdir()
    (found.inbox / "事件导出_20261115_0800.csv").write_bytes(incidents().encode("gb18030"))
    build(found, received_at=datetime(2026, 11, 15, 9, 0), received_by="王干事")
    return found


@pytest.fixture(scope="module")
def town(root: DataRoot) -> Iterator[Snapshot]:
    warehouse = Warehouse(root.warehouse, threads=1)
    yield warehouse.current()
    warehouse.close()


def page(snapshot: Snapshot, query: str = "", reader: Reader = LOCAL) -> Any:
    """The page's components."""
    return draw(visit_of(snapshot, Address.of_url("/data" + query), reader))[1]


def words(node: Any) -> str:
    return " ".join(strings(node))


def attributes(node: Any, name: str) -> list[str]:
    """Values of an attribute anywhere in a tree."""
    if isinstance(node, (list, tuple)):
        return [value for item in node for value in attributes(item, name)]
    if not isinstance(node, Component):
        return []
    found = properties(node)
    return ([str(found[name])] if name in found else []) + attributes(found.get("children"), name)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_renders_and_shows_no_missing_value_by_name(town: Snapshot, sample: Snapshot, part: str, lang: str) -> None:
    for snapshot in (town, sample):
        for extra in (
            "",
            "&period=all",
            "&community=nobody",
            "&from=1990-01-01&to=1990-01-31",
            "&page=99",
            "&page=x",
            "&check=none",
        ):
            body = page(snapshot, f"?part={part}&lang={lang}{extra}")
            assert [text for text in strings(body) if MISSING.search(text)] == []
            assert len(list(strings(body))) > 3


def test_the_first_sentence_says_what_is_missing_and_leads_to_it(town: Snapshot) -> None:
    body = page(town)
    said = words(body)
    assert "数据截至 2026-11-15 08:00" in said
    for clause in ("事件缺 3 天", "1 行搁置待改", "1 个名称未匹配"):
        assert clause in said
    assert {"/data?part=coverage", "/data?part=set_aside", "/data?part=names"} <= set(links(body))
    assert "还没有导入过流转记录、回访记录" in said


def test_the_sentence_is_about_the_period_asked_for(town: Snapshot) -> None:
    assert "事件缺" not in words(page(town, "?period=this_month"))
    assert "事件缺 3 天" in words(page(town, "?from=2026-10-01&to=2026-10-31"))


def test_every_row_of_a_file_is_accounted_for(town: Snapshot) -> None:
    said = words(page(town, "?part=files"))
    days = (LAST - FIRST).days + 1 - 3
    for number in (f"{days * ROWS_A_DAY + 1:,}", f"{days * ROWS_A_DAY - 1:,}", "✓ 相符", "王干事", "2026-11-15 09:00", "GB18030"):
        assert number in said
    assert "联系电话" in said
    assert "备注" in said
    assert "13800000000" not in said


def test_missing_days_are_joined_into_runs_in_words(town: Snapshot) -> None:
    assert "缺 3 天： 10月12日—14日" in words(page(town, "?part=coverage"))
    assert "missing: 3 days" in words(page(town, "?part=coverage&lang=en"))
    assert list(runs_of([FIRST, FIRST + timedelta(days=1), LAST])) == [(FIRST, FIRST + timedelta(days=1)), (LAST, LAST)]
    assert list(runs_of([])) == []


def test_a_day_of_the_calendar_opens_its_cases(town: Snapshot) -> None:
    found = [link for link in links(page(town, "?part=coverage")) if link.startswith("/cases?")]
    assert "/cases?metric=reported&part=numerator&from=2026-10-15&to=2026-10-15" in found
    assert not any("2026-10-13" in link for link in found)


def test_a_finding_opens_its_rows(town: Snapshot) -> None:
    opened = sorted({link for link in links(page(town, "?part=findings")) if "check=" in link})
    assert opened
    for link in opened:
        assert len(list(strings(page(town, link.removeprefix("/data"))))) > 8


def test_a_finding_about_cases_links_each_and_says_when_not_all_rows_are_kept(sample: Snapshot, tmp_path: Path) -> None:
    """The sample breaks no such promise: a copy of it that does."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    shutil.copy(Path(sample.rows("PRAGMA database_list")[1][2]), folder / f"{sample.build.build_id}.duckdb")
    with duckdb.connect(str(folder / f"{sample.build.build_id}.duckdb")) as connection:
        connection.execute("INSERT INTO meta.finding VALUES ('late', 'stop', 2500, '承诺', 'promise', '怎么办', 'what to do')")
        connection.execute(
            "INSERT INTO meta.finding_row SELECT 'late', incident_id, '细节', file_id, file_row FROM core.incident LIMIT 1000"
        )
    (folder / "CURRENT").write_text(
        f'{{"name": "{sample.build.build_id}.duckdb", "schema_version": {sample.build.schema_version}}}', encoding="utf-8"
    )
    warehouse = Warehouse(folder, threads=1)
    body = page(warehouse.current(), "?part=findings&check=late")
    said = words(body)
    assert "共 2,500 行，只保留了前 1,000 行" in said
    assert "✗ 不能发布" in said
    assert "第 1—50 条，共 1,000 条" in said
    assert sum(link.startswith("/case/") for link in links(body)) == 50
    assert "检查要留意" in words(page(warehouse.current()))
    warehouse.close()


def test_rows_set_aside_stand_under_their_reason_with_file_row_and_cell(town: Snapshot) -> None:
    said = words(page(town, "?part=set_aside"))
    assert "1 行" in said
    assert re.search(r"“上报时间”.*请写成", said)
    for cell in ("事件导出_20261115_0800.csv", "上报时间", "昨天下午"):
        assert cell in said


def test_a_workbook_given_back_can_be_fetched(town: Snapshot) -> None:
    (name,) = {name for (name,) in town.rows("SELECT returned_name FROM meta.file")}
    assert f"/returned/{name}" in set(links(page(town, "?part=set_aside")))
    assert "再放到“概况”页的上传处即可" in words(page(town, "?part=set_aside"))


def test_an_unknown_name_has_a_form_and_a_command(town: Snapshot) -> None:
    body = page(town, "?part=names")
    assert attributes(body, "data-alias") == ["community"]
    assert attributes(body, "data-word") == ["神秘小区"]
    assert {"C01", "C02"} <= set(attributes(body, "value"))
    assert "unmatched" not in attributes(body, "value")
    assert "python -m etl alias community 神秘小区" in words(body)


def test_a_reader_who_may_not_load_sees_the_state_and_no_buttons(town: Snapshot) -> None:
    guest = Reader("guest")
    for part in PARTS:
        body = page(town, f"?part={part}", guest)
        assert attributes(body, "data-zone") == attributes(body, "data-alias") == []
        assert not any(link.startswith("/returned/") for link in links(body))
    assert "事件缺 3 天" in words(page(town, "", guest))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_verdict_says_all_it_knows_in_the_readers_language(root: DataRoot, tmp_path: Path, lang: str) -> None:
    """Of a real check: a file that loads with remarks, one that is refused, one that is known."""
    good, bad, known = tmp_path / "新的.csv", tmp_path / "坏的.csv", tmp_path / "旧的.csv"
    good.write_text(incidents().replace("S09", "T09").replace("合计,", "合计,9"), encoding="utf-8")
    bad.write_text("甲,事件标题\n1,2\n", encoding="utf-8")
    known.write_bytes(incidents().encode("gb18030"))
    for verdict, expected in zip(check(root, [good, bad, known]), ("warn", "refused", "known"), strict=True):
        assert verdict.verdict == expected
        shown = words(file_verdict(verdict.data(), lang, is_open=True))
        assert MISSING.search(shown) is None
        assert verdict.zh in shown if lang == "zh" else verdict.en in shown
        if expected == "warn":
            for told in ("上报时间", "昨天下午", "神秘小区", "联系电话", "备注"):
                assert told in shown
