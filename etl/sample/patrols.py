"""Patrols and visits of the grid workers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import choose
from etl.sample.clock import DAY, HOUR, day_number
from etl.sample.reports import Where

KINDS = ("日常巡查", "入户走访", "专项检查", "夜间巡查")
PER_WEEK = {"full_time": 5.2, "part_time": 3.0}
ASSISTANT_PER_WEEK = 1.5
_KIND_SHARES = (0.58, 0.28, 0.09, 0.05)
_MINUTES = (55, 70, 90, 60)
_HOMES = (0, 9, 3, 0)
_HOURS = (0, 0, 0, 0, 0, 0, 0, 2, 9, 15, 14, 7, 2, 6, 14, 13, 9, 5, 0, 0, 0, 0, 0, 0)
_NIGHT = (0,) * 19 + (4, 5, 3, 0, 0)


def build_patrols(generator: np.random.Generator, where: Where) -> pd.DataFrame:
    """One row a patrol, by time: worker (row of workers), grid (row of grids), community, patrolled, kind (place in KINDS), minutes,
    households_visited (-1 not counted), incidents_found."""
    duty = _duty_days(generator, where)
    size = len(duty)
    zero = np.zeros(size, dtype=np.int64)
    kind = choose(generator, _KIND_SHARES, zero)
    hour = choose(generator, [_HOURS, _NIGHT], (kind == 3).astype(np.int64))
    minutes = np.clip(np.array(_MINUTES)[kind] * np.exp(0.35 * generator.standard_normal(size)), 10, 300).round()
    homes = generator.poisson(np.array(_HOMES)[kind])
    frame = duty.assign(
        kind=kind,
        patrolled=duty["day"] * DAY + hour * HOUR + generator.integers(0, HOUR, size),
        minutes=minutes.astype(np.int64),
        households_visited=np.where(np.isin(kind, (1, 2)), homes, -1),
        incidents_found=generator.poisson(0.32, size),
    )
    return frame.sort_values("patrolled", kind="stable", ignore_index=True)


def _duty_days(generator: np.random.Generator, where: Where) -> pd.DataFrame:
    """worker, grid, community, day: once for each patrol; hardly any on holidays and weekends."""
    first, last = day_number(where.plan.start), day_number(where.plan.until)
    pace = np.array([1.25 if where.calendar.is_working(day) else 0.25 for day in where.days])
    pace[[i for i, day in enumerate(where.days) if where.calendar.holidays.get(day) == "春节"]] = 0.1
    parts = []
    for row, worker in enumerate(where.town.workers.to_dict("records")):
        begins, ends = max(worker["valid_from"], first), min(worker["valid_to"], last)
        if begins > ends:
            continue
        weekly = ASSISTANT_PER_WEEK if worker["slot"] else PER_WEEK[worker["kind"]]
        number = generator.poisson(weekly / 7 * pace[begins - first : ends - first + 1])
        parts.append(np.stack([np.full(number.sum(), row), np.repeat(np.arange(begins, ends + 1), number)]))
    worker_row, day = np.concatenate(parts, axis=1)
    grid = where.town.workers["grid"].to_numpy()[worker_row]
    return pd.DataFrame(
        {"worker": worker_row, "grid": grid, "community": where.town.grids["community"].to_numpy()[grid], "day": day}
    )
