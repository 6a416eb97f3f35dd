"""Questions to begin with: what a researcher of the party school would ask first, each one link."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit


@dataclass(frozen=True)
class Start:
    """id: its words, research.start_<id> and research.said_<id> · period: left as it is where empty."""

    id: str
    metrics: str
    by: str
    shape: str = ""
    period: str = ""


STARTS = (
    Start("closure", "on_time_closure_rate,on_time_closure_rate_original,extension_rate", "department", "pivot"),
    Start("demand", "incidents_per_1000_households", "week,community", "chart", "this_year"),
    Start("hours", "reported", "channel,dow", "pivot"),
    Start("callbacks", "callbacks_due,callback_coverage,callback_response_rate,satisfaction_rate", "category", "pivot"),
    Start("odd", "instant_closing_rate,deadline_hugging_rate,batch_closing_rate", "department", "chart", "this_year"),
    Start("service", "median_wait_minutes,on_promise_rate,good_rating_rate", "item", "table"),
)


def starts(visit: Visit) -> html.Section:
    """What to do where nothing is picked yet."""
    items = [
        html.Li(
            [
                html.A(visit.words(f"research.start_{start.id}"), href=start_href(visit, start)),
                html.P(visit.words(f"research.said_{start.id}"), className="soft small"),
            ]
        )
        for start in STARTS
    ]
    head = [html.H2(visit.words("research.starts")), html.P(visit.words("research.starts_note"), className="card-note")]
    return html.Section([*head, html.Ul(items, className="plain starts")], className="card-box w-12")


def start_href(visit: Visit, start: Start) -> str:
    """The question under the filters in force."""
    view = visit.view.replace(period=start.period) if start.period else visit.view
    own = {"metrics": start.metrics, "by": start.by, "as": start.shape if start.shape != "table" else ""}
    return page_href(visit.path, view, **own)
