"""疑问: what a leader may ask about. One card a unit that stands out, what was asked altogether, and which rates tell nobody apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.card import grid
from dashboard.components.info import info
from dashboard.components.states import empty, empty_page
from dashboard.components.strip import Mark, strip
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, Exhibit, Field, Sheet
from dashboard.i18n.numbers import NOTHING, count, decimal
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, heading, metric
from dashboard.signals.counts import counted
from dashboard.signals.detectors import CEILING_BY, COMMUNITY, DEPARTMENT, DETECTORS, GRID, WORKER, Detector
from dashboard.signals.judge import FEWEST_UNITS, LEAST, Answer, Ceiling, Check, Signal, judged
from dashboard.signals.sentences import innocent, looked_at_count, percent, sentence

PATH = "/questions"
KEY = "questions"
METHODS = ("mantel_haenszel", "false_discovery")
MOST = 12
"""Cards; what is weaker stands in the list only."""
KINDS = (COMMUNITY, DEPARTMENT, GRID, WORKER)
_ALIKE_FROM = 0.005  # a level at equal mix is mentioned where it differs from the plain one
_PSEUDONYM = 8  # characters shown of a grid worker's


def body(visit: Visit) -> list[Any]:
    """What was compared; the questions, strongest first; all that was asked; rates without power to discriminate."""
    head = page_head(visit, "questions")
    answer = judged(counted(visit.snapshot, visit.view))
    if not any(check.compared + check.too_few for check in answer.checks):
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    shown = answer.signals[:MOST]
    rest = len(answer.signals) - len(shown)
    more = [html.P(visit.words("question.more", count=rest), className="soft small")] if rest else []
    if not shown:
        return [head, _preface(visit, answer), _nothing(visit, answer), grid([_asked(visit, answer), _ceilings(visit, answer)])]
    cards = grid([_question(visit, signal, number) for number, signal in enumerate(shown, 1)])
    tables = grid([_list(visit, answer.signals), _asked(visit, answer), _ceilings(visit, answer)])
    return [head, _preface(visit, answer), cards, *more, tables]


def _preface(visit: Visit, answer: Answer) -> html.P:
    """What the questions are, how many comparisons they rest on, and how many could not be made."""
    few = sum(check.too_few for check in answer.checks)
    said = [visit.words("question.intro"), visit.words("question.made", comparisons=count(answer.comparisons))]
    said += [visit.words("question.few", count=count(few), least=LEAST)] if few else []
    return html.P((" " if visit.lang == "en" else "").join(said), className="soft preface")


def _nothing(visit: Visit, answer: Answer) -> html.Div:
    key, values = (
        ("nothing", {"comparisons": count(answer.comparisons)})
        if answer.comparisons
        else ("too_few", {"units": FEWEST_UNITS, "least": LEAST})
    )
    words: list[Any] = [html.Strong(visit.words(f"question.{key}")), visit.words(f"question.{key}_note", **values)]
    return html.Div(html.Div(words, className="state", role="status"), className="card-box mb-3")


def _question(visit: Visit, signal: Signal, number: int) -> html.Section:
    """Who and what, the rate drawn against the others', the question in a sentence, what it may also be, and its cases."""
    definition, lang = metric(signal.detector.metric), visit.lang
    unit = _unit(visit, signal)
    parts: list[Any] = [_drawn(visit, signal, unit), html.P(sentence(signal, lang, unit=unit, period=_period(visit)))]
    if signal.before is None and signal.alike is not None and abs(signal.alike - signal.rest) >= _ALIKE_FROM:
        parts.append(
            html.P(visit.words("question.alike", kind=_kind(visit, signal), alike=percent(signal.alike)), className="soft")
        )
    if signal.beside:
        parts.append(_beside(visit, signal, *signal.beside))
    if signal.parts:
        parts.append(_parts(visit, signal))
    parts.append(html.P([html.B(visit.words("question.maybe")), innocent(signal, lang)], className="soft"))
    name = heading(definition, lang)
    exhibit = Exhibit(f"question-{number}", f"{unit} · {name}", lambda: _sheet(visit, [signal]), (definition.key,))
    return exhibit_card(
        visit,
        exhibit,
        html.Div(parts, className="question"),
        title=unit,
        width=6,
        aside=html.Span(name, className="badge-soft"),
        foot=_ways(visit, signal),
    )


def _list(visit: Visit, signals: Sequence[Signal]) -> html.Section:
    """All questions, those too that have no card, a row each."""
    heads = [Column(visit.words(f"question.{name}"), is_number=False) for name in ("unit", "detector")]
    heads += [Column(visit.words(f"question.{name}")) for name in ("rate", "against", "look_at")]
    rows = [
        [
            Cell(_unit(visit, signal)),
            Cell(metric(signal.detector.metric).text(visit.lang).name, is_wrapped=True),
            Cell(percent(signal.rate)),
            Cell(percent(signal.rest if signal.before is None else signal.before)),
            Cell(count(looked_at_count(signal)), _cases(visit, signal)),
        ]
        for signal in signals
    ]
    title = visit.words("question.list")
    keys = tuple(dict.fromkeys(signal.detector.metric for signal in signals))
    exhibit = Exhibit("questions", title, lambda: _sheet(visit, signals), keys)
    return exhibit_card(visit, exhibit, table(heads, rows, title), info="", note=visit.words("question.list_note"), methods=METHODS)


def _sheet(visit: Visit, signals: Sequence[Signal]) -> Sheet:
    """A row a question, with all that it rests on."""
    fields = [Field(visit.words(f"question.{name}")) for name in ("unit", "kind", "detector")]
    fields.append(Field(visit.words("question.rate"), "percent", 1))
    fields += [Field(visit.words(f"table.{name}"), "percent", 1) for name in ("low", "high")]
    fields += [Field(visit.words(f"table.{name}"), NUMBER) for name in ("numerator", "denominator")]
    fields += [Field(visit.words(f"question.{name}"), "percent", 1) for name in ("rest_rate", "alike_rate", "before_rate")]
    fields.append(Field(visit.words("question.look_at"), NUMBER))
    rows = [
        [
            _unit(visit, signal),
            _titled(_kind(visit, signal)),
            metric(signal.detector.metric).text(visit.lang).name,
            *(signal.rate, signal.low, signal.high, signal.numerator, signal.n),
            *(signal.rest, signal.alike, signal.before, looked_at_count(signal)),
        ]
        for signal in signals
    ]
    return Sheet(fields, rows)


def _beside(visit: Visit, signal: Signal, own: float, rest: float) -> html.P:
    """The number a good one is read with, leading to its cases."""
    key = signal.detector.unless_low
    name = html.A(metric(key).text(visit.lang).name, href=cases_href(visit.view, key, "numerator", {signal.dimension: signal.unit}))
    words = visit.words("question.beside", own=percent(own), kind=_kind(visit, signal), rest=percent(rest))
    return html.P([name, words], className="soft")


def _parts(visit: Visit, signal: Signal) -> html.P:
    """Grids and grid workers within the unit, each leading to its cases."""
    said: list[Any] = [visit.words("question.parts")]
    for part in signal.parts:
        href = cases_href(visit.view, part.detector.metric, part.detector.part, {part.dimension: part.unit})
        said += [html.A(_unit(visit, part), href=href), f" {percent(part.rate)}", visit.words("punctuation.list")]
    return html.P(said[:-1], className="soft")


def _drawn(visit: Visit, signal: Signal, unit: str) -> html.Div:
    kind = _kind(visit, signal)
    if signal.before is not None:
        level = Mark(signal.before, visit.words("question.was", before=percent(signal.before)))
    else:
        level = Mark(signal.rest, visit.words("question.others", kind=kind, rest=percent(signal.rest)))
    values = {"rate": percent(signal.rate), "low": percent(signal.low), "high": percent(signal.high), "level": level.label}
    own = Mark(signal.rate, visit.words("question.own", rate=percent(signal.rate)))
    return strip(own, signal.low, signal.high, level, visit.words("question.strip", unit=unit, **values))


def _ways(visit: Visit, signal: Signal) -> list[Any]:
    """To the cases worth a look, and to all that the rate is taken of."""
    key, at = signal.detector.metric, {signal.dimension: signal.unit}
    name = visit.words("question.cases", count=count(looked_at_count(signal)))
    ways: list[Any] = [html.A(name, href=_cases(visit, signal), className="btn btn-outline-primary btn-sm")]
    if signal.detector.part == "numerator":
        ways.append(
            html.A(visit.words("question.all_cases", count=count(signal.n)), href=cases_href(visit.view, key, "denominator", at))
        )
    return [html.Div(ways, className="ways")]


def _cases(visit: Visit, signal: Signal) -> str:
    """The cases worth a look."""
    return cases_href(visit.view, signal.detector.metric, signal.detector.part, {signal.dimension: signal.unit})


def _unit(visit: Visit, signal: Signal) -> str:
    """The unit's name; a grid worker has a pseudonym only."""
    if signal.dimension == WORKER:
        return visit.words("question.unit_worker", unit=signal.unit[:_PSEUDONYM])
    name = visit.name(signal.dimension, signal.unit)
    return visit.words("question.unit_grid", unit=name) if signal.dimension == GRID else name


def _kind(visit: Visit, signal: Signal) -> str:
    return visit.words(f"question.kind_{signal.dimension}")


def _period(visit: Visit) -> str:
    """近12周 / last 12 weeks; the days where the period has no name."""
    if visit.view.period in ("custom", "all"):
        return visit.span()
    words = visit.words(f"period.{visit.view.period}")
    return words[0].lower() + words[1:]


def _asked(visit: Visit, answer: Answer) -> html.Section:
    """Detector × kind of unit: how many stand out of how many compared."""
    by = {(check.detector.id, check.dimension): check for check in answer.checks}
    heads = [Column(visit.words("question.detector"), is_number=False), Column(visit.words("question.level"))]
    heads += [Column(_titled(visit.words(f"question.kind_{kind}"))) for kind in KINDS]
    rows = [[*_detector(visit, detector, by), *[_tally(by.get((detector.id, kind))) for kind in KINDS]] for detector in DETECTORS]
    title = visit.words("question.table")
    keys = tuple(dict.fromkeys(detector.metric for detector in DETECTORS))
    exhibit = Exhibit("asked", title, lambda: _asked_sheet(visit, answer.checks), keys)
    body = html.Div(table(heads, rows, title), className="asked")
    return exhibit_card(visit, exhibit, body, width=7, info="", note=visit.words("question.table_note"), methods=METHODS)


def _asked_sheet(visit: Visit, checks: Sequence[Check]) -> Sheet:
    fields = [Field(visit.words("question.detector")), Field(visit.words("question.kind"))]
    fields.append(Field(visit.words("question.level"), "percent", 1))
    fields += [Field(visit.words(f"question.{name}"), NUMBER) for name in ("raised", "compared", "uncompared")]
    rows = [
        [
            metric(check.detector.metric).text(visit.lang).name,
            _titled(visit.words(f"question.kind_{check.dimension}")),
            *(check.level, check.raised, check.compared, check.too_few),
        ]
        for check in checks
    ]
    return Sheet(fields, rows)


def _detector(visit: Visit, detector: Detector, by: dict[tuple[str, str], Check]) -> list[Cell]:
    definition, level = metric(detector.metric), by[detector.id, detector.by[0]].level
    name = Cell([definition.text(visit.lang).name, " ", info(definition, visit.view)], is_wrapped=True)
    if math.isnan(level):
        return [name, Cell(NOTHING)]
    return [name, Cell(percent(level), cases_href(visit.view, detector.metric, detector.part))]


def _tally(check: Check | None) -> Cell:
    if check is None or not check.compared:
        return Cell(NOTHING)
    if not check.raised:
        return Cell(f"0 / {check.compared}")
    return Cell([html.B(str(check.raised), className="raised"), f" / {check.compared}"])


def _ceilings(visit: Visit, answer: Answer) -> html.Section:
    """Rate × kind of unit: how far apart the middle half of units lies."""
    by = {(ceiling.metric, ceiling.dimension): ceiling for ceiling in answer.ceilings}
    heads = [Column(visit.words("question.ceiling_metric"), is_number=False)]
    heads += [Column(_titled(visit.words(f"question.kind_{kind}"))) for kind in CEILING_BY]
    rows = []
    for key in dict.fromkeys(ceiling.metric for ceiling in answer.ceilings):
        cells = []
        for kind in CEILING_BY:
            found = by.get((key, kind))
            apart = NOTHING if found is None else decimal(100 * found.middle_half, 1)
            flat = found is not None and found.is_flat
            cells.append(
                Cell([apart, html.Span(visit.words("question.ceiling_flat"), className="badge-soft flat")] if flat else apart)
            )
        definition = metric(key)
        rows.append([Cell([definition.text(visit.lang).name, " ", info(definition, visit.view)], is_wrapped=True), *cells])
    title = visit.words("question.ceilings")
    note = visit.words("question.ceilings_note", least=LEAST)
    inside = table(heads, rows, title) if rows else empty(visit.lang, "question.too_few")
    keys = tuple(dict.fromkeys(ceiling.metric for ceiling in answer.ceilings))
    exhibit = Exhibit("ceilings", title, lambda: _ceilings_sheet(visit, answer.ceilings), keys)
    return exhibit_card(visit, exhibit, inside, width=5, info="", note=note, foot=visit.words("question.ceiling_foot"))


def _ceilings_sheet(visit: Visit, ceilings: Sequence[Ceiling]) -> Sheet:
    fields = [Field(visit.words("question.ceiling_metric")), Field(visit.words("question.kind"))]
    fields += [Field(visit.words("question.units"), NUMBER), Field(visit.words("question.middle_half"), NUMBER, 1)]
    rows = [
        [
            metric(ceiling.metric).text(visit.lang).name,
            _titled(visit.words(f"question.kind_{ceiling.dimension}")),
            *(ceiling.units, 100 * ceiling.middle_half),
        ]
        for ceiling in ceilings
    ]
    return Sheet(fields, rows)


def _titled(words: str) -> str:
    """With a capital letter, where the script has them."""
    return words[0].upper() + words[1:]
