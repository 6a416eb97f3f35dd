"""便民服务: how many came, how long they waited, whether promises were kept."""

from __future__ import annotations

from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.figures.bars import bars
from dashboard.figures.theme import BLUE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.dates import week_tick
from dashboard.i18n.numbers import count
from dashboard.reading.courses import weekly
from dashboard.reading.difference import indexed
from dashboard.reading.frames import breakdown
from dashboard.reading.visit import metric
from dashboard.report.content.tables import table_by, week_table
from dashboard.report.document import HALF, Beside, Column, Figure, Paragraph, Span, Table
from dashboard.report.writer import Writer, cells

KEYS = (
    "service_cases",
    "on_promise_rate",
    "median_wait_minutes",
    "p90_wait_minutes",
    "median_handling_hours:promised",
    "good_rating_rate",
    "rating_share",
)
CENTRES = ("service_cases", "on_promise_rate", "median_wait_minutes", "good_rating_rate")
ITEMS, MOST, TALL = 10, 20, 210


def service(writer: Writer) -> None:
    """Rates; by centre; weekly course and items."""
    visit = writer.visit
    if not indexed(visit.numbers(("service_cases",)), "metric")["service_cases",]["n"]:
        writer.add(Paragraph([Span(writer.words("report.no_service"))]))
        return
    writer.add(week_table(writer, "service", writer.words("report.service_table"), KEYS))
    title = writer.words("report.centres_table")
    writer.add(table_by(writer, "centre", CENTRES, visit.numbers(CENTRES, by=("centre",)), title, most=MOST))
    writer.add(Beside(_course(writer), _items(writer)))


def _course(writer: Writer) -> Figure:
    visit, key = writer.visit, "service_cases"
    title = writer.words("report.service_course")
    frame = weekly(visit, visit.history((key,)), (key,))
    known = frame[key].dropna()
    alternative = visit.words("service.course_said", least=count(known.min()), most=count(known.max()))
    table = Table(
        title,
        [Column(writer.words("report.column_week"), "left"), Column(metric(key).text(visit.lang).short)],
        [cells(week_tick(row["week"]), count(row[key])) for row in frame.to_dict("records")],
    )
    figure = trend(frame, [Line(key, "", "", BLUE)], lang=visit.lang, unit=visit.words("unit.count"), tall=TALL - 50)
    return Figure(title, figure, TALL, f"{title} {alternative}", table, width=HALF)


def _items(writer: Writer) -> Figure:
    visit, key = writer.visit, "service_cases"
    title = writer.words("report.service_items")
    numbers = visit.numbers((key,), by=("item",))
    frame = breakdown(visit, numbers, key, "item", top=ITEMS)
    lines = [[row["label"], row["value"]] for row in breakdown(visit, numbers, key, "item", top=1000).to_dict("records")]
    writer.annex(
        title, [Field(writer.words("report.column_item"), TEXT), Field(metric(key).text(visit.lang).short, NUMBER)], lines, (key,)
    )
    table = Table(
        title,
        [Column(writer.words("report.column_item"), "left", 1), Column(metric(key).text(visit.lang).short)],
        [cells(row["label"], count(row["value"])) for row in frame.to_dict("records")],
    )
    alternative = visit.words(
        "chart.described", title=title, count=len(frame), first=frame["label"].iloc[0], last=frame["label"].iloc[-1]
    )
    return Figure(title, bars(frame), max(TALL, 20 * len(frame) + 26), alternative, table, width=HALF)
