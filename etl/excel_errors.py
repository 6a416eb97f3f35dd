"""Cells of an xlsx that hold an error of Excel's (#DIV/0!, #N/A …): calamine gives them as blanks, and a failed formula is no blank."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ErrorCells = dict[int, dict[int, str]]
"""Row, counted from 1 → column, counted from 0 → text."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>(#[^<]{1,40})</v>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK = 1 << 22
_SEAM = 1 << 14


def error_cells(workbook: Path) -> dict[str, ErrorCells]:
    """Sheet name → its cells with an error; empty for other formats and for parts that are not where they should be."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            return {name: found for name, part in _sheets(archive) if (found := _errors(archive, part))}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return {}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Names of the sheets with their parts. Raises KeyError, ParseError."""
    related = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        yield sheet.get("name", ""), related[sheet.get(_RELATED)]


def _errors(archive: zipfile.ZipFile, part: str) -> ErrorCells:
    found: ErrorCells = {}
    with archive.open(part) as file:
        window = b""
        while chunk := file.read(_CHUNK):
            window += chunk
            if b't="e"' in window:
                for attributes, text in _CELL.findall(window):
                    if place := _PLACE.search(attributes):
                        found.setdefault(int(place[2]), {})[_column(place[1])] = text.decode("utf-8", "replace")
            window = window[-_SEAM:]
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
