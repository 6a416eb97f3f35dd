"""What the weeks of a number say: a course → verdict, the chart each kind of number has, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.reading.control import Controlled, controlled, of_stock, rebased
from dashboard.reading.control_words import explained, told
from dashboard.reading.readings import Reading, rests
from dashboard.reading.visit import metric
from dashboard.statistics.chart_rules import SIDE, drift, signals
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_overview import visit

# weeks: on-time closures of 200 a week, 12 + what is said, newest last; x: no value · state and since: of the newest week
COURSES = """
weeks                                                             | state       | rules        | weeks beyond
180 182 179 181 180 178 182 181 179 180 181 180 179 181           | common      |              | 0
180 182 179 181 180 178 182 181 179 180 181 180 179 150           | concern     | outside      | 1
180 182 179 181 180 178 182 181 179 180 181 180 179 199           | improvement | outside      | 1
170 171 170 171 170 171 170 178 179 178 179 178 179 178           | improvement | side         | 7
185 183 185 183 185 183 181 180 179 178 177 176 175 174           | concern     | trend        | 10
180 182 179 181 180 178 182 181 179 180 181                       |             |              | 0
180 182 179 181 180 178 182 181 179 180 181 180 179 x             |             |              | 0
160 184 176 184 176 184 176 184 176 184 176 184 176 180           | common      |              | 0
"""


def courses() -> list[tuple[list[float], str, list[str], int]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in COURSES.strip().splitlines()[1:]]
    return [
        ([float("nan") if one == "x" else float(one) for one in weeks.split()], state, rules.split(), int(beyond))
        for weeks, state, rules, beyond in rows
    ]


def of(values: Sequence[float], n: float = 200, key: str = "on_time_closure_rate") -> Controlled:
    """values: counted a week."""
    weeks = pd.date_range(end="2026-11-09", periods=len(values), freq="7D")
    frame = pd.DataFrame({"week": weeks, "numerator": values, "denominator": n})
    frame["value"] = frame["numerator"] / (n if metric(key).kind == "ratio" else 1)
    return controlled(metric(key), frame)


@pytest.mark.parametrize(("values", "state", "rules", "beyond"), courses())
def test_a_course_and_its_verdict(values: list[float], state: str, rules: list[str], beyond: int) -> None:
    course = of(values)
    assert course.variation == state
    episode = course.latest if state else None
    assert (list(episode.rules) if episode else [], episode.weeks if episode else 0) == (rules, beyond)


@pytest.mark.parametrize(
    ("key", "spread", "method"),
    [
        ("on_time_closure_rate", 1, "shares"),
        ("on_time_closure_rate", 30, "widened_shares"),
        ("reported", 1, "counts"),
        ("reported", 60, "widened_counts"),
        ("median_hours_to_close:by_closing", 5, "single"),
        ("backlog", 5, "stock"),
    ],
)
def test_each_kind_of_number_has_its_chart(key: str, spread: int, method: str) -> None:
    assert of([130.0 + spread * (week % 2) for week in range(26)], key=key).method == method


def test_what_is_told_names_the_rule_and_its_week_in_both_languages() -> None:
    course = of([170, 171] * 10 + [178, 179, 178, 179, 178, 179, 178])
    chinese, english = told(course, "zh"), told(course, "en")
    assert chinese is not None
    assert english is not None
    assert (chinese.words, chinese.tone) == ("最近 7 周向好", "better")
    assert "连续 7 周在中心同一侧（第40周 9月28日—10月4日起）" in chinese.rule
    assert (english.words, english.tone) == ("Last 7 weeks: better", "better")
    assert "7 weeks on one side of the centre (from week 40, 28 Sep–4 Oct)" in english.rule


def test_neither_good_nor_bad_is_high_or_low() -> None:
    found = told(of([400.0, 404.0] * 12 + [560.0], key="reported"), "zh")
    assert found is not None
    assert (found.words, found.tone) == ("最新一周偏高", "soft")


def test_too_few_weeks_have_no_limits_and_say_so() -> None:
    course = of([180.0] * 11)
    found = told(course, "zh")
    assert found is not None
    assert (found.words, found.rule) == ("可比的周不足 12 周，不判断", "")
    assert explained(course, "zh") == "只有 11 周有数，不足 12 周，不画控制限，也不判断。"


def test_a_latest_week_without_a_value_is_not_judged() -> None:
    course = of([*[180.0, 182.0] * 8, float("nan")])
    assert told(course, "zh") is None
    assert explained(course, "zh").startswith("最新一周没有数，不判断。")


@pytest.mark.parametrize(
    ("target", "state"),
    [(0.7, "目标 70.0%：稳达标 ●。"), (0.99, "目标 99.0%：达不到 ○。"), (0.9, "目标 90.0%：时好时坏 ◎。"), (None, "")],
)
def test_a_target_is_met_reliably_or_never_or_as_chance_has_it(target: float | None, state: str) -> None:
    course = of([180.0, 182.0, 179.0, 181.0] * 6)
    own = replace(course.metric, target=target, is_target_assumed=False)
    words = explained(replace(course, metric=own), "zh")
    assert words.startswith("常态：最新一周没有触发任何规则。" + state)
    assert ("目标" in words) == bool(state)
    said = [rest.words for rest in rests(Reading(own, 0.9, 200, control=replace(course, metric=own)), "zh")]
    assert ("".join(one for one in said if "目标" in one) + "。" == state) or not state


def test_another_places_target_is_an_assumption_under_the_chart_and_stays_off_the_tile() -> None:
    course = of([180.0, 182.0, 179.0, 181.0] * 6)
    assert "目标 70.0%（假定）：稳达标 ●。" in explained(course, "zh")
    assert "Target 70.0% (assumed): met reliably ●." in explained(course, "en")
    assert not [rest for rest in rests(Reading(course.metric, 0.9, 200, control=course), "zh") if "目标" in rest.words]


def test_lengths_of_time_that_are_not_over_yet_are_not_judged() -> None:
    """Of last week's cases only the quick ones are closed."""
    quick_at_last = [30.0, 31.0] * 12 + [9.0]
    by_report = told(of(quick_at_last, key="median_hours_to_close"), "zh")
    assert by_report is not None
    assert by_report.words == "尚未办完，不判断"
    assert of(quick_at_last, key="median_hours_to_close:by_closing").variation == "improvement"


def test_a_stock_that_wanders_is_as_always_and_one_that_leaps_is_not() -> None:
    weeks = list(range(27))
    hill = [160 + 25 * float(np.sin(week / 4)) + 8 * (week % 2) for week in weeks]
    assert of_stock(metric("backlog"), weeks, hill).variation == "common"
    assert SIDE not in of_stock(metric("backlog"), weeks, hill).signals.rule
    assert of_stock(metric("backlog"), weeks, [160.0, 163.0] * 13 + [230.0]).variation == "concern"
    climbing = [160.0, 163.0] * 10 + [162.0, 164.0, 166.0, 168.0, 170.0, 172.0, 174.0]
    assert of_stock(metric("backlog"), weeks, climbing).variation == "concern"


def climb(weekly: float, seed: int) -> list[float]:
    return [round(150 + weekly * week + float(np.random.default_rng(seed).normal(0, 5, 27)[week])) for week in range(27)]


def test_a_stock_that_climbs_slowly_is_a_concern_though_no_week_of_it_is() -> None:
    """Its own climb widens the limits, and it seldom rises seven weeks without a break."""
    weeks = [date(2026, 5, 18) + timedelta(weeks=place) for place in range(27)]
    course = of_stock(metric("open_overdue"), weeks, climb(3, 4))
    assert (course.variation, course.latest.rules if course.latest else ()) == ("concern", ("drift",))
    assert not set(signals(course.chart).rule) & {"outside", "trend"}
    chinese, english = told(course, "zh"), told(course, "en")
    assert chinese is not None
    assert english is not None
    assert "26 周累计上升 81 件，超出各周起落所能积累的幅度（第21周 5月18日—24日起）" in chinese.rule
    assert "up 81 cases in 26 weeks, beyond what weekly ups and downs add up to" in english.rule
    assert of_stock(metric("open_overdue"), weeks, [400 - value for value in climb(3, 4)]).variation == "improvement"
    assert of_stock(metric("open_overdue"), weeks[:12], climb(3, 4)[:12]).variation == "common", "too short to wander"


def test_a_run_says_how_long_it_is_and_which_way() -> None:
    weeks = [date(2026, 5, 18) + timedelta(weeks=place) for place in range(24)]
    course = of_stock(metric("open_overdue"), weeks, [160.0, 163.0] * 7 + [162.0] + [163.0 + step for step in range(9)])
    said = told(course, "zh")
    assert said is not None
    assert "连续 10 周上升" in said.rule


def test_a_stock_that_comes_and_goes_is_seldom_called_climbing_and_a_climb_mostly_is() -> None:
    """Cases come at one pace and stay eight weeks, or twenty; the slow climb is of three a week."""

    def stocks(stay: float, seed: int) -> list[float]:
        generator, now, found = np.random.default_rng(seed), 150, []
        for _ in range(27):
            now = generator.poisson(150 / stay) + generator.binomial(now, 1 - 1 / stay)
            found.append(float(now))
        return found

    for stay in (8, 20):
        assert np.mean([bool(drift(stocks(stay, seed))[-1]) for seed in range(400)]) < 0.03
    assert np.mean([drift(climb(3, seed))[-1] == 1 for seed in range(200)]) > 0.9


def test_limits_start_anew_where_grids_are_divided_anew(sample: Snapshot, truths: dict[str, Any]) -> None:
    """The planted re-division lowers the load of a grid; that is no verdict on the work."""
    planted = truths["planted"]["redivision"]["communities"]["C01"]
    here = visit(sample, "/?community=C01&from=2024-06-01&to=2025-02-02")
    history = here.history(("incidents_per_grid", "on_time_closure_rate"), weeks=34)
    rows = history[history["metric"] == "incidents_per_grid"].reset_index(drop=True)
    course = here.control("incidents_per_grid", rows)
    (step,) = course.chart.steps
    assert rows["week"][step].date() <= date.fromisoformat(planted["divided_on"]) < rows["week"][step + 1].date()
    assert course.chart.centre[-1] < 0.85 * course.chart.centre[0]
    assert "重新划分网格的周起另算控制限：第35周" in explained(course, "zh")
    without = controlled(course.metric, rows)
    assert len(without.episodes) > len(course.episodes)
    assert rebased(sample, here.view, metric("on_time_closure_rate"), rows["week"].tolist()) == []
    assert rebased(sample, View(community=("C02",)), metric("incidents_per_grid"), rows["week"].tolist()) == []


# change: the first week of a planted habit · towards: of the metric
PLANTED = """
place             | metric                | change     | towards
department=D21    | deadline_hugging_rate | 2026-05-18 | 1
department=D36    | batch_closing_rate    | 2026-05-18 | 1
department=D15    | extension_rate        | 2026-05-18 | 1
community=C01     | satisfaction_rate:lenient | 2026-05-18 | 1
community=C03     | self_disposed_share   | 2026-08-17 | 1
community=C07     | exclusion_share       | 2026-05-18 | 1
"""


def planted() -> list[tuple[str, str, date, int]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in PLANTED.strip().splitlines()[1:]]
    return [(place, key, date.fromisoformat(change), int(towards)) for place, key, change, towards in rows]


@pytest.mark.parametrize(("place", "key", "change", "towards"), planted())
def test_the_planted_change_points_are_found(
    sample: Snapshot, truths: dict[str, Any], place: str, key: str, change: date, towards: int
) -> None:
    """Within six weeks, and nothing of the kind in the half year before but the run of seven that leads into it."""
    habits = {(one["metric"], f"{one['dimension']}={one['unit']}"): one["from"] for one in truths["planted"]["gaming"]}
    assert habits[key, place] == change.isoformat()
    here = visit(sample, f"/?{place}&from=2026-02-01&to=2026-11-15")
    course = here.control(key, here.history((key,), weeks=52))
    begun = [course.weeks[one.first].date() for one in course.episodes if one.towards == towards]
    assert -2 <= (begun[0] - change).days / 7 <= 6
