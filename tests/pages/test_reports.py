"""Reports page: what is kept, what one says, how two differ, and having one made; and the files it gives."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from dash import html
from flask.testing import FlaskClient

from dashboard.access import LOCAL, Reader
from dashboard.app import create_app
from dashboard.pages import reports, visit_of
from dashboard.report import outbox
from dashboard.report.archive import Kept
from dashboard.report.edition import Edition
from dashboard.report.issuing import issue
from dashboard.report_runs import ALL, Run, Wanted, put_away, runs, start
from dashboard.settings import Settings
from dashboard.shell import Address
from dashboard.warehouse import Warehouse
from tests.pages.test_pages import MISSING, strings
from tests.report.making import MONDAY, maker_of, number, township
from tests.trees import components, properties

OURS = {"X-Township": "1"}
FIRST = {"tile.on_time": number("91.2%", 0.912), "balance.taken": number("40", 40.0, zh="本周新增", en="Taken in")}
SECOND = {"tile.on_time": number("93.0%", 0.93), "balance.closed": number("38", 38.0, zh="本周办结", en="Closed")}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return township(tmp_path, "2026-11-16 08:00:00")


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    found: FlaskClient = create_app(settings).server.test_client()
    return found


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The only report of a town."""
    return issued(township(tmp_path_factory.mktemp("town"), "2026-11-16 08:00:00"))


@pytest.fixture(scope="module")
def clerk(one: Kept) -> FlaskClient:
    """Asks for its files."""
    found: FlaskClient = create_app(Settings(data=one.folder.parents[3])).server.test_client()
    return found


def asked(answer: Any) -> Any:
    """What an answer says as JSON."""
    return answer.get_json()


def issued(settings: Settings, week: str = "2026-W46", community: str = "", *, revise: bool = False, numbers: Any = FIRST) -> Kept:
    return issue(
        settings, Edition(week, community), maker=maker_of(settings, numbers), now=MONDAY, office="党政办", revise=revise
    ).kept


def drawn(settings: Settings, query: str = "", reader: Reader = LOCAL) -> list[Any]:
    """All that the page shows below its head."""
    warehouse = Warehouse(settings.warehouse, threads=1)
    try:
        return reports.parts(settings, visit_of(warehouse.current(), Address.of_url(reports.PATH + query), reader))
    finally:
        warehouse.close()


def words(settings: Settings, query: str = "", reader: Reader = LOCAL) -> str:
    found = list(strings(drawn(settings, query, reader)))
    assert [said for said in found if MISSING.search(said)] == []
    return "".join(found)


def forms(parts: list[Any]) -> list[html.Form]:
    return [component for component in components(parts) if isinstance(component, html.Form)]


def test_without_a_report_the_page_says_how_one_comes_to_be(settings: Settings) -> None:
    said = words(settings)
    assert "第46周 11月9日—15日 周报" in said
    assert "还没有编成" in said
    assert "python -m dashboard report" in said
    assert "reports.toml" in said
    assert len(forms(drawn(settings))) == 1
    assert "not made yet" in words(settings, "?lang=en")


def test_the_page_says_when_reports_are_made_by_themselves(settings: Settings) -> None:
    assert "没有设定自动编制（reports.toml）" in words(settings)
    plan = settings.data / "reports.toml"
    plan.write_text('[schedule]\nmonday_at = "07:30"\nwait_until = "12:00"\n', encoding="utf-8")
    assert "每周一 07:30 自动编上一周的" in words(settings)
    plan.write_text("[schedule]\nmonday_at = 7\n", encoding="utf-8")
    assert "monday_at = 7 不能用" in words(settings)


def test_last_weeks_report_says_when_it_was_made_from_what_and_to_whom_it_went(settings: Settings) -> None:
    one = issued(settings)
    outbox.record(one, ["a@b.cn", "c@d.cn"], "sent", message_id="1", now=MONDAY)
    outbox.record(one, ["e@f.cn"], "refused", message_id="1", now=MONDAY)
    said = words(settings)
    assert "2026-11-16 08:00 编成；数据截至 2026-11-16 08:00；已发给 2 人，1 人没有发成。" in said
    assert "a@b.cn" not in said
    issued(settings, "2026-W45")
    assert "还没有编成" not in words(settings)


def test_an_older_issue_is_folded_under_the_newer_with_what_it_corrected(settings: Settings) -> None:
    issued(settings)
    issued(settings, revise=True, numbers=SECOND)
    said = words(settings)
    assert "共 1 份" in said
    assert "第2版，另有旧版 1 个" in said
    assert "第2版更正：按期结案率 91.2% → 93.0%" in said
    assert "这是旧版，看最新的第2版" in words(settings, "?week=2026-W46&edition=town&revision=1")
    assert "这是旧版" not in words(settings, "?week=2026-W46&edition=town")
    assert "没有这份周报" in words(settings, "?week=2026-W46&edition=town&revision=7")
    assert "没有这份周报" in words(settings, "?week=..&edition=../..")


def test_a_damaged_report_is_told_as_such_and_not_given_out(settings: Settings, client: FlaskClient) -> None:
    one = issued(settings)
    one.pdf.write_bytes(b"%PDF another")
    assert "内容与存档时不同" in words(settings)
    answer = client.get("/report/2026-W46/town/1.pdf")
    assert (answer.status_code, "不同" in asked(answer)["zh"]) == (409, True)
    issued(settings, "2026-W45")
    assert "91.2%" not in words(settings, "?week=2026-W46&edition=town&with=2026-W45,town,1")
    one.pdf.unlink()
    assert "存档已损坏" in words(settings)
    assert client.get("/report/2026-W46/town/1.pdf").status_code == 409
    (one.folder / "report.json").write_text("{", encoding="utf-8")
    assert words(settings).count("存档已损坏") >= 2


@pytest.mark.parametrize(
    ("form", "kind", "how"),
    [
        ("pdf", "application/pdf", "inline"),
        ("png", "image/png", "inline"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
        ("json", "application/json", "attachment"),
    ],
)
def test_a_file_has_its_type_a_chinese_name_and_is_sent_once(one: Kept, clerk: FlaskClient, form: str, kind: str, how: str) -> None:
    answer = clerk.get(f"/report/2026-W46/town/1.{form}")
    disposition = unquote(answer.headers["Content-Disposition"])
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert disposition.startswith(how)
    assert disposition.endswith(f"filename*=UTF-8''社会治理周报_2026年第46期.{form}")
    file = {"pdf": one.pdf, "png": one.png, "xlsx": one.xlsx, "json": one.folder / "numbers.json"}[form]
    assert answer.data == file.read_bytes()
    again = clerk.get(f"/report/2026-W46/town/1.{form}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "attachment" in clerk.get(f"/report/2026-W46/town/1.{form}?save=1").headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "2026-W46/town/2.pdf",
        "2026-W46/C01/1.pdf",
        "2026-W99/town/1.pdf",
        "2026-W46/town/1.toml",
        "2026-W46/..%2f..%2fwarehouse/1.pdf",
        "../warehouse/CURRENT/1.pdf",
    ],
)
def test_what_is_no_kept_report_has_no_file(clerk: FlaskClient, path: str) -> None:
    answer = clerk.get(f"/report/{path}")
    assert answer.status_code == 404 or answer.mimetype == "text/html"  # the page of an unknown address


def test_two_reports_are_compared_number_by_number_and_the_table_can_be_taken_away(settings: Settings, client: FlaskClient) -> None:
    issued(settings)
    query = "?week=2026-W46&edition=town&with=2026-W45,town,1"
    assert client.get(f"/exhibit/csv/compared/reports{query}").status_code == 404
    issued(settings, "2026-W45", numbers=SECOND)  # no new build, and yet the page knows it
    said = words(settings, query)
    assert "第45周 11月2日—8日 全镇 与 第46周 11月9日—15日 全镇" in said
    assert "共 3 个数，3 个不同" in said
    assert "−1.8 个百分点" in said
    answer = client.get(f"/exhibit/csv/compared/reports{query}")
    rows = {row["编号"]: row for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}
    assert set(rows) == {"tile.on_time", "balance.taken", "balance.closed"}
    assert rows["tile.on_time"]["差"] == "-0.018"
    assert rows["balance.closed"]["第46周 11月9日—15日 全镇"] == ""
    assert client.get(f"/exhibit/xlsx/reports/reports{query}").status_code == 200
    assert "没有这份周报" in words(settings, "?week=2026-W46&edition=town&with=2020-W01,town,1")


def test_the_list_can_be_narrowed_to_the_town_and_its_pages_turned(settings: Settings) -> None:
    for week in range(36, 47):
        issued(settings, f"2026-W{week}")
    issued(settings, community="C01")
    assert "第 1—8 条，共 12 条" in words(settings)
    assert "第 9—11 条，共 11 条" in words(settings, "?of=town&page=2")
    narrowed = words(settings, "?of=communities")
    assert ("锦绣里社区" in narrowed, "下一页" in narrowed) == (True, False)


def test_a_reader_of_one_community_sees_its_reports_and_no_button(settings: Settings) -> None:
    issued(settings)
    issued(settings, community="C01")
    own = Reader("clerk", communities=("C01",))
    said = words(settings, reader=own)
    assert "锦绣里社区" in said
    assert "全镇" not in said
    assert [properties(form).get("data-make") for form in forms(drawn(settings, reader=own))] == []
    assert "没有这份周报" in words(settings, "?week=2026-W46&edition=town", reader=own)


def test_what_no_report_can_be_made_of_is_refused_with_a_sentence(settings: Settings, client: FlaskClient) -> None:
    good = {"week": "2026-W46", "community": "", "lang": "zh"}
    assert client.post("/report-run", json=good).status_code == 403
    bad: list[dict[str, Any]] = [
        {"week": "2026-W60"},
        {"lang": "fr"},
        {"community": "../x"},
        {"community": "--build"},
        {"week": 46},
        {"revise": "yes"},
    ]
    for changes in bad:
        answer = client.post("/report-run", json={**good, **changes}, headers=OURS)
        assert answer.status_code == 400, changes
        assert asked(answer)["zh"]
    assert client.get("/report-run/20261116T080000_00000000", headers=OURS).status_code == 404
    assert runs(settings) == []


def test_two_presses_start_one_run_and_what_went_wrong_is_a_sentence(settings: Settings, client: FlaskClient) -> None:
    wanted = {"week": "2026-W46", "community": "C99", "lang": "zh"}
    first, second = (asked(client.post("/report-run", json=wanted, headers=OURS)) for _ in range(2))
    assert first["job"] == second["job"]
    assert "正在编制" in words(settings)
    path = f"/report-run/{first['job']}"
    until = time.monotonic() + 60
    while asked(client.get(path))["state"] == "making" and time.monotonic() < until:
        time.sleep(0.1)
    assert asked(client.get(path))["state"] == "failed"
    assert "没有编号为“C99”的社区；现有：C01、C02" in words(settings)
    assert client.delete(path, headers=OURS).status_code == 200
    assert runs(settings) == []


def run_that_said(settings: Settings, wanted: Wanted, *lines: dict[str, Any]) -> Run:
    """A run that is over: its process is gone."""
    run = start(settings, replace(wanted, community="C98"), by="local")
    put_away(run)
    run.folder.mkdir()
    record = {"by": run.by, "created_at": run.created_at, "wanted": wanted.__dict__, "number": run.number}
    (run.folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (run.folder / "said.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return run


def test_what_came_of_a_run_stands_on_the_page_until_it_is_put_away(settings: Settings) -> None:
    issued(settings)
    one = {"week": "2026-W46", "edition": "town", "revision": 1, "pages": 8, "changes": []}
    wanted = Wanted("2026-W46")
    one = {**one, "changes": ["按期结案率 91.2% → 93.0%"]}
    for is_new, revise, sentence in (
        (True, False, "全镇第1版已编成，共 8 页。第1版更正：按期结案率 91.2% → 93.0%"),
        (False, False, "全镇已有第1版，没有重编"),
        (False, True, "全镇的数字与第1版相同，没有出新版。"),
    ):
        result = {"reports": [{**one, "is_new": is_new}], "failed": []}
        run = run_that_said(settings, replace(wanted, is_revision=revise), {"stage": "report", "done": 0.0}, {"result": result})
        assert sentence in words(settings)
        put_away(run)
    failed = {"name": "2026-W46 C02", "zh": "磁盘满了", "en": "the disk is full"}
    four = {"result": {"reports": [{**one, "is_new": True}] * 4, "failed": [failed]}}
    run = run_that_said(settings, Wanted("2026-W46", ALL), four)
    assert "4 份已在，其中新编 4 份" in words(settings)
    assert "2026-W46 C02 磁盘满了" in words(settings)
    put_away(run)
    run = run_that_said(settings, wanted)
    assert "没有编完就停了" in words(settings)
    put_away(run)


def test_the_page_in_english_has_its_own_words(settings: Settings) -> None:
    issued(settings)
    issue(settings, Edition("2026-W46", lang="en"), maker=maker_of(settings, FIRST), now=MONDAY)
    said = words(settings, "?lang=en")
    assert "Report of week 46, 9–15 Nov, whole town" in said
    assert "1 more of this week" in said
    assert "whole town (Chinese)" in said
