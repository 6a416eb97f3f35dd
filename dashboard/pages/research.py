"""研究: any numbers by anything, as a table, a pivot or a chart that may be published and cited. The address is the question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.card import grid
from dashboard.components.method_links import PATH as METHODS
from dashboard.exhibit import DATE, NUMBER, TEXT, Exhibit, Field, Sheet
from dashboard.i18n.numbers import count, is_missing
from dashboard.metrics.dimensions import TIME
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import page_head, unfiltered
from dashboard.pages.research_asked import SHAPES, Asked, asked_of, fills
from dashboard.pages.research_cells import COMPLEMENT, SMALL, dimension_name, group_name
from dashboard.pages.research_chart import chart
from dashboard.pages.research_draw import plan_of, steps_of
from dashboard.pages.research_parts import PATH, switch
from dashboard.pages.research_picker import picker
from dashboard.pages.research_pivot import METRIC, Row, choices_across
from dashboard.pages.research_starts import starts
from dashboard.pages.research_table import in_order, long_table, pivot_table
from dashboard.pages.research_take import kept_card, take_card
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit, heading, metric
from dashboard.research.numbers import Question, answer, dimensions_of
from dashboard.research.outputs import question_title
from dashboard.settings import Settings

__all__ = ["KEY", "PATH", "body"]

KEY = "research"
FLAT = 40
"""Lines of a table that stand on the page; a longer one scrolls inside its card."""


def body(visit: Visit) -> list[Any]:
    """What is asked at the left, the answer at the right; questions to begin with where nothing is asked."""
    asked = asked_of(visit)
    is_asked = bool(asked.question.metrics)
    left = html.Div([picker(visit, asked), kept_card(visit, _title(visit, asked))], className="w-4 stack research-left")
    right = html.Div(_answered(visit, asked) if is_asked else [starts(visit)], className="w-8 stack")
    return [
        page_head(visit, KEY),
        switch(visit),
        _notice(visit),
        html.Div(grid([left, right]), className="research", **data(research="1")),
    ]


def _notice(visit: Visit) -> html.P:
    link = html.A(visit.words("research.method"), href=f"{page_href(METHODS, visit.view)}#disclosure")
    return html.P([visit.words("research.notice"), " ", link], className="notice")


def _answered(visit: Visit, asked: Asked) -> list[Any]:
    """The answer with its citation and files, or why there is none."""
    found = answer(visit.snapshot, Settings(data=visit.snapshot.folder.parent), visit.view, asked.question)
    if found.message is not None:
        return [_no_answer(visit, asked, found.message.zh if visit.lang == "zh" else found.message.en)]
    if found.frame["value"].isna().all():
        return [_no_answer(visit, asked, visit.words("research.all_held"))]
    rows = in_order(visit, found.frame.to_dict("records"), asked.by, asked.metrics)
    return [_result(visit, asked, rows), take_card(visit, asked, found)]


def _no_answer(visit: Visit, asked: Asked, sentence: str) -> html.Div:
    """The sentence, and the same question without the dimensions that stand in its way."""
    possible = tuple(name for name in asked.by if name in dimensions_of(asked.metrics))
    stop = "" if sentence.endswith(("。", ".")) else visit.words("punctuation.stop")
    said = [html.Strong(visit.words("research.no_answer")), html.P(sentence[:1].upper() + sentence[1:] + stop)]
    smaller = Question(asked.metrics, possible)
    if asked.metrics and smaller != asked.question and smaller.problem() is None:
        words = visit.words("research.without")
        said.append(html.Div(html.A(words, href=asked.href(visit, by=possible), className="btn btn-outline-primary btn-sm")))
    return html.Div(said, className="card-box state", role="status")


def _result(visit: Visit, asked: Asked, rows: Sequence[Row]) -> html.Section:
    title = _title(visit, asked)
    if asked.shape == "chart":
        shown, left_out = chart(visit, asked, rows, title)
    elif asked.shape == "pivot":
        shown, left_out = pivot_table(visit, asked, rows, title)
    else:
        shown, left_out = long_table(visit, asked, rows, title)
    left_out += "" if asked.shape == "chart" else _cut(visit, asked, rows)
    exhibit = Exhibit("answer", title, lambda: _sheet(visit, asked, rows), asked.metrics, visit.words("research.notice"))
    note = visit.words("research.rows_said", rows=count(len(rows)), span=visit.span())
    parts = [
        _tools(visit, asked),
        *unfiltered(visit, asked.metrics),
        html.Div(shown, className="answer tall" if asked.shape != "chart" and len(rows) > FLAT else "answer"),
        *([html.P(left_out, className="soft small mt-2 mb-0")] if left_out else []),
    ]
    return exhibit_card(
        visit,
        exhibit,
        parts,
        info="",
        note=note,
        foot=_legend(visit, asked, rows),
        aside=_shapes(visit, asked),
        methods=("disclosure",),
    )


def _cut(visit: Visit, asked: Asked, rows: Sequence[Row]) -> str:
    """Weeks or months at the ends that the period does not hold whole."""
    plan = plan_of(asked.by)
    if plan is None or not plan.step:
        return ""
    days = visit.period.start, visit.period.end
    _, cut = steps_of(rows, plan.step, days, visit.snapshot.build.as_of.date())
    return visit.words("research.cut_rows", count=cut) if cut else ""


def _title(visit: Visit, asked: Asked) -> str:
    """What the files and the citation call it too; "" for a question that cannot be answered."""
    question = asked.question
    return question_title(question.metrics, question.by, visit.lang) if question.problem() is None else ""


def _shapes(visit: Visit, asked: Asked) -> html.Nav:
    pairs = [
        (visit.words(f"research.as_{shape}"), asked.href(visit, shape=shape, sort=""), shape == asked.shape) for shape in SHAPES
    ]
    return _pills(visit.words("research.as"), "s", pairs)


def _pills(label: str, prefix: str, pairs: Sequence[tuple[str, str, bool]]) -> html.Nav:
    """Links of which one is on. prefix: begins the names by which the focus finds them again."""
    links = [
        html.A(words, href=href, **aria(current="true" if is_on else "false"), **data(pick=f"{prefix}.{place}"))
        for place, (words, href, is_on) in enumerate(pairs)
    ]
    return html.Nav(links, className="pills", **aria(label=label))


def _tools(visit: Visit, asked: Asked) -> html.Div:
    """What stands across, and which metric is looked at; on a narrow screen the way to the picker."""
    rows: list[Any] = []
    if asked.shape == "pivot":
        offered = choices_across(asked.by, asked.metrics)
        pairs = [(_across_name(visit, name), asked.href(visit, across=name, sort=""), name == asked.across) for name in offered]
        rows += _labelled(visit, "across", pairs) if len(offered) > 1 else []
    if _needs_one(asked):
        pairs = [(heading(metric(key), visit.lang), asked.href(visit, of=key, sort=""), key == asked.of) for key in asked.metrics]
        rows += _labelled(visit, "of", pairs)
    change = html.A(
        visit.words("research.change"), href="#picker", target="_self", className="btn btn-sm btn-outline-primary to-picker"
    )
    return html.Div([*rows, change], className="answer-tools")


def _across_name(visit: Visit, name: str) -> str:
    return visit.words("table.metric") if name == METRIC else dimension_name(visit, name)


def _needs_one(asked: Asked) -> bool:
    """Whether only one of several metrics can be shown at a time."""
    plan = plan_of(asked.by)
    return (asked.shape == "pivot" and fills(asked)) or (
        asked.shape == "chart" and plan is not None and not plan.each and len(asked.metrics) > 1
    )


def _labelled(visit: Visit, name: str, pairs: Sequence[tuple[str, str, bool]]) -> list[Any]:
    label = visit.words(f"research.{name}")
    return [html.Div([html.Span(label, className="soft small"), _pills(label, name, pairs)], className="line")]


def _legend(visit: Visit, asked: Asked, rows: Sequence[Row]) -> str:
    """What stands in place of numbers here, and that sums need not fit."""
    held = {row["held"] for row in rows}
    said = []
    if asked.shape != "chart":
        counted = any(metric(key).kind in ("count", "stock") for key in asked.metrics)
        said += [visit.words("research.legend_small")] if SMALL in held and counted else []
        said += [visit.words("research.legend_held")] if held & {SMALL, COMPLEMENT} else []
        said += [visit.words("research.legend_empty")] if any(is_missing(row["value"]) and not row["held"] for row in rows) else []
    return " ".join([*said, visit.words("research.rounded")])


def _sheet(visit: Visit, asked: Asked, rows: Sequence[Row]) -> Sheet:
    """The protected numbers, all rows, for the table twin and the card's own downloads."""
    fields = [Field(dimension_name(visit, name), DATE if name in TIME else TEXT) for name in asked.by]
    fields += [
        Field(visit.words("table.metric")),
        Field(visit.words("definition.unit")),
        Field(visit.words("table.value"), NUMBER, 4),
    ]
    fields += [Field(visit.words("table.numerator"), NUMBER), Field(visit.words("table.denominator"), NUMBER), Field("n", NUMBER)]
    fields += [Field(visit.words("research.held"))]
    lines = []
    for row in rows:
        definition = metric(row[METRIC])
        names = [row[name] if name in TIME else group_name(visit, name, row[name]) for name in asked.by]
        why = visit.words(f"research.why_{row['held']}") if row["held"] else ""
        said = [definition.text(visit.lang).name, visit.words(f"unit_name.{definition.unit}")]
        lines.append([*names, *said, row["value"], row["numerator"], row["denominator"], row["n"], why])
    return Sheet(fields, lines)
