"""Having a report made: which one, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.card import card
from dashboard.i18n.dates import moment
from dashboard.pages.data_upload import by
from dashboard.pages.data_verdict import SIGNS
from dashboard.pages.reports_parts import edition_of, language, report_href, week_words, whose
from dashboard.reading.visit import Visit
from dashboard.report.archive import find
from dashboard.report.builds import last_week
from dashboard.report.edition import Edition, week_on
from dashboard.report.errors import NotKept, PlanError
from dashboard.report.plan import FILE, read_plan
from dashboard.report_runs import ALL, Run, told
from dashboard.settings import LANGUAGES, Settings

_UNFOLDED = 3
WEEKS = 26
"""Weeks the list offers, back from the last one that is over."""


def make_form(visit: Visit, settings: Settings) -> html.Section:
    """Week, edition, language, and the button; and whether reports are made by themselves."""
    communities = [(code, name) for code, name in visit.codes("community") if code != "unmatched"]
    town = [("", visit.words("report.scope_town"))]
    each = [(ALL, visit.words("reports.each_community", count=len(communities)))] if len(communities) > 1 else []
    boxes = [
        _box(visit, "week", [(edition.week, week_words(visit, edition)) for edition in _weeks(visit)]),
        _box(visit, "community", [*town, *each, *communities]),
        _box(visit, "lang", [(lang, language(visit, lang)) for lang in sorted(LANGUAGES, key=lambda lang: lang != visit.lang)]),
    ]
    button = html.Button(visit.words("reports.make"), type="submit", className="btn btn-primary")
    return card(
        visit.words("reports.make_title"),
        [html.Form([*boxes, button], className="asked-for", **data(make="/report-run")), _by_itself(visit, settings)],
        note=visit.words("reports.make_note"),
    )


def _by_itself(visit: Visit, settings: Settings) -> html.P:
    """When they are made without anybody, or what is wrong with the file that says it."""
    try:
        schedule = read_plan(settings).schedule
    except PlanError as error:
        return html.P(error.zh if visit.lang == "zh" else error.en, className="problem small mb-0", role="alert")
    if schedule is None:
        return html.P(visit.words("reports.no_schedule", file=FILE), className="soft small mb-0")
    return html.P(visit.words("reports.schedule", time=f"{schedule.monday_at:%H:%M}"), className="soft small mb-0")


def _weeks(visit: Visit) -> list[Edition]:
    """Those the data reaches, newest first."""
    build = visit.snapshot.build
    monday = Edition(last_week(build.as_of)).monday
    days = (monday - timedelta(weeks=back) for back in range(WEEKS))
    return [Edition(week_on(day)) for day in days if day + timedelta(days=6) >= build.data_from] or [Edition(week_on(monday))]


def _box(visit: Visit, name: str, options: list[tuple[str, str]]) -> html.Label:
    listed = [html.Option(words, value=value) for value, words in options]
    field: Any = html.Select(listed, className="form-select", **data(field=name))
    return html.Label([html.Span(visit.words(f"reports.choose_{name}")), field])


def run_card(visit: Visit, settings: Settings, run: Run) -> html.Div:
    """How far it is; afterwards what came of it, until somebody has read it."""
    state = run.state
    title = _title(visit, run)
    running = data(running="1") if state == "making" else {}
    body = _making(visit, run, title) if state == "making" else _over(visit, settings, run, state)
    note = f"{moment(run.created_at)} · {by(visit.lang, run.by)}"
    return html.Div(
        card(title, body, note=note), className="job mb-3", **data(job=run.id, state=state, at="/report-run"), **running
    )


def _title(visit: Visit, run: Run) -> str:
    wanted = run.wanted
    edition = Edition(wanted.week, "" if wanted.community == ALL else wanted.community, wanted.lang)
    name = visit.words("reports.all_communities") if wanted.community == ALL else whose(visit, edition)
    return visit.words("reports.run_revise" if wanted.is_revision else "reports.run", week=week_words(visit, edition), name=name)


def _making(visit: Visit, run: Run, title: str) -> list[Any]:
    done = None if run.done is None else str(run.done)
    bar = html.Progress(max="1", value=done, **aria(label=title))
    words = html.Span(told(run, visit.lang), className="small number", **data(part="text"))
    return [html.Div([bar, words], className="sending"), _button(visit, "cancel")]


def _over(visit: Visit, settings: Settings, run: Run, state: str) -> list[Any]:
    """A line a report, many of them folded, and one for each that was not made."""
    lines: list[Any] = [_made(visit, settings, run, report) for report in run.reports]
    if len(lines) > _UNFOLDED:
        new = sum(bool(report["is_new"]) for report in run.reports)
        lines = [html.Details([html.Summary(visit.words("reports.run_over", count=len(lines), new=new)), *lines], className="fold")]
    for failure in run.failures:
        edition = f"{failure['name']} " if failure["name"] and len(run.failures) + len(run.reports) > 1 else ""
        lines.append(_line("refused", [edition + failure[visit.lang]]))
    if state == "interrupted":
        lines.append(_line("refused", [visit.words("reports.interrupted")]))
    return [*lines, _button(visit, "close")]


def _made(visit: Visit, settings: Settings, run: Run, report: Mapping[str, Any]) -> html.P:
    edition, revision = edition_of(report["week"], report["edition"]), int(report["revision"])
    kind = "unchanged" if run.wanted.is_revision else "there_already"
    values: dict[str, Any] = {"name": whose(visit, edition), "revision": revision}
    if report["is_new"]:
        kind, values = "is_made", {**values, "pages": report["pages"]}
    said: list[Any] = [visit.words(f"reports.{kind}", **values)]
    if report["is_new"] and report["changes"]:
        changes = visit.words("punctuation.semicolon").join(report["changes"])
        said.append(visit.words("reports.corrected", revision=revision, changes=changes))
    try:
        one = find(settings, edition, revision)
    except NotKept:
        return _line("ok", said)
    return _line("ok", [*said, html.A(visit.words("reports.look"), href=report_href(visit, one), **data(opens="1"))])


def _line(sign: str, said: list[Any]) -> html.P:
    is_bad = sign == "refused"
    return html.P(
        [html.Span(SIGNS[sign], className=f"sign {sign}"), *(html.Span(part) if isinstance(part, str) else part for part in said)],
        className="line problem" if is_bad else "line",
        role="alert" if is_bad else "status",
    )


def _button(visit: Visit, word: str) -> html.P:
    button = html.Button(
        visit.words(f"upload.{word}"), type="button", className="btn btn-outline-primary btn-sm", **data(does="cancel")
    )
    return html.P(button, className="line buttons")
