"""What an evaluation asks ⇄ the address; its numbers; its sentences and cautions, in both languages."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import LOCAL
from dashboard.i18n import LANGUAGES, text
from dashboard.metrics.compute import compute
from dashboard.reading.evaluation import (
    COMMUNITY,
    GRID,
    METRIC,
    MOST_STAGES,
    OPEN_NOW,
    Specification,
    Stage,
    examples,
    first_week,
    outcomes,
    specification,
)
from dashboard.reading.evaluation_panel import Numbered, Obstacle, idle_filters, numbered, run_id
from dashboard.reading.evaluation_words import (
    CHANGED,
    DOUBTFUL,
    QUIET,
    UNKNOWN,
    always,
    cautions,
    dominant,
    effect_words,
    interval_words,
    some,
    verdict,
)
from dashboard.reading.visit import Visit, metric
from dashboard.statistics.evaluation import Asked, Found
from dashboard.statistics.interrupted import NO_EFFECT_KNOWN, Change, Effect, Interrupted, Placebos
from dashboard.statistics.staggered import Cohort, Staggered
from dashboard.view import View
from dashboard.warehouse import Snapshot

ITS = (
    "too_few_weeks",
    "few_weeks_before",
    "few_weeks_after",
    "season_unknown",
    "autocorrelation",
    "overdispersed",
    "trend_before_unstable",
)
DID = ("nothing_to_compare", "few_weeks_before", "few_weeks_after", "one_cohort", "nobody_left_to_compare", "unit_dominates", "trend_before",
       "few_assignments", "units_left_out")  # fmt: skip
SINCE = Specification(METRIC, COMMUNITY, (Stage(date(2026, 3, 2), ("C03",)),))
MORE = Effect(1.123, 1.031, 1.22, 0.004)
SAME = Effect(1.01, 0.95, 1.07, 0.7)
UNITS = ("C01", "C02", "C03")

days = st.none() | st.dates(date(2023, 1, 1), date(2027, 1, 1))
codes = st.lists(st.sampled_from([f"C{n:02d}" for n in range(1, 13)]), max_size=4, unique=True)


@given(st.lists(st.tuples(days, codes), max_size=5), days, days)
def test_an_address_says_what_was_asked_and_nothing_is_lost(stages: list[tuple[date | None, list[str]]], first: date | None, last: date | None) -> None:  # fmt: skip
    choices = {"metric": "reported", "since": str(first or ""), "until": str(last or "")}
    for place, (day, units) in enumerate(stages, 1):
        choices |= {f"day{place}": str(day or ""), f"units{place}": ",".join(units)}
    asked = specification(choices)
    assert specification(asked.choices()) == asked
    assert set(asked.treated) == {unit for _, units in stages for unit in units}
    assert len(asked.treated) == len(set(asked.treated))
    assert list(asked.days) == sorted(asked.days)


@pytest.mark.parametrize(
    "choices", [{}, {"by": "moon", "day1": "yesterday", "units1": " , "}, {"since": "2026-02-02", "until": "2026-01-01"}]
)
def test_what_cannot_be_read_is_left_out(choices: dict[str, str]) -> None:
    assert specification(choices) == Specification()
    assert specification({}).choices() == {}


def test_a_place_named_twice_began_the_first_time_and_one_day_is_one_stage() -> None:
    asked = specification(
        {"day1": "2025-06-01", "units1": "C01,C02", "day2": "2025-01-06", "units2": "C02", "day3": "2025-06-01", "units3": "C04"}
    )
    assert asked.stages == (Stage(date(2025, 1, 6), ("C02",)), Stage(date(2025, 6, 1), ("C01", "C04")))


def test_the_first_whole_week_counts() -> None:
    assert first_week(date(2026, 3, 2)) == date(2026, 3, 2)
    assert first_week(date(2026, 3, 3)) == first_week(date(2026, 3, 8)) == date(2026, 3, 9)


def test_only_what_adds_up_over_weeks_can_be_asked() -> None:
    for by in (COMMUNITY, GRID):
        assert {definition.kind for definition in outcomes(by)} <= {"count", "ratio", "rate_per", "mean"}
    keys = {by: {definition.key for definition in outcomes(by)} for by in (COMMUNITY, GRID)}
    assert "service_cases" in keys[COMMUNITY] - keys[GRID]
    assert keys[GRID] < keys[COMMUNITY]


def visit(sample: Snapshot, lang: str = "zh") -> Visit:
    return Visit(sample, View(lang=lang), LOCAL)


@pytest.mark.parametrize("key", ["reported", METRIC, "on_time_closure_rate"])
def test_the_numbers_are_those_of_the_metric_layer(sample: Snapshot, key: str) -> None:
    found = numbered(visit(sample), replace(SINCE, metric=key))
    assert found.weeks[0] >= sample.build.data_from
    assert found.weeks[-1] + timedelta(days=6) <= sample.build.data_to
    week = found.weeks[40]
    rows = compute(sample, [key], View(), by=["community"], period=(week, week + timedelta(days=6)), min_n=0).set_index("community")
    for place, unit in enumerate(found.units):
        assert found.asked.top[place, 40] == pytest.approx(rows.loc[unit, "numerator"])
        if key != "reported":
            assert found.asked.bottom[place, 40] == pytest.approx(rows.loc[unit, "denominator"])
    households = compute(sample, [METRIC], View(), by=["community"], period=(week, week + timedelta(days=6))).set_index("community")
    if key == "reported":
        assert found.asked.bottom[0, 40] == pytest.approx(households.loc["C01", "denominator"])
    began = [week for week, place in zip(found.asked.adopted, found.units, strict=True) if place == "C03"]
    assert found.weeks[int(began[0])] == date(2026, 3, 2)
    assert found.asked.holidays.min() >= 0
    assert found.asked.holidays.max() >= 5  # 春节


def test_only_filters_of_what_is_counted_act(sample: Snapshot) -> None:
    here = visit(sample)
    elsewhere = here.narrowed(community=("C01",))
    assert run_id(here, SINCE) == run_id(elsewhere, SINCE)
    assert np.array_equal(numbered(here, SINCE).asked.top, numbered(elsewhere, SINCE).asked.top)
    patrols = here.narrowed(channel=("grid_patrol",))
    assert run_id(here, SINCE) != run_id(patrols, SINCE)
    assert numbered(patrols, SINCE).asked.top.sum() < numbered(here, SINCE).asked.top.sum()


def test_why_there_is_nothing_to_work_out(sample: Snapshot) -> None:
    here = visit(sample)
    ((gone,),) = sample.rows("SELECT min(grid_id) FROM core.grid WHERE valid_to IS NOT NULL")
    reasons = {
        "unknown_metric": replace(SINCE, metric="median_hours_to_close"),
        "unknown_unit": replace(SINCE, stages=(Stage(date(2026, 3, 2), ("X99",)),)),
        "unchosen": replace(SINCE, stages=(Stage(date(2026, 3, 2), ()),)),
        "undated": replace(SINCE, stages=(Stage(None, ("C03",)),)),
        "no_weeks": replace(SINCE, first=date(2026, 3, 3), last=date(2026, 3, 6)),
        "outside": replace(SINCE, stages=(Stage(date(2030, 1, 1), ("C03",)),)),
        "redivided": Specification(METRIC, GRID, (Stage(date(2025, 6, 2), (str(gone),)),)),
    }
    for code, asked in reasons.items():
        with pytest.raises(Obstacle) as found:
            numbered(here, asked)
        assert found.value.code == code
        for lang in LANGUAGES:
            assert len(text(f"evaluation.obstacle_{code}", lang, names="X")) > 15


def test_grids_that_did_not_exist_throughout_are_not_compared_with(sample: Snapshot) -> None:
    ((grid,),) = sample.rows("SELECT min(grid_id) FROM core.grid WHERE community_code = 'C03' AND valid_to IS NULL")
    asked = Specification(METRIC, GRID, (Stage(date(2026, 6, 1), (str(grid),)),), first=date(2026, 3, 9))
    found = numbered(visit(sample), asked)
    assert grid in found.units
    assert found.left_out
    assert not np.isnan(found.asked.top).any()


def answer(others: Effect = MORE, alone: Effect = MORE, *, did: tuple[str, ...] = (), its: tuple[str, ...] = (), is_firm: bool = True) -> Found:  # fmt: skip
    nothing = np.full((3, 4), math.nan)
    stages = (Cohort(1, (2,), 0, others),)
    without = np.array([1.1, 1.12, math.nan])
    first = Staggered(is_firm, others, SAME, stages, (), nothing, nothing, without, 12, True, (0,), did)
    line = nothing[0]
    second = Interrupted(
        alone is not NO_EFFECT_KNOWN, alone, (Change(1, alone, alone),), line, line, line, line, line, 0.1, 1.2, 1, its
    )
    return Found(first, second, Placebos((1, 2), (SAME, SAME), 0.5) if second.is_firm else None)


def numbers() -> Numbered:
    weeks = tuple(date(2026, 2, 23) + timedelta(weeks=n) for n in range(4))
    asked = Asked("count", np.ones((3, 4)), np.ones((3, 4)), np.array([math.nan, math.nan, 1.0]), np.full(4, 2.0))
    return Numbered(asked, weeks, UNITS, ())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_caution_has_its_sentence(sample: Snapshot, lang: str) -> None:
    here = visit(sample, lang)
    said = cautions(here, SINCE, numbers(), answer(did=DID, its=ITS))
    assert len(set(said)) >= len(ITS) + len(DID)
    said += always(SINCE, lang)
    assert len(always(SINCE, lang)) == 4
    assert len(always(replace(SINCE, metric="on_time_closure_rate"), lang)) == 3  # a rate is not raised by more eyes alone
    for sentence in said:
        assert sentence.endswith("。" if lang == "zh" else "."), sentence
        assert not re.search(r"\{|\bnan\b|None", sentence)
        assert "证明" not in sentence
        assert "prove" not in sentence.lower()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("found", "state"),
    [
        (answer(), CHANGED),
        (answer(did=("trend_before",)), DOUBTFUL),
        (answer(SAME, SAME), QUIET),
        (answer(SAME), QUIET),
        (answer(Effect(0.8, 0.7, 0.9, 0.01)), CHANGED),
        (answer(Effect(1.2, 0.0, math.inf, 0.2), is_firm=False), UNKNOWN),
        (answer(NO_EFFECT_KNOWN, is_firm=False), UNKNOWN),
        (answer(NO_EFFECT_KNOWN, NO_EFFECT_KNOWN, is_firm=False), UNKNOWN),
    ],
)
def test_the_verdict_is_a_sentence_that_claims_no_more_than_was_found(
    sample: Snapshot, found: Found, state: str, lang: str
) -> None:
    said = verdict(visit(sample, lang), SINCE, found)
    assert said.state == state
    whole = said.headline + " ".join(said.sentences)
    assert not re.search(r"\{|\bnan\b|\binf\b|None|证明|[Pp]rove", whole)
    if state == UNKNOWN:
        assert text("evaluation.headline_changed", lang) not in whole


LESS, DOWN = Effect(0.8, 0.7, 0.9, 0.01), Effect(-0.1, -0.2, -0.05, 0.01)


@pytest.mark.parametrize(
    ("found", "headline", "fit", "is_firm"),
    [
        (answer(MORE, MORE), "changed", "fit_agree", True),
        (answer(MORE, SAME), "changed", "fit_one", True),
        (answer(MORE, LESS), "apart", "fit_apart", False),
        (answer(MORE, SAME, did=("trend_before",)), "doubtful", "", False),
        (answer(MORE, MORE, did=("trend_before",)), "doubtful", "", False),
        (answer(MORE, LESS, did=("trend_before",)), "doubtful", "fit_apart", False),
        (answer(SAME, LESS), "quiet", "fit_one", False),
        (answer(SAME, SAME), "quiet", "", False),
    ],
)
def test_headline_and_sentences_do_not_contradict_each_other(
    sample: Snapshot, found: Found, headline: str, fit: str, is_firm: bool
) -> None:
    said = verdict(visit(sample), SINCE, found)
    assert (said.headline, said.is_firm) == (text(f"evaluation.headline_{headline}", "zh"), is_firm)
    assert (said.sentences[2] if len(said.sentences) > 2 else "") == (text(f"evaluation.{fit}", "zh") if fit else "")


@pytest.mark.parametrize(
    ("key", "is_unripe"),
    [("reported", False), (METRIC, False), ("closed", True), ("closed_late", True), ("due", True), ("on_time_closure_rate", True),
     ("rework_rate", True), ("closed:by_closing", False)],
)  # fmt: skip
def test_newest_weeks_that_still_change_are_cautioned(sample: Snapshot, key: str, is_unripe: bool) -> None:
    here, until = visit(sample), sample.build.as_of.date() - timedelta(weeks=2)
    late = replace(numbers(), weeks=(until, until + timedelta(weeks=1)))
    said = cautions(here, replace(SINCE, metric=key), late, answer())
    assert any("还在办" in one for one in said) == is_unripe
    assert not any("还在办" in one for one in cautions(here, replace(SINCE, metric=key), numbers(), answer()))


def test_what_is_open_now_is_no_outcome_of_a_week() -> None:
    assert not {definition.key for by in (COMMUNITY, GRID) for definition in outcomes(by)} & set(OPEN_NOW)


def test_many_places_are_named_in_part_and_counted(sample: Snapshot) -> None:
    here = visit(sample)
    assert some(here, COMMUNITY, ("C01",)) == here.name(COMMUNITY, "C01")
    assert some(here, COMMUNITY, ("C01", "C02", "C03", "C04")).endswith("等 4 个社区")


def test_the_place_a_result_hangs_on_is_found_among_logarithms() -> None:
    first = answer(replace(MORE, value=1.0))
    found = replace(first, others=replace(first.others, without=np.array([math.nan, 0.55, 1.6]), left_out=(0,)))
    assert dominant(metric(METRIC), found) == 1


def test_filters_that_do_not_act_are_known(sample: Snapshot) -> None:
    here = visit(sample).narrowed(channel=("grid_patrol",), category=("X",))
    assert idle_filters(here, metric("service_cases")) == ("category", "channel")
    assert idle_filters(here, metric(METRIC)) == idle_filters(here, metric("reported")) == ()


def test_a_finding_is_told_with_its_interval(sample: Snapshot) -> None:
    here = visit(sample)
    said = verdict(here, SINCE, answer()).sentences[0]
    assert "高 12.3%（95% 区间 +3.1% ～ +22.0%）" in said
    assert "p = 0.004" in said
    rate = metric("on_time_closure_rate")
    down = Effect(-0.021, -0.04, -0.002, 0.03)
    assert effect_words(rate, down.value, "zh") == "−2.1 个百分点"
    assert interval_words(here, rate, down) == "95% 区间 −4.0 ～ −0.2 个百分点"
    assert effect_words(metric(METRIC), math.nan, "zh") == interval_words(here, rate, NO_EFFECT_KNOWN) == "—"


def test_the_ready_examples_follow_the_register(sample: Snapshot) -> None:
    found = examples(visit(sample))
    assert list(found) == ["patrol", "on_time", "control"]
    assert all(len(asked.stages) == 4 and len(asked.stages) <= MOST_STAGES for asked, _ in found.values())
