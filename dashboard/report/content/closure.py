"""办结与存量: is the loop closed, on time, and what remains?"""

from __future__ import annotations

import pandas as pd

from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.figures.bars import columns
from dashboard.i18n.numbers import count, decimal, duration
from dashboard.queries.balance import Balance, balances
from dashboard.queries.stage_times import STAGES, stage_times
from dashboard.reading.topics import AGES
from dashboard.reading.visit import metric
from dashboard.report.content.tables import week_table
from dashboard.report.document import HALF, Beside, Column, Figure, Paragraph, Span, Table
from dashboard.report.writer import Writer, cells

KEYS = (
    "due",
    "closure_rate",
    "on_time_closure_rate",
    "on_time_closure_rate_original",
    "median_hours_to_close:by_closing",
    "rework_rate",
    "extension_rate",
    "self_disposed_share",
    "void_share",
)
TALL = 190


def closure(writer: Writer) -> None:
    """The week's rates; the stock as a sum; ages and stages."""
    visit = writer.visit
    writer.add(week_table(writer, "closure", writer.words("report.closure_table"), KEYS, writer.words("report.closure_note")))
    (week,) = balances(visit.snapshot, visit.view, [(visit.period.start, visit.period.end)])
    writer.add(Paragraph([Span(_sum(writer, week))]))
    writer.add(Beside(_ages(writer), _stages(writer)))


def _sum(writer: Writer, week: Balance) -> str:
    """期初在办 120 件，新增 80，办结 76，期末在办 124 件。"""
    parts = {
        name: writer.counted(f"balance.{name}", f"report.balance_{name}", getattr(week, name))
        for name in ("opening", "taken", "closed", "closing")
    }
    undated = writer.words("report.balance_dated", count=count(week.undated)) if week.undated else ""
    return writer.words("report.balance", **parts, undated=undated)


def _ages(writer: Writer) -> Figure | Paragraph:
    visit = writer.visit
    title = writer.words("report.ages")
    numbers = visit.numbers(AGES).set_index("metric").to_dict("index")
    values = [float(numbers[key]["value"] or 0) for key in AGES]
    total = sum(values)
    if not total:
        return Paragraph([Span(visit.words("closure.no_backlog"))])
    said = [
        writer.words(
            "report.with_n",
            value=writer.of_metric(f"ages.{key}", key, numbers[key], is_bare=True),
            n=f"{decimal(100 * value / total, 1)}%",
        )
        for key, value in zip(AGES, values, strict=True)
    ]
    labels = [metric(key).text(visit.lang).short for key in AGES]
    frame = pd.DataFrame(
        {"label": labels, "value": values, "text": said, "hover": "", "href": "", "mark": [key == AGES[-1] for key in AGES]}
    )
    table = Table(
        title,
        _columns(writer, "age", writer.words("report.column_cases")),
        [cells(label, text) for label, text in zip(labels, said, strict=True)],
    )
    alternative = (
        title
        + visit.words("punctuation.colon")
        + visit.words("punctuation.list").join(f"{label} {text}" for label, text in zip(labels, said, strict=True))
    )
    return Figure(title, columns(frame), TALL, alternative, table, width=HALF)


def _stages(writer: Writer) -> Table:
    """How long each stage took this week, all departments together."""
    visit = writer.visit
    whole = stage_times(visit.snapshot, visit.view, (visit.period.start, visit.period.end)).iloc[0]
    title = writer.words("report.stages")
    rows, lines = [], []
    for stage in STAGES:
        name, median, p90, n = visit.words(f"stage.{stage}"), *(whole[f"{stage}_{what}"] for what in ("median", "p90", "n"))
        said = writer.note(f"stage.{stage}", writer.names(f"stage.{stage}"), median, duration(median, visit.lang), "hours", n)
        rows.append(cells(name, said, duration(p90, visit.lang), count(n)))
        lines.append([name, median, p90, n])
    heads = ("stage", "median", "p90", "n")
    writer.annex(
        title,
        [
            Field(writer.words("report.column_stage"), TEXT),
            *(Field(writer.words(f"report.column_{name}"), NUMBER, 2) for name in heads[1:]),
        ],
        lines,
    )
    return Table(
        title,
        [
            Column(writer.words(f"report.column_{name}"), "left" if name == "stage" else "right", 1 if name == "stage" else 0)
            for name in heads
        ],
        rows,
    )


def _columns(writer: Writer, first: str, *rest: str) -> list[Column]:
    return [Column(writer.words(f"report.column_{first}"), "left"), *(Column(name) for name in rest)]
