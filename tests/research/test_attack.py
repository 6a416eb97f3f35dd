"""What somebody could work out by holding exports against each other: never a handful, and never for certain how many are held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from dashboard.metrics.compute import compute
from dashboard.research.numbers import Question, answer
from dashboard.research.protection import BASE, LEAST
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Snapshot

WEEK = timedelta(days=7)
VIEW = View(period="last_12_weeks")
BY = ("community", "week")
METRICS = ("reported", "due", "closed", "closed_late", "closure_rate", "on_time_closure_rate", "satisfaction_rate", "backlog")


@pytest.fixture(scope="module")
def exports(sample: Snapshot, desk: Settings) -> list[pd.DataFrame]:
    """Of the same cases again and again: one community or category less, one week more, by this or that."""
    return [answer(sample, desk, view, Question(METRICS, by)).frame for view, by in _questions(sample)]


def _questions(sample: Snapshot) -> Iterator[tuple[View, tuple[str, ...]]]:
    for by in ((), ("community",), ("category",), BY, ("category", "community"), ("channel", "level")):
        yield VIEW, by
    communities = [code for (code,) in sample.rows("SELECT DISTINCT community_code FROM core.incident ORDER BY 1")]
    for without in communities:
        yield VIEW.replace(community=tuple(code for code in communities if code != without)), ("category",)
    end = date(2026, 11, 15)
    for weeks in range(1, 9):
        yield View(period="custom", start=end - weeks * WEEK + timedelta(days=1), end=end), ("community",)


def test_no_difference_of_two_exports_is_a_handful(exports: list[pd.DataFrame]) -> None:
    counts = pd.concat([frame[["numerator", "denominator", "n"]].stack().dropna() for frame in exports])
    assert len(counts) > 5_000
    assert counts.min() >= LEAST
    assert set(counts % BASE) == {0.0}, "so every sum and difference of them is a multiple of it as well"


def test_one_metric_less_another_is_no_handful_either(exports: list[pd.DataFrame]) -> None:
    values = exports[1].pivot(index="community", columns="metric", values="value")
    assert ((values["due"] - values["closed"]).dropna() % BASE == 0).all()
    wide, narrow = (exports[at].set_index(["metric", "category"])["numerator"] for at in (2, 6))
    assert ((wide - narrow).dropna() % BASE == 0).all()


def test_windows_that_differ_by_a_week_tell_no_week(exports: list[pd.DataFrame]) -> None:
    windows = [frame[frame["metric"] == "reported"].set_index("community")["value"] for frame in exports[-8:]]
    steps = pd.concat([longer - shorter for shorter, longer in pairwise(windows)]).dropna()
    assert len(steps) > 50
    assert (steps % BASE == 0).all()


def test_a_held_cell_is_not_found_as_a_total_less_the_others(sample: Snapshot, desk: Settings) -> None:
    """An attacker who even knows how often which difference belongs to which number guesses hardly better than without it."""
    exact = compute(sample, ("reported",), VIEW, ("category", *BY)).set_index(["category", *BY])["value"]
    cells = answer(sample, desk, VIEW, Question(("reported",), ("category", *BY))).frame.set_index(["category", *BY])
    held = cells[cells["held"] == "small"].index
    categories = sorted({key[0] for key in cells.index})
    totals = _reported(sample, desk, VIEW)
    others = {
        category: _reported(sample, desk, VIEW.replace(category=tuple(code for code in categories if code != category)))
        for category in categories[::3]
    }
    seen = pd.DataFrame(
        [
            (float(exact.get(key, 0.0)), totals[key[1:]] - others[key[0]][key[1:]])
            for key in held
            if key[0] in others and key[1:] in totals and key[1:] in others[key[0]]
        ],
        columns=["is", "difference"],
    )
    assert len(seen) > 300
    assert seen["is"].nunique() == LEAST
    blind = seen["is"].value_counts(normalize=True).max()
    informed = seen.groupby("difference")["is"].apply(lambda found: found.value_counts().max()).sum() / len(seen)
    assert informed < blind + 0.1
    assert (seen["difference"] == seen["is"])[seen["is"] > 0].sum() == 0, "no difference is the number itself"


def _reported(sample: Snapshot, desk: Settings, view: View) -> dict[tuple[object, ...], float]:
    frame = answer(sample, desk, view, Question(("reported",), BY)).frame.dropna(subset=["value"])
    return {(row["community"], row["week"]): row["value"] for row in frame.to_dict("records")}
