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
from dashboard.reading.visit import metric, part_of
from dashboard.report.content.tables import week_table, with_n
from dashboard.report.document import HALF, Beside, Cell, Column, Figure, Paragraph, Span, Table
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
    writer.add(_centres(writer))
    writer.add(Beside(_course(writer), _items(writer)))


def _centres(writer: Writer) -> Table:
    visit = writer.visit
    numbers = visit.numbers(CENTRES, by=("centre",))
    own = {key: indexed(part_of(numbers, key), "centre") for key in CENTRES}
    order = part_of(numbers, "service_cases").sort_values(["value", "centre"], ascending=[False, True])
    codes = [code for code in order["centre"] if code is not None]
    rows = [
        [
            Cell(visit.name("centre", code)),
            *(
                Cell(with_n(writer, f"centre.{code}.{key}", key, own[key][code,], (visit.name("centre", code),) * 2))
                for key in CENTRES
            ),
        ]
        for code in codes[:MOST]
    ]
    lines = [[visit.name("centre", code), *(own[key][code,]["value"] for key in CENTRES)] for code in codes]
    short = [metric(key).text(visit.lang).short for key in CENTRES]
    title = writer.words("report.centres_table")
    writer.annex(
        title,
        [
            Field(writer.words("report.column_centre"), TEXT),
            *(Field(name, metric(key).unit, metric(key).decimals) for name, key in zip(short, CENTRES, strict=True)),
        ],
        lines,
        CENTRES,
    )
    rest = visit.words("chart.top", shown=MOST, all=len(codes)) if len(codes) > MOST else ""
    return Table(title, [Column(writer.words("report.column_centre"), "left", 1), *(Column(name) for name in short)], rows, rest)


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
