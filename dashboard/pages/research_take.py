"""What a reader takes along: the citation, the files, the definitions; and the questions kept in this browser."""

from __future__ import annotations

import json
from typing import Any

from dash import html

from dashboard.components.attributes import data
from dashboard.components.info import info
from dashboard.pages.research_asked import Asked
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit, metric
from dashboard.research.numbers import Answer
from dashboard.research.outputs import answer_provenance
from dashboard.research.provenance import citation

FILES = ("xlsx", "csv", "parquet", "codebook", "bundle")


def take_card(visit: Visit, asked: Asked, found: Answer) -> html.Section:
    """Definitions used, versions, how to cite, and the files."""
    said = citation(answer_provenance(found, visit.snapshot, visit.view), visit.lang)
    said_after = {"done": visit.words("research.copied"), "failed": visit.words("research.not_copied")}
    copies = data(copies="citation", pick="copy", **said_after)
    link = data(copies="address", pick="link", **said_after)
    buttons = [
        html.Button(visit.words("research.copy"), type="button", className="btn btn-sm btn-outline-primary", **copies),
        html.Button(visit.words("research.copy_link"), type="button", className="btn btn-sm btn-outline-primary", **link),
    ]
    return html.Section(
        [
            html.H2(visit.words("research.take")),
            html.P(visit.words("research.take_note"), className="card-note"),
            html.Div([_file(visit, found, form) for form in FILES], className="line files-line"),
            html.P(className="small soft", role="status", **data(words=json.dumps(_file_words(visit), ensure_ascii=False))),
            html.P(visit.words("research.files_said"), className="soft small"),
            html.H3(visit.words("research.cite")),
            html.P(said, id="citation", className="citation"),
            html.Div(buttons, className="line"),
            html.H3(visit.words("research.definitions")),
            _definitions(visit, asked),
        ],
        className="card-box take",
    )


def _file_words(visit: Visit) -> dict[str, str]:
    """What research.js says of a file on its way."""
    return {name: visit.words(f"desk.{name}") for name in ("making", "saved", "unreachable", "broken")}


def _file(visit: Visit, found: Answer, form: str) -> html.A:
    """The same question as a file."""
    href = page_href(f"/research/table.{form}", visit.view, **found.question.choices())
    look = "btn btn-sm btn-primary" if form == "xlsx" else "btn btn-sm btn-outline-primary"
    return html.A(visit.words(f"research.file_{form}"), href=href, download="", className=look, **data(file=form))


def _definitions(visit: Visit, asked: Asked) -> html.Ul:
    items = []
    for key in asked.metrics:
        definition = metric(key)
        words = definition.text(visit.lang)
        items.append(
            html.Li([html.B(words.name), " ", info(definition, visit.view), " ", html.Span(words.definition, className="soft")])
        )
    return html.Ul(items, className="plain small used")


def kept_card(visit: Visit, title: str) -> html.Section:
    """Filled by research.js from this browser's own store. title: of the question that can be kept, "" for none."""
    words: dict[str, Any] = {
        "rename": visit.words("research.rename"),
        "remove": visit.words("research.delete"),
        "save": visit.words("research.save"),
        "name": visit.words("research.name"),
    }
    look = "btn btn-sm btn-outline-primary"
    keep = html.Button(visit.words("research.keep"), type="button", className=look, **data(keep=title, pick="keep"))
    return html.Section(
        [
            html.H2(visit.words("research.kept")),
            html.P(visit.words("research.kept_note"), className="card-note"),
            *([html.P(keep, className="line keep-line")] if title else []),
            html.P(visit.words("research.kept_none"), className="soft small mb-0", **data(none="1")),
            html.Ul([], className="plain kept"),
            html.P(visit.words("research.unkept"), className="problem small mb-0", role="alert", hidden=True, **data(unkept="1")),
        ],
        className="card-box",
        **data(kept=json.dumps(words, ensure_ascii=False)),
    )
