"""Words of the exports that no reference table knows, with the way to say what each stands for; spellings nobody uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, Field, Sheet
from dashboard.i18n.numbers import NOTHING, count
from dashboard.loader import alias_line
from dashboard.pages.data_parts import data_exhibit, offset_of, pager
from dashboard.pages.data_verdict import list_name
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries import Unmatched, UnusedWord, tallies, unmatched_page, unused_words
from dashboard.reading.visit import Visit

PAGE = 20
_MOST_UNUSED = 500
_UNUSED = ("word", "list", "stands_for", "place")


def body(visit: Visit) -> list[Any]:
    """Commonest first; unused spellings folded below."""
    total = tallies(visit.snapshot).unmatched
    words = unmatched_page(visit.snapshot, offset=offset_of(visit, PAGE), limit=PAGE)
    unused = _unused(visit)
    if not words:
        return [html.Div(empty(visit.lang, "data.no_unmatched"), className="card-box mb-3"), *unused]
    title = visit.words("data.part_names")
    heads = [
        Column(visit.words("data.word"), is_number=False),
        Column(visit.words("data.stands_for"), is_number=False),
        Column(visit.words("data.rows")),
        Column(visit.words("data.list"), is_number=False),
        Column(visit.words("data.file"), is_number=False),
    ]
    rows = [_row(visit, word) for word in words]
    again = html.P(
        [
            visit.words("data.words_added"),
            html.Button(visit.words("upload.rebuild"), type="button", className="btn btn-primary btn-sm", **data(rebuild="1")),
        ],
        className="line notice",
        hidden=True,
        id="words-added",
    )
    return [
        again,
        exhibit_card(
            visit,
            data_exhibit(visit, "names", title, lambda: _sheet(visit, total)),
            [table(heads, rows, title), *pager(visit, total, PAGE)],
            note=visit.words("data.names_note"),
        ),
        *unused,
    ]


def _sheet(visit: Visit, total: int) -> Sheet:
    """All words."""
    fields = [*(Field(visit.words(f"data.{name}")) for name in ("word", "list", "suggestion", "file"))]
    rows = [
        [word.value, list_name(visit.lang, word.list), _suggestion(visit, word), word.file_name, word.rows]
        for word in unmatched_page(visit.snapshot, offset=0, limit=total)
    ]
    return Sheet([*fields, Field(visit.words("data.rows"), NUMBER)], rows)


def _suggestion(visit: Visit, word: Unmatched) -> str | None:
    """锦秀里社区 C01"""
    return f"{dict(visit.codes(word.list)).get(word.suggested, '')} {word.suggested}".strip() if word.suggested else None


def _row(visit: Visit, word: Unmatched) -> list[Cell]:
    return [
        Cell(html.B(word.value or NOTHING)),
        Cell(_choice(visit, word)),
        Cell(count(word.rows)),
        Cell(list_name(visit.lang, word.list)),
        Cell(word.file_name or NOTHING, is_wrapped=True),
    ]


def _choice(visit: Visit, word: Unmatched) -> Any:
    """A list of what the word may stand for, the suggestion first; under it the same as a command."""
    if not word.value:
        return NOTHING
    codes = [(code, name) for code, name in visit.codes(word.list) if code != "unmatched"]
    names = dict(codes)
    line = alias_line(word.list, word.value, word.suggested or visit.words("data.code"))
    command = html.Details(
        [
            html.Summary(visit.words("data.command"), className="soft small"),
            html.Code(line, className="rule"),
            html.Button(
                visit.words("data.copy"),
                type="button",
                className="btn btn-link btn-sm",
                **data(copy=line, copied=visit.words("data.copied")),
            ),
        ]
    )
    if not visit.reader.may_load or not codes:
        suggestion = visit.words("data.suggested", name=names.get(word.suggested, word.suggested)) if word.suggested else ""
        return [suggestion, command]
    first = (
        html.Option(visit.words("data.suggested", name=names.get(word.suggested, word.suggested)), value=word.suggested)
        if word.suggested
        else html.Option(visit.words("data.choose"), value="")
    )
    label = visit.words("data.choose_for", word=word.value)
    form = html.Form(
        [
            html.Select(
                [first, *[html.Option(f"{name}　{code}", value=code) for code, name in codes]],
                className="form-select form-select-sm",
                required=True,
                **aria(label=label),
            ),
            html.Button(visit.words("data.add"), type="submit", className="btn btn-outline-primary btn-sm"),
            html.Span(role="status", className="small"),
        ],
        className="alias",
        **data(alias=word.list, word=word.value),
    )
    return [form, command]


def _unused(visit: Visit) -> list[html.Div]:
    """Folded: spellings that are kept and never met. They do no harm; a long list of them says that a table has grown old."""
    words = unused_words(visit.snapshot)
    if not words:
        return []
    title = visit.words("data.unused", count=count(len(words)))
    heads = [Column(visit.words(f"data.{name}"), is_number=False) for name in _UNUSED]
    rows = [
        [Cell(word.word), Cell(list_name(visit.lang, word.list)), Cell(word.code), Cell(word.place or NOTHING)]
        for word in words[:_MOST_UNUSED]
    ]
    summary = html.Summary(visit.words("data.details"))
    fold = html.Details([summary, html.Div(table(heads, rows, title), className="tall")], className="fold")
    exhibit = data_exhibit(visit, "unused", title, lambda: _unused_sheet(visit, words))
    return [html.Div(exhibit_card(visit, exhibit, fold, note=visit.words("data.unused_note")), className="mt-3")]


def _unused_sheet(visit: Visit, words: Sequence[UnusedWord]) -> Sheet:
    fields = [Field(visit.words(f"data.{name}")) for name in _UNUSED]
    return Sheet(fields, [[word.word, list_name(visit.lang, word.list), word.code, word.place] for word in words])
