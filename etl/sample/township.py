"""Who and where: communities, departments, grids before and after the re-division, and the grid workers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from etl.sample.chance import Floats, Ints, stream
from etl.sample.clock import NEVER, day_number
from etl.sample.plan import Plan, months_after
from etl.sample.roster import build_roster

GRIDS_BEFORE = (9, 6, 5, 4, 5, 4, 3, 3, 4, 3, 2, 1)
"""49 grids of about 500 households, C01 … C12."""
GRIDS_AFTER = (14, 10, 8, 7, 8, 7, 5, 5, 7, 5, 4, 1)
"""About 300 households a grid; C12 has 310 households and keeps one grid, drawn anew."""
STAGES = (
    (0.28, ("C01",)),
    (0.44, ("C02", "C03", "C06")),
    (0.58, ("C04", "C05", "C07", "C09")),
    (0.78, ("C08", "C10", "C11", "C12")),
)
"""When each community is re-divided, as a share of the months of the sample, and which: the pilot first."""
ACTIVITY = (1.05, 1.0, 0.95, 1.0, 1.05, 0.95, 0.9, 1.0, 1.1, 0.95, 1.1, 1.0)
"""Reports per household, relative to the town."""

BEFORE, AFTER = 0, 1
_OLD_GRIDS_FROM = date(2022, 3, 1)


@dataclass(frozen=True)
class Township:
    """The town. Communities and departments stand in the order of their reference tables; grids and workers are frames.

    grids: grid_code, name, community, epoch, slot, households, population, valid_from, valid_to (days; NEVER = still valid)
    workers: worker, kind, fte, grid (row of grids), slot (0 first, 1 assistant), valid_from, valid_to, name, phone
    """

    community_codes: tuple[str, ...]
    community_names: tuple[str, ...]
    community_aliases: tuple[tuple[str, ...], ...]
    households: Ints
    population: Ints
    rented_share: Floats
    department_codes: tuple[str, ...]
    department_names: tuple[str, ...]
    department_aliases: tuple[tuple[str, ...], ...]
    divided_on: tuple[date, ...]
    grids: pd.DataFrame
    workers: pd.DataFrame

    @property
    def divided_day(self) -> Ints:
        """Day of the re-division of each community."""
        return np.array([day_number(day) for day in self.divided_on], dtype=np.int64)

    @property
    def short_names(self) -> tuple[str, ...]:
        return tuple(name.removesuffix("社区") for name in self.community_names)

    def grid_rows(self) -> Ints:
        """community·2 + epoch × slot → row of grids, -1 where there is no such grid."""
        rows = np.full((2 * len(self.community_codes), max(GRIDS_AFTER)), -1, dtype=np.int64)
        place = self.grids["community"] * 2 + self.grids["epoch"]
        rows[place, self.grids["slot"]] = np.arange(len(self.grids))
        return rows

    def worker_at(self, grid: Ints, day: Ints, *, slot: int = 0) -> Ints:
        """Row of workers who looked after the grid on the day, -1 for nobody."""
        duty = self.workers[self.workers["slot"] == slot].sort_values(["grid", "valid_from"])
        span = 1 << 20
        begins = (duty["grid"] * span + duty["valid_from"]).to_numpy()
        place = np.searchsorted(begins, grid * span + day, side="right") - 1
        safe = np.clip(place, 0, None)
        fits = (place >= 0) & (duty["grid"].to_numpy()[safe] == grid) & (duty["valid_to"].to_numpy()[safe] >= day)
        return np.where(fits, duty.index.to_numpy()[safe], -1).astype(np.int64)


def build_township(plan: Plan, reference: Path) -> Township:
    """The town of a seed. Raises KeyError when the reference tables are not those of the sample (C01 … C12)."""
    communities = {row["community_code"]: row for row in _table(reference / "communities.csv")}
    departments = _table(reference / "departments.csv")
    codes = tuple(f"C{i + 1:02d}" for i in range(len(GRIDS_BEFORE)))
    kept = [communities[code] for code in codes]
    divided = {code: _first_of_month(plan, share) for share, stage in STAGES for code in stage}
    divided_on = tuple(divided[code] for code in codes)
    generator = stream(plan.seed, "township")
    households = np.array([int(row["households"]) for row in kept], dtype=np.int64)
    population = np.array([int(row["population"]) for row in kept], dtype=np.int64)
    names = tuple(row["name"] for row in kept)
    grids = _grids(generator, names, households, population, divided_on)
    return Township(
        community_codes=codes,
        community_names=names,
        community_aliases=tuple(tuple(row["aliases"].split(";")) for row in kept),
        households=households,
        population=population,
        rented_share=np.array([float(row["rented_share"]) for row in kept]),
        department_codes=tuple(row["department_code"] for row in departments),
        department_names=tuple(row["name"] for row in departments),
        department_aliases=tuple(tuple(row["aliases"].split(";")) for row in departments),
        divided_on=divided_on,
        grids=grids,
        workers=build_roster(generator, plan, grids),
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _first_of_month(plan: Plan, share: float) -> date:
    return months_after(plan.start.replace(day=1), max(1, round(share * plan.months)))


def _grids(
    generator: np.random.Generator, names: tuple[str, ...], households: Ints, population: Ints, divided_on: tuple[date, ...]
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for community, (name, divided) in enumerate(zip(names, divided_on, strict=True)):
        for epoch, number in enumerate((GRIDS_BEFORE[community], GRIDS_AFTER[community])):
            homes = _split(generator, int(households[community]), number)
            people = _split(generator, int(population[community]), number, homes)
            begins = divided if epoch == AFTER else _OLD_GRIDS_FROM
            ends = day_number(divided) - 1 if epoch == BEFORE else NEVER
            rows += [
                {
                    "grid_code": f"WG{community + 1:02d}{slot + 1:02d}", "name": f"{name}第{slot + 1}网格", "community": community,
                    "epoch": epoch, "slot": slot, "households": homes[slot], "population": people[slot],
                    "valid_from": day_number(begins), "valid_to": ends,
                }
                for slot in range(number)
            ]  # fmt: skip
    return pd.DataFrame(rows)


def _split(generator: np.random.Generator, total: int, parts: int, weights: list[int] | None = None) -> list[int]:
    """Whole numbers that add up to total, roughly equal or in proportion to weights."""
    shares = np.asarray(weights, dtype=float) if weights else 1 + 0.06 * generator.standard_normal(parts).clip(-2, 2)
    cuts = np.round(np.cumsum(shares) / shares.sum() * total).astype(int)
    return [int(n) for n in np.diff(np.concatenate([[0], cuts]))]
