"""A report: its numbers are the pages', its form holds on odd weeks and odd names, and nothing that fails takes it with it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from pypdf import PdfReader

from dashboard.reading.watch import sentences
from dashboard.report import content
from dashboard.report.document import Callout, Figure
from dashboard.report.edition import Edition, week_of, week_on
from dashboard.report.errors import EditionError
from dashboard.report.made import Made, Order
from dashboard.report.make import make
from dashboard.report.press import Press
from dashboard.report.writer import Writer
from dashboard.warehouse import Snapshot, Warehouse
from tests.pages.test_pages import seen, visit
from tests.tables import small_warehouse

ISSUED = date(2026, 11, 16)
WEEK = "2026-W46"
PAGES_OF = {
    "tile": "/",
    "community": "/communities",
    "department": "/departments",
    "satisfaction": "/satisfaction",
    "service": "/service",
    "closure": "/closure",
    "centre": "/service",
}
"""Where the numbers of a chapter stand on screen."""


@cache
def town_of(sample: Snapshot, press: Press, week: str, community: str = "") -> Made:
    """A report without a fault, made once for all tests that read it."""
    return make(sample, Order(Edition(week, community), ISSUED), press, is_strict=True)


@pytest.fixture
def town(sample: Snapshot, press: Press) -> Made:
    return town_of(sample, press, WEEK)


def words(made: Made) -> str:
    """The text of the PDF without blanks, which the lines of a page put anywhere."""
    return "".join(pages(made.pdf))


@cache
def pages(pdf: bytes) -> list[str]:
    """The same, page by page."""
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_numbers_of_the_report_are_in_its_text(town: Made) -> None:
    text = words(town)
    assert len(town.numbers) > 150
    assert [id for id, number in town.numbers.items() if plain(number["shown"]) not in text] == []


def test_the_numbers_of_the_report_are_those_of_the_pages(sample: Snapshot, town: Made) -> None:
    """Every number of a chapter stands on its page for the same view, written the same way."""
    query = Edition(WEEK).view.to_query()
    urls = {path: path + query for path in PAGES_OF.values()} | {"now": "/communities?period=all"}
    shown = {name: "\n".join(plain(text) for text in seen(sample, url).strings) for name, url in urls.items()}
    missing = []
    for id, number in town.numbers.items():
        chapter = id.split(".")[0]
        if chapter not in PAGES_OF or number["value"] is None:
            continue
        page = PAGES_OF["tile"] if id == "closure.median_hours_to_close:by_closing" else PAGES_OF[chapter]
        page = "now" if chapter == "community" and id.endswith("open_overdue") else page  # what is overdue is so now
        if re.sub(r"(件|分|/周)$", "", plain(number["shown"])) not in shown[page]:
            missing.append(id)
    assert missing == []


def test_the_sentences_are_those_of_the_overview(sample: Snapshot, town: Made) -> None:
    text = words(town)
    said = sentences(visit(sample, "/" + Edition(WEEK).view.to_query()))
    assert said
    assert [one.text for one in said if plain(one.text) not in text] == []


def test_equal_orders_give_equal_bytes_in_another_process(sample: Snapshot, town: Made) -> None:
    with Press() as other:
        again = make(sample, Order(Edition(WEEK), ISSUED), other)
    assert (again.pdf, again.png, again.xlsx, again.numbers) == (town.pdf, town.png, town.xlsx, town.numbers)


def outline(reader: PdfReader) -> list[str]:
    """The bookmarks."""
    return [plain(str(entry["/Title"])) for entry in reader.outline if isinstance(entry, dict)]


def test_form(town: Made) -> None:
    reader = PdfReader(io.BytesIO(town.pdf))
    assert 6 <= len(reader.pages) <= 10
    assert town.about["pages"] == len(reader.pages)
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert outline(reader) == [f"{number}、{title}" for number, title in zip("一二三四五六七八", CHAPTERS, strict=True)]
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "社会治理周报 2026年第46期 全镇"
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("zh")
    for number, page in enumerate(pages(town.pdf), 1):
        assert plain(f"第{number}页，共{len(reader.pages)}页") in page


CHAPTERS = ("办结与存量", "社区对比", "需要关注的网格", "部门办理", "满意度回访", "便民服务", "数据说明", "口径说明")


def test_the_annex_holds_the_tables_as_numbers(town: Made) -> None:
    book = pd.read_excel(io.BytesIO(town.xlsx), sheet_name=None, engine="calamine")
    assert list(book)[-1] == "说明"
    communities = book["各社区本周情况"]
    assert len(communities) == 12
    assert communities["上报"].sum() == town.numbers["tile.reported"]["value"]


def test_english_has_the_same_numbers_and_no_chinese_titles(sample: Snapshot, town: Made, press: Press) -> None:
    made = make(sample, Order(Edition(WEEK, lang="en"), ISSUED), press, is_strict=True)
    reader = PdfReader(io.BytesIO(made.pdf))
    assert "Weekly Governance Bulletin" in reader.pages[0].extract_text()
    assert not re.search(r"[\u4e00-\u9fff]", " ".join(outline(reader)))
    assert {id: number["value"] for id, number in made.numbers.items()} == {
        id: number["value"] for id, number in town.numbers.items()
    }


@pytest.mark.parametrize(
    ("week", "community", "says"),
    [
        ("2025-W01", "", "元旦：2025年1月1日放假"),  # 30 December 2024 to 5 January 2025
        ("2026-W41", "", "国庆节：10月5日—7日放假"),
        ("2026-W41", "", "10月10日上班"),
        ("2026-W46", "C01", "锦秀里社区与其他社区"),
        ("2019-W20", "", "本周没有任何事件"),
        ("2023-W46", "", "不作环比"),
        ("2026-W47", "", "还没有数据"),
    ],
)
def test_odd_weeks(sample: Snapshot, press: Press, week: str, community: str, says: str) -> None:
    text = words(town_of(sample, press, week, community))
    assert plain(says) in text
    assert not re.search(r"nan|None|NaT|inf(?!o)", text)


@contextmanager
def faults() -> Iterator[None]:
    """A chapter that fails and another whose charts cannot be drawn."""

    def broken(writer: Writer) -> None:
        writer.add(Callout("before it broke"))
        raise ZeroDivisionError("nothing to divide")

    def unsupported(writer: Writer) -> None:
        dict(content.SECTIONS)["departments"](writer)
        writer.blocks = [
            Figure(block.title, {"data": [{"type": "scattergl", "x": [1], "y": [1]}]}, block.height, block.alternative, block.table)
            if isinstance(block, Figure)
            else block
            for block in writer.blocks
        ]

    wrong = {"grids": broken, "departments": unsupported}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dashboard.report.make.SECTIONS", tuple((name, wrong.get(name, own)) for name, own in content.SECTIONS))
        yield


@pytest.fixture(scope="module")
def faulty(sample: Snapshot, press: Press) -> Made:
    """A revision made with these faults."""
    with faults():
        order = Order(Edition(WEEK), ISSUED, revision=2, changes=("按期结案率 91.2% → 90.8%",), office="Z镇综治中心")
        return make(sample, order, press)


def test_a_revision_says_what_it_corrects(faulty: Made) -> None:
    text = words(faulty)
    assert "第2次修订" in text
    assert "本期更正：按期结案率91.2%→90.8%。" in text
    assert "Z镇综治中心" in text


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Warehouse]:
    """200 communities with names of 20 characters, one of them with a character no font has; two days missing."""
    row = "reported_on | is | community_code\n2026-11-10 | counted closed due on_time | unmatched"
    warehouse = small_warehouse(tmp_path, {"incident": row})
    with duckdb.connect(str(next(tmp_path.glob("*.duckdb")))) as connection:
        connection.execute(
            """INSERT INTO core.community (community_code, name)
               SELECT format('K{:03}', i), if(i = 0, chr(173782) || '村', '北门东街南苑西里新城一二三四五六七' || format('{:03}', i)) FROM range(200) r(i)"""
        )
        connection.execute(
            """INSERT INTO core.incident SELECT incident.* REPLACE (format('c{}', i) AS incident_id, format('K{:03}', i % 200) AS community_code)
               FROM core.incident, range(2000) r(i)"""
        )
        connection.execute(
            """INSERT INTO meta.coverage SELECT 'incident', DATE '2026-11-09' + i::INTEGER, 0, 10, if(i IN (1, 2), 'missing', 'full')
               FROM range(7) r(i)"""
        )
    yield warehouse
    warehouse.close()


def test_200_communities_long_names_missing_days_and_a_character_without_a_glyph(large: Warehouse, press: Press) -> None:
    made = make(large.current(), Order(Edition(WEEK), ISSUED), press)
    assert "事件缺2天的数据：11月10日—11日" in pages(made.pdf)[0]
    assert "U+2A6D6" in pages(made.pdf)[0]
    text = words(made)
    assert "〓村" in text
    assert [problem for problem in made.about["problems"] if not problem.startswith("no glyph")] == []
    assert all(f"{number:03}" in text for number in range(1, 200))
    assert "200个社区的按期结案率都在99.8%控制限之内" in text
    tables = [page for page in pages(made.pdf) if "北门东街" in page]
    assert len(tables) > 3
    assert all("按期结案" in page for page in tables)  # the head is repeated


def test_a_chapter_that_fails_is_told_and_the_rest_is_there(sample: Snapshot, press: Press, faulty: Made) -> None:
    problems = [problem for problem in faulty.about["problems"] if "scattergl" not in problem]
    assert problems == ["chapter grids: ZeroDivisionError: nothing to divide"]
    assert "“需要关注的网格”一章未能生成" in words(faulty)
    assert "部门办理情况" in words(faulty)
    with faults(), pytest.raises(ZeroDivisionError):
        make(sample, Order(Edition(WEEK), ISSUED), press, is_strict=True)


def test_a_chart_that_cannot_be_drawn_is_a_table_with_a_note(faulty: Made) -> None:
    assert any("scattergl" in problem for problem in faulty.about["problems"])
    assert "此图未能绘出，以数据表代替。" in words(faulty)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("2026-W46", "2026-W46"),
        ("2026W46", "2026-W46"),
        ("2026年第46周", "2026-W46"),
        (" 2026-w05 ", "2026-W05"),
        ("2020-W53", "2020-W53"),
    ],
)
def test_weeks_as_people_write_them(text: str, week: str) -> None:
    assert week_of(text) == week
    assert week_on(Edition(week).monday) == week_on(Edition(week).sunday) == week


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "2026-46", "本周", "", "2026-W00"])
def test_weeks_that_cannot_be(text: str) -> None:
    with pytest.raises(EditionError, match="2026-W46"):
        week_of(text)
