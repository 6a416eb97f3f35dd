"""Whole columns are read as single cells are: what DuckDB reads itself equals what etl.cells reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import resources

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl import cells
from etl.columns import create_table
from etl.raw import create_raw_tables, load_raw
from etl.reference import load_reference
from etl.sources.incident import INCIDENT
from etl.typed import type_rows
from tests.etl.exports import SHIPPED

REFERENCE = load_reference([SHIPPED / "reference"])
DIGITS = st.text("0123456789", min_size=1, max_size=4)
NEARLY_MOMENTS = st.builds(
    "{}{sep}{}{sep}{}{gap}{}:{}{}".format,
    st.one_of(st.integers(1985, 2105), st.integers(0, 300)),
    st.integers(0, 13),
    st.integers(0, 32),
    DIGITS,
    DIGITS,
    st.one_of(st.just(""), DIGITS.map(":{}".format)),
    sep=st.sampled_from("-/.／"),
    gap=st.sampled_from([" ", "T", "  ", "\t", "\u00a0", "\u3000"]),
)
BY_ORDER = st.builds(
    "{}/{}/{} {}:{}".format,
    st.integers(0, 32),
    st.integers(0, 13),
    st.one_of(st.integers(1985, 2105), st.integers(0, 300)),
    DIGITS,
    DIGITS,
)
CANONICAL = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat(" "))
IDS = st.text("SJ0129eE+.,-_/ 　２'=\"\u200b\u0301", min_size=1, max_size=8)
NUMBERS = st.one_of(st.text("0123456789.,+-eE %天约 １\u00a0", max_size=8), st.floats().map(str), st.integers().map("{:,}".format))
Found = list[tuple[object, str | None]]


@cache
def warehouse() -> duckdb.DuckDBPyConnection:
    """Empty raw tables; making them for every example would take most of the time."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(resources.files("etl").joinpath("schema.sql").read_text(encoding="utf-8"))
    create_raw_tables(connection)
    load_raw(connection, [])
    return connection


def read(column: str, texts: Sequence[str], date_order: str | None = None) -> Found:
    """Value and error of each text in a column of the incident source."""
    return read_as([column], texts, date_order)[0]


def read_as(into: Sequence[str], texts: Sequence[str], date_order: str | None = None) -> list[Found]:
    """The same for several columns, each of which holds the texts."""
    connection = warehouse()
    connection.execute("DROP VIEW IF EXISTS typed_incident; DROP TABLE IF EXISTS read_incident; DROP TABLE IF EXISTS drawn")
    connection.execute("DELETE FROM raw.incident; DELETE FROM fault; DELETE FROM loaded_sheet; DELETE FROM word_use")
    connection.execute("INSERT INTO loaded_sheet BY NAME SELECT 0 AS sheet_no, 'incident' AS kind, ? AS date_order", [date_order])
    columns = {
        "file_row": ("INTEGER", range(len(texts))),
        "word": ("VARCHAR", texts),
        "fine": ("VARCHAR", ["2026-01-01 00:00:00"] * len(texts)),
    }
    create_table(connection, "drawn", columns)
    others = {"incident_id": "'X' || file_row", "reported_at": "fine"} | dict.fromkeys(into, "word")
    connection.execute(
        f"INSERT INTO raw.incident BY NAME SELECT 0 AS sheet_no, 'f' AS file_id, file_row, false AS surplus, "
        f"{', '.join(f'{value} AS {name}' for name, value in others.items())} FROM drawn"
    )
    type_rows(connection, INCIDENT, REFERENCE)
    faults = "SELECT count(*) FROM read_incident WHERE is_aside <> (file_row IN (SELECT file_row FROM fault))"
    assert connection.execute(faults).fetchone() == (0,)
    return [
        connection.execute(
            f"SELECT b.{column}, f.reason FROM read_incident b LEFT JOIN fault f ON f.file_row = b.file_row AND f.column_name = '{column}' "
            f"ORDER BY b.file_row"
        ).fetchall()
        for column in into
    ]


def alone(reader: Callable[[str], object], text: str) -> tuple[object, str | None]:
    """The same of one cell."""
    try:
        return reader(text), None
    except cells.CellError as refused:
        return None, refused.reason


def moment(text: str, order: cells.Order | None = None) -> object:
    found = cells.moment(text, order)
    return found and found.at


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(CANONICAL, NEARLY_MOMENTS), min_size=1, max_size=40))
@example(
    ["0204-03-05 09:05:00", "9999-01-01 00:00:00", "2024-02-30 00:00:00", "2024-03-05 24:00:00", "2024-3-5 9:05:07", "2024-03-05"]
)
@example(
    ["20/3/5 9:05", "201/3/5 9:05", "2024/3/5 9:05", "2024/3/5 24:00", "2040-1-1 00:00", "1999-12-31 23:59:59", "2024/3/5 9:05:60"]
)
def test_moments_are_read_alike(texts: list[str]) -> None:
    for text, found in zip(texts, read("closed_at", texts), strict=True):
        assert found == alone(moment, text), text


@pytest.mark.parametrize("order", ["day_month", "month_day", "undecided"])
@settings(max_examples=8, deadline=None)
@given(st.lists(st.one_of(CANONICAL, NEARLY_MOMENTS, BY_ORDER), min_size=1, max_size=40))
@example(
    ["3/4/2026 9:05", "3/3/2026 9:05", "13/4/2026 9:05", "4/13/2026 9:05", "3/4/26 9:05", "3/4/206 9:05", "3/4/2026", "20/3/5 9:05"]
)
def test_moments_are_read_alike_in_a_sheet_with_an_order(order: cells.Order, texts: list[str]) -> None:
    for text, found in zip(texts, read("closed_at", texts, order), strict=True):
        assert found == alone(partial(moment, order=order), text), text


@settings(max_examples=20, deadline=None)
@given(st.lists(IDS, min_size=1, max_size=30))
@example(["1E18", "1.2011E+18", "SJ1", "-", "无", " SJ1 ", "２０２４", "G-01@2", "12E5", '="001"', "'001", "#N/A", "2E01", "2E11"])
def test_ids_are_read_alike(texts: list[str]) -> None:
    for text, found in zip(texts, read("grid", texts), strict=True):
        assert found == alone(cells.label, text), text


@settings(max_examples=8, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30))
@example(["1,234", "99.33%", "约30", "#DIV/0!", "1e999", "-0", "9" * 40, "99999999999"])
def test_numbers_are_read_alike(texts: list[str]) -> None:
    readers = {"limit_value": cells.number, "rework_count": cells.count, "is_parked": cells.yes_no}
    for reader, column in zip(readers.values(), read_as(list(readers), texts), strict=True):
        for text, found in zip(texts, column, strict=True):
            assert found == alone(reader, text), text


CUT = ["110101199001010000", "110101199001011000", "110101199001012000"]
WHOLE = ["1101011990010112", "1101011990010113", "1101011990010110"]


def test_ids_that_excel_cut_are_set_aside_where_that_is_plain() -> None:
    assert [reason for _, reason in read("incident_id", [*CUT, "SJ1", "110101199001010"])] == ["id_cut"] * 3 + [None, None]
    assert {reason for _, reason in read("incident_id", CUT[:2])} == {None}  # two ids may end in zeros
    assert {reason for _, reason in read("incident_id", [*CUT, "110101199001010123"])} == {None}  # one is whole, so nothing was cut
    assert {reason for _, reason in read("incident_id", WHOLE)} == {None}
    assert {reason for _, reason in read("incident_id", [f"110101199001{n}0" for n in (101, 102, 103)])} == {
        None
    }  # one digit each proves little
    assert {reason for _, reason in read("incident_id", [f"11010119900{n}0" for n in range(1000, 1006)])} == {"id_cut"}
