"""Two communities side by side: every metric, how far apart, and whether by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from dashboard.components.attributes import data
from dashboard.components.card import grid
from dashboard.components.graph import graph
from dashboard.components.table import Cell, Column, table
from dashboard.figures.dumbbell import dumbbell
from dashboard.figures.theme import BLUE, GREY, ORANGE
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import NOTHING, bare, count, shown
from dashboard.metrics.catalogue import Metric
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import community_href
from dashboard.reading.difference import UNKNOWN, Rows, apart, difference, indexed, interval
from dashboard.reading.exhibits import of_numbers
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.visit import Visit, heading, listed, metric

PATH = "/communities"
Pair = tuple[str, str]


def pair_of(visit: Visit, codes: Sequence[str]) -> Pair | None:
    """The two communities the address asks for; None unless it names exactly two that are there."""
    asked = list(dict.fromkeys(visit.choice("pair").split(",")))
    return (asked[0], asked[1]) if len(asked) == 2 and set(asked) <= set(codes) else None


def picker(visit: Visit, codes: Sequence[str], two: Pair | None) -> html.Div:
    """Two lists to choose from; nothing where there are not two communities."""
    if len(codes) < 2:
        return html.Div()
    options = [{"value": code, "label": visit.name("community", code)} for code in codes]
    parts: list[Any] = [html.Span(visit.words("communities.pair"), className="soft small")]
    for place, code in enumerate(two or codes[:2]):
        label = visit.words("communities.first" if place == 0 else "communities.second")
        box = dbc.Select(name="pair", value=code, options=options, size="sm")
        parts.append(html.Label([html.Span(label, className="visually-hidden"), box]))
    parts.append(html.Button(visit.words("communities.compare"), type="submit", className="btn btn-outline-primary btn-sm"))
    if two:
        away = page_href(PATH, visit.view, metric=visit.choice("metric"))
        parts.append(html.A(visit.words("communities.no_pair"), href=away, className="small"))
    return html.Div(html.Form(parts, className="asked-for", **data(query="pair")))


def pair_view(
    visit: Visit,
    two: Pair,
    numbers: pd.DataFrame,
    keys: Sequence[str],
    chosen: str,
    history: pd.DataFrame,
    course: pd.DataFrame,
) -> html.Div:
    """Table of all metrics; the shares as pairs of dots; the chosen metric's weeks."""
    own = numbers[numbers["community"].isin(two)]
    cards = [_table(visit, two, own, keys), _shares(visit, two, own, keys), _weeks(visit, two, chosen, history, course)]
    return grid(cards)


def _names(visit: Visit, two: Pair) -> tuple[str, str]:
    return visit.name("community", two[0]), visit.name("community", two[1])


def _table(visit: Visit, two: Pair, numbers: pd.DataFrame, keys: Sequence[str]) -> html.Section:
    first, second = _names(visit, two)
    title = visit.words("communities.side_by_side", first=first, second=second)
    heads = [
        Column(visit.words("table.metric"), is_number=False),
        *(Column(html.A(visit.name("community", code), href=community_href(visit, code))) for code in two),
        Column(visit.words("communities.apart")),
        Column(visit.words("communities.verdict"), is_number=False),
    ]
    by_place = indexed(numbers, "metric", "community")
    rows = [_row(visit, metric(key), two, by_place) for key in keys]
    exhibit = of_numbers(visit, "pair", title, numbers, keys, ("community",))
    return exhibit_card(
        visit,
        exhibit,
        table(heads, rows, title),
        width=12,
        note=visit.words("communities.pair_note"),
        info="",
        methods=("newcombe",),
    )


def _row(visit: Visit, definition: Metric, two: Pair, by_place: Rows) -> list[Cell]:
    one, other = (by_place[definition.key, code] for code in two)
    found = difference(definition, one, other)
    verdict = visit.words(f"communities.{found.verdict}") if found.verdict != UNKNOWN else NOTHING
    return [
        Cell(heading(definition, visit.lang)),
        *(value_cell(visit, definition, row, code) for row, code in ((one, two[0]), (other, two[1]))),
        Cell(apart(visit, definition, one, other, found)),
        Cell(verdict),
    ]


def value_cell(visit: Visit, definition: Metric, row: dict[Any, Any], community: str, *, is_short: bool = False) -> Cell:
    """A number that opens its cases, with its interval and n small beside it; is_short: with its n alone."""
    n = "" if definition.kind in ("count", "stock") else f"n={count(row['n'])}"
    ends = NOTHING if is_short else interval(visit, definition, row)
    return Cell(
        bare(row["value"], definition.unit, definition.decimals, visit.lang),
        cases_href(visit.view, definition.key, listed(definition), {"community": community}),
        n if ends == NOTHING else f"{ends}　{n}",
    )


def _shares(visit: Visit, two: Pair, numbers: pd.DataFrame, keys: Sequence[str]) -> html.Section:
    shares = [key for key in keys if metric(key).kind == "ratio" and metric(key).unit == "percent"]
    title = visit.words("communities.shares")
    names = _names(visit, two)
    by_place = indexed(numbers, "metric", "community")
    columns: dict[str, list[Any]] = {"label": [heading(metric(key), visit.lang) for key in shares]}
    for side, code, name in zip(("first", "second"), two, names, strict=True):
        rows = [by_place[key, code] for key in shares]
        columns[side] = [row["value"] for row in rows]
        columns[f"{side}_hover"] = [_hover(visit, name, metric(key), row) for key, row in zip(shares, rows, strict=True)]
        columns[f"{side}_href"] = [cases_href(visit.view, key, "denominator", {"community": code}) for key in shares]
    frame = pd.DataFrame(columns)
    described = visit.words("communities.shares_described", first=names[0], second=names[1], count=len(shares))
    chart = graph(dumbbell(frame), height=44 * len(shares) + 50, description=described)
    exhibit = of_numbers(visit, "pair-shares", title, numbers, shares, ("community",))
    return exhibit_card(visit, exhibit, [_legend(*names), chart], width=5)


def _hover(visit: Visit, name: str, definition: Metric, row: dict[Any, Any]) -> str:
    value = shown(row["value"], definition.unit, definition.decimals, visit.lang)
    return f"<b>{name}</b><br>{definition.text(visit.lang).short} {value}<br>n = {count(row['n'])}"


def _legend(first: str, second: str) -> html.Div:
    marks = (("first", first), ("second", second))
    return html.Div([html.Span([html.I(className=f"pair-{mark}"), name]) for mark, name in marks], className="legend-line")


def _weeks(visit: Visit, two: Pair, key: str, history: pd.DataFrame, course: pd.DataFrame) -> html.Section:
    title = visit.words("communities.pair_weeks", name=heading(metric(key), visit.lang))
    lines = {visit.name("community", code): history[history["community"] == code] for code in two}
    exhibit = of_numbers(visit, "pair-weeks", title, history[history["community"].isin(two)], (key,), ("week", "community"))
    chart = beside_whole(visit, key, list(zip(two, lines, lines.values(), strict=True)), course)
    return exhibit_card(visit, exhibit, chart, width=7, note=visit.words("chart.weeks", count=len(course)))


def beside_whole(visit: Visit, key: str, units: Sequence[tuple[str, str, pd.DataFrame]], course: pd.DataFrame) -> html.Div:
    """Weekly lines of units – (community, name, history) – with the whole pale behind, unless it is a count."""
    definition = metric(key)
    is_count = definition.kind in ("count", "stock")
    frame = pd.DataFrame({"week": course["week"].tolist()})
    lines = []
    if not is_count:
        frame["whole"] = _rounded(course["value"], definition).tolist()
        lines.append(Line("whole", visit.words("communities.whole"), "", GREY, "dot"))
    for place, (code, name, rows) in enumerate(units):
        values = dict(zip(rows["week"], _rounded(rows["value"], definition), strict=True))
        frame[f"unit{place}"] = [values.get(week, float("nan")) for week in frame["week"]]
        frame[f"href{place}"] = [
            cases_href(visit.view, key, listed(definition), {"community": code, "week": str(week)[:10]}) for week in frame["week"]
        ]
        lines.append(Line(f"unit{place}", name, f"href{place}", (BLUE, ORANGE)[place], ("solid", "dash")[place]))
    is_share = definition.unit == "percent"
    unit = "" if is_share else visit.words(f"unit.{definition.unit}")
    figure = trend(frame, lines, lang=visit.lang, share=is_share, unit=unit)
    ends = [
        visit.words("communities.end", name=name, value=shown(last, definition.unit, definition.decimals, visit.lang))
        for _, name, rows in units
        for last in rows.sort_values("week")["value"].dropna().tail(1)
    ]
    joined = visit.words("punctuation.semicolon").join(ends)
    described = visit.words("communities.weeks_described", name=definition.text(visit.lang).name, ends=joined)
    return graph(figure, height=280, description=described)


def _rounded(values: pd.Series, definition: Metric) -> pd.Series:
    """As many decimals as are shown: shares with a tenth of a per cent."""
    return values.astype(float).round(definition.decimals + 2 if definition.unit == "percent" else definition.decimals)
