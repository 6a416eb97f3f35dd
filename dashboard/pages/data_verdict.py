"""What a check found about one file, before anything is loaded: a plain verdict, then the reasons, then the details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dash import html

from dashboard.components.card import facts
from dashboard.components.table import Cell, Column, table
from dashboard.i18n import joined, keys, text
from dashboard.i18n.dates import as_date, moment, span
from dashboard.i18n.numbers import NOTHING, count
from dashboard.loader import alias_line

SIGNS = {"ok": "✓", "warn": "⚠", "refused": "✗", "known": "＝"}
_LEVELS = {"stop": "refused", "warn": "warn", "note": "note"}
_PROBLEM_SIGNS = {"stop": "✗", "warn": "⚠", "note": "·"}
_ALIKE = 5
Json = Mapping[str, Any]


def file_verdict(verdict: Json, lang: str, *, is_open: bool) -> html.Details:
    """One file of a job. verdict: as `check --json` gives it."""
    kind = verdict["verdict"]
    head = html.Summary(
        [
            html.Span(SIGNS[kind], className=f"sign {kind}"),
            html.B(text(f"verdict.{kind}", lang), className=f"sign {kind}"),
            html.Span(verdict["file"], className="name"),
        ]
    )
    own = [problem for problem in verdict["problems"] if problem[lang] != verdict[lang]]
    problems = [
        html.Li([html.Span(_PROBLEM_SIGNS[p["severity"]], className=f"sign {_LEVELS[p['severity']]}"), p[lang]]) for p in own
    ]
    parts: list[Any] = [head, html.P(verdict[lang], className="problem" if kind == "refused" else "")]
    parts += [html.Ul(problems, className="plain problems")] if problems else []
    parts += [_sheet(sheet, lang) for sheet in verdict["sheets"]]
    parts += [
        html.P(text("data.skipped", lang, sheet=s["sheet"], rows=count(s["rows"]), why=s[lang]), className="small")
        for s in verdict["skipped"]
    ]
    if verdict.get("profile_file"):
        parts.append(html.P(text("verdict.draft", lang, file=_inside(verdict["profile_file"])), className="small"))
    return html.Details(parts, className="fold file-verdict", open=is_open)


def _inside(path: str) -> str:
    """The draft's place below the data root."""
    return "/".join(Path(path).parts[-3:])


def _sheet(sheet: Json, lang: str) -> html.Div:
    kind = text(f"kind.{sheet['kind']}", lang)
    name = sheet["sheet"] + text("punctuation.colon", lang) + kind if sheet["sheet"] else kind
    if not sheet["rows_in"] and not sheet["rows_readable"]:  # of a file that is refused: only what its headers could be
        why = html.P(sheet[f"why_{lang}"], className="soft mb-1")
        mapping = _mapping(sheet, lang) if sheet["columns"] else []
        return html.Div([why, *_unmapped(sheet["unmapped"], lang, is_open=True), *mapping], className="sheet")
    return html.Div(
        [
            html.P([html.B(name), html.Span(f" — {sheet[f'why_{lang}']}", className="soft")], className="mb-1"),
            facts(_facts(sheet, lang)),
            *_unmapped(sheet["unmapped"], lang),
            *_rejects(sheet, lang),
            *_unmatched(sheet["unmatched"], lang),
            *_totals(sheet["totals"], lang),
            *_mapping(sheet, lang),
        ],
        className="sheet",
    )


def _facts(sheet: Json, lang: str) -> list[tuple[str, Any]]:
    form = [sheet["format"].upper(), *([sheet["encoding"].upper()] if sheet["encoding"] else [])]
    form.append(text("data.header_row", lang, row=sheet["header_row"]))
    days = span(as_date(sheet["from"]), as_date(sheet["to"]), lang) if sheet["from"] and sheet["to"] else ""
    numbers = {name: count(sheet[name]) for name in ("rows_in", "rows_readable", "rows_set_aside", "rows_total")}
    return [
        (text("verdict.rows", lang), text("verdict.rows_balance", lang, **numbers) if sheet["rows_in"] else ""),
        (text("verdict.days", lang), days),
        (text("data.exported_at", lang), moment(sheet["exported_at"]) if sheet["exported_at"] else text("verdict.no_moment", lang)),
        (text("data.date_order", lang), text(f"date_order.{sheet['date_order']}", lang) if sheet["date_order"] else ""),
        (text("data.format", lang), " · ".join(form)),
        (text("data.profile", lang), sheet["profile"]),
        (text("data.personal", lang), joined(list(sheet["personal"]), lang)),
    ]


def _unmapped(headers: Sequence[Json], lang: str, *, is_open: bool = False) -> list[Any]:
    if not headers:
        return []
    heads = [text(f"verdict.{name}", lang) for name in ("header", "examples", "maybe")]
    rows = [
        [header["header"], joined(list(header["examples"]), lang) or NOTHING, _offers(header["suggestions"], lang)]
        for header in headers
    ]
    return _fold(
        text("verdict.unmapped", lang, count=len(headers)), heads, rows, is_open=is_open or any(h["suggestions"] for h in headers)
    )


def _offers(offers: Sequence[Json], lang: str) -> str:
    found = [text("verdict.offer", lang, column=_column(offer, lang), why=offer[f"why_{lang}"]) for offer in offers]
    return text("punctuation.semicolon", lang).join(found) or text("verdict.not_loaded", lang)


def _rejects(sheet: Json, lang: str) -> list[Any]:
    """The first cells of each reason: fifty rows that say the same would hide the one that says something else."""
    cells: Sequence[Json] = sheet["rejects"]
    if not cells:
        return []
    reasons: dict[str, list[Json]] = {}
    for cell in cells:
        reasons.setdefault(cell[f"reason_{lang}"], []).append(cell)
    heads = [text(f"data.{name}", lang) for name in ("row", "header", "value")] + [text("verdict.reason", lang)]
    rows = [
        [count(c["row"]), c["header"] or NOTHING, c["value"] or text("data.blank", lang), reason if not place else ""]
        for reason, alike in reasons.items()
        for place, c in enumerate(alike[:_ALIKE])
    ]
    title = text("verdict.rejects", lang, count=count(sheet["rows_set_aside"]))
    return _fold(title, heads, rows, is_open=True)


def _unmatched(words: Sequence[Json], lang: str) -> list[Any]:
    if not words:
        return []
    heads = [text(f"data.{name}", lang) for name in ("word", "list", "rows")] + [text("verdict.maybe", lang)]
    rows = [[w["value"] or NOTHING, list_name(lang, w["list"]), count(w["rows"]), _near(w)] for w in words]
    return _fold(text("verdict.unmatched", lang, count=len(words)), heads, rows, is_open=False)


def _near(word: Json) -> Any:
    if not word["code"] or not word["value"]:
        return NOTHING
    return [f"{word['name'] or word['code']}　", html.Code(alias_line(word["list"], word["value"], word["code"]), className="rule")]


def list_name(lang: str, list_: str) -> str:
    """A reference list as people call it."""
    key = f"list.{list_}"
    return text(key, lang) if key in keys(lang) else list_


def _totals(totals: Sequence[Json], lang: str) -> list[Any]:
    wrong = [total for total in totals if not total["is_equal"]]
    if not wrong:
        return [html.P(text("data.right_totals", lang, count=len(totals)), className="small soft")] if totals else []
    return [
        html.P(
            [
                html.Span("⚠", className="sign warn"),
                total_words(lang, row=t["row"], header=t["header"], stated=t["stated"], counted=t["counted"]),
            ],
            className="small line",
        )
        for t in wrong
    ]


def total_words(lang: str, *, row: int, header: str | None, stated: float, counted: float) -> str:
    """第 9 行合计“数量”写 100，明细合计 98"""
    numbers = {"stated": f"{stated:,.10g}", "counted": f"{counted:,.10g}"}
    if header:
        return text("data.wrong_total", lang, row=row, header=header, **numbers)
    return text("data.wrong_count", lang, row=row, **numbers)


def _mapping(sheet: Json, lang: str) -> list[Any]:
    """Our columns and the headers they are read from, folded; below, those the file does not have."""
    heads = [text("verdict.ours", lang), text("verdict.header", lang)]
    required = text("verdict.required", lang)
    rows: list[list[Any]] = [[_column(c, lang) + (required if c["is_required"] else ""), c["header"]] for c in sheet["columns"]]
    absent = joined([_column(column, lang) for column in sheet["absent"]], lang)
    note = [html.P(text("verdict.absent", lang, columns=absent), className="small soft")] if absent else []
    title = text("verdict.mapping", lang, count=len(sheet["columns"]), absent=len(sheet["absent"]))
    return _fold(title, heads, rows, is_open=False, below=note)


def _column(column: Json, lang: str) -> str:
    """Our column in the reader's language."""
    key = f"export.{column['column']}"
    if lang == "zh":
        return str(column["column_zh"])
    return text(key, lang) if key in keys(lang) else str(column["column"]).replace("_", " ")


def _fold(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], *, is_open: bool, below: Sequence[Any] = ()
) -> list[Any]:
    columns = [Column(head, is_number=False) for head in heads]
    cells = [[Cell(value, is_wrapped=place == len(row) - 1) for place, value in enumerate(row)] for row in rows]
    return [html.Details([html.Summary(title, className="small"), table(columns, cells, title), *below], open=is_open)]
