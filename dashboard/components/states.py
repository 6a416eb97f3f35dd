"""What stands where there is nothing to show: the reason, and what the reader can do."""

from __future__ import annotations

from dash import html

from dashboard.i18n import text
from dashboard.reading.links import page_href
from dashboard.view import View


def empty(lang: str, reason: str = "state.empty") -> html.Div:
    """Inside a card: why there is nothing."""
    return html.Div([html.Strong(text("state.nothing", lang)), text(reason, lang)], className="state", role="status")


def empty_page(path: str, view: View, has_filters: bool) -> html.Div:
    """For a whole page: no rows under these filters, with the ways out."""
    lang = view.lang
    wider = View(period="all", lang=lang, community=view.community, category=view.category, department=view.department)
    ways = [html.A(text("state.whole_time", lang), href=page_href(path, wider), className="btn btn-outline-primary btn-sm me-2")]
    if has_filters:
        bare = View(period=view.period, start=view.start, end=view.end, lang=lang)
        ways.append(html.A(text("state.no_filters", lang), href=page_href(path, bare), className="btn btn-outline-primary btn-sm"))
    head = [html.Strong(text("state.nothing", lang)), html.P(text("state.empty_page", lang))]
    return html.Div([*head, html.Div(ways)], className="card-box state", role="status")


def not_found(view: View, sentence: str = "state.not_found") -> html.Div:
    """A page or a case that does not exist."""
    link = html.A(text("state.to_overview", view.lang), href=page_href("/", view), className="btn btn-outline-primary btn-sm")
    return html.Div(
        [html.H1(text("state.not_found_title", view.lang)), html.P(text(sentence, view.lang)), link], className="card-box state"
    )


def failed(view: View, reference: str) -> html.Div:
    """The page could not be drawn; the log has the details under this reference."""
    lang = view.lang
    return html.Div(
        [
            html.H1(text("state.failed_title", lang)),
            html.P(text("state.failed", lang, reference=reference)),
            html.A(
                text("state.to_overview", lang),
                href=page_href("/", View(lang=lang)),
                target="_self",
                className="btn btn-outline-primary btn-sm",
            ),
        ],
        className="card-box state",
        role="alert",
    )
