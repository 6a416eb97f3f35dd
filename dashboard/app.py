"""create_app(settings): wires pages, shell, access and warehouse together and binds the callbacks."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
from datetime import date
from functools import cache, partial
from pathlib import Path
from string import Template
from typing import Any

import dash
from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, html, no_update
from flask import Response, request

from dashboard import desk_routes, fragments, ids, report_routes, research_routes, routes
from dashboard.access import LOCAL
from dashboard.components.attributes import data
from dashboard.components.filter_bar import LISTS, chips
from dashboard.components.states import failed
from dashboard.delivery import deliver
from dashboard.evaluations.runs import Evaluations
from dashboard.figures.theme import templates
from dashboard.i18n import LANGUAGES, html_lang, text
from dashboard.pages import NAVIGATION, Drawn, Visit, cases, evaluation, reports, sketch, visit_of, without_data
from dashboard.pages.data_upload import panel
from dashboard.pages.drawn import Draw, Page
from dashboard.pages.research_parts import SQL_PATH
from dashboard.reading.links import page_href
from dashboard.settings import Settings
from dashboard.shell import Address, frame, layout, places_of, shown
from dashboard.view import FILTERS, Period, View
from dashboard.warehouse import Warehouse, WarehouseError

log = logging.getLogger(__name__)
_FILTER_IDS = (
    *(ids.PERIOD, ids.PERIOD_FROM, ids.PERIOD_TO, ids.COMPARE),
    *(ids.COMMUNITY, ids.GRID, ids.CATEGORY, ids.DEPARTMENT, ids.CHANNEL),
)
ASSETS = Path(__file__).parent / "assets"
_BUNDLES = {
    "ours": ("markup", "navigation", "grid", "upload", "reports", "desk", "research", "cards", "wall"),  # before Dash's renderer
    "charts": ("vendor/plotly-zh-CN", "charts"),  # after Plotly
}
_GRID_SCRIPT = re.compile(r'\s*<script src="([^"]*/dash_ag_grid[^"]*)"></script>')

_INDEX = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
$metas
<title>$title</title>
<link rel="icon" href="$icon" type="image/svg+xml">
<script src="$theme"></script>
$preload
<link rel="stylesheet" href="$bootstrap">
$css
<link rel="stylesheet" href="$style">
</head>
<body$wall data-period="$period" data-grid-script="$grid" data-plotly="$plotly" data-charts="$charts">
$app_entry
<script type="application/json" id="chart-templates">$templates</script>
<script type="application/json" id="card-words">$words</script>
<footer>
$config
$scripts
<script src="$ours"></script>
$renderer
</footer>
</body>
</html>""")


_PRELOAD = Template('<link rel="preload" href="$plotly" as="script">')


def _has_charts(path: str) -> bool:
    return path not in (cases.PATH, reports.PATH, "/data", "/definitions", "/methods", SQL_PATH) and not path.startswith("/case/")


class Screen(Dash):
    """Dash with an index page of our own: language of the visit, our assets, and the grid component only where it is needed."""

    def interpolate_index(
        self,
        metas: str = "",
        title: str = "",  # noqa: ARG002 – Dash's signature
        css: str = "",
        config: str = "",
        scripts: str = "",
        app_entry: str = "",
        favicon: str = "",  # noqa: ARG002
        renderer: str = "",
    ) -> str:
        """The page around the application; title and favicon are ours."""
        address = Address.parse(request.path, request.query_string.decode())
        found = _GRID_SCRIPT.search(scripts)
        if found and address.path != cases.PATH:
            scripts = scripts.replace(found.group(0), "")
        lang = address.view.lang
        return _INDEX.substitute(
            _asset_urls(),
            metas=metas,
            css=css,
            config=config,
            scripts=scripts,
            app_entry=app_entry,
            renderer=renderer,
            lang=html_lang(lang),
            title=text("app.name", lang),
            period=address.view.period,
            wall=" data-wall" if address.choices.get("wall") == "1" else "",
            grid=found.group(1) if found else "",
            preload=_PRELOAD.substitute(_asset_urls()) if _has_charts(address.path) else "",
            templates=json.dumps(templates()),
            words=json.dumps(card_words(), ensure_ascii=False),
        )


def create_app(settings: Settings, draw: Draw = sketch) -> Dash:
    """The application; the warehouse is opened at the first request. draw: title and body of every page."""
    warehouse = Warehouse(settings.warehouse, settings.threads)
    drawn = Drawn(draw)
    evaluations = Evaluations()
    app: Any = Screen(  # Any: Dash's types know neither a layout that is a function nor clientside callbacks
        __name__,
        assets_folder=str(ASSETS),
        include_assets_files=False,
        serve_locally=True,
        update_title="",
        on_error=_on_error,
        add_log_handler=False,
    )
    app.validation_layout = _everything()  # before the layout: Dash would call it here, outside of any request
    app.layout = partial(_first_screen, warehouse, drawn)
    app.callback(
        output={
            "root": Output(ids.ROOT, "children"),
            "chips": Output(ids.CHIPS, "children"),
            "body": Output(ids.BODY, "children"),
            "later": Output(ids.LATER, "children"),
            "shown": Output(ids.SHOWN, "data"),
            "period": Output(ids.PERIOD, "value"),
            "start": Output(ids.PERIOD_FROM, "value"),
            "end": Output(ids.PERIOD_TO, "value"),
            "community": Output(ids.COMMUNITY, "value"),
            "category": Output(ids.CATEGORY, "value"),
            "grid": Output(ids.GRID, "value"),
            "department": Output(ids.DEPARTMENT, "value"),
            "channel": Output(ids.CHANNEL, "value"),
            "compare": Output(ids.COMPARE, "value"),
        },
        inputs={
            "path": Input(ids.URL, "pathname"),
            "search": Input(ids.URL, "search"),
            "_": Input(ids.NEWS, "data"),
            "before": State(ids.SHOWN, "data"),
        },
    )(partial(_next_screen, warehouse, drawn))
    app.callback(
        Output(ids.later(MATCH, MATCH), "children"),
        Input(ids.wanted(MATCH, MATCH), "data"),
        State(ids.later(MATCH, MATCH), "id"),
        prevent_initial_call=True,
    )(partial(_later, warehouse, drawn))
    app.callback(
        Output(ids.case_grid(MATCH), "getRowsResponse"),
        Output(ids.case_total(MATCH), "children"),
        Input(ids.case_grid(MATCH), "getRowsRequest"),
        State(ids.case_query(MATCH), "data"),
        prevent_initial_call=True,
    )(partial(_case_rows, warehouse))
    app.callback(
        Output(ids.jobs(MATCH), "children"),
        Input(ids.jobs_tick(MATCH), "data"),
        State(ids.URL, "search"),
        State(ids.jobs(MATCH), "id"),
    )(partial(_jobs, settings, warehouse, evaluations))
    filters = [Input(i, "value") for i in _FILTER_IDS]
    app.clientside_callback(ClientsideFunction("township", "filter"), *filters, State(ids.SHOWN, "data"), prevent_initial_call=True)
    app.clientside_callback(ClientsideFunction("township", "arrived"), Input(ids.SHOWN, "data"))
    app.clientside_callback(
        ClientsideFunction("township", "listed"),
        Input(ids.case_grid(ALL), "getRowsRequest"),
        prevent_initial_call=True,
    )
    for bundle in _BUNDLES:
        app.server.add_url_rule(f"/assets/{bundle}.bundle.js", bundle, partial(_scripts, bundle))
    routes.bind(app.server, settings, warehouse, evaluations)
    report_routes.bind(app.server, settings)
    desk_routes.bind(app.server, settings, warehouse)
    research_routes.bind(app.server, settings, warehouse)
    fragments.bind(app.server, settings, warehouse, drawn, evaluations)
    deliver(app.server, list(app.csp_hashes()))
    found: Dash = app
    return found


def _first_screen(warehouse: Warehouse, drawn: Drawn) -> html.Div:
    """The whole first screen with its numbers, for the address in the browser's bar.

    The browser asks for it by another URL and says where it stands in Referer; without that header the overview is drawn
    and `_next_screen` corrects it at once.
    """
    address = Address.of_url(request.headers.get("Referer", ""))
    visit, body, marks = _drawn(warehouse, drawn, address)
    return layout(_whole(address, visit, body, marks), marks)


def _next_screen(
    warehouse: Warehouse, drawn: Drawn, path: str, search: str, _: str | None, before: dict[str, Any] | None
) -> dict[str, Any]:
    """URL → screen. Only what changed is sent; another language or another build draws everything anew. _: a build somebody heard of."""
    address = Address.parse(path or "/", search or "")
    visit, body, marks = _drawn(warehouse, drawn, address)
    nothing: dict[str, Any] = dict.fromkeys(
        ("root", "chips", "body", "later", "shown", "period", "start", "end", "compare", *LISTS), no_update
    )
    if before and (before["address"], before["build"]) == (marks["address"], marks["build"]):
        return nothing
    if visit is None or not before or (before["lang"], before["build"]) != (address.view.lang, marks["build"]):
        return {**nothing, "root": _whole(address, visit, body, marks), "shown": marks}
    values = {name: marks[name] for name in LISTS if marks[name] != before[name]}
    dates = {name: marks[name] for name in ("period", "start", "end", "compare") if marks[name] != before[name]}
    places = {"later": places_of(address, marks["places"][1])} if marks["places"] != before["places"] else {}
    return {
        **nothing,
        "body": body,
        "shown": marks,
        **places,
        **values,
        **dates,
        "chips": chips(address.path, address.view, visit.period, visit.options, address.choices),
    }


def _whole(address: Address, visit: Visit | None, body: Any, marks: dict[str, Any]) -> list[Any]:
    """Everything on screen; visit is None without data."""
    if visit is None:
        return _bare(address, body)
    return frame(address, NAVIGATION, visit.period, visit.options, body, visit.snapshot.build.as_of, marks["places"][1])


def _drawn(warehouse: Warehouse, drawn: Drawn, address: Address) -> tuple[Visit | None, Any, dict[str, Any]]:
    """Visit, page body and marks of an address; visit is None when not even the warehouse can be read."""
    try:
        visit = visit_of(warehouse.current(), address, LOCAL)
    except WarehouseError as error:
        log.debug("%s", error)  # the page says it
        return None, without_data(address, LOCAL, error), _blank(address)
    except Exception:
        return None, _failure(address.view), _blank(address)
    try:
        page = drawn.get(visit)
    except Exception:
        page = Page(text("state.failed_title", address.view.lang), _failure(address.view), {})
    return visit, page.sent, shown(address, visit.period, page.title, visit.snapshot.build, page.later)


def _blank(address: Address) -> dict[str, Any]:
    """The marks of a screen without a build."""
    view = address.view
    return {
        "lang": view.lang,
        "title": text("app.name", view.lang),
        "build": "",
        "period": view.period,
        "compare": view.compare,
        "default_period": view.period,
        "as_of": "",
        "query": view.to_query(),
        "section": address.path,
        "places": [address.path, 0],
        "other": page_href(address.path, view.replace(lang="en" if view.lang == "zh" else "zh")),
        "start": "",
        "end": "",
        "address": address.path + view.to_query(),
        **{name: list(getattr(view, name)) for name in LISTS},
    }


def _jobs(
    settings: Settings,
    warehouse: Warehouse,
    evaluations: Evaluations,
    tick: float | None,
    search: str | None,
    asked: dict[str, Any],
) -> Any:
    """The jobs of the load, the kept reports, or the answer of an evaluation, as they stand now. tick: None on a page just opened."""
    if asked["page"] == ids.EVALUATION:
        address = Address.parse(evaluation.PATH, search or "")
        return evaluation.panel(evaluations, visit_of(warehouse.current(), address, LOCAL), is_fresh=tick is None)
    if asked["page"] == ids.REPORTS:
        return reports.panel(settings, visit_of(warehouse.current(), Address.parse(reports.PATH, search or ""), LOCAL))
    return panel(settings, View.from_query(search or "").lang) if LOCAL.may_load else []


def _later(warehouse: Warehouse, drawn: Drawn, url: str | None, asked: dict[str, Any]) -> Any:
    """A part of the page at an address whose first parts are on screen; nothing when that page has no such part."""
    if not url:
        return no_update
    page = drawn.get(visit_of(warehouse.current(), Address.of_url(url), LOCAL))
    return html.Div(page.part_sent(asked["part"]), **data(address=url)) if asked["part"] < page.later else []


def _case_rows(warehouse: Warehouse, asked: dict[str, Any] | None, query: dict[str, str]) -> Any:
    """One block of rows for the grid of cases."""
    if not asked:
        return no_update, no_update
    visit = visit_of(warehouse.current(), Address.parse(query["path"], query["search"]), LOCAL)
    found = cases.block(visit, asked)
    return found, cases.total_words(visit, found["rowCount"])


def _failure(view: View) -> html.Div:
    """The designed error panel; the log has the exception under the reference it shows."""
    reference = secrets.token_hex(3)
    log.exception("page failed, reference %s", reference)
    return failed(view, reference)


def _on_error(error: Exception) -> Any:
    """A callback that failed: the log has the details, the page a panel."""
    reference = secrets.token_hex(3)
    log.error("callback failed, reference %s", reference, exc_info=error)
    address = Address.of_url(request.headers.get("Referer", ""))
    dash.set_props(ids.BODY, {"children": failed(address.view, reference)})
    return no_update


def _everything() -> html.Div:
    """A screen without a page, for Dash's check at the start that every id a callback names exists."""
    return layout(_bare(Address("/", View()), ""), {})


def _bare(address: Address, body: Any) -> list[Any]:
    """A screen without data: nothing to filter."""
    day = date(2000, 1, 1)
    period = Period(day, day, day, day, day, day, is_partial=False)
    return frame(address, NAVIGATION, period, dict.fromkeys(FILTERS, ()), body, None)


def card_words() -> dict[str, dict[str, str]]:
    """The words scripts write, by language."""
    names = ("table", "no_table", "xlsx", "csv", "png", "svg", "failed", "as_of", "news", "refresh")
    return {lang: {name: text(f"card.{name}", lang) for name in names} for lang in LANGUAGES}


@cache
def _asset_urls() -> dict[str, str]:
    """Our assets with the hash of their content, so that they can be cached for ever."""
    files = {
        "icon": "icon.svg",
        "theme": "theme.js",
        "style": "township.css",
        "bootstrap": "vendor/bootstrap.min.css",
        "plotly": "vendor/plotly-cartesian.min.js",
    }
    urls = {key: f"/assets/{name}?v={_fingerprint((ASSETS / name).read_bytes())}" for key, name in files.items()}
    return {**urls, **{key: f"/assets/{key}.bundle.js?v={_fingerprint(_script(key).encode())}" for key in _BUNDLES}}


def _scripts(bundle: str) -> Response:
    return Response(_script(bundle), mimetype="application/javascript")


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


@cache
def _script(bundle: str) -> str:
    """Our own scripts as two: two requests instead of eight."""
    return "\n".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in _BUNDLES[bundle])
