"""How the data stands: one sentence, where new files go, and each kind of export with how new it is."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.card import grid
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import DATE, MOMENT, NUMBER, Field, Sheet
from dashboard.i18n.dates import day, moment, span
from dashboard.i18n.numbers import NOTHING, count
from dashboard.pages import data_coverage
from dashboard.pages.data_coverage import Days, covered
from dashboard.pages.data_parts import data_exhibit, part_href
from dashboard.pages.data_upload import jobs_panel, zone
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries import Source, findings, sources, tallies
from dashboard.queries.loads import KINDS
from dashboard.reading.visit import Visit


def body(visit: Visit) -> list[Any]:
    """The verdict; jobs at work; where to drop files; the sources."""
    days = covered(visit)
    found = {source.kind: source for source in sources(visit.snapshot)}
    may_load = visit.reader.may_load
    place = [html.Div(zone(visit.lang), className="w-4 stack")] if may_load else []
    return [
        _verdict(visit, days, found),
        *([jobs_panel()] if may_load else []),
        grid([*place, _sources(visit, days, found, width=8 if may_load else 12)]),
    ]


def _verdict(visit: Visit, days: Days, found: dict[str, Source]) -> html.Section:
    """As-of, and what is missing or waits to be mended, each thing a link to where it is shown."""
    build = visit.snapshot.build
    clauses = _clauses(visit, days)
    absent = visit.words("punctuation.list").join(visit.words(f"kind.{kind}") for kind in KINDS if kind not in found)
    said: list[Any] = []
    for place, (words, part) in enumerate(clauses):
        said += [visit.words("punctuation.semicolon") if place else "", html.A(words, href=part_href(visit, part))]
    sentence = [*said, visit.words("punctuation.stop")] if said else visit.words("data.complete")
    badge = (
        html.Span(visit.words("data.to_mend", count=len(clauses)), className="badge-soft late")
        if clauses
        else html.Span(visit.words("data.in_order"), className="badge-soft")
    )
    age = html.Span(
        className="soft", **data(since=build.as_of.isoformat(), today=visit.words("data.today"), days=visit.words("data.days_ago"))
    )
    return html.Section(
        [
            html.P(
                [html.B(visit.words("app.as_of", moment=moment(build.as_of)), className="number"), age, badge], className="head"
            ),
            html.P(sentence, className="sentence"),
            *([html.P(visit.words("data.absent", kinds=absent), className="soft small")] if absent else []),
            html.P(
                visit.words(
                    "data.built",
                    moment=moment(build.built_at),
                    span=span(build.data_from, build.data_to, visit.lang),
                    days=span(days.start, days.end, visit.lang),
                ),
                className="soft small",
            ),
        ],
        className="card-box data-verdict",
        **aria(label=visit.words("data.part_state")),
    )


def _clauses(visit: Visit, days: Days) -> list[tuple[str, str]]:
    """(words, part of the page) of everything that is not as it should be."""
    tally = tallies(visit.snapshot)
    said: list[tuple[str, str]] = []
    for state in ("missing", "thin"):
        hit = Counter(row.kind for row in days.rows if row.state == state)
        said += [
            (visit.words(f"data.clause_{state}", kind=visit.words(f"kind.{kind}"), count=hit[kind]), "coverage")
            for kind in KINDS
            if hit[kind]
        ]
    if tally.set_aside:
        said.append((visit.words("data.clause_set_aside", count=count(tally.set_aside)), "set_aside"))
    if tally.unmatched:
        said.append((visit.words("data.clause_unmatched", count=count(tally.unmatched)), "names"))
    # gaps and names are said above in words of their own
    own = ("days_are_covered", "days_are_whole", "names_are_known", "rows_are_conserved")
    broken = [finding for finding in findings(visit.snapshot) if finding.severity != "note" and finding.check_id not in own]
    if broken:
        said.append((visit.words("data.clause_findings", count=len(broken)), "findings"))
    if tally.unbalanced:
        said.append((visit.words("data.clause_unbalanced", count=tally.unbalanced), "files"))
    return said


def _sources(visit: Visit, days: Days, found: dict[str, Source], *, width: int) -> html.Section:
    title = visit.words("data.sources")
    heads = [
        Column(visit.words("data.kind"), is_number=False),
        Column(visit.words("data.gaps"), is_number=False),
        Column(visit.words("data.newest_export"), is_number=False),
        Column(visit.words("data.newest_day"), is_number=False),
        Column(visit.words("data.files")),
        Column(visit.words("data.rows")),
    ]
    rows = [_source(visit, days, kind, found.get(kind)) for kind in KINDS]
    exhibit = data_exhibit(visit, "sources", title, lambda: _sheet(visit, days, found))
    return exhibit_card(visit, exhibit, table(heads, rows, title), width=width, note=visit.words("data.sources_note"))


def _sheet(visit: Visit, days: Days, found: dict[str, Source]) -> Sheet:
    units = {"days_missing": NUMBER, "days_thin": NUMBER, "newest_export": MOMENT, "newest_day": DATE, "files": NUMBER}
    fields = [Field(visit.words("data.kind")), *(Field(visit.words(f"data.{name}"), unit) for name, unit in units.items())]
    rows: list[list[Any]] = []
    for kind, source in ((kind, found.get(kind)) for kind in KINDS):
        hit = Counter(row.state for row in days.rows if row.kind == kind)
        gaps = [hit["missing"], hit["thin"]] if sum(hit.values()) else [None, None]
        known = [source.exported_at, source.last_day, source.files, source.rows] if source else [None, None, 0, 0]
        rows.append([visit.words(f"kind.{kind}"), *gaps, *known])
    return Sheet([*fields, Field(visit.words("data.rows"), NUMBER)], rows)


def _source(visit: Visit, days: Days, kind: str, source: Source | None) -> list[Cell]:
    name = Cell(visit.words(f"kind.{kind}"))
    if source is None:
        return [name, Cell(visit.words("data.never")), *[Cell(NOTHING) for _ in range(4)]]
    gap = (visit.snapshot.build.as_of - source.exported_at).days if source.exported_at else 0
    behind = visit.words("data.behind", count=gap) if gap > 0 else ""
    return [
        name,
        _gaps(visit, days, kind),
        Cell(moment(source.exported_at), n=behind),
        Cell(day(source.last_day, visit.lang)),
        Cell(count(source.files)),
        Cell(count(source.rows)),
    ]


def _gaps(visit: Visit, days: Days, kind: str) -> Cell:
    """Missing and thin days of the period, in words."""
    if kind not in data_coverage.KINDS:
        return Cell(NOTHING)
    hit = Counter(row.state for row in days.rows if row.kind == kind)
    words = [visit.words(f"data.{state}_days", count=hit[state]) for state in ("missing", "thin") if hit[state]]
    if not words:
        return Cell(visit.words("data.no_gap") if sum(hit.values()) else NOTHING)
    return Cell(visit.words("punctuation.comma").join(words), href=part_href(visit, "coverage"))
