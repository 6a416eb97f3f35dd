"""满意度回访: the bounds silence leaves, the clocks of callbacks, every card with its data."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures.bands import with_bands
from dashboard.figures.dots import dots
from dashboard.pages import draw
from dashboard.pages.satisfaction import BOUNDED, CLOCKED, bounded
from dashboard.queries.callback_clocks import LIMITS, callback_clocks
from dashboard.warehouse import Snapshot
from tests.pages.test_overview import visit
from tests.pages.test_pages import strings

URLS = [
    "/satisfaction",
    "/satisfaction?period=this_year&community=C01,C05",
    "/satisfaction?period=last_week",
    "/satisfaction?period=all",
]


@pytest.mark.parametrize("url", URLS)
def test_bounds_are_those_of_the_callbacks_themselves(sample: Snapshot, url: str) -> None:
    here = visit(sample, url)
    frame = bounded(here, here.numbers(BOUNDED), here.numbers(BOUNDED, by=("community",))).set_index("code")
    rows = sample.query("SELECT * FROM core.callback_case").assign(closed_on=lambda f: pd.to_datetime(f["closed_on"]))
    rows = rows[rows["closed_on"].between(pd.Timestamp(here.period.start), pd.Timestamp(here.period.end))]
    rows = rows[rows["community_code"].isin(here.view.community or rows["community_code"])]
    rows = rows[rows["is_due"] | rows["is_complete"]]
    for code, own in [("", rows), *rows.groupby("community_code")]:
        satisfied = own.loc[own["is_complete"], "satisfaction_credit"].sum()
        silent = (~own["is_complete"]).sum()
        if code in frame.index:
            assert frame.loc[str(code), "asked"] == len(own)
            assert frame.loc[str(code), "worst"] == pytest.approx(satisfied / len(own))
            assert frame.loc[str(code), "best"] == pytest.approx((satisfied + silent) / len(own))
    known = frame.dropna(subset=["value"])
    assert (known["worst"] <= known["value"]).all()
    assert (known["value"] <= known["best"]).all()


@pytest.mark.parametrize("url", URLS)
def test_clocks_agree_with_pandas_and_with_the_metrics(sample: Snapshot, url: str) -> None:
    here = visit(sample, url)
    clocks = {clock.name: clock for clock in callback_clocks(sample, here.view, here.period.start, here.period.end)}
    assert list(clocks) == list(LIMITS)
    numbers = here.numbers(("second_round_rate", "escalation_rate")).set_index("metric")
    for name in ("second", "escalated"):
        clock, row = clocks[name], numbers.loc[CLOCKED[name]]
        assert (clock.count, clock.waiting) == (row["numerator"], row["denominator"] - row["numerator"])
    cases = sample.query("SELECT * FROM core.callback_case").assign(closed_on=lambda f: pd.to_datetime(f["closed_on"]))
    cases = cases[cases["closed_on"].between(pd.Timestamp(here.period.start), pd.Timestamp(here.period.end))]
    cases = cases[cases["community_code"].isin(here.view.community or cases["community_code"])]
    first = cases.loc[cases["is_attempted"], "hours_to_first_call"].dropna()
    assert clocks["first"].timed == len(first)
    assert clocks["first"].within == (first <= LIMITS["first"]).sum()
    if len(first):
        assert clocks["first"].median == pytest.approx(first.median())
        assert clocks["first"].p90 == pytest.approx(first.quantile(0.9))
    calls = sample.query("SELECT * FROM core.callback")
    calls = calls[calls["incident_id"].isin(cases.loc[cases["is_dissatisfied"], "incident_id"])]
    answered = calls[(calls["round"] == 1) & calls["is_complete"]].groupby("incident_id")["called_at"].min()
    again = calls[calls["round"] > 1].groupby("incident_id")["called_at"].min()
    hours = ((again - answered).dropna().dt.total_seconds() // 60 / 60).reset_index(drop=True)
    assert clocks["second"].timed == len(hours)
    assert clocks["second"].within == (hours <= LIMITS["second"]).sum()
    if len(hours):
        assert clocks["second"].median == pytest.approx(hours.median(), abs=0.02)


def test_nothing_called_has_no_times(sample: Snapshot) -> None:
    here = visit(sample, "/satisfaction?community=nobody")
    assert [
        (c.count, c.median, c.p90, c.overdue) for c in callback_clocks(sample, here.view, here.period.start, here.period.end)
    ] == [(0, None, None, 0)] * 3


def test_bands_lie_behind_the_dots_and_leave_out_what_is_not_known() -> None:
    frame = pd.DataFrame(
        {
            "label": ["a", "b"],
            "value": [0.9, None],
            "low": [0.8, None],
            "high": [0.95, None],
            "n": [40, 0],
            "stand": "alike",
            "hover": "",
            "href": "",
            "worst": [0.4, None],
            "best": [0.95, None],
        }
    )
    plain = dots(frame, reference=0.9, reference_name="")
    figure = with_bands(plain, frame)
    go.Figure(figure)
    assert figure["data"][1:] == plain["data"]
    assert figure["data"][0]["x"] == [0.4, 0.95, None]
    assert figure["data"][0]["y"] == [0, 0, None]
    assert with_bands(plain, frame.iloc[:0])["data"][0]["x"] == []


def test_every_card_of_the_page_carries_its_data(sample: Snapshot) -> None:
    here = visit(sample, "/satisfaction")
    words = "\n".join(strings(draw(here)[1]))
    assert set(here.exhibits) == {
        "callback-funnel", "satisfaction-week", "satisfaction-bounds", "solved_rate-community", "callback-clocks",
        "dissatisfied_rate-reason", "dissatisfied_rate-parts", "three-rates",
    }  # fmt: skip
    assert all(exhibit.make().rows for exhibit in here.exhibits.values())
    assert "件若全不满意，满意率为" in words
    assert "时限 3、15、20 天为假定" in words
