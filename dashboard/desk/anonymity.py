"""Makes rare combinations coarse, step by step, until every combination that is shown occurs often enough.

What others may know of a case (when, where, what, by which way) is one combination; a query over these columns counts whole
combinations, and so does the difference of two. durations.sql then takes out what would give a coarse day back.

All this holds within one build. Two builds can be subtracted: six rows on Monday and seven on Tuesday are one new row. Researchers should
be given builds that lie months apart, not days. The module is given a connection to tables of its own; it opens none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LEAST = 5
"""Rows a combination must have to be shown."""

PRECISIONS = ("day", "week", "month", "quarter", "none")


@dataclass(frozen=True)
class Sort:
    """What is known of a table's rows. day: name of its day without _on · columns: the other quasi-identifiers ·
    steps: a precision of the day, or a column that is hidden, in the order in which rare rows give them up."""

    table: str
    day: str
    columns: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The quasi-identifiers as columns."""
        return (f"{self.day}_on", f"{self.day}_precision", *self.columns)


# Channels go before communities: the desk compares communities, and with channels kept 59 % of the sample's cases would have one, now 95 %.
SORTS = (
    Sort(
        "incident",
        "reported",
        ("community_code", "grid_code", "category_code", "subcategory", "channel_code"),
        ("subcategory", "week", "month", "grid_code", "channel_code", "quarter", "community_code", "category_code", "none"),
    ),
    Sort("service_case", "applied", ("community_code", "centre", "item"), ("week", "month", "item", "quarter", "community_code", "centre", "none")),
    Sort("patrol", "patrolled", ("community_code", "grid_code", "kind"), ("week", "month", "grid_code", "kind", "quarter", "community_code", "none")),
)  # fmt: skip


def coarsen(connection: Any, sort: Sort) -> int:
    """Makes the table's rare rows coarse in place; the number of rows left out, which are fewer than LEAST however coarse."""
    table, shown = sort.table, ", ".join(sort.shown)
    # the exact day is kept meanwhile: the month of a row is its day's, not that of its week's Monday
    connection.execute(f"CREATE TEMP TABLE quasi AS SELECT rowid AS row, {sort.day}_on AS exact_day, {shown} FROM {table}")
    for step in sort.steps:
        _mark_rare(connection, shown)
        connection.execute(f"UPDATE quasi SET {', '.join(_given_up(sort, step))} WHERE is_rare")
    _mark_rare(connection, shown)
    withheld = connection.execute("SELECT count(*) FILTER (is_rare) FROM quasi").fetchone()[0]
    replaced = ", ".join(f"quasi.{column} AS {column}" for column in sort.shown)
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT {table}.* REPLACE ({replaced}) "
        f"FROM {table} JOIN quasi ON {table}.rowid = quasi.row WHERE NOT is_rare"
    )
    connection.execute("DROP TABLE quasi")
    return int(withheld)


def _mark_rare(connection: Any, shown: str) -> None:
    """Rows settled earlier count too: a combination that is frequent enough only grows."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE quasi AS "
        f"SELECT row, exact_day, {shown}, count(*) OVER (PARTITION BY {shown}) < {LEAST} AS is_rare FROM quasi"
    )


def _given_up(sort: Sort, step: str) -> Iterator[str]:
    if step not in PRECISIONS:
        yield f"{step} = NULL"
        return
    yield f"{sort.day}_precision = '{step}'"
    yield f"{sort.day}_on = " + ("NULL" if step == "none" else f"date_trunc('{step}', exact_day)")
