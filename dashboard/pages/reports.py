"""周报: is last week's report there, what is kept, what one says, how two differ, and having one made.

What is kept changes without a new build, so all but the head is filled by a callback and never kept with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import ids
from dashboard.components.card import grid, page_head
from dashboard.components.markup import packed
from dashboard.exhibit import Exhibit
from dashboard.pages.data_upload import jobs_panel
from dashboard.pages.head import freshness, trail
from dashboard.pages.reports_compare import comparison
from dashboard.pages.reports_list import all_reports, verdict
from dashboard.pages.reports_make import make_form, run_card
from dashboard.pages.reports_one import not_there, numbers, paper
from dashboard.pages.reports_parts import PATH, Issues, found, issues
from dashboard.reading.visit import Visit
from dashboard.report.archive import Kept
from dashboard.report.errors import NotKept
from dashboard.report.plan import FILE
from dashboard.report_runs import runs
from dashboard.settings import Settings

__all__ = ["KEY", "PATH", "body", "exhibit", "panel"]

KEY = "reports"


def body(visit: Visit) -> list[Any]:
    """The head, and the place of all that changes."""
    name = visit.words("page.reports")
    head = page_head(name, freshness(visit), "", trail(visit, name)[:1], visit.lang, is_filtered=False)
    return [head, jobs_panel(ids.REPORTS)]


def panel(settings: Settings, visit: Visit) -> Any:
    """All of it as it stands now, as it goes to the browser."""
    return packed(parts(settings, visit))


def exhibit(settings: Settings, visit: Visit, id: str) -> Exhibit | None:
    """The data behind one of its cards."""
    parts(settings, visit)
    return visit.exhibits.get(id)


def parts(settings: Settings, visit: Visit) -> list[Any]:
    """The verdict; what is being made; the list and the report that is looked at; two compared."""
    listed, may_make = issues(settings, visit.reader), visit.reader.may_load
    making = [run_card(visit, settings, run) for run in runs(settings)] if may_make else []
    form = [make_form(visit, settings)] if may_make else []
    head = [verdict(visit, listed), *making]
    if not listed:
        return [*head, grid([*form, _how(visit)])]
    one = _chosen(visit, settings, listed)
    left = html.Div([all_reports(visit, listed, one), *form], className="w-6 stack")
    if one is None:
        return [*head, grid([left, not_there(visit)])]
    newest = next(issue.newest for issue in listed if issue.newest.edition == one.edition)
    faults = one.faults
    both = html.Div([left, paper(visit, one, newest, faults), numbers(visit, one, faults)], className="grid report-grid")
    return [*head, both, *comparison(visit, settings, listed, one)]


def _chosen(visit: Visit, settings: Settings, listed: Sequence[Issues]) -> Kept | None:
    """The report the address names, None where it is not kept; without a name the newest, in the reader's language if there is one."""
    week = visit.choice("week")
    if not week:
        newest = [one.newest for one in listed if one.newest.edition.week == listed[0].newest.edition.week]
        return next((one for one in newest if one.edition.lang == visit.lang), newest[0])
    try:
        return found(settings, visit.reader, week, visit.choice("edition", "town"), visit.choice("revision"))
    except NotKept:
        return None


def _how(visit: Visit) -> html.Div:
    """How a report comes to be."""
    ways = [
        *([html.Li(visit.words("reports.how_button"))] if visit.reader.may_load else []),
        html.Li([visit.words("reports.how_command"), html.Code("python -m dashboard report", className="rule")]),
        html.Li(
            [visit.words("reports.how_schedule", file=FILE), html.Code("python -m dashboard report --example", className="rule")]
        ),
    ]
    return html.Div(
        [html.Strong(visit.words("reports.none")), html.P(visit.words("reports.none_said")), html.Ul(ways, className="ways-in")],
        className="card-box state w-12",
        role="status",
    )
