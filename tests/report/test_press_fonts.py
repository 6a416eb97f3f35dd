"""What the shipped fonts can print is known without reading them, and is what they can."""

from __future__ import annotations

from dashboard.report.press import missing_glyphs, printable
from dashboard.report.press.glyphs import MEASURES
from dashboard.report.press.measure import measured


def test_the_shipped_measures_are_those_of_the_fonts() -> None:
    assert MEASURES.read_text(encoding="utf-8") == measured(), "run python -m dashboard.report.press.measure"


def test_a_missing_glyph_is_named_and_a_blank_is_none() -> None:
    assert missing_glyphs("欧阳䶮：“办结率” 93.2%（−1.1）±≥→①\n\u3000\u200b") == set()
    assert missing_glyphs("𠮷田，✓") == {"𠮷", "✓"}


def test_a_text_is_made_printable_without_losing_its_place() -> None:
    assert printable("𠮷田社区") == "〓田社区"
    assert printable("北门社区") == "北门社区"
