"""What the shipped fonts can print, and how wide: fonts/measures.json, made by `python -m dashboard.report.press.measure`."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Noto Sans SC"
MEASURES = FONTS / "measures.json"
_NEVER_SEEN = frozenset({"Cc", "Cf", "Zs"})  # ends of lines, joiners, blanks: nothing is drawn for them


def missing_glyphs(text: str) -> set[str]:
    """The characters of a text that would be printed as empty boxes."""
    return {letter for letter in set(text) - _characters() if unicodedata.category(letter) not in _NEVER_SEEN}


def printable(text: str) -> str:
    """The text with 〓, the printers' sign for a type they do not have, in the place of each missing glyph."""
    return text.translate(dict.fromkeys(map(ord, missing_glyphs(text)), "〓"))


def measures() -> dict[str, Any]:
    """ascent, descent (in ems, downwards positive) · advances: style → character → ems, where not 1 · characters: in both fonts."""
    found: dict[str, Any] = json.loads(MEASURES.read_text(encoding="utf-8"))
    return found


@cache
def _characters() -> frozenset[str]:
    return frozenset(measures()["characters"])
