"""One kept report: its first page to be read, its key numbers, what it was made from, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.card import card, facts
from dashboard.i18n.dates import day, moment
from dashboard.i18n.numbers import NOTHING, count
from dashboard.pages.reports_parts import called, file_href, report_href, sent_words
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit
from dashboard.report.archive import Kept
from dashboard.report.errors import ReportDamaged
from dashboard.view import View

_FORMS = ("pdf", "png", "xlsx", "json")
_TILE = "tile."
"""How the ids of the numbers on the first page's tiles begin."""


def paper(visit: Visit, one: Kept, newest: Kept, faults: Sequence[ReportDamaged]) -> html.Div:
    """Its first page and its files, or what is wrong with them. newest: of its edition."""
    title = called(visit, one)
    newer: list[Any] = []
    if newest.revision > one.revision:
        link = html.A(visit.words("reports.to_newest", revision=newest.revision), href=report_href(visit, newest))
        newer = [html.P([visit.words("reports.superseded"), link], className="line notice", role="status")]
    if faults:
        said = [html.P(fault.zh if visit.lang == "zh" else fault.en, className="problem") for fault in faults]
        body: list[Any] = [html.P(visit.words("reports.damaged_said"), className="mb-2"), *said]
    else:
        body = [_ways(visit, one), _first_page(visit, one, title)]
    return html.Div(card(title, [*newer, *body]), id="report", className="w-6 report-one stack")


def numbers(visit: Visit, one: Kept, faults: Sequence[ReportDamaged]) -> html.Section:
    """Its key numbers, what it was made from, and the button that revises it; of a damaged one the button alone."""
    body: list[Any] = [] if faults else [_tiles(visit, one), _facts(visit, one)]
    revise = [_revise(visit, one, is_current=not faults and _is_current(visit, one))] if visit.reader.may_load else []
    return card(visit.words("reports.numbers", name=called(visit, one)), [*body, *revise], width=6)


def not_there(visit: Visit) -> html.Div:
    """The address names a report that is not kept."""
    said = card(visit.words("reports.not_there"), html.P(visit.words("reports.not_there_said")))
    return html.Div(said, id="report", className="w-6 report-one stack")


def _ways(visit: Visit, one: Kept) -> html.P:
    open_ = html.A(visit.words("reports.open_pdf"), href=file_href(one, "pdf"), target="_blank", className="btn btn-primary btn-sm")
    saves = [
        html.A(
            visit.words(f"reports.save_{form}"),
            href=file_href(one, form, saved=True),
            download="",
            className="btn btn-outline-primary btn-sm",
        )
        for form in _FORMS
    ]
    return html.P([open_, *saves], className="line")


def _tiles(visit: Visit, one: Kept) -> html.Div:
    """The numbers of the first page, as they are printed there."""
    found = [number for id_, number in one.numbers.items() if id_.startswith(_TILE)]
    return html.Div(
        [
            html.Div(
                [
                    html.Div(html.Span(number[visit.lang], className="tile-name"), className="tile-head"),
                    html.Div(number["shown"], className="tile-value"),
                    html.Div(f"n = {NOTHING if number['n'] is None else count(number['n'])}", className="tile-foot"),
                ],
                className="tile",
            )
            for number in found
        ],
        className="tiles",
    )


def _first_page(visit: Visit, one: Kept, title: str) -> html.Div:
    label = visit.words("reports.first_page", name=title)
    image: Any = html.Img(alt=label, width="750", **data(lazy=file_href(one, "png")))  # html.Img knows no loading="lazy"
    return html.Div(image, className="paper", tabIndex=0, role="region", **aria(label=label))


def _facts(visit: Visit, one: Kept) -> html.Dl:
    about = one.about
    problems = len(about["problems"])
    week = View(period="custom", start=one.edition.monday, end=one.edition.sunday, lang=visit.lang)
    same = week.replace(community=(one.edition.community,) if one.edition.community else ())
    return facts(
        [
            (visit.words("reports.data_as_of"), moment(about["as_of"])),
            (visit.words("reports.made"), moment(about["made_at"])),
            (visit.words("reports.issued"), day(about["issued_on"], visit.lang)),
            (visit.words("reports.office"), about["office"]),
            (visit.words("reports.pages"), str(about["pages"])),
            (visit.words("reports.revision_number"), str(one.revision)),
            (visit.words("reports.changes"), visit.words("punctuation.semicolon").join(about["changes"])),
            (visit.words("reports.sent_to"), sent_words(one, visit.lang) or visit.words("reports.sent_nobody")),
            (visit.words("reports.problems"), visit.words("reports.problems_said", count=problems) if problems else ""),
            (visit.words("reports.build"), html.Code(about["build_id"], className="rule")),
            (visit.words("reports.catalogue"), html.Code(about["catalogue"], className="rule")),
            (visit.words("reports.screen"), html.A(visit.words("reports.same_week"), href=page_href("/", same))),
        ]
    )


def _is_current(visit: Visit, one: Kept) -> bool:
    """Whether it was made from the build readers see now."""
    return bool(one.about["build_id"] == visit.snapshot.build.build_id)


def _revise(visit: Visit, one: Kept, *, is_current: bool) -> html.Form:
    """The button that makes it anew from the current data, and what is to be expected of it."""
    edition = one.edition
    fields = {"week": edition.week, "community": edition.community, "lang": edition.lang, "revise": "1"}
    newer = visit.words("reports.revise_same" if is_current else "reports.revise_newer", moment=moment(visit.snapshot.build.as_of))
    return html.Form(
        [
            html.P(newer, className="soft small mb-1"),
            html.P(
                html.Button(visit.words("reports.revise"), type="submit", className="btn btn-outline-primary btn-sm"),
                className="line buttons",
            ),
        ],
        className="report-revise",
        **data(make="/report-run", **fields),
    )
