"""Difference in differences for staged adoption: against published numbers, hand-drawn panels, regression, and planted effects."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS

from dashboard.metrics.compute import trend
from dashboard.statistics import cohorts
from dashboard.statistics import staggered as staggered_module
from dashboard.statistics.interrupted import Kind
from dashboard.statistics.staggered import LEAST_BEFORE, STEP, Panel, Staggered, staggered
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.statistics.planted import ADOPTED, township

Numbers = npt.NDArray[np.float64]
NEVER = np.nan


def flat(kind: Kind, before: list[float], after: list[float], adopted: list[float], *, size: float = 1.0) -> Panel:
    """Units that are at one level before week 20 and at another in the 20 weeks from it."""
    value = np.hstack([np.repeat(np.array(column)[:, None], 20, axis=1) for column in (before, after)])
    return Panel(kind, value * size, np.full(value.shape, size), adopted)


def test_card_and_krueger() -> None:
    """Employment in fast food: New Jersey 20.44 → 21.03, Pennsylvania 23.33 → 21.17 (American Economic Review 1994, table 3)."""
    found = staggered(flat("mean", [20.44, 23.33], [21.03, 21.17], [20, NEVER]))
    assert found.effect.value == pytest.approx(2.75)
    assert (found.assignments, found.is_exact, found.is_firm) == (2, True, False)
    assert found.effect.p == 1, "of two ways to have it, one is at least as far out"
    assert (found.effect.low, found.effect.high) == (-np.inf, np.inf)
    assert set(found.cautions) == {"one_cohort", "unit_dominates", "few_assignments", "few_weeks_before"}
    assert np.isnan(found.without).all()


def test_many_units_are_worked_out_in_smaller_batches_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    panel, shares = township(1, 1.25), []
    whole = staggered(panel, permutations=300)
    monkeypatch.setattr(staggered_module, "_BATCH_CELLS", 20 * np.asarray(panel.top).size)
    assert staggered(panel, permutations=300, progress=lambda done, of: shares.append((done, of))).effect == pytest.approx(
        whole.effect
    )
    assert shares[-1] == (shares[-1][1],) * 2
    assert shares[-1][1] % 15 == 0


def test_two_by_two_by_hand() -> None:
    """50 → 60 begun, 40 → 36 not: expected 50 × 36/40 = 45, so 60 is 4/3 of it; of 100 cases each 15 points above what was expected."""
    assert staggered(flat("count", [50, 40], [60, 36], [20, NEVER])).effect.value == pytest.approx(60 / 45)
    shares = staggered(flat("share", [0.5, 0.4], [0.6, 0.36], [20, NEVER], size=100))
    assert shares.effect.value == pytest.approx((0.6 - 0.5) - (0.36 - 0.4))
    assert shares.expected[0, 20:] == pytest.approx(46)
    assert shares.observed[0, 20:] == pytest.approx(60)
    assert np.isnan(shares.expected[1]).all()


def test_with_one_date_it_is_the_regression_with_unit_and_week_effects() -> None:
    generator = np.random.default_rng(3)
    units, weeks = 6, 40
    value = generator.normal(10, 1, (units, weeks)) + generator.normal(0, 3, (units, 1)) + generator.normal(0, 2, weeks)
    has = (np.arange(units)[:, None] < 2) & (np.arange(weeks) >= 20)
    unit, week = (column.ravel() for column in np.indices((units, weeks)))
    columns = np.column_stack([has.ravel(), np.eye(units)[unit], np.eye(weeks)[week][:, 1:]]).astype(np.float64)
    expected = OLS(value.ravel(), columns).fit().params[0]
    found = staggered(Panel("mean", value, np.ones(value.shape), [20, 20, *[NEVER] * 4]))
    assert found.effect.value == pytest.approx(expected)
    assert (found.assignments, found.is_exact) == (15, True)


def staged(effect: npt.ArrayLike = 0.0) -> tuple[Numbers, Numbers]:
    """Two cohorts and a unit that never begins, all with the same course; effect: by weeks since adoption."""
    adopted = np.array([20.0, 40, NEVER])
    week = np.arange(60)
    since = week - adopted[:, None]
    grown = np.broadcast_to(effect, 60)[np.nan_to_num(np.clip(since, 0, 59)).astype(int)]
    return np.array([[5.0], [9.0], [7.0]]) + np.sin(week / 5) + np.where(since >= 0, grown, 0.0), adopted


def test_effects_that_grow_are_averaged_and_shown_by_weeks_since_adoption() -> None:
    """Regression with unit and week effects would take those that have begun for comparisons, and be wrong here."""
    value, adopted = staged(np.arange(60) * 0.1)
    found = staggered(Panel("mean", value, np.ones(value.shape), adopted))
    first, second = np.arange(40) * 0.1, np.arange(20) * 0.1
    assert found.effect.value == pytest.approx((first.sum() + second.sum()) / 60)
    assert [cohort.effect.value for cohort in found.cohorts] == pytest.approx([first.mean(), second.mean()])
    assert [(cohort.week, cohort.units, cohort.weeks) for cohort in found.cohorts] == [(20, (0,), 40), (40, (1,), 20)]
    course = {part.first: part for part in found.since}
    assert [course[at].effect.value for at in (-STEP, 0, STEP, 36)] == pytest.approx([0, 0.15, 0.55, 3.75], abs=1e-9)
    assert [course[at].units for at in (-STEP, 0, 36)] == [2, 2, 1]


def test_those_who_have_begun_are_never_a_comparison() -> None:
    value, adopted = staged()
    wild = value.copy()
    wild[0, 20:] += 100
    plain, changed = (staggered(Panel("mean", each, np.ones(value.shape), adopted)) for each in (value, wild))
    assert changed.cohorts[1].effect.value == pytest.approx(plain.cohorts[1].effect.value)
    assert changed.cohorts[0].effect.value == pytest.approx(100)


def test_when_everybody_has_begun_there_is_nothing_left_to_compare() -> None:
    value, _ = staged()
    found = staggered(Panel("mean", value, np.ones(value.shape), [20, 40, 50]))
    assert [cohort.weeks for cohort in found.cohorts] == [30, 10, 0]
    assert np.isnan(found.cohorts[2].effect.value)
    assert "nobody_left_to_compare" in found.cautions
    assert np.isnan(found.expected[:, 50:]).all()


@pytest.mark.parametrize("adopted", [[NEVER] * 3, [30.0] * 3, [LEAST_BEFORE - 1.0, NEVER, NEVER], [60.0, NEVER, NEVER]])
def test_nothing_to_compare_gives_no_verdict(adopted: list[float]) -> None:
    value, _ = staged()
    found = staggered(Panel("mean", value, np.ones(value.shape), adopted))
    assert not found.is_firm
    assert np.isnan(found.effect.value)
    assert found.cautions == ("nothing_to_compare",)


def test_units_that_began_too_early_or_were_not_seen_are_left_out() -> None:
    value, _ = staged()
    rows = np.vstack([value, value])
    rows[4, :20] = np.nan
    rows[5, 40:] = np.nan
    found = staggered(Panel("mean", rows, np.ones(rows.shape), [20, 40, NEVER, 5, NEVER, NEVER]))
    assert found.left_out == (3, 4, 5)
    assert "units_left_out" in found.cautions
    assert np.isnan(found.without[[3, 4, 5]]).all()
    assert found.effect.value == pytest.approx(0, abs=1e-9)


def test_weeks_that_are_missing_are_passed_over() -> None:
    value, adopted = staged(2.0)
    value[0, 25], value[1, 3] = np.nan, np.nan
    found = staggered(Panel("mean", value, np.ones(value.shape), adopted))
    assert found.left_out == ()
    assert found.effect.value == pytest.approx(2, abs=0.05)


def test_few_weeks_are_told() -> None:
    value, _ = staged()
    assert "few_weeks_after" in staggered(Panel("mean", value, np.ones(value.shape), [50.0, NEVER, NEVER])).cautions


def test_every_way_to_deal_out_the_dates_is_tried_where_they_are_few() -> None:
    """Two of six begin, and a lot changes: of the 15 ways one is as far out."""
    generator = np.random.default_rng(8)
    events = generator.poisson(40, (6, 60)).astype(np.float64)
    events[:2, 30:] *= 3
    found = staggered(Panel("count", events, np.ones(events.shape), [30, 30, *[NEVER] * 4]))
    assert (found.assignments, found.is_exact) == (15, True)
    assert found.effect.p == pytest.approx(2 / 15)
    assert not found.is_firm, "fifteen ways cannot refute anything at 5 %"


def test_the_interval_ends_where_the_test_begins_to_refute() -> None:
    panel = township(11, 1.25)
    found = staggered(panel, permutations=600)
    assert found.is_firm
    has = np.arange(156) >= ADOPTED[:, None]
    for end in (found.effect.low, found.effect.high):
        rest = Panel("count", np.asarray(panel.top) / np.where(has, end, 1.0), panel.bottom, ADOPTED)
        assert staggered(rest, permutations=600).effect.p == pytest.approx(0.05, abs=0.03)


def test_errors_are_how_much_effects_vary() -> None:
    """The delta method against towns drawn with the same expectations."""
    calm = [township(seed) for seed in range(250)]
    numbers = np.searchsorted(np.unique(ADOPTED), ADOPTED)
    dates = tuple(int(week) for week in np.unique(ADOPTED))
    towns = [cohorts.Cells("count", np.asarray(one.top, dtype=float), np.asarray(one.bottom), dates, numbers) for one in calm]
    asked = cohorts.after(towns[0], 52)
    found = [cohorts.effects(town, asked, numbers[None, :])[0] for town in towns]
    assert cohorts.errors(towns[0], asked, numbers[None, :])[0] == pytest.approx(np.std(found), rel=0.15)


def test_the_effect_without_a_unit_is_that_of_the_others() -> None:
    panel = township(12, 1.25)
    found = staggered(panel, permutations=60)
    others = [unit for unit in range(12) if unit != 4]
    fewer = Panel("count", np.asarray(panel.top)[others], np.asarray(panel.bottom)[others], ADOPTED[others])
    assert found.without[4] == pytest.approx(staggered(fewer, permutations=60).effect.value)


def test_a_unit_that_makes_the_whole_effect_is_named() -> None:
    panel = township(13)
    top = np.array(panel.top)
    top[0, 41:] *= 3
    assert "unit_dominates" in staggered(Panel("count", top, panel.bottom, ADOPTED), permutations=200).cautions


def test_a_trend_before_is_noticed() -> None:
    panel = township(14)
    early = (ADOPTED < 119)[:, None] & (np.arange(156) >= ADOPTED[:, None] - 26)
    found = staggered(Panel("count", np.asarray(panel.top) * np.where(early, 1.3, 1.0), panel.bottom, ADOPTED), permutations=400)
    assert "trend_before" in found.cautions
    assert found.before.low > 1


def test_the_same_numbers_give_the_same_answer_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    once, again = (staggered(township(15), permutations=300, progress=lambda *step: told.append(step)) for _ in range(2))
    assert once.effect == again.effect
    assert once.assignments == 300
    assert told[: len(told) // 2] == [(step, told[-1][1]) for step in range(1, told[-1][1] + 1)]


def recovered(factor: float, drift: float) -> list[Staggered]:
    return [staggered(township(seed, factor, drift=drift), permutations=160) for seed in range(10)]


@pytest.mark.parametrize("factor, drift", [(1.0, 0.0), (1.25, 0.0), (1.25, 0.01)])
def test_planted_effects_are_recovered(factor: float, drift: float) -> None:
    """A few seeds; the benchmark has more, and the numbers."""
    found = [one.effect for one in recovered(factor, drift)]
    assert abs(np.mean([np.log(effect.value / factor) for effect in found])) < 0.03
    assert sum(effect.low <= factor <= effect.high for effect in found) >= 7
    assert sum(effect.p < 0.05 for effect in found) <= 3 if factor == 1 else True


def panel_of(sample: Snapshot, truths: dict[str, Any], metric: str, kind: Kind, **filters: tuple[str, ...]) -> Panel:
    """Whole weeks of the sample by community; a week in which a re-division falls is the last without it."""
    divided = {code: one["divided_on"] for code, one in truths["planted"]["redivision"]["communities"].items()}
    found = trend(sample, [metric], View(period="all", **filters), by=["community"])  # type: ignore[arg-type]
    whole = found[~found["is_partial"] & found["community"].isin(list(divided))]
    if kind == "mean":
        whole = whole.assign(numerator=whole["value"] * whole["n"], denominator=whole["n"])
    top, bottom = (whole.pivot(index="community", columns="week", values=column) for column in ("numerator", "denominator"))
    weeks = [week.date() for week in pd.DatetimeIndex(top.columns)]
    adopted = [sum(week < date.fromisoformat(divided[code]) for week in weeks) for code in top.index]
    return Panel(kind, top.to_numpy(np.float64), bottom.to_numpy(np.float64), adopted)


def test_the_re_division_of_the_sample_is_recovered(sample: Snapshot, truths: dict[str, Any]) -> None:
    """More eyes, more reports: by grid workers as planted, by residents none; and cases are handled faster."""
    planted = truths["planted"]["redivision"]
    metric = "incidents_per_1000_households"
    patrols = staggered(panel_of(sample, truths, metric, "count", channel=("grid_patrol",)), permutations=400)
    assert patrols.effect.low < planted["patrol_reports_factor"] < patrols.effect.high
    assert patrols.effect.p < 0.02
    residents = ("hotline", "resident_app", "visit")
    calls = staggered(panel_of(sample, truths, metric, "count", channel=residents), permutations=400)
    assert calls.effect.low < 1 < calls.effect.high
    assert "trend_before" not in patrols.cautions
    hours = staggered(panel_of(sample, truths, "median_hours_to_dispose", "mean"), permutations=400)
    assert hours.effect.high < 0
