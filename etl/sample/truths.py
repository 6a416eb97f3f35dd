"""The known truths planted in the sample, with their sizes. Nothing else in the generator differs between communities or departments
beyond what is listed here and in work.csv."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hotspot:
    """A 小类 that one community reports so many times as often."""

    community: str
    subcategory: str
    factor: float


@dataclass(frozen=True)
class Gaming:
    """Habits of a few units that flatter their numbers, in the last weeks of the sample. An empty code: nobody.

    weeks: how long they have had them; the settling community began later, so that its jump can be seen.
    """

    weeks: int = 26
    hugging_department: str = "D21"
    hugging_share: float = 0.38
    """Share of its cases that are closed only in the last twentieth of the time allowed, though handled before."""
    batched_department: str = "D36"
    batched_share: float = 0.9
    """Share of its cases that wait for five past five, to be closed together – unless that would be late."""
    asks_for_time_department: str = "D15"
    asks_for_time_share: float = 0.35
    """Share of its cases for which it asks for an extension, needed or not."""
    scripted_community: str = "C01"
    """Residents say they are satisfied, whatever they think."""
    settling_community: str = "C03"
    settling_weeks: int = 13
    settling_share: float = 0.6
    """Share of the cases of its grid workers that become self-disposed instead of going to a department."""
    voiding_community: str = "C07"
    voiding_share: float = 0.22
    """Share of its cases that are declared void instead of being handled."""
    copying_community: str = "C09"
    """Its busiest grid worker reports everything three times."""


@dataclass(frozen=True)
class Effects:
    """Codes as in data/reference. Factors multiply; 1 = no effect."""

    slow_community: str = "C05"
    slow_factor: float = 1.5
    """Time from dispatch to disposal in the slow community."""

    unlucky_community: str = "C12"
    """Small; its parameters are the town's; its last twelve weeks were drawn until they looked bad."""

    instant_department: str = "D23"
    instant_share: float = 0.92
    """Share of this department's cases that are closed in the minute they are reported."""
    instant_satisfaction: float = -1.6
    """Change of the log-odds of satisfaction where nothing was done."""

    slow_answering_department: str = "D20"
    slow_answering_factor: float = 6.0
    """Working time from a hand-over to the 签收 of this department."""

    division_reports_factor: float = 1.25
    """Reports by grid workers after the re-division: more eyes."""
    division_time_factor: float = 0.85
    """Time from dispatch to disposal after the re-division."""

    reached_if_satisfied: float = 0.655
    reached_if_dissatisfied: float = 0.40
    """Chance that somebody answers the callback, by what the resident really thinks."""
    attempted_share: float = 0.85

    gaming: Gaming = Gaming()

    hotspots: tuple[Hotspot, ...] = (
        Hotspot("C06", "占道经营", 3.0),
        Hotspot("C05", "群租线索", 2.5),
        Hotspot("C02", "乱停车", 2.0),
        Hotspot("C09", "餐饮油烟", 2.5),
    )


EFFECTS = Effects()
