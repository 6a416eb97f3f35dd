"""Writes fonts/measures.json from the fonts beside it: `python -m dashboard.report.press.measure`, after a font was changed.

The one module that needs fontTools, which a running report does not.
"""

from __future__ import annotations

import json

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no types

from dashboard.report.press.glyphs import FONTS, MEASURES

STYLES = {"regular": "NotoSansSC-Regular.ttf", "bold": "NotoSansSC-Bold.ttf"}


def measured() -> str:
    """The content of measures.json."""
    with TTFont(FONTS / STYLES["regular"]) as regular, TTFont(FONTS / STYLES["bold"]) as bold:
        whole, line = regular["head"].unitsPerEm, regular["hhea"]
        found = {
            "ascent": line.ascent / whole,
            "descent": -line.descent / whole,
            "advances": {"regular": _advances(regular), "bold": _advances(bold)},
            "characters": "".join(map(chr, sorted(set(regular.getBestCmap()) & set(bold.getBestCmap())))),
        }
    return json.dumps(found, ensure_ascii=False, indent=0) + "\n"


def _advances(font: TTFont) -> dict[str, float]:
    """Character → width in ems, of those that are not one em wide as Chinese ones are."""
    whole, widths = font["head"].unitsPerEm, font["hmtx"]
    wide = {chr(code): round(widths[glyph][0] / whole, 4) for code, glyph in sorted(font.getBestCmap().items())}
    return {character: width for character, width in wide.items() if width != 1}


if __name__ == "__main__":
    MEASURES.write_text(measured(), encoding="utf-8")
