"""Picking metrics and dimensions: every choice is a link to the question it makes, marked as a box that is ticked or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.metrics.catalogue import GROUPS, Metric, catalogue
from dashboard.metrics.dimensions import dimensions
from dashboard.pages.research_asked import Asked, divided, toggled
from dashboard.pages.research_cells import dimension_name
from dashboard.reading.visit import Visit, metric
from dashboard.research.numbers import MOST_DIMENSIONS, MOST_METRICS, dimensions_of


def picker(visit: Visit, asked: Asked) -> html.Section:
    """What is picked, what can be, and why the rest cannot."""
    return html.Section(
        [
            _head(visit, "metrics", len(asked.metrics), MOST_METRICS),
            _chosen(visit, asked),
            html.Div(className="finder", **data(finder=visit.words("research.find"), nothing=visit.words("research.not_found"))),
            html.Div([_group(visit, asked, group) for group in GROUPS], className="pick-list", **data(scrolls="1")),
            _head(visit, "by", len(asked.by), MOST_DIMENSIONS),
            *_dimensions(visit, asked),
        ],
        className="card-box picker",
        id="picker",
        **aria(label=visit.words("research.pick")),
    )


def _head(visit: Visit, name: str, count: int, most: int) -> html.Div:
    said = visit.words("research.picked", count=count, most=most)
    return html.Div([html.H2(visit.words(f"research.{name}")), html.Span(said, className="soft small")], className="card-head")


def _chosen(visit: Visit, asked: Asked) -> html.Div:
    """The metrics that are picked, each with its ×."""
    chips = []
    for key in asked.metrics:
        name = metric(key).text(visit.lang).name
        href = asked.href(visit, metrics=toggled(asked.metrics, key))
        cross = html.A("×", href=href, **aria(label=visit.words("research.remove", name=name)), **data(pick=f"x.{key}"))
        chips.append(html.Span([name, cross], className="chip"))
    return html.Div(chips, className="chips picked")


def _group(visit: Visit, asked: Asked, group: str) -> html.Details:
    """A group of the catalogue, open where something of it is picked."""
    own = [one for one in catalogue().metrics.values() if one.group == group]
    boxes: list[Any] = []
    for one in own:
        boxes.append(_metric(visit, asked, one))
        boxes += [_metric(visit, asked, variant) for variant in catalogue().variants_of(one.id)]
    picked = sum(metric(key).group == group for key in asked.metrics)
    label: list[Any] = [visit.words(f"group.{group}"), html.Span(str(picked) if picked else "", className="tally")]
    return html.Details(
        [html.Summary(label, **data(pick=f"g.{group}")), *boxes], className="fold", open=picked > 0, **data(group=group)
    )


def _metric(visit: Visit, asked: Asked, one: Metric) -> Any:
    words = one.text(visit.lang)
    is_on = one.key in asked.metrics
    classes = "option variant" if one.variant else "option"
    if not is_on and len(asked.metrics) >= MOST_METRICS:
        full = visit.words("research.full_metrics", most=MOST_METRICS)
        return html.Span(words.name, className=f"{classes} off", title=full)
    return _box(words.name, is_on, asked.href(visit, metrics=toggled(asked.metrics, one.key)), f"m.{one.key}", classes)


def _box(name: str, is_on: bool, href: str, key: str, classes: str) -> html.A:
    return html.A(
        name, href=href, className=classes, role="checkbox", **aria(checked="true" if is_on else "false"), **data(pick=key)
    )


def _dimensions(visit: Visit, asked: Asked) -> list[Any]:
    """Those all picked metrics have, then those they have not, and which of the metrics is the reason."""
    if not asked.metrics:
        return [html.P(visit.words("research.first"), className="soft small mb-0")]
    common = dimensions_of(asked.metrics)
    missing = {key: [name for name in _all() if name not in dimensions_of((key,))] for key in asked.metrics}
    boxes = [_dimension(visit, asked, name) for name in _all() if name in common or name in asked.by]
    boxes += [_greyed(visit, name, missing) for name in _all() if name not in common and name not in asked.by]
    group = html.Div(boxes, className="options", role="group", **aria(label=visit.words("research.by")))
    reasons = [html.Li(_lacks(visit, key, names)) for key, names in missing.items() if names]
    why = html.Details(
        [html.Summary(visit.words("research.greyed")), html.Ul(reasons)], className="greyed small soft", **data(group="greyed")
    )
    return [group, *([why] if reasons else [])]


def _dimension(visit: Visit, asked: Asked, name: str) -> Any:
    words, is_on = dimension_name(visit, name), name in asked.by
    new = divided(asked.by, name)
    if len(new) > max(MOST_DIMENSIONS, len(asked.by)):
        return html.Span(words, className="option pill off", title=visit.words("research.full_by", most=MOST_DIMENSIONS))
    return _box(words, is_on, asked.href(visit, by=new), f"d.{name}", "option pill")


def _greyed(visit: Visit, name: str, missing: dict[str, list[str]]) -> html.Span:
    joint = visit.words("punctuation.list")
    lacking = joint.join(metric(key).text(visit.lang).name for key, names in missing.items() if name in names)
    words = dimension_name(visit, name)
    return html.Span(words, className="option pill off", title=visit.words("research.lacks", metric=lacking, dimensions=words))


def _lacks(visit: Visit, key: str, names: Sequence[str]) -> str:
    joint = visit.words("punctuation.list")
    said = joint.join(dimension_name(visit, name) for name in names)
    return visit.words("research.lacks", metric=metric(key).text(visit.lang).name, dimensions=said)


@cache
def _all() -> list[str]:
    """Every dimension some metric can be broken down by here."""
    every = {name for key in catalogue().metrics for name in dimensions_of((key,))}
    return [name for name in dimensions() if name in every]
