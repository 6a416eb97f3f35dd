"""部门: who was given what, who came in time, who finished in time, who still has it."""

from __future__ import annotations

from dashboard.exhibit import TEXT, Field
from dashboard.figures.bars import bars
from dashboard.i18n.numbers import count
from dashboard.reading.difference import indexed
from dashboard.reading.frames import UNMATCHED, breakdown
from dashboard.reading.visit import metric, part_of
from dashboard.report.content.tables import with_n
from dashboard.report.document import Cell, Column, Figure, Paragraph, Span, Table
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
    writer.add(_table(writer, numbers))
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


def _table(writer: Writer, numbers: object) -> Table:
    visit = writer.visit
    own = {key: indexed(part_of(numbers, key), "department") for key in KEYS}  # type: ignore[arg-type]
    order = part_of(numbers, "assignments").sort_values(["value", "department"], ascending=[False, True])  # type: ignore[arg-type]
    codes = [code for code in order["department"] if code not in (None, UNMATCHED)]
    lines = [[visit.name("department", code), *(own[key][code,]["value"] for key in KEYS)] for code in codes]
    rows = [
        [
            Cell(visit.name("department", code)),
            *(
                Cell(with_n(writer, f"department.{code}.{key}", key, own[key][code,], (visit.name("department", code),) * 2))
                for key in KEYS
            ),
        ]
        for code in codes[:MOST]
    ]
    whole = indexed(visit.numbers(KEYS), "metric")
    rows.insert(
        0,
        [
            Cell(visit.words("departments.whole")),
            *(Cell(with_n(writer, f"department..{key}", key, whole[key,], ("全镇部门", "All departments"))) for key in KEYS),
        ],
    )
    title = writer.words("report.departments_table")
    short = [metric(key).text(visit.lang).short for key in KEYS]
    fields = [
        Field(writer.words("report.column_department"), TEXT),
        *(Field(name, metric(key).unit, metric(key).decimals) for name, key in zip(short, KEYS, strict=True)),
    ]
    writer.annex(title, fields, lines, KEYS)
    rest = writer.visit.words("chart.top", shown=MOST, all=len(codes)) if len(codes) > MOST else ""
    return Table(
        title,
        [Column(writer.words("report.column_department"), "left", 1), *(Column(name) for name in short)],
        rows,
        rest,
        sums=1,
    )
