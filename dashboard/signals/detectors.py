"""What is asked: one metric and the units it is asked of. A detector knows no threshold of its own; those stand in judge.py."""

from __future__ import annotations

from dataclasses import dataclass

COMMUNITY, DEPARTMENT, GRID, WORKER = "community", "department", "grid", "worker"
STRATUM = "category"
"""Units are compared with the others' cases of the same work content, besides all others."""


@dataclass(frozen=True)
class Detector:
    """id: names its words (detector.<id>_…) · part: whose rows are worth a look, the metric's numerator or denominator ·
    is_jump: the unit is compared with its own earlier level · perfect: only rates from here on are asked about, and only where
    `unless_low` (a metric) is not below the others' as well.
    """

    id: str
    metric: str
    by: tuple[str, ...]
    part: str = "numerator"
    is_jump: bool = False
    perfect: float = 0.0
    unless_low: str = ""


DETECTORS = (
    Detector("instant", "instant_closing_rate", (DEPARTMENT, COMMUNITY, WORKER)),
    Detector("hugging", "deadline_hugging_rate", (DEPARTMENT, COMMUNITY)),
    Detector("batch", "batch_closing_rate", (DEPARTMENT,)),
    Detector("extension", "extension_rate", (DEPARTMENT, COMMUNITY)),
    Detector("rescued", "rescued_by_extension_rate", (DEPARTMENT, COMMUNITY)),
    Detector("parked", "parked_share", (DEPARTMENT, COMMUNITY)),
    Detector("excluded", "exclusion_share", (COMMUNITY, DEPARTMENT, GRID)),
    Detector("settled", "self_disposed_share", (COMMUNITY, GRID, WORKER), is_jump=True),
    Detector(
        "perfect",
        "satisfaction_rate:lenient",
        (COMMUNITY, DEPARTMENT),
        part="denominator",
        perfect=0.99,
        unless_low="repeat_complaint_rate",
    ),
    Detector("repeated", "satisfied_yet_repeated_rate", (COMMUNITY, DEPARTMENT)),
    Detector("copied", "copied_report_rate", (WORKER,)),
)

CEILINGS = ("closure_rate", "on_time_closure_rate", "satisfaction_rate:lenient", "solved_rate:lenient")
"""Rates that towns rank units by: asked whether they can tell units apart at all."""
CEILING_BY = (COMMUNITY, DEPARTMENT)


SCANNED = ((COMMUNITY, DEPARTMENT), (GRID,), (WORKER,))
"""Kinds of unit read in one scan a table; each scan over a million incidents takes tens of milliseconds."""


def metrics_by(kinds: tuple[str, ...], *, jumps_only: bool = False) -> tuple[str, ...]:
    """Every metric some question needs broken down by one of the kinds of unit; jumps_only: those needed of earlier days as well."""
    asked = [detector for detector in DETECTORS if set(kinds) & set(detector.by) and (detector.is_jump or not jumps_only)]
    keys = [key for detector in asked for key in (detector.metric, detector.unless_low) if key]
    ceilings = CEILINGS if set(kinds) & set(CEILING_BY) and not jumps_only else ()
    return tuple(dict.fromkeys([*keys, *ceilings]))
