"""What passes the door: the columns of a sheet as the warehouse may hold them, people hidden, names and personal numbers masked."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from etl import cells
from etl.columns import create_table
from etl.privacy import (
    masked_cell_sql,
    masked_sql,
    names_sql,
    pseudonyms,
    unmistakable_sql,
    without_names_sql,
)
from etl.recognise import Recognition
from etl.source import RETURN_NUMBER, Column, header_key

_NUMBER_OF_A_ROW = "[0-9a-f]{12}-[0-9a-f]{6}-[0-9]+"
_VALUES = frozenset({"moment", "yes_no", "count", "number", "share", "minutes"})
_TWO_HAN = "regexp_matches({}, '\\p{{Han}}{{2}}')"
_DAYS = r"\s*[1-9][0-9]{0,4}([.][0-9]+)?\s*"


def clean_rows(connection: duckdb.DuckDBPyConnection, seen: Recognition, *, key: bytes, counts_from_1904: bool) -> str:
    """A SELECT over cells_rows: file_row, surplus, mends, and each loaded column of the source under our name.

    Creates temp tables person_<column>, word → pseudonym. Nothing else of the sheet is read on.
    """
    columns = [column for column in seen.source.loaded if column.name in seen.columns]
    people = [column for column in columns if column.type == "person"]
    for column in people:
        _hide_people(connection, column, _cell(seen, column), key)
    joins = "".join(f" LEFT JOIN person_{c.name} ON person_{c.name}.word = {_cell(seen, c)}" for c in people)
    names = _names(connection, seen, people)
    named = "".join(f", {expression} AS {name}" for name, expression in names.items())
    rows = f"(SELECT *{named} FROM cells_rows)" if names else "cells_rows"
    clean = {column.name: _clean(connection, column, seen, list(names), counts_from_1904) for column in columns}
    values = "".join(f", {clean.get(c.name, 'NULL::VARCHAR')} AS {c.name}" for c in seen.source.loaded)
    return f"SELECT file_row, surplus, {_mends(seen)} AS mends{values} FROM {rows}{joins}"


def _cell(seen: Recognition, column: Column) -> str:
    return f"c{seen.columns[column.name]}"


def _clean(
    connection: duckdb.DuckDBPyConnection, column: Column, seen: Recognition, names: Sequence[str], counts_from_1904: bool
) -> str:
    """The column as it may be kept. In a row whose cells have shifted any of them may hold a number that reaches somebody."""
    cell = _cell(seen, column)
    if column.type == "person":
        return f"person_{column.name}.pseudonym"
    if column.type == "note":
        return without_names_sql(masked_sql(cell), names)
    kept = _from_1904(cell) if column.type == "moment" and counts_from_1904 else cell
    if _some_cell(connection, column, cell, unmistakable_sql(cell), longer_than=10):
        # an id may look like anything, unless it is written among words
        condition = f"regexp_matches({cell}, '[^ -~]')" if column.type == "text" else "true"
        kept = f"CASE WHEN {condition} THEN {masked_cell_sql(kept)} ELSE {kept} END"
    if names and column.type in _VALUES and _some_cell(connection, column, cell, _TWO_HAN.format(cell), longer_than=5):
        kept = without_names_sql(kept, names)
    return f"CASE WHEN surplus THEN {without_names_sql(masked_sql(cell), names)} ELSE {kept} END"


def _some_cell(connection: duckdb.DuckDBPyConnection, column: Column, cell: str, condition: str, *, longer_than: int) -> bool:
    """Whether any cell of a column that is no free text, longer than so many bytes, fulfils the condition: looked up first, because
    hiding in every cell costs more."""
    texts = f"FROM cells WHERE strlen({cell}) > {longer_than}"
    if column.type in {"text", "moment"}:  # nearly all different, and mostly told apart by the year they begin with
        texts = f"SELECT {cell} {texts} AND NOT ({cell} >= '2000' AND {cell} < '203:' AND strlen({cell}) < 20)"
    else:
        texts = f"SELECT DISTINCT {cell} {texts}"
    return connection.execute(f"SELECT 1 FROM ({texts}) WHERE {condition} LIMIT 1").fetchone() is not None


def _from_1904(cell: str) -> str:
    """A count of days since 1904 as the date it means."""
    at = f"TIMESTAMP '1904-01-01' + to_seconds(round(try_cast({cell} AS DOUBLE) * 86400)::BIGINT)"
    date = f"CASE WHEN contains({cell}, '.') THEN strftime({at}, '%Y-%m-%d %H:%M:%S') ELSE ({at})::DATE::VARCHAR END"
    return f"CASE WHEN regexp_full_match({cell}, '{_DAYS}') THEN {date} ELSE {cell} END"


def _hide_people(connection: duckdb.DuckDBPyConnection, column: Column, cell: str, key: bytes) -> None:
    """Temp table person_<column>: word → pseudonym, over the distinct words of the cell."""
    words = [word for (word,) in connection.execute(f"SELECT DISTINCT {cell} FROM cells_rows WHERE {cell} IS NOT NULL").fetchall()]
    hidden = pseudonyms([cells.person(word) for word in words], key)
    create_table(connection, f"person_{column.name}", {"word": ("VARCHAR", words), "pseudonym": ("VARCHAR", hidden)})


def _names(connection: duckdb.DuckDBPyConnection, seen: Recognition, people: list[Column]) -> dict[str, str]:
    """Alias → expression of each name that rows give in their personal and person columns; columns of numbers give none."""
    given = {f"c{seen.headers.index(header)}": "cells" for header in seen.personal}
    given |= {_cell(seen, c): f"(SELECT word AS {_cell(seen, c)} FROM person_{c.name})" for c in people}
    found = []
    for cell, texts in given.items():
        # a name begins with a Chinese character or has several words; who gives no first name gives no second one
        some = f"SELECT 1 FROM {texts} WHERE (ltrim({cell}) >= '㐀' OR contains({cell}, ' ')) AND ({{}}) IS NOT NULL LIMIT 1"
        for name in names_sql(cell):
            if not connection.execute(some.format(name)).fetchone():
                break
            found.append(name)
    return {f"name_{number}": name for number, name in enumerate(found)}


def _mends(seen: Recognition) -> str:
    """The number of the row a mended one came back for (etl/returns.py)."""
    place = next((i for i, header in enumerate(seen.headers) if header_key(header) == header_key(RETURN_NUMBER)), None)
    if place is None:
        return "NULL::VARCHAR"
    return f"CASE WHEN regexp_full_match(trim(c{place}), '{_NUMBER_OF_A_ROW}') THEN trim(c{place}) END"
