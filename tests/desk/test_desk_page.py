"""The SQL desk's page and what it asks of the server."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from dashboard.app import create_app
from dashboard.desk import ahead, asked, query
from dashboard.desk.asked import Crowded, Desk
from dashboard.desk.deidentified import DeskError, desk_file, folder
from dashboard.desk.familiar import in_chinese
from dashboard.desk.query import LIMITS, Column, Limits, Result
from dashboard.pages import draw
from dashboard.pages.research_sql import FORMS, PATH
from dashboard.pages.research_sql_result import is_number, result_html, shown
from dashboard.research.provenance import provenance
from dashboard.settings import Settings
from dashboard.shell import Address, Entry, navigation
from dashboard.warehouse import POINTER, SCHEMA_VERSION, Snapshot
from tests.desk.conftest import BUILD
from tests.pages.test_pages import MISSING, strings, visit
from tests.trees import components, properties

OURS = {"X-Township": "1"}
LONG = "SELECT sum(i) FROM range(1000000000000) AS r(i)"


@pytest.fixture(scope="module")
def client(small: Settings, open_file: Path, sample: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The dashboard over the small build, under the id that stands in it; its de-identified file is there."""
    build_id = sample.build.build_id
    settings = Settings(data=tmp_path_factory.mktemp("served"))
    warehouse = settings.warehouse / f"{build_id}.duckdb"
    for file, link in ((small.warehouse / f"{BUILD}.duckdb", warehouse), (open_file, desk_file(settings, build_id))):
        link.parent.mkdir()
        link.hardlink_to(file)
    pointer = {"name": f"{build_id}.duckdb", "schema_version": SCHEMA_VERSION}
    (settings.warehouse / POINTER).write_text(json.dumps(pointer), encoding="utf-8")
    found: FlaskClient = create_app(settings).server.test_client()
    return found


def post(client: FlaskClient, path: str, sent: Any, status: int = 200) -> Any:
    answer = client.post(path, json=sent, headers=OURS)
    assert answer.status_code == status, answer.data
    return answer.json


def over(client: FlaskClient, query: str, lang: str = "zh") -> Any:
    """What came of a query, as soon as it is over."""
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        found = post(client, f"/desk/place?lang={lang}", {"query": query})
        if found["state"] == "over":
            return found
        time.sleep(0.05)
    raise AssertionError("not over in a minute")


def ran(client: FlaskClient, sql: str, lang: str = "zh") -> Any:
    return over(client, post(client, "/desk/run", {"sql": sql})["query"], lang)


def test_the_page_says_everything_in_either_language(sample: Snapshot) -> None:
    for lang in ("zh", "en"):
        title, body = draw(visit(sample, f"{PATH}?lang={lang}"))
        found = list(strings(body))
        assert title == {"zh": "SQL 查询台", "en": "SQL desk"}[lang]
        assert {name[0] for words in found for name in MISSING.finditer(words)} <= {"null"}  # which is SQL's own
        if lang == "en":
            assert [words for words in found if re.search(r"[\u4e00-\u9fff]", re.sub(r"\([\u4e00-\u9fff]+\)", "", words))] == []


def test_it_offers_tables_functions_ten_examples_and_five_files(sample: Snapshot) -> None:
    _, body = draw(visit(sample, PATH))
    marks: dict[str, list[str]] = {}
    for component in components(body):
        for name, value in properties(component).items():
            marks.setdefault(name, []).append(str(value))
    assert len(marks["data-load"]) == 10
    assert {"incident", "reported_week", "count", "median"} <= set(marks["data-insert"])
    assert tuple(marks["data-file"]) == FORMS
    assert marks["data-desk"] == [sample.build.build_id]
    assert "data-unfiltered" in marks


def test_without_data_it_shows_the_way_to_data(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path)).server.test_client()
    answer = client.get("/_dash-layout", headers={"Referer": f"http://localhost{PATH}"})
    assert "去导入数据" in json.dumps(answer.json, ensure_ascii=False)
    assert "还没有数据" in post(client, "/desk/run", {"sql": "SELECT 1"}, 404)["zh"]
    assert "还没有数据" in post(client, "/desk/ready", {}, 404)["zh"]


def test_the_navigation_marks_research_and_a_wall_shows_nothing_of_it(sample: Snapshot) -> None:
    rail = navigation(Address.parse(PATH, ""), (Entry("/research", "research"), Entry("/cases", "cases")))
    marked = [properties(one)["href"] for one in components(rail) if properties(one).get("aria-current") == "page"]
    assert marked == ["/research"]
    assert draw(visit(sample, f"{PATH}?wall=1"))[0] == "没有这个页面"


@pytest.mark.parametrize("path", ["ready", "run", "place", "cancel", "file/csv"])
def test_only_our_own_pages_may_ask(client: FlaskClient, path: str) -> None:
    assert client.post(f"/desk/{path}", json={}).status_code == 403
    foreign = {**OURS, "Origin": "http://elsewhere.example"}
    assert client.post(f"/desk/{path}", json={}, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("run", {}),
        ("run", {"sql": 1}),
        ("place", {"query": 1}),
        ("cancel", {}),
        ("file/csv", {"sql": "SELECT 1"}),
        ("file/exe", {"build": BUILD, "sql": "SELECT 1"}),
    ],
)
def test_what_is_not_understood_is_said(client: FlaskClient, path: str, sent: Any) -> None:
    assert post(client, f"/desk/{path}", sent, 400)["zh"] == "请求的内容不完整"
    assert client.post(f"/desk/{path}", data=b"{", headers=OURS).status_code == 400


def test_unknown_queries_and_results_are_gone(client: FlaskClient) -> None:
    for path, sent in (
        ("place", {"query": "0" * 32}),
        ("cancel", {"query": ""}),
        ("file/csv", {"build": BUILD, "sql": "SELECT 2"}),
    ):
        assert "再运行一次" in post(client, f"/desk/{path}", sent, 404)["zh"]


def test_a_query_is_run_shown_and_taken_along(client: FlaskClient, sample: Snapshot) -> None:
    build_id = sample.build.build_id
    assert post(client, "/desk/ready", {})["ready"]
    sql = 'SELECT category_code AS "a<b", count(*) AS cases FROM incident GROUP BY 1 ORDER BY cases DESC, 1'
    found = ran(client, sql, "en")
    assert (found["outcome"], found["build"]) == ("done", build_id)
    assert "a&lt;b" in found["html"]
    assert f"Build {build_id}" in found["html"]
    assert "Cite as" in found["html"]
    files = {}
    for form in FORMS:
        answer = client.post(f"/desk/file/{form}", json={"build": build_id, "sql": sql}, headers=OURS)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        files[form] = answer.data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"])).get_sheet_by_index(0).to_python()
    assert len(rows) == found["rows"] + 1
    assert [str(cell).removesuffix(".0") for cell in rows[1]] == files["csv"].decode("utf-8-sig").splitlines()[1].split(",")
    assert files["parquet"][:4] == b"PAR1"
    assert b"cases" in files["codebook"]
    assert files["bundle"][:2] == b"PK"


def test_what_is_wrong_is_said_with_its_place(client: FlaskClient) -> None:
    found = ran(client, "SELECT 1,\n  nope FROM incident")
    assert (found["outcome"], found["at"]) == ("failed", [2, 3])
    assert found["message"].startswith("第 2 行第 3 个字：没有列 nope；相近的有")
    assert found["said"]["zh"] == found["message"]
    assert found["said"]["en"].isascii()
    assert ran(client, "DROP TABLE incident", "en")["outcome"] == "no_select"
    assert ran(client, "SELECT '" + "x" * LIMITS.sql_bytes + "'")["outcome"] == "long"


def test_a_long_query_is_called_off_and_another_reader_never_sees_it(client: FlaskClient) -> None:
    mine, other = (post(client, "/desk/run", {"sql": LONG})["query"] for _ in range(2))
    assert mine != other
    post(client, "/desk/cancel", {"query": mine})
    assert over(client, mine)["message"] == "已取消"
    waited(lambda: post(client, "/desk/place", {"query": other})["state"] in ("running", "waiting"))
    post(client, "/desk/cancel", {"query": other})
    assert over(client, other)["outcome"] == "cancelled"
    assert "再运行一次" in post(client, "/desk/file/csv", {"build": BUILD, "sql": LONG}, 404)["zh"]


def test_a_page_that_is_left_calls_off_what_it_has_not_been_told_the_id_of(client: FlaskClient) -> None:
    early, late = "e" * 32, "f" * 32
    assert post(client, "/desk/cancel", {"mark": early}) == {"query": ""}
    query = post(client, "/desk/run", {"sql": LONG, "mark": early})["query"]
    assert over(client, query)["outcome"] == "cancelled"
    query = post(client, "/desk/run", {"sql": LONG, "mark": late})["query"]
    assert post(client, "/desk/cancel", {"mark": late}) == {"query": query}
    assert over(client, query)["outcome"] == "cancelled"
    post(client, "/desk/cancel", {"mark": "short"}, 400)


def test_a_desk_lets_old_results_go_and_takes_no_more_than_it_can(
    small: Settings, open_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_file.is_file()
    desk = Desk(small, Limits(wall_seconds=8))
    monkeypatch.setattr(asked, "_MOST_DONE", 1)
    for number in range(2):
        finished(desk, f"SELECT {number}")
    assert desk.result(BUILD, "SELECT 0") is None
    kept = desk.result(BUILD, "SELECT 1")
    assert kept is not None
    assert kept.rows == ((1,),)
    monkeypatch.setattr(asked, "MOST_UNDONE", 1)
    running = desk.ask(BUILD, LONG)
    with pytest.raises(Crowded):
        desk.ask(BUILD, "SELECT 1")
    desk.cancel(running)
    waited(lambda: running.result is not None)


def finished(desk: Desk, sql: str) -> Result:
    begun = desk.ask(BUILD, sql)
    waited(lambda: begun.result is not None)
    assert begun.result is not None
    return begun.result


def waited(is_so: Any) -> None:
    ends_at = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def test_a_build_that_is_gone_is_told_once_and_tried_again(small: Settings) -> None:
    desk = Desk(small)
    assert desk.prepare("gone") is None
    with pytest.raises(DeskError, match="gone"):
        waited(lambda: desk.prepare("gone") is not None)
    assert finished_of(desk, "gone").outcome == "unprepared"


def test_all_wait_for_one_preparation_and_one_called_off_meanwhile_never_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings, goes_on, begun, ran_ones = Settings(data=tmp_path), threading.Event(), [], []

    def slow(_: Settings, build_id: str) -> Path:
        begun.append(build_id)
        goes_on.wait(30)
        return tmp_path

    def run(_: Settings, __: str, sql: str, **___: Any) -> Result:
        ran_ones.append(sql)
        return Result("done")

    monkeypatch.setattr(asked, "prepared", slow)
    monkeypatch.setattr(query, "run", run)
    desk = Desk(settings)
    assert desk.prepare(BUILD) is None
    for _ in range(3 * asked.MOST_UNDONE):  # those called off leave no thread behind, and count until theirs has ended
        try:
            desk.cancel(desk.ask(BUILD, "SELECT 'off'"))
        except Crowded:
            waited(lambda: desk._threads == 0)
    waited(lambda: desk._threads == 0)
    stays = desk.ask(BUILD, "SELECT 1")
    assert desk.standing(stays) == ("preparing", 0)
    assert begun == [BUILD]
    goes_on.set()
    waited(lambda: stays.result is not None)
    assert ran_ones == ["SELECT 1"]


def test_one_called_off_just_before_its_turn_does_not_run(small: Settings, open_file: Path) -> None:
    assert open_file.is_file()
    assert query.run(small, BUILD, LONG, is_called_off=lambda: True).outcome == "cancelled"


def test_results_are_let_go_by_the_bytes_that_came(small: Settings, open_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_file.is_file()
    desk = Desk(small)
    wide = "SELECT list_transform(range(50000), lambda x: []) AS one"
    assert finished(desk, wide).received_bytes > 190_000
    monkeypatch.setattr(asked, "_MOST_BYTES", 300_000)
    finished(desk, "SELECT 1")
    assert desk.result(BUILD, wide) is not None
    finished(desk, wide.replace("one", "other"))
    finished(desk, "SELECT 2")
    assert desk.result(BUILD, wide) is None
    assert desk.result(BUILD, "SELECT 2") is not None


def test_whatever_keeps_a_build_from_being_prepared_is_told(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(small)
    monkeypatch.setattr(asked, "prepared", lambda *_: 1 / 0)
    assert desk.prepare("x") is None
    with pytest.raises(DeskError, match="没有做成"):
        waited(lambda: desk.prepare("x") is not None)


def finished_of(desk: Desk, build_id: str) -> Result:
    begun = desk.ask(build_id, "SELECT 1")
    waited(lambda: begun.result is not None)
    assert begun.result is not None
    return begun.result


def test_a_new_build_is_prepared_at_the_second_look(small: Settings, open_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert folder(small) == open_file.parent
    looks = iter(["", BUILD, BUILD, "gone", "gone", "gone"])
    is_over = threading.Event()

    def newest() -> str:
        try:
            return next(looks)
        except StopIteration:
            is_over.set()
            is_over.wait(600)  # the thread lives as long as the server
            return ""

    ahead.start(small, newest, look_every=0.01)
    assert is_over.wait(20)
    assert [record.message for record in caplog.records if "gone" in record.message][1:] == []


def test_values_stand_as_they_are() -> None:
    values = (None, True, 1234567, 0.1 + 0.2, Decimal("1.50"), "网格", [1, None], {"a": 1}, "x" * 200)
    assert [shown(value) for value in values] == [
        "—", "true", "1234567", "0.3", "1.50", "网格", "[1, null]", '{"a": 1}', "x" * 160 + "…",
    ]  # fmt: skip
    types = {"BIGINT": True, "DECIMAL(18,3)": True, "HUGEINT": True, "DOUBLE": True, "VARCHAR": False, "INTEGER[]": False}
    assert {type_: is_number(type_) for type_ in types} == types


def test_what_is_not_shown_is_said(sample: Snapshot) -> None:
    of = provenance(sample.build, "query", ("结果", "result"), "SELECT 1", "zh")
    columns = (Column("n", "BIGINT"),)
    many = result_html(Result("done", columns, tuple((n,) for n in range(LIMITS.rows)), is_cut=True), of)
    assert "屏幕上是前 200 行，还有 9,800 行" in many
    assert "结果超过 10,000 行的上限" in many
    assert many.count("<tr>") == 201
    assert "结果超过 8 MB 的上限，只取了前 1 行" in result_html(Result("done", columns, ((1,),), is_cut=True), of)
    assert "没有符合条件的行" in result_html(Result("done", columns), of)
    wide = result_html(Result("done", tuple(Column(f"c{n}", "BIGINT") for n in range(75)), (tuple(range(75)),)), of)
    assert "屏幕上是前 60 列，还有 15 列" in wide
    assert (wide.count("<th"), wide.count("<td")) == (61, 60)  # <thead> is one


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ('Referenced column "a" not found in FROM clause! Candidate bindings: "b", "c"', "没有列 a；相近的有 b、c"),
        ('Referenced table "x" not found!', "FROM 里没有表 x"),
        ('syntax error at or near "FROM"', "FROM 附近有语法错误"),
        ("Could not convert string '是' to BOOL", "文字“是”不能转换为 BOOL"),
        ("WHERE clause cannot contain aggregates!", "WHERE 里不能有汇总函数；对汇总值设条件请用 HAVING"),
        ("something new", ""),
    ],
)
def test_what_duckdb_says_is_said_in_chinese(said: str, zh: str) -> None:
    assert in_chinese(said) == zh
