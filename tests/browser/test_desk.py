"""A researcher at the SQL desk: from an example to a table and a file, an error with its place, the history, a query called off, a link."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect
from python_calamine import CalamineWorkbook

from dashboard.desk.deidentified import desk_file
from dashboard.settings import Settings
from dashboard.warehouse import Warehouse
from tests.browser.conftest import PATIENCE, Visitor, new_visitor
from tests.browser.test_reach import reach, violations

LONG = "SELECT sum(i) FROM range(1000000000000) AS r(i)"
EDITOR, PROBLEM, RESULT = "[data-part=editor]", "[data-part=problem]", "[data-part=result]"


def at_the_desk(visitor: Visitor, address: str = "/research/sql") -> Page:
    """The page, once it says that the build's de-identified file is made: only then is a query quick."""
    page = visitor.open(address)
    made(page)
    return page


def made(page: Page) -> None:
    expect(page.locator("[data-part=size]")).to_contain_text("MB", timeout=4 * PATIENCE)


def answered(page: Page) -> None:
    """Waits for the rows of a result; without any the failure tells what the page says instead."""
    try:
        expect(page.locator(f"{RESULT} tbody tr")).not_to_have_count(0)
    except AssertionError as error:
        raise AssertionError(f"no rows; the page says: {said(page)}") from error


def said(page: Page) -> list[str]:
    """What stands in the page's state, clock and problem."""
    return page.locator(f"[data-part=state], [data-part=clock], {PROBLEM}").all_inner_texts()


def run(page: Page, sql: str) -> None:
    page.fill(EDITOR, sql)
    page.focus(EDITOR)
    page.keyboard.press("Control+Enter")


def test_from_an_example_to_a_table_a_file_and_an_error(visitor: Visitor, sample_warehouse: Warehouse, tmp_path: Path) -> None:
    page = at_the_desk(visitor)
    expect(page.locator(".filters")).to_be_hidden()
    page.locator("[data-tab=examples]").click()
    page.locator("[data-pane=examples] button").first.click()
    expect(page.locator(EDITOR)).to_have_value(re.compile(r"^SELECT name, count\(\*\) AS cases"))
    expect(page.locator(RESULT)).to_be_hidden()
    page.get_by_role("button", name="运行", exact=True).click()
    answered(page)
    expect(page.locator("[data-part=state]")).to_contain_text("完成，")
    build_id = sample_warehouse.current().build.build_id
    expect(page.locator(RESULT)).to_contain_text(f"构建 {build_id}")
    assert desk_file(Settings(data=sample_warehouse.directory.parent), build_id).is_file()
    expect(page.locator("[data-part=size]")).to_contain_text("MB")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Excel").click()
    assert saved.value.suggested_filename.startswith("SQL 查询结果")
    saved.value.save_as(tmp_path / "result.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "result.xlsx").get_sheet_by_index(0).to_python()
    first = [cell.strip() for cell in page.locator(f"{RESULT} tbody tr").first.locator("td").all_inner_texts()]
    assert [rows[1][0], *(f"{number:g}" for number in rows[1][1:] if isinstance(number, float))] == first
    assert len(rows) == page.locator(f"{RESULT} tbody tr").count() + 1

    page.route("**/build", lambda route: route.fulfill(json={"build": "newer", "as_of": "2026-11-23 08:00"}))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-part=news]")).to_contain_text("数据已更新到 2026-11-23 08:00")
    page.unroute("**/build")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-part=news]")).to_be_hidden()
    assert violations(page) == []

    page.fill(EDITOR, "SELECT , count(*)\nFROM incident\nGROUP BY 1")
    page.evaluate(f"document.querySelector('{EDITOR}').setSelectionRange(7, 7)")
    page.locator("[data-tab=tables]").click()
    page.locator("[data-part=find]").fill("部门")
    page.locator("[data-table=incident] [data-insert=department_code]").click()
    expect(page.locator(EDITOR)).to_have_value(re.compile("^SELECT department_code, count"))
    expect(page.locator("[data-part=older]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=older]")).to_be_hidden()

    run(page, "SELECT '社区',\n       nope FROM incident")
    expect(page.locator(PROBLEM)).to_contain_text("第 2 行第 8 个字：没有列 nope")
    assert (
        page.evaluate(
            "(({value, selectionStart, selectionEnd}) => value.slice(selectionStart, selectionEnd))(document.activeElement)"
        )
        == "nope"
    )
    assert visitor.complaints == []


def test_what_was_run_stays_in_this_browser_and_a_long_one_is_called_off(stranger: Visitor, browser: Browser) -> None:
    page = at_the_desk(stranger)
    run(page, "SELECT 1 AS 一")
    expect(page.locator("[data-part=state]")).to_contain_text("完成，1 行")
    run(page, LONG)
    expect(page.locator("[data-part=clock]")).to_contain_text("秒")
    page.get_by_role("button", name="取消").click()
    expect(page.locator(PROBLEM)).to_have_text("已取消")
    page.fill(EDITOR, "SELECT 2 -- not run")
    page.reload()
    expect(page.locator(EDITOR)).to_have_value("SELECT 2 -- not run")
    page.locator("[data-tab=history]").click()
    expect(page.locator("[data-part=history] li")).to_have_count(2)
    expect(page.locator("[data-part=history] li").first).to_contain_text("已取消")
    page.locator("[data-part=history] button").nth(1).click()
    expect(page.locator(EDITOR)).to_have_value("SELECT 1 AS 一")
    expect(page.locator(RESULT)).to_be_hidden()  # nothing runs by itself

    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN") as context:
        guest = new_visitor(context, stranger.address)
        there = guest.open("/research/sql?sql=SELECT+3+AS+n")
        expect(there.locator(EDITOR)).to_have_value("SELECT 3 AS n")
        expect(there.locator("[data-part=state]")).to_contain_text("还没有运行")
        there.locator("[data-tab=history]").click()
        expect(there.locator("[data-part=history] li")).to_have_count(0)
        expect(there.locator(RESULT)).to_be_hidden()
        assert not any("/desk/run" in url for url in guest.requests)

    page.get_by_role("button", name="清空").click()
    page.get_by_role("button", name="再按一次清空").click()
    expect(page.locator("[data-part=history] li")).to_have_count(0)
    assert stranger.complaints == []


def test_statement_and_result_stay_in_another_language_and_the_keyboard_is_enough(visitor: Visitor) -> None:
    page = visitor.open("/")
    visitor.follow("/research/sql")
    made(page)
    reach(page, EDITOR)
    page.keyboard.type("SELECT 1 AS n")
    page.keyboard.press("Tab")  # leaves the field
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=state]")).to_contain_text("完成，1 行")
    expect(page).to_have_url(re.compile(r"sql=SELECT\+1\+AS\+n$"))
    page.get_by_text("English", exact=True).click()
    expect(page.locator("main h1")).to_have_text("SQL desk")
    expect(page.locator(EDITOR)).to_have_value("SELECT 1 AS n")
    expect(page.locator(RESULT)).to_contain_text("Cite as")
    expect(page).to_have_url(re.compile(r"sql=SELECT"))
    visitor.follow("/?lang=en")
    page.go_back()
    expect(page.locator(EDITOR)).to_have_value("SELECT 1 AS n")
    expect(page.locator(f"{RESULT} td")).to_have_text("1")
    assert visitor.complaints == []


def test_on_a_telephone_the_page_is_no_wider_than_the_screen(phone: Visitor) -> None:
    page = at_the_desk(phone)
    page.locator("[data-pane=examples] button").first.click()
    page.get_by_role("button", name="运行", exact=True).click()
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_what_goes_wrong_with_a_file_stands_in_the_page_and_the_package_comes_when_it_is_made(stranger: Visitor) -> None:
    page = stranger.open("/research/sql")
    answers = iter(
        [
            (503, '{"zh": "磁盘已满", "en": "disk full"}'),
            (502, "<html>Bad Gateway</html>"),
            (200, '{"ready": false}'),
            (200, '{"ready": true}'),
        ]
    )

    def answer(route: Route) -> None:
        status, body = next(answers)
        route.fulfill(status=status, body=body, content_type="application/json" if status != 502 else "text/html")

    page.route("**/research/warehouse", answer)
    state = page.locator("[data-part=zip-state]")
    for said in ("磁盘已满", "服务没有给出可读的答复，请稍后再试"):
        page.click("[data-part=zip]")
        expect(state).to_have_text(said)
    headers = {"Content-Disposition": "attachment; filename=town.zip", "Content-Type": "application/zip"}
    page.context.route("**/research/warehouse.zip", lambda route: route.fulfill(body=b"PK", headers=headers))
    with page.expect_download() as saved:
        page.click("[data-part=zip]")
        expect(state).to_have_text("正在生成数据包，好了自动下载，请不要离开本页")
    assert saved.value.suggested_filename.endswith(".zip")
    expect(state).to_have_text("数据包已备好，开始下载")


def test_without_https_a_link_is_copied_all_the_same_and_an_error_is_told_in_either_language(stranger: Visitor) -> None:
    page = stranger.page
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    at_the_desk(stranger)
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator("[data-part=state]")).to_have_text("编辑框是空的，先写一条语句。")
    run(page, "SELECT nope FROM incident")
    expect(page.locator(PROBLEM)).to_contain_text("没有列 nope")
    page.evaluate("document.addEventListener('copy', () => { window.copied = String(document.activeElement.value) })")
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator("[data-part=state]")).to_contain_text("链接已复制")
    assert page.evaluate("window.copied").endswith("/research/sql?sql=SELECT+nope+FROM+incident")
    page.get_by_text("English", exact=True).click()
    expect(page.locator("main h1")).to_have_text("SQL desk")
    page.locator("[data-tab=history]").click()
    assert page.locator("[data-part=history] small").inner_text().isascii() is False  # the dot between moment and words
    expect(page.locator("[data-part=history] small")).not_to_contain_text("没有列")
    expect(page.locator("[data-part=history] small")).to_contain_text("nope")
