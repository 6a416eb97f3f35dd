"""The six charts of peers/six_charts.py as cards of our own pages, served by our own application instead of its pages."""

from __future__ import annotations

from typing import Any

from dashboard.components.card import grid
from dashboard.metrics.compute import trend
from dashboard.pages import Visit, closure, overview, workload

COURSES = ("extension_rate", "closed:by_closing", "on_time_closure_rate")


def draw(visit: Visit) -> tuple[str, Any]:
    """What came in and went out and what was on time, by week of the period; on time by community; by category; weekday × hour; overdue.

    The weeks are those of the period chosen, as in the peers; our pages show the same number of weeks whatever the period.
    """
    history = trend(visit.snapshot, COURSES, visit.view)
    cards = [
        overview._flow(visit, history),
        overview._on_time(visit, history),
        overview._communities(visit),
        overview._kinds(visit),
        workload._calendar(visit),
        closure._overdue(visit),
    ]
    return "Six charts", [grid(cards)]
