"""What only a browser can show: the URL as the state, links from numbers to rows, nothing fetched from elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from dashboard.pages import PAGES
from tests.browser.conftest import Visitor

PATHS = [page.path for page in PAGES]


def test_only_the_case_list_loads_the_grid_component(visitor: Visitor) -> None:
    page = visitor.open("/")
    assert not any("dash_ag_grid" in url for url in visitor.requests)
    page.locator("nav .icon-cases").click()
    expect(page.locator(".ag-row").first).to_be_visible()
    assert any("dash_ag_grid" in url for url in visitor.requests)
    assert visitor.complaints == []


def test_a_filter_writes_the_url_and_back_and_forward_restore_it(visitor: Visitor) -> None:
    page = visitor.open("/closure")
    whole = page.locator(".tile-value").first.inner_text()
    page.select_option("#filter-period", "last_4_weeks")
    expect(page).to_have_url(re.compile(r"/closure\?period=last_4_weeks$"))
    expect(page.locator(".tile-value").first).not_to_have_text(whole)
    part = page.locator(".tile-value").first.inner_text()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/closure$"))
    expect(page.locator(".tile-value").first).to_have_text(whole)
    expect(page.locator("#filter-period")).to_have_value("last_12_weeks")
    page.go_forward()
    expect(page.locator(".tile-value").first).to_have_text(part)
    expect(page.locator("#filter-period")).to_have_value("last_4_weeks")


def test_choosing_communities_filters_once_the_list_closes_and_a_chip_clears_it(visitor: Visitor) -> None:
    page = visitor.open("/")
    whole = page.locator(".tile-value").first.inner_text()
    page.click("#filter-community")
    page.locator(".dash-dropdown-content .dash-options-list-option").nth(2).click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"\?community=C\d+$"))
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(".tile-value").first).not_to_have_text(whole)
    page.locator("nav .icon-closure").click()
    expect(page).to_have_url(re.compile(r"/closure\?community=C\d+$"))
    expect(page.locator("main h1")).to_have_text("办结")
    page.locator(".chip a").click()
    expect(page).to_have_url(re.compile(r"/closure$"))
    expect(page.locator(".chip")).to_have_count(0)


def test_custom_dates_travel_in_the_url(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.select_option("#filter-period", "custom")
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d"))
    expect(page.locator("#filter-from")).to_be_visible()
    visitor.open("/?from=2026-09-01&to=2026-09-30")
    expect(page.locator("#filter-from")).to_have_value("2026-09-01")
    expect(page.locator("#filter-to")).to_have_value("2026-09-30")


def test_a_shared_link_shows_the_same_numbers_to_somebody_else(visitor: Visitor, browser: Browser) -> None:
    page = visitor.open("/satisfaction?period=this_year&community=C01,C03")
    mine = page.locator(".tile-value").all_inner_texts()
    other = browser.new_context(locale="en-US", timezone_id="America/New_York")
    guest = Visitor(other.new_page(), visitor.address)
    guest.open(page.url.removeprefix(visitor.address))
    assert guest.page.locator(".tile-value").all_inner_texts() == mine
    other.close()


def test_a_number_opens_its_cases_and_a_case_its_file_and_row(visitor: Visitor) -> None:
    page = visitor.open("/")
    number = page.locator("a.tile-value").first
    shown = re.sub(r"\D", "", number.inner_text())
    number.click()
    expect(page).to_have_url(re.compile(r"/cases\?metric=reported&part=numerator"))
    total = page.locator("main .card-head .number").inner_text()
    assert re.sub(r"\D", "", total) == shown
    page.locator(".ag-cell a").first.click()
    expect(page).to_have_url(re.compile(r"/case/"))
    source = page.locator("section", has_text="来自哪个文件的哪一行")
    expect(source).to_contain_text(re.compile(r"文件.+行号\s*\d+", re.S))
    expect(page.locator(".timeline li")).to_have_count(6)
    page.go_back()
    page.go_back()
    visitor.settled()
    expect(page.locator("a.tile-value").first).to_contain_text(number.inner_text().split()[0])


def test_a_bar_opens_its_cases(visitor: Visitor) -> None:
    page = visitor.open("/", whole=True)
    page.locator(".chart .bars .point path").first.click(force=True)
    expect(page).to_have_url(re.compile(r"/cases\?metric=reported&part=numerator&category=\d+"))


def test_the_grid_sorts_and_pages_on_the_server(visitor: Visitor) -> None:
    page = visitor.open("/cases?period=all")
    first = page.locator(".ag-row[row-index='0'] .ag-cell a")
    newest = first.inner_text()
    page.locator(".ag-header-cell[col-id='reported_at'] .ag-header-cell-label").click()
    expect(first).not_to_have_text(newest)


def test_language_switches_in_place_and_stays_in_the_url(visitor: Visitor) -> None:
    page = visitor.open("/closure?period=last_4_weeks")
    page.get_by_text("English", exact=True).click()
    expect(page).to_have_url(re.compile(r"period=last_4_weeks&lang=en"))
    expect(page.locator("main h1")).to_have_text("Closure")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.go_back()
    expect(page.locator("main h1")).to_have_text("办结")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_theme_is_remembered_and_charts_follow(visitor: Visitor) -> None:
    page = visitor.open("/")
    before = page.locator("html").get_attribute("data-bs-theme")
    ink = "document.querySelector('.js-plotly-plot')._fullLayout.font.color"
    colour = page.evaluate(ink)
    page.locator("[data-action='theme']").click()
    expect(page.locator("html")).not_to_have_attribute("data-bs-theme", before or "")
    page.wait_for_function(f"() => {ink} !== '{colour}'")
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-bs-theme", before or "")
    page.evaluate("localStorage.clear()")


def test_an_unknown_address_is_told_so(visitor: Visitor) -> None:
    page = visitor.open("/nowhere")
    expect(page.locator("main h1")).to_have_text("没有这个页面")
    page.locator("main a").click()
    expect(page.locator("main h1")).to_have_text("总览")


WIDER = """() => {
    const scrolls = (e) => { for (let p = e; p; p = p.parentElement) {
        if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX) && p !== document.body) return true; } return false; };
    return [...document.querySelectorAll('main *, .bar *')].filter((e) => !e.closest('svg, .visually-hidden, .pop, .ag-root-wrapper'))
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e)).map((e) => e.className + ' ' + e.textContent.slice(0, 40));
}"""


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_a_phone_shows_nothing_wider_than_itself(phone: Visitor, query: str) -> None:
    page = phone.open("/" + query)
    for path in PATHS:
        phone.follow(path + query, whole=True)
        assert page.evaluate(WIDER) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_filters_open_from_below_on_a_phone(phone: Visitor) -> None:
    page = phone.open("/")
    expect(page.locator(".filters")).to_be_hidden()
    page.locator("[data-action='filters']").click()
    page.select_option("#filter-period", "last_month")
    expect(page).to_have_url(re.compile("period=last_month"))
    page.locator(".filters [data-action='close']").click()
    expect(page.locator(".filters")).to_be_hidden()


def test_stale_data_is_announced(stranger: Visitor) -> None:
    """A browser of its own, as the clock is that of all its pages."""
    stranger.page.clock.set_fixed_time("2026-11-20T08:00:00")
    expect(stranger.open("/").locator(".stale")).to_be_hidden()
    stranger.page.clock.set_fixed_time("2026-12-01T08:00:00")
    expect(stranger.open("/").locator(".stale")).to_contain_text("2026-11-16 08:00")
