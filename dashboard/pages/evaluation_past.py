"""政策评估 · against their own past: the course drawn on, and dates when nothing was done."""

from __future__ import annotations

import pandas as pd
from dash import html

from dashboard.exhibit import DATE, Field
from dashboard.figures.effects import PLAIN, Level, effects_in_time
from dashboard.i18n.dates import day
from dashboard.i18n.numbers import is_missing
from dashboard.pages.evaluation_drawn import Answer, chart_card, course_card, effect_fields, effect_row, stages_at, with_hover
from dashboard.reading.evaluation_words import change_words, scaled

METHODS = ("interrupted",)
LEAST_STEP = 5
"""Weeks between two dates on the axis: their months differ."""


def past_card(answer: Answer) -> html.Section:
    """Those that began together: as they were, as the model has them, and as their course before lets expect."""
    visit, definition, alone = answer.visit, answer.definition, answer.found.alone
    columns = {
        "observed": alone.value,
        "expected": alone.counterfactual,
        "fitted": alone.fitted,
        "low": alone.low,
        "high": alone.high,
    }
    frame = pd.DataFrame({"week": list(answer.numbers.weeks), **columns}).dropna(subset=["observed"])
    said = []
    for change in alone.changes:
        level = change_words(visit, definition, change.level, "level")
        said.append(visit.words("evaluation.past_foot_level", stage=stages_at(answer, change.week), level=level))
        if not is_missing(change.slope.value):
            said.append(visit.words("evaluation.past_foot_slope", slope=change_words(visit, definition, change.slope, "slope")))
    foot = visit.words("punctuation.semicolon").join(said) + visit.words("punctuation.stop")
    title = visit.words("evaluation.past_title")
    return course_card(answer, "past", title, frame, note="past_note", foot=foot, methods=METHODS)


def elsewhen_card(answer: Answer) -> html.Section:
    """Effects at dates when nothing was done, and the true one as a line."""
    visit, definition, elsewhen = answer.visit, answer.definition, answer.found.elsewhen
    assert elsewhen is not None
    title = visit.words("evaluation.elsewhen_title")
    begins = [answer.numbers.weeks[place] for place in elsewhen.weeks]
    rows = [
        {"at": float(place), **effect_row(answer, effect), "look": PLAIN, "begins": monday, "when": day(monday, visit.lang)}
        for place, monday, effect in zip(elsewhen.weeks, begins, elsewhen.effects, strict=True)
    ]
    frame = with_hover(pd.DataFrame(rows), "when")
    step = max(LEAST_STEP, -(-len(rows) // 4))
    ticks = {float(place): str(monday)[:7] for place, monday in list(zip(elsewhen.weeks, begins, strict=True))[::step]}
    true = Level(scaled(definition, answer.found.alone.effect.value), visit.words("evaluation.elsewhen_true"))
    figure = effects_in_time(
        frame,
        ticks=ticks,
        unit=answer.unit,
        lang=visit.lang,
        nothing=visit.words("evaluation.no_effect"),
        level=true,
    )
    fields = {"begins": Field(visit.words("evaluation.column_begins"), DATE), **effect_fields(answer)}
    return chart_card(answer, "elsewhen", title, frame, fields, figure, note="elsewhen_note", methods=METHODS)
