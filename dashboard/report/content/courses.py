"""The two courses of the first page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from dashboard.exhibit import DATE, NUMBER, Field
from dashboard.figures.theme import BLUE, GREY, ORANGE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.dates import as_date, week_tick
from dashboard.i18n.numbers import count, decimal
from dashboard.queries.balance import balances
from dashboard.reading.courses import course_summary, weekly
from dashboard.reading.visit import metric
from dashboard.report.document import HALF, Column, Figure, Table
from dashboard.report.writer import Writer, cells

WEEKS = 13
AROUND = 50
"""Pixels of a chart that are not its plot area, about."""


def flow(writer: Writer, mondays: Sequence[Any], tall: float) -> Figure:
    """What came in, what was closed and what stood open, by week."""
    visit = writer.visit
    days = [as_date(monday) for monday in mondays][-WEEKS:]
    weeks = balances(visit.snapshot, visit.view, [(day, day + timedelta(days=6)) for day in days])
    names = ("taken", "closed", "closing")
    frame = pd.DataFrame(
        {"week": [week.start for week in weeks], **{name: [getattr(week, name) for week in weeks] for name in names}}
    )
    looks = (
        ("taken", "series.taken", GREY, "dash"),
        ("closed", "series.closed", BLUE, "solid"),
        ("closing", "series.backlog", ORANGE, "dot"),
    )
    lines = [Line(name, visit.words(key), "", colour, dash) for name, key, colour, dash in looks]
    title = writer.words("report.flow")
    fields = [Field(writer.words("report.column_week"), DATE), *(Field(line.name, NUMBER) for line in lines)]
    writer.annex(title, fields, frame.astype(object).to_numpy().tolist())
    table = Table(
        title,
        [Column(writer.words("report.column_week"), "left"), *(Column(line.name) for line in lines)],
        [cells(week_tick(row[0]), *map(count, row[1:])) for row in frame.itertuples(index=False)],
    )
    last = weeks[-1] if weeks else None
    alternative = writer.words("report.flow_said", **{name: count(getattr(last, name, None)) for name in names})
    return Figure(
        title,
        trend(frame, lines, lang=visit.lang, unit=visit.words("unit.count"), tall=tall - AROUND),
        tall,
        alternative,
        table,
        width=HALF,
    )


def on_time(writer: Writer, history: pd.DataFrame, tall: float) -> Figure:
    """The rate closed on time, by week."""
    visit, key = writer.visit, "on_time_closure_rate"
    title = writer.words("report.on_time")
    frame = weekly(visit, history, (key,), "denominator")
    table = Table(
        title,
        [Column(writer.words("report.column_week"), "left"), Column(metric(key).text(visit.lang).short)],
        [
            cells(week_tick(week), decimal(None if pd.isna(value) else 100 * value, 1))
            for week, value in zip(frame["week"], frame[key], strict=True)
        ],
    )
    figure = trend(frame, [Line(key, "", "", BLUE)], lang=visit.lang, share=True, tall=tall - AROUND)
    return Figure(title, figure, tall, course_summary(visit, title, frame, key), table, width=HALF)
