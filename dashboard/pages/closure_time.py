"""办结 · where time goes: stage by department, and what cases closed late took longer for."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty
from dashboard.exhibit import NUMBER, Field
from dashboard.figures.bars import bars
from dashboard.figures.matrix import matrix
from dashboard.i18n.numbers import count, decimal, duration, is_missing
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries.stage_times import STAGES, LostTime
from dashboard.reading.exhibits import of_frame
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, metric

DEPARTMENTS = 12  # in the chart; its table has all
SHORTEST = 0.1  # hours: what takes less looks alike


def stages_card(visit: Visit, times: pd.DataFrame) -> html.Section:
    """Stage × department: the median of each, all departments together on top."""
    title = visit.words("closure.stages")
    frame = times.assign(
        name=[visit.words("table.whole") if is_missing(code) else visit.name("department", code) for code in times["department"]]
    )
    names = {stage: visit.words(f"stage.{stage}") for stage in STAGES}
    fields: dict[str, Field] = {
        "name": Field(visit.words("closure.department")),
        "cases": Field(visit.words("closure.cases"), NUMBER),
    }
    for stage, name in names.items():
        fields |= {
            f"{stage}_median": Field(f"{name} · {visit.words('closure.median')}", "hours", 2),
            f"{stage}_p90": Field(f"{name} · {visit.words('closure.p90')}", "hours", 2),
            f"{stage}_n": Field(f"{name} · n", NUMBER),
        }
    keys = tuple(f"median_hours_to_{stage}" for stage in STAGES)
    exhibit = of_frame("stages", title, frame, fields, keys, visit.words("closure.stages_table"))
    top = frame[frame["cases"] > 0].head(DEPARTMENTS + 1)
    cells = pd.DataFrame(
        [_cell(visit, row, place, stage, column) for place, row in enumerate(top.to_dict("records")) for column, stage in enumerate(STAGES)],
        columns=["row", "column", "value", "text", "hover", "href"],
    )  # fmt: skip
    if cells["value"].isna().all():
        return card(title, empty(visit.lang, "closure.no_times"), width=7)
    longest = cells.sort_values("value", ascending=False).iloc[0]
    figure = matrix(cells, rows=top["name"].tolist(), columns=list(names.values()), least=SHORTEST)
    said = visit.words("closure.stages_said", department=top["name"].iloc[longest["row"]], time=longest["text"])
    return exhibit_card(
        visit,
        exhibit,
        graph(figure, height=30 * len(top) + 34, description=f"{title} {said}"),
        width=7,
        note=visit.words("closure.stages_note", count=len(top) - 1),
    )


def _cell(visit: Visit, row: dict[Any, Any], place: int, stage: str, column: int) -> tuple[Any, ...]:
    median = row[f"{stage}_median"]
    said = visit.words(
        "closure.cell",
        department=row["name"],
        stage=visit.words(f"stage.{stage}"),
        p90=duration(row[f"{stage}_p90"], visit.lang),
        n=count(row[f"{stage}_n"]),
    )
    at = {} if is_missing(row["department"]) else {"department": row["department"]}
    href = cases_href(visit.view, f"median_hours_to_{stage}", "denominator", at)
    return place, column, median, _brief(median, visit), said, href


def _brief(hours: Any, visit: Visit) -> str:
    """A length of time in as few letters as a cell of a telephone has room for."""
    if is_missing(hours):
        return ""
    value = float(hours)
    if value < 1:
        return visit.words("closure.minutes", n=decimal(value * 60, 0))
    if value < 48:
        return visit.words("closure.hours", n=decimal(value, 1 if value < 10 else 0))
    return visit.words("closure.days", n=decimal(value / 24, 1))


def lost_card(visit: Visit, lost: LostTime) -> html.Section:
    """In which stage cases closed late took longer than their department's cases on time."""
    title = visit.words("closure.lost")
    if not lost.cases:
        return card(title, empty(visit.lang, "closure.no_late"), width=5, info=info(metric("closed_late"), visit.view))
    total = sum(hours for hours in lost.hours.values() if hours > 0) or 1.0
    href = cases_href(visit.view, "closed_late")
    rows = [(visit.words(f"stage.{stage}"), hours, hours / lost.cases) for stage, hours in lost.hours.items()]
    frame = pd.DataFrame(
        {
            "label": [name for name, *_ in rows],
            "value": [max(each, 0.0) for *_, each in rows],
            "text": [_more(each, hours / total, visit) for _, hours, each in rows],
            "hover": [visit.words("closure.lost_cell", stage=name, each=_signed(each, visit), all=_signed(hours, visit)) for name, hours, each in rows],
            "href": [href] * len(rows),
            "hours": [hours for _, hours, _ in rows],
            "each": [each for *_, each in rows],
        }
    )  # fmt: skip
    fields = {
        "label": Field(visit.words("closure.stage")),
        "each": Field(visit.words("closure.more_each"), "hours", 2),
        "hours": Field(visit.words("closure.more_all"), "hours", 1),
    }
    note = visit.words("closure.lost_note", count=count(lost.cases))
    exhibit = of_frame("lost", title, frame, fields, ("closed_late",), note)
    most = frame.sort_values("value", ascending=False).iloc[0]
    said = f"{title} {most['label']} {most['text']}"
    chart = graph(bars(frame), height=60 * len(frame) + 26, description=said)
    return exhibit_card(visit, exhibit, chart, width=5, note=note, foot=visit.words("closure.lost_foot"))


def _more(hours: float, share: float, visit: Visit) -> str:
    """+17.6 天  98%: the share of what was lost in all, where it was lost."""
    return f"{_signed(hours, visit)}  {decimal(share * 100, 0)}%" if share >= 0.005 else _signed(hours, visit)


def _signed(hours: float, visit: Visit) -> str:
    return ("+" if hours > 0 else "") + duration(hours, visit.lang)
