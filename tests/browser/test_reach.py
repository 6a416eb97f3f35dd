"""Everybody can use it: axe-core finds nothing serious on any page in either theme, and the keyboard alone is enough."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from tests.browser.conftest import Visitor

PATHS = [*(page.path for page in PAGES), "/research/sql", "/community/C03", "/communities?pair=C01,C03"]
SERIOUS = ("serious", "critical")


LEFT_OUT = (".js-plotly-plot", "tbody tr:nth-child(n+9)", ".grid > .card-box:nth-child(n+5)", "[data-like]")
"""Of a chart its frame (an image with a text) is looked at, not the hundreds of strokes inside, which nobody can reach; of long tables and
rows of like cards the first; of parts alike in everything but their words two."""

APART = """() => {
    const KEPT = new Set(["aria-hidden", "class", "disabled", "hidden", "role", "style", "tabindex", "type"]);
    const marks = (part) => [...part.attributes].map(({ name, value }) => (KEPT.has(name) ? name + "=" + value : name)).sort().join(" ");
    const shapes = new Map(), times = new Map();
    const inside = (part) => (part.nodeType === Node.TEXT_NODE ? (part.data.trim() && "…") : part.nodeType === Node.ELEMENT_NODE ? shape(part) : "");
    const shape = (part) => {
        if (!shapes.has(part)) shapes.set(part, `<${part.localName} ${marks(part)}>${[...part.childNodes].map(inside).join("")}</>`);
        return shapes.get(part);
    };
    const look = (part, place) => [...part.children].forEach((child) => {
        const like = place + shape(child);
        times.set(like, (times.get(like) || 0) + 1);
        if (times.get(like) > 2) child.setAttribute("data-like", "");
        else look(child, `${place}<${child.localName} ${marks(child)}>`);
    });
    document.querySelectorAll("[data-like]").forEach((part) => part.removeAttribute("data-like"));
    window.strokes = [...document.querySelectorAll(".js-plotly-plot")].map((chart) => [chart, [...chart.childNodes]]);
    window.strokes.forEach(([chart]) => chart.replaceChildren());
    look(document.body, "");
}"""
"""Takes the strokes out of the charts, as axe goes through them even where they are left out, and marks the parts like two before them:
same place, same elements, classes, styles and kinds of attributes, words where words were."""
TOGETHER = "() => window.strokes.forEach(([chart, strokes]) => chart.replaceChildren(...strokes))"


def violations(page: Page, **only: object) -> list[str]:
    """What axe finds serious: rule, and the first elements. only: axe's runOnly, where not every rule is asked."""
    context = {"exclude": [[part] for part in LEFT_OUT]}
    page.evaluate(APART)
    found = Axe().run(page, context=context, options={"resultTypes": ["violations"], **only}).response["violations"]
    page.evaluate(TOGETHER)
    return [
        f"{rule['id']}: {[node['html'][:160] + ' ' + str(node.get('failureSummary'))[:200] for node in rule['nodes'][:3]]}"
        for rule in found
        if rule["impact"] in SERIOUS
    ]


def test_every_page_is_quiet_says_what_it_shows_and_axe_finds_nothing_serious_in_either_theme(visitor: Visitor) -> None:
    """One walk, as opening pages is what takes long. Every rule of axe in the light theme; in the dark one those of colour, which are all
    that it changes.
    """
    page = visitor.open("/")
    page.emulate_media(reduced_motion="reduce")  # colours that are still on their way from one theme to the other are no colours
    found = {}
    for path in PATHS:
        visitor.follow(path, whole=True)
        if path == "/cases":
            expect(page.locator(".ag-row").first).to_be_visible()
        expect(page.locator(".nav-link[aria-current='page']")).to_have_count(1)
        assert page.locator("[data-title*='Share'], [data-title*='Cloud']").count() == 0
        found[path, "silent"] = silent(page)
        found[path, "light"] = violations(page)
        page.evaluate("township.switchTheme()")
        found[path, "dark"] = violations(page, runOnly=["color-contrast", "link-in-text-block"])
        page.evaluate("township.switchTheme()")
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate("localStorage.clear()")
    assert {place: what for place, what in found.items() if what} == {}
    assert visitor.complaints == []
    assert [url for url in visitor.requests if not url.startswith((visitor.address, "data:", "blob:"))] == []
    assert not any("plotly.min.js" in url and "cartesian" not in url for url in visitor.requests)


def silent(page: Page) -> list[str]:
    """Charts without a sentence for those who do not see them, or without their data as a table."""
    labels: list[str] = page.locator(".chart[role=img]").evaluate_all(
        "charts => charts.map((c) => c.getAttribute('aria-label') || '')"
    )
    bare = "cards => cards.filter((c) => c.querySelector('.chart') && !c.dataset.exhibit).map((c) => c.textContent.slice(0, 40))"
    without_data: list[str] = page.locator(".card-box").evaluate_all(bare)
    return [label for label in labels if len(label) <= 8] + without_data


def test_axe_finds_nothing_serious_on_a_case_and_on_a_phone(visitor: Visitor, phone: Visitor) -> None:
    page = visitor.open("/cases")
    page.locator(".ag-cell a").first.click()
    expect(page.locator(".timeline")).to_be_visible()
    assert violations(page) == []
    for path in ("/", "/closure", "/cases"):
        assert violations(phone.open(path, whole=True)) == [], path


def test_the_keyboard_alone_is_enough(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, "a.tile-value")
    assert page.evaluate("getComputedStyle(document.activeElement, '::after').outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases"))
    expect(page.locator(".ag-row").first).to_be_visible()
    page.go_back()
    visitor.settled()
    reach(page, ".tools > summary")
    page.keyboard.press("Enter")
    expect(page.locator(".tools[open] .pop button").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".twin table")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.focus("#filter-period")
    page.keyboard.press("ArrowUp")
    expect(page).to_have_url(re.compile("period="))
    page.focus("#filter-community")
    page.keyboard.press("Enter")
    expect(page.locator(".dash-dropdown-content")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".dash-dropdown-content input:focus")).to_have_attribute("type", "checkbox")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("community="))
    reach(page, ".chip a")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)


def reach(page: Page, selector: str) -> None:
    """Tab until something that matches has the focus."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with the Tab key")
