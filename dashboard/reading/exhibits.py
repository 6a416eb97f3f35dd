"""Numbers and frames as exhibits: the data that goes with a card on screen and with a table on paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from dashboard.exhibit import DATE, NUMBER, TEXT, Exhibit, Field, Sheet
from dashboard.metrics.catalogue import Metric
from dashboard.metrics.dimensions import TIME, dimension
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.statistics.intervals import wilson


def of_numbers(
    visit: Visit, id: str, title: str, numbers: pd.DataFrame, keys: Sequence[str], by: Sequence[str] = (), note: str = ""
) -> Exhibit:
    """The exhibit of metrics by dimensions: numbers as compute() or trend() gives them → a row a group, a few columns a metric.

    A dimension gives its name and, where it differs, its code; a ratio its value, numerator, denominator and 95 % Wilson interval.
    """
    return Exhibit(id, title, partial(_sheet, visit, numbers, tuple(keys), tuple(by)), tuple(keys), note)


def exhibit_id(key: str, by: str) -> str:
    """on_time_closure_rate-community: what an exhibit of one metric by one dimension is called unless its page says otherwise."""
    return f"{key}-{by}".replace(":", "-")


def of_frame(
    id: str, title: str, frame: pd.DataFrame, fields: dict[str, Field], metrics: Sequence[str] = (), note: str = ""
) -> Exhibit:
    """The exhibit of a frame: its columns named in `fields`, in that order."""
    return Exhibit(id, title, partial(_of_frame, frame, fields), tuple(metrics), note)


def _of_frame(frame: pd.DataFrame, fields: dict[str, Field]) -> Sheet:
    return Sheet(list(fields.values()), frame[list(fields)].astype(object).to_numpy().tolist())


def _sheet(visit: Visit, numbers: pd.DataFrame, keys: tuple[str, ...], by: tuple[str, ...]) -> Sheet:
    parts = {key: part_of(numbers, key) for key in keys}
    groups = list(dict.fromkeys(group for part in parts.values() for group in _groups(part, by)))
    fields, columns = _dimensions(visit, by, groups)
    for key, part in parts.items():
        places = {group: place for place, group in enumerate(_groups(part, by))}
        order = [places.get(group) for group in groups]
        for field, values in _measures(visit, metric(key), part, is_alone=len(keys) == 1):
            fields.append(field)
            columns.append([None if place is None else values[place] for place in order])
    return Sheet(fields, [list(row) for row in zip(*columns, strict=True)])


def _groups(part: pd.DataFrame, by: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return list(zip(*(part[name].tolist() for name in by), strict=True)) if by else [()] * len(part)


def _dimensions(visit: Visit, by: tuple[str, ...], groups: list[tuple[Any, ...]]) -> tuple[list[Field], list[list[Any]]]:
    fields: list[Field] = []
    columns: list[list[Any]] = []
    for place, name in enumerate(by):
        own = dimension(name)
        title = own.en if visit.lang == "en" else own.zh
        codes = [group[place] for group in groups]
        if name in TIME:
            fields.append(Field(title, DATE))
            columns.append(codes)
        elif name in ("dow", "hour"):
            fields.append(Field(title, NUMBER))
            columns.append(codes)
        else:
            names = [visit.name(name, code) for code in codes]
            fields.append(Field(title, TEXT))
            columns.append(names)
            if any(word != str(code) for word, code in zip(names, codes, strict=True)):
                fields.append(Field(visit.words("table.code", name=title), TEXT))
                columns.append(codes)
    if not by:
        fields.append(Field(visit.words("table.scope")))
        columns.append([visit.words("table.whole")] * len(groups))
    return fields, columns


def _measures(visit: Visit, definition: Metric, part: pd.DataFrame, *, is_alone: bool) -> list[tuple[Field, list[Any]]]:
    """The columns of one metric; beside others its name stands before each."""
    name = definition.text(visit.lang).name
    prefix = "" if is_alone else f"{name} · "
    found = [(Field(name, definition.unit, definition.decimals), part["value"].tolist())]
    if definition.kind in ("ratio", "rate_per"):
        found.append((Field(f"{prefix}{visit.words('table.numerator')}", NUMBER), part["numerator"].tolist()))
        found.append((Field(f"{prefix}{visit.words('table.denominator')}", NUMBER), part["denominator"].tolist()))
    elif definition.kind in ("mean", "quantile"):
        found.append((Field(f"{prefix}n", NUMBER), part["n"].tolist()))
    if definition.kind == "ratio" and definition.unit == "percent" and len(part):
        low, high = wilson(part["value"] * part["denominator"], part["denominator"])
        found.append((Field(f"{prefix}{visit.words('table.low')}", definition.unit, definition.decimals), low.tolist()))
        found.append((Field(f"{prefix}{visit.words('table.high')}", definition.unit, definition.decimals), high.tolist()))
    return found
