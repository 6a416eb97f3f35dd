"""Two kept reports side by side: every number of either, and by how much they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import data
from dashboard.components.card import card
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, Exhibit, Field, Sheet
from dashboard.i18n.numbers import NOTHING, signed
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.reports_parts import PATH, Issues, called, found
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit
from dashboard.report.archive import Kept
from dashboard.report.changes import Compared, compared
from dashboard.report.errors import NotKept
from dashboard.settings import Settings

_DECIMALS = {"count": 0, "hours": 1, "minutes": 1, "points": 1}


def comparison(visit: Visit, settings: Settings, listed: Sequence[Issues], one: Kept) -> list[html.Section]:
    """The list to choose the other one from, and, when one is chosen, the table. Nothing where there is but one report."""
    others = _others(listed, one)
    if not others:
        return []
    asked = visit.choice("with")
    other, problem = _other(visit, settings, asked)
    choose = _chooser(visit, one, others, other)
    if other is None:
        said = [html.P(problem, className="problem")] if problem else []
        return [card(visit.words("reports.compare_title", name=called(visit, one)), [choose, *said])]
    before, after = sorted((one, other), key=lambda kept: (kept.edition.week, kept.revision))
    faults = [*before.faults, *after.faults]
    if faults:
        said = [html.P(fault.zh if visit.lang == "zh" else fault.en, className="problem") for fault in faults]
        return [card(visit.words("reports.compare_title", name=called(visit, one)), [choose, *said])]
    rows = compared(before.numbers, after.numbers)
    exhibit = Exhibit("compared", _title(visit, before, after), lambda: _sheet(visit, before, after, rows))
    shown = html.Div(_table(visit, before, after, rows, exhibit.title), className="tall")
    changed = sum(row.before != row.after for row in rows)
    note = visit.words("reports.compared_note", count=len(rows), changed=changed)
    return [exhibit_card(visit, exhibit, [choose, shown], note=note)]


def id_of(one: Kept) -> str:
    """What the address calls it: 2026-W46,town,1."""
    return f"{one.edition.week},{one.edition.key},{one.revision}"


def _others(listed: Sequence[Issues], one: Kept) -> list[Kept]:
    """Those of the same edition first, each revision; of others the newest."""
    edition = one.edition
    same = [kept for issues in listed for kept in (issues.newest, *issues.older) if issues.newest.edition.key == edition.key]
    rest = [issues.newest for issues in listed if issues.newest.edition.key != edition.key]
    return [kept for kept in (*same, *rest) if kept.folder != one.folder]


def _other(visit: Visit, settings: Settings, asked: str) -> tuple[Kept | None, str]:
    """The report the address names, and what is wrong with that name."""
    if not asked:
        return None, ""
    week, key, revision, *_ = [*asked.split(","), "", "", ""]
    try:
        return found(settings, visit.reader, week, key, revision), ""
    except NotKept as error:
        return None, error.zh if visit.lang == "zh" else error.en


def _chooser(visit: Visit, one: Kept, others: Sequence[Kept], other: Kept | None) -> html.Form:
    """The nearest earlier one is offered first."""
    earlier = (kept for kept in others if (kept.edition.week, kept.revision) < (one.edition.week, one.revision))
    offered = other or next(earlier, others[0])
    options = [html.Option(called(visit, kept), value=id_of(kept), selected=kept.folder == offered.folder) for kept in others]
    box: Any = html.Select(options, className="form-select form-select-sm", name="with")
    parts: list[Any] = [
        html.Label([html.Span(visit.words("reports.compare_with")), box]),
        html.Button(visit.words("reports.compare"), type="submit", className="btn btn-outline-primary btn-sm"),
    ]
    if other:
        here = {name: visit.choice(name) for name in ("week", "edition", "revision")}
        parts.append(html.A(visit.words("reports.no_comparison"), href=page_href(PATH, visit.view, **here), className="small"))
    return html.Form(parts, className="asked-for", **data(query="with"))


def _title(visit: Visit, before: Kept, after: Kept) -> str:
    return visit.words("reports.compared", before=called(visit, before), after=called(visit, after))


def _table(visit: Visit, before: Kept, after: Kept, rows: Sequence[Compared], title: str) -> html.Div:
    heads = [Column(visit.words("table.metric"), is_number=False), Column(called(visit, before)), Column(called(visit, after))]
    heads.append(Column(visit.words("reports.difference")))
    return table(
        heads,
        [
            [
                Cell(row.zh if visit.lang == "zh" else row.en, is_wrapped=True),
                Cell(row.before or NOTHING),
                Cell(row.after or NOTHING),
                Cell(_difference(visit, row)),
            ]
            for row in rows
        ],
        title,
    )


def _difference(visit: Visit, row: Compared) -> str:
    """+1.2 个百分点, −3 件."""
    if row.difference is None:
        return NOTHING
    if row.unit == "percent":
        return f"{signed(row.difference * 100, 1)} {visit.words('unit.pp')}"
    return f"{signed(row.difference, _DECIMALS.get(row.unit, 2))} {visit.words(f'unit.{row.unit}')}"


def _sheet(visit: Visit, before: Kept, after: Kept, rows: Sequence[Compared]) -> Sheet:
    """As printed, and raw: shares 0–1."""
    names = [called(visit, one) for one in (before, after)]
    fields = [Field(visit.words("table.metric")), Field(visit.words("reports.unit")), *(Field(name) for name in names)]
    for name in names:
        fields += [
            Field(visit.words("reports.value_of", name=name), NUMBER, 4),
            Field(visit.words("reports.n_of", name=name), NUMBER),
        ]
    fields += [Field(visit.words("reports.difference"), NUMBER, 4), Field(visit.words("reports.number_id"))]
    return Sheet(fields, [_values(visit, before, after, row) for row in rows])


def _values(visit: Visit, before: Kept, after: Kept, row: Compared) -> list[Any]:
    raw = [one.numbers.get(row.id, {}).get(name) for one in (before, after) for name in ("value", "n")]
    name = row.zh if visit.lang == "zh" else row.en
    return [name, visit.words(f"unit_name.{row.unit}"), row.before or None, row.after or None, *raw, row.difference, row.id]
