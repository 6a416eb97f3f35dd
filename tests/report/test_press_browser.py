"""The press draws as a browser does: the same texts, at the same places, from the same plotly.js in the same font."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from dashboard.report.press import Chart, Press
from dashboard.report.press.glyphs import FAMILY, FONTS
from dashboard.report.press.sheet import dressed
from tests.chromium import FLAGS, chromium
from tests.report.press_figures import figures

ASSETS = Path(__file__).parents[2] / "dashboard" / "assets" / "vendor"
SIZE = (640, 300)
NEAR = 2.0
"""CSS pixels a text may stand elsewhere."""
FACES = "".join(
    f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url('{(FONTS / name).as_uri()}')}}"
    for weight, name in ((400, "NotoSansSC-Regular.ttf"), (700, "NotoSansSC-Bold.ttf"))
)
DRAWN = """async ([figure, width, height]) => {
    const place = document.getElementById("place");
    const {data, layout} = JSON.parse(figure);
    await Plotly.newPlot(place, data, {...layout, width, height}, {staticPlot: true, locale: "zh-CN"});
    const found = places(place);
    Plotly.purge(place);
    return found;
}"""
PRINTED = """(svg) => {
    const place = document.getElementById("place");
    place.innerHTML = svg;
    const found = places(place);
    place.innerHTML = "";
    return found;
}"""
PLACES = """window.places = (place) => [...place.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => {
    const box = text.getBoundingClientRect();
    return [text.textContent, box.left, box.top, box.right, box.bottom];
});"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """An empty page with plotly.js and the shipped fonts."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium")
    blank = tmp_path_factory.mktemp("page") / "page.html"
    words = f"<p style=\"font-family:'{FAMILY}'\">周<b>周</b></p>"
    blank.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><style>body{{margin:0}}{FACES}</style>{words}<div id=place></div>", "utf-8"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 800, "height": 600})
        page.goto(blank.as_uri())
        for script in ("plotly-cartesian.min.js", "plotly-zh-CN.js"):
            page.add_script_tag(path=ASSETS / script)
        page.add_script_tag(content=PLACES)
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert page.evaluate("[...document.fonts].every((face) => face.status === 'loaded')")
        yield page
        browser.close()


def test_texts_stand_where_a_browser_puts_them(page: Page) -> None:
    known = figures()
    with Press() as press:
        drawings = press.draw([Chart(figure, *SIZE) for figure in known.values()])
    away = {}
    for (name, figure), drawing in zip(known.items(), drawings, strict=True):
        theirs = page.evaluate(DRAWN, [dressed(figure), *SIZE])
        ours = page.evaluate(PRINTED, drawing.svg)
        assert [text for text, *_ in ours] == [text for text, *_ in theirs], name
        sides = [(a, b) for one, other in zip(ours, theirs, strict=True) for a, b in zip(one[1:], other[1:], strict=True)]
        away[name] = max((abs(a - b) for a, b in sides), default=0.0)
    assert {name: far for name, far in away.items() if far > NEAR} == {}
