"""How much units differ beyond chance: statsmodels as a second opinion, and the edges."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from dashboard.statistics.ratios import aligned, ratio
from dashboard.statistics.spread import between, winsorised


@pytest.mark.parametrize("seed", range(5))
def test_variance_between_units_is_dersimonian_and_lairds(seed: int) -> None:
    generator = np.random.default_rng(seed)
    variances = generator.uniform(0.001, 0.01, 12)
    values = generator.normal(0.5, np.sqrt(variances + 0.02))
    expected = combine_effects(values, variances, method_re="dl").tau2
    assert expected > 0
    assert float(between(values, variances)) == pytest.approx(expected)


def test_units_alike_and_a_single_one_have_none_between_them() -> None:
    assert float(between([0.3], [0.01])) == 0
    assert float(between([0.3] * 5, [0.01] * 5)) == 0
    assert between([[0.1, 0.9], [0.5, 0.5]], [[0.01, 0.01], [0.01, 0.01]]) == pytest.approx([0.31, 0]), "a row each"


def test_the_outer_tenths_are_drawn_in() -> None:
    assert winsorised(np.arange(11.0)).tolist() == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_nothing_divided_by_nothing_is_missing() -> None:
    assert ratio([1, 0, np.nan, 4], [2, 0, 1, -1]).tolist() == pytest.approx([0.5, np.nan, np.nan, np.nan], nan_ok=True)
    first, second = aligned([1, 2, 3], 5)
    assert (first.tolist(), second.tolist()) == ([1, 2, 3], [5, 5, 5])
