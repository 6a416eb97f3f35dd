"""Time to close against published curves, R, and statsmodels as a second opinion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from dashboard.statistics.survival import OPEN, counted, incidence, kaplan_meier

FREIREICH = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
OVER = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
CASES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 12)), min_size=1, max_size=60)


def test_freireich() -> None:
    """Freireich 1963, remission under 6-MP, in weeks."""
    curve = kaplan_meier(counted(FREIREICH, OVER))
    assert curve.at.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.share == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=1e-4)
    assert curve.error == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=1e-4)
    middle, low, high = curve.when()
    assert (middle, low) == (23, 13)
    assert np.isnan(high), "its upper limit is not reached yet"


def test_log_log_limits_are_rs() -> None:
    """Group 3 of R's example, as printed in lifelines' tests."""
    curve = kaplan_meier(counted([34, 32, 9, 19, 50, 48], [1, 1, 1, 1, 0, 0]))
    assert curve.at.tolist() == [9, 19, 32, 34]
    assert curve.share == pytest.approx([0.833, 0.667, 0.5, 0.333], abs=6e-4)
    assert curve.low == pytest.approx([0.2731, 0.1946, 0.1109, 0.0461], abs=6e-4)
    assert curve.high == pytest.approx([0.975, 0.904, 0.804, 0.676], abs=6e-4)


def test_share_over_by_a_time() -> None:
    curve = kaplan_meier(counted(FREIREICH, OVER))
    share, low, high = curve.by([0, 6, 6.5, 35, 36])
    assert share == pytest.approx([1, 0.8571, 0.8571, 0.4482, np.nan], abs=1e-4, nan_ok=True)
    assert np.isnan(low).tolist() == [True, False, False, False, True]
    assert np.all((low < share)[1:4] & (share < high)[1:4])


def some_cases(seed: int = 4, size: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.integers(1, 60, size), generator.integers(0, 3, size), generator.integers(0, 25, size)


def test_kaplan_meier_with_and_without_late_entry_is_statsmodels() -> None:
    lasted, how, entered = some_cases()
    for start in (None, entered):
        seen = np.ones(len(lasted), dtype=bool) if start is None else lasted > entered
        expected = SurvfuncRight(lasted[seen], (how > OPEN)[seen].astype(int), entry=None if start is None else entered[seen])
        curve = kaplan_meier(counted(lasted, how, entered=start))
        assert curve.at.tolist() == expected.surv_times.tolist()
        assert curve.share == pytest.approx(expected.surv_prob)
        known = expected.surv_prob > 1e-9
        assert curve.error[known] == pytest.approx(expected.surv_prob_se[known])


def test_incidence_is_statsmodels() -> None:
    lasted, how, _ = some_cases()
    expected, found = CumIncidenceRight(lasted, how), incidence(counted(lasted, how))
    for way, curve in enumerate(found):
        place = np.searchsorted(expected.times, curve.at)
        assert curve.share == pytest.approx(expected.cinc[way][place])
        finite = np.isfinite(expected.cinc_se[way][place])
        assert curve.error[finite] == pytest.approx(expected.cinc_se[way][place][finite])


def test_what_can_end_otherwise_is_not_promised() -> None:
    """Of ten cases five are withdrawn on the first day and five closed on the second: half are ever closed, not all."""
    cases = counted([1] * 5 + [2] * 5, [2] * 5 + [1] * 5)
    closed, withdrawn = incidence(cases)
    assert closed.by([1, 2])[0] == pytest.approx([0, 0.5])
    assert withdrawn.by([1, 2])[0] == pytest.approx([0.5, 0.5])
    assert closed.when(0.5)[0] == 2
    assert np.isnan(closed.when(0.6)[0])


def test_a_case_first_seen_late_is_at_risk_from_then_on() -> None:
    cases = counted([3, 5, 8, 4], [1, 1, 1, 1], entered=[0, 4, 6, 4])
    assert cases.at.tolist() == [3, 5, 8], "over by the time it could be seen: left out"
    assert cases.at_risk.tolist() == [1, 1, 1]


def test_rows_may_be_counts_already() -> None:
    lasted, how, entered = some_cases(size=80)
    cases = np.arange(80) % 4
    one_by_one = counted(*(np.repeat(column, cases) for column in (lasted, how)), entered=np.repeat(entered, cases))
    as_counts = counted(lasted, how, entered=entered, cases=cases)
    assert as_counts.at.tolist() == one_by_one.at.tolist()
    assert as_counts.at_risk == pytest.approx(one_by_one.at_risk)
    assert as_counts.ended == pytest.approx(one_by_one.ended)


def test_nothing_one_case_and_all_at_once() -> None:
    for nothing in (counted([], []), counted([np.nan], [1])):
        assert np.isnan(kaplan_meier(nothing).when()).all()
        assert np.isnan(kaplan_meier(nothing).by([3])[0])
    open_only = kaplan_meier(counted([3.0], [OPEN]))
    assert open_only.by([2, 4])[0].tolist() == pytest.approx([1, np.nan], nan_ok=True)
    one = kaplan_meier(counted([3], [1]))
    assert (one.share.tolist(), one.when()[0]) == ([0], 3)
    assert np.isnan(one.low[0])
    at_once = incidence(counted([0, 0, np.nan], [1, 1, 2], ways=2))
    assert [curve.share.tolist() for curve in at_once] == [[1], [0]]


@pytest.mark.parametrize("lasted", [[-1.0], [2.5], [9e9], [-3]])
def test_times_that_cannot_be_counted_are_errors(lasted: list[float]) -> None:
    with pytest.raises(ValueError, match="times must"):
        counted(lasted, [1])


@given(CASES)
@settings(max_examples=60)
def test_curves_fall_and_ways_sum_with_what_is_not_over_to_one(cases: list[tuple[int, int, int]]) -> None:
    lasted, how, entered = np.array(cases).T
    for start in (None, entered):
        seen = counted(lasted, how, entered=start, ways=3)
        curve, ways = kaplan_meier(seen), incidence(seen)
        assert np.all(np.diff(np.concatenate([[1.0], curve.share])) <= 1e-12)
        assert sum(way.share for way in ways) + curve.share == pytest.approx(np.ones(len(curve.at)))
        for drawn in (curve, *ways):
            known = ~np.isnan(drawn.low)
            assert np.all((drawn.low <= drawn.share + 1e-9)[known] & (drawn.share <= drawn.high + 1e-9)[known])
