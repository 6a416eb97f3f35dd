"""A Typst document as PDF or PNG, with the shipped fonts and nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from dashboard.report.press.glyphs import FONTS
from dashboard.report.press.process import Failed

_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_PLACE = re.compile(r"┌─ (?:\S*/)?(\S+)")


def typeset(
    source: str, inputs: dict[str, str], kind: Literal["pdf", "png"], ppi: float, timestamp: datetime
) -> bytes | list[bytes]:
    """The bytes of the PDF, or of each page as PNG. Raises Failed."""
    try:
        made, warnings = typst.compile_with_warnings(
            source,
            root=str(Path(source).parent),
            font_paths=_fonts(),
            format=kind,
            ppi=ppi,
            sys_inputs=inputs,
            pdf_standards=_STANDARDS if kind == "pdf" else [],
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise Failed(_sentence(error)) from error
    for warning in warnings:
        if "font" in warning.message:
            raise Failed(_sentence(warning))
    return [made] if kind == "png" and isinstance(made, bytes) else made


def _sentence(said: typst.TypstError | typst.TypstWarning) -> str:
    """What is wrong, where in the document, and Typst's advice."""
    place = _PLACE.search(said.diagnostic)
    return "; ".join([said.message + (f" ({place[1]})" if place else ""), *(said.hints or [])])


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
