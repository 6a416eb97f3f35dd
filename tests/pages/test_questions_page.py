"""The page of questions: each leads to exactly the cases it speaks of, and where there is nothing to ask it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from dashboard.warehouse import Snapshot
from tests.pages.test_pages import seen
from tests.trees import properties


def said(sample: Snapshot, url: str) -> str:
    return "\n".join(seen(sample, url).strings)


def anchors(node: Any) -> Iterator[Any]:
    """Every link of a tree of components."""
    if isinstance(node, html.A):
        yield node
    if isinstance(node, Component):
        yield from anchors(list(properties(node).values()))
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from anchors(item)


def test_every_question_leads_to_the_cases_it_counts(sample: Snapshot) -> None:
    found = [
        (link.href, re.fullmatch(r"(?:看这|全部) ([\d,]+) 件", str(link.children)))
        for link in anchors(seen(sample, "/questions").body)
    ]
    counted = [(href, match[1]) for href, match in found if match]
    assert len(counted) > 10
    for href, count in counted:
        assert f"共 {count} 条" in said(sample, href), href


def test_the_page_says_how_much_was_compared_and_why_some_was_not(sample: Snapshot) -> None:
    words = said(sample, "/questions")
    assert re.search(r"共比较 \d{3} 次", words)
    assert re.search(r"另有 \d+ 次因不足 30 件，不作判断", words)
    assert "也可能是：" in words


def test_where_nothing_stands_out_it_says_so_and_where_cases_are_few_that(sample: Snapshot) -> None:
    assert "没有发现值得追问的" in said(sample, "/questions?period=last_week")
    few = said(sample, "/questions?community=C12&period=last_week")
    assert "件数太少，没有比较" in few
    assert "没有发现值得追问的" not in few


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_grid_worker_is_a_pseudonym_and_nothing_else(sample: Snapshot, lang: str) -> None:
    words = said(sample, f"/questions?lang={lang}")
    shown = set(re.findall(r"(?:代号|pseudonym) ([^）)]+)", words))
    known = {worker[:8] for (worker,) in sample.rows("SELECT DISTINCT worker_id FROM core.incident WHERE worker_id IS NOT NULL")}
    assert shown
    assert shown <= known


def test_a_rate_that_tells_nobody_apart_is_marked(sample: Snapshot) -> None:
    assert "分不出" in said(sample, "/questions?period=this_year")
