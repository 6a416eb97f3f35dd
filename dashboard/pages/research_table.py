"""表 and 透视: the protected numbers as a long table, or with one dimension or the metrics across."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from dash import html

from dashboard.components.table import Cell, Column, table
from dashboard.i18n.numbers import NOTHING, count, is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.pages.research_asked import PINNED_COLUMN, Asked
from dashboard.pages.research_cells import COUNTED, count_cell, dimension_name, group_name, placed, value_cell
from dashboard.pages.research_pivot import METRIC, Pivot, Row, code_of, pivot
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, heading, listed, metric

ROWS, COLUMNS = 200, 40
"""Lines and columns on screen; the files have them all."""
NUMBERS = ("value", "numerator", "denominator", "n")
T = TypeVar("T")


def in_order(visit: Visit, rows: Sequence[Row], by: Sequence[str], metrics: Sequence[str]) -> list[Row]:
    """By the dimensions, each in its own order, then by the metrics as they were picked."""
    places = [_places(visit, rows, name) for name in by]

    def place(row: Row) -> tuple[int, ...]:
        return (*(own[code_of(row[name])] for own, name in zip(places, by, strict=True)), metrics.index(row[METRIC]))

    return sorted(rows, key=place)


def _places(visit: Visit, rows: Sequence[Row], name: str) -> dict[Any, int]:
    return {code: place for place, code in enumerate(placed(visit, name, [row[name] for row in rows]))}


def sorted_by(rows: Sequence[T], number: Callable[[T], Any], *, is_rising: bool) -> list[T]:
    """By a number; those without one last, either way."""
    known = [row for row in rows if not is_missing(number(row))]
    return sorted(known, key=number, reverse=not is_rising) + [row for row in rows if is_missing(number(row))]


def long_table(visit: Visit, asked: Asked, rows: Sequence[Row], caption: str) -> tuple[html.Div, str]:
    """A line a group and metric, at most ROWS of them; and the words for what is left out."""
    if asked.sort in NUMBERS:
        rows = sorted_by(rows, lambda row: row[asked.sort], is_rising=asked.is_rising)
    elif asked.sort in (*asked.by, METRIC):
        places = _places(visit, rows, asked.sort) if asked.sort != METRIC else {key: at for at, key in enumerate(asked.metrics)}
        rows = sorted(rows, key=lambda row: places[code_of(row[asked.sort])], reverse=not asked.is_rising)
    parts = [name for name in ("numerator", "denominator") if _has_parts(asked)]
    several = len(asked.metrics) > 1
    heads = [_head(visit, asked, name, dimension_name(visit, name), is_number=False) for name in asked.by]
    heads += [_head(visit, asked, METRIC, visit.words("table.metric"), is_number=False)] if several or not asked.by else []
    heads += [_head(visit, asked, "value", _value_name(visit, asked))]
    heads += [_head(visit, asked, name, visit.words(f"table.{name}")) for name in parts]
    heads += [_head(visit, asked, "n", "n"), Column(visit.words("research.cases"), is_number=False)]
    lines = []
    for row in rows[:ROWS]:
        definition = metric(row[METRIC])
        line = [Cell(group_name(visit, name, row[name])) for name in asked.by]
        line += [Cell(definition.text(visit.lang).name)] if several or not asked.by else []
        line += [Cell(value_cell(visit, definition, row))]
        line += [Cell(_part(visit, definition, row, name)) for name in parts]
        lines.append([*line, Cell(count_cell(visit, row["n"], row["held"])), _to_cases(visit, asked, row)])
    return table(heads, lines, caption), _left_out(visit, len(rows), 0)


def _value_name(visit: Visit, asked: Asked) -> str:
    if len(asked.metrics) > 1 or not asked.by:
        return visit.words("table.value")
    return heading(metric(asked.metrics[0]), visit.lang)


def _has_parts(asked: Asked) -> bool:
    return any(metric(key).kind in ("ratio", "rate_per") for key in asked.metrics)


def _part(visit: Visit, definition: Metric, row: Row, name: str) -> Any:
    """A numerator or denominator; an exposure has decimals."""
    if definition.kind not in ("ratio", "rate_per"):
        return NOTHING
    if definition.kind == "rate_per" and name == "denominator" and not is_missing(row[name]):
        return f"{float(row[name]):,.1f}"
    return count_cell(visit, row[name], row["held"])


def _to_cases(visit: Visit, asked: Asked, row: Row) -> Cell:
    """The exact list behind a line, for those who work here; of a week at the edge the days of the period only."""
    at = {name: code_of(row[name]) for name in asked.by}
    definition = metric(row[METRIC])
    days = visit.period.start, visit.period.end
    return Cell(visit.words("research.look"), cases_href(visit.view, definition.key, listed(definition), at, days=days))


def _head(visit: Visit, asked: Asked, name: str, words: str, *, is_number: bool = True) -> Column:
    """A column's name, a link that sorts by it: numbers the largest first, names in their own order."""
    is_now = asked.sort == name
    state = ("ascending" if asked.is_rising else "descending") if is_now else ""
    rising = not asked.is_rising if is_now else not is_number
    return Column(words, is_number=is_number, href=asked.href(visit, sort=name, is_rising=rising), sorted=state)


def pivot_table(visit: Visit, asked: Asked, rows: Sequence[Row], caption: str) -> tuple[html.Div, str]:
    """A line a group, a column a value of what stands across, n beside each rate; and the words for what is left out."""
    made = pivot(rows, asked.by, asked.across, asked.of)
    columns = _columns(visit, made, asked)
    shown = columns[:COLUMNS]
    lines = _lines(visit, asked, made, columns)
    heads = [_head(visit, asked, name, dimension_name(visit, name), is_number=False) for name in made.down]
    heads = heads or [Column(visit.words("table.metric"), is_number=False)]
    heads += [_head(visit, asked, _column_key(column), _column_name(visit, made, column)) for column in shown]
    alone = "" if made.down else (visit.words("table.whole") if asked.across == METRIC else heading(metric(asked.of), visit.lang))
    body = [
        [
            *(
                [Cell(alone)]
                if alone
                else [Cell(group_name(visit, name, code)) for name, code in zip(made.down, line, strict=True)]
            ),
            *[_pivot_cell(visit, made, line, column) for column in shown],
        ]
        for line in lines[:ROWS]
    ]
    return table(heads, body, caption), _left_out(visit, len(lines), len(columns))


def _columns(visit: Visit, made: Pivot, asked: Asked) -> list[Any]:
    if made.across == METRIC:
        return [key for key in asked.metrics if key in made.columns]
    return placed(visit, made.across, made.columns)


def _lines(visit: Visit, asked: Asked, made: Pivot, columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """In the order asked for."""
    keys = {_column_key(column): column for column in columns}
    if asked.sort in keys:
        column = keys[asked.sort]
        return sorted_by(made.lines, lambda line: _value(made.cells.get((line, column))), is_rising=asked.is_rising)
    if asked.sort in made.down:
        at = made.down.index(asked.sort)
        order = {code: place for place, code in enumerate(placed(visit, asked.sort, [line[at] for line in made.lines]))}
        return sorted(made.lines, key=lambda line: order[line[at]], reverse=not asked.is_rising)
    return made.lines


def _value(row: Row | None) -> Any:
    return None if row is None else row["value"]


def _column_key(column: Any) -> str:
    return PINNED_COLUMN + ("" if column is None else str(column)[:10] if hasattr(column, "year") else str(column))


def _column_name(visit: Visit, made: Pivot, column: Any) -> str:
    return heading(metric(column), visit.lang) if made.across == METRIC else group_name(visit, made.across, column)


def _pivot_cell(visit: Visit, made: Pivot, line: tuple[Any, ...], column: Any) -> Cell:
    row: Mapping[Any, Any] | None = made.cells.get((line, column))
    if row is None:
        return Cell("")
    definition = metric(row[METRIC])
    is_plain = definition.kind in COUNTED or is_missing(row["n"])
    return Cell(value_cell(visit, definition, row), n="" if is_plain else f"n={count(row['n'])}")


def _left_out(visit: Visit, lines: int, columns: int) -> str:
    said = [visit.words("research.first_rows", shown=ROWS, all=count(lines))] if lines > ROWS else []
    if columns > COLUMNS:
        said.append(visit.words("research.first_columns", shown=COLUMNS, all=count(columns)))
    return "".join(said)
