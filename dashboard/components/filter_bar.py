"""The one filter bar and the chips that say what is filtered. Its state is the URL's; it only proposes the next address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.i18n import joined, text
from dashboard.i18n.dates import span
from dashboard.reading.links import page_href
from dashboard.view import COMPARISONS, Options, Period, View

PERIODS = ("this_week", "last_week", "last_4_weeks", "last_12_weeks", "this_month", "last_month", "this_year", "all", "custom")
LISTS = ("community", "grid", "category", "department", "channel")
_IDS = {
    "community": ids.COMMUNITY,
    "grid": ids.GRID,
    "category": ids.CATEGORY,
    "department": ids.DEPARTMENT,
    "channel": ids.CHANNEL,
}


def filter_bar(view: View, period: Period, options: Options) -> html.Form:
    """The controls, set to the view."""
    lang = view.lang
    return html.Form(
        [
            _field("filter.period", ids.PERIOD, lang, dbc.Select(id=ids.PERIOD, value=view.period, options=_periods(view, lang))),
            html.Div(
                [
                    _day("filter.from", ids.PERIOD_FROM, period.start, lang),
                    html.Span("—", className="soft"),
                    _day("filter.to", ids.PERIOD_TO, period.end, lang),
                ],
                className="custom-dates",
            ),
            _field("filter.compare", ids.COMPARE, lang, dbc.Select(id=ids.COMPARE, value=view.compare, options=_comparisons(lang))),
            *[_field(f"filter.{name}", _IDS[name], lang, _choice(name, view, options[name])) for name in LISTS],
            html.Button(text("filter.done", lang), type="button", className="filters-close", **data(action="close")),
        ],
        className="filters",
        role="search",
        **aria(label=text("filter.title", lang)),
    )


def _comparisons(lang: str) -> list[dict[str, str]]:
    return [{"value": name, "label": text(f"compare.{name}", lang)} for name in COMPARISONS]


def chips(path: str, view: View, period: Period, options: Options, choices: Mapping[str, str]) -> list[Any]:
    """One chip a filter in force, each with the address without it; after several one that clears them all."""
    lang = view.lang
    found: list[Any] = []
    for name in ("community", "grid", "category", "department", "channel", "level"):
        codes = getattr(view, name)
        if codes:
            names = dict(options.get(name, ()))
            shown = [names.get(code, code) for code in codes]
            label = joined(shown, lang) if len(shown) <= 3 else text("filter.many", lang, first=shown[0], count=len(shown))
            found.append(
                _chip(
                    f"{text(f'filter.{name}', lang)}{text('punctuation.colon', lang)}{label}",
                    page_href(path, view.replace(**{name: ()}), **choices),
                    lang,
                )
            )
    if view.period == "custom":
        found.insert(
            0, _chip(span(period.start, period.end, lang), page_href(path, view.replace(period="last_12_weeks"), **choices), lang)
        )
    if len(found) > 1:
        found.append(
            html.A(
                text("filter.clear", lang), href=page_href(path, View(lang=lang, chart=view.chart), **choices), className="small"
            )
        )
    return found


def _chip(label: str, href: str, lang: str) -> html.Span:
    return html.Span([label, html.A("×", href=href, **aria(label=text("filter.remove", lang, name=label)))], className="chip")


def _field(key: str, control: str, lang: str, child: Any) -> html.Div:
    return html.Div([html.Label(text(key, lang), htmlFor=control), child], className="field")


def _day(key: str, control: str, day: date, lang: str) -> html.Label:
    return html.Label(
        [html.Span(text(key, lang), className="visually-hidden"), dbc.Input(id=control, type="date", value=day.isoformat())],
        htmlFor=control,
    )


def _periods(view: View, lang: str) -> list[dict[str, str]]:
    offered = PERIODS if view.period in PERIODS else (*PERIODS, view.period)
    return [{"value": name, "label": text(f"period.{name}", lang)} for name in offered]


def _choice(name: str, view: View, options: Sequence[tuple[str, str]]) -> dcc.Dropdown:
    lang = view.lang
    labels: Any = {
        key: text(f"dropdown.{key}", lang)
        for key in ("select_all", "deselect_all", "search", "clear_search", "clear_selection", "no_options_found")
    }
    labels["selected_count"] = text("dropdown.selected_count", lang, num_selected="{num_selected}")
    return dcc.Dropdown(
        id=_IDS[name],
        multi=True,
        debounce=True,
        closeOnSelect=False,
        value=list(getattr(view, name)),
        options=[{"value": code, "label": label} for code, label in options],
        placeholder=text("filter.any", lang, name=text(f"filter.{name}", lang)),
        labels=labels,
        maxHeight=320,
    )
