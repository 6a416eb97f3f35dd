"""政策评估 · against others: before and since, week by week, stage by stage, and without each place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard.exhibit import DATE, NUMBER, TEXT, Field
from dashboard.figures.effects import PLAIN, SHOWN, TRUE, Level, effects_by_row, effects_in_time
from dashboard.i18n.numbers import is_missing
from dashboard.pages.evaluation_drawn import (
    Answer,
    chart_card,
    course_card,
    effect_fields,
    effect_row,
    known,
    stages_at,
    with_hover,
)
from dashboard.reading.evaluation_words import UNLIKELY, effect_words, p_words, scaled
from dashboard.reading.visit import Visit
from dashboard.statistics.interrupted import Effect
from dashboard.statistics.ratios import ratio

METHODS = ("staggered",)
ROW, LEAST_HEIGHT = 26, 200  # pixels of a row, and of a chart
MOST_ROWS = 14
"""Places drawn one by one: those without which the result changes most."""
_TICK_WEEKS = 26


def since_card(answer: Answer) -> html.Section:
    """The pre-trend plot: differences by weeks from the beginning."""
    visit, definition, others = answer.visit, answer.definition, answer.found.others
    title = visit.words("evaluation.since_title")
    rows = [
        {
            "at": (one.first + one.last + 1) / 2,
            **effect_row(answer, one.effect),
            "look": SHOWN if one.first >= 0 else PLAIN,
            "when": _since_words(visit, one.first, one.last),
            "units": one.units,
        }
        for one in others.since
        if not is_missing(one.effect.value)
    ]
    frame = with_hover(pd.DataFrame(rows), "when")
    ends = [one.first for one in others.since] + [one.last + 1 for one in others.since]
    ticks = {
        float(at): visit.words("evaluation.since_tick", n=f"{at}".replace("-", "−")) for at in _round_weeks(min(ends), max(ends))
    }
    figure = effects_in_time(
        frame,
        ticks=ticks,
        unit=answer.unit,
        lang=visit.lang,
        nothing=visit.words("evaluation.no_effect"),
        begins=0.0,
        begins_name=visit.words("evaluation.since_begins"),
    )
    judged = visit.words("evaluation.not_calm" if others.before.p < UNLIKELY else "evaluation.calm")
    effect = effect_words(definition, others.before.value, visit.lang)
    foot = visit.words("evaluation.since_foot", effect=effect, p=p_words(others.before.p), judged=judged)
    fields = {
        "when": Field(visit.words("evaluation.column_since"), TEXT),
        "units": Field(visit.words("evaluation.column_units"), NUMBER),
    }
    fields |= effect_fields(answer)
    return chart_card(answer, "since", title, frame, fields, figure, note="since_note", foot=foot, methods=METHODS)


def weekly_card(answer: Answer) -> html.Section:
    """All that have begun, week by week, against what the others' course lets expect."""
    visit, others = answer.visit, answer.found.others
    title = visit.words("evaluation.weekly_title")
    has_begun = np.arange(len(answer.numbers.weeks))[None, :] >= answer.numbers.asked.adopted[:, None]
    compared = has_begun & ~np.isnan(others.expected)
    parts = others.observed, others.expected, answer.numbers.asked.bottom
    observed, expected, size = (known(part).sum(axis=0, where=compared) for part in parts)
    frame = pd.DataFrame(
        {"week": list(answer.numbers.weeks), "observed": ratio(observed, size), "expected": ratio(expected, size)}
    ).dropna()
    return course_card(answer, "weekly", title, frame, note="weekly_note", methods=METHODS)


def cohorts_card(answer: Answer) -> html.Section:
    """A row a stage, and all of them together."""
    visit, others = answer.visit, answer.found.others
    title = visit.words("evaluation.cohorts_title")
    whole = {"label": visit.words("evaluation.cohort_all"), **effect_row(answer, others.effect), "look": TRUE,
             "begins": None, "units": int(sum(len(one.units) for one in others.cohorts)), "weeks": None}  # fmt: skip
    rows: list[dict[str, Any]] = [whole]
    for one in others.cohorts:
        stage = stages_at(answer, one.week)
        key = "evaluation.cohort_row" if one.weeks else "evaluation.cohort_nothing"
        rows.append(
            {
                "label": visit.words(key, stage=stage, count=len(one.units), weeks=one.weeks),
                **effect_row(answer, one.effect),
                "look": SHOWN,
                "begins": answer.numbers.weeks[one.week],
                "units": len(one.units),
                "weeks": one.weeks,
            }
        )
    frame = with_hover(pd.DataFrame(rows), "label")
    figure = effects_by_row(frame, unit=answer.unit, nothing=visit.words("evaluation.no_effect"))
    fields = {
        "label": Field(visit.words("evaluation.column_cohort"), TEXT),
        "begins": Field(visit.words("evaluation.column_begins"), DATE),
        "units": Field(visit.words("evaluation.column_units"), NUMBER),
        "weeks": Field(visit.words("evaluation.column_weeks"), NUMBER),
        **effect_fields(answer),
    }
    return chart_card(
        answer,
        "cohorts",
        title,
        frame,
        fields,
        figure,
        note="cohorts_note",
        methods=METHODS,
        height=_height(answer),
    )


def without_card(answer: Answer) -> html.Section:
    """Is it one place? The result without each."""
    visit, definition, others = answer.visit, answer.definition, answer.found.others
    title = visit.words("evaluation.without_title")
    rows = [
        {
            "label": visit.words("evaluation.without_row", name=visit.name(answer.asked.by, code)),
            **effect_row(answer, Effect(float(value), math.nan, math.nan, math.nan)),
            "look": SHOWN,
        }
        for place, (code, value) in enumerate(zip(answer.numbers.units, others.without.tolist(), strict=True))
        if place not in others.left_out and not is_missing(value)
    ]
    frame = with_hover(pd.DataFrame(rows).sort_values("value", kind="stable").reset_index(drop=True), "label")
    level = Level(
        scaled(definition, others.effect.value),
        visit.words("evaluation.all_together", effect=effect_words(definition, others.effect.value, visit.lang)),
    )
    nearest = (frame["value"] - level.value).abs().rank(method="first")
    drawn = frame[nearest > len(frame) - MOST_ROWS].reset_index(drop=True)
    figure = effects_by_row(drawn, unit=answer.unit, nothing=visit.words("evaluation.no_effect"), level=level)
    fields = {"label": Field(visit.words("evaluation.column_without"), TEXT), "value": effect_fields(answer)["value"]}
    foot = visit.words("evaluation.without_most", count=MOST_ROWS) if len(drawn) < len(frame) else ""
    return chart_card(
        answer, "without", title, frame, fields, figure, note="without_note", foot=foot, methods=METHODS, height=_height(answer)
    )


def _height(answer: Answer) -> int:
    """Of the two charts of rows, which stand side by side."""
    return max(ROW * min(len(answer.numbers.units), MOST_ROWS) + 70, LEAST_HEIGHT)


def _since_words(visit: Visit, first: int, last: int) -> str:
    if first >= 0:
        return visit.words("evaluation.since_weeks", first=first + 1, last=last + 1)
    return visit.words("evaluation.since_weeks_before", first=-last, last=-first)


def _round_weeks(first: int, last: int) -> list[int]:
    step = _TICK_WEEKS if last - first > 3 * _TICK_WEEKS else _TICK_WEEKS // 2
    return list(range(-(-first // step) * step, last + 1, step))
