"""口径: the definition of every metric that was used."""

from __future__ import annotations

from dashboard.exhibit import TEXT, Field
from dashboard.metrics.catalogue import GROUPS
from dashboard.metrics.targets import set_version
from dashboard.reading.visit import metric
from dashboard.report.document import Cell, Column, Paragraph, Span, Table
from dashboard.report.writer import Writer


def definitions(writer: Writer) -> None:
    """Name, formula in words, and where it is from."""
    lang = writer.visit.lang
    writer.add(Paragraph([Span(writer.words("report.definitions_said", version=set_version(writer.visit.snapshot)))]))
    chosen = sorted((metric(key) for key in writer.metrics), key=lambda one: (GROUPS.index(one.group), one.order, one.key))
    lines = [[one.text(lang).name, one.text(lang).definition, one.text(lang).source] for one in chosen]
    title = writer.words("report.definitions_table")
    columns = [Column(writer.words("report.column_metric"), "left", 2), Column(writer.words("report.column_definition"), "left", 5)]
    writer.add(Table(title, columns, [[Cell(name, "strong"), Cell(words)] for name, words, _ in lines]))
    writer.annex(title, [Field(writer.words(f"report.column_{name}"), TEXT) for name in ("metric", "definition", "origin")], lines)
