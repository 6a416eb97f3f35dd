"""Tables that several sections have: metrics of a week with their change, and metrics by a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.i18n.numbers import NOTHING, bare, change, count, is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.metrics.targets import aimed
from dashboard.reading.control_words import aimed_at
from dashboard.reading.difference import bounds_of, indexed, interval
from dashboard.reading.frames import UNMATCHED
from dashboard.reading.noise import verdict
from dashboard.reading.visit import AGEING, metric, part_of
from dashboard.report.document import Cell, Column, Table
from dashboard.report.writer import Writer

Rows = Mapping[Any, Mapping[Any, Any]]
"""A row of compute() by metric, or by code."""
TONES = {"better": "better", "worse": "worse"}


def week_table(writer: Writer, id: str, title: str, keys: Sequence[str], note: str = "") -> Table:
    """指标 · 本周 · n · 95 % 区间 · 上周 · 变化 · 判断. Shares of a running loop are not compared: the newest cases are the youngest."""
    visit = writer.visit
    now: Rows = visit.numbers(tuple(keys)).set_index("metric").to_dict("index")
    before = visit.before(tuple(keys))
    then: Rows = {} if before is None else before.set_index("metric").to_dict("index")
    rows, lines = [], []
    for key in keys:
        definition, row = metric(key), now[key]
        earlier = then.get(key) if key not in AGEING else None
        rows.append(
            [
                Cell(definition.text(visit.lang).name),
                Cell(writer.of_metric(f"{id}.{key}", key, row), "strong"),
                Cell(_n(definition, row), "soft"),
                Cell(interval(visit, definition, row), "soft"),
                Cell(NOTHING if earlier is None else bare(earlier["value"], definition.unit, definition.decimals, visit.lang)),
                Cell(moved(writer, definition, row, earlier)),
                judged(writer, definition, row, earlier),
            ]
        )
        low, high = bounds_of(definition, row)
        lines.append(
            [
                definition.text(visit.lang).name,
                row["value"],
                row["n"],
                low,
                high,
                None if earlier is None else earlier["value"],
                definition.unit,
            ]
        )
    heads = ("metric", "this_week", "n", "interval", "last_week", "change", "verdict")
    columns = [
        Column(
            writer.words(f"report.column_{name}"),
            "left" if name in ("metric", "verdict") else "right",
            share=1 if name == "metric" else 0,
        )
        for name in heads
    ]
    fields = [
        Field(writer.words("report.column_metric"), TEXT),
        *(Field(writer.words(f"report.column_{name}"), NUMBER, 4) for name in ("this_week", "n", "low", "high", "last_week")),
        Field(writer.words("report.column_unit"), TEXT),
    ]
    writer.annex(title, fields, lines, keys)
    return Table(title, columns, rows, (note + _targets(writer, keys)).strip())


def _targets(writer: Writer, keys: Sequence[str]) -> str:
    """Whether the weeks meet the targets there are, in the words under the control charts; nothing of what is still going on."""
    visit = writer.visit
    wanted = [key for key in keys if key not in AGEING and aimed(visit.snapshot, metric(key)).target is not None]
    if not wanted:
        return ""
    history = visit.history(tuple(wanted))
    courses = [visit.control(key, part_of(history, key)) for key in wanted]
    return "".join(aimed_at(course, visit.lang, "control.target_named") for course in courses)


def table_by(
    writer: Writer,
    by: str,
    keys: Sequence[str],
    numbers: pd.DataFrame,
    title: str,
    *,
    most: int,
    whole: tuple[str, tuple[str, str]] | None = None,
) -> Table:
    """A row a unit, those with most of the first metric first. numbers: of the keys, by `by` · most: rows on paper, the annex has all ·
    whole: what all together are called in the table, and in Chinese and English where their numbers are noted; their row stands first,
    and units nobody knows are in it alone.
    """
    visit = writer.visit
    own = {key: indexed(part_of(numbers, key), by) for key in keys}
    order = part_of(numbers, keys[0]).sort_values(["value", by], ascending=[False, True])[by]
    codes = [code for code in order if code is not None and (whole is None or code != UNMATCHED)]
    names = {code: visit.name(by, code) for code in codes}

    def row(id: str, name: str, of: tuple[str, str], rows: Mapping[str, Mapping[Any, Any]]) -> list[Cell]:
        return [Cell(name), *(Cell(with_n(writer, f"{id}.{key}", key, rows[key], of)) for key in keys)]

    rows = [row(f"{by}.{code}", names[code], (names[code],) * 2, {key: own[key][code,] for key in keys}) for code in codes[:most]]
    if whole is not None:
        every = indexed(visit.numbers(tuple(keys)), "metric")
        together = row(f"{by}.", *whole, {key: every[key,] for key in keys})
        rows.insert(0, together)
    head, short = writer.words(f"report.column_{by}"), [metric(key).text(visit.lang).short for key in keys]
    fields = [Field(name, metric(key).unit, metric(key).decimals) for name, key in zip(short, keys, strict=True)]
    lines = [[names[code], *(own[key][code,]["value"] for key in keys)] for code in codes]
    writer.annex(title, [Field(head, TEXT), *fields], lines, keys)
    rest = visit.words("chart.top", shown=most, all=len(codes)) if len(codes) > most else ""
    return Table(title, [Column(head, "left", 1), *(Column(name) for name in short)], rows, rest, sums=0 if whole is None else 1)


def moved(writer: Writer, definition: Metric, now: Mapping[Any, Any], then: Mapping[Any, Any] | None) -> str:
    """+1.2 个百分点, — where there is nothing fair to compare with."""
    if then is None:
        return NOTHING
    return change(now["value"], then["value"], definition.unit, definition.decimals, writer.visit.lang)


def judged(writer: Writer, definition: Metric, now: Mapping[Any, Any], then: Mapping[Any, Any] | None) -> Cell:
    """向好, 变差 or 波动内; nothing where there is nothing to compare with or no better and worse."""
    word = "" if then is None else verdict(definition, now["value"], now["n"], then["value"], then["n"])
    return Cell(writer.words(f"tile.{word}") if word else "", TONES.get(word, "soft"))


def with_n(writer: Writer, id: str, key: str, row: Mapping[Any, Any], of: tuple[str, str]) -> str:
    """92.1% (n=38): a rate with what it rests on, noted; a count alone."""
    said = writer.of_metric(id, key, row, of=of, is_bare=True)
    if metric(key).kind in ("count", "stock", "rate_per") or is_missing(row["value"]):
        return said
    return writer.words("report.with_n", value=said, n=count(row["n"]))


def _n(definition: Metric, row: Mapping[Any, Any]) -> str:
    return "" if definition.kind in ("count", "stock", "composite") else count(row["n"])
