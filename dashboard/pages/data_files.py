"""Which files were loaded, when and by whom, and where every row of them went; newest first."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.card import facts
from dashboard.components.states import empty
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import MOMENT, NUMBER, Field, Sheet
from dashboard.i18n import joined
from dashboard.i18n.dates import moment
from dashboard.i18n.numbers import count
from dashboard.pages.data_parts import data_exhibit, offset_of, pager
from dashboard.pages.data_upload import by, byte_count
from dashboard.pages.data_verdict import total_words
from dashboard.pages.exhibits import exhibit_card
from dashboard.queries import LoadedFile, Notes, file_notes, file_page, total_files
from dashboard.reading.visit import Visit

PAGE = 25
_ROWS = ("rows_in", "rows_loaded", "rows_superseded", "rows_set_aside", "rows_total")


def body(visit: Visit) -> list[Any]:
    """One row a file and sheet; what is seldom asked for folded under its name."""
    total = total_files(visit.snapshot)
    files = file_page(visit.snapshot, offset=offset_of(visit, PAGE), limit=PAGE)
    if not files:
        return [html.Div(empty(visit.lang, "data.no_files"), className="card-box")]
    notes = file_notes(visit.snapshot, list({file.file_id for file in files}))
    title = visit.words("data.part_files")
    heads = [Column(visit.words(f"data.{name}"), is_number=False) for name in ("file", "kind", "exported_at", "received")]
    heads += [Column(visit.words(f"data.{name}")) for name in _ROWS]
    heads.append(Column(visit.words("data.balance"), is_number=False))
    rows = [_row(visit, file, notes[file.file_id]) for file in files]
    return [
        exhibit_card(
            visit,
            data_exhibit(visit, "files", title, lambda: _sheet(visit, total)),
            [html.Div(table(heads, rows, title), className="files"), *pager(visit, total, PAGE)],
            note=visit.words("data.files_note"),
        )
    ]


def _sheet(visit: Visit, total: int) -> Sheet:
    """All files and sheets."""
    fields = [Field(visit.words(f"data.{name}")) for name in ("file", "sheet", "kind")]
    fields += [Field(visit.words(f"data.{name}"), MOMENT) for name in ("exported_at", "received")]
    fields.append(Field(visit.words("data.received_by")))
    fields += [Field(visit.words(f"data.{name}"), NUMBER) for name in _ROWS]
    fields += [Field(visit.words(f"data.{name}")) for name in ("balance", "file_id")]
    rows = [
        [
            file.name,
            file.sheet,
            visit.words(f"kind.{file.kind}"),
            file.exported_at,
            file.received_at,
            by(visit.lang, file.received_by),
            *(getattr(file, name) for name in _ROWS),
            visit.words("data.balanced" if file.is_balanced else "data.unbalanced"),
            file.file_id,
        ]
        for file in file_page(visit.snapshot, offset=0, limit=total)
    ]
    return Sheet(fields, rows)


def _row(visit: Visit, file: LoadedFile, notes: Notes) -> list[Cell]:
    balance = html.Span(visit.words("data.balanced"), className="soft")
    if not file.is_balanced:
        balance = html.Span(visit.words("data.unbalanced"), className="badge-soft late")
    return [
        Cell(_name(visit, file, notes), is_wrapped=True),
        Cell(visit.words(f"kind.{file.kind}")),
        Cell(moment(file.exported_at)),
        Cell([moment(file.received_at), html.Div(by(visit.lang, file.received_by), className="soft small")]),
        *[Cell(count(getattr(file, name))) for name in _ROWS],
        Cell(balance),
    ]


def _name(visit: Visit, file: LoadedFile, notes: Notes) -> list[Any]:
    marks = []
    if file.unmapped:
        marks.append(visit.words("data.unmapped_count", count=len(file.unmapped)))
    if notes.skipped:
        marks.append(visit.words("data.skipped_count", count=len(notes.skipped)))
    if wrong := _wrong(file, notes):
        marks.append(visit.words("data.wrong_totals_count", count=len(wrong)))
    if file.date_order == "undecided":
        marks.append(visit.words("data.undecided"))
    summary = visit.words("punctuation.colon").join([visit.words("data.details"), visit.words("punctuation.comma").join(marks)])
    return [
        html.Div([html.B(file.name), *([html.Span(f"　{file.sheet}", className="soft")] if file.sheet else [])]),
        html.Details(
            [
                html.Summary(summary if marks else visit.words("data.details"), className="soft small"),
                facts(_facts(visit, file, notes)),
            ]
        ),
    ]


def _facts(visit: Visit, file: LoadedFile, notes: Notes) -> list[tuple[str, Any]]:
    lang = visit.lang
    form = [file.format.upper(), *([file.encoding.upper()] if file.encoding else []), byte_count(file.bytes)]
    if file.header_row:
        form.append(visit.words("data.header_row", row=file.header_row))
    skipped = [
        html.Div(visit.words("data.skipped", sheet=sheet, rows=count(rows), why=zh if lang == "zh" else en))
        for sheet, rows, zh, en in notes.skipped
    ]
    wrong = [
        html.Div(total_words(lang, row=row, header=header, stated=stated, counted=counted))
        for _, row, header, stated, counted in _wrong(file, notes)
    ]
    right = html.Div(visit.words("data.right_totals", count=notes.right_totals)) if notes.right_totals else None
    returned = html.A(file.returned_name, href=f"/returned/{file.returned_name}", download=file.returned_name or "")
    return [
        (visit.words("data.format"), " · ".join(form)),
        (visit.words("data.profile"), file.profile),
        (visit.words("data.date_order"), visit.words(f"date_order.{file.date_order}") if file.date_order else ""),
        (visit.words("data.unmapped"), joined(list(file.unmapped), lang)),
        (visit.words("data.personal"), joined(list(file.personal), lang)),
        (visit.words("data.skipped_sheets"), skipped),
        (visit.words("data.totals"), [*wrong, *([right] if right else [])]),
        (visit.words("data.returned"), returned if file.returned_name and visit.reader.may_load else ""),
        (visit.words("data.file_id"), file.file_id),
    ]


def _wrong(file: LoadedFile, notes: Notes) -> list[tuple[str | None, int, str | None, float, float]]:
    """Sums of this sheet that do not add up."""
    return [total for total in notes.wrong_totals if total[0] == file.sheet]
