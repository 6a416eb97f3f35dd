"""What the Reports page fetches and sends: the files of kept reports, and runs that make new ones."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, jsonify, request, send_file

from dashboard.access import Reader
from dashboard.i18n import LANGUAGES
from dashboard.jobs import JobError
from dashboard.pages.reports_parts import found
from dashboard.report.archive import NUMBERS, PDF, PNG, XLSX, Kept, sha256
from dashboard.report.copies import title
from dashboard.report.errors import NotKept, ReportDamaged
from dashboard.report_runs import Run, Wanted, find, put_away, start, told
from dashboard.routes import asked, guarded, misunderstood
from dashboard.settings import Settings

_FORMS = {
    "pdf": (PDF, "application/pdf"),
    "png": (PNG, "image/png"),
    "xlsx": (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (NUMBERS, "application/json"),
}
"""The ending of an address: the kept file, and what it is."""
_SHOWN = ("pdf", "png")


def bind(server: Flask, settings: Settings) -> None:
    """Adds the routes to the server."""

    def rule(path: str, method: str, view: Callable[..., Any], *, must_load: bool = True) -> None:
        answer = guarded(settings, view, must_load=must_load)
        server.add_url_rule(path, f"report {method} {path}", answer, methods=[method])

    rule("/report/<week>/<key>/<int:revision>.<form>", "GET", partial(_file, settings), must_load=False)
    rule("/report-run", "POST", partial(_start, settings))
    rule("/report-run/<run_id>", "GET", partial(_state, settings))
    rule("/report-run/<run_id>", "DELETE", partial(_put_away, settings))


def _file(settings: Settings, reader: Reader, *, week: str, key: str, revision: int, form: str) -> Response:
    """A file of a kept report, named for people: shown in the browser, or with ?save=1 to be saved. Its ETag is its content's hash."""
    missing = JobError(404, "没有这份周报，或没有这种文件", "there is no such report, or no such file of it")
    if form not in _FORMS:
        raise missing
    file, mimetype = _FORMS[form]
    try:
        one = found(settings, reader, week, key, str(revision))
        fingerprint = one.about["sha256"][file]
        content = _content(one, file)
        if sha256(content) != fingerprint:
            for fault in one.faults:
                raise fault
        name = f"{title(one)}.{form}"
    except NotKept as error:
        raise missing from error
    except ReportDamaged as error:
        raise JobError(409, error.zh, error.en) from error
    answer = send_file(
        io.BytesIO(content),
        mimetype,
        as_attachment=form not in _SHOWN or request.args.get("save") == "1",
        download_name=name,
        etag=fingerprint,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "private, no-cache"  # asked for again each time, sent again only when it differs
    return answer


def _content(one: Kept, file: str) -> bytes:
    """b"" where it cannot be read, which no kept file is."""
    try:
        return (one.folder / file).read_bytes()
    except OSError:
        return b""


def _start(settings: Settings, reader: Reader) -> Response:
    """{"week", "community", "lang", "revise"} → the run that makes it."""
    wanted = asked()
    week, community, lang = (wanted.get(name) for name in ("week", "community", "lang"))
    if not (isinstance(week, str) and isinstance(community, str) and isinstance(lang, str)) or not isinstance(
        wanted.get("revise", False), bool
    ):
        raise misunderstood()
    return _told(start(settings, Wanted(week, community, lang, wanted.get("revise", False)), by=reader.name))


def _state(settings: Settings, _: Reader, *, run_id: str) -> Response:
    return _told(find(settings, run_id))


def _put_away(settings: Settings, _: Reader, *, run_id: str) -> Response:
    put_away(find(settings, run_id))
    return jsonify(job=run_id)


def _told(run: Run) -> Response:
    """{"job", "state", "done", "text"}: what a page needs to follow a run."""
    lang = request.args.get("lang", "zh")
    return jsonify(job=run.id, state=run.state, done=run.done, text=told(run, lang if lang in LANGUAGES else "zh"), published="")
