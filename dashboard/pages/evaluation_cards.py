"""政策评估 · the answer: a sentence for leaders, the comparison with others, that with the own past, and what all of it rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dash import html

from dashboard.components.card import card, facts, grid
from dashboard.components.info import info
from dashboard.components.method_links import method_links
from dashboard.i18n import joined
from dashboard.i18n.dates import day, moment, span
from dashboard.i18n.numbers import bare, count
from dashboard.pages import evaluation_others, evaluation_past
from dashboard.pages.evaluation_drawn import Answer, known, shown_unit
from dashboard.reading.evaluation import kind_of
from dashboard.reading.evaluation_panel import COUNTED, idle_filters
from dashboard.reading.evaluation_words import Verdict, always, cautions, listed, stage_words, verdict
from dashboard.view import MAX_CODES

LISTED = 5
"""Places of a stage that are named in the line over the finding."""
DAYS = timedelta(days=6)
"""From a week's Monday to its last day."""


def cards(answer: Answer) -> list[Any]:
    """The verdict first; a chart only where there is something to be drawn."""
    found = answer.found
    rows: list[Any] = [_verdict(answer)]
    if found.others.is_firm:
        rows += [evaluation_others.since_card(answer), evaluation_others.weekly_card(answer)]
        rows += [evaluation_others.cohorts_card(answer)] if len(found.others.cohorts) > 1 else []  # one says what all say
        rows.append(evaluation_others.without_card(answer))
    if found.alone.is_firm:
        rows.append(evaluation_past.past_card(answer))
        rows += [evaluation_past.elsewhen_card(answer)] if found.elsewhen and found.elsewhen.weeks else []
    return [grid([*rows, _basis(answer)])]


def _verdict(answer: Answer) -> html.Section:
    """The finding, what it rests on in a line, and what must be borne in mind."""
    visit, asked = answer.visit, answer.asked
    said: Verdict = verdict(visit, asked, answer.found)
    lists = [
        html.Div([html.H3(visit.words(f"evaluation.{name}")), html.Ul([html.Li(line) for line in lines])])
        for name, lines in (("seen", cautions(visit, asked, answer.numbers, answer.found)), ("always", always(asked, visit.lang)))
        if lines
    ]
    stages = visit.words("punctuation.semicolon").join(_stages(answer, most=LISTED))
    name = answer.definition.text(visit.lang).name
    note = visit.words("evaluation.verdict_note", metric=name, stages=stages, weeks=_weeks(answer))
    head = html.P(said.headline, className="evaluation-headline" + (" firm" if said.is_firm else ""))
    sentences = [html.P(sentence, className="said") for sentence in said.sentences]
    body = [head, *sentences, html.Div(lists, className="evaluation-cautions")]
    return card(visit.words("evaluation.verdict"), body, info=info(answer.definition, visit.view), note=note)


def _basis(answer: Answer) -> html.Section:
    """Definition, sizes, weeks, who is compared with whom, how often the dates were dealt out, and the data's own moment."""
    visit, definition, build = answer.visit, answer.definition, answer.visit.snapshot.build
    kind = definition.kind if definition.kind in ("count", "rate_per") else kind_of(definition)
    words = definition.text(visit.lang)
    pairs: list[tuple[str, Any]] = [
        ("basis_metric", [html.B(words.name), f" {words.definition}"]),
        ("basis_exposure", visit.words(f"evaluation.exposure_{kind}", unit=visit.words(f"unit_name.{definition.unit}"))),
        ("basis_where", [part for stage in _stages(answer) for part in (stage, html.Br())][:-1]),
        ("basis_against", _against(answer)),
        ("basis_filters", _filters(answer)),
        ("basis_weeks", _weeks(answer)),
        ("basis_size", _size(answer)),
        ("basis_deals", _deals(answer)),
        ("basis_as_of", f"{moment(build.as_of)} · {build.build_id}"),
    ]
    rows = facts([(visit.words(f"evaluation.{name}"), said) for name, said in pairs])
    links = method_links((*evaluation_others.METHODS, *evaluation_past.METHODS), visit.view)
    foot = [visit.words("evaluation.basis_holidays"), " ", links]
    return card(visit.words("evaluation.basis"), rows, foot=foot)


def _filters(answer: Answer) -> str:
    """What is narrowed down to, and which filters of the view do nothing here."""
    visit, idle = answer.visit, idle_filters(answer.visit, answer.definition)
    acting = [visit.name(name, code) for name in COUNTED if name not in idle for code in getattr(visit.view, name)]
    said = [joined(acting, visit.lang)] if acting else []
    if idle:
        said.append(
            visit.words("evaluation.basis_idle", filters=joined([visit.words(f"filter.{name}") for name in idle], visit.lang))
        )
    return visit.words("punctuation.semicolon").join(said)


def _against(answer: Answer) -> str:
    never = len(set(answer.numbers.units) - set(answer.asked.treated))  # some stages begin after the last week
    if never and len(answer.asked.stages) == 1:
        return answer.visit.words("evaluation.against_only", count=never)
    return answer.visit.words("evaluation.against_never" if never else "evaluation.against_later", count=never)


def _stages(answer: Answer, most: int = MAX_CODES) -> list[str]:
    """第1批自2024年9月1日（锦绣里社区）; of more than `most` places only how many."""
    visit, asked = answer.visit, answer.asked
    return [
        visit.words(
            "evaluation.stages_said",
            stage=stage_words(visit, place),
            day=day(stage.day, visit.lang),
            names=listed(visit, asked.by, stage.units, most),
        )
        for place, stage in enumerate(asked.stages)
    ]


def _weeks(answer: Answer) -> str:
    visit, weeks = answer.visit, answer.numbers.weeks
    return visit.words("evaluation.basis_weeks_said", count=len(weeks), span=span(weeks[0], weeks[-1] + DAYS, visit.lang))


def _size(answer: Answer) -> str:
    """Events and what they are divided by, over all weeks and places."""
    definition, lang = answer.definition, answer.visit.lang
    top, bottom = (float(known(part).sum()) for part in (answer.numbers.asked.top, answer.numbers.asked.bottom))
    if not bottom:
        return ""
    unit, decimals = shown_unit(definition), max(definition.decimals, 1)
    value = bare(top / bottom * definition.scale, unit, decimals, lang)
    words = "evaluation.size_share" if kind_of(definition) == "share" else "evaluation.size_rate"
    return answer.visit.words(
        words, top=count(top), bottom=count(bottom), value=value, unit=answer.visit.words(f"unit_name.{unit}")
    )


def _deals(answer: Answer) -> str:
    others = answer.found.others
    if not others.assignments:
        return ""
    key = "evaluation.basis_deals_all" if others.is_exact else "evaluation.basis_deals_some"
    return answer.visit.words(key, count=count(others.assignments), seed=answer.numbers.asked.seed)
