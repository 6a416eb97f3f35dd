"""Fair comparison: limits of chance, equal case mix, places; and no verdict where too little is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.access import LOCAL
from dashboard.metrics.compute import compute
from dashboard.queries.case_mix import CaseMix, case_mix
from dashboard.reading.fairness import OUTSIDE, Fairness, at_equal_mix, compared, concluded, fair, may_compare, rank_words
from dashboard.reading.visit import Visit, metric
from dashboard.view import View
from dashboard.warehouse import Snapshot

ON_TIME = metric("on_time_closure_rate")


def of(counts: list[float], cases: list[float], mix: CaseMix | None = None, key: str = "on_time_closure_rate") -> Fairness:
    x, n = np.array(counts, dtype=float), np.array(cases, dtype=float)
    codes = [f"C{number:02}" for number in range(len(x))]
    return compared(metric(key), codes, [f"社区{number}" for number in range(len(x))], (x, n), float(x.sum() / n.sum()), mix)


def said(sample: Snapshot, found: Fairness, lang: str = "zh") -> str:
    return concluded(Visit(sample, View(lang=lang), LOCAL), found)


def hard_and_easy(shares: tuple[float, float], units: int = 8, n: float = 400) -> CaseMix:
    """Every unit has 10 % late among easy cases and 40 % among hard ones; the first has mostly hard ones."""
    hard = np.array([shares[0], *[shares[1]] * (units - 1)]) * n
    cases = np.stack([n - hard, hard], axis=1)
    return CaseMix(tuple(f"C{number:02}" for number in range(units)), cases - np.round(cases * [0.1, 0.4]), cases)


def test_a_unit_with_harder_cases_is_outside_as_it_is_and_inside_at_equal_mix(sample: Snapshot) -> None:
    mix = hard_and_easy((0.8, 0.3))
    found = of(mix.events.sum(axis=1).tolist(), mix.cases.sum(axis=1).tolist(), mix)
    first = found.units.iloc[0]
    assert (first["beyond"], first["adjusted_beyond"], first["stand"]) == (-OUTSIDE, 0, "alike")
    assert first["adjusted"] == pytest.approx(found.units["adjusted"].iloc[1:].mean(), abs=0.01)
    assert "社区0（偏低，按案件构成调整后不再超出" in said(sample, found)


def test_an_easy_mix_hides_nobody() -> None:
    mix = hard_and_easy((0.02, 0.8))
    late = mix.cases - mix.events
    late[0] *= 2.2
    mix = replace(mix, events=mix.cases - late)
    found = of(mix.events.sum(axis=1).tolist(), mix.cases.sum(axis=1).tolist(), mix)
    assert abs(found.units["beyond"].iloc[0]) < OUTSIDE or found.units["beyond"].iloc[0] > 0
    assert found.units["adjusted_beyond"].iloc[0] == -OUTSIDE


def test_fewer_than_four_units_get_no_verdict(sample: Snapshot) -> None:
    found = of([90, 20, 80], [100, 100, 100])
    assert found.funnel is None
    assert said(sample, found) == "件数够 10 件的社区只有 3 个，少于 4 个，无从判断高低是否超出偶然。"
    assert "cannot be told" in said(sample, found, "en")
    assert rank_words(Visit(sample, View(), LOCAL), found, "C00") == ""


def test_units_with_too_few_cases_are_left_out_and_counted(sample: Snapshot) -> None:
    found = of([90, 91, 89, 92, 0], [100, 100, 100, 100, 9])
    assert len(found.units) == 4
    assert said(sample, found).endswith("另有 1 个社区件数太少（不足 10 件），不作判断。")
    assert "不宜排名" in said(sample, found)


def test_units_all_alike_are_not_ranked(sample: Snapshot) -> None:
    found = of([90] * 12, [100] * 12)
    assert (found.units["beyond"] == 0).all()
    assert (found.units["rank_low"] <= 2).all()
    assert (found.units["rank_high"] >= 11).all()
    assert said(sample, found).startswith("12 个社区的按期结案率都在 99.8% 控制限之内")


def test_the_first_place_is_the_best_one(sample: Snapshot) -> None:
    up = of([99, 90, 90, 60], [100] * 4)
    down = of([99, 90, 90, 60], [100] * 4, key="rework_rate")
    assert metric("rework_rate").direction == "down"
    assert up.units["rank_low"].iloc[0] == down.units["rank_low"].iloc[-1] == 1
    assert up.units["rank_high"].iloc[-1] == down.units["rank_high"].iloc[0] == 4
    assert rank_words(Visit(sample, View(), LOCAL), up, "C03") == "第 4 名（共 4 个）"


def test_shares_and_their_complements_are_adjusted_alike() -> None:
    mix = hard_and_easy((0.6, 0.3))
    one, other = at_equal_mix(mix.events, mix.cases), at_equal_mix(mix.cases - mix.events, mix.cases)
    np.testing.assert_allclose(one.value, 1 - other.value)
    np.testing.assert_allclose(one.low, 1 - other.high)
    assert (one.beyond == -other.beyond).all()


def test_too_few_expected_events_are_not_adjusted() -> None:
    found = at_equal_mix(np.array([[30.0], [30], [30], [30]]), np.array([[31.0], [31], [31], [31]]))
    assert np.isnan(found.value).all()
    assert (found.beyond == 0).all()


def test_rates_per_household_have_limits_and_no_case_mix(sample: Snapshot) -> None:
    key = "incidents_per_1000_households"
    visit = Visit(sample, View(), LOCAL)
    found = fair(visit, key, visit.numbers((key,), by=("community",)))
    assert not found.is_adjusted
    assert found.funnel is not None
    assert (found.units["raw_low"] < found.units["raw"]).all()
    assert [may_compare(key) for key in ("reported", "median_hours_to_close", "open_overdue", key)] == [False, False, False, True]


@pytest.mark.parametrize("key", ["on_time_closure_rate", "closure_rate", "satisfaction_rate", "solved_rate"])
def test_the_strata_add_up_to_the_numbers_of_the_page(sample: Snapshot, key: str) -> None:
    view = View(period="this_year", category=("01", "02", "05"))
    period = view.dates(sample.build.as_of, sample.build.data_from)
    mix = case_mix(sample, metric(key), view, (period.start, period.end), "community")
    numbers = compute(sample, [key], view, ["community"], min_n=0).set_index("community")
    rows = numbers.loc[list(mix.units)]
    np.testing.assert_allclose(mix.cases.sum(axis=1), rows["denominator"])
    np.testing.assert_allclose(mix.events.sum(axis=1), rows["numerator"])
    assert (mix.events <= mix.cases).all()
