"""The big form for benchmarks: one UTF-8 CSV of incidents, our own headers, ISO moments, no slips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from etl.sample import sentences
from etl.sample.chance import Flags, Ints, Words
from etl.sample.clock import NEVER, day_of
from etl.sample.incident_cells import LEVELS, MOMENTS
from etl.sample.record import Written
from etl.sample.reports import Where
from etl.sample.standing import STATUSES, known, status
from etl.sample.vocabulary import Vocabulary
from etl.sample.work import CHANNELS, UNITS
from etl.sources.incident import INCIDENT

FILE_NAME = "事件导出.csv"
_CHUNK = 200_000


def write_plain_incidents(
    inbox: Path, where: Where, vocabulary: Vocabulary, incidents: pd.DataFrame, progress: Callable[[str], None]
) -> Written:
    """All incidents as they stand at the newest export."""
    at = where.plan.half_years()[-1].export_moment
    writer: Any = None
    headers: tuple[str, ...] = ()
    with (inbox / FILE_NAME).open("wb") as file:
        for begins in range(0, len(incidents), _CHUNK):
            table = _table(where, vocabulary, incidents.iloc[begins : begins + _CHUNK], at)
            if writer is None:
                headers = tuple(table.column_names)
                writer = pyarrow.csv.CSVWriter(file, table.schema, write_options=pyarrow.csv.WriteOptions(quoting_style="none"))
            writer.write_table(table)
            progress(f"事件导出：{min(begins + _CHUNK, len(incidents)):,} / {len(incidents):,} 行")
        writer.close()
    return Written(FILE_NAME, "incident", "utf-8", len(incidents), 1, headers, exported_at=where.plan.exported_at)


def _table(where: Where, vocabulary: Vocabulary, rows: pd.DataFrame, at: int) -> pa.Table:
    columns = _who_and_what(where, vocabulary, rows, at) | _moments(rows, at) | _counts(where, vocabulary, rows, at)
    return pa.table({INCIDENT.column(name).zh: column for name, column in columns.items()})


def _who_and_what(where: Where, vocabulary: Vocabulary, rows: pd.DataFrame, at: int) -> dict[str, pa.Array]:
    town, work = where.town, rows["work"].to_numpy()
    dispatched = known(rows, "dispatched", at) < NEVER
    standing = status(rows, at)
    reason = rows["reason"].to_numpy() % len(sentences.VOID_REASONS)
    ended = np.isin(standing, (STATUSES.index("void"), STATUSES.index("rejected")))
    days, day = np.unique(rows["day"].to_numpy(), return_inverse=True)
    ids = pc.binary_join_element_wise(
        _looked_up([f"SJ{day_of(int(n)):%Y%m%d}" for n in days], day), _padded(rows["number"].to_numpy(), 5), ""
    )
    homes = pc.binary_join_element_wise("H", _padded(rows["complainant"].to_numpy(), 6), "")
    unknown = pa.array(rows["complainant"].to_numpy() < 0)
    titles, title = sentences.titles(where, rows)
    return {
        "incident_id": ids,
        "title": _looked_up(titles, title),
        "channel": _looked_up(vocabulary.words("channel", CHANNELS, 0), rows["channel"].to_numpy()),
        "level": _looked_up(vocabulary.words("level", LEVELS, 0), rows["level"].to_numpy()),
        "status": _looked_up(vocabulary.words("status", STATUSES, 0), standing),
        "category": _looked_up([vocabulary.name("category", code) for code in where.work.category], work),
        "subcategory": _looked_up(where.work.name, work),
        "department": _looked_up(town.department_names, np.where(dispatched, rows["department"], -1)),
        "first_department": _looked_up(town.department_names, np.where(dispatched, rows["first_department"], -1)),
        "community": _looked_up(town.community_names, rows["community"].to_numpy()),
        "grid": _looked_up(town.grids["grid_code"].tolist(), rows["grid"].to_numpy()),
        "worker": _looked_up(town.workers["worker"].tolist(), rows["worker"].to_numpy()),
        "complainant": pc.if_else(unknown, pa.scalar(None, pa.string()), homes),
        "has_contact": _yes_no(rows["has_contact"].to_numpy()),
        "void_reason": _looked_up(sentences.VOID_REASONS, np.where(ended, reason, -1)),
    }


def _moments(rows: pd.DataFrame, at: int) -> dict[str, pa.Array]:
    sent = known(rows, "dispatched", at) < NEVER
    due = np.where(rows["extended"] <= at, rows["due"], rows["original_due"])
    moments = {"reported_at": rows["reported"].to_numpy()} | {name: known(rows, own, at) for name, own in MOMENTS.items()}
    moments["original_due_at"] = np.where(sent, rows["original_due"], NEVER)
    moments["due_at"] = np.where(sent, due, NEVER)
    return {name: pa.array(values, pa.int64(), mask=values >= NEVER).cast(pa.timestamp("s")) for name, values in moments.items()}


def _counts(where: Where, vocabulary: Vocabulary, rows: pd.DataFrame, at: int) -> dict[str, pa.Array]:
    parked = (rows["parked"] & (rows["ended"] <= at)).to_numpy()
    returned = (rows["returned"] <= at).to_numpy()
    return {
        "limit_value": pa.array(where.work.limit[rows["work"].to_numpy()].astype(np.int64)),
        "limit_unit": _looked_up(vocabulary.words("limit_unit", UNITS, 0), rows["limit_unit"].to_numpy()),
        "extension_count": pa.array((rows["extended"] <= at).to_numpy().astype(np.int64)),
        "rework_count": pa.array(np.where(rows["reworked"] <= at, rows["reworks"], 0)),
        "return_count": pa.array(np.where(returned, rows["returns"], 0)),
        "is_self_disposed": _yes_no(rows["self_disposed"].to_numpy()),
        "is_parked": _yes_no(parked),
        "is_duplicate": _yes_no((rows["duplicate"] & (rows["closed"] <= at)).to_numpy()),
    }


def _looked_up(words: Sequence[str] | Words, codes: Ints) -> pa.Array:
    table = pa.array(list(words), pa.string())
    return table.take(pa.array(codes, pa.int64(), mask=codes < 0))


def _yes_no(flags: Flags) -> pa.Array:
    return _looked_up(("否", "是"), flags.astype(np.int64))


def _padded(numbers: Ints, width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(np.maximum(numbers, 0)).cast(pa.string()), width, "0")
