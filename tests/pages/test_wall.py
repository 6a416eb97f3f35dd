"""大屏: one screen after the other, nothing to press, nothing below the communities."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from dash import html

from dashboard.pages import draw
from dashboard.pages.wall import MOST_ROWS, PAGES, screen
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import links, seen, strings, visit
from tests.trees import components, properties


def screens(sample: Snapshot, start: str) -> dict[str, list[object]]:
    """Every screen of the round that begins at an address, by address."""
    found: dict[str, list[object]] = {}
    url = start
    while url not in found:
        _, body = draw(visit(sample, url))
        found[url] = body
        url = str(properties(body[0])["data-next"])
        assert len(found) < 60
    return found


def test_a_round_shows_every_page_and_nothing_can_be_pressed_nor_is_a_grid_named(sample: Snapshot) -> None:
    round_ = screens(sample, "/?wall=1&grid=WG0101@2022-03-01")
    assert {urlsplit(url).path for url in round_} == set(PAGES.values())
    grids = [name for (name,) in sample.rows("SELECT DISTINCT grid_code FROM core.grid")]
    for url, body in round_.items():
        assert list(links(body)) == [], url
        kinds = {type(component).__name__ for component in components(body)}
        assert not kinds & {"A", "Button", "Input", "Form", "AgGrid"}, url
        said = " ".join(strings(body))
        assert [name for name in grids if name in said] == [], url
        assert not [rows for rows in lines_of(body) if len(rows) > MOST_ROWS + 1], url
        lines = [part for part in components(body) if getattr(part, "className", "") == "grid"]
        assert len(lines) <= 1, url
        boxes = [str(getattr(box, "className", "")) for line in lines for box in components(line)]
        assert sum(int(width) for box in boxes for width in re.findall(r"^card-box w-(\d+)", box)) <= 12, url


def lines_of(body: object) -> list[list[object]]:
    """The rows of every table's body."""
    return [list(part.children) for part in components(body) if isinstance(part, html.Tbody)]


def test_a_round_keeps_to_the_chosen_pages_filters_and_pace(sample: Snapshot) -> None:
    found = screens(sample, "/closure?wall=1&pages=closure,service&seconds=45&community=C03&lang=en")
    assert {urlsplit(url).path for url in found} == {"/closure", "/service"}
    assert all("community=C03" in url and "lang=en" in url for url in found)
    assert {properties(body[0])["data-seconds"] for body in found.values()} == {"45"}  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/cases", "/questions", "/case/1", "/data"])
def test_other_pages_do_not_stand_on_a_wall(sample: Snapshot, path: str) -> None:
    assert "不在大屏上显示" in " ".join(seen(sample, path + "?wall=1").strings)


@pytest.mark.parametrize("seconds", ["", "0", "-1", "1", "99999", "abc", "９９"])
def test_the_pace_is_never_silly(sample: Snapshot, seconds: str) -> None:
    (shown,) = screen(visit(sample, f"/?wall=1&seconds={seconds}"), seen(sample, "/").body)
    assert 5 <= int(properties(shown)["data-seconds"]) <= 600
