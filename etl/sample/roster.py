"""The grid workers: who is hired, who looks after which grid and when, who is replaced."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from etl.sample.clock import day_number
from etl.sample.plan import Plan

FULL_TIME_SHARE = (0.25, 0.43)
"""Share of full-time workers before and after the re-division; makes 8 part-time and 6 full-time workers in the pilot."""
FTE = {"full_time": 1.0, "part_time": 0.5}
ASSISTANT_FTE = 0.3
ASSISTANT_SHARE = 0.15
"""Share of the large old grids with a second, part-time worker (一格多员)."""
REPLACED_SHARE = 0.25
"""Share of long assignments in which the worker leaves and a new one comes, up to three weeks later."""
_LONG_DAYS = 200
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_NUMERALS = "一二三四五六七八九十"


@dataclass
class Roster:
    """Assignments as they are made; hired: workers taken on so far."""

    generator: np.random.Generator
    plan: Plan
    hired: int = 0
    rows: list[dict[str, object]] = field(default_factory=list)

    def hire(self) -> str:
        """The number of a new worker."""
        self.hired += 1
        return f"GW{self.hired:04d}"

    def assign(self, worker: str, kind: str, grid: tuple[int, int, int], *, slot: int = 0, fte: float | None = None) -> None:
        """grid: row of the grid frame, first and last day."""
        row, begins, ends = grid
        self.rows.append(
            {"worker": worker, "kind": kind, "fte": FTE[kind] if fte is None else fte, "grid": row, "slot": slot,
             "valid_from": begins, "valid_to": ends}
        )  # fmt: skip

    def replacement_day(self, begins: int, ends: int) -> int | None:
        """Last day of a worker who leaves in mid-term, None for one who stays."""
        first, last = max(begins, day_number(self.plan.start)), min(ends, day_number(self.plan.until))
        if last - first <= _LONG_DAYS or self.generator.random() >= REPLACED_SHARE:
            return None
        return int(self.generator.integers(first + 60, last - 60))


def build_roster(generator: np.random.Generator, plan: Plan, grids: pd.DataFrame) -> pd.DataFrame:
    """worker, kind, fte, grid (row of grids), slot (0 first, 1 assistant), valid_from, valid_to (days), name, phone."""
    roster = Roster(generator, plan)
    for _, community in grids.groupby("community"):
        staff: list[tuple[str, str]] = []
        for epoch, here in community.groupby("epoch"):
            full = round(FULL_TIME_SHARE[int(str(epoch))] * len(here))
            new_full = full - sum(kind == "full_time" for _, kind in staff)
            new_part = len(here) - len(staff) - new_full
            staff += [(roster.hire(), kind) for kind in ["part_time"] * new_part + ["full_time"] * new_full]
            spans = zip(here.index, here["valid_from"], here["valid_to"], strict=True)
            staff = [_look_after(roster, member, grid) for member, grid in zip(staff, spans, strict=True)]
            if epoch == 0:
                _assistants(roster, here)
    frame = pd.DataFrame(roster.rows)
    people = [int(worker.removeprefix("GW")) for worker in frame["worker"]]
    return frame.assign(name=[person_name(n) for n in people], phone=[phone_number(9000 + n % 1000) for n in people])


def _look_after(roster: Roster, member: tuple[str, str], grid: tuple[int, int, int]) -> tuple[str, str]:
    """Assigns the worker, or the worker and a successor; returns who is there at the end."""
    worker, kind = member
    row, begins, ends = grid
    leaves = roster.replacement_day(begins, ends)
    if leaves is None:
        roster.assign(worker, kind, grid)
        return member
    roster.assign(worker, kind, (row, begins, leaves))
    successor = roster.hire()
    roster.assign(successor, kind, (row, leaves + 1 + int(roster.generator.integers(0, 21)), ends))
    return successor, kind


def _assistants(roster: Roster, grids: pd.DataFrame) -> None:
    for grid in zip(grids.index, grids["valid_from"], grids["valid_to"], strict=True):
        if roster.generator.random() < ASSISTANT_SHARE:
            roster.assign(roster.hire(), "part_time", grid, slot=1, fte=ASSISTANT_FTE)


def person_name(number: int) -> str:
    """A name nobody has: a surname, 样 (sample) and a numeral."""
    return f"{_SURNAMES[number % len(_SURNAMES)]}样{_NUMERALS[number // len(_SURNAMES) % len(_NUMERALS)]}"


def phone_number(number: int) -> str:
    """A number nobody has: the block 1990000 is not given out."""
    return f"1990000{number % 10_000:04d}"
