"""The incident exports: half-year by half-year, each from another system, each repeating what was still open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from etl.sample.chance import Flags, stream
from etl.sample.clock import DAY, day_number
from etl.sample.files import Cells, Sheet
from etl.sample.incident_cells import IncidentExport
from etl.sample.layouts import LAYOUTS, TODAY, Layout
from etl.sample.plan import Period, months_after
from etl.sample.record import Break, Written, save, with_broken_rows
from etl.sample.reports import Where
from etl.sample.spoils import BAD_MOMENTS, Spoils
from etl.sample.standing import STATUSES, status
from etl.sample.vocabulary import Vocabulary

REPEATED_ROWS = 3
"""Rows that the first export holds twice."""
TOTAL_TOO_HIGH = 18
"""The sum row of one export says so many more than there are, as in a published table."""
_FINAL = tuple(STATUSES.index(name) for name in ("closed", "void", "rejected"))


def write_incidents(
    inbox: Path, where: Where, vocabulary: Vocabulary, spoils: Spoils, incidents: pd.DataFrame, progress: Callable[[str], None]
) -> list[Written]:
    """One file a period."""
    generator = stream(where.plan.seed, "mess")
    periods = where.plan.half_years()
    files = []
    for number, (period, rows) in enumerate(zip(periods, exported_rows(periods, incidents), strict=True)):
        layout = TODAY if number == len(periods) - 1 else LAYOUTS[number % len(LAYOUTS)]
        export = IncidentExport(where, vocabulary, spoils, layout, incidents[rows], period.export_moment, generator)
        progress(f"事件导出 {period.name}：{int(rows.sum())} 行 → {layout.suffix}")
        files.append(_write(inbox, generator, layout, period, export, number))
    return files


def exported_rows(periods: tuple[Period, ...], incidents: pd.DataFrame) -> list[Flags]:
    """Which incidents each export holds: those reported in its period, those that were not over at the export before, and in the
    newest also all of the month before its period."""
    reported = incidents["reported"].to_numpy()
    chosen = []
    for number, period in enumerate(periods):
        rows = (reported >= period.begins) & (reported < period.ends)
        if number:
            earlier = reported < period.begins
            rows = rows | (earlier & ~np.isin(status(incidents, periods[number - 1].export_moment), _FINAL))
            if number == len(periods) - 1:
                rows = rows | (earlier & (reported >= day_number(months_after(period.first, -1)) * DAY))
        chosen.append(rows)
    return chosen


def _write(
    inbox: Path, generator: np.random.Generator, layout: Layout, period: Period, export: IncidentExport, number: int
) -> Written:
    cells = export.columns()
    moments = {name for name in cells if name.endswith("_at")} if layout.moment == "cell" else set()
    columns = tuple(Cells(header, cells[name], name in moments, group) for header, name, group in layout.columns)
    reexported = int((export.rows["reported"] < period.begins).sum())
    breaks = _breaks(layout, number)
    repeated = REPEATED_ROWS if number == 0 else 0
    columns = with_broken_rows(generator, columns, breaks, repeated)
    size = len(columns[0].cells)
    stated = size + (TOTAL_TOO_HIGH if layout.is_grouped else 0) if layout.footer == "total" else None
    sheet = Sheet(columns, _titles(layout, period), _footers(layout, stated, period.exported_at), layout.is_grouped)
    return save(
        inbox, _file_name(layout, period), "incident", sheet, encoding=layout.encoding,
        unreadable={reason: sum(b.reason == reason for b in breaks) for reason in sorted({b.reason for b in breaks})},
        repeated=repeated, exported_at=period.exported_at, exported_at_in=layout.exported_in, reexported=reexported, stated_total=stated,
        slips=export.slips,
    )  # fmt: skip


def _breaks(layout: Layout, number: int) -> tuple[Break, ...]:
    """One row without a number in every export; in every other one a row whose report moment nobody can read."""
    headers = {name: header for header, name, _ in layout.columns}
    blank = Break("blank_incident_id", headers["incident_id"], "")
    if number % 2:
        return (blank,)
    moment = BAD_MOMENTS[number // 2 % len(BAD_MOMENTS)]
    return blank, Break(
        "unreadable_reported_at", headers["reported_at"], moment, ((headers["incident_id"], f"SJ2023000{number:05d}"),)
    )


def _file_name(layout: Layout, period: Period) -> str:
    stamp = f"_{period.exported_at:%Y%m%d_%H%M}" if layout.exported_in == "name" else ""
    return f"{layout.stem}_{period.name}{stamp}{layout.suffix}"


def _titles(layout: Layout, period: Period) -> tuple[str, ...]:
    if layout.exported_in != "title":
        return ()
    return f"禾湾镇{layout.stem.removesuffix('导出')}（{period.name}）", f"导出时间：{period.exported_at:%Y-%m-%d %H:%M}"


def _footers(layout: Layout, stated: int | None, exported_at: datetime) -> tuple[tuple[str, ...], ...]:
    if stated is not None:
        return (("合计", f"{stated}"),)
    if layout.footer == "clerk":
        return (("制表人：赵样一",), (f"制表日期：{exported_at:%Y-%m-%d}",))
    return ()
