"""Makes one edition: what it says (content), set on paper (press), with its tables as a workbook and its numbers as data."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.access import LOCAL
from dashboard.downloads import to_workbook
from dashboard.i18n import joined
from dashboard.i18n.dates import day, moment, span
from dashboard.metrics.targets import set_version
from dashboard.reading.visit import Visit, metric
from dashboard.report.builds import Builds
from dashboard.report.content import SECTIONS
from dashboard.report.document import Beside, Block, Callout, Figure, Heading, Paragraph, Span
from dashboard.report.made import Made, Order
from dashboard.report.press import Chart, Press, missing_glyphs, printable
from dashboard.report.writer import Writer
from dashboard.warehouse import Snapshot

SOURCE = Path(__file__).with_name("report.typ")
LONG_PPI = 144
"""375 points across become 750 pixels, what a telephone shows."""
QUOTES = str.maketrans({"“": '"', "”": '"', "’": "'"})
"""In the shipped font these are as wide as a Chinese character."""
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")
log = logging.getLogger(__name__)


def maker(builds: Builds, press: Press) -> Callable[[Order], Made]:
    """Makes orders; raises BuildGone for one whose build is no longer kept."""
    return lambda order: make(builds.of(order.build_id), order, press)


def make(snapshot: Snapshot, order: Order, press: Press, *, is_strict: bool = False) -> Made:
    """An edition from one build. A chapter that fails, a chart that cannot be drawn and a character without a glyph are told on paper
    and in about.problems; is_strict: they are errors.
    """
    writer = Writer(Visit(snapshot, order.edition.view, LOCAL))
    problems: list[str] = []
    front, chapters = _written(writer, problems, is_strict)
    front, chapters, pictures = _drawn(writer, [front, chapters], press, problems)
    data: dict[str, Any] = {
        "lang": order.edition.lang,
        "masthead": _masthead(writer, order),
        "words": {
            name: writer.words(
                f"report.{name}", page="{page}", pages="{pages}", year=order.edition.year, number=order.edition.number
            )
            for name in ("header", "page", "contents", "not_drawn")
        },
        "front": [_plain(block) for block in front],
        "chapters": [_plain(block) for block in chapters],
    }
    if order.edition.lang == "en":
        data = _mapped(data, lambda words: words.translate(QUOTES))
    data = _with_glyphs(writer, data, problems)
    if is_strict and problems:
        raise ValueError("; ".join(problems))
    stamp = datetime(order.issued_on.year, order.issued_on.month, order.issued_on.day, tzinfo=UTC)
    title = data["masthead"]["document"]
    pdf = press.typeset(SOURCE, {**data, "form": "pages"}, pictures, timestamp=stamp)
    png = press.typeset(SOURCE, {**data, "form": "long"}, pictures, kind="png", ppi=LONG_PPI, timestamp=stamp)
    return Made(pdf, png[0], _annex(writer, title), writer.numbers, _about(writer, order, title, pdf, problems))


def _written(writer: Writer, problems: list[str], is_strict: bool) -> tuple[list[Block], list[Block]]:
    """The blocks of the first page, and those of all chapters."""
    front: list[Block] = []
    for name, section in SECTIONS:
        start = len(writer.blocks)
        if name != "front":
            writer.add(Heading(writer.words(f"report.chapter_{name}")))
        try:
            section(writer)
        except Exception as error:  # one chapter must not cost a reader the report
            if is_strict:
                raise
            log.exception("chapter %s of the report", name)
            problems.append(f"chapter {name}: {type(error).__name__}: {error}")
            title = writer.words("report.first_page" if name == "front" else f"report.chapter_{name}")
            writer.add(Callout(writer.words("report.lost", title=title, reason=f"{type(error).__name__}: {error}")))
        if name == "front":
            front, writer.blocks = writer.blocks[start:], []
    return front, writer.blocks


def _drawn(
    writer: Writer, parts: list[list[Block]], press: Press, problems: list[str]
) -> tuple[list[Block], list[Block], dict[str, str]]:
    """The blocks with the names of their pictures, and the pictures."""
    figures = [figure for blocks in parts for figure in _figures(blocks)]
    drawings = press.draw([Chart(figure.figure, figure.width, figure.height, writer.visit.lang) for figure in figures])
    pictures: dict[str, str] = {}
    named: dict[int, str] = {}
    for figure, drawing in zip(figures, drawings, strict=True):
        if drawing.problem:
            log.error("chart %s of the report: %s", figure.title, drawing.problem)
            problems.append(f"chart {figure.title}: {drawing.problem}")
        else:
            named[id(figure)] = f"chart-{len(pictures)}"
            pictures[named[id(figure)]] = drawing.svg
    front, chapters = ([_named(block, named) for block in blocks] for blocks in parts)
    return front, chapters, pictures


def _figures(blocks: Iterable[Block]) -> Iterable[Figure]:
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Beside):
            yield from _figures([block.left, block.right])


def _named(block: Block, named: dict[int, str]) -> Block:
    if isinstance(block, Figure):
        return replace(block, picture=named.get(id(block), ""))
    if isinstance(block, Beside):
        return replace(block, left=_named(block.left, named), right=_named(block.right, named))
    return block


def _plain(block: Block) -> dict[str, Any]:
    """A block as the template reads it: its kind with its fields; a chart without its figure."""
    if isinstance(block, Beside):
        return {"kind": block.kind, "left": _plain(block.left), "right": _plain(block.right)}
    if isinstance(block, Figure):
        return {
            "kind": block.kind,
            **{name: getattr(block, name) for name in ("title", "note", "alternative", "picture")},
            "table": asdict(block.table),
        }
    return {"kind": block.kind, **asdict(block)}


def _masthead(writer: Writer, order: Order) -> dict[str, str]:
    visit, edition = writer.visit, order.edition
    title = writer.words("report.title")
    subtitle = writer.words("report.subtitle", year=edition.year, number=edition.number)
    if order.revision > 1:
        subtitle += visit.words("punctuation.comma") + writer.words("report.revision", revision=order.revision)
    scope = visit.name("community", edition.community) if edition.community else writer.words("report.scope_town")
    return {
        "title": title,
        "subtitle": subtitle,
        "document": f"{title} {subtitle} {scope}",
        "office": order.office or writer.words("report.office_none"),
        "issued": writer.words("report.issued", day=day(order.issued_on, edition.lang)),
        "scope": scope,
        "week": writer.words("report.week", number=edition.number, span=span(edition.monday, edition.sunday, edition.lang)),
        "as_of": writer.words("report.as_of", moment=moment(visit.snapshot.build.as_of)),
        "corrects": writer.words("report.corrects", changes=visit.words("punctuation.semicolon").join(order.changes))
        if order.changes
        else "",
    }


def _with_glyphs(writer: Writer, data: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """The data with 〓 for characters the fonts do not have, and a line on the first page that says which."""
    missing = sorted({character for words in _strings(data) for character in missing_glyphs(words)})
    if not missing:
        return data
    codes = joined([f"U+{ord(character):04X}" for character in missing], writer.visit.lang)
    problems.append(f"no glyph for {codes}")
    said = Paragraph([Span(writer.words("report.missing_glyph", count=len(missing), codes=codes))], is_small=True)
    changed: dict[str, Any] = _mapped(data, printable)
    changed["front"].append(_plain(said))
    return changed


def _strings(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _strings(value)


def _mapped(data: Any, change: Callable[[str], str]) -> Any:
    """The same with every text changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _mapped(value, change) for key, value in data.items()}
    return [_mapped(value, change) for value in data] if isinstance(data, list | tuple) else data


def _annex(writer: Writer, title: str) -> bytes:
    """Every table of the report as a sheet of its own, with real numbers, and what they are."""
    visit, lang = writer.visit, writer.visit.lang
    about = [
        (visit.words("download.what"), title),
        (writer.words("report.column_week"), visit.span()),
        (visit.words("download.as_of"), moment(visit.snapshot.build.as_of)),
        (visit.words("download.build"), visit.snapshot.build.build_id),
        (visit.words("download.set"), set_version(visit.snapshot)),
        *((metric(key).text(lang).name, metric(key).text(lang).definition) for key in writer.metrics),
    ]
    return to_workbook(title, [(annex.title, annex.sheet) for annex in writer.annexes], about, lang)


def _about(writer: Writer, order: Order, title: str, pdf: bytes, problems: list[str]) -> dict[str, Any]:
    edition, build = order.edition, writer.visit.snapshot.build
    return {
        "week": edition.week,
        "community": edition.community,
        "lang": edition.lang,
        "build_id": build.build_id,
        "as_of": build.as_of.isoformat(),
        "catalogue": set_version(writer.visit.snapshot),
        "view": edition.view.to_query(),
        "title": title,
        "pages": pages_of(pdf),
        "office": order.office,
        "problems": problems,
    }


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of the press has."""
    found = [int(one or other) for one, other in _PAGES.findall(pdf)]
    return max(found, default=0)
