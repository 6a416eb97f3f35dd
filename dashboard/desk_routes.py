"""What the SQL desk's page asks: run a statement, how far it is, call it off, its result as a file; and whether the data is ready."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, jsonify, request

from dashboard.access import Reader
from dashboard.desk.asked import Asked, Crowded, Desk
from dashboard.desk.deidentified import DeskError
from dashboard.desk.query import Result
from dashboard.i18n import LANGUAGES
from dashboard.jobs import JobError
from dashboard.pages.data_upload import byte_count
from dashboard.pages.research_sql_result import result_html
from dashboard.research.forms import FORMS
from dashboard.research.outputs import of_result
from dashboard.routes import asked, guarded, misunderstood
from dashboard.settings import Settings
from dashboard.warehouse import Build, Warehouse, WarehouseError

Builds = dict[str, Build]
"""Those that queries were run on, by id."""


def bind(server: Flask, settings: Settings, warehouse: Warehouse) -> None:
    """Adds the routes to the server. None of them waits for a query: a query has a thread of its own."""
    desk, builds = Desk(settings), Builds()

    def rule(path: str, view: Callable[..., Any]) -> None:
        server.add_url_rule(path, f"desk {path}", guarded(settings, view, must_load=False), methods=["POST"])

    rule("/desk/ready", partial(_ready, desk, warehouse))
    rule("/desk/run", partial(_run, desk, warehouse, builds))
    rule("/desk/place", partial(_place, desk, builds))
    rule("/desk/cancel", partial(_cancel, desk))
    rule("/desk/file/<form>", partial(_file, desk, builds))


def _ready(desk: Desk, warehouse: Warehouse, _: Reader) -> Response:
    """{} → {"ready", "size"}: whether the current build can be asked at once; begins to make it so."""
    try:
        size = desk.prepare(_current(warehouse).build_id)
    except DeskError as error:
        raise JobError(503, error.zh, error.en) from error
    return jsonify(ready=size is not None, size="" if size is None else byte_count(size))


def _run(desk: Desk, warehouse: Warehouse, builds: Builds, _: Reader) -> Response:
    """{"sql"} → {"query"}, under which the others know it."""
    sql = asked().get("sql")
    if not isinstance(sql, str):
        raise misunderstood()
    build = _current(warehouse)
    builds[build.build_id] = build
    try:
        return jsonify(query=desk.ask(build.build_id, sql).id)
    except Crowded as error:
        raise JobError(
            503, "排队的查询太多，请过一会儿再运行", "too many queries are waiting in line; run it again in a while"
        ) from error


def _place(desk: Desk, builds: Builds, _: Reader) -> Response:
    """{"query"} → {"state", "place", "seconds"}; with state over the outcome as well."""
    found = _found(desk)
    state, place = desk.standing(found)
    about = {"state": state, "place": place, "seconds": round(found.seconds, 1)}
    return jsonify(about if found.result is None else {**about, **_over(found, found.result, builds[found.build_id])})


def _cancel(desk: Desk, _: Reader) -> Response:
    found = _found(desk)
    desk.cancel(found)
    return jsonify(query=found.id)


def _file(desk: Desk, builds: Builds, _: Reader, *, form: str) -> Response:
    """{"build", "sql"} → the kept result of that statement over that build as a file."""
    wanted = asked()
    build_id, sql = wanted.get("build"), wanted.get("sql")
    if not isinstance(build_id, str) or not isinstance(sql, str) or form not in FORMS:
        raise misunderstood()
    result = desk.result(build_id, sql)
    if result is None:
        raise _gone()
    output, of = of_result(result, sql, builds[build_id], _lang())
    one = FORMS[form]
    name = one.name([output.title, f"{of.as_of:%Y-%m-%d}"], of.lang)
    answer = Response(one.make(output, of), mimetype=one.mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _over(query: Asked, result: Result, build: Build) -> dict[str, Any]:
    """What came of it, in the reader's words."""
    lang = _lang()
    about: dict[str, Any] = {"outcome": result.outcome, "took": round(result.seconds, 2)}
    if result.outcome == "done":
        _, of = of_result(result, query.sql, build, lang)
        return {**about, "rows": result.row_count, "build": build.build_id, "html": result_html(result, of)}
    message = result.message
    return {**about, "at": result.place, "message": "" if message is None else message.zh if lang == "zh" else message.en}


def _found(desk: Desk) -> Asked:
    """The query the request names."""
    query_id = asked().get("query")
    if not isinstance(query_id, str):
        raise misunderstood()
    found = desk.find(query_id)
    if found is None:
        raise _gone()
    return found


def _gone() -> JobError:
    return JobError(404, "这次查询的结果已不在服务器上，请再运行一次", "the result of this query is no longer kept; run it again")


def _current(warehouse: Warehouse) -> Build:
    try:
        return warehouse.current().build
    except WarehouseError as error:
        raise JobError(404, error.zh, error.en) from error


def _lang() -> str:
    lang = request.args.get("lang", "zh")
    return lang if lang in LANGUAGES else "zh"
