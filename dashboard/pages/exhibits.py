"""Cards that carry their data: every chart and table on a page is an exhibit, with a table twin and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.card import card
from dashboard.components.info import info as info_of
from dashboard.components.method_links import method_links
from dashboard.exhibit import Exhibit
from dashboard.reading.visit import Visit, metric


def exhibit_card(
    visit: Visit,
    exhibit: Exhibit,
    children: Any,
    *,
    title: str = "",
    width: int = 12,
    info: Any = None,
    note: Any = "",
    foot: Any = "",
    aside: Any = None,
    methods: Sequence[str] = (),
) -> html.Section:
    """A card with table twin and downloads. title: left out, the exhibit's · info: left out, that of the exhibit's first metric ·
    methods: by which it was made, named at its foot except on a wall.
    """
    if exhibit.id in visit.exhibits:
        raise ValueError(f"two exhibits of one page are called {exhibit.id}")
    visit.exhibits[exhibit.id] = exhibit
    if info is None and exhibit.metrics:
        info = info_of(metric(exhibit.metrics[0]), visit.view)
    if methods and not visit.is_wall:
        foot = [*([foot, " "] if foot else []), method_links(methods, visit.view)]
    return card(
        title or exhibit.title,
        children,
        width=width,
        info=info,
        note=note,
        foot=foot,
        aside=aside,
        exhibit=exhibit.id,
        lang=visit.lang,
    )
