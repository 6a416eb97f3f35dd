"""What a report says, section by section. SECTIONS is their order; each writes itself with a Writer."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.report.content.closure import closure
from dashboard.report.content.communities import communities
from dashboard.report.content.data import data
from dashboard.report.content.definitions import definitions
from dashboard.report.content.departments import departments
from dashboard.report.content.front import front
from dashboard.report.content.grids import grids
from dashboard.report.content.satisfaction import satisfaction
from dashboard.report.content.service import service
from dashboard.report.writer import Writer

SECTIONS: tuple[tuple[str, Callable[[Writer], None]], ...] = (
    ("front", front),
    ("closure", closure),
    ("communities", communities),
    ("grids", grids),
    ("departments", departments),
    ("satisfaction", satisfaction),
    ("service", service),
    ("data", data),
    ("definitions", definitions),
)
"""front is the first page; all others are chapters named report.chapter_<name>."""
