"""Weekly courses as control charts: the switch, its links, and what is said under a chart and in its table."""

from __future__ import annotations

import pytest
from dash import html

from dashboard.warehouse import Snapshot
from tests.pages.test_pages import seen
from tests.trees import components, properties

CARDS = [
    ("/", "on-time-week"),
    ("/closure", "deadlines"),
    ("/workload", "load-weeks"),
    ("/satisfaction", "satisfaction-week"),
    ("/service", "course"),
    ("/departments", "course"),
    ("/community/C03", "course-on_time_closure_rate"),
]


@pytest.mark.parametrize(("path", "exhibit"), CARDS)
def test_a_page_of_courses_can_be_switched_and_every_link_keeps_it(sample: Snapshot, path: str, exhibit: str) -> None:
    lines, control = seen(sample, path), seen(sample, f"{path}?chart=control&compare=year_ago")
    assert f"{path}?chart=control" in lines.links
    found = set(control.links)
    assert f"{path}?compare=year_ago" in found
    assert [link for link in found if "?" in link and "chart=control" not in link] == [f"{path}?compare=year_ago"]
    fields = [field.name for field in control.visit.exhibits[exhibit].make().fields]
    assert {"中心", "下限", "上限", "触发规则"} <= set(fields)
    assert "触发规则" not in [field.name for field in lines.visit.exhibits[exhibit].make().fields]


def test_what_is_said_under_a_chart_is_what_its_tile_says(sample: Snapshot) -> None:
    said = " ".join(seen(sample, "/closure?chart=control&lang=en").strings)
    assert "As usual, 84.2%–97.2%" in said
    assert "As usual: no rule fired in the latest week." in said


def test_a_wall_keeps_the_verdict_and_has_nothing_to_press(sample: Snapshot) -> None:
    page = seen(sample, "/?wall=1&chart=control")
    words = page.strings
    assert any(word.startswith("常态 ") for word in words)
    assert "看折线图" not in words
    assert not [node for node in components(page.body) if isinstance(node, (html.Details, html.A)) or "href" in properties(node)]


def test_weeks_too_few_for_limits_are_a_line_that_says_so(sample: Snapshot) -> None:
    """The data begins on 16 November 2023."""
    words = " ".join(seen(sample, "/?chart=control&from=2023-12-18&to=2024-01-14").strings)
    assert "周有数，不足 12 周，不画控制限，也不判断。" in words
    assert "可比的周不足 12 周，不判断" in words
