"""Pages as drawn: kept while their build is served, sent row by row."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.access import Reader
from dashboard.components.card import grid
from dashboard.components.markup import packed
from dashboard.exhibit import Exhibit
from dashboard.reading.visit import Visit
from dashboard.shell import Address
from dashboard.warehouse import Snapshot

Draw = Callable[[Visit], tuple[str, Any]]


def visit_of(snapshot: Snapshot, address: Address, reader: Reader) -> Visit:
    """The visit an address asks for."""
    return Visit(snapshot, address.view, reader, address.path, address.choices)


@dataclass(frozen=True)
class Later:
    """Parts of a page below what is seen first: asked and drawn when the reader comes near them."""

    make: Callable[[], list[Any]]


def later(cards: Callable[[], Sequence[Any]]) -> Later:
    """A row of cards for later."""
    return Later(lambda: [grid(cards())])


class Drawn:
    """Pages already drawn, kept by (build, reader's scope, address): a page is a function of these and nothing else.

    draw: title and body of the page of a visit.
    Pages of a build that is no longer served are dropped when a newer one is drawn.
    """

    def __init__(self, draw: Draw, size: int = 256) -> None:
        self._draw, self._size = draw, size
        self._pages: OrderedDict[tuple[Any, ...], Page] = OrderedDict()
        self._turns: dict[tuple[Any, ...], threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, visit: Visit) -> Page:
        """The page, drawn when it is not kept."""
        build = visit.snapshot.build.build_id
        key = (build, visit.reader.scope, visit.path, visit.view, tuple(sorted((visit.choices or {}).items())))
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:  # two requests for one page: the second waits for what the first draws
            with self._lock:
                if key in self._pages:
                    return self._pages[key]
            try:
                page = Page(*self._draw(visit), visit.exhibits)
            finally:
                with self._lock:
                    self._turns.pop(key, None)
            with self._lock:
                self._pages[key] = page
                for old in [old for old in self._pages if old[0] != build]:
                    del self._pages[old]
                while len(self._pages) > self._size:
                    self._pages.popitem(last=False)
        return page


class Page:
    """A page as drawn. first: its parts before the first Later · exhibits: the data behind the cards drawn so far, by id."""

    def __init__(self, title: str, body: Any, exhibits: Mapping[str, Exhibit]) -> None:
        parts = body if isinstance(body, list) else [body]
        cut = next((place for place, part in enumerate(parts) if isinstance(part, Later)), len(parts))
        self.title, self.exhibits = title, exhibits
        self.first, self._later = parts[:cut], parts[cut:]
        self._made: dict[int, list[Any]] = {}
        self._sent: dict[int, Any] = {}
        self._lock = threading.Lock()

    @cached_property
    def sent(self) -> Any:
        """The first parts as they go to the browser."""
        return packed(self.first)

    @property
    def later(self) -> int:
        """How many parts are still to be asked for."""
        return len(self._later)

    def part(self, number: int) -> list[Any]:
        """One of the later parts; made once."""
        with self._lock:
            if number not in self._made:
                self._made[number] = made(self._later[number])
            return self._made[number]

    def part_sent(self, number: int) -> Any:
        """One of the later parts as it goes to the browser."""
        if number not in self._sent:
            self._sent[number] = packed(self.part(number))
        return self._sent[number]

    def exhibit(self, id: str) -> Exhibit | None:
        """The data behind one card, wherever on the page it stands; None when the page has no such card."""
        for number in range(self.later):
            if id in self.exhibits:
                break
            self.part(number)
        return self.exhibits.get(id)


def made(parts: Any) -> list[Any]:
    """All parts of a page, those for later too."""
    parts = parts if isinstance(parts, list) else [parts]
    return [piece for part in parts for piece in (part.make() if isinstance(part, Later) else [part])]
