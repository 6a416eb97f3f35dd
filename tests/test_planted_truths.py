"""What was planted in the sample township can be seen in its numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.access import LOCAL
from dashboard.metrics.compute import compute
from dashboard.pages import draw
from dashboard.reading.fairness import OUTSIDE, Fairness, concluded, fair
from dashboard.reading.visit import Visit
from dashboard.signals.counts import counted
from dashboard.signals.judge import Signal, judged
from dashboard.statistics.intervals import wilson
from dashboard.view import View
from dashboard.warehouse import Snapshot
from etl.ledger import DataRoot
from etl.privacy import pseudonym, town_key

ALL = View(period="all")


def by_community(sample: Snapshot, metric: str, view: View = ALL) -> pd.DataFrame:
    return compute(sample, [metric], view, by=["community"]).set_index("community")


def test_the_slower_community_is_slower_than_chance_allows(sample: Snapshot, truths: dict[str, Any]) -> None:
    slow = truths["planted"]["slow_community"]["community_code"]
    town = compute(sample, ["on_time_closure_rate"], ALL).iloc[0]
    rows = by_community(sample, "on_time_closure_rate")
    _, high = wilson(rows.loc[[slow], "numerator"], rows.loc[[slow], "denominator"])
    assert float(high[0]) < float(town["value"])
    assert by_community(sample, "median_hours_to_close")["value"].drop("unmatched", errors="ignore").idxmax() == slow


def test_the_unlucky_community_looks_bad_but_its_interval_reaches_the_town(sample: Snapshot, truths: dict[str, Any]) -> None:
    unlucky = truths["planted"]["unlucky_community"]["community_code"]
    recent = View(period="last_12_weeks")
    town = compute(sample, ["on_time_closure_rate"], recent).iloc[0]
    rows = by_community(sample, "on_time_closure_rate", recent).drop("unmatched", errors="ignore")
    assert unlucky in rows["value"].nsmallest(2).index
    low, high = wilson(rows.loc[[unlucky], "numerator"], rows.loc[[unlucky], "denominator"], confidence=0.998)
    assert float(low[0]) < float(town["value"]) < float(high[0])


def compared(sample: Snapshot, view: View, key: str = "on_time_closure_rate") -> tuple[Fairness, str]:
    visit = Visit(sample, view, LOCAL)
    found = fair(visit, key, visit.numbers((key,), by=("community",)))
    return found, concluded(visit, found)


@pytest.mark.parametrize("period", ["last_12_weeks", "this_year", "last_year", "all"])
def test_only_the_slower_community_is_beyond_the_limits_and_stays_there_at_equal_case_mix(
    sample: Snapshot, truths: dict[str, Any], period: str
) -> None:
    slow = truths["planted"]["slow_community"]["community_code"]
    found, said = compared(sample, View(period=period))
    units = found.units.set_index("code")
    assert units.index[units["beyond"].abs() >= OUTSIDE].tolist() == [slow]
    assert units.index[units["adjusted_beyond"].abs() >= OUTSIDE].tolist() == [slow]
    assert (units.loc[slow, "beyond"], units.loc[slow, "stand"]) == (-OUTSIDE, "worse")
    assert said.startswith(
        f"12 个社区中有 1 个的按期结案率超出 99.8% 控制限：{units.loc[slow, 'label']}（偏低，按案件构成调整后仍超出）。"
    )


def test_the_unlucky_community_is_drawn_to_the_town_and_may_stand_anywhere(sample: Snapshot, truths: dict[str, Any]) -> None:
    unlucky = truths["planted"]["unlucky_community"]["community_code"]
    found, said = compared(sample, View())
    units = found.units.set_index("code")
    assert units["raw"].idxmin() == unlucky
    own = units.loc[unlucky]
    assert (own["stand"], own["beyond"]) == ("alike", 0)
    assert own["label"] not in said
    assert own["rank_high"] - own["rank_low"] >= 6
    assert found.funnel is not None
    assert abs(own["shrunken"] - found.funnel.centre) < abs(own["raw"] - found.funnel.centre) / 2


def test_the_department_that_closes_at_once_stands_out(sample: Snapshot, truths: dict[str, Any]) -> None:
    planted = truths["planted"]["instant_department"]
    ((department, instant),) = sample.rows(
        "SELECT department_code, avg((hours_to_close < 1 / 60)::INT) AS share FROM core.incident WHERE is_closed GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    assert department == planted["department_code"]
    assert instant > 0.5 * planted["share"]


def test_the_department_that_signs_late_stands_out(sample: Snapshot, truths: dict[str, Any]) -> None:
    planted = truths["planted"]["slow_answering_department"]["department_code"]
    found = compute(sample, ["answered_in_time_rate", "median_hours_to_answer"], View(period="last_year"), by=["department"])
    rates = found[found["metric"] == "answered_in_time_rate"].set_index("department")
    town = compute(sample, ["answered_in_time_rate"], View(period="last_year")).iloc[0]
    _, high = wilson(rates.loc[[planted], "numerator"], rates.loc[[planted], "denominator"], confidence=0.998)
    assert rates["value"].idxmin() == planted
    assert float(high[0]) < float(town["value"]) - 0.1
    others = found[(found["metric"] == "median_hours_to_answer") & (found["department"] != planted)]["value"]
    slow = found[(found["metric"] == "median_hours_to_answer") & (found["department"] == planted)]["value"].iloc[0]
    assert slow > 2 * others.median()


def test_callbacks_flatter_because_the_dissatisfied_do_not_answer(sample: Snapshot, truths: dict[str, Any]) -> None:
    planted = truths["planted"]["callbacks_miss_dissatisfied"]["town"]
    observed = compute(
        sample, ["satisfaction_rate:lenient", "satisfaction_rate:worst_closed", "satisfaction_rate:best_closed"], ALL
    )
    rate, worst, best = observed["value"]
    assert abs(rate - planted["observed_satisfied"]["value"]) < 0.005
    assert rate > planted["true_satisfied"]["value"] + 0.03
    assert worst < planted["true_satisfied"]["value"] < best


def test_the_page_bounds_what_the_callbacks_miss_and_claims_no_more(sample: Snapshot, truths: dict[str, Any]) -> None:
    """Who is silent is decided by satisfaction itself, which no weighting by content mends: only the bounds hold the truth."""
    truth = truths["planted"]["callbacks_miss_dissatisfied"]["town"]["true_satisfied"]["value"]
    visit = Visit(sample, ALL, LOCAL, "/satisfaction")
    draw(visit)
    whole, again, *_ = visit.exhibits["satisfaction-bounds"].make().rows
    names = ("asked", "n", "value", "low", "high", "worst", "best")
    plain, found = (dict(zip(names, row[1:], strict=True)) for row in (whole, again))
    assert plain["worst"] < truth < plain["best"]
    assert truth < plain["low"], "it flatters"
    assert truth < found["low"], "and so it does weighted"
    assert abs(found["value"] - plain["value"]) < 0.01


def test_the_re_division_lowers_the_load_of_a_grid(sample: Snapshot, truths: dict[str, Any]) -> None:
    for code, planted in truths["planted"]["redivision"]["communities"].items():
        if planted["grids_after"] == planted["grids_before"]:
            continue
        divided = date.fromisoformat(planted["divided_on"])
        view = View(period="all", community=(code,))
        before = compute(
            sample, ["incidents_per_grid"], view, period=(sample.build.data_from, divided - pd.Timedelta(days=1))
        ).iloc[0]
        after = compute(sample, ["incidents_per_grid"], view, period=(divided, sample.build.data_to)).iloc[0]
        assert after["value"] < before["value"], code


def test_grid_codes_are_used_again_and_told_apart_by_their_days(sample: Snapshot) -> None:
    ((reused,),) = sample.rows("SELECT count(*) FROM (SELECT grid_code FROM core.grid GROUP BY 1 HAVING count(*) > 1)")
    assert reused > 20
    assert (
        sample.rows(
            "SELECT i.incident_id FROM core.incident i JOIN core.grid g USING (grid_id) "
            "WHERE i.reported_on NOT BETWEEN g.valid_from AND coalesce(g.valid_to, DATE '2999-01-01')"
        )
        == []
    )


def questioned(sample: Snapshot, view: View) -> list[Signal]:
    return list(judged(counted(sample, view)).signals)


def planted_habits(truths: dict[str, Any], root: DataRoot) -> dict[str, str]:
    """Metric → the unit whose number it flatters; the copying grid worker stands in the warehouse under a pseudonym."""
    habits = {habit["metric"]: habit["unit"] for habit in truths["planted"]["gaming"]}
    habits["copied_report_rate"] = pseudonym(habits["copied_report_rate"], town_key(root.key_file))
    return habits | {"instant_closing_rate": truths["planted"]["instant_department"]["department_code"]}


def test_every_planted_habit_is_questioned_and_nobody_else_is(
    sample: Snapshot, truths: dict[str, Any], sample_root: DataRoot
) -> None:
    found = questioned(sample, View())
    assert {signal.detector.metric: signal.unit for signal in found} == planted_habits(truths, sample_root)
    assert len(found) == len(truths["planted"]["gaming"]) + 1


def test_a_questioned_rate_is_the_planted_one(sample: Snapshot, truths: dict[str, Any]) -> None:
    signals = {signal.detector.metric: signal for signal in questioned(sample, View())}
    for habit in truths["planted"]["gaming"]:
        signal = signals[habit["metric"]]
        if habit["metric"] in ("extension_rate", "self_disposed_share", "exclusion_share", "deadline_hugging_rate"):
            assert abs(signal.rate - habit["recent"]["value"]) < 0.04, habit
        assert signal.rest < signal.low


@pytest.mark.parametrize("period", ["last_4_weeks", "last_month", "this_year", "last_year", "all"])
def test_innocent_units_are_left_alone_whatever_the_period(
    sample: Snapshot, truths: dict[str, Any], sample_root: DataRoot, period: str
) -> None:
    planted = planted_habits(truths, sample_root)
    for signal in questioned(sample, View(period=period)):
        unit = signal.unit
        if signal.dimension == "grid":
            ((unit,),) = sample.rows("SELECT community_code FROM core.grid WHERE grid_id = ?", [signal.unit])
        assert planted.get(signal.detector.metric) == unit, signal


def test_before_the_habits_began_only_the_instant_department_is_questioned(sample: Snapshot, truths: dict[str, Any]) -> None:
    began = min(date.fromisoformat(habit["from"]) for habit in truths["planted"]["gaming"])
    view = View(period="custom", start=began - pd.Timedelta(weeks=26), end=began - pd.Timedelta(weeks=4))
    assert [signal.detector.id for signal in questioned(sample, view)] == ["instant"]
