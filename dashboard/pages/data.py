"""数据: is the data fresh and complete, what was loaded, what is wrong with it and how to mend it – and where new files come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard.pages import data_coverage, data_files, data_findings, data_names, data_set_aside, data_state
from dashboard.pages.data_parts import PATH, part_links, part_of, unfiltered
from dashboard.pages.head import page_head
from dashboard.reading.visit import Visit

__all__ = ["KEY", "PATH", "body"]

KEY = "data"
_BODIES: dict[str, Callable[[Visit], list[Any]]] = {
    "state": data_state.body,
    "files": data_files.body,
    "coverage": data_coverage.body,
    "findings": data_findings.body,
    "set_aside": data_set_aside.body,
    "names": data_names.body,
}


def body(visit: Visit) -> list[Any]:
    """The part the address asks for."""
    head = page_head(visit, "data", note="" if part_of(visit) == "state" else None)  # its verdict says it
    said = unfiltered(visit)
    note = [html.P(said, className="soft small")] if said else []
    return [head, part_links(visit), *note, *_BODIES[part_of(visit)](visit)]
