"""One browser for the session, one server for all sessions, a context of each size (their caches stay warm)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from etl.ledger import DataRoot
from tests.chromium import FLAGS, chromium
from tests.serving import served_to_all

PATIENCE = 30_000  # milliseconds; a loaded machine is slow, not wrong

IN_SIGHT = "(node) => { const box = node.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; }"
THERE = f"""whole => [...document.querySelectorAll('main .later')].filter((part) => whole || ({IN_SIGHT})(part))
  .every((part) => part.firstElementChild?.dataset.address === location.pathname + location.search)"""
DRAWN = f"whole => [...document.querySelectorAll('.plot')].filter((chart) => whole || ({IN_SIGHT})(chart)).every((chart) => chart._fullData?.length)"

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def address(sample_root: DataRoot, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample township's dashboard, one for all test processes side by side; the address without a slash at the end."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return served_to_all(sample_root.path, folder.parent, os.getppid())
    return served_to_all(sample_root.path, folder, os.getpid())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Fails when there is none: `python -m tests.chromium` says what to install."""
    path = chromium()
    assert path is not None, "no Chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@dataclass
class Visitor:
    """A reader's browser: what it asked for, and what it complained about."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, *, whole: bool = False) -> Page:
        """Goes to a page and waits until it stands. whole: with all parts and charts, also those below the window."""
        self.page.goto(self.address + path)
        return self.settled(whole=whole)

    def follow(self, path: str, *, whole: bool = False) -> Page:
        """Goes on to another page as a link does, without loading the document anew."""
        self.page.evaluate("path => township.go(path)", path)
        self.page.wait_for_function("address => document.body.dataset.address === address", arg=path, timeout=PATIENCE)
        return self.settled(whole=whole)

    def settled(self, *, whole: bool = False) -> Page:
        """Waits until no callback runs and every chart in sight, or of the whole page, is drawn."""
        self.page.wait_for_selector("main h1, main .state", timeout=PATIENCE)
        self.page.wait_for_selector("main [data-dash-is-loading]", state="detached", timeout=PATIENCE)
        if whole:
            self.page.evaluate("township.whole()")
        self.page.wait_for_function(THERE, arg=whole, timeout=PATIENCE)
        if whole:
            self.page.evaluate("township.drawAll()")
        self.page.wait_for_function(DRAWN, arg=whole, timeout=PATIENCE)
        return self.page


def new_visitor(context: BrowserContext, address: str) -> Visitor:
    """A reader with a page of their own."""
    visitor = Visitor(context.new_page(), address)
    visitor.page.set_default_timeout(PATIENCE)
    visitor.page.on("request", lambda request: visitor.requests.append(request.url))
    visitor.page.on("console", lambda message: visitor.complaints.append(message.text) if message.type == "error" else None)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    return visitor


def gone(visitor: Visitor) -> None:
    """The reader leaves, and nothing of theirs stays in the browser but its cache."""
    visitor.page.evaluate("localStorage.clear()")
    visitor.page.context.clear_permissions()
    visitor.page.close()


@pytest.fixture(scope="session")
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture(scope="session")
def pocket(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def visitor(desktop: BrowserContext, address: str) -> Iterator[Visitor]:
    found = new_visitor(desktop, address)
    yield found
    gone(found)


@pytest.fixture
def phone(pocket: BrowserContext, address: str) -> Iterator[Visitor]:
    found = new_visitor(pocket, address)
    yield found
    gone(found)


@pytest.fixture
def stranger(browser: Browser, address: str) -> Iterator[Visitor]:
    """A reader with another browser, who has never been here."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield new_visitor(context, address)
    context.close()
