"""HTML as a stream of tags and the text before them, however large the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from etl.progress import tick

_ATTRIBUTES = r"(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
_TOKEN = re.compile(
    rf"<t[dh]\b(?P<of_cell>{_ATTRIBUTES})>(?P<cell>[^<]*)</t[dh]>"  # most of a large page; one match instead of two
    rf"|<!--|<(?P<close>/?)(?P<tag>[a-zA-Z][^\s/<>]*)(?P<attributes>{_ATTRIBUTES})>|<[!?][^<>]*>",
    re.IGNORECASE,
)
_TAG_BEGINS = re.compile(r"<(?=[a-zA-Z/!?]|$)")
_OPAQUE = frozenset({"script", "style", "title", "textarea"})
_CHUNK = 1 << 20
_LONGEST_TAG = 1 << 20


class Token(NamedTuple):
    """Text, and the tag behind it ("" when there is none). cell: all the text of a cell that holds no tag; its end tag is not told."""

    text: str
    tag: str = ""
    closes: bool = False
    attributes: str = ""
    cell: str | None = None


def tokens(utf8: Path) -> Iterator[Token]:
    """Tags and the text before them, in pieces; comments, scripts and styles are passed over."""
    held, inside = "", ""
    with utf8.open(encoding="utf-8-sig", newline="") as file:
        while chunk := file.read(_CHUNK):
            tick(len(chunk) / 2)
            text, at = held + chunk, 0
            while True:
                if inside:
                    at, inside = _behind(text, at, inside)
                    if inside:
                        held = text[at:]
                        break
                match = _TOKEN.search(text, at)
                if match is None:
                    held = _unfinished(text, at)
                    yield Token(text[at : len(text) - len(held)])
                    break
                before, at = text[at : match.start()], match.end()
                of_cell, cell, close, tag, attributes = match.groups()
                if cell is not None:
                    yield Token(before, "td", False, of_cell, cell)
                    continue
                tag = (tag or "").lower()
                yield Token(before, tag, bool(close), attributes or "")
                if match[0] == "<!--":
                    inside = "-->"
                elif tag in _OPAQUE and not close:
                    inside = f"</{tag}"
    yield Token(held if not inside else "")


def _behind(text: str, at: int, end: str) -> tuple[int, str]:
    """Where to go on behind `end`, and "" or, where it has not come yet, `end` still."""
    place = text.find(end, at)
    if place < 0 and end != "-->":
        match = re.compile(re.escape(end), re.IGNORECASE).search(text, at)
        place = match.start() if match else -1
    if place < 0:
        return max(at, len(text) - len(end)), end
    return place + (len(end) if end == "-->" else 0), ""


def _unfinished(text: str, at: int) -> str:
    """The beginning of a tag at the end of a piece; too long a one is none."""
    match = _TAG_BEGINS.search(text, at)
    return text[match.start() :] if match and len(text) - match.start() < _LONGEST_TAG else ""
