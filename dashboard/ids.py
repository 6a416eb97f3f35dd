"""Every id a callback names."""

from typing import Any

URL = "url"
ROOT = "root"
CHIPS = "chips"
MAIN = "main"
BODY = "body"
LATER = "later"
SHOWN = "shown"
NEWS = "news"

PERIOD = "filter-period"
PERIOD_FROM = "filter-from"
PERIOD_TO = "filter-to"
COMMUNITY = "filter-community"
CATEGORY = "filter-category"
DEPARTMENT = "filter-department"
GRID = "filter-grid"
CHANNEL = "filter-channel"
COMPARE = "filter-compare"

# On one page only: as patterns, which Dash does not look for on every other page.
CASES = "cases"
DATA = "data"
REPORTS = "reports"
EVALUATION = "evaluation"


def case_grid(page: Any) -> dict[str, Any]:
    """The grid of cases; page: CASES, or MATCH in a callback."""
    return {"type": "case-grid", "page": page}


def later(page: Any, part: Any) -> dict[str, Any]:
    """A part of a page below what is seen first; page: its path, part: its number, or MATCH in a callback."""
    return {"type": "later", "page": page, "part": part}


def wanted(page: Any, part: Any) -> dict[str, Any]:
    """The address for which the reader has come near that part."""
    return {"type": "wanted", "page": page, "part": part}


def case_total(page: Any) -> dict[str, Any]:
    """How many rows the grid's own filters leave."""
    return {"type": "case-total", "page": page}


def case_query(page: Any) -> dict[str, Any]:
    """What the grid lists: path and search of its page."""
    return {"type": "case-query", "page": page}


def jobs(page: Any) -> dict[str, Any]:
    """Where stands what changes without a build: the jobs of the load, the kept reports; page: DATA, REPORTS, or MATCH in a callback."""
    return {"type": "jobs", "page": page}


def jobs_tick(page: Any) -> dict[str, Any]:
    """Changes when there is something new to show."""
    return {"type": "jobs-tick", "page": page}
