"""The parts of the data page: their addresses, the row of links between them, and turning pages inside one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.exhibit import Exhibit, Sheet
from dashboard.i18n.numbers import count
from dashboard.queries import tallies, total_files
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit
from dashboard.view import FILTERS

PATH = "/data"
PARTS = ("state", "files", "coverage", "findings", "set_aside", "names")


def part_of(visit: Visit) -> str:
    """The part the address asks for; the state of the data for any other word."""
    asked = visit.choice("part", PARTS[0])
    return asked if asked in PARTS else PARTS[0]


def part_href(visit: Visit, part: str, **more: str) -> str:
    """Where a part stands, with the filters in force."""
    return page_href(PATH, visit.view, part="" if part == PARTS[0] else part, **more)


def part_links(visit: Visit) -> html.Nav:
    """The parts with how much is in each."""
    tally, here = tallies(visit.snapshot), part_of(visit)
    counts = {
        "files": total_files(visit.snapshot),
        "findings": tally.findings,
        "set_aside": tally.set_aside,
        "names": tally.unmatched,
    }
    links = [
        html.A(
            [visit.words(f"data.part_{part}"), *([html.B(count(counts[part]))] if part in counts else [])],
            href=part_href(visit, part),
            **(aria(current="true") if part == here else {}),
        )
        for part in PARTS
    ]
    return html.Nav(links, className="pills parts", **aria(label=visit.words("data.parts")))


def unfiltered(visit: Visit) -> str:
    """That filters in force do not act on files, which are the whole town's; "" without any."""
    return visit.words("data.unfiltered") if any(getattr(visit.view, name) for name in FILTERS) else ""


def data_exhibit(visit: Visit, id: str, title: str, make: Callable[[], Sheet], note: str = "") -> Exhibit:
    """What goes with a card of this page; where it shows a page of its rows, all of them."""
    return Exhibit(id, title, make, note=" ".join(said for said in (note, unfiltered(visit)) if said))


def offset_of(visit: Visit, size: int) -> int:
    """Rows before the page of rows the address asks for."""
    asked = visit.choice("page", "1")
    return (int(asked) - 1) * size if asked.isdecimal() and 0 < int(asked) < 100_000 else 0


def pager(visit: Visit, total: int, size: int) -> list[html.Nav]:
    """Links to the pages before and after; nothing where one page holds all."""
    offset = offset_of(visit, size)
    if total <= size:
        return []
    number, last = offset // size + 1, min(offset + size, total)
    rest = {key: value for key, value in (visit.choices or {}).items() if key != "page"}
    before = page_href(visit.path, visit.view, **rest, page=str(number - 1) if number > 2 else "")
    after = page_href(visit.path, visit.view, **rest, page=str(number + 1))
    links: list[Any] = [
        html.A(visit.words("data.before"), href=before) if offset else html.Span(),
        html.Span(visit.words("data.rows_shown", first=count(offset + 1), last=count(last), count=count(total))),
        html.A(visit.words("data.after"), href=after) if last < total else html.Span(),
    ]
    return [html.Nav(links, className="pager small", **aria(label=visit.words("data.pages")))]
