"""Every metric once more in pandas, over the sample township: two ways of counting, one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from dashboard.metrics.catalogue import catalogue
from dashboard.metrics.compute import compute
from dashboard.view import FILTERS, View
from dashboard.warehouse import Snapshot

COLUMN = {"grid": "grid_id"} | {name: f"{name}_code" for name in ("community", "category", "department", "channel", "level")}
BANDS = {
    "backlog_under_7_days": (0, 7),
    "backlog_7_to_30_days": (7, 30),
    "backlog_30_to_90_days": (30, 90),
    "backlog_over_90_days": (90, 100_000),
}
VIEWS = (
    View(),
    View(period="all"),
    View(period="last_year", community=("C01", "C05")),
    View(period="last_month", category=("03",), channel=("hotline", "resident_app")),
    View.from_query("?from=2026-03-05&to=2026-03-17&department=D02,D09&level=town"),
)


@dataclass(frozen=True)
class Frames:
    """The rows of a view. incident: reported in the period · closed: closed in it · known: all that pass the filters ·
    assignment: given in the period · given: all assignments that pass the filters."""

    incident: pd.DataFrame
    closed: pd.DataFrame
    callback: pd.DataFrame
    assignment: pd.DataFrame
    given: pd.DataFrame
    service: pd.DataFrame
    patrol: pd.DataFrame
    exposure: pd.DataFrame
    known: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp


def share(top: pd.Series, bottom: pd.Series) -> float:
    return float(top.sum() / bottom.sum()) if bottom.sum() else np.nan


def true(column: pd.Series) -> pd.Series:
    """Yes, as opposed to no or not known."""
    return column.fillna(False).astype(bool)


def holds(frame: pd.DataFrame, condition: str) -> float:
    """Share of rows a condition holds for."""
    return len(frame.query(condition)) / len(frame) if len(frame) else np.nan


def quantile(values: pd.Series, fraction: float) -> float:
    known = values.dropna()
    return float(np.quantile(known.to_numpy(dtype=float), fraction)) if len(known) else np.nan


def handling(frames: Frames, promise: str, fraction: float) -> float:
    return quantile(frames.service.query(f"is_done & {promise}")["hours_to_done"], fraction)


def stock(frames: Frames, youngest: int = 0, oldest: int = 100_000) -> float:
    rows = frames.known[frames.known["is_counted"]]
    age = (frames.end - rows["reported_on"]).dt.days
    is_open = (age >= 0) & ~(rows["closed_on"] <= frames.end)
    return float((is_open & (age >= youngest) & (age < oldest)).sum())


def held(frames: Frames, rows: pd.Series) -> float:
    """Assignments among rows that a department had at the end of the period."""
    given = frames.given[rows]
    return float(((given["assigned_on"] <= frames.end) & ~(given["ended_on"] <= frames.end)).sum())


def answerable(frames: Frames) -> pd.DataFrame:
    return frames.assignment[frames.assignment["is_accepted_in_time"].notna()]


def counted(frames: Frames) -> pd.DataFrame:
    return frames.incident[frames.incident["is_counted"]]


def complete(frames: Frames) -> pd.DataFrame:
    return frames.callback[frames.callback["is_complete"]]


def of_due(frames: Frames, column: str) -> float:
    rows = counted(frames)
    return share(true(rows[column]), rows["is_due"] & rows[column].notna())


def rescued(rows: pd.DataFrame) -> float:
    """On time by the extended deadline and late by the original one, of the due with both."""
    rows = rows[rows["is_due"] & rows["is_on_time"].notna() & rows["is_on_time_original"].notna()]
    return float((true(rows["is_on_time"]) & ~true(rows["is_on_time_original"])).mean())


def levels(frames: Frames, *codes: str) -> pd.Series:
    return complete(frames)["satisfaction_code"].isin(codes)


def flow(name: str) -> Callable[[Frames], float]:
    return lambda f: float(f.incident[name].sum())


def per(rows: Callable[[Frames], pd.DataFrame], exposure: Callable[[pd.DataFrame], float]) -> Callable[[Frames], float]:
    return lambda f: len(rows(f)) / exposure(f.exposure) if exposure(f.exposure) else np.nan


def grid_weeks(days: pd.DataFrame) -> float:
    return len(days) / 7


def fte_weeks(days: pd.DataFrame) -> float:
    return float(days["fte"].sum()) / 7


def household_weeks(days: pd.DataFrame) -> float:
    return float(days["households"].sum()) / 7000


def score(contacted: float, solved: float, satisfied: float) -> Callable[[Frames], float]:
    weights = {"contacted_rate": contacted, "solved_rate": solved, "satisfaction_rate": satisfied}
    return lambda f: 100 * sum(weight * SECOND[name](f) for name, weight in weights.items())


SATISFIED = ("very_satisfied", "satisfied")
LENIENT = (*SATISFIED, "basically_satisfied")

SECOND: dict[str, Callable[[Frames], float]] = {
    "reported": lambda f: float(len(f.incident)),
    "registered": flow("is_registered"),
    "registration_rate": lambda f: share(f.incident["is_registered"] & ~f.incident["is_duplicate"], ~f.incident["is_duplicate"]),
    "registration_rate:all_reports": lambda f: f.incident["is_registered"].mean(),
    "dispatched": flow("is_dispatched"),
    "accurate_dispatch_rate": lambda f: true(
        f.incident.loc[f.incident["is_dispatched"], "is_accurately_dispatched"].dropna()
    ).mean(),
    "accurate_dispatch_rate:minus_rework": lambda f: 1 - f.incident.loc[f.incident["is_dispatched"], "is_reworked"].mean(),
    "self_disposed_share": lambda f: f.incident["is_self_disposed"].mean(),
    "void_share": lambda f: f.incident["is_void"].mean(),
    "parked_share": lambda f: f.incident.query("is_registered & ~is_void & ~is_duplicate & ~is_self_disposed")["is_parked"].mean(),
    "due": lambda f: float(counted(f)["is_due"].sum()),
    "closed": lambda f: float(counted(f)["is_closed"].sum()),
    "closed:by_closing": lambda f: float(f.closed.query("is_counted & is_closed").shape[0]),
    "closed_late": lambda f: float(counted(f).query("is_closed")["is_on_time"].dropna().eq(False).sum()),
    "closure_rate": lambda f: share(counted(f)["is_closed"], counted(f)["is_due"]),
    "closure_rate:all_tickets": lambda f: (f.incident["status_code"] == "closed").mean(),
    "closure_rate:without_void": lambda f: (f.incident.loc[~f.incident["is_void"], "status_code"] == "closed").mean(),
    "closure_rate:without_parked": lambda f: (
        f.incident.query("is_registered & ~is_parked & ~is_void")["status_code"] == "closed"
    ).mean(),
    "on_time_closure_rate": lambda f: of_due(f, "is_on_time"),
    "on_time_closure_rate:of_closed": lambda f: share(true(counted(f)["is_on_time"]), counted(f)["is_closed"]),
    "on_time_closure_rate:late_vanishing": lambda f: share(
        true(counted(f)["is_on_time"]), true(counted(f)["is_on_time"]) | (counted(f)["is_disposed"] & ~counted(f)["is_closed"])
    ),
    "on_time_closure_rate:source_flag": lambda f: true(f.incident["source_is_on_time"].dropna()).mean(),
    "on_time_closure_rate_original": lambda f: of_due(f, "is_on_time_original"),
    "on_time_disposal_rate": lambda f: of_due(f, "is_disposed_on_time"),
    "open_overdue": lambda f: float(counted(f)["is_open_overdue"].sum()),
    "open_not_due": lambda f: float(counted(f)["is_open_not_due"].sum()),
    "unclosed_rate": lambda f: holds(f.incident, "~is_void & ~is_duplicate & ~is_self_disposed & ~is_closed"),
    "median_hours_to_close": lambda f: quantile(f.incident.query("is_closed")["hours_to_close"], 0.5),
    "p90_hours_to_close": lambda f: quantile(f.incident.query("is_closed")["hours_to_close"], 0.9),
    "median_hours_to_close:by_closing": lambda f: quantile(f.closed.query("is_closed")["hours_to_close"], 0.5),
    "p90_hours_to_close:by_closing": lambda f: quantile(f.closed.query("is_closed")["hours_to_close"], 0.9),
    "median_hours_to_register": lambda f: quantile(f.incident.query("is_registered")["hours_to_register"], 0.5),
    "median_hours_to_dispatch": lambda f: quantile(f.incident.query("is_dispatched")["hours_to_dispatch"], 0.5),
    "median_hours_to_dispose": lambda f: quantile(f.incident.query("is_disposed")["hours_to_dispose"], 0.5),
    "median_hours_to_check": lambda f: quantile(f.incident.query("is_checked")["hours_to_check"], 0.5),
    "median_hours_to_archive": lambda f: quantile(f.incident.query("is_closed")["hours_to_archive"], 0.5),
    "backlog": stock,
    **{name: partial(stock, youngest=low, oldest=high) for name, (low, high) in BANDS.items()},
    "rework_rate": lambda f: share(counted(f)["is_reworked"], counted(f)["is_checked"]),
    "rework_rate:of_disposed": lambda f: share(counted(f)["is_reworked"], counted(f)["is_disposed"]),
    "rework_rate:of_due": lambda f: share(counted(f)["is_reworked"], counted(f)["is_due"]),
    "rework_rate:times": lambda f: counted(f).query("is_checked")["rework_count"].mean(),
    "extension_rate": lambda f: counted(f)["is_extended"].mean(),
    "repeat_complaint_rate": lambda f: f.closed.query("is_repeat_observable")["is_repeated"].mean(),
    "incidents_per_grid": per(lambda f: f.incident, grid_weeks),
    "incidents_per_fte": per(lambda f: f.incident, fte_weeks),
    "incidents_per_1000_households": per(lambda f: f.incident, household_weeks),
    "patrols_per_grid": per(lambda f: f.patrol, grid_weeks),
    "patrols_per_fte": per(lambda f: f.patrol, fte_weeks),
    "patrols_per_1000_households": per(lambda f: f.patrol, household_weeks),
    **{
        f"{what}_per_{unit}": per(rows, exposure)
        for what, rows in (
            ("callbacks", lambda f: f.callback[true(f.callback["is_attempted"])]),
            ("service_cases", lambda f: f.service),
        )
        for unit, exposure in (("grid", grid_weeks), ("fte", fte_weeks), ("1000_households", household_weeks))
    },
    "callbacks_due": lambda f: float(f.callback["is_due"].sum()),
    "callback_coverage": lambda f: f.callback.query("is_due")["is_attempted"].mean(),
    "callback_reach_rate": lambda f: f.callback.query("is_attempted")["is_reached"].mean(),
    "callback_response_rate": lambda f: f.callback.query("is_due")["is_complete"].mean(),
    "contacted_rate": lambda f: complete(f)["is_contacted"].mean(),
    "solved_rate": lambda f: complete(f)["solved_credit"].sum() / len(complete(f)) if len(complete(f)) else np.nan,
    "solved_rate:strict": lambda f: (complete(f)["solved_code"] == "solved").mean(),
    "solved_rate:lenient": lambda f: complete(f)["solved_code"].isin(["solved", "partly"]).mean(),
    "satisfaction_rate": lambda f: complete(f)["satisfaction_credit"].sum() / len(complete(f)) if len(complete(f)) else np.nan,
    "satisfaction_rate:strict": lambda f: levels(f, *SATISFIED).mean(),
    "satisfaction_rate:credit_90": lambda f: (levels(f, *SATISFIED) + 0.9 * levels(f, "basically_satisfied")).mean(),
    "satisfaction_rate:lenient": lambda f: levels(f, *LENIENT).mean(),
    "satisfaction_rate:of_all_closed": lambda f: share(levels(f, *LENIENT), f.closed["is_closed"]),
    "satisfaction_rate:one_minus_dissatisfied": lambda f: 1 - share(complete(f)["is_dissatisfied"], f.closed["is_closed"]),
    "satisfaction_rate:worst_called": lambda f: holds(f.callback.query("is_attempted"), "is_complete & ~is_dissatisfied"),
    "satisfaction_rate:best_called": lambda f: 1 - f.callback.query("is_attempted")["is_dissatisfied"].mean(),
    "satisfaction_rate:worst_closed": lambda f: share(~complete(f)["is_dissatisfied"], f.closed["is_closed"]),
    "satisfaction_rate:best_closed": lambda f: 1 - share(complete(f)["is_dissatisfied"], f.closed["is_closed"]),
    "three_rate_composite": score(0.1, 0.5, 0.4),
    "three_rate_composite:weights_30_35_35": score(0.30, 0.35, 0.35),
    "dissatisfied_rate": lambda f: complete(f)["is_dissatisfied"].mean(),
    "dissatisfied_rate:of_closed": lambda f: share(complete(f)["is_dissatisfied"], f.closed["is_closed"]),
    "second_round_rate": lambda f: f.callback.query("is_dissatisfied")["is_second_round"].mean(),
    "escalation_rate": lambda f: f.callback.query("is_second_round_dissatisfied")["is_escalated"].mean(),
    "assignments": lambda f: float(len(f.assignment)),
    "finished_assignments": lambda f: float(f.given["is_done"][f.given["ended_on"].between(f.start, f.end)].sum()),
    "answered_in_time_rate": lambda f: true(f.assignment["is_accepted_in_time"].dropna()).mean(),
    "return_rate": lambda f: true(f.assignment["is_returned"].dropna()).mean(),
    "assignment_on_time_rate": lambda f: true(f.assignment.loc[f.assignment["is_due"], "is_on_time"].dropna()).mean(),
    "open_assignments": lambda f: held(f, f.given["is_open"] | f.given["ended_on"].notna()),
    "overdue_assignments": lambda f: held(f, f.given["is_open_overdue"]),
    "median_hours_to_answer": lambda f: quantile(answerable(f)["hours_to_answer"], 0.5),
    "p90_hours_to_answer": lambda f: quantile(answerable(f)["hours_to_answer"], 0.9),
    "median_hours_to_finish": lambda f: quantile(f.assignment.query("is_done")["hours_to_done"], 0.5),
    "p90_hours_to_finish": lambda f: quantile(f.assignment.query("is_done")["hours_to_done"], 0.9),
    "service_cases": lambda f: float(len(f.service)),
    "on_promise_rate": lambda f: true(f.service.query("is_due")["is_on_promise"]).mean(),
    "median_wait_minutes": lambda f: quantile(f.service["wait_minutes"], 0.5),
    "p90_wait_minutes": lambda f: quantile(f.service["wait_minutes"], 0.9),
    "median_handling_hours": lambda f: quantile(f.service.query("is_done")["hours_to_done"], 0.5),
    "p90_handling_hours": lambda f: quantile(f.service.query("is_done")["hours_to_done"], 0.9),
    "median_handling_hours:at_once": lambda f: handling(f, "promised_working_days == 0", 0.5),
    "p90_handling_hours:at_once": lambda f: handling(f, "promised_working_days == 0", 0.9),
    "median_handling_hours:promised": lambda f: handling(f, "promised_working_days > 0", 0.5),
    "p90_handling_hours:promised": lambda f: handling(f, "promised_working_days > 0", 0.9),
    "rating_share": lambda f: f.service.query("is_done")["is_rated"].mean(),
    "instant_closing_rate": lambda f: true(f.closed["is_closed_at_once"].dropna()).mean(),
    "deadline_hugging_rate": lambda f: true(f.closed["is_closed_at_deadline"].dropna()).mean(),
    "batch_closing_rate": lambda f: true(f.closed["is_closed_in_batch"].dropna()).mean(),
    "rescued_by_extension_rate": lambda f: rescued(counted(f)),
    "exclusion_share": lambda f: holds(f.incident, "is_void | is_duplicate | is_parked"),
    "exclusion_share:void": lambda f: holds(f.incident, "status_code == 'void'"),
    "exclusion_share:rejected": lambda f: holds(f.incident, "status_code == 'rejected'"),
    "exclusion_share:duplicate": lambda f: f.incident["is_duplicate"].mean(),
    "exclusion_share:parked": lambda f: f.incident["is_parked"].mean(),
    "satisfied_yet_repeated_rate": lambda f: complete(f).query("~is_dissatisfied & is_repeat_observable")["is_repeated"].mean(),
    "copied_report_rate": lambda f: f.incident.loc[f.incident["worker_id"].notna(), "is_copy"].mean(),
    "good_rating_rate": lambda f: f.service.query("is_rated")["is_rated_good"].mean(),
}


@cache
def whole(snapshot: Snapshot, table: str) -> pd.DataFrame:
    frame = snapshot.query(f"SELECT * FROM core.{table}")
    days = [name for name in frame.columns if name.endswith("_on") or name == "day"]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days if "is_" not in name})


def frames_of(snapshot: Snapshot, view: View) -> Frames:
    period = view.dates(snapshot.build.as_of, snapshot.build.data_from)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)

    def passing(table: str) -> pd.DataFrame:
        frame = whole(snapshot, table)
        for name in FILTERS:
            if getattr(view, name) and COLUMN[name] in frame.columns:
                frame = frame[frame[COLUMN[name]].isin(getattr(view, name))]
        return frame

    def within(table: str, day: str) -> pd.DataFrame:
        frame = passing(table)
        return frame[frame[day].between(start, end)]

    return Frames(
        incident=within("incident", "reported_on"),
        closed=within("incident", "closed_on"),
        callback=within("callback_case", "closed_on"),
        assignment=within("assignment", "assigned_on"),
        given=passing("assignment"),
        service=within("service_case", "applied_on"),
        patrol=within("patrol", "patrolled_on"),
        exposure=within("grid_day", "day"),
        known=passing("incident"),
        start=start,
        end=min(end, pd.Timestamp(snapshot.build.as_of.date())),
    )


def test_every_metric_and_variant_has_a_second_opinion() -> None:
    assert set(SECOND) == {*catalogue().metrics, *catalogue().variants}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.to_query() or "default")
def test_pandas_agrees(sample: Snapshot, view: View) -> None:
    frame = compute(sample, list(SECOND), view, min_n=0).set_index("metric")["value"]
    frames = frames_of(sample, view)
    with np.errstate(invalid="ignore", divide="ignore"):
        second = {key: float(function(frames)) for key, function in SECOND.items()}
    wrong = {
        key: (float(frame[key]), value)
        for key, value in second.items()
        if not (np.isclose(frame[key], value, rtol=1e-9) or (np.isnan(frame[key]) and np.isnan(value)))
    }
    assert not wrong


def test_pandas_agrees_community_by_community(sample: Snapshot) -> None:
    view = View(period="last_12_weeks")
    keys = [key for key in SECOND if not key.startswith(("service", "on_promise", "median_wait", "p90_wait", "rating", "good"))]
    frame = compute(sample, keys, view, ["community"], min_n=0).set_index(["community", "metric"])["value"]
    for community in frame.index.get_level_values(0).unique():
        frames = frames_of(sample, view.replace(community=(community,)))
        for key in keys:
            if (community, key) in frame.index:
                assert frame[community, key] == pytest.approx(SECOND[key](frames), rel=1e-9, nan_ok=True), (community, key)


def test_backlog_week_by_week_is_what_it_was_on_each_sunday(sample: Snapshot) -> None:
    frame = compute(sample, ["backlog", *BANDS], View(), ["week"]).set_index(["metric", "week"])["value"]
    frames = frames_of(sample, View())
    for week in frame.index.get_level_values(1).unique():
        sunday = Frames(**{**frames.__dict__, "end": week + timedelta(days=6)})
        assert frame["backlog", week] == stock(sunday)
        assert frame["backlog_7_to_30_days", week] == stock(sunday, 7, 30)
