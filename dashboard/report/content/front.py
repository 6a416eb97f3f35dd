"""The page that suffices: what must be known first, the numbers with their changes, the sentences."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.i18n import joined
from dashboard.i18n.dates import moment, run
from dashboard.queries import coverage
from dashboard.queries.calendar import Holiday, working_days
from dashboard.reading.courses import told_first
from dashboard.reading.days import runs_of
from dashboard.reading.watch import most_pressing, of_changes, of_rules
from dashboard.report.content.courses import flow, on_time
from dashboard.report.document import Beside, Callout, Paragraph, Sentences, Span, Tiles
from dashboard.report.writer import Writer, tile

LATER = timedelta(days=8)
"""A build this much newer than its week was not that week's."""
HIGH, LOW, FEW = 280, 180, 5
"""Pixels of the two courses where few lines stand above them, and where many do: the first page is to be one page, and full."""
BAD = ("missing", "thin")


def front(writer: Writer) -> None:
    """Warnings; tiles; at most five sentences; two courses; the working days."""
    visit = writer.visit
    writer.add(*(Callout(words) for words in warnings(writer)))
    history, readings = told_first(visit)
    if not readings:
        writer.add(Callout(writer.words("report.empty_week")))
        return
    writer.add(Tiles([tile(writer, reading) for reading in readings]))
    found = most_pressing([*of_changes(visit, readings), *of_rules(visit)])
    items = [[Span(before), Span(strong, "strong"), Span(after)] for before, strong, after in (one.parts for one in found)]
    writer.add(Sentences(visit.words("watch.title"), items, visit.words("watch.nothing")))
    tall = HIGH if len(writer.blocks) + len(items) <= FEW else LOW
    writer.add(Beside(flow(writer, history["week"].unique().tolist(), tall), on_time(writer, history, tall)))
    writer.add(Paragraph([Span(_working(writer))], is_small=True))


def warnings(writer: Writer) -> list[str]:
    """Days of the week that are not in the data, a build that is not of the week, nothing to compare with; asked once a report."""
    if writer.warnings is None:
        writer.warnings = _warnings(writer)
    return writer.warnings


def _warnings(writer: Writer) -> list[str]:
    visit = writer.visit
    build, period = visit.snapshot.build, visit.period
    found = []
    # the period of a week that is still running ends at as-of; the week itself does not
    sunday = period.start + timedelta(days=6)
    if build.as_of.date() <= sunday:
        first = max(build.as_of.date(), period.start)
        days = run(first, sunday, visit.lang, first.year)
        found.append(writer.words("report.not_over", moment=moment(build.as_of), days=days))
    elif build.as_of.date() > sunday + LATER:
        found.append(writer.words("report.made_later", moment=moment(build.as_of)))
    found += _gaps(writer, period.start, sunday)
    if period.previous_start < build.data_from <= sunday:
        found.append(writer.words("report.first_week"))
    return found


def _gaps(writer: Writer, start: date, end: date) -> list[str]:
    """事件：缺 2 天（11月10日—11日）"""
    visit, found = writer.visit, []
    rows = [row for row in coverage(visit.snapshot, start, end) if row.state in BAD]
    for kind in dict.fromkeys(row.kind for row in rows):
        for state in BAD:
            days = [row.day for row in rows if row.kind == kind and row.state == state]
            if days:
                runs = joined([run(first, last, visit.lang, start.year) for first, last in runs_of(days)], visit.lang)
                found.append(writer.words(f"report.days_{state}", kind=visit.words(f"kind.{kind}"), count=len(days), runs=runs))
    return found


def _working(writer: Writer) -> str:
    """本周工作日 4 天；国庆节：10月1日—4日放假；10月10日调休上班。"""
    visit = writer.visit
    start = visit.period.start
    days = working_days(visit.snapshot, start, start + timedelta(days=6))
    said = [writer.words("report.working_days", count=days.working)]
    for name in dict.fromkeys(holiday.name for holiday in days.holidays):
        own = [holiday for holiday in days.holidays if holiday.name == name]
        said.append(_holiday(writer, name, own))
    return visit.words("punctuation.semicolon").join(said) + writer.words("report.stop")


def _holiday(writer: Writer, name: str, days: list[Holiday]) -> str:
    year, lang = writer.visit.period.start.year, writer.visit.lang
    runs = joined([run(first, last, lang, year) for first, last in runs_of(one.day for one in days)], lang)
    return writer.words("report.shifted" if days[0].is_working_day else "report.holiday", name=name, runs=runs)
