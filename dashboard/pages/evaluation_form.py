"""政策评估 · what is evaluated: number, places and first days, window; and ready examples. Sent, the form is an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.card import card
from dashboard.components.method_links import method_links
from dashboard.i18n.dates import as_date
from dashboard.queries.grids import homes
from dashboard.reading.evaluation import COMMUNITY, GRID, MOST_STAGES, UNITS, Specification, Stage, examples, outcomes
from dashboard.reading.evaluation_panel import known_units
from dashboard.reading.evaluation_words import stage_words
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit

PATH = "/evaluation"
_ROWS = 2
"""Stages that stand open before anything is chosen."""


def form_card(visit: Visit, asked: Specification) -> html.Section:
    """The fields, filled with what the address asks. A place that is in one stage is not offered in another."""
    stages = [*asked.stages, *_empty(asked)]
    rows = [_stage(visit, asked, place, stage) for place, stage in enumerate(stages)]
    names = [name for place in range(1, len(stages) + 1) for name in (f"day{place}", f"units{place}")]
    fields = html.Form(
        [
            html.Div([_metric(visit, asked), _kinds(visit, asked)], className="evaluation-what"),
            *rows,
            html.Div(
                [
                    _day(visit, "since", visit.words("evaluation.since"), asked.first),
                    _day(visit, "until", visit.words("evaluation.until"), asked.last),
                    html.Button(visit.words("evaluation.ask"), type="submit", className="btn btn-primary"),
                    *([html.A(visit.words("evaluation.clear"), href=page_href(PATH, visit.view))] if asked.stages else []),
                ],
                className="asked-for",
            ),
        ],
        className="evaluation-form",
        **data(query=" ".join(["metric", "since", "until", *names])),
        **aria(label=visit.words("evaluation.form")),
    )
    title, note = visit.words("evaluation.form"), visit.words("evaluation.form_note")
    words = [visit.words("evaluation.window_note"), " ", visit.words("evaluation.filters"), " "]
    foot = html.Div([*words, method_links(("staggered", "interrupted"), visit.view)], className="card-foot")
    if asked.stages and all(stage.is_whole for stage in asked.stages):  # the answer comes first
        summary = html.Summary(visit.words("evaluation.change"))
        return html.Section(html.Details([summary, html.P(note, className="card-note"), fields, foot]), className="card-box w-12")
    return card(title, [fields, foot], note=note)


def examples_card(visit: Visit) -> html.Section:
    """What the register itself can be asked, as links."""
    found = examples(visit)
    title = visit.words("evaluation.examples")
    if not found:
        return card(title, html.P(visit.words("evaluation.no_examples"), className="soft mb-0"))
    rows = [
        html.Li(
            [
                html.A(visit.words(f"evaluation.example_{name}"), href=_href(visit, specification, channels)),
                html.Br(),
                html.Span(visit.words(f"evaluation.example_{name}_said"), className="soft small"),
            ]
        )
        for name, (specification, channels) in found.items()
    ]
    return card(title, html.Ul(rows, className="evaluation-examples"), note=visit.words("evaluation.examples_note"))


def _href(visit: Visit, specification: Specification, channels: tuple[str, ...]) -> str:
    view = visit.view.replace(community=(), grid=(), category=(), department=(), level=(), channel=channels)
    return page_href(PATH, view, **specification.choices())


def _empty(asked: Specification) -> list[Stage]:
    """Room for more: two stages at first, afterwards one."""
    room = max(_ROWS - len(asked.stages), 1)
    return [Stage(None, ())] * min(room, MOST_STAGES - len(asked.stages))


def _metric(visit: Visit, asked: Specification) -> html.Label:
    groups = [
        html.Optgroup(
            [
                html.Option(definition.text(visit.lang).name, value=definition.key, **_chosen(definition.key == asked.metric))
                for definition in members
            ],
            label=visit.words(f"group.{group}"),
        )
        for group, members in groupby(outcomes(asked.by), lambda definition: definition.group)
    ]
    field = html.Select(groups, name="metric", className="form-select")
    return html.Label([html.Span(visit.words("evaluation.choose_metric")), field])


def _chosen(is_so: bool) -> dict[str, Any]:
    return {"selected": True} if is_so else {}


def _kinds(visit: Visit, asked: Specification) -> html.Div:
    """Communities or grids: another kind offers other places, so it is an address of its own."""
    links = [
        html.A(
            visit.words(f"evaluation.by_{by}"),
            href=page_href(PATH, visit.view, **Specification(asked.metric, by, (), asked.first, asked.last).choices()),
            className="btn btn-outline-primary btn-sm" + (" active" if by == asked.by else ""),
            **(aria(current="true") if by == asked.by else {}),
        )
        for by in UNITS
    ]
    return html.Div([html.Span(visit.words("evaluation.choose_by"), className="soft small"), html.Div(links)])


def _stage(visit: Visit, asked: Specification, place: int, stage: Stage) -> Any:
    """A day and its places; the one after those in use is folded away once there are some."""
    name = stage_words(visit, place)
    taken = {unit for one in asked.stages for unit in one.units} - set(stage.units)
    free = [unit for unit in _offered(visit, asked) if unit not in taken]
    places = (
        _places(visit, asked.by, place, stage, free)
        if free
        else [html.P(visit.words("evaluation.others_taken"), className="soft small")]
    )
    inside = [
        html.Legend(name),
        _day(visit, f"day{place + 1}", visit.words("evaluation.stage_day", stage=name), stage.day, is_hidden=True),
        html.Div(places, className="evaluation-places", role="group", **aria(label=visit.words("evaluation.stage_units", stage=name))),
    ]  # fmt: skip
    row = html.Fieldset(inside, className="evaluation-stage")
    if asked.stages and place >= len(asked.stages):
        return html.Details([html.Summary(visit.words("evaluation.more")), row], className="evaluation-more")
    return row


def _offered(visit: Visit, asked: Specification) -> list[str]:
    """All communities; of grids those that exist now, and those the address names."""
    if asked.by == COMMUNITY:
        return known_units(visit, COMMUNITY)
    return [grid for grid, home in homes(visit.snapshot).items() if home.until is None or grid in asked.treated]


def _places(visit: Visit, by: str, place: int, stage: Stage, units: Sequence[str]) -> list[Any]:
    if by != GRID:
        return [_boxes(visit, by, place, "", stage, units)]
    known = homes(visit.snapshot)
    found: list[Any] = []
    for community, members in groupby(units, lambda grid: known[grid].community):
        own = list(members)
        boxes = _boxes(visit, by, place, community, stage, own)
        is_used = bool(set(own) & set(stage.units))
        found.append(html.Details([html.Summary(visit.name(COMMUNITY, community)), boxes], open=is_used))
    return found


def _boxes(visit: Visit, by: str, place: int, part: str, stage: Stage, units: Sequence[str]) -> dbc.Checklist:
    return dbc.Checklist(
        id=f"units{place + 1}{part}",
        name=f"units{place + 1}",
        options=[{"value": unit, "label": visit.name(by, unit)} for unit in units],
        value=[unit for unit in units if unit in stage.units],
        inline=True,
    )


def _day(visit: Visit, name: str, label: str, day: date | None, *, is_hidden: bool = False) -> html.Label:
    build = visit.snapshot.build
    box = dbc.Input(
        type="date",
        name=name,
        value=day.isoformat() if day else "",
        min=as_date(build.data_from).isoformat(),
        max=as_date(build.data_to).isoformat(),
    )
    return html.Label([html.Span(label, className="visually-hidden" if is_hidden else ""), box])
