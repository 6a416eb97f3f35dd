"""需要关注: at most five plain sentences, made by rules from the numbers, each opening its cases. Most pressing first."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.links import cases_href
from dashboard.figures.dots import WORSE
from dashboard.i18n.numbers import count, decimal, shown
from dashboard.pages.breakdown import comparison
from dashboard.pages.visit import Visit, metric, part_of

MOST = 5
OVERDUE_AT_LEAST = 3  # cases in one community and category before they are a sentence


def watch_list(visit: Visit, communities: pd.DataFrame) -> list[html.Li]:
    """communities: on_time_closure_rate by community. Rules: handed over; open for long; overdue pile-ups; below by more than chance."""
    found = _escalated(visit) + _old(visit) + _overdue(visit)[:2] + _below(visit, communities, "on_time_closure_rate")[:2]
    found += _below(visit, visit.numbers(("satisfaction_rate",), by=("community",)), "satisfaction_rate")[:1]
    return [html.Li(html.A(html.Span(sentence), href=href)) for sentence, href in found[:MOST]]


def _escalated(visit: Visit) -> list[tuple[Any, str]]:
    """Callbacks of the period that went to the discipline office."""
    handed = part_of(visit.numbers(("escalation_rate",)), "escalation_rate")["numerator"].sum()
    if not handed:
        return []
    return [
        (
            [visit.words("watch.escalated"), html.B(f" {count(handed)} "), visit.words("unit.count")],
            cases_href(visit.view, "escalation_rate"),
        )
    ]


def _old(visit: Visit) -> list[tuple[Any, str]]:
    """Cases open for more than 90 days at the end of the period, with their share of all that is open."""
    rows = visit.numbers(("backlog_over_90_days", "backlog")).set_index("metric")["value"]
    old, every = rows.get("backlog_over_90_days", 0), rows.get("backlog", 0)
    if not old or not every:
        return []
    share = visit.words("watch.share", share=decimal(100 * old / every, 0))
    return [
        (
            [visit.words("watch.old"), html.B(f" {count(old)} "), visit.words("unit.count"), share],
            cases_href(visit.view, "backlog_over_90_days"),
        )
    ]


def _overdue(visit: Visit) -> list[tuple[Any, str]]:
    """Where open overdue cases pile up: community × category."""
    rows = part_of(visit.numbers(("open_overdue",), by=("community", "category")), "open_overdue")
    rows = rows[rows["value"] >= OVERDUE_AT_LEAST].sort_values(["value", "community", "category"], ascending=[False, True, True])
    return [
        (
            [
                f"{visit.name('community', row.community)} · {visit.name('category', row.category)} {visit.words('watch.overdue')}",
                html.B(f" {count(row.value)} "),
                visit.words("unit.count"),
            ],
            cases_href(visit.view, "open_overdue", "numerator", {"community": row.community, "category": row.category}),
        )
        for row in rows.itertuples()
    ]


def _below(visit: Visit, numbers: pd.DataFrame, key: str) -> list[tuple[Any, str]]:
    """Communities whose 99.8 % interval lies wholly on the wrong side of the value of the whole."""
    definition = metric(key)
    frame, whole = comparison(visit, numbers, key)
    worse = frame[frame["stand"] == WORSE].iloc[::-1]
    return [
        (
            [
                f"{row.label} {definition.text(visit.lang).short} ",
                html.B(shown(row.value, definition.unit, definition.decimals, visit.lang)),
                visit.words("watch.below", whole=shown(whole, definition.unit, definition.decimals, visit.lang), n=count(row.n)),
            ],
            cases_href(visit.view, key, "denominator", {"community": row.code}),
        )
        for row in worse.itertuples()
    ]
