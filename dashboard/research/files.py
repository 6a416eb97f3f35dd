"""An output as files: CSV, xlsx and Parquet with equal numbers, and the codebook that goes with them."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from dashboard.downloads import BOM, harmless, to_workbook
from dashboard.exhibit import DATE, MOMENT, NUMBER, TEXT, Field, Sheet
from dashboard.i18n import text
from dashboard.i18n.dates import moment
from dashboard.metrics.catalogue import Metric
from dashboard.research.outputs import Output, OutputColumn, metrics_of
from dashboard.research.provenance import Provenance, citation

CODEBOOK = ("name", "kind", "type", "unit", "definition_zh", "definition_en")
_EXACT = 2**53
"""Whole numbers above it are no longer all there in a spreadsheet."""
_LONGEST_CELL = 32_767
_EXCEL_FROM = 1900
_EXCEL_COLUMNS = 16_384


def to_csv(output: Output) -> bytes:
    """UTF-8 with BOM, CRLF. Numbers as they are, shares 0–1; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return _csv([column.name for column in output.columns], [[_written(value) for value in row] for row in output.rows])


def to_codebook(output: Output) -> bytes:
    """What every column and every metric means, as CSV: name, kind (column or metric), type, unit, definition in both languages."""
    return _csv(CODEBOOK, [[harmless(cell) for cell in line] for line in codebook(output)])


def codebook(output: Output) -> list[tuple[str, ...]]:
    """The lines of the codebook under CODEBOOK."""
    columns = [(one.name, "column", one.type, one.unit, one.zh, one.en) for one in output.columns]
    return [*columns, *(_metric_line(metric) for metric in metrics_of(output))]


def to_xlsx(output: Output, of: Provenance) -> bytes:
    """Three sheets: data, codebook, and what it is with the line to cite. Equal content gives equal bytes."""
    assert len(output.columns) <= _EXCEL_COLUMNS, "further ones would be left out unsaid"
    places = range(len(output.columns))
    fields = [_field(column, [row[at] for row in output.rows]) for at, column in enumerate(output.columns)]
    rows = [[_for_excel(fields[at], row[at]) for at in places] for row in output.rows]
    lang = of.lang
    book = Sheet([Field(name) for name in CODEBOOK], codebook(output))
    sheets = [(text("download.data", lang), Sheet(fields, rows)), (text("download.codebook", lang), book)]
    return to_workbook(output.title, sheets, about(output, of), lang)


def about(output: Output, of: Provenance) -> list[tuple[str, str]]:
    """What a file is, from where, and how to cite it, in the language of the output."""
    words = partial(text, lang=of.lang)
    found = [(words("download.what"), output.title), (words("download.as_of"), moment(of.as_of))]
    found += [(words("download.note"), zh if of.lang == "zh" else en) for zh, en in output.notes]
    asked = words("download.address") if of.kind == "question" else "SQL"
    return [
        *found,
        (asked, of.asked),
        (words("download.build"), of.build_id),
        (words("download.set"), of.catalogue_version),
        (words("download.program"), of.program_version),
        (words("download.cite"), citation(of, of.lang)),
    ]


def to_parquet(output: Output, of: Provenance) -> bytes:
    """Typed columns; the schema's metadata holds provenance, codebook and notes as JSON, each column's its definition."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [_arrow(pa, column, [row[at] for row in output.rows]) for at, column in enumerate(output.columns)]
    fields = [
        pa.field(column.name, values.type, metadata={"unit": column.unit, "definition_zh": column.zh, "definition_en": column.en})
        for column, values in zip(output.columns, columns, strict=True)
    ]
    told = {
        "title": output.title,
        "provenance": _json(of.as_json()),
        "codebook": _json([dict(zip(CODEBOOK, line, strict=True)) for line in codebook(output)]),
        "notes": _json([{"zh": zh, "en": en} for zh, en in output.notes]),
    }
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=told)), buffer, compression="zstd")
    return buffer.getvalue()


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([[harmless(name) for name in head], *rows])
    return (BOM + buffer.getvalue()).encode()


def _metric_line(metric: Metric) -> tuple[str, ...]:
    zh, en = metric.text("zh"), metric.text("en")
    return (
        metric.key, "metric", metric.kind, metric.unit,
        f"{zh.name}：{zh.definition}。{zh.caution}", f"{en.name}: {en.definition}. {en.caution}",
    )  # fmt: skip


def _written(value: Any) -> str:
    """A value as CSV has it; "" for none. Floats read back equal."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (int, Decimal, date, time)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return harmless(value if isinstance(value, str) else _json(value))


def _field(column: OutputColumn, values: Sequence[Any]) -> Field:
    """How Excel holds a column: as what it is where all of it fits, else as text."""
    known = [value for value in values if value is not None]
    if known and all(_fits_number(value) for value in known):
        return Field(column.name, NUMBER)
    if known and all(_fits_day(value, datetime) for value in known):
        return Field(column.name, MOMENT)
    if known and all(_fits_day(value, date) for value in known):
        return Field(column.name, DATE)
    return Field(column.name, TEXT)


def _fits_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and -_EXACT <= value <= _EXACT


def _fits_day(value: Any, kind: type[date]) -> bool:
    """A moment is no day, though Python's class says so."""
    return type(value) is kind and int(value.year) >= _EXCEL_FROM


def _for_excel(field: Field, value: Any) -> Any:
    if field.unit != TEXT or value is None or isinstance(value, str):
        return value if not isinstance(value, str) else value[:_LONGEST_CELL]
    return _written(value)[:_LONGEST_CELL]


def _arrow(pa: Any, column: OutputColumn, values: list[Any]) -> Any:
    """A typed column; text where a value is none of its type (infinite days, lists, whole numbers of more than 64 bits)."""
    type_ = next(_arrow_types(pa, column.type), None)
    if type_ is not None:
        try:
            return pa.array(values, type=type_)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            pass  # said above: such a column is text
    return pa.array(
        [None if value is None else value if isinstance(value, str) else _written(value) for value in values], pa.string()
    )


def _arrow_types(pa: Any, type_: str) -> Iterator[Any]:
    """Parquet's type of a DuckDB one; none for a list."""
    if type_.endswith("]"):
        return
    plain, _, rest = type_.partition("(")
    simple: dict[str, Callable[[], Any]] = {
        "BOOLEAN": pa.bool_, "FLOAT": pa.float64, "DOUBLE": pa.float64, "DATE": pa.date32,
        "TIMESTAMP": lambda: pa.timestamp("us"), "TIME": lambda: pa.time64("us"),
    }  # fmt: skip
    if plain in simple:
        yield simple[plain]()
    elif plain == "DECIMAL":
        yield pa.decimal128(*(int(part) for part in rest.rstrip(")").split(",")))
    elif plain.endswith(("INT", "INTEGER")):
        yield pa.int64()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
