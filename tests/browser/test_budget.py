"""What goes over the wire stays within budget.toml, and the first paint carries the numbers."""

from __future__ import annotations

import statistics
import tomllib
from pathlib import Path

from playwright.sync_api import Browser, Page

from dashboard.pages import PAGES
from tests.browser.conftest import PATIENCE, Visitor, new_visitor

BUDGET = tomllib.loads((Path(__file__).parent / "budget.toml").read_text(encoding="utf-8"))
CHANGES = ("period=last_4_weeks", "community=C03", "category=05")
TOPICS = [
    page.path for page in PAGES if page.key not in ("cases", "data", "definitions", "methods", "questions", "reports", "research")
]


def weighed(page: Page) -> dict[str, float]:
    """Kilobytes over the wire by address, from now on."""
    found: dict[str, float] = {}
    names: dict[str, str] = {}
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))

    def finished(event: dict[str, float]) -> None:
        name = names.get(str(event["requestId"]), "")
        if not name.startswith("data:"):
            found[name] = found.get(name, 0) + event["encodedDataLength"] / 1000

    client.on("Network.loadingFinished", finished)
    return found


def test_a_first_visit_is_light(browser: Browser, address: str) -> None:
    for path, most in (("/", "kilobytes"), ("/cases", "with_grid_kilobytes")):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        visitor = new_visitor(context, address)
        weight = weighed(visitor.page)
        visitor.page.goto(address + path)
        visitor.page.wait_for_selector(".ag-row" if path == "/cases" else ".plot .main-svg", timeout=PATIENCE)
        arrived(visitor.page, path)
        assert sum(weight.values()) <= BUDGET["first_visit"][most], sorted(weight.items(), key=lambda item: -item[1])[:8]
        assert len(weight) <= BUDGET["first_visit"]["requests"]
        assert max((kb for url, kb in weight.items() if "plotly" in url), default=0) <= BUDGET["script"]["plotly"]
        context.close()


def test_the_first_answer_that_draws_carries_the_numbers(browser: Browser, address: str) -> None:
    """The layout itself holds them: the tiles stand before any callback has answered."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    visitor = new_visitor(context, address)
    visitor.page.route("**/_dash-update-component", lambda _: None)  # never answered
    visitor.page.goto(address + "/closure")
    visitor.page.wait_for_function("() => /\\d/.test(document.querySelector('.tile-value')?.textContent || '')", timeout=PATIENCE)
    context.close()


def test_a_change_of_filters_is_light(visitor: Visitor) -> None:
    page = visitor.open("/")
    weights: dict[str, float] = {}
    weight = weighed(page)
    for path in TOPICS:
        page.evaluate("path => { township.go(path); scrollTo(0, 0) }", path)
        stands(visitor, path)
        for change in CHANGES:
            weight.clear()
            page.evaluate("path => { township.go(path) }", f"{path}?{change}")
            stands(visitor, f"{path}?{change}")
            weights[f"{path}?{change}"] = sum(kb for url, kb in weight.items() if "_dash-update-component" in url)
    heaviest = sorted(weights.items(), key=lambda item: -item[1])
    assert heaviest[0][1] <= BUDGET["change"]["largest_kilobytes"], heaviest[:6]
    assert statistics.median(weights.values()) <= BUDGET["change"]["typical_kilobytes"], heaviest


def stands(visitor: Visitor, address: str) -> None:
    """Its first screen is there, and no answer on its way, which would be counted as the next one's."""
    visitor.page.wait_for_function("address => document.body.dataset.address === address", arg=address, timeout=PATIENCE)
    visitor.settled()
    arrived(visitor.page, address)


def arrived(page: Page, address: str) -> None:
    page.wait_for_function("address => document.body.dataset.address === address", arg=address, timeout=PATIENCE)
    idle = "() => performance.now() - Math.max(0, ...performance.getEntriesByType('resource').map((e) => e.responseEnd)) > 500"
    page.wait_for_function(idle, timeout=PATIENCE)  # what the first screen asks for by itself has come too
