"""Figures of comparisons: small multiples, pairs, the Lorenz curve, unit × week, marked days."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import Figure
from dashboard.figures.dumbbell import dumbbell
from dashboard.figures.heatmap import Change, unit_weeks
from dashboard.figures.lorenz import lorenz_curve
from dashboard.figures.marks import with_days
from dashboard.figures.small_multiples import scale, small_lines
from dashboard.figures.trend import Line, trend

PAIRS = pd.DataFrame(
    {
        "label": ["按期结案", "满意率"],
        "first": [0.9, None],
        "second": [0.8, 0.7],
        "first_hover": ["甲", "甲"],
        "second_hover": ["乙", "乙"],
        "first_href": ["/a", "/b"],
        "second_href": ["/c", "/d"],
    }
)
CELLS = pd.DataFrame(
    [("G1", 0, 2.5, "/x"), ("G2", 1, 0.0, ""), ("G2", 0, None, "/y"), ("G9", 0, 9.0, "/z")],
    columns=["unit", "week", "value", "href"],
)
UNITS = [("G1", "北门社区 G1"), ("G2", "G2")]
WEEKS = pd.DataFrame({"week": ["2026-11-02", "2026-11-09"], "value": [3.0, 4.0]})


def _units(frame: pd.DataFrame) -> Figure:
    return unit_weeks(frame, units=UNITS, weeks=["11/02", "11/09"], hover="%{y} %{x} %{z}", changes=[Change(1, (0, 1))])


FIGURES = {
    "pairs": dumbbell(PAIRS),
    "beside the whole": dumbbell(PAIRS, is_whole=True),
    "no pairs": dumbbell(PAIRS[:0]),
    "units": _units(CELLS),
    "no units": unit_weeks(CELLS[:0], units=[], weeks=[], hover=""),
    "lorenz": lorenz_curve([0, 0.5, 1], [0, 0.2, 1], even="均匀", hover="%{x:.0%}"),
    "no lorenz": lorenz_curve([], [], even="", hover=""),
    "marked": with_days(trend(WEEKS, [Line("value", "")], lang="zh"), [("2026-11-05", "重新划分")]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_plotly_accepts_the_figure(name: str) -> None:
    go.Figure(FIGURES[name])
    assert "NaN" not in json.dumps(FIGURES[name])
    assert "template" not in FIGURES[name]["layout"]


def test_a_pair_has_a_bar_and_two_shapes_and_no_mark_where_there_is_no_value() -> None:
    bars, second, first = FIGURES["pairs"]["data"]
    assert (bars["x"], bars["y"]) == ([0.9, 0.8, None], [0, 0, None])
    assert (first["x"], first["y"], first["customdata"]) == ([0.9], [0], ["/a"])
    assert (second["x"], second["customdata"]) == ([0.8, 0.7], ["/c", "/d"])
    assert first["marker"]["symbol"] != second["marker"]["symbol"]


def test_units_by_weeks_leave_cells_empty_and_open_their_cases() -> None:
    data: dict[str, Any] = FIGURES["units"]["data"][0]
    assert data["z"] == [[2.5, None], [None, 0.0]]
    assert data["customdata"] == [["/x", ""], ["", ""]]
    assert FIGURES["units"]["layout"]["yaxis"]["ticktext"] == ["北门社区 G1", "G2"]
    (edge,) = FIGURES["units"]["layout"]["shapes"]
    assert (edge["x0"], edge["y0"], edge["y1"]) == (0.5, -0.5, 1.5)


def test_a_marked_day_keeps_what_the_chart_had() -> None:
    plain = trend(WEEKS, [Line("value", "")], lang="zh", reference=2.0, reference_name="全镇")
    marked = with_days(plain, [("2026-11-05", "重新划分")])
    assert len(marked["layout"]["shapes"]) == len(plain["layout"]["shapes"]) + 1
    assert marked["layout"]["annotations"][-1]["text"] == "重新划分"
    assert "重新划分" not in json.dumps(plain, ensure_ascii=False)


def test_small_lines_share_one_scale() -> None:
    """The highest point of all lies at the top, the lowest at the bottom, whosever they are."""
    images = small_lines({"a": [0.0, None, 10.0], "b": [5.0, 5.0, 5.0], "none": [None, None, None]}, [2.0, 8.0, 8.0])
    own = {unit: _path(image) for unit, image in images.items()}
    assert own["a"] == "M0 53l0 0 2 -50"
    assert own["b"] == "M0 28l0 0 1 0 1 0"
    assert own["none"] == ""


def test_one_wild_week_does_not_press_the_others_flat() -> None:
    low, high = scale([[10.0 + week % 3 for week in range(50)], [0.0]])
    assert 0 < low < 10
    assert high == 12
    assert scale([[None]]) == (0.0, 1.0)


def _path(image: str) -> str:
    """The line of the unit itself, drawn over the whole's."""
    svg = ElementTree.fromstring(unquote(image.removeprefix("data:image/svg+xml,")))
    return svg[-1].attrib["d"]
