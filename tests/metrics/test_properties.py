"""What must hold whatever the view: parts sum to the whole, narrowing never adds, rates stay within 0–1."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.metrics.catalogue import catalogue
from dashboard.metrics.compute import compute
from dashboard.view import View
from dashboard.warehouse import Snapshot

SHARED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ALL = [*catalogue().metrics, *catalogue().variants]
SHARES = [key for key in ALL if catalogue().metric(key).unit == "percent"]
ADDITIVE = [
    key for key in ALL if catalogue().metric(key).kind in ("count", "ratio", "stock") and not catalogue().metric(key).complement
]
INCIDENT_ONLY = [key for key in ADDITIVE if catalogue().metric(key).group in ("flow", "closure", "backlog", "quality")]
COMMUNITIES = tuple(f"C{number:02d}" for number in range(1, 13))
CATEGORIES = tuple(f"{number:02d}" for number in range(1, 14))


@st.composite
def views(draw: st.DrawFn) -> View:
    start = date(2023, 12, 1) + timedelta(days=draw(st.integers(0, 1000)))
    days = draw(st.integers(0, 400))
    return View(
        period="custom",
        start=start,
        end=start + timedelta(days=days),
        community=tuple(draw(st.sets(st.sampled_from(COMMUNITIES), max_size=3))),
        category=tuple(draw(st.sets(st.sampled_from(CATEGORIES), max_size=3))),
        channel=tuple(draw(st.sets(st.sampled_from(("hotline", "grid_patrol", "resident_app")), max_size=2))),
    )


@SHARED
@given(view=views())
def test_rates_lie_within_0_and_1_and_are_null_only_without_cases(sample: Snapshot, view: View) -> None:
    frame = compute(sample, SHARES, view, min_n=0)
    shown = frame["value"].dropna()
    assert shown.between(0, 1).all()
    assert (frame["value"].isna() == (frame["n"] == 0)).all()


@SHARED
@given(view=views(), by=st.sampled_from(("community", "category", "department", "channel", "level", "week", "month", "grid")))
def test_parts_sum_to_the_whole(sample: Snapshot, view: View, by: str) -> None:
    keys = [key for key in INCIDENT_ONLY if not (by in ("week", "month") and catalogue().metric(key).kind == "stock")]
    whole = compute(sample, keys, view, min_n=0).set_index("metric")
    parts = compute(sample, keys, view, [by], min_n=0).groupby("metric")[["numerator", "denominator", "n"]].sum()
    for column in ("numerator", "n"):
        assert np.allclose(parts[column].reindex(keys).fillna(0), whole[column].reindex(keys).fillna(0)), column
    assert np.allclose(parts["denominator"].reindex(keys).fillna(0), whole["denominator"].reindex(keys).fillna(0))


@SHARED
@given(view=views(), narrower=st.sampled_from(("community", "category", "department", "level")))
def test_narrowing_a_filter_never_raises_n(sample: Snapshot, view: View, narrower: str) -> None:
    wide = view.replace(**{narrower: ()})
    code = {"community": "C02", "category": "03", "department": "D07", "level": "town"}[narrower]
    narrow = view.replace(**{narrower: (code,)})
    before, after = compute(sample, ALL, wide), compute(sample, ALL, narrow)
    assert (after["n"].to_numpy() <= before["n"].to_numpy()).all()


@SHARED
@given(view=views())
def test_the_same_view_gives_the_same_bytes(sample: Snapshot, view: View) -> None:
    first, second = compute(sample, ALL, view), compute(sample, ALL, view)
    assert first["value"].to_numpy().tobytes() == second["value"].to_numpy().tobytes()


@SHARED
@given(view=views())
def test_age_bands_sum_to_the_backlog(sample: Snapshot, view: View) -> None:
    bands = ["backlog_under_7_days", "backlog_7_to_30_days", "backlog_30_to_90_days", "backlog_over_90_days"]
    frame = compute(sample, ["backlog", *bands], view).set_index("metric")["value"]
    assert frame[bands].sum() == frame["backlog"]
