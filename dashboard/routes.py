"""What the server answers besides pages: files sent to be loaded, the state of their jobs and of evaluations, new spellings, workbooks
given back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request, send_file

from dashboard import loader
from dashboard.access import LOCAL, Reader, is_loopback
from dashboard.evaluations.runs import Evaluations
from dashboard.evaluations.runs import told as evaluation_told
from dashboard.i18n import LANGUAGES, text
from dashboard.jobs import Job, JobError, find
from dashboard.progress import told
from dashboard.queries import returned_workbooks
from dashboard.settings import Settings
from dashboard.uploads import cancel, create, rebuild, receive, start_check, start_load
from dashboard.warehouse import Warehouse, WarehouseError

OURS = "X-Township"
"""A header only a script of our own pages can set: a form on a foreign page cannot."""
_LONGEST_WORD = 200
_LONGEST_REQUEST = 1_000_000
View = Callable[..., Any]


def bind(server: Flask, settings: Settings, warehouse: Warehouse, evaluations: Evaluations) -> None:
    """Adds the routes to the server."""

    def rule(path: str, method: str, view: View, *, must_load: bool = True) -> None:
        endpoint = f"township {method} {path}"
        server.add_url_rule(path, endpoint, guarded(settings, view, must_load=must_load), methods=[method])

    rule("/upload", "POST", partial(_create, settings))
    rule("/upload/<job_id>", "GET", partial(_state, settings))
    rule("/upload/<job_id>", "DELETE", partial(_cancel, settings))
    rule("/upload/<job_id>/<int:number>", "PUT", partial(_receive, settings))
    rule("/upload/<job_id>/check", "POST", partial(_check, settings))
    rule("/upload/<job_id>/load", "POST", partial(_load, settings))
    rule("/rebuild", "POST", partial(_rebuild, settings))
    rule("/alias", "POST", partial(_alias, settings))
    rule("/returned/<name>", "GET", partial(_returned, settings, warehouse))
    rule("/evaluation-run/<run_id>", "GET", partial(_evaluation, evaluations), must_load=False)
    rule("/evaluation-run/<run_id>", "DELETE", partial(_stop_evaluation, evaluations), must_load=False)
    rule("/evaluation-run/<run_id>/again", "POST", partial(_again, evaluations), must_load=False)


def guarded(settings: Settings, view: View, *, must_load: bool = True) -> View:
    """Only readers who may load (unless not must_load), only from our own pages; what goes wrong is a sentence in two languages."""

    @wraps(view)
    def answer(**parts: Any) -> Any:
        try:
            _own(settings)
            if must_load and not LOCAL.may_load:
                raise JobError(403, "您没有导入数据的权限", "you may not load data")
            found = view(LOCAL, **parts)
        except JobError as error:
            found = jsonify(zh=error.zh, en=error.en)
            found.status_code = error.status
        if must_load or found.status_code >= 400:
            found.headers["Cache-Control"] = "no-store"
        return found

    return answer


def _own(settings: Settings) -> None:
    """Raises JobError for a request that another site had the browser send. The name of this machine is checked too: a foreign name that
    was pointed at it (DNS rebinding) would pass for the same origin."""
    foreign = JobError(403, "请求不是从本平台的页面发出的，已拒绝", "the request did not come from a page of this dashboard")
    if is_loopback(settings.host) and not is_loopback(urlsplit("//" + request.host).hostname or ""):
        raise foreign
    if request.method == "GET":
        return
    origin = request.headers.get("Origin")
    is_same = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if request.headers.get(OURS) != "1" or not is_same or (origin is not None and urlsplit(origin).netloc != request.host):
        raise foreign


def _create(settings: Settings, reader: Reader) -> Response:
    """{"files": [{"name", "bytes"}]} → the job that waits for them."""
    files = asked().get("files")
    if not isinstance(files, list) or not all(
        isinstance(f, dict) and isinstance(f.get("name"), str) and isinstance(f.get("bytes"), int) and f["bytes"] >= 0
        for f in files
    ):
        raise misunderstood()
    return jsonify(job=create(settings, [(f["name"], f["bytes"]) for f in files], by=reader.name).id)


def _receive(settings: Settings, _: Reader, *, job_id: str, number: int) -> Response:
    """The body is a piece of the file that begins at ?from=."""
    offset = request.args.get("from", "0")
    if not offset.isdecimal():
        raise misunderstood()
    return jsonify(bytes=receive(find(settings, job_id), number, int(offset), request.stream))


def _check(settings: Settings, _: Reader, *, job_id: str) -> Response:
    return _told(start_check(find(settings, job_id)))


def _load(settings: Settings, _: Reader, *, job_id: str) -> Response:
    return _told(start_load(find(settings, job_id)))


def _rebuild(settings: Settings, reader: Reader) -> Response:
    return _told(rebuild(settings, by=reader.name))


def _state(settings: Settings, _: Reader, *, job_id: str) -> Response:
    return _told(find(settings, job_id))


def _cancel(settings: Settings, _: Reader, *, job_id: str) -> Response:
    cancel(find(settings, job_id))
    return jsonify(job=job_id)


def _told(job: Job) -> Response:
    """{"job", "state", "done", "text", "published"}: what a page needs to follow a job."""
    lang = request.args.get("lang", "zh")
    progress = told(job, lang if lang in LANGUAGES else "zh")
    return jsonify(job=job.id, state=progress.state, done=progress.done, text=progress.text, published=progress.published)


def _alias(settings: Settings, reader: Reader) -> Response:
    """{"list", "word", "code"}: one more spelling for a code; it acts from the next build on."""
    sent = asked()
    words = [sent.get(name) for name in ("list", "word", "code")]
    if not all(isinstance(word, str) and 0 < len(word) <= _LONGEST_WORD for word in words):
        raise JobError(400, "请先选择它指的是哪一个", "choose first what it stands for")
    list_, word, code = map(str, words)
    is_added, zh, en = loader.add_alias(settings.data, list_=list_, word=word, code=code, by=reader.name)
    if not is_added:
        raise JobError(400, zh, en)
    return jsonify(zh=zh, en=en)


def _returned(settings: Settings, warehouse: Warehouse, _: Reader, *, name: str) -> Response:
    """A workbook with rows to be mended; only names that stand in the warehouse."""
    try:
        known = {workbook.name for workbook in returned_workbooks(warehouse.current())}
    except WarehouseError as error:
        raise JobError(404, error.zh, error.en) from error
    path = settings.data / "returned" / Path(name).name
    if name not in known or path.name != name or not path.is_file():
        raise JobError(
            404, "没有这个退回的工作簿，可能已经改正导入", "there is no such workbook; its rows may have come back mended"
        )
    return send_file(path.resolve(), as_attachment=True, download_name=name)


def _evaluation(evaluations: Evaluations, _: Reader, *, run_id: str) -> Response:
    """{"job", "state", "done", "text", "published"}: what a page needs to follow it."""
    run = evaluations.find(run_id)
    if run is None:
        raise JobError(404, text("evaluation.gone", "zh"), text("evaluation.gone", "en"))
    lang = request.args.get("lang", "zh")
    words = evaluation_told(run, lang if lang in LANGUAGES else "zh")
    answer = jsonify(job=run.id, state=run.state, done=run.share or None, text=words, published="")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _stop_evaluation(evaluations: Evaluations, _: Reader, *, run_id: str) -> Response:
    evaluations.stop(run_id)
    return jsonify(job=run_id)


def _again(evaluations: Evaluations, _: Reader, *, run_id: str) -> Response:
    """Forgotten, so that the page, which asks for it next, has it begun anew."""
    evaluations.forget(run_id)
    return jsonify(job=run_id)


def asked() -> dict[str, Any]:
    """What the body says as JSON. Raises JobError."""
    found = request.get_json(silent=True) if (request.content_length or 0) < _LONGEST_REQUEST else None
    if not isinstance(found, dict):
        raise misunderstood()
    return found


def misunderstood() -> JobError:
    """Of a request that lacks what it should say."""
    return JobError(400, "请求的内容不完整", "the request is not complete")
