"""The planted truths and what can be counted exactly, as truths.json says them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from etl.sample import callbacks, gaming
from etl.sample.chance import Flags
from etl.sample.clock import DAY, MINUTE, NEVER, day_number, day_of, moment_number
from etl.sample.handling import SPREAD, USUAL_SHARE
from etl.sample.incidents import REPEAT_DAYS
from etl.sample.luck import in_recent_weeks, on_time_rates
from etl.sample.opinion import FIRST_DISSATISFIED, is_callback_due
from etl.sample.reports import Where
from etl.sample.standing import measures
from etl.sample.township import AFTER, BEFORE

_ANSWERED_RESULTS = tuple(callbacks.RESULTS.index(name) for name in ("reached", "refused", "appointment"))


def planted(where: Where, incidents: pd.DataFrame, calls: pd.DataFrame, made: dict[str, int]) -> dict[str, Any]:
    """The five planted truths and the smaller ones beside them."""
    recent = on_time_rates(where, incidents[in_recent_weeks(where, incidents)])
    ever = on_time_rates(where, incidents)
    return {
        "slow_community": _slow(where, recent, ever),
        "unlucky_community": _unlucky(where, recent, ever, made["luck_draw"]),
        "instant_department": _instant(where, incidents),
        "slow_answering_department": {
            "department_code": where.effects.slow_answering_department,
            "minutes_to_answer_factor": where.effects.slow_answering_factor,
        },
        "gaming": _gaming(where, incidents),
        "callbacks_miss_dissatisfied": _missed(where, incidents, calls),
        "redivision": _redivision(where),
        "hotspots": [
            {"community_code": spot.community, "subcategory": spot.subcategory, "factor": spot.factor}
            for spot in where.effects.hotspots
        ],
        "repeats": {"planted": made["repeats"], "within_days_of_closing": REPEAT_DAYS},
        "handling": {"median_share_of_time_allowed": USUAL_SHARE, "spread_of_logarithm": SPREAD},
    }


def _slow(where: Where, recent: pd.DataFrame, ever: pd.DataFrame) -> dict[str, Any]:
    place = where.town.community_codes.index(where.effects.slow_community)
    return {
        "community_code": where.effects.slow_community,
        "community_name": where.town.community_names[place],
        "hours_to_dispose_factor": where.effects.slow_factor,
        "on_time_recent": _rate(recent, place), "on_time_recent_town": _rate(recent), "on_time_ever": _rate(ever, place),
        "on_time_ever_town": _rate(ever),
    }  # fmt: skip


def _unlucky(where: Where, recent: pd.DataFrame, ever: pd.DataFrame, stream: int) -> dict[str, Any]:
    place = where.town.community_codes.index(where.effects.unlucky_community)
    first, last = where.plan.recent
    return {
        "community_code": where.effects.unlucky_community,
        "community_name": where.town.community_names[place],
        "households": int(where.town.households[place]),
        "hours_to_dispose_factor": 1.0,
        "recent_from": first.isoformat(), "recent_to": last.isoformat(), "luck_draw": stream,
        "on_time_recent": _rate(recent, place), "on_time_recent_town": _rate(recent),
        "rank_from_the_bottom": int((recent["rate"] < recent["rate"].iloc[place]).sum()) + 1,
        "on_time_ever": _rate(ever, place), "on_time_ever_town": _rate(ever),
    }  # fmt: skip


def _rate(table: pd.DataFrame, place: int | None = None) -> dict[str, Any]:
    rows = table if place is None else table.iloc[[place]]
    due, on_time = int(rows["due"].sum()), int(rows["on_time"].sum())
    return {"numerator": on_time, "denominator": due, "value": on_time / due if due else None}


def _share(part: Flags, whole: Flags) -> dict[str, Any]:
    numerator, denominator = int((part & whole).sum()), int(whole.sum())
    return {"numerator": numerator, "denominator": denominator, "value": numerator / denominator if denominator else None}


def _instant(where: Where, incidents: pd.DataFrame) -> dict[str, Any]:
    place = where.town.department_codes.index(where.effects.instant_department)
    at = moment_number(where.plan.exported_at)
    closed = measures(incidents, at)["is_closed"].to_numpy()
    own = closed & (incidents["department"] == place).to_numpy()
    same_minute = (incidents["closed"] // MINUTE == incidents["reported"] // MINUTE).to_numpy()
    return {
        "department_code": where.effects.instant_department,
        "department_name": where.town.department_names[place],
        "share": where.effects.instant_share,
        "closed_in_the_minute_of_the_report": _share(same_minute, own),
        "the_same_elsewhere": _share(same_minute, closed & ~own),
        "change_of_log_odds_of_satisfaction": where.effects.instant_satisfaction,
    }


def _gaming(where: Where, incidents: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a planted habit: metric, dimension, unit, from (day) and how many of the last twelve weeks' cases it touches.

    The worker is given by the number the exports carry; the warehouse knows only a pseudonym of it.
    """
    habits, town = where.effects.gaming, where.town
    recent = in_recent_weeks(where, incidents).to_numpy()
    gone = incidents["void"] | incidents["rejected"] | incidents["duplicate"] | incidents["parked"]
    worker = gaming.copying_worker(where, incidents)
    rows = (
        ("deadline_hugging_rate", "department", habits.hugging_department, incidents["hugging"]),
        ("batch_closing_rate", "department", habits.batched_department, incidents["batched"]),
        ("extension_rate", "department", habits.asks_for_time_department, incidents["extended"] < NEVER),
        ("satisfaction_rate:lenient", "community", habits.scripted_community, incidents["satisfied"]),
        ("self_disposed_share", "community", habits.settling_community, incidents["self_disposed"]),
        ("exclusion_share", "community", habits.voiding_community, gone),
    )
    found = [
        {"metric": metric, "dimension": dimension, "unit": unit, "recent": _share(flag.to_numpy(), recent & _own(where, incidents, dimension, unit))}
        for metric, dimension, unit, flag in rows
        if unit
    ]  # fmt: skip
    if worker >= 0:
        found.append({"metric": "copied_report_rate", "dimension": "worker", "unit": str(town.workers["worker"].iloc[worker])})
    weeks = {"self_disposed_share": habits.settling_weeks}
    days = [day_of(gaming.since(where.plan, weeks.get(str(entry["metric"]), habits.weeks))) for entry in found]
    return [{**entry, "from": day.isoformat()} for entry, day in zip(found, days, strict=True)]


def _own(where: Where, incidents: pd.DataFrame, dimension: str, code: str) -> Flags:
    codes = where.town.department_codes if dimension == "department" else where.town.community_codes
    return np.asarray(incidents[dimension].to_numpy() == codes.index(code))


def _missed(where: Where, incidents: pd.DataFrame, calls: pd.DataFrame) -> dict[str, Any]:
    at = moment_number(where.plan.exported_at)
    due = is_callback_due(incidents, callbacks.RESIDENT_CHANNELS, at).to_numpy()
    first = calls[calls["round"] == 1]
    flags = {
        "attempted": _called(incidents, first),
        "reached": _called(incidents, first[first["result"].isin(_ANSWERED_RESULTS)]),
        "complete": _called(incidents, first[first["satisfaction"] >= 0]),
        "satisfied": incidents["satisfied"].to_numpy(),
    }
    community = incidents["community"].to_numpy()
    everyone = np.ones(len(incidents), dtype=bool)
    return {
        "attempted_share": where.effects.attempted_share,
        "reached_if_satisfied": where.effects.reached_if_satisfied,
        "reached_if_dissatisfied": where.effects.reached_if_dissatisfied,
        "first_level_counted_dissatisfied": ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied")[
            FIRST_DISSATISFIED
        ],
        "town": _true_and_observed(due, everyone, flags),
        "communities": {code: _true_and_observed(due, community == n, flags) for n, code in enumerate(where.town.community_codes)},
        "calls": len(calls),
        "second_round_calls": int((calls["round"] == 2).sum()),
        "escalated": int(calls["escalated"].sum()),
    }


def _called(incidents: pd.DataFrame, calls: pd.DataFrame) -> Flags:
    flags = np.zeros(len(incidents), dtype=bool)
    flags[calls["incident"].to_numpy()] = True
    return flags


def _true_and_observed(due: Flags, here: Flags, flags: dict[str, Flags]) -> dict[str, Any]:
    asked = due & here
    return {
        "due": int(asked.sum()),
        **{name: int((asked & flags[name]).sum()) for name in ("attempted", "reached", "complete")},
        "true_satisfied": _share(flags["satisfied"], asked),
        "observed_satisfied": _share(flags["satisfied"], asked & flags["complete"]),
    }


def _redivision(where: Where) -> dict[str, Any]:
    town, effects = where.town, where.effects
    return {
        "patrol_reports_factor": effects.division_reports_factor,
        "hours_to_dispose_factor": effects.division_time_factor,
        "grids_before": int((town.grids["epoch"] == BEFORE).sum()),
        "grids_after": int((town.grids["epoch"] == AFTER).sum()),
        "communities": {code: _division(where, n) for n, code in enumerate(town.community_codes)},
    }


def _division(where: Where, place: int) -> dict[str, Any]:
    town, day = where.town, day_number(where.town.divided_on[place])
    grids = town.grids[town.grids["community"] == place]
    return {
        "divided_on": town.divided_on[place].isoformat(),
        "grids_before": int((grids["epoch"] == BEFORE).sum()), "grids_after": int((grids["epoch"] == AFTER).sum()),
        "households": int(town.households[place]),
        "fte_before": _fte(where, place, day - 1), "fte_after": _fte(where, place, day),
        "workers_after": int(_on_duty(where, place, day)["worker"].nunique()),
    }  # fmt: skip


def _fte(where: Where, place: int, day: int) -> float:
    return round(float(_on_duty(where, place, day)["fte"].sum()), 2)


def _on_duty(where: Where, place: int, day: int) -> pd.DataFrame:
    workers = where.town.workers
    here = where.town.grids["community"].to_numpy()[workers["grid"]] == place
    on_duty: pd.DataFrame = workers.loc[here & (workers["valid_from"] <= day) & (workers["valid_to"] >= day)]
    return on_duty


def expected(where: Where, incidents: pd.DataFrame) -> dict[str, Any]:
    """Counts as of the newest export, over the truth: moments to the second, deadlines by the rule of truths.json."""
    at = moment_number(where.plan.exported_at)
    flags = measures(incidents, at)
    duplicate = incidents["duplicate"] & (incidents["closed"] <= at)
    ended = incidents["ended"] <= at
    return {
        "incidents": len(incidents),
        "registered": int((incidents["registered"] <= at).sum()),
        "dispatched": int((incidents["dispatched"] <= at).sum()),
        "self_disposed": int(incidents["self_disposed"].sum()),
        "duplicate": int(duplicate.sum()),
        "void": int((incidents["void"] & ended).sum()),
        "rejected": int((incidents["rejected"] & ended).sum()),
        "parked": int((incidents["parked"] & ended).sum()),
        "open": int((flags["is_counted"] & ~flags["is_closed"]).sum()),
        "extended": int((flags["is_counted"] & (incidents["extended"] <= at)).sum()),
        "reworked": int((flags["is_counted"] & (incidents["reworked"] <= at)).sum()),
        **{name.removeprefix("is_"): int(flags[name].sum()) for name in map(str, flags.columns)},
        "without_grid": int((incidents["grid"] < 0).sum()),
        "without_worker": int((incidents["worker"] < 0).sum()),
        "by_community": [int(n) for n in np.bincount(incidents["community"], minlength=len(where.town.community_codes))],
        "reported_on_last_day": int((incidents["reported"] // DAY == day_number(where.plan.until)).sum()),
        "never_handled": int((incidents["stale"] & (incidents["disposed"] >= NEVER)).sum()),
    }
