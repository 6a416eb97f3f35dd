"""研究: what is offered, what stands across, which chart, and that every question there is can be asked and shown."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from dashboard.exhibit import NUMBER
from dashboard.metrics.catalogue import catalogue
from dashboard.pages import draw
from dashboard.pages.research_asked import asked_of, divided, toggled
from dashboard.pages.research_draw import Plan, largest, plan_of, steps_of
from dashboard.pages.research_pivot import METRIC, across_of, choices_across, pivot
from dashboard.pages.research_starts import STARTS, start_href
from dashboard.pages.research_table import sorted_by
from dashboard.research.numbers import NUMBERS, answer, dimensions_of
from dashboard.settings import Settings
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import MISSING, links, strings, visit
from tests.trees import properties


def said(sample: Snapshot, url: str) -> list[str]:
    return list(strings(draw(visit(sample, url))[1]))


@pytest.mark.parametrize(
    ("metrics", "has", "lacks"),
    [
        ("reported", "community subcategory hour", "worker day item satisfaction"),
        ("reported satisfaction_rate", "community category week", "subcategory hour satisfaction"),
        ("reported service_cases", "community week month dow hour", "grid category"),
        ("three_rate_composite", "community satisfaction", "hour reason"),
        ("patrols_per_grid", "community grid week patrol_kind", "category"),
    ],
)
def test_only_what_all_metrics_have_is_offered(metrics: str, has: str, lacks: str) -> None:
    offered = set(dimensions_of(metrics.split()))
    assert set(has.split()) <= offered
    assert not set(lacks.split()) & offered


@pytest.mark.parametrize(
    ("by", "metrics", "first", "wanted", "found"),
    [
        ("", "a", METRIC, "", METRIC),
        ("community", "a", METRIC, "community", "community"),
        ("community week", "a", "week", "", "week"),
        ("community week", "a", "week", "community", "community"),
        ("community week", "a b", METRIC, "week", "week"),
        ("community", "a", METRIC, "week", METRIC),
    ],
)
def test_what_stands_across(by: str, metrics: str, first: str, wanted: str, found: str) -> None:
    assert choices_across(by.split(), metrics.split())[0] == first
    assert across_of(by.split(), metrics.split(), wanted) == found


def rows(text: str) -> list[dict[Any, Any]]:
    """A table of words and numbers; · is none."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(header, [_cell(cell) for cell in line], strict=True)) for line in lines]


def _cell(words: str) -> Any:
    return np.nan if words == "·" else float(words) if words.isdigit() else words


def test_a_pivot_has_a_line_a_group_and_a_column_a_value() -> None:
    answered = rows("""
        community | week | metric | value | n
        C01       | w1   | a      | 5     | 5
        C01       | w2   | a      | 10    | 10
        C02       | w1   | a      | 15    | 15
        C01       | w1   | b      | 20    | 20
    """)
    made = pivot(answered, ("community", "week"), "week", "a")
    assert (made.down, made.lines, made.columns) == (("community",), [("C01",), ("C02",)], ["w1", "w2"])
    assert {key: row["value"] for key, row in made.cells.items()} == {
        (("C01",), "w1"): 5,
        (("C01",), "w2"): 10,
        (("C02",), "w1"): 15,
    }
    metrics = pivot(answered, ("community", "week"), METRIC, "a")
    assert (metrics.down, metrics.columns) == (("community", "week"), ["a", "b"])
    assert metrics.cells[("C01", "w1"), "b"]["value"] == 20


@pytest.mark.parametrize(
    ("by", "plan"),
    [
        ("", None),
        ("week", Plan("week", "", (), True)),
        ("community week", Plan("week", "", ("community",), False)),
        ("community", Plan("", "community", (), True)),
        ("category channel", Plan("", "category", ("channel",), False)),
        ("category channel month", Plan("month", "", ("category", "channel"), False)),
    ],
)
def test_which_chart(by: str, plan: Plan | None) -> None:
    assert plan_of(by.split()) == plan


def test_a_chart_takes_the_largest_and_says_what_it_leaves_out() -> None:
    answered = rows("""
        community | value | n
        C01       | 5     | 5
        C02       | 10    | 100
        C03       | 5     | 50
        C04       | ·     | 200
    """)
    assert largest(answered, ("community",), 2) == ([("C02",), ("C03",)], 1, 1)


def test_weeks_cut_short_by_the_period_are_not_drawn() -> None:
    weeks = [{"week": date(2026, 10, day)} for day in (5, 12, 26)]
    found = steps_of(weeks, "week", (date(2026, 10, 7), date(2026, 11, 1)), date(2026, 12, 1))
    assert found == ([date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 26)], 1)
    assert steps_of(weeks, "week", (date(2026, 10, 5), date(2026, 11, 1)), date(2026, 10, 30))[1] == 1


def test_those_without_a_number_are_last_either_way() -> None:
    values = [3.0, float("nan"), 1.0]
    assert sorted_by(values, lambda value: value, is_rising=True)[:2] == [1.0, 3.0]
    assert sorted_by(values, lambda value: value, is_rising=False)[:2] == [3.0, 1.0]


def test_weeks_take_the_place_of_months() -> None:
    assert toggled(("a", "b"), "a") == ("b",)
    assert divided(("community", "month"), "week") == ("community", "week")
    assert divided(("community", "week"), "week") == ("community",)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.id)
def test_every_starting_question_has_an_answer(sample: Snapshot, start: Any, lang: str) -> None:
    here = visit(sample, f"/research?lang={lang}")
    href = start_href(here, start)
    assert asked_of(visit(sample, href)).question.problem() is None
    found = said(sample, href)
    assert [words for words in found if MISSING.search(words)] == []
    assert here.words("research.no_answer") not in found
    assert here.words("research.take") in found


def test_every_metric_and_every_dimension_is_shown(sample: Snapshot) -> None:
    """Metrics that have the same dimensions together, each lot by another of them; those not met so by one metric."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for key in [*catalogue().metrics, *catalogue().variants]:
        alike.setdefault(dimensions_of((key,)), []).append(key)
    lots = [(possible, keys[at : at + 8]) for possible, keys in alike.items() for at in range(0, len(keys), 8)]
    met: set[str] = set()
    for place, (possible, keys) in enumerate(lots):
        by, shape = possible[place % len(possible)], ("table", "chart")[place % 2]
        met.add(by)
        found = said(sample, f"/research?metrics={','.join(keys)}&by={by}&as={shape}&period=last_4_weeks")
        assert [words for words in found if MISSING.search(words)] == [], (keys, by)
    every = {name for possible in alike for name in possible}
    for by in sorted(every - met):
        keys = next(keys for possible, keys in alike.items() if by in possible)
        assert [words for words in said(sample, f"/research?metrics={keys[0]}&by={by}&as=pivot") if MISSING.search(words)] == [], by


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("metrics=nobody", "没有“nobody”这个指标"),
        ("metrics=reported,service_cases&by=category", "去掉不能用的维度再看"),
        ("metrics=reported&by=week,month", "周和月请只选一个"),
        ("metrics=reported&by=grid,subcategory,week&period=all", "最多 20,000 行"),
        ("metrics=reported&from=1990-01-01&to=1990-01-31", "所选期间没有数据"),
        ("metrics=escalation_rate&by=grid&period=last_week", "都不足 5"),
        ("metrics=reported&as=chart", "画不成图"),
        ("metrics=reported&by=week&as=chart&period=last_week", "没有完整的周或月"),
        ("metrics=satisfaction_rate&by=community,channel", "隐去"),
    ],
)
def test_what_cannot_be_shown_is_said(sample: Snapshot, query: str, words: str) -> None:
    assert any(words in part for part in said(sample, f"/research?{query}")), query


def test_greyed_dimensions_say_which_metric_is_the_reason(sample: Snapshot) -> None:
    assert any(
        part.startswith("满意率没有：") and "小类" in part for part in said(sample, "/research?metrics=reported,satisfaction_rate")
    )


def test_the_card_and_its_downloads_hold_protected_numbers_only(sample: Snapshot) -> None:
    here = visit(sample, "/research?metrics=open_overdue,on_time_closure_rate&by=community,category")
    draw(here)
    sheet = here.exhibits["answer"].make()
    names = [field.name for field in sheet.fields]
    counts = [place for place, field in enumerate(sheet.fields) if field.unit == NUMBER and field.name != "数值"]
    known = [row[place] for row in sheet.rows for place in counts if not np.isnan(row[place])]
    assert known
    assert all(value % 5 == 0 and value >= 5 for value in known)
    question = asked_of(here).question
    found = answer(sample, Settings(data=sample.folder.parent), here.view, question).frame
    assert len(sheet.rows) == len(found)
    assert np.nansum([row[names.index("数值")] for row in sheet.rows]) == pytest.approx(found["value"].sum())
    assert set(NUMBERS) <= set(found.columns)


def test_the_address_is_the_question(sample: Snapshot) -> None:
    """Every link of the page that stays on it keeps what it does not change."""
    here = visit(sample, "/research?period=this_year&lang=en&metrics=due,closed&by=community,week&as=pivot&across=week&of=closed")
    asked = asked_of(here)
    assert (asked.shape, asked.across, asked.of) == ("pivot", "week", "closed")
    assert dict(parse_qsl(urlsplit(asked.href(here)).query)) == {
        "period": "this_year", "lang": "en", "metrics": "due,closed", "by": "community,week", "as": "pivot", "across": "week", "of": "closed",
    }  # fmt: skip
    own = [link for link in links(draw(here)[1]) if link.startswith("/research?")]
    assert len(own) > 50
    assert all("period=this_year" in link and "lang=en" in link for link in own)


def test_a_long_table_shows_its_first_rows_and_says_so(sample: Snapshot) -> None:
    found = said(sample, "/research?metrics=reported&by=grid,week")
    assert any(part.startswith("屏幕上是前 200 行，共 ") for part in found)


def test_a_line_leads_to_its_cases(sample: Snapshot) -> None:
    found = [
        link
        for link in links(draw(visit(sample, "/research?metrics=closure_rate&by=community,month"))[1])
        if link.startswith("/cases")
    ]
    assert found
    for link in found[::12]:
        assert draw(visit(sample, link))[0] == "工单"


def test_a_week_cut_short_leads_to_its_own_days_only(sample: Snapshot) -> None:
    """Wednesday to the Tuesday after next; the week in between is whole."""
    body = draw(visit(sample, "/research?metrics=reported&by=week&from=2026-10-07&to=2026-10-20"))[1]
    asked = [parse_qsl(urlsplit(link).query) for link in links(body) if link.startswith("/cases?metric=reported")]
    days = {tuple(value for name, value in one if name in ("from", "to")) for one in asked}
    assert {("2026-10-07", "2026-10-11"), ("2026-10-12", "2026-10-18"), ("2026-10-19", "2026-10-20")} <= days


def test_files_are_the_same_question(sample: Snapshot) -> None:
    found = [
        link
        for link in links(draw(visit(sample, "/research?metrics=due&by=community&community=C01"))[1])
        if "/research/table." in link
    ]
    assert sorted(link.split("?")[0].rsplit(".")[-1] for link in found) == ["bundle", "codebook", "csv", "parquet", "xlsx"]
    assert all(link.endswith("?community=C01&metrics=due&by=community") for link in found)


def test_numbers_that_are_held_say_why(sample: Snapshot) -> None:
    _, body = draw(visit(sample, "/research?metrics=reported&by=channel,dow&as=pivot&period=last_week"))
    held = [own for own in _all_properties(body) if own.get("className") == "held"]
    assert held
    assert all(own["children"] in ("<5", "隐去") and own["title"] for own in held)


def _all_properties(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, (list, tuple)):
        return [found for child in node for found in _all_properties(child)]
    own = properties(node) if hasattr(node, "_namespace") else {}
    return [own, *_all_properties(own.get("children"))] if own else []
