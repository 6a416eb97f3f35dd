"""What the research table gives as files: its protected numbers in every form, and the de-identified warehouse as a whole."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_file

from dashboard.access import Reader
from dashboard.desk.deidentified import DeskError
from dashboard.downloads import file_name
from dashboard.jobs import JobError
from dashboard.research.forms import FORMS
from dashboard.research.numbers import Question, answer
from dashboard.research.outputs import of_answer, question_title
from dashboard.research.warehouse_file import Packing
from dashboard.routes import guarded
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse, WarehouseError

_NAMED = 2
"""Metrics that the name of a file names one by one."""


def bind(server: Flask, settings: Settings, warehouse: Warehouse) -> None:
    """Adds the routes to the server. None of them waits for the warehouse's zip: it has a thread of its own."""
    packing = Packing(settings)

    def rule(path: str, view: Callable[..., Any]) -> None:
        server.add_url_rule(path, f"research {path}", guarded(settings, view, must_load=False), methods=["GET"])

    rule("/research/table.<form>", partial(_table, settings, warehouse))
    rule("/research/warehouse.zip", partial(_warehouse, packing, warehouse))
    rule("/research/warehouse", partial(_ready, packing, warehouse))


def _table(settings: Settings, warehouse: Warehouse, _: Reader, *, form: str) -> Response:
    """The answer to the question of the query, under its period and filters."""
    if form not in FORMS:
        raise JobError(404, "没有这种文件", "there is no file of this kind")
    view = View.from_query(request.query_string.decode())
    question = Question.of(request.args)
    snapshot = _current(warehouse)
    found = answer(snapshot, settings, view, question)
    if found.message:
        raise JobError(400, found.message.zh, found.message.en)
    one = FORMS[form]
    parts = [_short_title(question.metrics, question.by, view.lang), f"{found.days[0]}–{found.days[1]}"]
    content = io.BytesIO(one.make(*of_answer(found, snapshot, view)))
    return _unkept(send_file(content, one.mimetype, as_attachment=True, download_name=one.name(parts, view.lang)))


def _ready(packing: Packing, warehouse: Warehouse, _: Reader) -> Response:
    """→ {"ready"}: whether the warehouse's zip can be had at once; begins to make it."""
    return _unkept(jsonify(ready=_packed(packing, _current(warehouse).build.build_id) is not None))


def _warehouse(packing: Packing, warehouse: Warehouse, _: Reader) -> Response:
    """The de-identified warehouse of the current build, sent as it is read; refused until it is made."""
    build = _current(warehouse).build
    file = _packed(packing, build.build_id)
    if file is None:
        raise JobError(503, "数据包正在生成，请过几分钟再下载", "the package is being made; download it in a few minutes")
    what = "脱敏数据库" if View.from_query(request.query_string.decode()).lang == "zh" else "deidentified"
    name = file_name([what, build.build_id], "zip")
    return _unkept(send_file(file.resolve(), "application/zip", as_attachment=True, download_name=name))


def _packed(packing: Packing, build_id: str) -> Path | None:
    try:
        return packing.ready(build_id)
    except DeskError as error:
        raise JobError(503, error.zh, error.en) from error


def _unkept(sent: Response) -> Response:
    """What the browser must ask for again: the next build has other numbers at the same address."""
    sent.headers["Cache-Control"] = "no-store"
    return sent


def _short_title(metrics: Sequence[str], by: Sequence[str], lang: str) -> str:
    """The title of a question, of many metrics the first: the period must still have room in the name of the file."""
    if len(metrics) <= _NAMED:
        return question_title(metrics, by, lang)
    more = f"等{len(metrics)}项指标" if lang == "zh" else f" and {len(metrics) - 1} more"
    return question_title(metrics[:1], (), lang) + more


def _current(warehouse: Warehouse) -> Snapshot:
    try:
        return warehouse.current()
    except WarehouseError as error:
        raise JobError(404, error.zh, error.en) from error
