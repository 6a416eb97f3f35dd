"""Spans and the matrix: Plotly accepts them, marks carry their links, gaps stay gaps."""

from __future__ import annotations

import json

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures.matrix import GROUND, matrix
from dashboard.figures.spans import spans

HOURS = pd.DataFrame(
    {
        "label": ["9", "10", "11"],
        "low": [10.0, None, 6.0],
        "high": [30.0, None, None],
        "low_text": ["10", "", "6"],
        "high_text": ["30", "", ""],
        "hover": ["a", "b", "c"],
        "href": ["/a", "/b", "/c"],
    }
)
CELLS = pd.DataFrame(
    [
        (0, 0, 0.01, "1分", "h", "/a"),
        (0, 1, 24.0, "24时", "i", "/b"),
        (1, 0, None, "", "j", "/c"),
        (1, 1, 240.0, "10天", "k", "/d"),
    ],
    columns=["row", "column", "value", "text", "hover", "href"],
)


@pytest.mark.parametrize("rows", [slice(None), slice(0)], ids=["data", "empty"])
def test_plotly_accepts_them(rows: slice) -> None:
    table = matrix(CELLS[rows], rows=["甲", "乙"][rows], columns=["立案", "处置"], least=0.1)
    for figure in (spans(HOURS[rows], low_name="中位数", high_name="90 分位", lang="zh"), table):
        go.Figure(figure)
        assert "NaN" not in json.dumps(figure)
        assert "title" not in figure["layout"]
        assert "template" not in figure["layout"]


def test_a_span_has_two_marks_told_apart_by_shape_joined_where_both_are_known() -> None:
    joints, low, high = spans(HOURS, low_name="中位数", high_name="90 分位", lang="zh")["data"]
    assert (joints["x"], joints["y"]) == ([0, 0, None], [10.0, 30.0, None])
    assert (low["marker"]["symbol"], high["marker"]["symbol"]) == ("circle", "diamond")
    assert (low["y"], high["y"], low["customdata"]) == ([10.0, None, 6.0], [30.0, None, None], ["/a", "/b", "/c"])


def test_the_marks_are_named_beside_their_last() -> None:
    names = spans(HOURS, low_name="中位数", high_name="90 分位", lang="zh")["layout"]["annotations"]
    assert [(name["text"], name["x"], name["y"]) for name in names] == [("中位数", 2, 6.0), ("90 分位", 0, 30.0)]


def test_a_matrix_has_a_cell_for_each_row_and_column_with_its_link() -> None:
    ground, words = matrix(CELLS, rows=["甲", "乙"], columns=["立案", "处置"], least=0.1)["data"]
    assert ground["z"] == [[-1.0, pytest.approx(1.3802, abs=1e-4)], [None, pytest.approx(2.3802, abs=1e-4)]]
    assert ground["customdata"] == [["/a", "/b"], ["", "/d"]]
    assert list(zip(words["x"], words["y"], words["text"], strict=True)) == [(0, 0, "1分"), (1, 0, "24时"), (1, 1, "10天")]


def test_the_darkest_ground_leaves_the_ink_legible_on_light_and_dark() -> None:
    """Ink and ground of both themes, with the darkest cell mixed in between: at least 4.5 : 1."""

    def luminance(rgb: list[float]) -> float:
        linear = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    red, green, blue, alpha = (float(part) for part in str(GROUND[-1][1])[5:-1].split(","))
    for ink, card in (((36, 49, 63), (255, 255, 255)), ((216, 224, 232), (24, 33, 43))):
        cell = [alpha * c + (1 - alpha) * b for c, b in zip((red, green, blue), card, strict=True)]
        lighter, darker = sorted((luminance(list(ink)), luminance(cell)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
