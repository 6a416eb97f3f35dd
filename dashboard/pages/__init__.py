"""One module a page: PATH, KEY (its words and icon) and body(visit) → components. PAGES is the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from dashboard.components.states import not_found
from dashboard.i18n import text
from dashboard.pages import (
    case,
    cases,
    closure,
    communities,
    community,
    data,
    definitions,
    departments,
    evaluation,
    methods,
    overview,
    questions,
    reports,
    research,
    research_sql,
    satisfaction,
    service,
    wall,
    workload,
)
from dashboard.pages.drawn import Drawn, made, visit_of
from dashboard.pages.first_run import without_data
from dashboard.reading.visit import Visit
from dashboard.shell import Entry

__all__ = ["NAVIGATION", "PAGES", "Drawn", "Visit", "draw", "sketch", "visit_of", "without_data"]


@dataclass(frozen=True)
class Page:
    """A page of the navigation. key: names its words (page.<key>) and its icon."""

    path: str
    key: str
    body: Callable[[Visit], Any]


def _page(module: ModuleType) -> Page:
    return Page(module.PATH, module.KEY, module.body)


PAGES = tuple(
    _page(module)
    for module in (
        overview,
        closure,
        workload,
        satisfaction,
        communities,
        departments,
        service,
        questions,
        evaluation,
        reports,
        cases,
        research,
        data,
        definitions,
        methods,
    )
)
NAVIGATION = tuple(Entry(page.path, page.key) for page in PAGES)


def draw(visit: Visit) -> tuple[str, list[Any]]:
    """Title and all parts of the page at the visit's path."""
    title, body = sketch(visit)
    return title, made(body)


def sketch(visit: Visit) -> tuple[str, Any]:
    """Title and body of a page, parts below what is seen first still to be made, or its screen on a wall; the designed 404
    for an unknown one.
    """
    if not visit.is_wall:
        return _draw(visit)
    if not wall.may_stand(visit.path):
        return text("state.not_found_title", visit.lang), not_found(visit.view, "state.not_on_wall")
    title, body = _draw(visit.narrowed(grid=()))
    return title, wall.screen(visit, made(body))


def _draw(visit: Visit) -> tuple[str, Any]:
    if visit.path.startswith(case.PREFIX):
        incident_id = unquote(visit.path.removeprefix(case.PREFIX))
        return incident_id, case.body(visit, incident_id)
    if visit.path.startswith(community.PREFIX):
        code = unquote(visit.path.removeprefix(community.PREFIX))
        return community.title(visit, code), community.body(visit, code)
    if visit.path == research_sql.PATH:
        return visit.words("desk.title"), research_sql.body(visit)
    for page in PAGES:
        if page.path == visit.path:
            return text(f"page.{page.key}", visit.lang), page.body(visit)
    return text("state.not_found_title", visit.lang), not_found(visit.view)
