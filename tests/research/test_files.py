"""Outputs as files: they reopen with equal numbers, say what every column means, and nothing in them runs."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from dashboard.desk.query import Column, Result
from dashboard.metrics.catalogue import UNITS
from dashboard.research.files import CODEBOOK, codebook, to_codebook, to_csv, to_parquet, to_xlsx
from dashboard.research.numbers import NUMBERS, Question, answer
from dashboard.research.outputs import Output, of_answer, of_result
from dashboard.research.provenance import Provenance, citation
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Snapshot

QUESTION = Question(("closure_rate", "three_rate_composite", "median_hours_to_close", "incidents_per_fte"), ("community", "week"))
SQL = """SELECT community_code, reported_on, hours_to_close, count(*) AS n FROM open.incident GROUP BY ALL"""
TRICKY = Result(
    "done",
    tuple(
        Column(name, type_)
        for name, type_ in {
            "community_code": "VARCHAR", "n": "BIGINT", "huge": "HUGEINT", "share": "DOUBLE", "price": "DECIMAL(18,3)", "on": "DATE",
            "at": "TIMESTAMP", "clock": "TIME", "yes": "BOOLEAN", "list": "VARCHAR[]", "long_ago": "DATE", "=name": "VARCHAR",
        }.items()
    ),
    (
        ("=1+1", 3, 2**80, 0.1, Decimal("1.250"), date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), time(1, 2), True, ["a", "b"], date(1, 1, 1), "@x"),
        (None, None, 1, None, None, None, None, None, None, None, None, "-5"),
        ("锦秀里", -7, 2**53 + 1, -1e-9, Decimal("-0.001"), date(1999, 12, 31), datetime(2000, 1, 1), None, False, [], None, ""),
    ),
)  # fmt: skip


@pytest.fixture(scope="module", params=["zh", "en"])
def answered(request: pytest.FixtureRequest, sample: Snapshot, desk: Settings) -> tuple[Output, Provenance]:
    view = View(period="last_4_weeks", community=("C01", "C02", "C12"), lang=request.param)
    return of_answer(answer(sample, desk, view, QUESTION), sample, view)


def test_an_answer_reopens_with_equal_numbers(answered: tuple[Output, Provenance]) -> None:
    output, of = answered
    names = [column.name for column in output.columns]
    frames = [
        pd.read_csv(io.BytesIO(to_csv(output)), encoding="utf-8-sig"),
        pd.read_excel(io.BytesIO(to_xlsx(output, of)), engine="calamine"),
        pd.read_parquet(io.BytesIO(to_parquet(output, of))),
    ]
    expected = pd.DataFrame(list(output.rows), columns=names)[list(NUMBERS)].astype(float)
    assert len(expected) == 4 * 3 * 4
    for frame in frames:
        assert list(frame.columns) == names
        pd.testing.assert_frame_equal(frame[list(NUMBERS)].astype(float), expected)
        assert frame["held"].fillna("").tolist() == [row[-1] or "" for row in output.rows]


def test_the_notes_say_what_was_filtered_and_what_not(sample: Snapshot, desk: Settings) -> None:
    view = View(community=("C01",), category=("02", "03"))
    output, _ = of_answer(answer(sample, desk, view, Question(("due", "service_cases"), ())), sample, view)
    said = dict(output.notes[:3])
    names = [
        name
        for (name,) in sample.rows("SELECT name_zh FROM core.code WHERE list = 'category' AND code IN ('02', '03') ORDER BY code")
    ]
    (place,) = [name for (name,) in sample.rows("SELECT name FROM core.community WHERE community_code = 'C01'")]
    assert f"筛选：社区（{place}）；工作内容（{'、'.join(names)}）。" in said
    assert any("办件数" in zh and "Service cases" in en for zh, en in said.items()), "cases of the service centre have no category"


def test_equal_answers_give_equal_bytes(answered: tuple[Output, Provenance]) -> None:
    output, of = answered
    assert to_xlsx(output, of) == to_xlsx(output, of)
    assert to_parquet(output, of) == to_parquet(output, of)


def test_whatever_a_query_gives_reopens(sample: Snapshot) -> None:
    output, of = of_result(TRICKY, "SELECT", sample.build, "zh")
    table = pq.read_table(io.BytesIO(to_parquet(output, of)))
    whole = table.to_pylist()[0]
    assert whole["n"] == 3
    assert whole["huge"] == str(2**80), "no type of Parquet's holds it"
    assert (whole["share"], whole["price"], whole["on"], whole["at"]) == (
        0.1,
        Decimal("1.250"),
        TRICKY.rows[0][5],
        TRICKY.rows[0][6],
    )
    assert (whole["clock"], whole["yes"], whole["list"], whole["long_ago"]) == (time(1, 2), True, '["a", "b"]', date(1, 1, 1))
    assert table.to_pylist()[1]["n"] is None
    lines = to_csv(output).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("'=name")
    assert (
        lines[1]
        == """'=1+1,3,1208925819614629174706176,0.1,1.250,2026-01-02,2026-01-02 03:04:05,01:02:00,true,"[""a"", ""b""]",0001-01-01,'@x"""
    )
    assert lines[3].startswith("锦秀里,-7,9007199254740993,-1e-09,-0.001,1999-12-31,2000-01-01 00:00:00,,false,[]")
    data = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(output, of))).get_sheet_by_index(0).to_python()
    assert data[1][:6] == ["=1+1", 3, str(2**80), 0.1, 1.25, date(2026, 1, 2)]
    assert data[1][10:] == ["0001-01-01", "@x"]


def test_nothing_at_all_is_still_a_file(sample: Snapshot) -> None:
    output, of = of_result(Result("done", (Column("n", "BIGINT"),)), "SELECT", sample.build, "en")
    assert to_csv(output).decode("utf-8-sig") == "n\r\n"
    assert pq.read_table(io.BytesIO(to_parquet(output, of))).num_rows == 0
    assert CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(output, of))).sheet_names == ["Data", "Codebook", "About"]


def test_the_codebook_explains_every_column_and_metric(answered: tuple[Output, Provenance]) -> None:
    output, of = answered
    book = pd.read_csv(io.BytesIO(to_codebook(output)), encoding="utf-8-sig", keep_default_na=False)
    assert tuple(book.columns) == CODEBOOK
    columns = book[book["kind"] == "column"]
    assert columns["name"].tolist() == [column.name for column in output.columns]
    metrics = book[book["kind"] == "metric"]
    assert {*QUESTION.metrics, "solved_rate", "contacted_rate", "satisfaction_rate"} == set(metrics["name"])
    assert set(metrics["unit"]) <= set(UNITS)
    assert (book[["definition_zh", "definition_en"]] != "").all().all()
    metadata = pq.read_schema(io.BytesIO(to_parquet(output, of))).metadata
    assert len(json.loads(metadata[b"codebook"])) == len(codebook(output))
    assert Provenance.read(json.loads(metadata[b"provenance"])) == of


def test_a_result_s_columns_are_explained_by_the_open_schema(sample: Snapshot) -> None:
    columns = {"community_code": "VARCHAR", "reported_on": "DATE", "n": "BIGINT", "hours_to_close": "VARCHAR", "centre": "VARCHAR"}
    result = Result("done", tuple(Column(name, type_) for name, type_ in columns.items()))
    output, of = of_result(result, SQL, sample.build, "zh")
    said = {column.name: column.zh for column in output.columns}
    assert said["reported_on"].startswith("同名列 incident.reported_on：上报日")
    assert said["community_code"].count("incident.community_code") == 1
    computed = [name for name, words in said.items() if words == "查询中算出"]
    assert computed == ["n", "hours_to_close", "centre"], "no column, another type, a table the query does not name"
    assert of.asked == SQL


def test_the_line_to_cite_says_which_numbers(answered: tuple[Output, Provenance]) -> None:
    _, of = answered
    for lang, mark in (("zh", "[DS]"), ("en", "[Data set]")):
        line = citation(of, lang)
        assert "\n" not in line
        for part in (mark, of.build_id, of.catalogue_version, of.program_version, "2026-11-16 08:00"):
            assert part in line
    assert "（按社区、周）" in citation(of, "zh")
    assert "2026-10-19 至 2026-11-15" in citation(of, "zh"), "another period is another table"


def test_no_personal_number_is_in_any_file(sample: Snapshot, answered: tuple[Output, Provenance]) -> None:
    output, of = answered
    hidden: set[Any] = {
        text for (text,) in sample.rows("SELECT DISTINCT unnest([incident_id, worker_id, title]) FROM core.incident")
    }
    shown = {str(value) for row in output.rows for value in row}
    assert not shown & hidden
    assert of.asked.startswith("/research?")


def test_a_list_of_decimals_is_text(sample: Snapshot) -> None:
    """Its type begins as a decimal's does."""
    result = Result("done", (Column("x", "DECIMAL(2,1)[]"), Column("y", "DECIMAL(2,1)")), (([Decimal("1.5")], Decimal("2.5")),))
    output, of = of_result(result, "SELECT [1.5] AS x", sample.build, "zh")
    frame = pq.read_table(io.BytesIO(to_parquet(output, of)))
    assert [str(field.type) for field in frame.schema] == ["string", "decimal128(2, 1)"]
