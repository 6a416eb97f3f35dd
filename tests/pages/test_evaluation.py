"""政策评估: the page's own path finds what was planted in the sample, and says so; runs are followed, given up, and outlive a dead worker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import numpy as np
import pytest

from dashboard.app import create_app
from dashboard.evaluations.runs import BROKEN, DONE, ENDED, STOPPED, WORKING, Evaluations, Run, told
from dashboard.pages import draw
from dashboard.pages.evaluation import exhibit, parts
from dashboard.reading.evaluation import examples, specification
from dashboard.reading.evaluation_panel import Numbered, Obstacle, numbered, run_id
from dashboard.reading.evaluation_words import CHANGED, QUIET, others_state
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit, metric
from dashboard.settings import Settings
from dashboard.statistics.evaluation import Asked
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse
from tests.pages.test_exhibits import things
from tests.pages.test_pages import MISSING, links, strings, visit
from tests.statistics.planted import township

PATIENCE = 60.0
CHARTS = {f"evaluation-{name}" for name in ("since", "weekly", "cohorts", "without", "past", "elsewhen")}


@pytest.fixture(scope="module")
def evaluations() -> Iterator[Evaluations]:
    found = Evaluations(patience=PATIENCE)
    yield found
    found.close()


def example(sample: Snapshot, name: str, lang: str = "zh") -> Visit:
    asked, channels = examples(visit(sample, "/evaluation"))[name]
    return visit(sample, page_href("/evaluation", View(channel=channels, lang=lang), **asked.choices()))


def done(evaluations: Evaluations, here: Visit) -> Run:
    asked = specification(here.choices or {})
    run = evaluations.ask(run_id(here, asked), lambda: numbered(here, asked))
    assert run.over.wait(PATIENCE)
    return run


def answered(evaluations: Evaluations, id: str) -> Run:
    """A run of that id with numbers so few that it is done at once."""
    few = np.ones((3, 20))
    asked = Asked("count", few, few, np.array([13.0, np.nan, np.nan]), few[0])
    run = evaluations.ask(id, lambda: Numbered(asked, (), (), ()))
    assert run.over.wait(PATIENCE)
    assert run.state == DONE
    return run


def test_the_planted_effect_is_found_within_its_interval_and_none_where_none_is(sample: Snapshot, evaluations: Evaluations) -> None:
    planted = done(evaluations, example(sample, "patrol")).found
    assert planted is not None
    assert planted.others.effect.low <= 1.25 <= planted.others.effect.high
    assert others_state(metric("reported"), planted) == CHANGED
    control = done(evaluations, example(sample, "control")).found
    assert control is not None
    assert others_state(metric("reported"), control) == QUIET


def test_over_seeds_the_interval_holds_what_was_planted(evaluations: Evaluations) -> None:
    held = []
    for factor in (1.0, 1.25):
        for seed in range(3):
            panel = township(seed, factor)
            top, bottom, adopted = (np.asarray(part, dtype=float) for part in (panel.top, panel.bottom, panel.adopted))
            asked = Asked("count", top, bottom, adopted, np.full(top.shape[1], 2.0), permutations=400)
            run = evaluations.ask(f"{factor}-{seed}", lambda asked=asked: Numbered(asked, (), (), ()))  # type: ignore[misc]
            assert run.over.wait(PATIENCE)
            assert run.found is not None
            held.append(run.found.others.effect.low <= factor <= run.found.others.effect.high)
    assert sum(held) >= len(held) - 1


@pytest.mark.parametrize(("name", "lang"), [("patrol", "zh"), ("patrol", "en"), ("on_time", "en")])
def test_an_answer_is_whole(sample: Snapshot, evaluations: Evaluations, name: str, lang: str) -> None:
    here = example(sample, name, lang)
    done(evaluations, here)
    drawn = parts(evaluations, here)
    said = list(strings(drawn))
    assert [words for words in said if MISSING.search(words)] == []
    assert set(here.exhibits) == CHARTS
    assert {card for _, card in things(drawn)} == CHARTS
    assert {link.split("#")[1] for link in links(drawn) if "#" in link} >= {"staggered", "interrupted"}
    assert all(found.make().rows for found in here.exhibits.values())


def test_the_data_behind_a_card_is_worked_out_where_it_is_not_kept(sample: Snapshot, evaluations: Evaluations) -> None:
    here = example(sample, "patrol")
    evaluations.forget(run_id(here, specification(here.choices or {})))
    found = exhibit(evaluations, here, "evaluation-cohorts")
    assert found is not None
    assert len(found.make().rows) == 5
    assert exhibit(evaluations, visit(sample, "/evaluation?units1=C03"), "evaluation-cohorts") is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "从这里开始"),
        ("?day1=2026-03-02", "还没有选在哪些地方做"),
        ("?units1=C03", "还没有填从哪天开始"),
        ("?day1=2026-03-02&units1=C03&metric=backlog", "中位数、存量和综合得分不能这样评估"),
        ("?day1=2026-03-02&units1=ZZ", "认不出这些地方"),
        ("?day1=2035-03-02&units1=C03", "都不在数据之内"),
        ("?day1=2026-03-02&units1=C03&since=2026-03-03&until=2026-03-06", "没有一个完整的周"),
        ("?day1=2026-11-02&units1=C03,C04", "周数不够"),
        ("?day1=2026-03-02&units1=C01,C02,C03,C04,C05,C06,C07,C08,C09,C10,C11,C12", "没有对象可比"),
        ("?day1=2026-03-02&units1=C03&metric=self_disposed_share", "给不出区间"),
        ("?day1=2023-11-01&units1=C01&day2=2025-08-04&units2=C02,C03,C04,C05", "没有算进来"),
    ],
)
def test_every_state_says_what_it_is(sample: Snapshot, evaluations: Evaluations, query: str, words: str) -> None:
    here = visit(sample, "/evaluation" + query)
    with suppress(Obstacle):  # which the page says
        done(evaluations, here)
    said = list(strings([*draw(here)[1], *parts(evaluations, here)]))
    assert any(words in one for one in said), [one for one in said if len(one) > 12]
    assert [one for one in said if MISSING.search(one)] == []


def test_what_was_not_worked_out_is_said_and_can_be_begun_anew(sample: Snapshot, evaluations: Evaluations) -> None:
    here = example(sample, "control")
    run = answered(evaluations, run_id(here, specification(here.choices or {})))
    run.found = None
    for state, words in ((WORKING, "取消"), (STOPPED, "已经取消"), (ENDED, "意外中断"), (BROKEN, "没有算成")):
        run.state = state
        said = list(strings(parts(evaluations, here)))
        assert any(words in one for one in said), state
        assert ("再算一次" in said) == (state != WORKING)
    evaluations.forget(run.id)


def test_a_form_offers_each_place_once_and_keeps_what_was_chosen(sample: Snapshot) -> None:
    text = str(draw(visit(sample, "/evaluation?day1=2026-03-02&units1=C03&day2=2026-04-06&units2=C04,C05"))[1])
    for unit, name in (("C03", "units1"), ("C04", "units2")):
        assert text.count(f"'value': '{unit}'") == 1, (unit, name)
    assert text.count("'value': 'C01'") == 3


def begun(evaluations: Evaluations, id: str, seed: int) -> Run:
    panel = township(seed)
    top, bottom, adopted = (np.asarray(part, dtype=float) for part in (panel.top, panel.bottom, panel.adopted))
    asked = Asked("count", top, bottom, adopted, np.full(top.shape[1], 2.0), permutations=20_000)
    return evaluations.ask(id, lambda: Numbered(asked, (date(2026, 1, 5),), (), ()))


def working(run: Run) -> None:
    until = time.monotonic() + PATIENCE
    while not run.share and time.monotonic() < until:
        time.sleep(0.02)
    assert 0 < run.share < 1


def test_a_run_can_be_stopped_and_begun_anew_and_a_dead_worker_is_replaced(evaluations: Evaluations) -> None:
    run = begun(evaluations, "long", 1)
    assert told(run, "zh")
    working(run)
    assert "%" in told(run, "en")
    evaluations.stop("long")
    assert run.state == STOPPED
    evaluations.forget("long")
    assert evaluations.find("long") is None

    again = begun(evaluations, "long", 2)
    working(again)
    number = evaluations.worker_number
    assert number is not None
    os.kill(number, signal.SIGKILL)
    assert again.over.wait(PATIENCE)
    assert again.state == ENDED
    assert again.found is None

    answered(evaluations, "after")
    assert evaluations.worker_number != number


def test_who_opens_the_page_afresh_does_not_meet_what_another_stopped(sample: Snapshot, evaluations: Evaluations) -> None:
    here = example(sample, "control")
    id = run_id(here, specification(here.choices or {}))
    for state, is_new in ((STOPPED, True), (ENDED, True), (BROKEN, False)):
        evaluations.forget(id)
        run = answered(evaluations, id)
        run.found, run.state = None, state
        assert "再算一次" in list(strings(parts(evaluations, here)))
        parts(evaluations, here, is_fresh=True)
        assert (evaluations.find(id) is not run) == is_new
    evaluations.forget(id)


def test_a_worker_lost_before_it_began_fails_nobody(evaluations: Evaluations) -> None:
    for place in range(3):
        number = evaluations.worker_number
        if number is not None:
            os.kill(number, signal.SIGKILL)
        answered(evaluations, f"idle-{place}")


def test_a_file_is_waited_for_longer_than_a_page_that_was_left(sample: Snapshot) -> None:
    slow = Evaluations(patience=1.5)
    try:
        assert exhibit(slow, example(sample, "patrol"), "evaluation-cohorts") is not None
    finally:
        slow.close()


def test_what_nobody_waits_for_is_given_up_and_little_is_kept() -> None:
    hasty = Evaluations(kept=2, patience=0.0)
    try:
        run = begun(hasty, "left", 1)
        assert run.over.wait(PATIENCE)
        assert run.state == STOPPED
        assert hasty.find("left") is None
    finally:
        hasty.close()


def test_runs_are_followed_over_the_wire(sample_warehouse: Warehouse) -> None:
    client = create_app(Settings(data=sample_warehouse.directory.parent)).server.test_client()
    assert client.get("/evaluation-run/nothing").status_code == 404
    own = {"X-Township": "1", "Sec-Fetch-Site": "same-origin"}
    assert client.delete("/evaluation-run/nothing").status_code == 403
    assert client.delete("/evaluation-run/nothing", headers=own).json == {"job": "nothing"}
    assert client.post("/evaluation-run/nothing/again", headers=own).json == {"job": "nothing"}
