"""Figures are plain dicts: Plotly accepts them, they keep the order of their frame, and an empty frame gives an empty figure."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import Figure
from dashboard.figures.bars import bars, columns
from dashboard.figures.calendar import calendar, month_starts
from dashboard.figures.control import LOOKS, control_chart
from dashboard.figures.dots import ALIKE, BETTER, WORSE, dots
from dashboard.figures.heatmap import week_hours
from dashboard.figures.theme import BLUE, GREY, ORANGE, TEAL, templates
from dashboard.figures.trend import NAME_HEIGHT, PLOT_HEIGHT, Line, trend

WEEKS = pd.DataFrame(
    {
        "week": pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-16"]),
        "reported": [10.0, None, 30.0],
        "closed": [9.0, 12.0, 29.0],
        "reported_href": ["/a", "/b", "/c"],
    }
)
NAMES = pd.DataFrame(
    {"label": ["北门", "南湖"], "value": [3.0, None], "text": ["3", "—"], "hover": ["北门", "南湖"], "href": ["/n", "/s"]}
)
RATES = pd.DataFrame(
    {
        "label": ["甲", "乙", "丙", "丁"],
        "value": [0.9, 0.8, 0.5, None],
        "low": [0.85, 0.6, 0.4, None],
        "high": [0.95, 0.9, 0.6, None],
        "n": [100, 10, 90, 0],
        "stand": [BETTER, ALIKE, WORSE, ALIKE],
        "hover": list("abcd"),
        "href": list("abcd"),
    }
)
HOURS = pd.DataFrame({"dow": [1, 7], "hour": [9, 23], "value": [5.0, 2.0], "href": ["/x", "/y"]})
CALENDAR = pd.DataFrame(
    [
        (date(2026, 10, 30) + timedelta(days=n), state, "h", "/d")
        for n, state in enumerate(["full", "quiet", "quiet", "thin", "missing"])
    ],
    columns=["day", "state", "hover", "href"],
).astype(object)
DAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
LINES = (Line("reported", "上报", "reported_href"), Line("closed", "结案"))


def _all(rows: slice) -> dict[str, Figure]:
    return {
        "trend": trend(WEEKS[rows], LINES, lang="zh", unit="件"),
        "share": trend(
            WEEKS[rows].assign(reported=[0.9, 0.95, 0.92][rows]),
            LINES[:1],
            lang="en",
            share=True,
            reference=0.9,
            reference_name="r",
        ),
        "bars": bars(NAMES[rows], reference=2.0, reference_name="全镇 2"),
        "columns": columns(NAMES[rows].assign(mark=[True, False][rows])),
        "dots": dots(RATES[rows], reference=0.8, reference_name="全镇 80%"),
        "calendar": calendar(CALENDAR[rows], weekdays=DAYS, months={date(2026, 11, 1): "11月"}),
        "heatmap": week_hours(HOURS[rows], weekdays=DAYS, hover="%{y} %{x} %{z}"),
    }


@pytest.mark.parametrize("rows", [slice(None), slice(0)], ids=["data", "empty"])
@pytest.mark.parametrize("name", ["trend", "share", "bars", "columns", "dots", "calendar", "heatmap"])
def test_plotly_accepts_the_figure(name: str, rows: slice) -> None:
    figure = _all(rows)[name]
    go.Figure(figure)
    assert "NaN" not in json.dumps(figure)
    assert "template" not in figure["layout"]
    assert "title" not in figure["layout"]


def test_lines_break_at_gaps_carry_links_and_are_named_at_their_ends() -> None:
    figure = trend(WEEKS, LINES, lang="zh", unit="件")
    assert figure["data"][0]["y"] == [10.0, None, 30.0]
    assert figure["data"][0]["customdata"] == ["/a", "/b", "/c"]
    assert [a["text"] for a in figure["layout"]["annotations"]] == ["结案", "上报"]
    assert figure["data"][1]["hovertemplate"].startswith(f"{LINES[1].name}　%{{y:")


def test_addresses_that_differ_by_their_week_only_are_sent_once() -> None:
    weeks = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 12, 28)]
    hrefs = [f"/cases?metric=x&from={week}&to={week + timedelta(days=6)}" for week in weeks]
    frame = pd.DataFrame({"week": weeks, "value": [1.0, 2.0, 3.0], "href": hrefs})
    (trace,) = trend(frame, [Line("value", "名", "href")], lang="zh")["data"]
    assert trace["meta"] == {"week": "/cases?metric=x&from={from}&to={to}"}
    assert "customdata" not in trace
    assert trend(frame.assign(href=["/a", "/b", "/c"]), [Line("value", "名", "href")], lang="zh")["data"][0]["customdata"] == [
        "/a",
        "/b",
        "/c",
    ]


def test_the_axis_names_weeks() -> None:
    figure = trend(WEEKS, LINES, lang="zh", unit="件")
    assert figure["layout"]["xaxis"]["ticktext"] == ["11/02", "11/09", "11/16"]


def test_names_of_lines_that_end_together_are_pushed_apart() -> None:
    below, above = (a["yshift"] for a in trend(WEEKS, LINES, lang="zh")["layout"]["annotations"])
    assert below < 0 < above
    week = pd.DataFrame({"week": ["2026-11-09"], "a": [310.0], "b": [295.0], "c": [290.0], "d": [40.0]})
    names = trend(week, [Line(name, name) for name in "abcd"], lang="zh")["layout"]["annotations"]
    heights = sorted(name["y"] / 310 * PLOT_HEIGHT + name["yshift"] for name in names)
    assert min(later - earlier for earlier, later in pairwise(heights)) >= NAME_HEIGHT - 1
    assert next(name["yshift"] for name in names if name["text"] == "d") == 0


def test_counts_start_at_zero_and_shares_stay_below_one() -> None:
    assert trend(WEEKS, LINES, lang="zh")["layout"]["yaxis"]["rangemode"] == "tozero"
    low, high = _all(slice(None))["share"]["layout"]["yaxis"]["range"]
    assert 0 < low < 0.9 < 0.95 < high <= 1.005


def test_a_long_course_names_at_most_five_weeks_and_always_the_last() -> None:
    weeks = pd.date_range("2025-01-06", periods=53, freq="7D")
    axis = trend(pd.DataFrame({"week": weeks, "n": range(53)}), [Line("n", "n")], lang="en")["layout"]["xaxis"]
    assert len(axis["tickvals"]) <= 5
    assert axis["tickvals"][-1] == str(weeks[-1].date())


def test_bars_start_at_zero_in_the_order_of_the_frame() -> None:
    figure = bars(NAMES)
    assert figure["layout"]["xaxis"]["range"][0] == 0
    assert figure["layout"]["yaxis"]["ticktext"] == ["北门", "南湖"]
    assert figure["layout"]["yaxis"]["range"][0] > figure["layout"]["yaxis"]["range"][1]
    assert figure["data"][0]["x"] == [3.0, 0.0]


def test_dots_tell_better_and_worse_by_shape_as_well_as_colour() -> None:
    marks: list[dict[str, Any]] = dots(RATES, reference=0.8, reference_name="")["data"][1:]
    assert [(mark["marker"]["symbol"], mark["y"]) for mark in marks] == [("diamond", [0]), ("square", [2]), ("circle", [1])]
    assert len({mark["marker"]["color"] for mark in marks}) == 3


def test_the_heat_map_is_seven_days_by_twenty_four_hours_with_links() -> None:
    data = week_hours(HOURS, weekdays=DAYS, hover="%{y} %{x} 时 %{z} 件")["data"][0]
    assert (len(data["z"]), {len(row) for row in data["z"]}) == (7, {24})
    assert (data["z"][0][9], data["customdata"][6][23], data["y"][0]) == (5.0, "/y", "周一")
    assert data["hovertemplate"].startswith("%{y} %{x} 时 %{z} 件")
    assert data["z"][3][3] is None


def test_templates_are_valid_and_legible() -> None:
    for template in templates().values():
        go.Figure(layout={"template": template})
    assert date(2026, 11, 9).isocalendar().week == 46


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", ["#ffffff", "#18212b"])
@pytest.mark.parametrize("mark", [BLUE, ORANGE, GREY, TEAL])
def test_marks_keep_contrast_on_light_and_dark(mark: str, ground: str) -> None:
    lighter, darker = sorted((_luminance(mark), _luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def test_a_calendar_has_a_week_a_column_and_a_sign_for_what_is_wrong() -> None:
    trace = calendar(CALENDAR, weekdays=DAYS, months={date(2026, 11, 1): "11月"})["data"][0]
    assert [row[0] for row in trace["z"]] == [None, None, None, None, 1, 0, 0]
    assert [row[1] for row in trace["z"]] == [2, 3, None, None, None, None, None]
    assert [row[1] for row in trace["text"]] == ["▾", "×", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        (date(2026, 8, 24), date(2026, 11, 16), 4),
        (date(2025, 11, 16), date(2026, 11, 16), 4),
        (date(2023, 11, 16), date(2026, 11, 16), 3),
    ],
)
def test_the_longer_the_calendar_the_fewer_months_are_named(start: date, end: date, named: int) -> None:
    assert len(month_starts(start, end)) == named


CONTROLLED = WEEKS.assign(
    value=pd.Series([0.9, None, 0.97]),
    centre=0.9,
    low=[0.8, 0.82, 0.81],
    high=[0.96, 0.95, 0.95],
    mark=["", "", "improvement"],
    said="",
    href="/c",
)
NAMED = {"centre": "中心", "low": "下限", "high": "上限"}


def test_a_control_chart_marks_weeks_by_shape_and_steps_its_limits() -> None:
    figure = control_chart(CONTROLLED, NAMED, lang="zh", share=True, steps=(2,))
    go.Figure(figure)
    high, centre, low, course = figure["data"]
    assert course["marker"]["symbol"] == ["circle", "circle", "triangle-up"]
    assert [value is None for value in course["y"]] == [False, True, False]
    assert high["y"] == [0.96, 0.95, None, 0.95]
    assert {level["line"]["shape"] for level in (high, centre, low)} == {"hvh"}
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["下限", "中心", "上限"]
    assert len({symbol for symbol, _, _ in LOOKS.values()}) == 3


def test_without_limits_a_control_chart_is_its_line_and_an_empty_one_is_drawn() -> None:
    unknown = CONTROLLED.assign(centre=float("nan"), low=float("nan"), high=float("nan"), mark="")
    assert len(control_chart(unknown, NAMED, lang="en")["data"]) == 1
    go.Figure(control_chart(CONTROLLED[:0], NAMED, lang="en"))
