"""Questions that are not metrics: the list behind a number, one case, where it came from, how fresh the data is."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from dashboard import queries
from dashboard.metrics.cases import NoCases, cases_sql, ignored_filters
from dashboard.metrics.catalogue import catalogue
from dashboard.metrics.compute import compute
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse
from tests.tables import small_warehouse

INCIDENTS = """
case | title      | reported_on | closed_on  | community_code | grid_id       | file_row | is
a    | 路灯不亮    | 2026-06-02  | 2026-06-03 | C01            | G1@2026-01-01 | 4        | counted closed due on_time
b    | 井盖_破损   | 2026-06-03  |            | C01            |               | 5        | counted open due open_overdue !on_time
c    | 100% 漏水   | 2026-06-09  | 2026-06-20 | C02            | G2@2026-01-01 | 6        | counted closed due !on_time
"""
CALLBACKS = "case | closed_on | is\na | 2026-06-03 | due attempted reached complete\nc | 2026-06-20 | due"
JUNE = View.from_query("?from=2026-06-01&to=2026-06-30")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("town")
    small_warehouse(folder, {"incident": INCIDENTS, "callback_case": CALLBACKS}).close()
    with duckdb.connect(str(folder / "small_0.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE raw.incident (incident_id VARCHAR, title VARCHAR, note VARCHAR, file_id VARCHAR, file_sheet VARCHAR, file_row INTEGER)"
        )
        connection.execute(
            "INSERT INTO raw.incident VALUES ('a', '路灯不亮', NULL, 'f00000000001', NULL, 4), ('b', 'x', '', 'f00000000001', NULL, 5)"
        )
        connection.execute(
            """INSERT INTO meta.file BY NAME SELECT 'f00000000001' AS file_id, '六月事件.csv' AS name, '' AS sha256, 10 AS bytes, 'incident' AS kind,
               'csv' AS format, TIMESTAMP '2026-07-01' AS received_at, 'clerk' AS received_by, 5 AS rows_in, 3 AS rows_loaded, 0 AS rows_superseded, 1 AS rows_set_aside, 1 AS rows_total"""
        )
        connection.execute(
            """INSERT INTO meta.reject BY NAME SELECT 'f00000000001' AS file_id, 9 AS file_row, 'incident' AS kind, '上报时间' AS header,
               'bad' AS value, 'moment' AS reason, '不是时间' AS reason_zh, 'not a moment' AS reason_en, false AS is_mended"""
        )
        connection.execute(
            "INSERT INTO core.community VALUES ('unmatched', '未匹配', NULL, NULL, NULL), ('C01', '北门社区', 1, 1, 0)"
        )
        connection.execute(
            "INSERT INTO core.grid VALUES ('G1@2026-01-01', 'G1', '一网格', 'C01', 1, 1, '2026-01-01', '2026-05-31', '', NULL, 2)"
        )
        connection.execute(
            "INSERT INTO core.code BY NAME SELECT 'channel' AS list, 'hotline' AS code, 1 AS sort_order, '热线' AS name_zh, 'Hotline' AS name_en"
        )
        connection.execute(
            "INSERT INTO core.incident_step BY NAME SELECT 'a' AS incident_id, 1 AS step_no, TIMESTAMP '2026-06-02' AS handed_at, false AS handed_is_day, '' AS file_id, 1 AS file_row"
        )
    warehouse = Warehouse(folder)
    yield warehouse.current()
    warehouse.close()


def ids(town: Snapshot, key: str, part: str = "numerator", view: View = JUNE, **options: object) -> list[str]:
    rows = cases_sql(key, part, view, town.build, **options)  # type: ignore[arg-type]
    return queries.case_page(town, queries.Listing(rows, sort="incident_id", descending=False)).frame["incident_id"].tolist()


def test_the_rows_behind_a_number_are_as_many_as_it_says(town: Snapshot) -> None:
    for key in [*catalogue().metrics, *catalogue().variants]:
        metric = catalogue().metric(key)
        if metric.kind in ("count", "stock") and metric.group in ("flow", "closure", "backlog"):
            expected = compute(town, [key], JUNE)["value"].item()
            assert queries.case_page(town, queries.Listing(cases_sql(key, "numerator", JUNE, town.build))).total == expected, key


def test_numerator_and_denominator_are_different_lists(town: Snapshot) -> None:
    assert ids(town, "on_time_closure_rate") == ["a"]
    assert ids(town, "on_time_closure_rate", "denominator") == ["a", "b", "c"]
    assert ids(town, "median_hours_to_close") == []


def test_a_bar_clicked_on_narrows_the_list(town: Snapshot) -> None:
    assert ids(town, "reported", at={"week": "2026-06-01"}) == ["a", "b"]
    assert ids(town, "reported", at={"community": "C02"}) == ["c"]
    assert ids(town, "reported", at={"grid": None}) == ["b"]
    assert ids(town, "reported", at={"month": "2026-06-01", "dow": 2}) == ["a", "c"]
    assert ids(town, "backlog") == ["b"]
    assert ids(town, "backlog", at={"week": "2026-06-08"}) == ["b", "c"]
    assert ids(town, "backlog_7_to_30_days", at={"week": "2026-06-08"}) == ["b"]


def test_callbacks_are_listed_as_their_incidents(town: Snapshot) -> None:
    assert ids(town, "callback_coverage", "denominator") == ["a", "c"]
    assert ids(town, "three_rate_composite") == ["a"]


def test_an_exposure_has_no_cases(town: Snapshot) -> None:
    assert ids(town, "incidents_per_grid") == ["a", "b", "c"]
    with pytest.raises(NoCases, match="incidents_per_grid"):
        ids(town, "incidents_per_grid", "denominator")


def test_filters_that_do_not_act_everywhere_are_named() -> None:
    view = View(community=("C01",), category=("01",))
    assert ignored_filters("closure_rate", view) == ()
    assert ignored_filters("incidents_per_fte", view) == ("category",)
    assert ignored_filters("on_promise_rate", view) == ("category",)
    assert ignored_filters("three_rate_composite", view) == ()


@pytest.mark.parametrize(
    ("search", "found"), [("路灯", ["a"]), ("B", ["b"]), ("100%", ["c"]), ("_", ["b"]), ("  ", ["a", "b", "c"]), ("'", [])]
)
def test_searching_means_the_characters_themselves(town: Snapshot, search: str, found: list[str]) -> None:
    rows = cases_sql("reported", "numerator", JUNE, town.build)
    page = queries.case_page(town, queries.Listing(rows, search, sort="incident_id", descending=False))
    assert page.frame["incident_id"].tolist() == found
    assert page.total == len(found)


def test_pages_are_in_order_and_complete(town: Snapshot) -> None:
    rows = cases_sql("reported", "numerator", JUNE, town.build)
    pages = [queries.case_page(town, queries.Listing(rows), offset=offset, limit=2) for offset in (0, 2)]
    assert [page.frame["incident_id"].tolist() for page in pages] == [["c", "b"], ["a"]]
    assert all(page.total == 3 for page in pages)
    assert queries.case_page(town, queries.Listing(rows, sort="closed_at")).frame["incident_id"].tolist() == ["c", "a", "b"]
    assert queries.case_page(town, queries.Listing(rows, sort="1; DROP TABLE x")).frame["incident_id"].tolist() == ["c", "b", "a"]


def test_a_case_names_its_file_and_row(town: Snapshot) -> None:
    case = queries.case(town, "a")
    assert case.incident["title"] == "路灯不亮"
    assert (case.source.file_name, case.source.file_row, case.source.file_sheet) == ("六月事件.csv", 4, None)
    assert case.source.cells == {"incident_id": "a", "title": "路灯不亮"}
    assert len(case.steps) == 1
    assert case.callbacks.empty
    assert [stage.name for stage in case.stages] == ["reported", "registered", "dispatched", "disposed", "checked", "closed"]
    assert case.stages[-1].hours == 24.0
    assert case.stages[1].hours is None


def test_a_case_whose_raw_row_is_gone_still_opens(town: Snapshot) -> None:
    assert queries.case(town, "c").source.cells == {}
    assert queries.source_row(town, "patrol", "nowhere", None, 1).file_name == "nowhere"


def test_no_such_case_is_a_clear_error(town: Snapshot) -> None:
    with pytest.raises(queries.CaseNotFound, match="没有编号为 zz 的事件"):
        queries.case(town, "zz")


def test_options_carry_the_towns_names(town: Snapshot) -> None:
    assert [option.code for option in queries.options(town, "community")] == ["C01", "unmatched"]
    assert queries.names(town, "community", "en") == {"C01": "北门社区", "unmatched": "Unmatched"}
    assert queries.names(town, "channel", "en") == {"hotline": "Hotline"}
    assert queries.names(town, "channel", "zh") == {"hotline": "热线"}
    assert queries.options(town, "grid")[0].name("zh") == "G1 一网格（至 2026-05-31）"
    assert queries.options(town, "grid")[0].parent == "C01"


def test_every_row_that_came_in_is_accounted_for(town: Snapshot) -> None:
    (file,) = queries.file_page(town, offset=0, limit=10)
    assert (file.name, file.received_by, file.is_balanced, queries.total_files(town)) == ("六月事件.csv", "clerk", True, 1)
    assert queries.tallies(town) == queries.Tallies(set_aside=1, unmatched=0, findings=0, unbalanced=0)
    (group,) = queries.set_aside(town, shown=10)
    assert (group.reason_zh, group.count) == ("不是时间", 1)
    assert group.rows == (queries.SetAsideRow("六月事件.csv", None, 9, "上报时间", "bad"),)
    assert not queries.findings(town)
    assert not queries.unmatched_page(town, offset=0, limit=10)
    assert not queries.returned_workbooks(town)


def test_each_kind_of_export_says_how_new_it_is(town: Snapshot) -> None:
    (source,) = queries.sources(town)
    assert (source.kind, source.files, source.rows, source.exported_at, source.last_day) == ("incident", 1, 3, None, None)
