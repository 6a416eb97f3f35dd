"""政策评估 · what the cards of an answer have in common: the answer itself, effects as rows, and how a chart becomes a card."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.graph import graph
from dashboard.exhibit import DATE, NUMBER, Field
from dashboard.figures import Figure
from dashboard.figures.expected import against_expected
from dashboard.i18n import joined
from dashboard.i18n.numbers import NOTHING
from dashboard.metrics.catalogue import Metric
from dashboard.pages.exhibits import exhibit_card
from dashboard.reading.evaluation import Specification, first_week, kind_of
from dashboard.reading.evaluation_panel import WEEK, Numbered
from dashboard.reading.evaluation_words import effect_words, interval_words, scaled, stage_words, unit_words
from dashboard.reading.exhibits import of_frame
from dashboard.reading.visit import Visit, metric
from dashboard.statistics.evaluation import Found
from dashboard.statistics.interrupted import Effect
from dashboard.statistics.ratios import Numbers

HEIGHT = 300
"""Of a chart, in pixels."""


@dataclass(frozen=True)
class Answer:
    """What a reader asked, in what numbers, and what was found."""

    visit: Visit
    asked: Specification
    numbers: Numbered
    found: Found

    @property
    def definition(self) -> Metric:
        return metric(self.asked.metric)

    @property
    def unit(self) -> str:
        """Of effects."""
        return unit_words(self.definition, self.visit.lang)


def chart_card(
    answer: Answer,
    id: str,
    title: str,
    frame: pd.DataFrame,
    fields: dict[str, Field],
    figure: Figure,
    *,
    note: str,
    foot: str = "",
    methods: Sequence[str] = (),
    height: int = HEIGHT,
) -> html.Section:
    """note: key of the words under the title."""
    visit, said = answer.visit, answer.visit.words(f"evaluation.{note}")
    if "value" in fields and answer.unit != "%":
        said += visit.words("evaluation.in_unit", unit=answer.unit)
    exhibit = of_frame(f"evaluation-{id}", title, frame, fields, (answer.definition.key,))
    described = visit.words("evaluation.described", title=title, words=foot or said)
    chart = graph(figure, height=height, description=described, has_links=False)
    return exhibit_card(visit, exhibit, chart, width=6, note=said, foot=foot, methods=methods, info="")


def course_card(
    answer: Answer, id: str, title: str, frame: pd.DataFrame, *, note: str, foot: str = "", methods: Sequence[str] = ()
) -> html.Section:
    """frame: week, observed, expected and, where they are known, fitted, low and high, as they are counted: not scaled yet."""
    visit, definition = answer.visit, answer.definition
    is_share = kind_of(definition) == "share"
    scaled_frame = frame.assign(**{name: frame[name] * definition.scale for name in frame.columns if name != "week"})
    first, last = frame["week"].iloc[0], frame["week"].iloc[-1]
    days = [
        (str(stage.day), stage_words(visit, place))
        for place, stage in enumerate(answer.asked.stages)
        if stage.day and first - WEEK <= stage.day <= last
    ]
    figure = against_expected(
        scaled_frame,
        (visit.words("evaluation.observed"), visit.words("evaluation.expected"), visit.words("evaluation.fitted")),
        days=days,
        lang=visit.lang,
        share=is_share,
        unit="" if is_share else visit.words(f"unit.{shown_unit(definition)}"),
        tall=HEIGHT - 60,
    )
    fields = {"week": Field(visit.words("evaluation.column_week"), DATE)} | {
        name: Field(visit.words(f"evaluation.{name}"), shown_unit(definition), max(definition.decimals, 1))
        for name in ("observed", "expected", "fitted")
        if name in frame
    }
    return chart_card(answer, id, title, scaled_frame, fields, figure, note=note, foot=foot, methods=methods)


def stages_at(answer: Answer, week: int) -> str:
    """The stages whose first whole week that is: 第2批."""
    monday = answer.numbers.weeks[week]
    stages = enumerate(answer.asked.stages)
    names = [stage_words(answer.visit, place) for place, stage in stages if stage.day and first_week(stage.day) == monday]
    return joined(names, answer.visit.lang)


def effect_row(answer: Answer, effect: Effect) -> dict[str, Any]:
    """value, low, high as drawn, and said in words; ends that are not known are left out."""
    visit, definition = answer.visit, answer.definition
    low, high = (math.nan if math.isinf(end) else scaled(definition, end) for end in (effect.low, effect.high))
    words, bounds = effect_words(definition, effect.value, visit.lang), interval_words(visit, definition, effect)
    said = words if bounds == NOTHING else f"{words}<br>{bounds}"
    return {"value": scaled(definition, effect.value), "low": low, "high": high, "said": said}


def with_hover(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """frame: `name`, said."""
    return frame.assign(hover=[f"<b>{label}</b><br>{said}" for label, said in zip(frame[name], frame["said"], strict=True)])


def effect_fields(answer: Answer) -> dict[str, Field]:
    """The columns of effect_row in a table."""
    visit = answer.visit
    title = visit.words("evaluation.column_effect", unit=answer.unit)
    return {
        "value": Field(title, NUMBER, 1),
        "low": Field(f"{title} · {visit.words('table.low')}", NUMBER, 1),
        "high": Field(f"{title} · {visit.words('table.high')}", NUMBER, 1),
    }


def shown_unit(definition: Metric) -> str:
    """A plain count is shown per household, as it is compared."""
    return "per_1000_households_week" if definition.kind == "count" else definition.unit


def known(numbers: Any) -> Numbers:
    """With 0 in place of what is not known."""
    return np.nan_to_num(np.asarray(numbers, dtype=np.float64))
