"""A clerk has the weekly report made in the browser: pressed once, seen without reloading, read, compared, and found again by its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.report.edition import Edition
from dashboard.report.issuing import issue
from tests.browser.conftest import Visitor, new_visitor
from tests.browser.test_reach import violations
from tests.report.making import MONDAY, maker_of, number, township
from tests.serving import serving


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root where the report of one week is kept."""
    settings = township(tmp_path_factory.mktemp("town"), "2026-11-16 08:00:00")
    numbers = {"tile.reported": number("3 件", 3.0, zh="上报数", en="Reported incidents")}
    issue(settings, Edition("2026-W45"), maker=maker_of(settings, numbers), now=MONDAY)
    return settings.data


@pytest.fixture
def clerk(desktop: BrowserContext, town: Path) -> Iterator[Visitor]:
    with serving(town) as address:
        found = new_visitor(desktop, address)
        yield found
        found.page.close()


def test_a_report_is_made_read_compared_and_found_again(clerk: Visitor) -> None:
    page = clerk.open("/reports")
    expect(page.locator(".data-verdict")).to_contain_text("还没有编成")
    page.get_by_role("button", name="编制", exact=True).click()
    expect(page.locator(".job progress")).to_be_visible()
    expect(page.locator(".job")).to_contain_text("全镇第1版已编成")
    expect(page.locator(".data-verdict")).to_contain_text("已编成")
    expect(page.locator(".report-list")).to_contain_text("第46周")
    page.locator(".job").get_by_role("link", name="看这一份").click()
    expect(page).to_have_url(re.compile(r"/reports\?week=2026-W46&edition=town$"))
    page.wait_for_function("() => document.querySelector('.paper img')?.naturalWidth === 750")
    pdf = page.locator("#report").get_by_role("link", name="打开 PDF").get_attribute("href")
    answer = page.request.get(f"{clerk.address}{pdf}")
    assert (answer.status, answer.headers["content-type"], answer.body()[:5]) == (200, "application/pdf", b"%PDF-")

    page.locator(".job").get_by_role("button", name="知道了").click()
    expect(page.locator(".job")).to_have_count(0)
    page.get_by_role("button", name="编制", exact=True).click()
    expect(page.locator(".job")).to_contain_text("已有第1版，没有重编")

    page.get_by_role("button", name="比较").click()
    expect(page).to_have_url(re.compile(r"with=2026-W45,town,1$"))
    expect(page.get_by_role("heading", name="第45周 11月2日—8日 全镇 与 第46周 11月9日—15日 全镇")).to_be_visible()
    assert violations(page) == []
    page.go_back()
    expect(page.get_by_role("heading", name="与另一份比较")).to_be_visible()
    assert clerk.complaints == []
