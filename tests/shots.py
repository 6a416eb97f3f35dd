"""Screenshots of every page, to be looked at: python -m tests.shots [FOLDER] [PATH …] – 1440 and 390 wide, light and dark, and English."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dashboard.pages import PAGES
from tests.chromium import FLAGS, chromium
from tests.sample_township import built_sample
from tests.serving import serving

FORMS = (
    ("desktop-light", 1440, "light", ""),
    ("desktop-dark", 1440, "dark", ""),
    ("desktop-en", 1440, "light", "lang=en"),
    ("phone-light", 390, "light", ""),
    ("phone-dark", 390, "dark", ""),
    ("phone-en", 390, "light", "lang=en"),
)
MORE = ("/community/C03", "/communities?pair=C01,C05", "/?from=1990-01-01&to=1990-01-31")
CACHE = Path(".pytest_cache/d/sample_township")


def shoot(browser: Browser, address: str, folder: Path, paths: list[str]) -> None:
    """One picture a page and form, of the whole height."""
    for form, width, theme, query in FORMS:
        size = {"width": width, "height": 900 if width > 500 else 844}
        context = browser.new_context(viewport=size, color_scheme=theme, is_mobile=width < 500, has_touch=width < 500)  # type: ignore[arg-type]
        page = context.new_page()
        for path in paths:
            page.goto(address + path + (("&" if "?" in path else "?") + query if query else ""))
            page.wait_for_selector("main h1, main .state", timeout=60_000)
            page.evaluate("township.whole()")
            page.wait_for_function(
                "() => [...document.querySelectorAll('main .later')].every((p) => p.firstElementChild?.dataset.address === location.pathname + location.search)",
                timeout=60_000,
            )
            page.evaluate("township.drawAll()")
            page.wait_for_timeout(1200)
            name = re.sub(r"\W+", "-", path).strip("-") or "overview"
            page.screenshot(path=folder / f"{name}_{form}.png", full_page=True)
            print(folder / f"{name}_{form}.png", flush=True)
        context.close()


def main(folder: Path, paths: list[str]) -> None:
    """The sample township, served and photographed."""
    folder.mkdir(parents=True, exist_ok=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    root = built_sample(CACHE)
    with sync_playwright() as playwright, serving(root.path) as address:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        case = "/case/" + _a_case(browser, address)
        shoot(browser, address, folder, paths or [*(page.path for page in PAGES), *MORE, case])
        browser.close()


def _a_case(browser: Browser, address: str) -> str:
    """The number of the newest case."""
    page = browser.new_page()
    page.goto(address + "/cases")
    found = page.locator(".ag-cell a").first.inner_text()
    page.close()
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots"), sys.argv[2:])
