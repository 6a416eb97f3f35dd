"""What a card fetches when its reader asks: a definition, the table behind a chart, the same as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, request, stream_with_context

from dashboard.access import LOCAL
from dashboard.components.info import definition
from dashboard.downloads import file_name, to_csv, to_html, to_xlsx
from dashboard.evaluations.runs import Evaluations
from dashboard.exhibit import Exhibit
from dashboard.i18n import joined, text
from dashboard.i18n.dates import moment
from dashboard.metrics.cases import NoCases
from dashboard.metrics.catalogue import UnknownMetric
from dashboard.metrics.dimensions import UnknownDimension
from dashboard.metrics.targets import set_version
from dashboard.pages import Drawn, Visit, cases, evaluation, reports, visit_of
from dashboard.reading.links import page_href
from dashboard.reading.visit import metric
from dashboard.settings import Settings
from dashboard.shell import Address
from dashboard.view import FILTERS, View
from dashboard.warehouse import Warehouse, WarehouseError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_XLSX = 100_000
"""Rows of cases a workbook holds: more take long to write and Excel long to open; the CSV has them all."""
Answer = Callable[..., Response]


def bind(server: Flask, settings: Settings, warehouse: Warehouse, drawn: Drawn, evaluations: Evaluations) -> None:
    """Adds the routes to the server."""

    def rule(path: str, answer: Answer) -> None:
        server.add_url_rule(path, f"fragment {path}", answer)

    exhibit = partial(_exhibit, settings, warehouse, drawn, evaluations)
    rule("/definition/<key>", _definition)
    rule("/build", partial(_build, warehouse))
    rule("/cases.<kind>", partial(_cases, warehouse))
    rule("/exhibit/<kind>/<id>/", exhibit)
    rule("/exhibit/<kind>/<id>/<path:page>", exhibit)


def _definition(key: str) -> Response:
    try:
        found = metric(key)
    except UnknownMetric:
        abort(404)
    return Response(definition(found, View.from_query(request.query_string.decode())), mimetype="text/html")


def _build(warehouse: Warehouse) -> Response:
    """The build being served, for pages that stay open: {"build", "as_of"}; an empty answer where there is none."""
    try:
        build = warehouse.current().build
    except WarehouseError:
        return Response(status=204)
    answer = Response(f'{{"build":"{build.build_id}","as_of":"{moment(build.as_of)}"}}', mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _exhibit(
    settings: Settings, warehouse: Warehouse, drawn: Drawn, evaluations: Evaluations, kind: str, id: str, page: str = ""
) -> Response:
    """The data behind the card `id` of a page as it stands under the filters of the query: html, csv or xlsx."""
    try:
        visit = visit_of(warehouse.current(), Address.parse("/" + page, request.query_string.decode()), LOCAL)
    except WarehouseError:
        abort(404)
    if visit.path == reports.PATH:  # reports come without a new build
        found = reports.exhibit(settings, visit, id)
    elif visit.path == evaluation.PATH:  # answers come after the page
        found = evaluation.exhibit(evaluations, visit, id)
    else:
        found = drawn.get(visit).exhibit(id)
    if found is None or kind not in ("html", "csv", "xlsx"):
        abort(404)
    sheet = found.make()
    if kind == "html":
        return Response(to_html(found.title, sheet, visit.lang), mimetype="text/html")
    period = f"{visit.period.start}–{visit.period.end}"
    name = file_name([found.title, period], kind)
    if kind == "csv":
        return attached("".join(to_csv(sheet)).encode(), name, "text/csv")
    return attached(to_xlsx(found.title, sheet, about(visit, found), visit.lang), name, XLSX)


def _cases(warehouse: Warehouse, kind: str) -> Response:
    """All rows of the list of cases under its filters and order. CSV is sent as it is read; a workbook takes at most MOST_IN_XLSX rows."""
    try:
        visit = visit_of(warehouse.current(), Address.parse(cases.PATH, request.query_string.decode()), LOCAL)
        listing = cases.listing(visit)
    except (WarehouseError, UnknownMetric, UnknownDimension, NoCases):
        abort(404)
    title = metric(visit.choice("metric", cases.DEFAULT)).text(visit.lang).name
    name = file_name([visit.words("page.cases"), title, f"{visit.period.start}–{visit.period.end}"], kind)
    if kind == "csv":
        return attached(stream_with_context(cases.to_csv(visit, listing)), name, "text/csv")
    if kind != "xlsx":
        abort(404)
    exhibit = cases.as_exhibit(visit, listing, title, MOST_IN_XLSX)
    return attached(to_xlsx(exhibit.title, exhibit.make(), about(visit, exhibit), visit.lang), name, XLSX)


def attached(content: Any, name: str, mimetype: str) -> Response:
    """An answer the browser saves under that name. content: bytes, or an iterator of them."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def about(visit: Visit, exhibit: Exhibit) -> list[tuple[str, str]]:
    """What goes with the data: name, period, filters, as-of moment, definitions, build, and where it was taken."""
    lang, build = visit.lang, visit.snapshot.build
    words = partial(text, lang=lang)
    found = [
        (words("download.what"), exhibit.title),
        (words("filter.period"), visit.span()),
        (words("filter.title"), filters_in_words(visit) or words("download.no_filters")),
        (words("download.as_of"), moment(build.as_of)),
    ]
    if exhibit.note:
        found.append((words("download.note"), exhibit.note))
    for key in dict.fromkeys(exhibit.metrics):
        said = metric(key).text(lang)
        found.append((said.name, " ".join(part for part in (said.definition, said.caution) if part)))
    if exhibit.metrics:
        sets = ", ".join(dict.fromkeys(metric(key).set for key in exhibit.metrics))
        found.append((words("download.set"), f"{set_version(visit.snapshot)} · {sets}"))
    found += [
        (words("download.build"), build.build_id),
        (words("download.address"), request.host_url.rstrip("/") + page_href(visit.path, visit.view, **dict(visit.choices or {}))),
    ]
    return found


def filters_in_words(visit: Visit) -> str:
    """社区：北门社区；工作内容：环境卫生"""
    colon, semicolon = visit.words("punctuation.colon"), visit.words("punctuation.semicolon")
    parts = [
        visit.words(f"filter.{name}") + colon + joined([visit.name(name, code) for code in getattr(visit.view, name)], visit.lang)
        for name in FILTERS
        if getattr(visit.view, name)
    ]
    return semicolon.join(parts)
