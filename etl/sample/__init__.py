"""The invented township: exports as real systems write them, with known truths planted in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from etl.sample import facts
from etl.sample.callbacks import build_callbacks
from etl.sample.chance import stream
from etl.sample.clock import read_calendar
from etl.sample.incident_files import write_incidents
from etl.sample.incidents import build_incidents, incident_ids, working_clock
from etl.sample.other_files import (
    CALLBACK_PHONE,
    PATROL_PHONE,
    Desk,
    write_callbacks,
    write_grids,
    write_patrols,
    write_service_cases,
    write_steps,
    write_workers,
)
from etl.sample.patrols import build_patrols
from etl.sample.plain import write_plain_incidents
from etl.sample.plan import Plan
from etl.sample.record import Written
from etl.sample.reports import Where
from etl.sample.roster import person_name
from etl.sample.service import build_service_cases, usual_number
from etl.sample.spoils import Spoils, plan_spoils
from etl.sample.steps import build_steps, with_answers
from etl.sample.township import build_township
from etl.sample.truths import EFFECTS
from etl.sample.vocabulary import read_vocabulary
from etl.sample.work import read_work

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
TRUTHS = "truths.json"
DEADLINE_RULE = (
    "The clock starts at dispatch. Working days: 23:59:59 of the n-th working day after the day of dispatch. "
    "Natural days: 23:59:59 of the n-th day after it. Working hours: opening hours only. Hours: to the second."
)


def _silent(_: str) -> None:
    """Says nothing."""


def write_sample(
    inbox: Path,
    *,
    seed: int = 2024,
    months: int = 36,
    incidents: int = 60_000,
    until: date = date(2026, 11, 15),
    progress: Callable[[str], None] = _silent,
    plain: bool = False,
    reference: Path = REFERENCE,
) -> Path:
    """Writes the exports of the invented township into inbox and the planted truths beside it; returns the path of truths.json.

    The same arguments give the same bytes. plain: one tidy CSV of incidents, for benchmarks. Files of an earlier sample in the inbox are
    removed first, others are left alone. Raises ValueError for less than a month or than 100 incidents, KeyError when the communities in
    the reference tables are not those of the sample.
    """
    plan = Plan(seed, months, incidents, until)
    town = build_township(plan, reference)
    where = Where(plan, town, read_work(town.department_codes), read_calendar(reference), EFFECTS)
    inbox.mkdir(parents=True, exist_ok=True)
    _remove_earlier(inbox)
    progress(f"示例镇：{incidents:,} 件事件，{plan.start} 至 {plan.until}")
    frame, made = build_incidents(where)
    calls = build_callbacks(stream(seed, "callbacks"), where, working_clock(where), frame, plan.half_years()[-1].export_moment)
    spoils = plan_spoils(stream(seed, "mess", 1), where, frame)
    desk = Desk(inbox, where, read_vocabulary(reference), stream(seed, "mess", 2), plan.exported_at, plain)
    if plain:
        files = [write_plain_incidents(inbox, where, desk.vocabulary, frame, progress)]
    else:
        files = write_incidents(inbox, where, desk.vocabulary, spoils, frame, progress)
    files += _write_others(desk, frame, calls, progress)
    truths = _truths(where, frame, calls, made, files, None if plain else spoils)
    path = inbox.parent / TRUTHS
    path.write_text(json.dumps(truths, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    progress(f"示例镇：{len(files)} 个文件，{sum(file.rows for file in files):,} 行，已知事实记在 {path.name}")
    return path


def _remove_earlier(inbox: Path) -> None:
    """The files the last sample wrote here."""
    truths = inbox.parent / TRUTHS
    if truths.exists():
        for file in json.loads(truths.read_text(encoding="utf-8")).get("files", []):
            (inbox / Path(str(file["name"])).name).unlink(missing_ok=True)


def _write_others(desk: Desk, frame: pd.DataFrame, calls: pd.DataFrame, progress: Callable[[str], None]) -> list[Written]:
    plan, where = desk.where.plan, desk.where
    at, clock = plan.half_years()[-1].export_moment, working_clock(where)
    cases = build_service_cases(stream(plan.seed, "service"), where, clock, usual_number(plan.months, plan.incidents))
    patrols = build_patrols(stream(plan.seed, "patrols"), where)
    progress(f"网格、网格员、回访 {len(calls):,} 次、巡查 {len(patrols):,} 次、办件 {len(cases):,} 件")
    files = [write_grids(desk), write_workers(desk)]
    files += write_patrols(desk, patrols) + write_service_cases(desk, cases) + write_callbacks(desk, frame, calls)
    if not desk.is_tidy:
        handed = build_steps(stream(plan.seed, "steps"), where, frame, at)
        files.append(write_steps(desk, frame, with_answers(stream(plan.seed, "answers"), where, frame, handed, at)))
    return files


def _truths(
    where: Where, frame: pd.DataFrame, calls: pd.DataFrame, made: dict[str, int], files: list[Written], spoils: Spoils | None
) -> dict[str, Any]:
    plan = where.plan
    return {
        "version": 1,
        "sample": {
            "seed": plan.seed, "months": plan.months, "incidents": plan.incidents, "from": plan.start.isoformat(),
            "until": plan.until.isoformat(), "exported_at": plan.exported_at.isoformat(), "plain": spoils is None,
        },
        "deadline_rule": DEADLINE_RULE,
        "planted": facts.planted(where, frame, calls, made),
        "expected": facts.expected(where, frame),
        "files": [file.as_truth() for file in files],
        "rows": {kind: sum(f.rows for f in files if f.kind == kind) for kind in sorted({f.kind for f in files})},
        "planted_words": _planted_words(frame, spoils) if spoils else {},
        "planted_personal": _planted_personal(spoils),
    }  # fmt: skip


def _planted_words(frame: pd.DataFrame, spoils: Spoils) -> dict[str, Any]:
    """Column → the incidents whose word nobody knows: incident_id, word (null = blank)."""
    return {
        column: [
            {"incident_id": incident_id, "word": spoils.words[column, row]}
            for row, incident_id in zip(spoils.rows(column), incident_ids(frame.loc[spoils.rows(column)]), strict=True)
        ]
        for column in ("community", "department", "category")
    }


def _planted_personal(spoils: Spoils | None) -> dict[str, Any]:
    """What must not be found in anything built from the exports."""
    return {
        "phone_pattern": r"1990000\d{4}",
        "names": sorted({person_name(number) for number in range(330)}),
        "phones_in_text": sorted({PATROL_PHONE, CALLBACK_PHONE, *(spoils.phones if spoils else ())}),
        "identity_numbers_in_text": sorted(spoils.identities) if spoils else [],
        "descriptions": _distinct(spoils.placed) if spoils else [],
    }


def _distinct(placed: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    seen = {(item["incident_id"], item["said"]): item for item in placed}
    return [seen[key] for key in sorted(seen)]
