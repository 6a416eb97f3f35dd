"""What a division of the township into grids would mean for the load: arithmetic, no forecast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """A community, or all of them: what it has and what is reported there a week. workers: full-time equivalents."""

    code: str
    households: float
    grids: float
    workers: float
    weekly: float

    @property
    def per_grid(self) -> float | None:
        """Incidents a grid and week; None without grids."""
        return self.weekly / self.grids if self.grids else None

    @property
    def per_worker(self) -> float | None:
        """Incidents a full-time equivalent and week; None without workers."""
        return self.weekly / self.workers if self.workers else None


def divided(areas: Sequence[Area], *, households: float, workers: float) -> list[Area]:
    """The areas with as many grids as it takes for none to have more than `households`, and `workers` in each.

    Reports and households stay as they are. A grid does not cross the border of a community, so every one has at least one.
    """
    found = []
    for area in areas:
        grids = max(1, math.ceil(area.households / households))
        found.append(Area(area.code, area.households, grids, grids * workers, area.weekly))
    return found


def together(areas: Sequence[Area], code: str = "") -> Area:
    """All areas as one."""
    return Area(
        code,
        sum(area.households for area in areas),
        sum(area.grids for area in areas),
        sum(area.workers for area in areas),
        sum(area.weekly for area in areas),
    )
