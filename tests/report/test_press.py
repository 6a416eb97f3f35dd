"""The press: every figure is drawn, documents are set, and nothing that goes wrong takes anything else with it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psutil
import pytest
from pypdf import PdfReader

from dashboard.figures import Figure
from dashboard.figures.bars import columns
from dashboard.figures.small_multiples import small_lines
from dashboard.report.errors import PressError
from dashboard.report.press import Chart, Press
from tests.report.press_figures import UNITS, figures

PROJECT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 16, 8, tzinfo=timezone(timedelta(hours=8)))
FIGURES = figures()
PLAIN = Chart(FIGURES["bars"], 480, 240)
DOCUMENT = """
#let data = json(bytes(sys.inputs.data))
#let pictures = json(bytes(sys.inputs.pictures))
#set document(title: data.title)
#set text(font: "Noto Sans SC", lang: "zh")
= #data.title
#for (name, svg) in pictures { figure(image(bytes(svg), format: "svg", alt: name), caption: name) }
"""
# Typst stops a loop after 10,000 rounds, and these are nested.
ENDLESS = "#let rounds = 0\n#for a in range(9000) { for b in range(9000) { for c in range(9000) { rounds += 1 } } }"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.typ"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def drawings(press: Press) -> dict[str, str]:
    """The SVG of each figure."""
    made = press.draw([Chart(figure, 640, 300) for figure in FIGURES.values()])
    assert {name: drawing.problem for name, drawing in zip(FIGURES, made, strict=True) if drawing.problem} == {}
    return {name: drawing.svg for name, drawing in zip(FIGURES, made, strict=True)}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_with_its_words_in_the_shipped_font(name: str, drawings: dict[str, str]) -> None:
    svg = drawings[name]
    words = {unescape(re.sub(r"<[^>]+>", "", text)) for text in re.findall(r"<text.*?</text>", svg)}
    assert _named(FIGURES[name]) - words == set()
    assert set(re.findall(r"font-family: ([^;]+)", svg)) <= {"'Noto Sans SC'"}
    assert not re.search(r"NaN|undefined|null", "".join(words))
    assert "只在屏幕上" not in svg


def test_a_figure_gives_the_same_bytes_whatever_was_drawn_before(press: Press, drawings: dict[str, str]) -> None:
    again = press.draw([Chart(figure, 640, 300) for figure in reversed(FIGURES.values())])
    assert [drawing.svg for drawing in again] == list(reversed(drawings.values()))


def test_axes_write_dates_in_the_language_of_the_chart(press: Press) -> None:
    chinese, english = press.draw([Chart(FIGURES["date axis"], 480, 200, lang) for lang in ("zh", "en")])
    assert "7月" in chinese.svg
    assert "Jul" in english.svg


def test_signs_of_xml_and_of_no_script_do_no_harm(press: Press, document: Path) -> None:
    (drawing,) = press.draw([Chart(columns(UNITS.assign(label="R&D\x0b 'a' \"b\" ≤ 1 > 0")), 480, 240)])
    pdf = press.typeset(document, {"title": "周报"}, {"signs": drawing.svg}, timestamp=NOW)
    assert "R&D'a'\"b\"≤1>0" in re.sub(r"\s", "", PdfReader(BytesIO(pdf)).pages[0].extract_text())


def test_small_lines_of_tables_are_pictures_too(press: Press, document: Path) -> None:
    images = small_lines({"北门": [1.0, None, 3.0]}, [2.0, 2.0, 2.0])
    pictures = {name: unquote(image.partition(",")[2]) for name, image in images.items()}
    assert press.typeset(document, {"title": "周报"}, pictures, timestamp=NOW).startswith(b"%PDF")


def test_cells_stay_vectors(drawings: dict[str, str]) -> None:
    assert "data:image/svg+xml" in drawings["heatmap"]
    assert "image/png" not in "".join(drawings.values())


def _named(figure: Figure) -> set[str]:
    """What the axes and notes of a figure say, without markup."""
    layout: dict[str, Any] = figure["layout"]
    ticks = [text for axis in ("xaxis", "yaxis") if layout[axis].get("visible", True) for text in layout[axis].get("ticktext", [])]
    notes = [note["text"] for note in layout.get("annotations", [])]
    return {unescape(re.sub(r"<[^>]+>", "", text)) for text in [*ticks, *notes]} - {""}


def test_bars_that_ask_for_attention_are_told_apart_without_colour(drawings: dict[str, str]) -> None:
    bars = re.findall(r'<path[^>]*style="([^"]*fill: rgb\((?:43, 123, 187|217, 105, 30)\)[^"]*)"', drawings["marked bars"])
    assert ["217, 105, 30" in style for style in bars] == ["stroke: rgb(0, 0, 0)" in style for style in bars]
    assert sum("217, 105, 30" in style for style in bars) == 1


BROKEN: dict[str, tuple[Figure, str]] = {
    "WebGL": ({"data": [{"type": "scattergl", "x": [1], "y": [1]}], "layout": {}}, "traces of type scattergl cannot be printed"),
    "a picture": ({"data": [], "layout": {"images": [{"source": "https://example.org/a.png"}]}}, "cannot be drawn"),
    "no JSON": ({"data": [{"type": "bar", "x": [object()]}], "layout": {}}, "cannot be drawn"),
    "a missing glyph": (columns(UNITS.assign(label="𠮷")), "the shipped fonts lack 𠮷"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_figure_that_cannot_be_printed_says_why_and_leaves_the_others(name: str, press: Press) -> None:
    figure, reason = BROKEN[name]
    before, broken, after = press.draw([PLAIN, Chart(figure, 480, 240), PLAIN])
    assert broken.svg == ""
    assert broken.problem.startswith(reason)
    assert len(broken.problem.splitlines()) == 1
    assert len(broken.problem) < 400
    assert before.svg == after.svg != ""


def test_a_figure_that_takes_too_long_is_given_up_and_the_next_is_drawn(press: Press) -> None:
    notes = [{"x": 0, "y": 0, "text": f"{n}"} for n in range(20_000)]
    slow = Chart({"data": [], "layout": {"annotations": notes}}, 480, 240)
    press.draw([PLAIN])
    (late,) = press.draw([slow], seconds_each=1)
    assert (late.svg, late.problem) == ("", "not drawn within 1 s")
    assert press.draw([PLAIN])[0].problem == ""


def test_charts_for_which_no_time_is_left_are_not_begun() -> None:
    with Press(seconds=0) as press:
        assert [drawing.problem for drawing in press.draw([PLAIN])] == ["not drawn: the charts before it took 0 s"]


def test_a_document_has_its_words_and_those_of_its_charts_in_embedded_subsets(
    press: Press, document: Path, drawings: dict[str, str]
) -> None:
    pdf = press.typeset(document, {"title": "社会治理周报"}, drawings, timestamp=NOW)
    reader = PdfReader(BytesIO(pdf))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    for words in ("社会治理周报", "锦绣里社区居民委员会", "䶮家湾", "重新划分", "n=1,203", "Closedontime"):
        assert words in text
    fonts = {font for page in reader.pages for font in _fonts(page["/Resources"])}
    assert {name.partition("+")[2] for name, _ in fonts} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all(re.match(r"/[A-Z]{6}\+", name) for name, _ in fonts), "not all are subsets"
    assert all(is_embedded for _, is_embedded in fonts)


def _fonts(resources: Any) -> Iterator[tuple[str, bool]]:
    """Name of each font, and whether it is embedded; those of pictures included."""
    for font in resources.get("/Font", {}).values():
        own = font.get_object()
        descriptor = own["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        yield str(own["/BaseFont"]), bool({"/FontFile2", "/FontFile3"} & set(descriptor))
    for form in resources.get("/XObject", {}).values():
        if "/Resources" in form.get_object():
            yield from _fonts(form.get_object()["/Resources"])


def test_a_document_says_that_it_is_tagged_and_archivable(press: Press, document: Path) -> None:
    reader = PdfReader(BytesIO(press.typeset(document, {"title": "周报"}, {}, timestamp=NOW)))
    stored: Any = reader.root_object["/Metadata"].get_object()
    metadata = stored.get_data().decode()
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert re.search(r"pdfaid:part>2<.*pdfaid:conformance>A<", metadata, re.DOTALL)
    assert "/StructTreeRoot" in reader.root_object


def test_pages_as_pictures_are_as_large_as_asked(press: Press, document: Path) -> None:
    small, large = (press.typeset(document, {"title": "周报"}, {}, kind="png", ppi=ppi, timestamp=NOW) for ppi in (72, 144))
    assert [int.from_bytes(page[16:20]) for page in (*small, *large)] == [595, 1191]


PROBLEMS = {
    "a word of no language": ("= 周报\n#nonsense", "unknown variable: nonsense (document.typ:2:1)"),
    "a font we do not ship": ('#set document(title: "a")\n#set text(font: "SimSun")\n= 周报', "unknown font family: simsun"),
    "a missing glyph": ('#set document(title: "a")\n#set text(font: "Noto Sans SC")\n= 𠮷', "could not be displayed"),
    "a package": ('#import "@preview/cetz:0.4.2"', "package"),
    "a file elsewhere": ('#read("../secret.txt")', "escape"),
    "a picture without words": (
        '#set document(title: "a")\n= a\n#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"))',
        "alt",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_document_that_cannot_be_set_says_why_in_both_languages(name: str, press: Press, document: Path) -> None:
    source, reason = PROBLEMS[name]
    document.write_text(source, encoding="utf-8")
    with pytest.raises(PressError) as error:
        press.typeset(document, {}, {}, timestamp=NOW)
    assert reason in error.value.en
    assert error.value.zh.startswith("document.typ 排版失败：")
    assert "\n" not in error.value.en


def test_a_document_that_takes_too_long_is_given_up(document: Path) -> None:
    document.write_text(ENDLESS, encoding="utf-8")
    with Press(seconds=1) as press, pytest.raises(PressError, match=r"超过 1 秒.*more than 1 s"):
        press.typeset(document, {}, {}, timestamp=NOW)


@contextmanager
def _working() -> Iterator[tuple[Press, psutil.Process]]:
    """A press, and its worker, which has worked already."""
    others = set(psutil.Process().children())
    with Press() as press:
        press.draw([PLAIN])
        (worker,) = set(psutil.Process().children()) - others
        yield press, worker


def test_the_worker_ends_with_its_press() -> None:
    with _working() as (_, worker):
        assert worker.is_running()
    assert not worker.is_running()


def test_a_worker_killed_in_between_is_replaced() -> None:
    with _working() as (press, worker):
        worker.kill()
        worker.wait()
        assert press.draw([PLAIN])[0].problem == ""


def test_a_worker_killed_in_the_middle_is_replaced_for_the_next_job(document: Path) -> None:
    document.write_text(ENDLESS, encoding="utf-8")
    with _working() as (press, worker):
        threading.Timer(0.3, worker.kill).start()
        with pytest.raises(PressError, match=r"意外结束（exit code -9）.*ended while setting"):
            press.typeset(document, {}, {}, timestamp=NOW)
        assert press.draw([PLAIN])[0].problem == ""


def test_the_worker_needs_nothing_that_is_slow_to_load() -> None:
    said = "import sys, dashboard.report.press.worker; print({'dash', 'plotly', 'pandas', 'numpy', 'fontTools'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


SMALL: Figure = {"data": [{"type": "bar", "x": ["北门", "南湖"], "y": [3, 5]}], "layout": {}}
ALONE = """
import hashlib, json, sys
from datetime import datetime
from pathlib import Path
from dashboard.report.press import Chart, Press
document, figure, moment = sys.argv[1:]
with Press() as press:
    (drawing,) = press.draw([Chart(json.loads(figure), 480, 240)])
    pdf = press.typeset(Path(document), {"title": "周报"}, {"small": drawing.svg}, timestamp=datetime.fromisoformat(moment))
print(hashlib.sha256(pdf).hexdigest())
"""


def test_another_process_without_environment_and_network_makes_the_same_bytes(press: Press, document: Path) -> None:
    """Network is taken away where the kernel lets us."""
    apart = [unshare, "-rn"] if (unshare := shutil.which("unshare")) else []
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        apart = []
    order = [str(document), json.dumps(SMALL), NOW.isoformat()]
    done = subprocess.run(
        [*apart, sys.executable, "-c", ALONE, *order], cwd=PROJECT, env={}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    (drawing,) = press.draw([Chart(SMALL, 480, 240)])
    pdf = press.typeset(document, {"title": "周报"}, {"small": drawing.svg}, timestamp=NOW)
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()
