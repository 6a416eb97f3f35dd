"""数据说明: what was loaded, which days are missing, which rows were set aside, which names nobody knows."""

from __future__ import annotations

from dashboard import queries
from dashboard.exhibit import MOMENT, NUMBER, TEXT, Field
from dashboard.i18n.dates import moment
from dashboard.i18n.numbers import NOTHING, count
from dashboard.queries.loads import KINDS
from dashboard.report.content.front import warnings
from dashboard.report.document import Cell, Column, Paragraph, Span, Table
from dashboard.report.writer import Writer, cells

MOST = 8


def data(writer: Writer) -> None:
    """Kinds of export; gaps; what is to be mended."""
    visit = writer.visit
    sources = sorted(queries.sources(visit.snapshot), key=lambda source: KINDS.index(source.kind))
    title = writer.words("report.sources_table")
    names = [visit.words(f"kind.{source.kind}") for source in sources]
    rows = [
        cells(
            name,
            count(one.files),
            count(one.rows),
            moment(one.exported_at) if one.exported_at else NOTHING,
            NOTHING if one.last_day is None else str(one.last_day),
        )
        for name, one in zip(names, sources, strict=True)
    ]
    heads = ("source", "files", "rows", "exported", "last_day")
    writer.add(
        Table(
            title,
            [
                Column(writer.words(f"report.column_{name}"), "left" if name == "source" else "right", 1 if name == "source" else 0)
                for name in heads
            ],
            rows,
        )
    )
    fields = [
        Field(writer.words("report.column_source"), TEXT),
        Field(writer.words("report.column_files"), NUMBER),
        Field(writer.words("report.column_rows"), NUMBER),
        Field(writer.words("report.column_exported"), MOMENT),
        Field(writer.words("report.column_last_day"), TEXT),
    ]
    writer.annex(
        title,
        fields,
        [[name, one.files, one.rows, one.exported_at, str(one.last_day or "")] for name, one in zip(names, sources, strict=True)],
    )
    gaps = warnings(writer)
    writer.add(Paragraph([Span(" ".join(gaps) if gaps else writer.words("report.no_gaps"))]))
    tallies = queries.tallies(visit.snapshot)
    said = {
        name: writer.counted(f"data.{name}", f"report.tally_{name}", getattr(tallies, name))
        for name in ("set_aside", "unmatched", "findings")
    }
    writer.add(Paragraph([Span(writer.words("report.tallies", **said))]))
    _set_aside(writer)
    _unmatched(writer)
    _findings(writer)


def _set_aside(writer: Writer) -> None:
    found = queries.set_aside(writer.visit.snapshot, shown=0)
    is_zh = writer.visit.lang == "zh"
    rows = [cells(one.reason_zh if is_zh else one.reason_en, count(one.count)) for one in found]
    _list(writer, "set_aside", rows, ("reason", "rows"))


def _unmatched(writer: Writer) -> None:
    found = queries.unmatched_page(writer.visit.snapshot, offset=0, limit=1000)
    rows = [cells(writer.visit.words(f"list.{one.list}"), one.value or NOTHING, count(one.rows)) for one in found]
    _list(writer, "unmatched", rows, ("list", "value", "rows"))


def _findings(writer: Writer) -> None:
    found = [one for one in queries.findings(writer.visit.snapshot) if one.severity != "note"]
    rows = [cells(one.name_zh if writer.visit.lang == "zh" else one.name_en, count(one.rows)) for one in found]
    _list(writer, "findings", rows, ("finding", "rows"))


def _list(writer: Writer, name: str, rows: list[list[Cell]], heads: tuple[str, ...]) -> None:
    """The first of them as a table; nothing where there is none."""
    if not rows:
        return
    columns = [
        Column(writer.words(f"report.column_{head}"), "right" if head == "rows" else "left", 1 if place == len(heads) - 2 else 0)
        for place, head in enumerate(heads)
    ]
    more = writer.visit.words("chart.top", shown=MOST, all=len(rows)) if len(rows) > MOST else ""
    writer.add(Table(writer.words(f"report.list_{name}"), columns, rows[:MOST], more))
