"""需要关注: each rule on hand-made numbers, and on the sample the same numbers as the metrics and the lists say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from dashboard.metrics.compute import compute
from dashboard.pages import draw, overview
from dashboard.queries import Finding
from dashboard.queries.overdue_past import Pile
from dashboard.reading.control import controlled, of_stock
from dashboard.reading.readings import Reading
from dashboard.reading.visit import metric
from dashboard.reading.watch import (
    MOST,
    MOST_OF_A_RULE,
    WEIGHT,
    Sentence,
    below,
    most_pressing,
    of_change,
    of_changes,
    of_climb,
    of_finding,
    of_pile,
    sentences,
)
from dashboard.warehouse import Snapshot
from tests.pages.test_overview import visit
from tests.pages.test_pages import MISSING, strings

URLS = ["/", "/?lang=en", "/?period=this_year", "/?period=last_week", "/?community=C03", "/?compare=year_ago&period=last_4_weeks"]

# before: the twelve weeks before · said: whether the pile of `now` is a sentence
PILES = """
before                                   | now | said
3 4 3 5 4 3 4 5 3 4 4 3                  | 17  | yes
3 4 3 5 4 3 4 5 3 4 4 3                  | 5   | no
4 4 4 4 4 4 4 4 4 4 4 4                  | 6   | no
2 9 1 8 3 9 2 8 1 9 2 8                  | 17  | no
16 17 18 16 17 18 17 16 18 17 16 17      | 17  | no
3 4 3 5                                  | 17  | no
0 0 0 0 0 0 0 0 0 0 0 0                  | 5   | yes
"""


def piles() -> list[tuple[list[int], int, bool]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in PILES.strip().splitlines()[1:]]
    return [([int(value) for value in before.split()], int(now), said == "yes") for before, now, said in rows]


@pytest.mark.parametrize(("before", "now", "is_said"), piles())
def test_a_pile_is_a_sentence_when_it_is_beyond_its_own_weeks(sample: Snapshot, before: list[int], now: int, is_said: bool) -> None:
    found = of_pile(visit(sample, "/"), Pile("C01", "05", now, "D07", 4, tuple(before)))
    assert (found is not None) == is_said
    if found is not None:
        assert found.parts[1] == str(now)
        assert "高于近 12 周的常态" in found.text
        assert "主办：" in found.text
        assert found.href.startswith("/cases?metric=open_overdue&part=numerator&period=all&community=C01&category=05")


def sentence(rule: str, weight: float) -> Sentence:
    return Sentence((f"{rule} {weight}", "", ""), "/", weight, rule)


def test_the_most_pressing_come_first_whatever_their_rule_and_at_most_two_of_one() -> None:
    found = [sentence("below", w) for w in (9, 8, 7)] + [sentence("old", 8.5), sentence("stale", 1), sentence("uncalled", 2)]
    assert [(one.rule, one.weight) for one in most_pressing(found)] == [
        ("below", 9), ("old", 8.5), ("below", 8), ("uncalled", 2), ("stale", 1)
    ]  # fmt: skip
    assert len(most_pressing([sentence(str(n), n) for n in range(9)])) == MOST
    assert MOST_OF_A_RULE == 2


def numbers(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"community": c, "metric": "on_time_closure_rate", "value": k / n, "numerator": k, "denominator": n, "n": n}
            for c, k, n in rows
        ]
    )


def test_a_community_below_the_whole_beyond_chance_and_by_enough_cases_is_a_sentence(sample: Snapshot) -> None:
    here = visit(sample, "/")
    frame = numbers(("C01", 950, 1000), ("C02", 930, 1000), ("C03", 160, 200), ("C04", 3, 6), ("unmatched", 10, 100))
    (found,) = below(here, frame, "on_time_closure_rate", "community")
    assert here.name("community", "C03") in found.text
    assert found.parts[1] == "80.0%"
    assert "相差约 18 件" in found.text
    assert found.href == "/cases?metric=on_time_closure_rate&part=denominator&community=C03"


# latest: the share of the last four weeks after 22 of 90 % · n: cases a week
CHANGES = """
latest | n   | state       | weight
0.80   | 500 | concern     | 169
0.97   | 500 | improvement | 59
0.90   | 500 |             |
0.70   | 8   |             |
"""


def changes() -> list[tuple[float, int, str, float | None]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in CHANGES.strip().splitlines()[1:]]
    return [(float(latest), int(n), state, float(weight) if weight else None) for latest, n, state, weight in rows]


@pytest.mark.parametrize(("latest", "n", "state", "weight"), changes())
def test_weeks_beyond_chance_are_a_sentence_and_bad_news_presses_more(
    sample: Snapshot, latest: float, n: int, state: str, weight: float | None
) -> None:
    weeks = pd.DataFrame({"week": pd.date_range("2026-05-18", periods=26, freq="7D"), "denominator": float(n)})
    weeks["value"] = [0.9] * 22 + [latest] * 4
    weeks["numerator"] = weeks["value"] * n
    definition = metric("on_time_closure_rate")
    reading = Reading(definition, latest, 4 * n, control=controlled(definition, weeks))
    found = of_change(visit(sample, "/"), reading)
    assert (None if found is None else round(found.weight)) == weight
    if found is not None:
        assert found.parts[1] == f"{latest:.1%}"
        assert "最近 4 周" in found.text
        assert "from=2026-10-19&to=2026-11-15" in found.href
        assert ("需关注" if state == "concern" else "向好") in found.text
    assert of_change(visit(sample, "/"), replace(reading, control=None)) is None


def test_a_stock_that_has_been_rising_for_long_is_a_sentence(sample: Snapshot) -> None:
    here, definition = visit(sample, "/"), metric("open_overdue")
    weeks = list(pd.date_range("2026-05-18", periods=26, freq="7D"))
    rising = of_stock(definition, weeks, [160.0, 163.0] * 8 + [164.0 + 5 * week for week in range(10)])
    found = of_climb(here, Reading(definition, 209, 209, control=rising, href="/cases?metric=open_overdue"))
    assert found is not None
    assert found.parts[1] == "209"
    assert found.text == "超期在办 209 件：连续 12 周上升（第33周 8月10日—16日起）；请督办部门查明原因"
    assert found.href == "/cases?metric=open_overdue"
    assert of_changes(here, [Reading(definition, 209, 209, control=rising)]) != []
    leap = of_stock(definition, weeks, [160.0, 163.0] * 12 + [160.0, 260.0])
    assert leap.variation == "concern"
    assert of_climb(here, Reading(definition, 260, 260, control=leap)) is None, "its piles tell it"
    assert of_climb(here, Reading(definition, 160, 160, control=of_stock(definition, weeks, [160.0, 163.0] * 13))) is None


def test_broken_promises_about_data_come_before_everything(sample: Snapshot) -> None:
    here = visit(sample, "/")
    stop = of_finding(here, Finding("x", "stop", 3, "每一行都有去处", "rows are conserved", "", ""), "/data?part=findings")
    warn = of_finding(here, Finding("x", "warn", 3, "每一行都有去处", "rows are conserved", "", ""), "/data?part=findings")
    assert stop.weight > 1000 * WEIGHT["stale"] > warn.weight
    assert "有 3 处不符：“每一行都有去处”" in stop.text


@pytest.mark.parametrize("url", URLS)
def test_sentences_are_few_whole_and_lead_somewhere(sample: Snapshot, url: str) -> None:
    found = sentences(visit(sample, url))
    assert len(found) <= MOST
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    for one in found:
        assert one.parts[1]
        assert "\0" not in one.text
        assert not MISSING.search(one.text)
        assert "没有这个页面" not in list(strings(draw(visit(sample, one.href))[1]))


def listed(sample: Snapshot, href: str) -> int:
    """How many cases the list behind a link has."""
    match = re.search(r"共 ([\d,]+) 条", " ".join(strings(draw(visit(sample, href))[1])))
    assert match
    return int(match[1].replace(",", ""))


@pytest.mark.parametrize("url", ["/", "/?period=this_year", "/?community=C03"])
def test_the_count_a_sentence_names_is_that_of_its_list(sample: Snapshot, url: str) -> None:
    counted = [one for one in sentences(visit(sample, url)) if one.rule in ("overdue", "escalated", "old")]
    assert counted
    for one in counted:
        assert listed(sample, one.href) == int(one.parts[1].replace(",", "")), one.text


def test_the_numbers_are_those_of_the_metrics(sample: Snapshot) -> None:
    here = visit(sample, "/?period=this_year")
    said = {one.rule: one for one in sentences(here)}
    old = compute(sample, ("backlog_over_90_days",), here.view).iloc[0]["value"]
    assert said["old"].parts[1] == f"{old:,.0f}"
    last = sample.build.as_of.date() - timedelta(days=7)
    row = compute(sample, ("callback_coverage",), here.view, period=(here.period.start, last)).iloc[0]
    assert said["uncalled"].parts[1] == f"{row['denominator'] - row['numerator']:,.0f}"


def test_nothing_noteworthy_is_said_calmly(sample: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "most_pressing", lambda _: [])
    assert "按现有规则，本期没有需要特别关注的事项。" in list(strings(draw(visit(sample, "/"))[1]))
