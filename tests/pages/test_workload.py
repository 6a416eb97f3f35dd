"""网格负荷: what × per what, evenness, weeks of grids, re-divisions, and the imagined division."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dashboard.metrics.compute import compute
from dashboard.pages.drawn import made
from dashboard.pages.workload import PER, WHAT, body
from dashboard.pages.workload_division import redivision_note, what_if
from dashboard.pages.workload_surges import surges_card
from dashboard.queries.grids import held, redivisions
from dashboard.reading.links import page_href
from dashboard.reading.surges import GridWeek, conspicuous, grid_weeks, of_last_week, summary, verdict
from dashboard.shell import Address
from dashboard.statistics.inequality import gini
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.pages.test_pages import MISSING, links, seen, strings, visit


def drawn(sample: Snapshot, url: str) -> tuple[list[str], dict[str, Any]]:
    page = seen(sample, url)
    return page.strings, page.visit.exhibits


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("what", WHAT)
def test_everything_can_be_seen_per_everything(sample: Snapshot, what: str, lang: str) -> None:
    for per in PER if lang == "zh" else PER[:1]:
        words, exhibits = drawn(sample, f"/workload?what={what}&per={per}&lang={lang}")
        assert [word for word in words if MISSING.search(word)] == []
        assert f"{what}_per_{per}-community" in exhibits
        assert all(exhibit.make().rows for exhibit in exhibits.values())


@pytest.mark.parametrize("url", ["/workload", "/workload?from=2026-09-01&to=2026-10-07", "/workload?community=C04"])
def test_the_grids_to_look_at_are_those_of_the_weekly_report(sample: Snapshot, url: str) -> None:
    """Of the last whole week, whatever the period; every count leads to as many cases."""
    here = visit(sample, url)
    week = of_last_week(here)
    assert (week.period.start.weekday(), week.period.end.weekday()) == (0, 6)
    assert here.period.end - timedelta(days=6) <= week.period.end <= here.period.end
    card = surges_card(here)
    found = grid_weeks(week)
    rows = here.exhibits["surges"].make().rows
    assert [row[0] for row in rows] == [here.name("grid", one.grid) for one in found]
    beyond, within = conspicuous(found)
    hrefs = [href for href in links(card) if "metric=reported" in href]
    assert len(hrefs) == len(beyond) + len(within)
    for one, href in zip((*beyond, *within), hrefs, strict=True):
        listed = compute(sample, ["reported"], Address.of_url(href).view.replace(grid=(one.grid,))).iloc[0]
        assert listed["value"] == one.reports


def grid_week(place: int, p: float, *, is_surge: bool = False, is_late: bool = False) -> GridWeek:
    return GridWeek(f"G{place}", "C01", 9, 3.0 if p == p else p, p, 0.9, 10, 0, is_surge, is_late)


def test_all_beyond_chance_are_counted_and_those_without_earlier_weeks_are_not_judged(sample: Snapshot) -> None:
    here, nan = visit(sample, "/workload"), float("nan")
    found = [grid_week(n, 0.001, is_surge=True) for n in range(35)] + [grid_week(n, 0.5) for n in range(35, 100)]
    assert len(conspicuous(found)[0]) == 20
    assert summary(here, found).startswith("100 个网格中有 35 个超出随机波动")
    assert "只列前 20 个" in summary(here, found)
    new = [grid_week(n, nan) for n in range(100, 160)]
    assert conspicuous(new) == ([], [])
    assert "波动之内" not in summary(here, new)
    assert summary(here, new).startswith("有 60 个网格此前不足 8 周")
    assert summary(here, found + new).startswith("100 个网格中有 35 个")
    assert verdict(here, new[0]) == "周数不足，不判断"
    assert verdict(here, grid_week(0, nan, is_late=True)) == "按期偏低，超出波动"


def test_service_cases_are_compared_between_communities_only(sample: Snapshot) -> None:
    words, exhibits = drawn(sample, "/workload?what=service_cases")
    assert "办件来源只记到社区，没有网格，所以只能在社区之间比。" in words
    assert not {"by-grid", "evenness", "grid-weeks"} & set(exhibits)
    grid, _ = sample.rows("SELECT grid_id, 0 FROM core.grid WHERE valid_to IS NULL ORDER BY 1 LIMIT 1")[0]
    assert "service_cases_per_grid-community" not in drawn(sample, f"/workload?what=service_cases&grid={grid}")[1]


def test_a_wall_shows_nothing_below_a_community(sample: Snapshot) -> None:
    here = visit(sample, "/workload?wall=1")
    words = list(strings(made(body(here))))
    assert set(here.exhibits) == {"incidents_per_grid-community", "load-weeks", "week-hours"}
    assert [word for word in words if "WG0" in word] == []


def test_the_coefficient_shown_is_that_of_the_loads(sample: Snapshot) -> None:
    rows = compute(sample, ["incidents_per_grid"], View(), ["grid"])
    rows = rows[rows["grid"].notna() & (rows["denominator"] > 0)]
    words, _ = drawn(sample, "/workload")
    assert [word for word in words if word.startswith(f"基尼系数 {gini(rows['numerator'], rows['denominator']):.2f}（95% 区间")]


def test_cells_of_grids_and_weeks_open_as_many_cases_as_they_say(sample: Snapshot) -> None:
    page = seen(sample, "/workload")
    found = [link for link in page.links if "incidents_per_grid" in link and "from=" in link and "grid=" in link]
    assert found
    sheet = page.visit.exhibits["grid-weeks"].make()
    assert [field.name for field in sheet.fields[:2]] == ["周", "网格"]
    assert all(seen(sample, link).title == "工单" for link in found[:: len(found) // 5])


def test_redivisions_are_known_and_said(sample: Snapshot) -> None:
    found = redivisions(sample)
    assert found
    for change in found:
        before = {row.community: row.grids for row in held(sample, View(), change.day) if row.community == change.community}
        assert before.get(change.community, change.after) == change.after
        assert change.before >= 1
    inside = next(change for change in found if change.day > sample.build.data_from)
    year = f"?from={inside.day.year}-01-01&to={inside.day.year}-12-31"
    name = visit(sample, "/").name("community", inside.community)
    said = redivision_note(visit(sample, f"/workload{year}&community={inside.community}"))
    assert f"{name}（{inside.before}→{inside.after} 个）" in said
    assert redivision_note(visit(sample, "/workload?from=1990-01-01&to=1990-02-01")) == ""


def test_an_imagined_division_is_worked_out_from_the_address(sample: Snapshot) -> None:
    words, exhibits = drawn(sample, "/workload?households=100000&workers=2")
    communities = len(held(sample, View(), sample.build.as_of.date()))
    assert [word for word in words if word.startswith(f"设想 {communities} 个网格（现在") and f"{communities * 2:.1f} 名" in word]
    last = exhibits["what-if"].make().rows[-1]
    assert last[3] == communities
    sheet = exhibits["what-if"].make()
    assert sum(row[2] for row in sheet.rows[:-1]) == last[2]


@pytest.mark.parametrize("asked", ["households=0", "households=-5", "households=abc&workers=nan", "workers=1e9", "workers=inf"])
def test_numbers_that_cannot_be_are_the_present_ones(sample: Snapshot, asked: str) -> None:
    plain, _ = drawn(sample, "/workload")
    said = [word for word in plain if word.startswith("设想 ")]
    found = strings(what_if(visit(sample, f"/workload?{asked}")))
    assert said
    assert said == [word for word in found if word.startswith("设想 ")]


def test_pills_keep_what_the_other_row_says(sample: Snapshot) -> None:
    found = set(seen(sample, "/workload?what=patrols&per=fte&period=this_year").links)
    view = View(period="this_year")
    assert page_href("/workload", view, what="callbacks", per="fte") in found
    assert page_href("/workload", view, what="patrols") in found


@pytest.mark.parametrize(
    "query", ["grid=nobody", "community=C12&what=callbacks", "period=last_week&grids=all", "category=05&department=D07"]
)
def test_narrow_views_say_why_there_is_nothing(sample: Snapshot, query: str) -> None:
    words, exhibits = drawn(sample, f"/workload?{query}")
    assert [word for word in words if MISSING.search(word)] == []
    assert all(exhibit.make() for exhibit in exhibits.values())
