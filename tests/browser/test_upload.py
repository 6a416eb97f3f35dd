"""A clerk drops files onto the data page: told what is wrong, shown the verdict, loaded, and the page stands on the new data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Visitor, new_visitor
from tests.serving import serving

HEAD = "事件编号,事件标题,事件状态,所属社区,上报时间,结案时间\n"
DROP = """([name, text]) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([text], name));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root nothing was loaded into yet."""
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def first_day(town: Path) -> Iterator[str]:
    """The address of a dashboard that was just set up."""
    with serving(town) as found:
        yield found


@pytest.fixture
def clerk(desktop: BrowserContext, first_day: str) -> Iterator[Visitor]:
    found = new_visitor(desktop, first_day)
    yield found
    found.page.close()


@pytest.fixture
def leader(desktop: BrowserContext, first_day: str) -> Iterator[Visitor]:
    found = new_visitor(desktop, first_day)
    yield found
    found.page.close()


def drop(page: Page, name: str, text: str) -> None:
    page.evaluate(DROP, [name, text])


def rows(first: int, count: int) -> str:
    """An export of that many incidents."""
    return HEAD + "".join(
        f"S{n},路灯不亮,已结案,锦秀里社区,2026-11-{1 + n % 14:02d} 09:00,2026-11-15 10:00\n" for n in range(first, first + count)
    )


def test_the_first_load_comes_through_the_page(clerk: Visitor) -> None:
    page = clerk.open("/")
    page.get_by_text("去导入数据").click()
    expect(page.locator("[data-zone]")).to_be_visible()

    drop(page, "坏的.csv", "甲,乙\n1,2\n")
    job = page.locator(".job")
    expect(job.locator(".verdict-head")).to_contain_text("不能导入")
    expect(job).to_contain_text("坏的.csv：认不出是哪一类导出表")
    job.get_by_role("button", name="知道了").click()
    expect(job).to_have_count(0)

    drop(page, "事件导出.csv", rows(0, 40) + "S99,井盖,已结案,锦秀里社区,昨天下午,\n")
    expect(job.locator(".verdict-head")).to_contain_text("可以导入，但请看一看")
    expect(job).to_contain_text("昨天下午")
    page.reload()  # the job is still there
    job.get_by_role("button", name="导入 1 个文件").click()
    expect(page.locator(".data-verdict")).to_contain_text("1 行搁置待改")
    expect(job).to_contain_text("已导入，数据截至")
    expect(page.locator(".filters")).to_be_visible()
    page.locator(".nav-link .icon-overview").click()
    expect(page.locator("a.tile-value").first).to_contain_text("24")  # of whole weeks
    assert clerk.complaints == []


def test_readers_go_on_while_another_import_is_waited_for(clerk: Visitor, leader: Visitor, town: Path) -> None:
    with FileLock(town / "warehouse" / "build.lock"):
        page = clerk.open("/data")
        page.locator(".job").get_by_role("button", name="知道了").click()
        drop(page, "第二批.csv", rows(100, 60))
        page.get_by_role("button", name="导入 1 个文件").click()
        expect(page.locator(".job")).to_contain_text("另一个导入正在进行")
        reading = leader.open("/closure?period=all")
        expect(reading.locator(".tile-value").first).to_be_visible()
        leader.follow("/data")
        expect(reading.locator(".job")).to_contain_text("另一个导入正在进行")
        clerk.follow("/")
    clerk.follow("/data")
    expect(page.locator(".job")).to_contain_text("已导入，数据截至")
    expect(reading.locator(".job")).to_contain_text("已导入，数据截至")
    expect(reading.locator(".parts a").nth(1)).to_have_text(re.compile(r"2$"))
    assert clerk.complaints == leader.complaints == []


def test_a_file_larger_than_allowed_is_refused_before_it_is_sent(clerk: Visitor) -> None:
    page = clerk.open("/data")
    page.evaluate(
        """() => { const big = new File([""], "大.csv"); Object.defineProperty(big, "size", { value: 2e9 });
        const dropped = new DataTransfer(); dropped.items.add(big);
        const event = new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true });
        Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], items: [], files: [big] } });
        document.dispatchEvent(event); }"""
    )
    expect(page.locator(".zone .problem")).to_contain_text("大.csv 超过单个文件上限 1,024 MB")
    expect(page.locator("[data-choose]")).to_be_visible()
