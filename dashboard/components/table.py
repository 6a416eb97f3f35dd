"""Plain tables: native, sortable by link, scrolling inside themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.components.attributes import aria


@dataclass(frozen=True)
class Column:
    """One column. href: link that sorts by it; sorted: "ascending", "descending" or "" as it is now."""

    name: Any
    is_number: bool = True
    href: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell: what it shows, where it leads, and the small n beside it."""

    content: Any
    href: str = ""
    n: str = ""
    is_wrapped: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], caption: str, footer: Sequence[Cell] = ()) -> html.Div:
    """caption: what the table shows, for readers who do not see it."""
    head = html.Thead(html.Tr([_header(column) for column in columns]))
    body = html.Tbody([_row(columns, row) for row in rows])
    foot = [html.Tfoot(_row(columns, footer))] if footer else []
    name = html.Caption(caption, className="visually-hidden")
    return html.Div(
        html.Table([name, head, body, *foot], className="data"),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _header(column: Column) -> html.Th:
    arrow = {"ascending": " ↑", "descending": " ↓"}.get(column.sorted, "")
    content = html.A([column.name, arrow], href=column.href) if column.href else column.name
    extra = aria(sort=column.sorted) if column.sorted else {}
    return html.Th(content, scope="col", className="num" if column.is_number else "", **extra)


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> html.Tr:
    return html.Tr([_cell(column, cell) for column, cell in zip(columns, row, strict=True)])


def _cell(column: Column, cell: Cell) -> html.Td:
    content: Any = html.A(cell.content, href=cell.href) if cell.href else cell.content
    parts = [content, html.Span(cell.n, className="n")] if cell.n else content
    classes = ("num " if column.is_number else "") + ("wrap" if cell.is_wrapped else "")
    return html.Td(parts, className=classes.strip())
