"""Is last week's report there, and all that are kept, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import DATE, MOMENT, NUMBER, Exhibit, Field, Sheet
from dashboard.i18n.dates import day, moment
from dashboard.i18n.numbers import NOTHING
from dashboard.pages.data_parts import offset_of, pager
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.reports_parts import (
    LISTING,
    PATH,
    Issues,
    called,
    file_href,
    language,
    record,
    report_href,
    sent_words,
    week_words,
    whose,
)
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit
from dashboard.report.archive import Kept
from dashboard.report.builds import last_week
from dashboard.report.edition import Edition

SIZE = 8
OF = ("all", "town", "communities")
"""Whose reports the list can be narrowed to."""


def verdict(visit: Visit, listed: Sequence[Issues]) -> html.Section:
    """The report of the last week that is over: whether it is there, of when, from data of when, and whether it was sent."""
    edition = Edition(last_week(visit.snapshot.build.as_of))
    week = week_words(visit, edition)
    mine = [one.newest for one in listed if one.newest.edition.week == edition.week]
    if not mine:
        badge = html.Span(visit.words("reports.missing"), className="badge-soft late")
        head = html.P([html.B(visit.words("reports.of_week", week=week)), badge], className="head")
        how = visit.words("reports.missing_how" if visit.reader.may_load else "reports.missing_ask")
        return _said(visit, head, html.P(how, className="sentence"))
    one = min(mine, key=lambda kept: (kept.edition.community, kept.edition.lang != visit.lang))
    about, fault = record(one)
    if fault:
        badge = html.Span(visit.words("reports.damaged"), className="badge-soft late")
        said = fault.zh if visit.lang == "zh" else fault.en
    else:
        badge = html.Span(visit.words("reports.there"), className="badge-soft")
        facts = [
            visit.words("reports.made_at", moment=moment(about["made_at"])),
            visit.words("app.as_of", moment=moment(about["as_of"])),
            sent_words(one, visit.lang) or visit.words("reports.sent_nobody"),
        ]
        said = visit.words("punctuation.semicolon").join(facts) + visit.words("punctuation.stop")
    name = html.A(visit.words("reports.of_week", week=called(visit, one)), href=report_href(visit, one))
    ways = [
        html.A(visit.words("reports.open_pdf"), href=file_href(one, "pdf"), target="_blank", className="btn btn-primary btn-sm")
    ]
    others = visit.words("reports.others", count=len(mine) - 1) if len(mine) > 1 else ""
    return _said(
        visit,
        html.P([html.B(name), badge], className="head"),
        html.P(said, className="sentence"),
        html.P([*ways, html.Span(others, className="soft small")], className="line"),
    )


def _said(visit: Visit, *parts: Any) -> html.Section:
    return html.Section(list(parts), className="card-box data-verdict", **aria(label=visit.words("reports.last")))


def all_reports(visit: Visit, listed: Sequence[Issues], chosen: Kept | None) -> html.Section:
    """A row an edition: its newest issue, and folded under it the older ones with what each corrected."""
    title = visit.words("reports.all")
    of = visit.choice("of", "all")
    shown = [one for one in listed if of not in OF[1:] or (of == "town") is (not one.newest.edition.community)]
    offset = offset_of(visit, SIZE)
    heads = [Column(visit.words(f"reports.{name}"), is_number=False) for name in ("report", "issued", "data_as_of")]
    heads += [Column(visit.words("reports.pages")), Column(visit.words("reports.sent_to"), is_number=False)]
    rows = [_row(visit, one, chosen) for one in shown[offset : offset + SIZE]]
    return exhibit_card(
        visit,
        Exhibit("reports", title, lambda: _sheet(visit, shown)),
        [
            *_narrowing(visit, listed, of),
            html.Div(table(heads, rows, title), className="files report-list"),
            *pager(visit, len(shown), SIZE),
        ],
        note=visit.words("reports.all_note", count=len(shown)),
    )


def _narrowing(visit: Visit, listed: Sequence[Issues], of: str) -> list[html.Nav]:
    """Links to all, the town's, the communities' reports; nothing where there is but one kind."""
    if len({bool(one.newest.edition.community) for one in listed}) < 2:
        return []
    rest = {name: value for name, value in (visit.choices or {}).items() if name not in LISTING}
    links = [
        html.A(
            visit.words(f"reports.of_{name}"),
            href=page_href(PATH, visit.view, **rest, of="" if name == "all" else name),
            **(aria(current="true") if name == of else {}),
        )
        for name in OF
    ]
    return [html.Nav(links, className="pills", **aria(label=visit.words("reports.edition")))]


def _row(visit: Visit, issues: Issues, chosen: Kept | None) -> list[Cell]:
    one = issues.newest
    about, fault = record(one)
    name = Cell(_name(visit, issues, about, chosen), is_wrapped=True)
    if fault or not all(file.is_file() for file in (one.pdf, one.png, one.xlsx)):
        badge = html.Span(visit.words("reports.damaged"), className="badge-soft late")
        return [name, Cell(badge), *(Cell(NOTHING) for _ in range(3))]
    return [
        name,
        Cell(day(date.fromisoformat(about["issued_on"]), visit.lang)),
        Cell(moment(about["as_of"])),
        Cell(str(about["pages"])),
        Cell(sent_words(one, visit.lang) or NOTHING, is_wrapped=True),
    ]


def _name(visit: Visit, issues: Issues, about: Any, chosen: Kept | None) -> list[Any]:
    one = issues.newest
    here = aria(current="true") if chosen is not None and chosen.folder == one.folder else {}
    link = html.A(week_words(visit, one.edition), href=report_href(visit, one), **data(opens="1"), **here)
    parts: list[Any] = [link, html.Div(whose(visit, one.edition), className="soft small")]
    if not issues.older:
        return parts
    newest = html.P(_corrected(visit, one, about), className="small")
    older = [
        html.P(
            [
                html.A(_revision(visit, old), href=report_href(visit, old, revision=True), **data(opens="1")),
                " ",
                html.Span(_corrected(visit, old, record(old)[0]), className="soft"),
            ],
            className="small",
        )
        for old in issues.older
    ]
    fold = html.Summary(visit.words("reports.revisions", revision=one.revision, count=len(issues.older)), className="small")
    return [*parts, html.Details([fold, newest, *older])]


def _revision(visit: Visit, one: Kept) -> str:
    return visit.words("reports.revision", revision=one.revision)


def _corrected(visit: Visit, one: Kept, about: Any) -> str:
    """What it corrected of the one before; when the first was issued; that it is damaged."""
    if not about:
        return visit.words("reports.damaged")
    if not about["changes"]:
        return visit.words("reports.made_at", moment=moment(about["made_at"]))
    changes = visit.words("punctuation.semicolon").join(about["changes"])
    return visit.words("reports.corrected", revision=one.revision, changes=changes)


def _sheet(visit: Visit, listed: Sequence[Issues]) -> Sheet:
    """Every kept issue, a row each."""
    fields = [Field(visit.words(f"reports.{name}")) for name in ("week", "edition", "language")]
    fields += [Field(visit.words("reports.revision_number"), NUMBER), Field(visit.words("reports.issued"), DATE)]
    fields += [Field(visit.words("reports.made"), MOMENT), Field(visit.words("reports.data_as_of"), MOMENT)]
    fields.append(Field(visit.words("reports.pages"), NUMBER))
    fields += [Field(visit.words(f"reports.{name}")) for name in ("sent_to", "build", "changes")]
    return Sheet(fields, [_values(visit, one) for issues in listed for one in (issues.newest, *issues.older)])


def _values(visit: Visit, one: Kept) -> list[Any]:
    about, fault = record(one)
    edition = one.edition
    names = [edition.week, whose(visit, edition), language(visit, edition.lang), one.revision]
    if fault:
        return [*names, *[None] * 5, None, visit.words("reports.damaged")]
    moments = [datetime.fromisoformat(about[name]) for name in ("made_at", "as_of")]
    changes = visit.words("punctuation.semicolon").join(about["changes"])
    sent = sent_words(one, visit.lang)
    return [*names, date.fromisoformat(about["issued_on"]), *moments, about["pages"], sent, about["build_id"], changes]
