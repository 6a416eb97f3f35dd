"""办结 · how long until a case is closed: a curve with those still open in it, not a mean of those that are over."""

from __future__ import annotations

from dash import html

from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.exhibit import Field
from dashboard.figures.curve import curve
from dashboard.pages.exhibits import exhibit_card
from dashboard.reading.closing_curve import closing_curve
from dashboard.reading.exhibits import of_frame
from dashboard.reading.visit import Visit, metric

KEY = "median_hours_to_close"


def curve_card(visit: Visit) -> html.Section:
    """The share closed by a time, the promised limit and the median; without enough closings a sentence that says so."""
    title, found = visit.words("closure.curve"), closing_curve(visit)
    if found.closed.empty:
        return card(title, html.P(found.sentence), info=info(metric(KEY), visit.view), note=found.note)
    names = visit.words("closure.curve_closed"), visit.words("closure.curve_elsewise")
    figure = curve(found.closed, found.elsewise, names=names, marks=found.marks, ticks=found.ticks)
    rows = found.closed.merge(found.elsewise, on="at", suffixes=("", "_other"))
    fields = {
        "at": Field(visit.words("closure.curve_at"), "hours", 0),
        "share": Field(names[0], "percent", 1),
        "low": Field(f"{names[0]} · {visit.words('table.low')}", "percent", 1),
        "high": Field(f"{names[0]} · {visit.words('table.high')}", "percent", 1),
        "share_other": Field(names[1], "percent", 1),
    }
    exhibit = of_frame("closing-curve", title, rows, fields, (KEY,), found.note)
    chart = graph(figure, height=300, description=f"{title} {found.sentence}", has_links=False)
    return exhibit_card(visit, exhibit, [html.P(found.sentence), chart], note=found.note, methods=("time_to_event",))
