"""Addresses inside the dashboard; every one carries the filters with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.i18n.dates import as_date
from dashboard.i18n.numbers import is_missing
from dashboard.view import FILTERS, View

PINNED = "at."
"""Prefix of query parameters that pin one value of a dimension the view has no filter for: at.hour=9."""


def page_href(path: str, view: View, **extra: str) -> str:
    """The page with the view's filters and, after them, parameters of its own; empty ones are left out."""
    query = view.to_query()
    own = urlencode({key: value for key, value in extra.items() if value}, safe=",@:")
    return path + query + (("&" if query else "?") + own if own else "")


def cases_href(
    view: View,
    metric: str,
    part: str = "numerator",
    at: Mapping[str, Any] | None = None,
    *,
    days: tuple[date, date] | None = None,
) -> str:
    """The list of rows behind one number: a metric's numerator or denominator, where each dimension has the value in `at`.

    days: the first and last that count, for a week they may cut short; without them a week is whole.
    """
    narrowed, pinned = _narrowed(view, at or {}, days)
    query = narrowed.to_query()
    own = urlencode({"metric": metric, "part": part, **pinned}, safe=",@:")
    return "/cases?" + own + ("&" + query[1:] if query else "")


def case_href(incident_id: str, view: View) -> str:
    """One incident."""
    return "/case/" + quote(incident_id, safe="") + view.to_query()


def _narrowed(view: View, at: Mapping[str, Any], days: tuple[date, date] | None) -> tuple[View, dict[str, str]]:
    """The view with the dimensions it has a filter for; the others as query parameters (a null value as empty text)."""
    changes: dict[str, Any] = {}
    pinned: dict[str, str] = {}
    for dimension, value in at.items():
        if dimension == "week":
            monday = as_date(value)
            sunday = monday + timedelta(days=6)
            first, last = (max(monday, days[0]), min(sunday, days[1])) if days else (monday, sunday)
            changes |= {"period": "custom", "start": first, "end": last}
        elif dimension in FILTERS and not is_missing(value):
            changes[dimension] = (str(value),)
        else:
            pinned[PINNED + dimension] = "" if is_missing(value) else str(value)
    return view.replace(**changes), pinned
