"""Journeys of whole visits: a leader's Monday, files taken away, a build published meanwhile, a wall screen."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from python_calamine import CalamineWorkbook

from etl.ledger import DataRoot
from tests.browser.conftest import PATIENCE, Visitor, new_visitor
from tests.etl.exports import built, data_root
from tests.serving import serving
from tests.test_readers_under_load import export


def test_a_leaders_monday(visitor: Visitor) -> None:
    """Overview → sentence → cases → case → back three times, and the overview stands as it was."""
    page = visitor.open("/")
    numbers = page.locator(".tile-value").all_inner_texts()
    sentence = page.locator(".watch a").first
    sentence.click()
    expect(page).to_have_url(re.compile(r"/(cases|community|closure|data)"))
    page.go_back()
    visitor.settled()
    page.locator("nav .icon-communities").click()
    visitor.settled()
    page.locator("main table.data tbody a[href^='/community/']").first.click()
    expect(page).to_have_url(re.compile(r"/community/C\d+"))
    visitor.settled()
    expect(page.locator(".crumbs a").first).to_have_text("总览")
    page.locator("main a[href*='/cases?']").first.click()
    expect(page.locator(".ag-row").first).to_be_visible()
    page.locator(".ag-cell a").first.click()
    expect(page.locator(".timeline li").first).to_be_visible()
    for where in (r"/cases\?", r"/community/C\d+", r"/communities"):
        page.go_back()
        expect(page).to_have_url(re.compile(where))
        visitor.settled()
    page.go_back()
    visitor.settled()
    assert page.locator(".tile-value").all_inner_texts() == numbers
    assert visitor.complaints == []


def test_a_chart_is_taken_away_in_every_form(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.open("/?period=last_month", whole=True)
    card = page.locator("[data-exhibit='on_time_closure_rate-community']")
    title = card.locator("h2").inner_text()
    files = {}
    for words, ending in (("下载 Excel", "xlsx"), ("下载 CSV", "csv"), ("下载图片 PNG", "png"), ("下载矢量图 SVG", "svg")):
        card.locator(".tools > summary").click()
        with page.expect_download(timeout=PATIENCE) as waited:
            card.get_by_text(words, exact=True).click()
        files[ending] = tmp_path / f"chart.{ending}"
        waited.value.save_as(files[ending])
        assert waited.value.suggested_filename.endswith("." + ending)
        assert title.strip("？?") in waited.value.suggested_filename
    book = CalamineWorkbook.from_path(str(files["xlsx"]))
    data, about = (book.get_sheet_by_name(name).to_python() for name in ("数据", "说明"))
    assert data[0][0] == "社区"
    assert any("2026-11-16 08:00" in str(row) for row in about)
    with files["csv"].open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == len(data)
    assert files["csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    assert title in files["svg"].read_text(encoding="utf-8")
    card.locator(".tools > summary").click()
    card.get_by_text("查看数据表", exact=True).click()
    expect(card.locator(".twin tbody tr")).to_have_count(len(data) - 1)
    assert visitor.complaints == []


def test_the_lists_own_filters_stay_in_the_address(visitor: Visitor, desktop: BrowserContext) -> None:
    page = visitor.open("/cases?period=this_year")
    whole = page.locator("main .card-head .number").inner_text()
    page.locator(".ag-floating-filter-input input").nth(1).fill("路灯")
    expect(page).to_have_url(re.compile("where="))
    expect(page.locator("main .card-head .number")).not_to_have_text(whole)
    part = page.locator("main .card-head .number").inner_text()
    other = new_visitor(desktop, visitor.address)
    other.open(page.url.removeprefix(visitor.address))
    expect(other.page.locator("main .card-head .number")).to_have_text(part)
    expect(other.page.locator(".ag-floating-filter-input input").nth(1)).to_have_value("路灯")
    with other.page.expect_download(timeout=PATIENCE) as waited:
        other.page.locator(".listed > summary").click()
        other.page.locator(".listed a[data-kind='csv']").click()
    rows = Path(waited.value.path()).read_text(encoding="utf-8-sig").count("\n") - 1
    assert rows == int(re.sub(r"\D", "", part))
    other.page.close()


def test_the_rest_of_a_page_comes_when_the_reader_is_near(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(visitor.address + "/closure")
    page.wait_for_selector(".tile-value", timeout=PATIENCE)
    assert page.locator("main .later:empty").count() > 0
    for _ in range(12):
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(200)
    expect(page.locator("main .later:empty")).to_have_count(0)
    page.select_option("#filter-period", "last_4_weeks")
    expect(page).to_have_url(re.compile("last_4_weeks"))
    assert page.evaluate("scrollY") > 0, "a filter does not throw the reader back to the top"


@pytest.fixture
def small_town(tmp_path: Path) -> Iterator[tuple[DataRoot, str]]:
    """A township of one incident, served."""
    root = data_root(tmp_path / "data")
    export(root.path, 1)
    built(root)
    with serving(root.path) as found:
        yield root, found


def test_a_build_published_meanwhile_is_offered_and_taken_when_the_reader_wants(
    small_town: tuple[DataRoot, str], desktop: BrowserContext
) -> None:
    root, address = small_town
    visitor = new_visitor(desktop, address)
    page = visitor.open("/?period=all")
    number = page.locator(".tile-value").first
    expect(number).to_contain_text("1")
    export(root.path, 2)
    built(root)
    page.evaluate("township.listen()")
    expect(page.locator("#news-bar")).to_contain_text("有新数据")
    expect(number).to_contain_text("1")
    page.locator("#news-bar button").click()
    expect(page.locator("#news-bar")).to_have_count(0)
    expect(page.locator(".tile-value").first).to_contain_text("2")
    page.close()


CUT = """() => [...document.querySelectorAll(".wall-screen :is(.card-box, .card-box .table-box)")]
  .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.slice(0, 40))"""


def test_a_wall_screen_turns_by_itself_and_cannot_be_pressed(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    visitor = new_visitor(context, address)
    page = visitor.page
    page.goto(address + "/?wall=1&pages=overview,communities&seconds=5")
    page.wait_for_selector(".wall-screen .tile-value", timeout=PATIENCE)
    seen = {page.url}
    for _ in range(2):
        page.wait_for_url(lambda url, last=page.url: url != last, timeout=PATIENCE)  # type: ignore[misc]
        page.wait_for_selector(".wall-screen", timeout=PATIENCE)
        assert page.locator("main a[href], main button, main summary:visible").count() == 0
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
        seen.add(page.url)
    assert len(seen) == 3
    for screen in ("/?wall=1", "/closure?wall=1", "/departments?wall=1&screen=5"):
        page.goto(address + screen)
        page.wait_for_selector(".wall-screen .card-box", timeout=PATIENCE)
        page.wait_for_function(f"({CUT})().length === 0", timeout=PATIENCE)  # charts come last
    page.goto(address + "/cases?wall=1")
    expect(page.locator("main")).to_contain_text("不在大屏上显示")
    context.close()
