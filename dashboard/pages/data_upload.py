"""Where new files come in: the place to drop them, and the jobs that check and load them. Drawn without a warehouse too."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.access import LOCAL
from dashboard.components.attributes import aria, data
from dashboard.components.card import card
from dashboard.i18n import joined, text
from dashboard.i18n.dates import moment
from dashboard.i18n.numbers import count, decimal
from dashboard.jobs import Job, has_new_words, jobs
from dashboard.pages.data_verdict import SIGNS, file_verdict
from dashboard.progress import told
from dashboard.settings import Settings

_NAMED = 3
_JS_WORDS = ("sending", "broken", "folder", "resuming")


def zone(lang: str) -> html.Section:
    """The place to drop files; the script that sends them writes into it."""
    return html.Section(
        [
            html.Span(className="icon icon-data"),
            html.H2(text("upload.drop", lang)),
            html.P(text("upload.drop_note", lang), className="soft small"),
            html.Button(text("upload.choose", lang), type="button", className="btn btn-primary", **data(choose="1")),
            html.Div(
                [
                    html.Progress(max="1", value="0", **aria(label=text("upload.drop", lang))),
                    html.Span(className="small number", **data(part="text")),
                    html.Button(text("upload.cancel", lang), type="button", className="btn btn-link btn-sm", **data(stop="1")),
                ],
                className="sending",
                hidden=True,
            ),
            html.P(className="problem", role="alert", hidden=True),
        ],
        className="card-box zone",
        **aria(label=text("upload.drop", lang)),
        **data(zone="1", **{name: text(f"upload.{name}", lang) for name in _JS_WORDS}),
    )


def jobs_panel(page: str = ids.DATA) -> html.Div:
    """Filled by a callback: what it shows is no part of the build, so it is no part of the page that is kept."""
    return html.Div([dcc.Store(id=ids.jobs_tick(page)), html.Div(id=ids.jobs(page), className=f"jobs {page}")])


def panel(settings: Settings, lang: str) -> list[Any]:
    """A card a job, newest first, and the reference tables that wait for a build."""
    found = jobs(settings)
    parts: list[Any] = [_card(job, lang) for job in found]
    if has_new_words(settings) and not any(job.state == "loading" for job in found):
        parts.insert(0, new_words(lang))
    return parts


def new_words(lang: str) -> html.Div:
    """Spellings were added and no build knows them yet."""
    return html.Div(
        [
            text("upload.new_words", lang),
            html.Button(text("upload.rebuild", lang), type="button", className="btn btn-primary btn-sm", **data(rebuild="1")),
        ],
        className="line notice mb-3",
        role="status",
    )


def byte_count(size: int) -> str:
    """3.2 MB, 41 kB"""
    return f"{decimal(size / 1e6, 1)} MB" if size >= 1e6 else f"{decimal(max(size / 1e3, 1), 0)} kB"


def by(lang: str, name: str) -> str:
    """Who brought a file, as the page calls the reader at the machine itself; empty where nobody noted it."""
    return text("data.by_this_machine", lang) if name == LOCAL.name else name


def _card(job: Job, lang: str) -> html.Div:
    state = job.state  # asked once: it may be another a moment later
    is_running = state in ("receiving", "checking", "loading")
    body = _running(state, job, lang) if is_running else _OVER[state](job, lang)
    note = f"{moment(job.created_at)} · {by(lang, job.by)}"
    watched = data(running="1") if is_running else {}
    return html.Div(
        card(_title(job, lang), list(body), note=note), className="job mb-3", **data(job=job.id, state=state), **watched
    )


def _title(job: Job, lang: str) -> str:
    if not job.files:
        return text("upload.rebuild_title", lang)
    names = joined([file.name for file in job.files[:_NAMED]], lang)
    if len(job.files) > _NAMED:
        names = text("upload.and_more", lang, names=names, count=len(job.files))
    return f"{names} · {byte_count(sum(file.bytes for file in job.files))}"


def _running(state: str, job: Job, lang: str) -> list[Any]:
    progress = told(job, lang)
    done = None if progress.done is None else str(progress.done)
    bar = html.Progress(max="1", value=done, **aria(label=_title(job, lang)))
    return [
        html.P(html.B(text(f"upload.{state}_head", lang)), className="mb-1"),
        html.Div([bar, html.Span(progress.text, className="small number", **data(part="text"))], className="sending"),
        _buttons(lang, ("cancel_load" if state == "loading" else "cancel", "cancel")),
    ]


def _stopped(job: Job, lang: str) -> list[Any]:
    whole = sum(file.bytes for file in job.files)
    return [
        html.P(text("upload.stopped", lang, have=byte_count(job.received), whole=byte_count(whole)), className="problem"),
        _buttons(lang, ("remove", "cancel")),
    ]


def _checked(job: Job, lang: str) -> list[Any]:
    verdicts, good = job.verdicts, len(job.loadable)
    kinds = [verdict["verdict"] for verdict in verdicts]
    bad, known = kinds.count("refused"), kinds.count("known")
    kind = ("refused" if bad else "known") if not good else "warn" if bad or "warn" in kinds else "ok"
    words = text(f"verdict.{kind}", lang)
    if len(kinds) > 1:
        counts = {"good": good, "bad": bad, "known": known}
        told_apart = [text(f"upload.{name}", lang, count=number) for name, number in counts.items() if number]
        words += text("punctuation.colon", lang) + text("punctuation.comma", lang).join(told_apart)
    head = html.P([html.Span(SIGNS[kind], className=f"sign {kind}"), html.B(words)], className="line verdict-head", role="status")
    buttons = _buttons(lang, ("load", "load"), ("cancel", "cancel"), count=good) if good else _buttons(lang, ("close", "cancel"))
    files = [file_verdict(v, lang, is_open=len(kinds) == 1 or v["verdict"] in ("refused", "warn")) for v in verdicts]
    return [head, buttons, *files]


def _loaded(job: Job, lang: str) -> list[Any]:
    result = (job.heard.outcome or {})["result"]
    key = ("upload.loaded" if job.files else "upload.rebuilt") if result["is_new"] else "upload.nothing_new"
    words = text(key, lang, moment=moment(result["as_of"]))
    head = [html.Span(SIGNS["ok"], className="sign ok"), html.B(words)]
    if result["findings"]:
        head.append(
            html.A(
                text("upload.findings", lang, count=count(result["findings"])),
                href="/data?part=findings" + ("" if lang == "zh" else "&lang=en"),
            )
        )
    refused = [
        html.P([html.Span(SIGNS["refused"], className="sign refused"), one[lang]], className="line problem")
        for one in result["refused"]
    ]
    left_out = [verdict for verdict in job.verdicts if verdict["verdict"] == "refused"]
    refused += [
        html.P([html.Span(SIGNS["refused"], className="sign refused"), verdict[lang]], className="line problem")
        for verdict in left_out
    ]
    return [html.P(head, className="line verdict-head", role="status"), *refused, _buttons(lang, ("close", "cancel"))]


def _failed(job: Job, lang: str) -> list[Any]:
    error = (job.heard.outcome or {}).get("error")
    at = "check" if job.load is None else "load"
    words = error[lang] if error else text(f"upload.interrupted_{at}", lang, place=str(PurePath("upload", job.id)))
    head = html.P([html.Span(SIGNS["refused"], className="sign refused"), words], className="line problem", role="alert")
    return [head, _buttons(lang, ("retry", at), ("remove", "cancel"))]


_OVER = {"stopped": _stopped, "checked": _checked, "loaded": _loaded, "failed": _failed, "interrupted": _failed}
"""What a card says of a job at which nothing works."""


def _buttons(lang: str, *buttons: tuple[str, str], count: int = 1) -> html.P:
    """(word, what it does: check, load or cancel). count: files that would be loaded."""
    return html.P(
        [
            html.Button(
                text(f"upload.{word}", lang, count=count),
                type="button",
                className="btn btn-outline-primary" if does == "cancel" else "btn btn-primary",
                **data(does=does),
            )
            for word, does in buttons
        ],
        className="line buttons",
    )
