"""Comparisons of one unit with all others: against other programs' numbers, and against chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

from dashboard.statistics.outliers import above_the_rest, discoveries, middle_half, risen_more_than_the_rest

UNITS = np.array([[30.0], [6.0], [5.0], [7.0], [4.0], [6.0]])
CASES = np.array([[100.0], [100.0], [110.0], [90.0], [80.0], [120.0]])


def test_the_rest_is_everybody_but_the_unit() -> None:
    found = above_the_rest(UNITS, CASES)
    assert found.rate[0] == pytest.approx(0.30)
    assert found.rest[0] == pytest.approx(28 / 500)
    assert found.rest[1] == pytest.approx(52 / 500)
    assert found.p[0] < 1e-6 < 0.1 < found.p[1]


def test_p_is_never_below_fishers() -> None:
    found = above_the_rest(UNITS, CASES)
    for unit in range(len(UNITS)):
        x, n = UNITS[unit, 0], CASES[unit, 0]
        others = UNITS.sum() - x
        exact = fisher_exact([[x, n - x], [others, CASES.sum() - n - others]], alternative="greater").pvalue
        assert found.p[unit] >= exact * (1 - 1e-9)


def test_within_strata_the_test_is_mantel_and_haenszels() -> None:
    """A unit that mostly has more of the hard work is hardly high; statsmodels' stratified table gives the same p, two-sided."""
    events = np.array([[45.0, 1.0], [10.0, 9.0], [11.0, 8.0], [9.0, 9.0], [10.0, 10.0]])
    cases = np.array([[80.0, 20.0], [20.0, 180.0], [22.0, 170.0], [18.0, 182.0], [20.0, 200.0]])
    found = above_the_rest(events, cases)
    assert found.rest[0] < 0.12 < 0.4 < found.rate[0]
    assert found.alike[0] == pytest.approx((80 * 40 / 80 + 20 * 36 / 732) / 100)
    tables = []
    for x, n in zip(events.T, cases.T, strict=True):
        tables.append(np.array([[x[0], n[0] - x[0]], [x[1:].sum(), n[1:].sum() - x[1:].sum()]]))
    assert found.p[0] == pytest.approx(StratifiedTable(tables).test_null_odds(correction=True).pvalue / 2)
    assert found.p[0] > 0.1


def test_where_units_differ_anyway_one_of_them_is_no_outlier() -> None:
    alike = np.array([10.0, 12, 9, 11, 10, 22])[:, None]
    unlike = np.array([2.0, 20, 5, 17, 9, 22])[:, None]
    cases = np.full((6, 1), 200.0)
    assert above_the_rest(alike, cases).p[-1] < 0.005
    assert above_the_rest(unlike, cases).p[-1] > 0.03


def test_one_glaring_unit_does_not_hide_the_next() -> None:
    events = np.array([190.0, 60] + [4.0] * 20)[:, None]
    assert above_the_rest(events, np.full((22, 1), 200.0)).p[1] < 0.001


def test_a_unit_alone_in_its_work_is_compared_with_all_others_only() -> None:
    events = np.array([[0.0, 30.0], [5.0, 0.0], [6.0, 0.0], [4.0, 0.0]])
    cases = np.array([[0.0, 100.0], [100.0, 0.0], [100.0, 0.0], [100.0, 0.0]])
    found = above_the_rest(events, cases)
    assert np.isnan(found.alike[0])
    assert found.p[0] < 0.001


def test_a_rise_is_held_against_everybodys() -> None:
    before, cases = np.array([50.0, 52, 48, 55, 51]), np.full(5, 200.0)
    alone = risen_more_than_the_rest(np.array([110.0, 52, 49, 54, 50]), cases, before, cases)
    together = risen_more_than_the_rest(np.array([110.0, 112, 108, 115, 111]), cases, before, cases)
    assert alone.p[0] < 0.001 < 0.2 < together.p[0]
    assert alone.alike[0] == pytest.approx(0.25, abs=0.01)
    assert together.alike[0] == pytest.approx(0.55, abs=0.02)


def test_discoveries_are_benjamini_and_hochbergs() -> None:
    p = np.array([0.001, 0.008, 0.039, 0.041, 0.042, 0.060, 0.074, 0.205])
    assert discoveries(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert len(discoveries([])) == 0


def test_among_units_that_only_chance_tells_apart_hardly_anything_is_called_high() -> None:
    generator = np.random.default_rng(7)
    called = 0
    for _ in range(200):
        cases = generator.integers(30, 400, (12, 3)).astype(float)
        events = generator.binomial(cases.astype(int), [0.05, 0.1, 0.2]).astype(float)
        called += int((discoveries(above_the_rest(events, cases).p) <= 0.05).any())
    assert called <= 0.05 * 200


def test_the_middle_half() -> None:
    assert middle_half([0.1, 0.2, 0.3, 0.4, 0.5]) == pytest.approx(0.2)
    assert np.isnan(middle_half([]))
