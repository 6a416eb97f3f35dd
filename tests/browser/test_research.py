"""研究: pick, pivot, chart, share, keep, take along – with mouse and keyboard, on a desk and on a phone."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.conftest import Visitor
from tests.browser.test_reach import reach, violations

TABLE = "/research?metrics=on_time_closure_rate&by=community"


def pick(page: Page, name: str) -> None:
    """A choice is ticked, and the address follows."""
    page.locator(f"[data-pick='{name}']").click()
    expect(page.locator(f"[data-pick='{name}']")).to_have_attribute("aria-checked", "true")


def on_screen(page: Page) -> list[list[str]]:
    """The lines of the answer's table."""
    lines: list[list[str]] = page.locator(".answer tbody tr").evaluate_all(
        "lines => lines.map((line) => [...line.cells].map((cell) => cell.textContent))"
    )
    return lines


def saved(page: Page, form: str) -> bytes:
    with page.expect_download() as waiting:
        page.click(f"[data-file={form}]")
    return Path(waiting.value.path()).read_bytes()


def test_a_question_from_the_first_pick_to_the_link(visitor: Visitor, stranger: Visitor) -> None:
    page = visitor.open("/research")
    expect(page.locator(".starts a")).to_have_count(6)
    page.fill(".finder input", "按期结案率")
    expect(page.locator("[data-pick='m.reported']")).to_be_hidden()
    pick(page, "m.on_time_closure_rate")
    expect(page.locator(".finder input")).to_have_value("按期结案率")
    pick(page, "d.community")
    pick(page, "d.week")
    expect(page.locator("[data-pick='m.service_cases']")).to_have_count(1)
    page.click(".card-head .pills a:text-is('透视')")
    expect(page.locator(".answer thead th").first).to_have_text("社区")
    page.click(".answer-tools a:text-is('社区')")
    expect(page.locator(".answer thead th").first).to_have_text("周")
    shown = on_screen(page)
    page.click(".card-head .pills a:text-is('图')")
    visitor.settled()
    assert page.locator(".research-panels .plot").count() == 11  # of 13: two have no number that may be shown
    page.go_back()
    expect(page.locator(".answer thead th").first).to_have_text("周")
    link = unquote(page.url).removeprefix(visitor.address)
    assert link == "/research?metrics=on_time_closure_rate&by=community,week&as=pivot&across=community"
    assert on_screen(stranger.open(link)) == shown
    assert visitor.complaints + stranger.complaints == []


def test_files_hold_what_is_on_screen(visitor: Visitor) -> None:
    page = visitor.open(TABLE)
    shown = {line[0]: line[1:5] for line in on_screen(page)}
    text = saved(page, "csv").decode("utf-8-sig")
    lines = {line["community_name"]: line for line in csv.DictReader(io.StringIO(text))}
    book = CalamineWorkbook.from_filelike(io.BytesIO(saved(page, "xlsx"))).get_sheet_by_index(0).to_python()
    head = [str(name) for name in book[0]]
    sheet = {str(line[1]): dict(zip(head, line, strict=True)) for line in book[1:]}
    assert len(shown) == len(lines) == len(sheet)
    for name, (value, numerator, denominator, n) in shown.items():
        for line in (lines[name], sheet[name]):
            written = [line[key] for key in ("value", "numerator", "denominator", "n")]
            if written[0] == "":
                assert value == "隐去", name
                continue
            assert f"{float(str(written[0])):.1%}" == value, name
            assert [f"{float(str(one)):,.0f}" for one in written[1:]] == [numerator, denominator, n], name
    assert saved(page, "bundle")[:2] == b"PK"
    assert saved(page, "parquet")[:4] == b"PAR1"


def test_a_question_is_kept_renamed_and_let_go(visitor: Visitor) -> None:
    page = visitor.open(TABLE)
    page.click("[data-keep]")
    page.fill(".kept input", "各社区按期")
    page.keyboard.press("Enter")
    expect(page.locator(".kept a")).to_have_text("各社区按期")
    page.reload()
    visitor.open("/research?lang=en")
    page.click(".kept a")
    expect(page).to_have_url(visitor.address + TABLE)
    expect(page.locator(".kept a")).to_have_attribute("aria-current", "true")
    page.click(".kept button:text-is('删除')")
    expect(page.locator(".kept a")).to_have_count(0)
    expect(page.locator("[data-none]")).to_be_visible()
    assert page.evaluate("localStorage.getItem('township.research')") == "[]"


def test_the_citation_and_the_link_are_copied(visitor: Visitor) -> None:
    page = visitor.open(TABLE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copies=citation]")
    expect(page.locator("[data-copies=citation]")).to_have_text("已复制")
    cited = page.evaluate("navigator.clipboard.readText()")
    assert "[DS]" in cited
    assert page.evaluate("document.body.dataset.build") in cited
    page.click("[data-copies=address]")
    expect(page.locator("[data-copies=address]")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_keyboard_alone_asks_a_question(visitor: Visitor) -> None:
    """The focus stays where it was while the page is drawn anew."""
    page = visitor.open("/research")
    page.focus("[data-pick='g.flow']")
    page.keyboard.press("Enter")
    reach(page, "[data-pick='m.registered']")
    page.keyboard.press("Space")
    expect(page.locator("[data-pick='m.registered']")).to_have_attribute("aria-checked", "true")
    expect(page.locator("[data-pick='m.registered']")).to_be_focused()
    reach(page, "[data-pick='d.channel']")
    page.keyboard.press("Enter")
    expect(page.locator("[data-pick='d.channel']")).to_be_focused()
    expect(page.locator(".answer tbody tr").first).to_be_visible()
    reach(page, ".card-head .pills a[data-pick='s.2']")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .chart")).to_be_visible()
    expect(page).to_have_url(re.compile(r"metrics=registered&by=channel&as=chart$"))


def test_it_fits_a_telephone_and_anybody_can_use_it(visitor: Visitor, phone: Visitor) -> None:
    asked = ("", "?metrics=reported,satisfaction_rate&by=channel&as=pivot&lang=en", "?metrics=reported&by=week,channel&as=chart")
    visitor.page.emulate_media(reduced_motion="reduce")  # colours still on their way to the other theme are no colours
    for query in asked:
        page = phone.open("/research" + query)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, query
        found = visitor.open("/research" + query)
        assert violations(found) == [], query
        found.evaluate("township.switchTheme()")
        assert violations(found, runOnly=["color-contrast", "link-in-text-block"]) == [], query
        found.evaluate("township.switchTheme()")
    visitor.page.emulate_media(reduced_motion="no-preference")
    visitor.page.evaluate("localStorage.clear()")


def test_a_file_that_fails_says_so_in_the_page(stranger: Visitor) -> None:
    page = stranger.open(TABLE)
    page.route("**/research/table.*", lambda route: route.fulfill(status=500, body="<p>Internal Server Error</p>"))
    page.click("[data-file=parquet]")
    expect(page.locator(".take [data-words]")).to_have_text("服务没有给出可读的答复，请稍后再试")
    page.unroute("**/research/table.*")
    assert saved(page, "parquet")[:4] == b"PAR1"
    expect(page.locator(".take [data-words]")).to_have_text("文件已生成")


def test_another_tab_may_keep_questions_meanwhile_and_a_full_store_is_said(stranger: Visitor) -> None:
    page = stranger.open(TABLE)
    page.click("[data-keep]")
    page.keyboard.press("Escape")
    other = """list => localStorage.setItem("township.research", JSON.stringify(
        [{ name: "other", href: "/research?metrics=due" }, ...JSON.parse(localStorage.getItem("township.research"))]))"""
    page.evaluate(other)
    page.click(".kept button:text-is('删除')")
    expect(page.locator(".kept a")).to_have_text("other")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }")
    page.click("[data-keep]")
    expect(page.locator("[data-unkept]")).to_be_visible()
    expect(page.locator(".kept a")).to_have_text("other")
    assert stranger.complaints == []
