"""Control charts against NHSRplotthedots, Montgomery's book and sums written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.statistics.control import LEAST_POINTS, p_chart, u_chart, xmr, xmr_chart

# set.seed(123); rnorm(20) and the limits NHSRplotthedots gives for it
NORMAL = [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285, -0.44566197,
          1.2240818, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.7013559, -0.47279141]  # fmt: skip
ONE_OUTLIER = [*NORMAL[:14], 10.0, *NORMAL[15:]]
# Montgomery, Introduction to Statistical Quality Control: example 7.1 (n = 50), table 7.4, examples 7.3 (without samples 6 and 20), 7.4
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
ORDERS = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
ORDERED = [100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90]
BOARDS = [21, 24, 16, 12, 15, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 30, 24, 16, 19, 17, 15]
SHIPMENTS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
MONTGOMERY = "Montgomery, as printed in qicharts2's tests"


@pytest.mark.parametrize(
    ("values", "screen", "mean", "low", "high"),
    [
        (NORMAL, True, 0.1416238, -3.01138, 3.294627),
        (ONE_OUTLIER, True, 0.6694159, -2.383666, 3.722497),
        (ONE_OUTLIER, False, 0.6694159, -4.596625, 5.935457),
        ([5.0] * 12, True, 5, 5, 5),
        ([4.0] * 11 + [5.0], True, 4.083333, 3.841515, 4.325152),  # a single step is all there is to go by
    ],
)
def test_xmr(values: list[float], screen: bool, mean: float, low: float, high: float) -> None:
    assert xmr(values, screen=screen) == pytest.approx((mean, low, high), abs=1e-5)


def test_p_chart() -> None:
    found = p_chart(CANS, 50)
    assert (found.centre[0], found.low[0], found.high[0]) == pytest.approx((0.231333, 0.0524275, 0.4102391), abs=1e-6), MONTGOMERY
    fewer = p_chart([count for place, count in enumerate(CANS, start=1) if place not in (15, 23)], 50)
    assert (fewer.centre[0], fewer.low[0], fewer.high[0]) == pytest.approx((0.2150, 0.0407028, 0.3892972), abs=1e-6), MONTGOMERY


def test_p_chart_of_varying_n() -> None:
    found = p_chart(ORDERS, ORDERED)
    assert found.centre[0] == pytest.approx(234 / 2450)
    assert (found.low[0], found.high[0]) == pytest.approx((0.007335, 0.183686), abs=1e-6), MONTGOMERY
    assert (found.low[1], found.high[1]) == pytest.approx((0, 0.194093), abs=1e-6), MONTGOMERY
    assert found.reach[1] > found.centre[1], "the lower limit is drawn at 0 and lies below"


def test_u_and_c_charts() -> None:
    boards, shipments = u_chart(BOARDS, 1), u_chart(SHIPMENTS, 50)
    assert (boards.centre[0], boards.low[0], boards.high[0]) == pytest.approx((19.6667, 6.36253, 32.9708), abs=1e-4), MONTGOMERY
    assert (shipments.centre[0], shipments.low[0], shipments.high[0]) == pytest.approx((0.074, 0, 0.189412), abs=1e-6), MONTGOMERY


def test_laneys_limits_are_as_wide_as_the_points_move() -> None:
    """Written out: σ = mean moving range of z ÷ 1.128; weeks of 40,000 cases whose shares move far more than 40,000 explain."""
    cases = np.array([40_000, 38_000, 41_000, 39_500, 40_200, 42_000, 37_000, 40_000, 39_000, 40_500, 41_500, 38_500])
    events = np.round(cases * (0.2 + np.array([0, 2, -1, 1, -2, 0, 2, -1, 1, 0, -2, 1]) / 100))
    mean = events.sum() / cases.sum()
    z = (events / cases - mean) / np.sqrt(mean * (1 - mean) / cases)
    sigma = np.abs(np.diff(z)).mean() / 1.128
    plain, laney = p_chart(events, cases), p_chart(events, cases, laney=True)
    assert sigma > 5
    assert plain.sigma == pytest.approx(laney.sigma)
    assert laney.sigma == pytest.approx(np.full(12, sigma))
    assert laney.high - laney.centre == pytest.approx(sigma * (plain.high - plain.centre))
    assert u_chart(events, cases, laney=True).reach == pytest.approx(
        3 * np.sqrt(mean / cases) * np.abs(np.diff((events / cases - mean) / np.sqrt(mean / cases))).mean() / 1.128
    )


def test_limits_are_worked_out_anew_from_each_step() -> None:
    values = [*[10.0, 12, 11, 10, 12, 11, 10, 12, 11, 10, 12, 11], *[20.0, 24, 22, 21]]
    found = xmr_chart(values, steps=[12])
    assert (found.centre[0], found.low[0], found.high[0]) == pytest.approx(xmr(values[:12]))
    assert (found.centre[-1], found.low[-1], found.high[-1]) == pytest.approx(xmr(values[12:]))
    assert found.is_firm.tolist() == [True] * 12 + [False] * 4
    shares = p_chart([10] * 12 + [40] * 12, 100, steps=[12])
    assert (shares.centre[0], shares.centre[-1]) == pytest.approx((0.1, 0.4))


def test_missing_points_are_passed_over() -> None:
    found = xmr_chart([1.0, np.nan, 3.0, 2.0], least=0)
    assert found.high[0] == pytest.approx(xmr([1, 3, 2])[2])
    assert found.low.tolist() == pytest.approx([0, np.nan, 0, 0], nan_ok=True)
    weeks = p_chart([5, 0, 6], [50, 0, 60])
    assert np.isnan(weeks.value).tolist() == [False, True, False]
    assert np.isnan(weeks.high).tolist() == [False, True, False]


def test_nothing_one_point_and_all_alike() -> None:
    assert np.isnan(xmr([])).all()
    assert np.isnan(xmr([3.0])).all()
    for chart in (xmr_chart([]), p_chart([], []), u_chart([], [])):
        assert len(chart.value) == 0
    assert not p_chart([1], [5]).is_firm[0]
    for events in (0, 7, 9):
        for laney in (False, True):
            alike = p_chart([events] * 12, 9, laney=laney)
            assert alike.centre == pytest.approx(np.full(12, events / 9))
            assert np.all((alike.low <= alike.centre) & (alike.centre <= alike.high))
    assert len(u_chart([0] * LEAST_POINTS, 4, laney=True).high) == LEAST_POINTS


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=40), st.lists(st.integers(0, 45), max_size=3)
)
@settings(max_examples=50)
def test_limits_hold_the_centre(points: list[tuple[int, int]], steps: list[int]) -> None:
    events, others = np.array(points).T
    for chart in (
        p_chart(events, events + others, steps=steps),
        u_chart(events, others, steps=steps, laney=True),
        xmr_chart(events, steps=steps, least=0),
    ):
        known = ~np.isnan(chart.low)
        assert np.all((chart.low <= chart.centre + 1e-12)[known] & (chart.centre <= chart.high + 1e-12)[known])
        assert len(chart.value) == len(points)
