"""满意度回访: the bounds silence leaves, the clocks of callbacks, every card with its data."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures.bands import with_bands
from dashboard.figures.dots import dots
from dashboard.pages.satisfaction import BOUNDED, CLOCKED, bounded
from dashboard.queries.callback_clocks import LIMITS, callback_clocks
from dashboard.reading.weighting import leaning, weighted, weighted_words
from dashboard.warehouse import Snapshot
from tests.pages.test_overview import visit
from tests.pages.test_pages import seen

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


def test_the_weighted_rate_stands_for_all_that_were_to_be_called(sample: Snapshot) -> None:
    """By pandas: cells with fewer than five answers are few over all years, so community × content × channel joins little."""
    here = visit(sample, "/satisfaction?period=all")
    rows = sample.query("SELECT * FROM core.callback_case WHERE is_due OR is_complete")
    rows["satisfied"] = rows["satisfaction_credit"].where(rows["is_complete"], 0.0)
    cells = rows.groupby(["community_code", "category_code"]).agg(
        asked=("is_due", "size"), answers=("is_complete", "sum"), satisfied=("satisfied", "sum")
    )
    coarse = (cells["satisfied"] / cells["answers"] * cells["asked"]).sum() / cells["asked"][cells["answers"] > 0].sum()
    found = weighted(here)
    assert (found.found.cases, found.found.answers) == (len(rows), rows["is_complete"].sum())
    assert found.found.rate == pytest.approx(coarse, abs=0.003)
    assert found.found.plain == pytest.approx(rows["satisfied"].sum() / rows["is_complete"].sum())
    assert found.found.low < found.found.rate < found.found.high


def test_the_weighted_rate_stands_below_the_plain_one_in_chart_table_and_words(sample: Snapshot) -> None:
    page = seen(sample, "/satisfaction")
    here, words = page.visit, "\n".join(page.strings)
    found = weighted(here)
    first, second, *_ = here.exhibits["satisfaction-bounds"].make().rows
    assert (first[0], second[0]) == ("整体", "整体（加权后）")
    assert second[3] == found.found.rate
    assert weighted_words(here, found) in words
    assert "比未加权低 0.3 个百分点" in words
    assert "加权纠正不了“越不满意越不接电话”" in words


def test_too_few_answers_are_not_weighted_and_the_page_says_so(sample: Snapshot) -> None:
    page = seen(sample, "/satisfaction?period=last_week")
    here, words = page.visit, "\n".join(page.strings)
    assert "满意率不作加权，也不据此下结论" in words
    assert [row[0] for row in here.exhibits["satisfaction-bounds"].make().rows][1] != "整体（加权后）"


def test_who_answers_less_often_than_chance_allows_is_named(sample: Snapshot) -> None:
    here = visit(sample, "/satisfaction")
    names = here.codes("community")
    cells = pd.DataFrame(
        {
            "community_code": [code for code, _ in names],
            "category_code": "K",
            "channel_code": "L",
            "asked": [100] * len(names),
            "answers": [20] + [60] * (len(names) - 1),
        }
    )
    ((short, one),) = leaning(cells, "community_code")
    assert (one.code, round(one.asked, 3)) == (names[0][0], round(1 / len(names), 3))
    assert one.answers < one.asked
    assert short == pytest.approx(100 * cells["answers"].sum() / cells["asked"].sum() - 20)
    said = weighted_words(here, replace(weighted(here), leaning=(one,)))
    assert f"没有答复的偏在{names[0][1]}（占应回访 7.7%，占答复 2.7%）。" in said
    assert leaning(cells.assign(answers=60), "community_code") == []
    for is_even, words in ((True, "都在随机波动之内"), (False, "没有答复率明显偏低的")):
        assert words in weighted_words(here, replace(weighted(here), leaning=(), is_even=is_even))


def test_answers_are_even_only_where_nobody_answers_more_often_either(sample: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    one = pd.DataFrame({"community_code": ["A", "B"], "category_code": "K", "channel_code": "L", "asked": [1000, 40]})
    for answers, is_even in (([500, 20], True), ([500, 38], False)):
        cells = one.assign(answers=answers, satisfied=10)
        monkeypatch.setattr("dashboard.reading.weighting.callback_cells", lambda *_, cells=cells: cells)
        found = weighted(visit(sample, "/satisfaction"))
        assert (found.leaning, found.is_even) == ((), is_even)


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
    page = seen(sample, "/satisfaction")
    here, words = page.visit, "\n".join(page.strings)
    assert set(here.exhibits) == {
        "callback-funnel", "satisfaction-week", "satisfaction-bounds", "solved_rate-community", "callback-clocks",
        "dissatisfied_rate-reason", "dissatisfied_rate-parts", "three-rates",
    }  # fmt: skip
    assert all(exhibit.make().rows for exhibit in here.exhibits.values())
    assert "件若全不满意，满意率为" in words
    assert "时限 3、15、20 天为假定" in words
