"""Whole columns are read as single cells are: what DuckDB reads itself equals what etl.cells reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources

import duckdb
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
    "{}-{}-{} {}:{}:{}".format, st.integers(1985, 2105), st.integers(0, 13), st.integers(0, 32), DIGITS, DIGITS, DIGITS
)
CANONICAL = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat(" "))
IDS = st.text("SJ0129eE+.-_/ 　２", min_size=1, max_size=8)


def read(column: str, texts: Sequence[str]) -> list[tuple[object, str | None]]:
    """Value and error of each text in a column of the incident source."""
    with duckdb.connect() as connection:
        connection.execute(resources.files("etl").joinpath("schema.sql").read_text(encoding="utf-8"))
        create_raw_tables(connection)
        load_raw(connection, [])
        create_table(
            connection,
            "drawn",
            {
                "file_row": ("INTEGER", range(len(texts))),
                "word": ("VARCHAR", texts),
                "fine": ("VARCHAR", ["2026-01-01 00:00:00"] * len(texts)),
            },
        )
        others = {"incident_id": "'X' || file_row", "reported_at": "fine"} | {column: "word"}
        connection.execute(
            f"INSERT INTO raw.incident BY NAME SELECT 0 AS sheet_no, 'f' AS file_id, file_row, false AS surplus, "
            f"{', '.join(f'{value} AS {name}' for name, value in others.items())} FROM drawn"
        )
        type_rows(connection, INCIDENT, REFERENCE)
        return connection.execute(f"SELECT {column}, split_part(error, '|', 2) FROM read_incident ORDER BY file_row").fetchall()


def alone(reader: Callable[[str], object], text: str) -> tuple[object, str | None]:
    """The same of one cell."""
    try:
        return reader(text), None
    except cells.CellError as refused:
        return None, refused.reason


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(CANONICAL, NEARLY_MOMENTS), min_size=1, max_size=30))
@example(
    ["0204-03-05 09:05:00", "9999-01-01 00:00:00", "2024-02-30 00:00:00", "2024-03-05 24:00:00", "2024-3-5 9:05:07", "2024-03-05"]
)
def test_moments_are_read_alike(texts: list[str]) -> None:
    for text, found in zip(texts, read("closed_at", texts), strict=True):
        assert found == alone(lambda text: (moment := cells.moment(text)) and moment.at, text), text


@settings(max_examples=15, deadline=None)
@given(st.lists(IDS, min_size=1, max_size=30))
@example(["1E18", "1.2011E+18", "SJ1", "-", "无", " SJ1 ", "２０２４", "G-01@2", "12E5"])
def test_ids_are_read_alike(texts: list[str]) -> None:
    for text, found in zip(texts, read("grid", texts), strict=True):
        assert found == alone(cells.identifier, text), text
