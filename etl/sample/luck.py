"""The small community whose last weeks look bad by luck alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from etl.sample.chance import Floats, stream
from etl.sample.clock import DAY, day_number, moment_number
from etl.sample.handling import drawn_pace
from etl.sample.reports import Where
from etl.sample.standing import measures

TRIES = 400
_LOWEST_Z = -2.6
"""Not unluckier than this many standard deviations: within the limits of a funnel."""
_MARGIN = 0.01


def in_recent_weeks(where: Where, frame: pd.DataFrame) -> pd.Series[bool]:
    """Reported in the twelve complete weeks before the newest export."""
    first, last = where.plan.recent
    return (frame["reported"] >= day_number(first) * DAY) & (frame["reported"] < (day_number(last) + 1) * DAY)


def on_time_rates(where: Where, frame: pd.DataFrame) -> pd.DataFrame:
    """One row a community: due, on_time (counts over frame at the newest export), rate (nan where due is 0)."""
    flags = measures(frame, moment_number(where.plan.exported_at))
    table = flags.groupby(frame["community"])[["is_due", "is_on_time"]].sum()
    table = table.reindex(range(len(where.town.community_codes)), fill_value=0)
    table.columns = pd.Index(["due", "on_time"])
    return table.assign(rate=table["on_time"] / table["due"].where(table["due"] > 0))


def unlucky(where: Where, frame: pd.DataFrame, moments: Callable[[pd.DataFrame], pd.DataFrame]) -> tuple[pd.DataFrame, int]:
    """frame with the recent incidents of the unlucky community drawn again, once and again with the town's own
    parameters, until its on-time rate is the lowest yet still within chance; and the number of the draw taken.

    moments: computes the moments of rows from their draws.
    """
    number = where.town.community_codes.index(where.effects.unlucky_community)
    recent = in_recent_weeks(where, frame)
    rows = frame[recent & (frame["community"] == number)]
    others = on_time_rates(where, frame[recent & (frame["community"] != number)])
    if rows.empty or others["due"].sum() == 0:
        return frame, 0
    paces = drawn_pace(stream(where.plan.seed, "luck"), (TRIES, len(rows)))
    rates, due = _rates(where, rows, moments, paces)
    best = _first_unlucky(rates, due, float(others["on_time"].sum() / others["due"].sum()), float(others["rate"].min()))
    changed = moments(rows.assign(pace=paces[best]))[frame.columns]
    return pd.concat([frame.drop(index=rows.index), changed]).sort_index(), best


def _rates(
    where: Where, rows: pd.DataFrame, moments: Callable[[pd.DataFrame], pd.DataFrame], paces: Floats
) -> tuple[Floats, Floats]:
    """On-time rate and due incidents of each try."""
    tries = np.repeat(np.arange(len(paces)), len(rows))
    drawn = moments(pd.concat([rows] * len(paces), ignore_index=True).assign(pace=paces.ravel()))
    flags = measures(drawn, moment_number(where.plan.exported_at))
    due: Floats = np.bincount(tries, flags["is_due"].to_numpy(), len(paces)).astype(float)
    on_time = np.bincount(tries, flags["is_on_time"].to_numpy(), len(paces))
    return np.where(due > 0, on_time / np.maximum(due, 1), 1.0), due


def _first_unlucky(rates: Floats, due: Floats, usual: float, lowest_other: float) -> int:
    """The first try well below all others yet still within chance; where there is none, the lowest within chance."""
    z = (rates - usual) / np.sqrt(usual * (1 - usual) / np.maximum(due, 1))
    gap = np.where(z >= _LOWEST_Z, lowest_other - rates, -1.0)
    enough = np.flatnonzero(gap >= _MARGIN)
    return int(enough[0]) if len(enough) else int(np.argmax(gap))
