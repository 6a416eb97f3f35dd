"""政策评估: did what was done in these places change a number? What is asked stands in the address; the answer is worked out beside it.

The answer is no part of the page that is kept: it is filled by a callback, which shows how far it is until it is there.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from dash import html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.card import card, page_head
from dashboard.components.markup import packed
from dashboard.evaluations.runs import BROKEN, ENDED, Evaluations, Run, told
from dashboard.exhibit import Exhibit
from dashboard.pages.data_upload import jobs_panel
from dashboard.pages.evaluation_cards import cards
from dashboard.pages.evaluation_drawn import Answer
from dashboard.pages.evaluation_form import PATH, examples_card, form_card
from dashboard.pages.head import freshness, trail
from dashboard.reading.evaluation import Specification, specification
from dashboard.reading.evaluation_panel import Obstacle, numbered, run_id
from dashboard.reading.evaluation_words import NAMED, listed
from dashboard.reading.visit import Visit

__all__ = ["KEY", "PATH", "body", "exhibit", "panel", "parts"]

KEY = "evaluation"
AT = "/evaluation-run"
"""Where runs are asked after, given up and begun anew."""
_LONGEST = 60.0
"""Seconds a table or file waits for an answer that is kept no more."""


def body(visit: Visit) -> list[Any]:
    """The question, what is asked, and the place of the answer."""
    asked = specification(visit.choices or {})
    name = visit.words("page.evaluation")
    question = html.P(visit.words("evaluation.question"), className="soft")
    head = page_head(name, freshness(visit), "", trail(visit, name)[:1], visit.lang)  # without the period, which does not act here
    return [head, question, html.Div(form_card(visit, asked), className="mb-3"), jobs_panel(ids.EVALUATION)]


def panel(evaluations: Evaluations, visit: Visit, *, is_fresh: bool = False) -> Any:
    """The answer as it stands now, as it goes to the browser. is_fresh: the page has just been opened."""
    return packed(parts(evaluations, visit, is_fresh=is_fresh))


def exhibit(evaluations: Evaluations, visit: Visit, id: str) -> Exhibit | None:
    """The data behind one of its cards; worked out again where the answer is kept no more."""
    asked = specification(visit.choices or {})
    try:
        run = evaluations.ask(run_id(visit, asked), partial(numbered, visit, asked), is_fresh=True)
    except Obstacle:
        return None
    until = time.monotonic() + _LONGEST
    while not run.over.wait(1.0) and time.monotonic() < until:
        evaluations.find(run.id)  # somebody still waits for it
    parts(evaluations, visit)
    return visit.exhibits.get(id)


def parts(evaluations: Evaluations, visit: Visit, *, is_fresh: bool = False) -> list[Any]:
    """Examples while nothing is chosen; what is in the way; how far it is; the answer."""
    evaluations.warm()
    asked = specification(visit.choices or {})
    if not asked.stages:
        return [examples_card(visit)]
    try:
        run = evaluations.ask(run_id(visit, asked), partial(numbered, visit, asked), is_fresh=is_fresh)
    except Obstacle as obstacle:
        return [_in_the_way(visit, asked, obstacle), examples_card(visit)]
    if run.is_pending:
        return [_working(visit, run)]
    if run.found is None:
        return [_not_done(visit, run)]
    return cards(Answer(visit, asked, run.numbers, run.found))


def _in_the_way(visit: Visit, asked: Specification, obstacle: Obstacle) -> html.Div:
    units = obstacle.units or asked.treated
    names = listed(visit, asked.by, units, NAMED)
    words = visit.words(f"evaluation.obstacle_{obstacle.code}", names=names)
    head = html.Strong(visit.words("evaluation.obstacle"))
    return html.Div([head, html.P(words, className="mb-0")], className="card-box state mb-3", role="status")


def _working(visit: Visit, run: Run) -> html.Div:
    title = visit.words("evaluation.running")
    bar = html.Progress(max="1", value=str(run.share) if run.share else None, **aria(label=title))
    words = html.Span(told(run, visit.lang), className="small number", **data(part="text"))
    return _job(run, card(title, [html.Div([bar, words], className="sending"), _button(visit, "cancel")]), **data(running="1"))


def _not_done(visit: Visit, run: Run) -> html.Div:
    """Cancelled, without a solution, or the worker has died: said, and begun anew at a press."""
    key = {BROKEN: "failed", ENDED: "ended"}.get(run.state, "stopped")
    words = html.P(visit.words(f"evaluation.{key}"), role="status")
    return _job(run, card(visit.words("evaluation.stopped_title"), [words, _button(visit, "again")]))


def _job(run: Run, content: Any, **more: Any) -> html.Div:
    return html.Div(content, className="job mb-3", **data(job=run.id, state=run.state, at=AT), **more)


def _button(visit: Visit, does: str) -> html.P:
    button = html.Button(
        visit.words(f"evaluation.{does}"), type="button", className="btn btn-outline-primary btn-sm", **data(does=does)
    )
    return html.P(button, className="line buttons mb-0 mt-2")
