"""Interrupted time series: against lines drawn by hand, statsmodels as a second opinion, and effects that were planted."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from dashboard.statistics.interrupted import LEAST_WEEKS, Effect, interrupted, placebos
from tests.statistics.planted import CHANGE, WEEKS, community


def test_lines_drawn_by_hand_are_found() -> None:
    """10 + 0.5 a week; at week 30 up by 4, and 0.2 a week steeper: of the 30 weeks after, 4 + 0.2 × 14.5 on average."""
    week = np.arange(60)
    line = 10 + 0.5 * week + np.where(week >= 30, 4 + 0.2 * (week - 30), 0.0)
    found = interrupted("mean", line + np.resize([1e-6, -1e-6, 2e-6], 60), 1.0, [30])
    assert found.effect.value == pytest.approx(6.9, abs=1e-4)
    assert found.changes[0].level.value == pytest.approx(4, abs=1e-4)
    assert found.changes[0].slope.value == pytest.approx(0.2, abs=1e-4)
    assert found.counterfactual[[29, 30, 59]] == pytest.approx([np.nan, 25, 39.5], abs=1e-4, nan_ok=True)
    assert found.fitted == pytest.approx(line, abs=1e-4)


def test_two_changes_are_told_apart() -> None:
    week = np.arange(60)
    line = 10 + np.where(week >= 20, 3, 0) + np.where(week >= 40, -1, 0) + np.resize([1e-6, -1e-6, 2e-6], 60)
    found = interrupted("mean", line, 1.0, [40, 20], slope=False)
    assert [change.week for change in found.changes] == [20, 40]
    assert [change.level.value for change in found.changes] == pytest.approx([3, -1], abs=1e-4)
    assert np.isnan(found.changes[0].slope.value)
    assert found.effect.value == pytest.approx((20 * 3 + 20 * 2) / 40, abs=1e-4)


def test_a_factor_on_counts_is_a_ratio_whatever_the_exposure() -> None:
    """Twice the households from week 60 on are no effect."""
    week = np.arange(WEEKS)
    households = np.where(week >= 60, 200.0, 100.0)
    expected = households * 0.4 * np.exp(0.002 * week) * np.where(week >= CHANGE, 1.25, 1.0)
    found = interrupted("count", expected, households, [CHANGE])
    assert found.effect.value == pytest.approx(1.25)
    assert found.changes[0].level.value == pytest.approx(1.25)
    assert found.changes[0].slope.value == pytest.approx(1)
    assert found.value == pytest.approx(expected / households)


def test_a_change_of_a_share_is_a_difference() -> None:
    share = np.where(np.arange(60) >= 30, 0.8, 0.7)
    found = interrupted("share", 50 * share, 50.0, [30])
    assert found.effect.value == pytest.approx(0.1)
    assert found.changes[0].level.value == pytest.approx((0.8 / 0.2) / (0.7 / 0.3))


def test_errors_are_newey_and_wests_where_weeks_hang_together() -> None:
    """statsmodels' own OLS with the same columns."""
    generator = np.random.default_rng(5)
    noise = np.zeros(60)
    for place in range(1, 60):
        noise[place] = 0.7 * noise[place - 1] + generator.normal()
    week = np.arange(60)
    columns = np.column_stack([np.ones(60), week, week >= 30, np.maximum(week - 30, 0)]).astype(np.float64)
    expected = OLS(noise, columns).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}, use_t=True)
    found = interrupted("mean", noise, 1.0, [30])
    level = found.changes[0].level
    assert level.value == pytest.approx(expected.params[2])
    plain = OLS(noise, columns).fit()
    larger = max(expected.bse[2], plain.bse[2])
    assert level.high - level.low == pytest.approx(2 * larger * 2.003241, rel=1e-5)
    assert "autocorrelation" in found.cautions
    assert found.autocorrelation > 0.3


def test_holidays_are_no_effect() -> None:
    week = np.arange(WEEKS)
    holidays = np.where(week % 29 == 5, 7.0, 0.0)
    expected = 100 * np.exp(-0.05 * holidays)
    found = interrupted("count", expected, 1.0, [CHANGE], holidays=holidays)
    assert found.effect.value == pytest.approx(1)
    assert found.fitted == pytest.approx(expected)


@pytest.mark.parametrize("change", [0, LEAST_WEEKS - 1, WEEKS - LEAST_WEEKS + 1, WEEKS])
def test_too_few_weeks_give_no_verdict(change: int) -> None:
    found = interrupted("count", community(1), 1.0, [change])
    assert not found.is_firm
    assert found.cautions == ("too_few_weeks",)
    assert np.isnan([found.effect.value, found.effect.low, found.effect.p, found.changes[0].level.value]).all()
    assert np.isnan(found.fitted).all()


def test_what_never_happened_before_has_no_ratio() -> None:
    assert not interrupted("count", np.where(np.arange(60) >= 30, 5.0, 0.0), 1.0, [30]).is_firm
    assert not interrupted("share", np.where(np.arange(60) >= 30, 5.0, 9.0), 9.0, [30]).is_firm, "always, before"
    assert not interrupted("count", community(1), 1.0, []).is_firm


def test_missing_weeks_are_passed_over() -> None:
    whole = community(2, 1.3)
    holed, households = whole.copy(), np.ones(WEEKS)
    holed[[10, 100]] = np.nan
    households[40] = 0
    found = interrupted("count", holed, households, [CHANGE])
    assert np.isnan(found.value[[10, 40, 100]]).all()
    assert np.isfinite(found.fitted).all()
    assert found.effect.value == pytest.approx(interrupted("count", whole, 1.0, [CHANGE]).effect.value, rel=0.05)


def test_the_course_without_a_change_begins_where_something_changed() -> None:
    found = interrupted("count", community(3, 1.25, weekly=4), 1.0, [CHANGE])
    for course in (found.counterfactual, found.low, found.high):
        assert np.isnan(course).tolist() == [True] * CHANGE + [False] * (WEEKS - CHANGE)
    after = slice(CHANGE, None)
    assert np.all((found.low[after] > 0) & (found.low[after] < found.counterfactual[after]))
    assert np.all(found.counterfactual[after] < found.high[after])


def test_cautions() -> None:
    generator = np.random.default_rng(9)
    wild = community(4) * generator.choice([0.5, 1.5], WEEKS)
    assert "overdispersed" in interrupted("count", wild, 1.0, [CHANGE]).cautions
    assert set(interrupted("count", community(4)[:60], 1.0, [40]).cautions) >= {
        "few_weeks_before",
        "few_weeks_after",
        "season_unknown",
    }
    risen = community(4) * np.where(np.arange(WEEKS) >= 45, 1.5, 1.0)
    assert "trend_before_unstable" in interrupted("count", risen, 1.0, [CHANGE]).cautions
    assert interrupted("count", community(4), 1.0, [CHANGE]).cautions == ()


def test_seasons_as_many_as_the_length_allows() -> None:
    waves = [interrupted("count", np.resize(community(4), size), 1.0, [size // 2]).waves for size in (60, 80, 110, 160)]
    assert waves == [0, 1, 2, 3]


def test_placebo_dates_lie_before_the_true_one_and_use_nothing_after_it() -> None:
    events = community(6, 2.0)
    true = interrupted("count", events, 1.0, [CHANGE]).effect
    found = placebos("count", events, 1.0, CHANGE, true=true)
    assert found.weeks == tuple(range(LEAST_WEEKS, CHANGE - LEAST_WEEKS + 1))
    assert len(found.effects) == len(found.weeks)
    assert found.as_large < 0.05
    later = np.where(np.arange(WEEKS) >= CHANGE, 1000.0, events)
    assert placebos("count", later, 1.0, CHANGE, true=true) == found


def test_no_placebos_without_room_or_verdict() -> None:
    unknown = Effect(*[np.nan] * 4)
    assert placebos("count", community(6), 1.0, 2 * LEAST_WEEKS - 1, true=Effect(2, 1, 3, 0.1)).weeks == ()
    assert np.isnan(placebos("count", community(6), 1.0, 2 * LEAST_WEEKS, true=unknown).as_large)


@pytest.mark.parametrize("factor", [1.0, 1.25])
def test_planted_effects_are_recovered(factor: float) -> None:
    """A few seeds; the benchmark has more, and the numbers."""
    found = [interrupted("count", community(seed, factor), 1.0, [CHANGE]).effect for seed in range(25)]
    assert abs(np.mean([np.log(effect.value / factor) for effect in found])) < 0.05
    assert np.mean([effect.low <= factor <= effect.high for effect in found]) >= 0.85
    assert np.mean([effect.p < 0.05 for effect in found]) <= 0.15 if factor == 1 else True
