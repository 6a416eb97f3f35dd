"""How many cases stood open past their deadline at moments gone by, counted back from what is known now.

A case is overdue at a moment when its deadline (with extensions) has passed and it is not disposed yet: at the as-of moment these are
the cases of the metric open_overdue, whenever they were reported. Cases made void or parked since are missing from the past too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.metrics.dimensions import column, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

TABLE, PERIOD = "core.incident", "reported_on"
WEEK = timedelta(days=7)
Moments = npt.NDArray[np.datetime64]
CODES = ("community_code", "grid_id", "category_code", "department_code", "channel_code", "level_code")
PAIR = ["community_code", "category_code"]


@dataclass(frozen=True)
class Pile:
    """Overdue cases of one category in one community. department: who has most of them, and how many ·
    before: the count at the same moment of each earlier week the data knows, the oldest first.
    """

    community: str
    category: str
    count: int
    department: str
    department_count: int
    before: tuple[int, ...]


def overdue_at(snapshot: Snapshot, view: View, moments: Sequence[datetime]) -> list[int]:
    """Overdue cases at each of the moments, under the view's filters whatever its period."""
    late = _filtered(snapshot, view)
    return _standing(late["since"].to_numpy(), late["until"].to_numpy(), moments)


def weekly_moments(snapshot: Snapshot, weeks: int) -> list[datetime]:
    """The as-of moment of each of the weeks before that the data knows, the oldest first."""
    moments = [snapshot.build.as_of - number * WEEK for number in range(weeks, 0, -1)]
    return [moment for moment in moments if moment.date() >= snapshot.build.data_from]


def overdue_piles(snapshot: Snapshot, view: View, *, least: int, top: int, weeks: int) -> tuple[Pile, ...]:
    """The `top` largest piles of at least so many cases now, each with its course over the weeks before."""
    moments = weekly_moments(snapshot, weeks)
    late = _filtered(snapshot, view)
    recent = late[late["until"] > np.datetime64(min(moments, default=snapshot.build.as_of))]
    since, until, is_open = (recent[name].to_numpy() for name in ("since", "until", "is_open_overdue"))
    pairs = recent.groupby(PAIR, observed=True, sort=True).indices.items()
    groups = [(cast("tuple[str, str]", pair), np.asarray(places, dtype=np.intp)) for pair, places in pairs]
    sizes = [(-int(is_open[rows].sum()), pair, rows) for pair, rows in groups]
    largest = sorted((entry for entry in sizes if -entry[0] >= least), key=lambda entry: entry[:2])[:top]
    departments = recent["department_code"].cat
    codes, names = departments.codes.to_numpy(), departments.categories
    found = []
    for size, (community, category), rows in largest:
        cases = np.bincount(codes[rows[is_open[rows]]])
        most = int(cases.argmax())
        before = tuple(_standing(since[rows], until[rows], moments))
        found.append(Pile(community, category, -size, str(names[most]), int(cases[most]), before))
    return tuple(found)


def _standing(since: Moments, until: Moments, moments: Sequence[datetime]) -> list[int]:
    """Those that became overdue before a moment, less those disposed by then."""
    asked = np.array(moments, dtype="datetime64[us]")
    counts = np.searchsorted(np.sort(since), asked, side="left") - np.searchsorted(np.sort(until), asked, side="right")
    return [int(count) for count in counts]


def _filtered(snapshot: Snapshot, view: View) -> pd.DataFrame:
    late = snapshot.remembered(("overdue_past",), lambda: _late(snapshot))
    for name, _ in shape(view):
        late = late[late[column(name, TABLE, PERIOD)].isin(getattr(view, name))]
    return late


def _late(snapshot: Snapshot) -> pd.DataFrame:
    """Every case that was overdue at some moment, since when and until when; read once a build.

    is_disposed_on_time is unknown, and the case left out, where it was disposed nobody knows when.
    """
    sql = f"""SELECT * FROM (
                  SELECT {", ".join(CODES)}, is_open_overdue, greatest(due_at, reported_at) AS since,
                         CASE WHEN is_disposed THEN least(coalesce(disposed_at, closed_at), ?) ELSE TIMESTAMP '9999-12-31' END AS until
                  FROM {TABLE} WHERE NOT is_disposed_on_time)
              WHERE until > since"""
    return snapshot.query(sql, [snapshot.build.as_of]).astype(dict.fromkeys(CODES, "category"))
