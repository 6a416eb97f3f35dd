"""Effects in time and by row, and weeks against what was expected: Plotly takes them, what is not known is not drawn."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import Figure
from dashboard.figures.effects import PLAIN, SHOWN, TRUE, Level, effects_by_row, effects_in_time
from dashboard.figures.expected import against_expected

EFFECTS = pd.DataFrame(
    {
        "at": [-2.0, 2.0, 6.0],
        "label": ["前", "后", "合计"],
        "value": [1.0, math.nan, 12.0],
        "low": [-4.0, math.nan, 3.0],
        "high": [6.0, math.nan, 900.0],
        "look": [PLAIN, SHOWN, TRUE],
        "hover": list("abc"),
    }
)
WEEKS = pd.DataFrame(
    {
        "week": pd.date_range("2026-01-05", periods=40, freq="7D"),
        "observed": 9.0,
        "expected": [None if n < 20 else 8.0 for n in range(40)],
        "low": [None if n < 20 else 7.0 for n in range(40)],
        "high": [None if n < 20 else 9.5 for n in range(40)],
    }
)


def drawn(rows: slice) -> dict[str, Figure]:
    return {
        "time": effects_in_time(
            EFFECTS[rows], ticks={0.0: "0"}, unit="%", lang="zh", nothing="没有变化", begins=0.0, level=Level(5.0, "真的")
        ),
        "row": effects_by_row(EFFECTS[rows], unit="%", nothing="没有变化", level=Level(5.0, "合计")),
        "expected": against_expected(WEEKS[rows], ("实际", "推算", "拟合"), days=[], lang="zh"),
    }


@pytest.mark.parametrize("rows", [slice(None), slice(0)], ids=["data", "empty"])
@pytest.mark.parametrize("name", ["time", "row", "expected"])
def test_plotly_accepts_the_figure(rows: slice, name: str) -> None:
    go.Figure(drawn(rows)[name])


def test_an_effect_that_is_not_known_has_no_mark_and_keeps_its_name() -> None:
    figure = drawn(slice(None))["row"]
    marks = [(x, y) for trace in figure["data"] if trace["mode"] == "markers" for x, y in zip(trace["x"], trace["y"], strict=True)]
    assert marks == [(1.0, 0), (12.0, 2)]
    assert figure["layout"]["yaxis"]["ticktext"] == ["前", "后", "合计"]


def test_an_endless_interval_does_not_press_the_rest_flat() -> None:
    low, high = drawn(slice(None))["time"]["layout"]["yaxis"]["range"]
    assert low < -4
    assert 12 < high < 100


def test_the_band_and_the_expected_course_begin_where_they_are_known() -> None:
    figure = drawn(slice(None))["expected"]
    low, _, observed, expected = figure["data"]
    assert len(low["x"]) == 20
    assert low["x"][0] == "2026-05-25"
    assert observed["y"][0] == 9.0
    assert expected["y"][19] is None
    assert [name["text"] for name in figure["layout"]["annotations"]] == ["推算", "实际"]
