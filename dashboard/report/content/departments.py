"""部门: who was given what, who came in time, who finished in time, who still has it."""

from __future__ import annotations

from dashboard.figures.bars import bars
from dashboard.i18n.numbers import count
from dashboard.reading.frames import breakdown
from dashboard.reading.visit import metric, part_of
from dashboard.report.content.tables import table_by
from dashboard.report.document import Column, Figure, Paragraph, Span, Table
from dashboard.report.writer import Writer, cells

KEYS = (
    "assignments",
    "answered_in_time_rate",
    "assignment_on_time_rate",
    "return_rate",
    "open_assignments",
    "overdue_assignments",
    "median_hours_to_finish",
)
MOST, DRAWN = 14, 10
OVERDUE = "overdue_assignments"


def departments(writer: Writer) -> None:
    """The departments with most assignments of the week; where overdue ones lie."""
    visit = writer.visit
    numbers = visit.numbers(KEYS, by=("department",))
    given = part_of(numbers, "assignments")
    held = part_of(numbers, "open_assignments")
    if not given["n"].sum() + held["n"].sum():
        writer.add(Paragraph([Span(writer.words("report.no_cases"))]))
        return
    title = writer.words("report.departments_table")
    writer.add(
        table_by(
            writer,
            "department",
            KEYS,
            numbers,
            title,
            most=MOST,
            whole=(writer.words("departments.whole"), ("全镇部门", "All departments")),
        )
    )
    frame = breakdown(visit, numbers, OVERDUE, "department", top=DRAWN)
    frame = frame[frame["value"] > 0].reset_index(drop=True)
    if len(frame):
        title = writer.words("report.departments_overdue")
        columns = [Column(writer.words("report.column_department"), "left", 1), Column(metric(OVERDUE).text(visit.lang).short)]
        table = Table(title, columns, [cells(row["label"], count(row["value"])) for row in frame.to_dict("records")])
        alternative = visit.words(
            "chart.described", title=title, count=len(frame), first=frame["label"].iloc[0], last=frame["label"].iloc[-1]
        )
        writer.add(Figure(title, bars(frame), 22 * len(frame) + 26, alternative, table))
