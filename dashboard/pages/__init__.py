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
    data,
    definitions,
    departments,
    overview,
    questions,
    satisfaction,
    service,
    workload,
)
from dashboard.pages.first_run import without_data
from dashboard.pages.visit import Drawn, Visit, visit_of
from dashboard.shell import Entry

__all__ = ["NAVIGATION", "PAGES", "Drawn", "Visit", "draw", "visit_of", "without_data"]


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
        cases,
        data,
        definitions,
    )
)
NAVIGATION = tuple(Entry(page.path, page.key) for page in PAGES)


def draw(visit: Visit) -> tuple[str, Any]:
    """Title and body of the page at the visit's path; the designed 404 for an unknown one."""
    if visit.path.startswith(case.PREFIX):
        incident_id = unquote(visit.path.removeprefix(case.PREFIX))
        return incident_id, case.body(visit, incident_id)
    for page in PAGES:
        if page.path == visit.path:
            return text(f"page.{page.key}", visit.lang), page.body(visit)
    return text("state.not_found_title", visit.lang), not_found(visit.view)
