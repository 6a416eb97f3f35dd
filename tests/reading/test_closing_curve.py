"""How long until a case is closed: nobody lost, nobody counted twice, and a second opinion on the curve."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.access import LOCAL
from dashboard.queries.closing_times import CLOSED, ELSEWISE, OPEN, closing_times
from dashboard.reading.closing_curve import POINTS, closing_curve
from dashboard.reading.visit import Visit
from dashboard.statistics.survival import counted, incidence
from dashboard.view import View
from dashboard.warehouse import Snapshot


def test_every_case_that_needs_handling_is_timed_or_told_apart(sample: Snapshot) -> None:
    view = View(period="this_year", community=("C01", "C05"))
    period = view.dates(sample.build.as_of, sample.build.data_from)
    found = closing_times(sample, view, (period.start, period.end))
    ((closed, still_open, all_of_them),) = sample.rows(
        "SELECT count_if(is_closed AND hours_to_close IS NOT NULL), count_if(is_open), count(*) FROM core.incident "
        "WHERE reported_on BETWEEN ? AND ? AND community_code IN ('C01', 'C05') AND NOT is_self_disposed "
        "AND (is_counted OR is_void OR is_duplicate OR is_parked)",
        [period.start, period.end],
    )
    assert found.cases[found.ended == CLOSED].sum() == closed
    assert found.cases[found.ended == OPEN].sum() == still_open
    assert found.cases.sum() + found.untimed == all_of_them
    assert found.cases[found.ended == ELSEWISE].sum() > 0


def test_the_share_closed_is_that_of_cases_seen_long_enough(sample: Snapshot) -> None:
    """Of last year's cases all were seen for months: the curve must be the plain share of those closed within so many days."""
    view = View(period="last_year")
    period = view.dates(sample.build.as_of, sample.build.data_from)
    found = closing_times(sample, view, (period.start, period.end))
    closed, _ = incidence(counted(found.hours, found.ended, entered=found.entered, cases=found.cases, ways=2))
    for hours in (24, 72, 240):
        plain = found.cases[(found.ended == CLOSED) & (found.hours <= hours)].sum() / found.cases.sum()
        assert closed.by(hours)[0] == pytest.approx(plain, abs=1e-9)


def test_the_curve_rises_within_its_band_and_is_light(sample: Snapshot) -> None:
    for period in ("last_12_weeks", "last_week", "all"):
        found = closing_curve(Visit(sample, View(period=period), LOCAL))
        share = found.closed["share"].to_numpy()
        assert (np.diff(share) >= 0).all()
        known = found.closed.dropna()
        assert (known["low"] <= known["share"]).all()
        assert (known["share"] <= known["high"]).all()
        assert len(found.closed) <= POINTS
        assert found.sentence.startswith("一半的事件在上报后")
        assert found.marks[0].at < max(found.ticks)


def test_a_few_cases_have_no_curve(sample: Snapshot) -> None:
    found = closing_curve(Visit(sample, View(period="last_week", community=("C12",)), LOCAL))
    assert found.closed.empty
    assert found.sentence == "结案不足 30 件，不画曲线。"


def test_cases_from_before_the_exports_enter_late(sample: Snapshot) -> None:
    first = sample.build.data_from
    found = closing_times(sample, View(period="all"), (first, sample.build.data_to))
    assert found.entered.max() == 0
