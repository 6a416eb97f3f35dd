"""Which units are asked about: small counts, drawn as they are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dashboard.metrics.plan import plan
from dashboard.signals.counts import Asked, Counts, counted
from dashboard.signals.detectors import CEILING_BY, CEILINGS, COMMUNITY, DEPARTMENT, DETECTORS, GRID, WORKER
from dashboard.signals.judge import CASES, LEAST, Answer, Signal, judged
from dashboard.signals.sentences import innocent, looked_at_count, sentence
from dashboard.view import View
from dashboard.warehouse import Snapshot

KIND = {"D": DEPARTMENT, "C": COMMUNITY, "G": GRID, "W": WORKER}


def counts(**units: tuple[int, int]) -> Counts:
    """unit = (events, cases), all of one work content."""
    pairs = np.array(list(units.values()), dtype=float)
    return Counts(tuple(units), pairs[:, :1], pairs[:, 1:])


def usual(letter: str, number: int = 8, share: float = 0.05, cases: int = 200) -> dict[str, tuple[int, int]]:
    return {f"{letter}{unit:02d}": (round(share * cases), cases) for unit in range(10, 10 + number)}


def asked(metric: str, units: dict[str, tuple[int, int]], before: dict[str, tuple[int, int]] | None = None) -> Answer:
    key = metric, KIND[next(iter(units))[0]]
    return judged(Asked({key: counts(**units)}, {key: counts(**before)} if before else {}))


def the_only(answer: Answer) -> Signal:
    (signal,) = answer.signals
    return signal


def test_a_unit_far_above_the_others_is_asked_about() -> None:
    signal = the_only(asked("deadline_hugging_rate", {**usual("D"), "D01": (70, 200)}))
    assert (signal.detector.id, signal.unit, signal.numerator, signal.n) == ("hugging", "D01", 70, 200)
    assert signal.rate == pytest.approx(0.35)
    assert signal.rest == pytest.approx(0.05)
    assert 0.28 < signal.low < 0.35 < signal.high < 0.42
    assert signal.p < 1e-6


def test_nothing_stands_out_and_it_is_said_how_much_was_compared() -> None:
    answer = asked("deadline_hugging_rate", usual("D"))
    assert answer.signals == ()
    assert answer.comparisons == 8
    (check,) = [check for check in answer.checks if check.compared]
    assert (check.detector.id, check.dimension, check.raised, check.too_few) == ("hugging", DEPARTMENT, 0, 0)
    assert check.level == pytest.approx(0.05)


def test_few_cases_give_no_verdict() -> None:
    answer = asked("deadline_hugging_rate", {**usual("D"), "D01": (LEAST - 1, LEAST - 1)})
    assert answer.signals == ()
    (check,) = [check for check in answer.checks if check.compared]
    assert (check.compared, check.too_few) == (8, 1)


def test_few_units_give_no_verdict() -> None:
    answer = asked("deadline_hugging_rate", {**usual("D", 2), "D01": (150, 200)})
    assert (answer.signals, answer.comparisons) == ((), 0)


@pytest.mark.parametrize(
    ("share", "own", "cases", "why"),
    [
        (0.20, 2_600, 10_000, "surely more, but by less than half"),
        (0.010, 350, 10_000, "three and a half times as many, but less than three points"),
        (0.010, 6, 60, "too few cases in excess to be worth a look"),
    ],
)
def test_a_small_difference_is_not_asked_about_however_sure(share: float, own: int, cases: int, why: str) -> None:
    assert asked("deadline_hugging_rate", {**usual("D", 8, share, 10_000), "D01": (own, cases)}).signals == (), why


def test_a_jump_is_asked_about_and_a_high_level_that_was_always_there_is_not() -> None:
    before = {**usual("C", 8, 0.25), "C01": (50, 200), "C02": (120, 200)}
    signal = the_only(asked("self_disposed_share", {**usual("C", 8, 0.25), "C01": (110, 200), "C02": (120, 200)}, before))
    assert signal.unit == "C01"
    assert signal.before == pytest.approx(0.25)


def test_a_jump_of_everybody_is_nobodys() -> None:
    now, before = usual("C", 8, 0.50), usual("C", 8, 0.25)
    assert asked("self_disposed_share", now, before).signals == ()


def test_without_earlier_days_there_is_no_jump() -> None:
    assert asked("self_disposed_share", {**usual("C", 8, 0.25), "C01": (150, 200)}).comparisons == 0


@pytest.mark.parametrize(("repeats", "is_asked"), [((8, 100), True), ((0, 100), False), ((1, 400), False), ((8, 20), False)])
def test_perfect_satisfaction_is_asked_about_where_complaints_come_back(repeats: tuple[int, int], is_asked: bool) -> None:
    satisfied = counts(**usual("C", 8, 0.85), C01=(200, 200))
    again = counts(**usual("C", 8, 0.05), C01=repeats)
    answer = judged(Asked({("satisfaction_rate:lenient", COMMUNITY): satisfied, ("repeat_complaint_rate", COMMUNITY): again}))
    assert bool(answer.signals) == is_asked
    if is_asked:
        assert the_only(answer).beside == pytest.approx((0.08, 0.05))


def test_grids_and_workers_stand_with_their_community() -> None:
    communities = counts(**usual("C", 8, 0.08), C01=(80, 200))
    grids = counts(**usual("G", 20, 0.08, 100), G01=(40, 100), G02=(45, 100))
    homes = {(GRID, "G01"): "C01", (GRID, "G02"): "C10"}
    answer = judged(Asked({("exclusion_share", COMMUNITY): communities, ("exclusion_share", GRID): grids}, homes=homes))
    assert {signal.unit: [part.unit for part in signal.parts] for signal in answer.signals} == {"C01": ["G01"], "G02": []}
    assert sum(check.raised for check in answer.checks) == 3


def test_the_strongest_comes_first() -> None:
    answer = asked("deadline_hugging_rate", {**usual("D", 30), "D01": (70, 200), "D02": (300, 400), "D03": (40, 60)})
    assert [signal.unit for signal in answer.signals] == ["D02", "D01", "D03"]
    assert all(signal.excess >= CASES for signal in answer.signals)


def test_a_rate_with_no_room_between_units_discriminates_nothing() -> None:
    flat = judged(Asked({("closure_rate", COMMUNITY): counts(**usual("C", 8, 0.99))})).ceilings
    apart = judged(Asked({("closure_rate", COMMUNITY): counts(**{f"C{i}": (150 + 6 * i, 200) for i in range(8)})})).ceilings
    assert [(c.metric, c.dimension, c.units, c.is_flat) for c in flat] == [("closure_rate", COMMUNITY, 8, True)]
    assert not apart[0].is_flat


def test_a_question_names_unit_period_rate_interval_and_cases_in_both_languages() -> None:
    signal = the_only(asked("deadline_hugging_rate", {**usual("D"), "D01": (70, 200)}))
    zh = sentence(signal, "zh", unit="城管中队", period="近12周")
    assert zh == (
        "城管中队近12周有 35.0% 的结案落在时限的最后 5% 内（其他部门合计 5.0%，95% 区间 28.7%—41.8%）。"
        "是办理集中在到期前，还是系统到期自动结案？值得看看这 70 件。"
    )
    en = sentence(signal, "en", unit="Urban management", period="last 12 weeks")
    assert "35.0% of closings fall in the last 5%" in en
    assert "Worth looking at these 70 cases." in en


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.id)
def test_every_question_asks_and_has_an_innocent_reason(detector: object, lang: str) -> None:
    signal = the_only(asked("deadline_hugging_rate", {**usual("D"), "D01": (70, 200)}))
    other = replace(signal, detector=detector, before=0.1)  # type: ignore[arg-type]
    said = sentence(other, lang, unit="U", period="P")
    assert "？" in said or "?" in said
    assert not any(word in said for word in ("造假", "作弊", "弄虚", "违规", "fraud", "cheat", "fake"))
    assert innocent(other, lang)
    assert looked_at_count(other) in (70, 200)


def test_every_detector_asks_a_share_of_what_its_units_have() -> None:
    for detector in DETECTORS:
        for by in detector.by:
            for key in filter(None, (detector.metric, detector.unless_low)):
                made = plan((key,), (by, "category"), ())
                assert made.asked[0].kind == "ratio"
                assert not made.asked[0].complement
    for key in CEILINGS:
        assert all(plan((key,), (by,), ()).scans for by in CEILING_BY)


def test_counts_of_a_view_are_the_metrics_own(sample: Snapshot) -> None:
    found = counted(sample, View())
    frame = sample.query(
        "SELECT department_code, count_if(is_closed_at_deadline) AS x, count(is_closed_at_deadline) AS n FROM core.incident "
        "WHERE closed_on BETWEEN DATE '2026-08-24' AND DATE '2026-11-15' AND department_code <> 'unmatched' GROUP BY 1 HAVING n > 0 ORDER BY 1"
    )
    own = found.counts["deadline_hugging_rate", DEPARTMENT]
    assert own.units == tuple(frame["department_code"])
    assert own.events.sum(axis=1).tolist() == frame["x"].tolist()
    assert own.cases.sum(axis=1).tolist() == frame["n"].tolist()
    assert set(found.before) >= {("self_disposed_share", COMMUNITY), ("self_disposed_share", WORKER)}


def test_no_answer_holds_a_number_that_is_none(sample: Snapshot) -> None:
    answer = judged(counted(sample, View(period="this_year")))
    for signal in answer.signals:
        assert all(math.isfinite(value) for value in (signal.rate, signal.low, signal.high, signal.rest, signal.level, signal.p))
