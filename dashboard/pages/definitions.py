"""口径: what every number means, read from the same files the numbers are computed from."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.card import facts, grid, page_head
from dashboard.i18n.numbers import decimal
from dashboard.metrics.catalogue import GROUPS, Metric, Term, catalogue
from dashboard.metrics.targets import aimed, set_version, targets
from dashboard.reading.control_words import aim
from dashboard.reading.visit import Visit

PATH = "/definitions"
KEY = "definitions"


def body(visit: Visit) -> list[Any]:
    """Contents, then one card a metric in the groups of the catalogue."""
    found = catalogue()
    groups = [(group, [m for m in found.metrics.values() if m.group == group]) for group in GROUPS]
    groups = [(group, metrics) for group, metrics in groups if metrics]
    parts: list[Any] = [
        page_head(
            visit.words("page.definitions"),
            visit.words("definition.version", version=set_version(visit.snapshot)),
            is_filtered=False,
        ),
        html.P(visit.words("definition.intro"), className="soft"),
        *_unused(visit),
        _contents(visit, groups),
    ]
    for group, metrics in groups:
        parts.append(html.H2(visit.words(f"group.{group}"), className="section-title"))
        parts.append(grid([_definition(visit, metric, found.variants_of(metric.id)) for metric in metrics]))
    return parts


def _unused(visit: Visit) -> list[Any]:
    """Why the town's targets.toml is not used, where it is wrong."""
    problem = targets(visit.snapshot).problem
    if problem is None:
        return []
    said = problem.en if visit.lang == "en" else problem.zh
    return [html.P(visit.words("definition.targets_unused", problem=said), className="notice")]


def _contents(visit: Visit, groups: list[tuple[str, list[Metric]]]) -> html.Nav:
    lists: list[Any] = []
    for group, metrics in groups:
        links = [html.Li(html.A(metric.text(visit.lang).name, href="#" + metric.id, target="_self")) for metric in metrics]
        lists.append(html.Ul([html.Li(html.B(visit.words(f"group.{group}"))), *links]))
    return html.Nav(lists, className="toc card-box", style={"display": "block"}, **aria(label=visit.words("definition.contents")))


def _definition(visit: Visit, metric: Metric, variants: tuple[Metric, ...]) -> html.Section:
    words = metric.text(visit.lang)
    pairs: list[tuple[str, Any]] = [
        (visit.words("definition.formula"), words.definition),
        (visit.words("definition.why"), words.why),
        (visit.words("definition.caution"), words.caution),
        (visit.words("definition.unit"), visit.words(f"unit_name.{metric.unit}")),
        (visit.words("definition.direction"), visit.words(f"direction.{metric.direction}")),
        (visit.words("definition.target"), _target(visit, metric)),
        (visit.words("definition.min_n"), visit.words("definition.min_n_value", n=metric.min_n) if metric.min_n > 1 else ""),
        (visit.words("definition.weights"), _weights(visit, metric)),
        (visit.words("definition.source"), words.source),
        (visit.words("definition.variants"), [_variant(visit, variant) for variant in variants]),
    ]
    head = html.Div(
        [
            html.H3(words.name),
            html.Span(metric.id, className="soft small"),
            html.Span(className="spring"),
            html.Span(metric.set, className="badge-soft"),
        ],
        className="card-head",
    )
    rules = html.Details(
        [html.Summary(visit.words("definition.rules"), className="soft small"), facts(_rules(visit, metric))], className="mt-2"
    )
    return html.Section(
        [head, facts(pairs), rules] if metric.numerator else [head, facts(pairs)], id=metric.id, className="card-box definition w-6"
    )


def _target(visit: Visit, metric: Metric) -> str:
    """95.0%（本镇：谁定的）, or 85.0%（假定）, whose source the definition tells."""
    own = aimed(visit.snapshot, metric)
    target = aim(own, visit.lang)
    if not target or own.is_target_assumed:
        return target
    key = "definition.target_own" if own.target_source else "definition.target_own_plain"
    return visit.words(key, target=target, source=own.target_source)


def _rules(visit: Visit, metric: Metric) -> list[tuple[str, Any]]:
    """The rule as the program computes it, in the words of the data dictionary."""
    found: list[tuple[str, Any]] = []
    if metric.numerator:
        found.append((visit.words("definition.numerator"), _term(metric.numerator)))
        if metric.numerator.where != "true":
            found.append((visit.words("definition.exclusions"), html.Code(metric.numerator.where, className="rule")))
    if metric.denominator:
        found.append((visit.words("definition.denominator"), _term(metric.denominator)))
    if metric.numerator:
        found.append(
            (visit.words("definition.period"), html.Code(f"{metric.numerator.table}.{metric.numerator.period}", className="rule"))
        )
    return found


def _term(term: Term) -> html.Code:
    scale = f" ÷ {decimal(term.scale, 0)}" if term.scale != 1 else ""
    what = f"sum({term.value}){scale}" if term.value else "count(*)"
    condition = f" · {term.condition}" if term.condition != "true" else ""
    return html.Code(f"{what} · {term.table}{condition}", className="rule")


def _weights(visit: Visit, metric: Metric) -> str:
    names = [(catalogue().metric(key).text(visit.lang).name, weight) for key, weight in metric.weights]
    return " + ".join(f"{decimal(weight, 2)} × {name}" for name, weight in names)


def _variant(visit: Visit, variant: Metric) -> html.Div:
    words = variant.text(visit.lang)
    return html.Div([html.B(words.name), "　", words.definition, " ", html.Span(variant.key, className="soft small")])
