"""What is folded unfolds to what it was, and is shorter."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.folded import folded
from dashboard.delivery import plain_json
from tests.trees import unfolded

HOVERS = [f"<b>WG{number:04d}</b><br>负荷 {number / 8:.2f}<br>点击查看" for number in range(40)]
HREFS = [f"/cases?metric=reported&part=numerator&grid=WG{number:04d}&category=05" for number in range(40)]
MONDAYS = [f"2026-{month:02d}-{day:02d}" for month, days in ((8, (24, 31)), (9, (7, 14, 21, 28)), (10, (5,))) for day in days]
cells = st.text(alphabet="甲ab1|<br>&= ", max_size=12)
numbers = st.integers(-1000, 1000) | st.floats(-1, 1).map(lambda value: round(value, 4))


def length(node: Any) -> int:
    return len(json.dumps(node, ensure_ascii=False))


def test_texts_that_are_alike_say_once_what_they_share() -> None:
    figure = {"data": [{"hovertext": HOVERS, "customdata": HREFS}]}
    assert unfolded(folded(figure)) == figure
    assert length(folded(figure)) < length(figure) / 4
    assert folded(HREFS)["alike"] == ["/cases?metric=reported&part=numerator&grid=WG00", "&category=05"]


def test_a_mark_without_a_link_keeps_none() -> None:
    links = ["" if number % 3 else href for number, href in enumerate(HREFS)]
    assert unfolded(folded(links)) == links
    rows = [links[start : start + 8] for start in range(0, 40, 8)]
    assert "wide" in folded(rows)
    assert unfolded(folded(rows)) == rows


def test_weeks_and_even_steps_are_said_by_their_first() -> None:
    assert folded(MONDAYS) == {"weeks": ["2026-08-24", 7]}
    assert unfolded(folded(MONDAYS)) == MONDAYS
    assert folded(list(range(12))) == {"even": [0, 1, 12]}
    shares = [float(f"{number / 81:.3g}") for number in range(82)]
    assert folded(shares) == {"even": [0, 0.012345679, 82]}
    assert folded([0.001 + number % 3 / 1e4 for number in range(20)]) != {"even": [0.001, 0, 20]}
    assert folded([1, 1, 1, 1, 1, 1, 1]) == [1] * 7
    assert folded(MONDAYS[::-1]) == MONDAYS[::-1]


@given(
    st.lists(cells, max_size=20) | st.lists(numbers, max_size=20) | st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8)
)
def test_whatever_it_is_comes_back(values: list[Any]) -> None:
    back = unfolded(folded(values))
    assert len(back) == len(values)
    step = abs(values[-1] - values[0]) / (len(values) - 1) if len(values) > 1 and back != values else 0
    assert all(one == other or abs(one - other) <= 0.05 * step + 1e-4 for one, other in zip(back, values, strict=True))


@given(st.recursive(st.text() | st.integers(), st.lists))
def test_plain_json_says_the_same(node: Any) -> None:
    said = json.dumps(node).replace("<", "\\u003c").replace("/", "\\u002f")
    assert json.loads(plain_json(said)) == json.loads(said) == node
