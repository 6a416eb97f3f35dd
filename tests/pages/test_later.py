"""A page comes in parts: the first at once, the others when they are asked for, each made once."""

from __future__ import annotations

import threading
import time

import pytest
from dash import html

from dashboard.access import LOCAL
from dashboard.exhibit import Exhibit, Sheet
from dashboard.pages import PAGES, Drawn, Visit, sketch, visit_of
from dashboard.pages.drawn import Later, Page
from dashboard.shell import Address
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import seen, strings

WHOLE = ("questions", "evaluation", "reports", "cases", "research", "data", "definitions", "methods")
"""Pages that come at once, or, like an evaluation, have parts only once something is asked."""
TOPICS = [page.path for page in PAGES if page.key not in WHOLE]


def test_parts_are_made_when_asked_for_and_once() -> None:
    made: list[int] = []
    exhibits: dict[str, Exhibit] = {}

    def part(number: int) -> list[html.P]:
        made.append(number)
        exhibits[f"e{number}"] = Exhibit(f"e{number}", "", lambda: Sheet([], []))
        return [html.P(str(number))]

    page = Page("t", [html.H1("h"), Later(lambda: part(0)), Later(lambda: part(1))], exhibits)
    assert (len(page.first), page.later, made) == (1, 2, [])
    assert page.part(1) is page.part(1)
    assert made == [1]
    assert page.exhibit("e0") is not None
    assert page.exhibit("nothing") is None
    assert made == [1, 0]


@pytest.mark.parametrize("path", TOPICS)
def test_the_parts_of_a_page_are_the_page(sample: Snapshot, path: str) -> None:
    visit = visit_of(sample, Address.of_url(path), LOCAL)
    page = Page(*sketch(visit), visit.exhibits)
    parts = [*page.first, *(piece for number in range(page.later) for piece in page.part(number))]
    assert list(strings(parts)) == seen(sample, path).strings
    assert page.later >= 1


def test_two_who_ask_for_the_same_page_at_once_wait_for_one_drawing(sample: Snapshot) -> None:
    count = [0]

    def slowly(visit: Visit) -> tuple[str, object]:
        count[0] += 1
        time.sleep(0.2)
        return "t", html.P(visit.path)

    drawn = Drawn(slowly)
    visits = [visit_of(sample, Address.of_url("/closure?community=C03"), LOCAL) for _ in range(5)]
    threads = [threading.Thread(target=drawn.get, args=(visit,)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == [1]


def test_a_drawing_that_fails_leaves_the_way_free(sample: Snapshot) -> None:
    tries = iter([False, True])

    def fails_once(_: Visit) -> tuple[str, object]:
        if not next(tries):
            raise RuntimeError("once")
        return "t", []

    drawn, visit = Drawn(fails_once), visit_of(sample, Address.of_url("/closure"), LOCAL)
    with pytest.raises(RuntimeError):
        drawn.get(visit)
    assert drawn.get(visit).title == "t"
