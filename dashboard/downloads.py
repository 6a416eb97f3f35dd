"""An exhibit as a file: xlsx with a sheet that says what it is, CSV that Excel opens right, and the table beside a chart."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import numpy as np
import xlsxwriter

from dashboard.exhibit import DATE, MOMENT, NUMBER, TEXT, Field, Sheet
from dashboard.i18n import text
from dashboard.i18n.dates import as_date, moment
from dashboard.i18n.numbers import NOTHING, bare, decimal, is_missing

BOM = "\ufeff"
ABOUT = Sequence[tuple[str, str]]
"""Name and value: what a file is, from where, under which filters."""
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r]")
_WIDEST = 60
_EPOCH = datetime(2000, 1, 1)


def to_csv(sheet: Sheet) -> Iterator[str]:
    """A CSV file in pieces, BOM first. Shares stay 0–1; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    yield csv_head(sheet.fields)
    yield csv_rows(sheet.fields, sheet.rows)


def csv_head(fields: Sequence[Field]) -> str:
    """BOM and the line of names."""
    return BOM + _lines([[field.name for field in fields]])


def csv_rows(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> str:
    """Lines of values."""
    return _lines([[_plain(field, value) for field, value in zip(fields, row, strict=True)] for row in rows])


def harmless(words: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + words if _FORMULA.match(words) else words


def to_xlsx(title: str, sheet: Sheet, about: ABOUT, lang: str) -> bytes:
    """Two sheets: the data, with real numbers and dates, and what they are. Equal content gives equal bytes."""
    return to_workbook(title, [(text("download.data", lang), sheet)], about, lang)


def to_workbook(title: str, sheets: Sequence[tuple[str, Sheet]], about: ABOUT, lang: str) -> bytes:
    """A sheet each, named as Excel takes it, and after them what they are. Equal content gives equal bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "author": "", "created": _EPOCH})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        formats: dict[str, Any] = {}
        for name, (_, sheet) in zip(_sheet_names([name for name, _ in sheets]), sheets, strict=True):
            _fill(
                book.add_worksheet(name), sheet, bold, lambda look: formats.setdefault(look, book.add_format({"num_format": look}))
            )
        notes = book.add_worksheet(text("download.about", lang))
        notes.set_column(0, 0, 18)
        notes.set_column(1, 1, 100, wrapped)
        for line, (name, value) in enumerate(about):
            notes.write_string(line, 0, name, wrapped)
            notes.write_string(line, 1, value, wrapped)
    return buffer.getvalue()


def _fill(page: Any, sheet: Sheet, bold: Any, style_of: Callable[[str], Any]) -> None:
    """One sheet: its names, its rows, a filter over them."""
    for place, field in enumerate(sheet.fields):
        page.write_string(0, place, field.name, bold)
        look = _format(field)
        style = style_of(look) if look else None
        page.set_column(place, place, _width(field, sheet, place), style)
        for line, row in enumerate(sheet.rows, 1):
            _write(page, line, place, field, row[place], style)
    page.freeze_panes(1, 1)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.fields) - 1)


def _sheet_names(names: Sequence[str]) -> list[str]:
    """At most 31 characters, none of those Excel refuses, no two alike."""
    found: list[str] = []
    for name in names:
        plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")
        place, short = 1, plain[:31]
        while short.lower() in {other.lower() for other in found}:
            place += 1
            short = f"{plain[: 31 - len(str(place)) - 1]} {place}"
        found.append(short)
    return found


def to_html(title: str, sheet: Sheet, lang: str) -> str:
    """The table twin of a chart, as the page shows it."""
    head = "".join(f'<th scope="col"{_side(field)}>{escape(field.name)}</th>' for field in sheet.fields)
    rows = "".join(
        "<tr>"
        + "".join(f"<td{_side(f)}>{escape(_said(f, v, lang))}</td>" for f, v in zip(sheet.fields, row, strict=True))
        + "</tr>"
        for row in sheet.rows
    )
    return (
        f'<table class="data"><caption class="visually-hidden">{escape(title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def file_name(parts: Iterable[str], ending: str) -> str:
    """A name every system takes: what it shows, of when."""
    words = "_".join(re.sub(r'[\\/:*?"<>|\s]+', " ", part).strip() for part in parts if part)
    return f"{words[:120]}.{ending}"


def _lines(rows: Sequence[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def _plain(field: Field, value: Any) -> object:
    if is_missing(value):
        return ""
    if field.is_number:
        return _number(value)
    if field.unit == MOMENT:
        return moment(value)
    return as_date(value).isoformat() if field.unit == DATE else harmless(str(value))


def _number(value: Any) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else round(number, 6)


def _write(page: Any, line: int, place: int, field: Field, value: Any, style: Any) -> None:
    if is_missing(value):
        return
    if field.is_number:
        page.write_number(line, place, float(value), style)
    elif field.unit in (DATE, MOMENT):
        page.write_datetime(line, place, _moment(value), style)
    else:
        page.write_string(line, place, str(value), style)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    found = value if isinstance(value, date) else as_date(value if not isinstance(value, np.datetime64) else str(value))
    return datetime(found.year, found.month, found.day)


def _format(field: Field) -> str:
    """The number format of a column; "" for none."""
    if field.unit == DATE:
        return "yyyy-mm-dd"
    if field.unit == MOMENT:
        return "yyyy-mm-dd hh:mm"
    if field.unit == TEXT:
        return "@"
    if field.unit == "percent":
        return "0." + "0" * max(field.decimals, 1) + "%"
    return "General" if field.unit == NUMBER else "#,##0" + ("." + "0" * field.decimals if field.decimals else "")


def _said(field: Field, value: Any, lang: str) -> str:
    if is_missing(value):
        return NOTHING
    if field.unit == NUMBER:
        number = float(value)
        return decimal(number, 0 if number.is_integer() else max(field.decimals, 2))
    if field.is_number:
        return bare(value, field.unit, field.decimals, lang)
    if field.unit == MOMENT:
        return moment(value)
    return as_date(value).isoformat() if field.unit == DATE else str(value)


def _side(field: Field) -> str:
    return ' class="num"' if field.is_number else ""


def _width(field: Field, sheet: Sheet, place: int) -> int:
    longest = (
        max((_places(str(row[place])) for row in sheet.rows[:200]), default=0)
        if field.unit == TEXT
        else 16
        if field.unit == MOMENT
        else 10
    )
    return min(_WIDEST, max(longest, min(_places(field.name), 24), 8) + 2)


def _places(words: str) -> int:
    return sum(1 if character.isascii() else 2 for character in words)
