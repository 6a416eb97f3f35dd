"""What surrounds a page: navigation, filters, chips, language and theme; and the address a visit came with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dash import dcc, html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.filter_bar import LISTS, chips, filter_bar
from dashboard.components.markup import packed
from dashboard.i18n import text
from dashboard.i18n.dates import moment
from dashboard.reading.links import page_href
from dashboard.view import DEFAULT_PERIOD, FILTERS, Options, Period, View
from dashboard.warehouse import Build

PRIMARY = ("overview", "closure", "workload", "satisfaction")
"""Pages on a phone's bottom bar; the others stand under 更多."""


@dataclass(frozen=True)
class Address:
    """A URL of the dashboard taken apart. choices: query parameters that are no filters, e.g. metric on /communities."""

    path: str
    view: View
    choices: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, path: str, search: str) -> Address:
        """Never raises; what cannot be read is left out."""
        known = {*FILTERS, "period", "from", "to", "compare", "chart", "lang"}
        try:
            pairs = parse_qsl(search.lstrip("?"), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            pairs = []
        choices = {key: value for key, value in pairs if key not in known}
        return cls(path.rstrip("/") or "/", View.from_query(search), choices)

    @classmethod
    def of_url(cls, url: str) -> Address:
        """The address of a whole URL; the overview's where it is empty."""
        parts = urlsplit(url)
        return cls.parse(parts.path or "/", parts.query)


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation. key: names its words (page.<key>) and its icon."""

    path: str
    key: str


def frame(
    address: Address, entries: Sequence[Entry], period: Period, options: Options, body: Any, as_of: datetime | None, parts: int = 0
) -> list[Any]:
    """Everything on screen: navigation, bar, page, and the notice of stale data, which the browser's clock shows or hides.

    as_of: None where there is no data; the bar is then left out of sight · parts: how many parts of the page come later.
    """
    lang = address.view.lang
    phone = html.Div(
        [html.Strong(text("app.name", lang)), html.Button(text("filter.open", lang), type="button", **data(action="filters"))],
        className="bar-phone",
    )
    bar = html.Div(
        [
            phone,
            filter_bar(address.view, period, options),
            html.Div(chips(address.path, address.view, period, options, address.choices), id=ids.CHIPS, className="chips"),
        ],
        className="bar",
        hidden=as_of is None,
    )
    return [
        html.A(text("app.skip", lang), href="#" + ids.MAIN, className="skip", target="_self"),
        html.Div(
            [
                packed(html.Nav(navigation(address, entries), className="rail", **aria(label=text("app.navigation", lang)))),
                html.Div(
                    [
                        bar,
                        *(
                            [html.P(text("state.stale", lang, moment=moment(as_of)), className="stale", role="status")]
                            if as_of
                            else []
                        ),
                        html.Main(
                            [html.Div(body, id=ids.BODY), html.Div(places_of(address, parts), id=ids.LATER)],
                            id=ids.MAIN,
                            tabIndex=-1,
                        ),
                    ]
                ),
            ],
            className="frame",
        ),
    ]


def navigation(address: Address, entries: Sequence[Entry]) -> list[Any]:
    """The pages in order, each link with the filters in force; language and theme below."""
    view, lang = address.view, address.view.lang
    other = "en" if lang == "zh" else "zh"
    here = _section(address.path)
    links = [
        html.Li(
            html.A(
                [html.Span(className=f"icon icon-{entry.key}"), html.Span(text(f"page.{entry.key}", lang))],
                href=page_href(entry.path, view),
                className="nav-link",
                **(aria(current="page") if entry.path == here else {}),
            ),
            className="" if entry.key in PRIMARY else "second",
        )
        for entry in entries
    ]
    more = html.Li(
        html.Button(
            [html.Span(className="icon icon-more"), html.Span(text("app.more", lang))],
            type="button",
            className="nav-link",
            **data(action="more"),
        ),
        className="nav-more",
    )
    return [
        html.A([text("app.name", lang), html.Small(text("app.tagline", lang))], href=page_href("/", view), className="brand"),
        html.Ul([*links, more], className="nav-list"),
        html.Div(
            [
                html.A(
                    text("app.other_language", lang),
                    href=_other_language(address),
                    lang=other,
                ),
                html.A(text("app.wall", lang), href=page_href("/", View(lang=lang), wall="1")),
                html.Button(text("app.theme", lang), type="button", **data(action="theme")),
            ],
            className="rail-foot",
        ),
    ]


def shown(address: Address, period: Period, title: str, build: Build, parts: int) -> dict[str, Any]:
    """What the screen was drawn with: the filters compare themselves to it, the document takes its title and language."""
    view = address.view
    return {
        "lang": view.lang,
        "title": f"{title} · {text('app.name', view.lang)}",
        "period": view.period,
        "compare": view.compare,
        "default_period": DEFAULT_PERIOD,
        "build": build.build_id,
        "query": view.to_query(),
        "section": _section(address.path),
        "places": [address.path, parts],
        "other": _other_language(address),
        "as_of": build.as_of.isoformat(),
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "address": address.path + view.to_query() + str(sorted(address.choices.items())),
        **{name: list(getattr(view, name)) for name in LISTS},
    }


def places_of(address: Address, count: int) -> list[Any]:
    """The places of the parts below what is seen first; navigation.js asks for each when the reader comes near.

    They stay while the path does, so that a change of filters redraws what stands in them instead of building it anew.
    """
    stores = [dcc.Store(id=ids.wanted(address.path, number)) for number in range(count)]
    return [*stores, *(html.Div(id=ids.later(address.path, number), className="later") for number in range(count))]


def layout(children: list[Any], drawn: dict[str, Any]) -> html.Div:
    """The root of the document; `drawn` as `shown` gives it."""
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh=False),
            dcc.Store(id=ids.SHOWN, data=drawn),
            dcc.Store(id=ids.NEWS),
            html.Div(children, id=ids.ROOT),
        ]
    )


def _other_language(address: Address) -> str:
    """This page in the other language."""
    other = "en" if address.view.lang == "zh" else "zh"
    return page_href(address.path, address.view.replace(lang=other), **address.choices)


def _section(path: str) -> str:
    """The page a path belongs to: a case to the list of cases, a community to all communities, the SQL desk to research."""
    if path.startswith("/community/"):
        return "/communities"
    if path.startswith("/research/"):
        return "/research"
    return "/cases" if path.startswith("/case/") else path
