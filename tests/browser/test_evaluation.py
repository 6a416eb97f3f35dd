"""A leader asks whether something helped: chosen, worked out before their eyes, read, and found again by whoever gets the link."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_reach import violations


def headline(page: Page) -> str:
    expect(page.locator(".evaluation-headline")).to_be_visible()
    return page.locator(".evaluation-headline").inner_text() + page.locator(".said").first.inner_text()


def test_an_evaluation_is_asked_worked_out_read_and_found_again(visitor: Visitor, phone: Visitor) -> None:
    page = visitor.open("/evaluation")
    expect(page.locator(".evaluation-examples li")).to_have_count(3)
    assert violations(page) == []
    page.locator("select[name=metric]").select_option("reported")
    stages = page.locator(".evaluation-stage")
    stages.nth(0).locator("input[type=date]").fill("2025-03-03")
    for name in ("福满园社区", "和悦家园社区", "长板社区"):
        stages.nth(0).get_by_label(name).check()
    stages.nth(1).locator("input[type=date]").fill("2025-08-04")
    for name in ("云杉苑社区", "望湖里社区"):
        stages.nth(1).get_by_label(name).check()
    page.get_by_role("button", name="评估", exact=True).click()
    expect(page).to_have_url(re.compile(r"metric=reported.*day1=2025-03-03&units1=C02,C03,C06&day2=2025-08-04&units2=C04,C05"))
    expect(page.locator(".job progress")).to_be_visible()
    said = headline(page)
    assert "这 5 个社区" in said
    assert "95% 区间" in said
    visitor.settled()
    expect(page.locator(".jobs .plot")).to_have_count(6)
    assert violations(page) == []
    page.locator("[data-exhibit=evaluation-cohorts] .tools > summary").click()
    page.locator("[data-exhibit=evaluation-cohorts] .tools .pop button").first.click()
    expect(page.locator("[data-exhibit=evaluation-cohorts] .twin table")).to_contain_text("第1批")
    page.get_by_text("改这次评估").click()
    expect(page.locator(".evaluation-stage").nth(0).get_by_label("和悦家园社区")).to_be_checked()
    assert visitor.complaints == []

    link = page.url.removeprefix(visitor.address)
    other = phone.open(link)
    assert headline(other) == said
    assert other.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(other) == []
    other.emulate_media(color_scheme="dark")
    assert violations(other, runOnly=["color-contrast"]) == []
    assert phone.complaints == []
