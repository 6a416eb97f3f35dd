"""How often the planted truths of the sample are found, and how often somebody is called who is innocent, over many invented townships.

usage: python -m tests.benchmarks.bench_truths [TOWNSHIPS]

Each seed is a township of its own, loaded and read by the same functions as the pages. The re-division is judged over more of them,
from what truly happened: that needs no load.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.access import LOCAL
from dashboard.metrics.compute import compute
from dashboard.reading.fairness import fair
from dashboard.reading.visit import Visit
from dashboard.signals.counts import counted
from dashboard.signals.judge import judged
from dashboard.statistics.staggered import Panel, staggered
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse
from etl.build import build
from etl.ledger import DataRoot
from etl.privacy import pseudonym, town_key
from etl.sample import REFERENCE, write_sample
from etl.sample.clock import day_number, read_calendar
from etl.sample.incidents import build_incidents
from etl.sample.plan import Plan
from etl.sample.reports import Where
from etl.sample.township import build_township
from etl.sample.truths import EFFECTS
from etl.sample.work import PATROL, read_work
from tests.sample_township import DATA

TOWNSHIPS, FIRST_SEED = 12, 4001
DIVIDED, DEALS = 40, 400
ON_TIME = "on_time_closure_rate"
LEAST_FOUND, MOST_FALSE = 0.9, 0.05
SHORT = "(last_12_weeks)"
"""Twelve weeks of one community's closings and callbacks are few: how often they suffice is printed, and no target."""
CALLED_BACK = "satisfaction_rate:lenient"
"""Perfect satisfaction is asked about only where residents complain again as often as elsewhere, which chance decides: no target either."""
LEAST_HELD = 0.85  # of intervals of 95 %: forty towns show no finer


def report(townships: int = TOWNSHIPS) -> bool:
    """Whether what was planted is found in nine of ten townships, and at most one verdict or question in twenty is about somebody innocent."""
    seen: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + townships):
        with tempfile.TemporaryDirectory() as folder:
            seen.update(dict(_found(DataRoot(Path(folder), DATA), seed)))
    print(f"{townships} townships of 60,000 incidents")
    is_met = True
    for what in (name for name in seen if not name.startswith("of ")):
        share = seen[what] / seen[f"of {what}"]
        is_right = (
            share <= MOST_FALSE
            if what.startswith("innocent")
            else share >= LEAST_FOUND or what.endswith(SHORT) or CALLED_BACK in what
        )
        is_met &= is_right
        print(f"  {what:58}{seen[what]:5} of {seen[f'of {what}']:4}  {share:6.1%}{'' if is_right else '  ← missed'}")
    return _divided() and is_met


def _found(root: DataRoot, seed: int) -> Iterator[tuple[str, int]]:
    """What was looked for, and how often it was there; the same with `of ` for how often it could have been."""
    write_sample(root.inbox, seed=seed, plain=True)
    build(root)
    planted = json.loads((root.path / "truths.json").read_text(encoding="utf-8"))["planted"]
    warehouse = Warehouse(root.warehouse)
    counts: Counter[str] = Counter()
    for what, is_so in _asked(warehouse.current(), planted, root):
        counts[f"of {what}"] += 1
        counts[what] += is_so
    warehouse.close()
    yield from counts.items()


def _asked(snapshot: Snapshot, planted: dict[str, Any], root: DataRoot) -> Iterator[tuple[str, bool]]:
    yield from _compared(snapshot, planted)
    yield from _questioned(snapshot, planted, root)
    truth = planted["callbacks_miss_dissatisfied"]["town"]["true_satisfied"]["value"]
    keys = ["satisfaction_rate:lenient", "satisfaction_rate:worst_closed", "satisfaction_rate:best_closed"]
    plain, worst, best = compute(snapshot, keys, View(period="all"))["value"]
    yield "biased callbacks: the rate flatters", plain > truth + 0.02
    yield "biased callbacks: the truth lies within the bounds", worst < truth < best


def _compared(snapshot: Snapshot, planted: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    slow, unlucky = (planted[name]["community_code"] for name in ("slow_community", "unlucky_community"))
    for period in ("last_12_weeks", "this_year", "last_year", "all"):
        visit = Visit(snapshot, View(period=period), LOCAL)
        stands = fair(visit, ON_TIME, visit.numbers((ON_TIME,), by=("community",))).units.set_index("code")["stand"]
        yield f"slower community called worse ({period})", stands[slow] == "worse"
        yield "innocent: the small unlucky community called anything", stands[unlucky] != "alike"
        for code in stands.index.difference([slow, unlucky, "unmatched"]):
            yield "innocent: another community called anything", stands[code] != "alike"


def _questioned(snapshot: Snapshot, planted: dict[str, Any], root: DataRoot) -> Iterator[tuple[str, bool]]:
    habits = {habit["metric"]: habit["unit"] for habit in planted["gaming"]}
    habits["copied_report_rate"] = pseudonym(habits["copied_report_rate"], town_key(root.key_file))
    habits["instant_closing_rate"] = planted["instant_department"]["department_code"]
    lies_in = dict(snapshot.rows("SELECT grid_id, community_code FROM core.grid"))
    lies_in |= dict(snapshot.rows("SELECT worker_id, mode(community_code) FROM core.incident GROUP BY 1"))

    def whose(metric: str, unit: str) -> str:
        """Of a planted community one of its grids or grid workers may speak."""
        return lies_in[unit] if unit in lies_in and lies_in[unit] == habits.get(metric) else unit

    since = date.fromisoformat(min(habit["from"] for habit in planted["gaming"]))
    views = {SHORT: View(), "(half a year)": View(period="custom", start=since, end=snapshot.build.data_to)}
    for name, view in views.items():
        found = [(one.detector.metric, one.unit) for one in judged(counted(snapshot, view)).signals]
        signals = {(metric, whose(metric, unit)) for metric, unit in found}
        for metric, unit in habits.items():
            if metric == CALLED_BACK:
                yield f"gaming questioned: {metric} {name}", (metric, unit) in signals
            elif name == SHORT:
                yield f"gaming questioned: {metric}", (metric, unit) in signals
        for _, unit in signals:
            yield "innocent: a question about a unit with nothing planted", unit not in habits.values()


def _divided() -> bool:
    """More eyes, more reports: the reports of grid workers, a quarter more from each community's re-division on."""
    held = {"planted": 0, "residents, on whom nothing was planted": 0}
    for seed in range(FIRST_SEED, FIRST_SEED + DIVIDED):
        for name, panel, factor in _panels(seed):
            effect = staggered(panel, permutations=DEALS, seed=seed).effect
            held[name] += effect.low <= factor <= effect.high
    print(f"re-division, staged in four: the 95 % interval holds what was planted, of {DIVIDED} townships")
    for name, count in held.items():
        print(f"  {name:58}{count:5} of {DIVIDED:4}  {count / DIVIDED:6.1%}")
    return min(held.values()) >= LEAST_HELD * DIVIDED


def _panels(seed: int) -> Iterator[tuple[str, Panel, float]]:
    plan = Plan(seed, 36, 60_000, date(2026, 11, 15))
    town = build_township(plan, REFERENCE)
    where = Where(plan, town, read_work(town.department_codes), read_calendar(REFERENCE), EFFECTS)
    frame, _ = build_incidents(where)
    first = day_number(plan.start)
    weeks = (day_number(plan.until) + 1 - first) // 7
    week = (frame["reported"].to_numpy() // 86400 - first) // 7
    adopted = np.where(town.divided_day < first + 7 * weeks, (town.divided_day - first + 6) // 7, np.nan)
    households = np.repeat(np.asarray(town.households, dtype=float)[:, None], weeks, axis=1)
    is_patrol = frame["source"].to_numpy() == PATROL
    for name, mask, factor in (
        ("planted", is_patrol, EFFECTS.division_reports_factor),
        ("residents, on whom nothing was planted", ~is_patrol, 1.0),
    ):
        counts = np.zeros((len(town.households), weeks))
        kept = mask & (week >= 0) & (week < weeks)
        np.add.at(counts, (frame["community"].to_numpy()[kept], week[kept]), 1)
        yield name, Panel("count", counts, households, adopted), factor


if __name__ == "__main__":
    sys.exit(0 if report(int(sys.argv[1]) if len(sys.argv) > 1 else TOWNSHIPS) else 1)
