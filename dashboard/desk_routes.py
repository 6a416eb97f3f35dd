"""What the SQL desk's page asks: run a statement, how far it is, call it off, its result as a file; and whether the data is ready."""

from __future__ import annotations

import threading
from collections import OrderedDict
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
from dashboard.research.outputs import of_result, result_provenance
from dashboard.routes import asked, guarded, misunderstood
from dashboard.settings import Settings
from dashboard.warehouse import Build, Warehouse, WarehouseError

Builds = dict[str, Build]
"""Those that queries were run on, by id."""
_MOST_MARKS, _MARK_LENGTH = 200, 32


class Marks:
    """What pages call their queries before they are told the ids, so that one can be called off at once; the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: OrderedDict[str, str] = OrderedDict()

    def put(self, mark: str, query_id: str) -> bool:
        """The mark of a query that has come; whether it was called off before it came."""
        with self._lock:
            before = self._ids.get(mark)
            self._keep(mark, query_id)
            return before == ""

    def off(self, mark: str) -> str:
        """The query to be called off; "" where it has not come yet and will be when it does."""
        with self._lock:
            if mark not in self._ids:
                self._keep(mark, "")
            return self._ids[mark]

    def _keep(self, mark: str, query_id: str) -> None:
        self._ids[mark] = query_id
        if len(self._ids) > _MOST_MARKS:
            self._ids.popitem(last=False)


def bind(server: Flask, settings: Settings, warehouse: Warehouse) -> None:
    """Adds the routes to the server. None of them waits for a query: a query has a thread of its own."""
    desk, builds, marks = Desk(settings), Builds(), Marks()

    def rule(path: str, view: Callable[..., Any]) -> None:
        server.add_url_rule(path, f"desk {path}", guarded(settings, view, must_load=False), methods=["POST"])

    rule("/desk/ready", partial(_ready, desk, warehouse))
    rule("/desk/run", partial(_run, desk, warehouse, builds, marks))
    rule("/desk/place", partial(_place, desk, builds))
    rule("/desk/cancel", partial(_cancel, desk, marks))
    rule("/desk/file/<form>", partial(_file, desk, builds))


def _ready(desk: Desk, warehouse: Warehouse, _: Reader) -> Response:
    """{} → {"ready", "size"}: whether the current build can be asked at once; begins to make it so."""
    try:
        size = desk.prepare(_current(warehouse).build_id)
    except DeskError as error:
        raise JobError(503, error.zh, error.en) from error
    return jsonify(ready=size is not None, size="" if size is None else byte_count(size))


def _run(desk: Desk, warehouse: Warehouse, builds: Builds, marks: Marks, _: Reader) -> Response:
    """{"sql", "mark"?} → {"query"}, under which the others know it. mark: the page's own name of it, random and long."""
    wanted = asked()
    sql, mark = wanted.get("sql"), wanted.get("mark")
    if not isinstance(sql, str):
        raise misunderstood()
    build = _current(warehouse)
    builds[build.build_id] = build
    try:
        query = desk.ask(build.build_id, sql)
    except Crowded as error:
        raise JobError(
            503, "排队的查询太多，请过一会儿再运行", "too many queries are waiting in line; run it again in a while"
        ) from error
    if _is_mark(mark) and marks.put(str(mark), query.id):
        desk.cancel(query)
    return jsonify(query=query.id)


def _is_mark(mark: object) -> bool:
    return isinstance(mark, str) and len(mark) == _MARK_LENGTH


def _place(desk: Desk, builds: Builds, _: Reader) -> Response:
    """{"query"} → {"state", "place", "seconds"}; with state over the outcome as well."""
    found = _found(desk)
    state, place = desk.standing(found)
    about = {"state": state, "place": place, "seconds": round(found.seconds, 1)}
    return jsonify(about if found.result is None else {**about, **_over(found, found.result, builds[found.build_id])})


def _cancel(desk: Desk, marks: Marks, _: Reader) -> Response:
    """{"query"} or, where the page was never told it, {"mark"} → {"query"}."""
    mark = asked().get("mark")
    if not _is_mark(mark):
        found = _found(desk)
        desk.cancel(found)
        return jsonify(query=found.id)
    query_id = marks.off(str(mark))
    if known := desk.find(query_id):
        desk.cancel(known)
    return jsonify(query=query_id)


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
        of = result_provenance(query.sql, build, lang)
        return {**about, "rows": result.row_count, "build": build.build_id, "html": result_html(result, of)}
    said = {"zh": "", "en": ""} if result.message is None else {"zh": result.message.zh, "en": result.message.en}
    return {**about, "at": result.place, "message": said[lang], "said": said}


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
