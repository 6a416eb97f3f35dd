"""网格: which grids need a look, and which only look so."""

from __future__ import annotations

from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.i18n.numbers import NOTHING, count, decimal, is_missing, shown
from dashboard.reading.surges import LEAST_WEEKS, WEEKS, GridWeek, conspicuous, grid_weeks, summary, verdict
from dashboard.report.document import Cell, Column, Paragraph, Span, Table
from dashboard.report.writer import Writer


def grids(writer: Writer) -> None:
    """Those beyond chance; the most conspicuous of those within it, and what must not be concluded of them."""
    visit = writer.visit
    found = grid_weeks(visit)
    if not found:
        writer.add(Paragraph([Span(writer.words("report.no_grids"))]))
        return
    beyond, within = conspicuous(found)
    writer.add(Paragraph([Span(summary(visit, found))]))
    title = writer.words("report.grids_table")
    heads = ("grid", "community", "this_week", "usual", "on_time_weeks", "overdue", "verdict")
    columns = [
        Column(
            writer.words(f"report.column_{name}"),
            "left" if name in ("grid", "community", "verdict") else "right",
            1 if name == "verdict" else 0,
        )
        for name in heads
    ]
    note = writer.words("report.grids_note", weeks=WEEKS, least=LEAST_WEEKS)
    if beyond or within:
        writer.add(Table(title, columns, [_row(writer, one) for one in (*beyond, *within)], note))
    fields = [
        Field(writer.words(f"report.column_{name}"), TEXT if name in ("grid", "community", "verdict") else NUMBER, 2)
        for name in heads
    ]
    lines = [
        [
            visit.name("grid", one.grid),
            visit.name("community", one.community),
            one.reports,
            one.usual,
            one.share,
            one.overdue,
            verdict(visit, one),
        ]
        for one in found
    ]
    writer.annex(title, fields, lines, ("reported", "on_time_closure_rate", "open_overdue"))


def _row(writer: Writer, one: GridWeek) -> list[Cell]:
    visit = writer.visit
    name = visit.name("grid", one.grid)
    reports = writer.note(
        f"grid.{one.grid}.reported", (f"{name}上报", f"{name} reported"), one.reports, count(one.reports), "count"
    )
    share = writer.note(
        f"grid.{one.grid}.on_time",
        (f"{name}按期结案率", f"{name} on time"),
        one.share,
        shown(one.share, "percent", 1, visit.lang),
        "percent",
        one.n,
    )
    return [
        Cell(name),
        Cell(visit.name("community", one.community)),
        Cell(reports, "strong" if one.is_surge else ""),
        Cell(NOTHING if is_missing(one.usual) else decimal(one.usual, 1)),
        Cell(
            share if is_missing(one.share) else writer.words("report.with_n", value=share, n=count(one.n)),
            "strong" if one.is_late else "",
        ),
        Cell(count(one.overdue)),
        Cell(verdict(visit, one), "worse" if one.is_beyond else "soft"),
    ]
