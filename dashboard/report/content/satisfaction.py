"""满意度回访: were the residents called, did they answer, what did they say, and what does silence leave open?"""

from __future__ import annotations

from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.figures.bars import bars
from dashboard.figures.theme import BLUE, GREY
from dashboard.figures.trend import Line, trend
from dashboard.i18n.dates import week_tick
from dashboard.i18n.numbers import count, decimal, duration, is_missing, shown
from dashboard.queries.callback_clocks import callback_clocks
from dashboard.reading.courses import course_summary, weekly
from dashboard.reading.difference import indexed
from dashboard.reading.frames import breakdown
from dashboard.reading.topics import CALLBACK_STEPS
from dashboard.reading.visit import part_of
from dashboard.reading.weighting import weighted, weighted_words
from dashboard.report.content.tables import week_table
from dashboard.report.document import HALF, Beside, Column, Figure, Paragraph, Span, Table
from dashboard.report.writer import Writer, cells
from dashboard.statistics.bounds import bounds

KEYS = (
    "satisfaction_rate",
    "solved_rate",
    "contacted_rate",
    "callback_coverage",
    "callback_reach_rate",
    "callback_response_rate",
    "dissatisfied_rate",
    "three_rate_composite",
)
COURSE = ("satisfaction_rate", "solved_rate")
TALL = 190


def satisfaction(writer: Writer) -> None:
    """Rates; from due to satisfied; the bounds of silence; course and reasons; clocks."""
    visit = writer.visit
    numbers = indexed(visit.numbers(tuple(dict.fromkeys((*KEYS, *(key for _, key, _ in CALLBACK_STEPS))))), "metric")
    if not numbers["callbacks_due",]["n"]:
        writer.add(Paragraph([Span(writer.words("report.no_callbacks"))]))
        return
    steps = [float(numbers[key,][part] or 0) for _, key, part in CALLBACK_STEPS]
    writer.add(Paragraph([Span(_coverage(writer, steps))]))
    writer.add(week_table(writer, "satisfaction", writer.words("report.satisfaction_table"), KEYS, _silence(writer)))
    writer.add(Paragraph([Span(weighted_words(visit, weighted(visit)))]))
    writer.add(Beside(_funnel(writer, steps), _clocks(writer)))
    writer.add(Beside(_course(writer), _reasons(writer)))


def _coverage(writer: Writer, steps: list[float]) -> str:
    """应回访 73 件，已拨打 67 件，接通 54 件，有效回访 53 件。"""
    said = {
        name: writer.counted(f"funnel.{name}", f"callback.{name}", value)
        for (name, *_), value in zip(CALLBACK_STEPS, steps, strict=True)
    }
    return writer.words("report.funnel_said", **said)


def _silence(writer: Writer) -> str:
    """How far the rate could lie if those who did not answer were all dissatisfied, or all satisfied."""
    rows = indexed(writer.visit.numbers(("satisfaction_rate", "callbacks_due", "callback_response_rate")), "metric")
    rate, due, answered = (rows[key,] for key in ("satisfaction_rate", "callbacks_due", "callback_response_rate"))
    if is_missing(rate["value"]):
        return ""
    asked = float(due["value"] or 0) + rate["n"] - float(answered["numerator"] or 0)
    worst, best = bounds(rate["numerator"], rate["n"], asked)
    lang = writer.visit.lang
    words = {name: shown(float(value), "percent", 1, lang) for name, value in (("worst", worst), ("best", best))}
    return writer.words("report.silence", silent=count(asked - rate["n"]), **words)


def _funnel(writer: Writer, steps: list[float]) -> Table:
    first = steps[0] or float("nan")
    names = [writer.words(f"callback.{name}") for name, *_ in CALLBACK_STEPS]
    rows = [cells(name, count(value), f"{decimal(100 * value / first, 1)}%") for name, value in zip(names, steps, strict=True)]
    title = writer.words("report.funnel")
    writer.annex(
        title,
        [Field(writer.words("report.column_step"), TEXT), Field(writer.words("report.column_cases"), NUMBER)],
        [list(pair) for pair in zip(names, steps, strict=True)],
    )
    return Table(
        title,
        [
            Column(writer.words("report.column_step"), "left", 1),
            Column(writer.words("report.column_cases")),
            Column(writer.words("report.column_of_due")),
        ],
        rows,
    )


def _clocks(writer: Writer) -> Table:
    visit = writer.visit
    clocks = callback_clocks(visit.snapshot, visit.view, visit.period.start, visit.period.end)
    rows = [
        cells(
            visit.words(f"callback.of_{clock.name}"), count(clock.count), duration(clock.median, visit.lang), count(clock.overdue)
        )
        for clock in clocks
    ]
    heads = [
        Column(visit.words("callback.clock_step"), "left", 1),
        *(Column(visit.words(f"callback.clock_{name}")) for name in ("count", "median", "overdue")),
    ]
    return Table(visit.words("satisfaction.clocks"), heads, rows)


def _course(writer: Writer) -> Figure:
    visit = writer.visit
    title = writer.words("report.satisfaction_course")
    frame = weekly(visit, visit.history(COURSE), COURSE, "denominator")
    lines = [
        Line(COURSE[0], visit.words("series.satisfied"), "", BLUE),
        Line(COURSE[1], visit.words("series.solved"), "", GREY, "dash"),
    ]
    columns = [Column(writer.words("report.column_week"), "left"), *(Column(line.name) for line in lines)]
    rows = [
        cells(week_tick(row["week"]), *(shown(row[key], "percent", 1, visit.lang) for key in COURSE))
        for row in frame.to_dict("records")
    ]
    return Figure(
        title,
        trend(frame, lines, lang=visit.lang, share=True, tall=TALL - 50),
        TALL,
        course_summary(visit, title, frame, COURSE[0]),
        Table(title, columns, rows),
        width=HALF,
    )


def _reasons(writer: Writer) -> Figure | Paragraph:
    visit = writer.visit
    numbers = visit.numbers(("dissatisfied_rate",), by=("reason",))
    rows = part_of(numbers, "dissatisfied_rate")
    frame = breakdown(visit, numbers, "dissatisfied_rate", "reason", top=8, measure="numerator") if len(rows) else rows
    frame = frame[frame["value"] > 0].reset_index(drop=True)
    if not len(frame):
        return Paragraph([Span(writer.words("report.no_reasons"))])
    title = writer.words("report.reasons")
    table = Table(
        title,
        [Column(writer.words("report.column_reason"), "left", 1), Column(writer.words("report.column_cases"))],
        [cells(row["label"], count(row["value"])) for row in frame.to_dict("records")],
    )
    alternative = visit.words(
        "chart.described", title=title, count=len(frame), first=frame["label"].iloc[0], last=frame["label"].iloc[-1]
    )
    return Figure(title, bars(frame), max(22 * len(frame) + 26, 90), alternative, table, width=HALF)
