"""Excel 2003 XML (SpreadsheetML): the workbook that is one XML file, usually named .xls."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.parsers import expat

from etl.encoding import in_utf8
from etl.errors import NotATable, UnreadableFile
from etl.progress import tick
from etl.sheet import HEAD_ROWS, Contents, Sheet, Skipped
from etl.spill import WIDEST, Downward, Spill, SpilledBody, filled_across
from etl.workbook import HIDDEN, entities_refused
from etl.workbook_cells import cell_text

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
_OPTIONS = "urn:schemas-microsoft-com:office:excel "
_WORKBOOK, _WORKSHEET, _ROW, _CELL, _DATA, _COMMENT = (
    _SPACE + tag for tag in ("Workbook", "Worksheet", "Row", "Cell", "Data", "Comment")
)
_NAME, _INDEX, _TYPE, _MERGE_ACROSS, _MERGE_DOWN = (_SPACE + name for name in ("Name", "Index", "Type", "MergeAcross", "MergeDown"))
_VISIBLE, _DATE_1904 = _OPTIONS + "Visible", _OPTIONS + "Date1904"
_BEGINS_LIKE_XML = re.compile(r"\s*<\?xml\b|\s*<\?mso-application|\s*<(?:\w+:)?Workbook\b")
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([\w-]+)")
_MIDNIGHT = "T00:00:00.000"
_CHUNK = 1 << 20


def is_xml(start: str) -> bool:
    """start: the first characters of a text. Say after is_page: a page may be XML too."""
    return _BEGINS_LIKE_XML.match(start) is not None


def xml_workbook(path: Path, *, name: str, start: str, member: str | None, scratch: Path) -> Contents:
    """The worksheets. Raises UnreadableFile: another kind of XML, cut off, with entities."""
    declared = _DECLARED.match(start.lstrip())
    utf8, encoding = in_utf8(path, name=name, scratch=scratch, declared=declared[1] if declared else None)
    reader = _Reader(scratch, utf8.name, name)
    try:
        with utf8.open("rb") as file:
            while chunk := file.read(_CHUNK):
                reader.parser.Parse(chunk, False)
                tick(len(chunk) / 2)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableFile(
            f"{name}：XML 表格在第 {error.lineno:,} 行断了或写错了；请从原系统重新导出",
            f"{name}: the XML breaks off or is wrong at line {error.lineno:,}; export it again from its system",
        ) from error
    return reader.contents(member, encoding)


class _Reader:
    """Takes what expat reports; holds one cell at a time."""

    def __init__(self, scratch: Path, stem: str, name: str) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._scratch, self._stem, self._name = scratch, stem, name
        self._is_workbook = self._counts_from_1904 = False
        self._sheets: list[tuple[str, bool, tuple[tuple[str, ...], ...], SpilledBody]] = []
        self._title = ""
        self._is_hidden = False
        self._spill: Spill | None = None
        self._downward = Downward()
        self._merged: list[tuple[int, int, int, int]] = []
        self._number = 0
        self._row: list[str] = []
        self._across = self._down = 0
        self._is_comment = False
        self._type = ""
        self._texts: list[str] | None = None

    def contents(self, member: str | None, encoding: str) -> Contents:
        """What was read. Raises NotATable when the file was XML of another kind."""
        if not self._is_workbook:
            raise NotATable(
                f"{self._name}：这是 XML 数据，不是 Excel 表格；请从原系统导出 xlsx 或 csv",
                f"{self._name}: XML data, not a spreadsheet; export xlsx or csv from its system",
            )
        sheets, skipped = [], []
        for title, is_hidden, head, body in self._sheets:
            place = f"{member}/{title}" if member else title
            if body.rows and is_hidden:
                skipped.append(Skipped(place, body.rows, *HIDDEN))
            elif body.rows:
                sheets.append(Sheet(place, "xml", encoding, head, body, self._counts_from_1904))
        return Contents(tuple(sheets), tuple(skipped))

    def _refuse(self, *_: object) -> None:
        raise entities_refused(self._name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _CELL:
            self._open_cell(attributes)
        elif tag == _DATA:
            self._type = attributes.get(_TYPE, "String")
            self._texts = None if self._is_comment else []
        elif tag == _ROW:
            self._number = _at(attributes, self._number + 1)
            self._row = []
        elif tag == _COMMENT:
            self._is_comment = True
        elif tag == _WORKSHEET:
            self._open_sheet(attributes)
        elif tag == _WORKBOOK:
            self._is_workbook = True
        elif tag == _VISIBLE:
            self._texts = []
        elif tag == _DATE_1904:
            self._counts_from_1904 = True

    def _end(self, tag: str) -> None:
        if tag == _CELL:
            self._close_cell()
        elif tag == _DATA and self._texts is not None:
            if self._row:
                self._row[-1 - self._across] = _text("".join(self._texts), self._type)
            self._texts = None
        elif tag == _ROW and self._spill:
            self._downward.fill(self._number, self._row)
            self._spill.add(self._number, self._row)
        elif tag == _COMMENT:
            self._is_comment = False
        elif tag == _WORKSHEET:
            self._close_sheet()
        elif tag == _VISIBLE:
            self._is_hidden = "".join(self._texts or ()).strip() in {"SheetHidden", "SheetVeryHidden"}
            self._texts = None

    def _characters(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def _open_sheet(self, attributes: dict[str, str]) -> None:
        self._title, self._is_hidden = attributes.get(_NAME, ""), False
        self._spill = Spill(self._scratch / f"{self._stem}.sheet_{len(self._sheets)}")
        self._downward, self._merged, self._number = Downward(), [], 0

    def _close_sheet(self) -> None:
        if self._spill:
            body = self._spill.close()
            self._sheets.append((self._title, self._is_hidden, filled_across(self._spill.head, self._merged), body))
        self._spill = None

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self._across = self._down = 0
        if attributes:
            column = min(_at(attributes, len(self._row) + 1), WIDEST)
            self._row += [""] * (column - 1 - len(self._row))
            self._across = min(_number(attributes, _MERGE_ACROSS), max(WIDEST - len(self._row), 0))
            self._down = _number(attributes, _MERGE_DOWN)
        if len(self._row) <= WIDEST:
            self._row += [""] * (1 + self._across)

    def _close_cell(self) -> None:
        if not self._row or not (self._across or self._down):
            return
        column = len(self._row) - 1 - self._across
        if self._down:
            self._downward.begin(column, self._number + self._down, self._row[column])
        if self._number <= HEAD_ROWS:
            self._merged.append((self._number - 1, column, self._number - 1 + self._down, len(self._row) - 1))


def _at(attributes: dict[str, str], next_: int) -> int:
    """Where a row or cell stands: cells and rows left out are skipped with ss:Index."""
    return max(_number(attributes, _INDEX), next_)


def _number(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _text(data: str, type_: str) -> str:
    match type_:
        case "Number":
            try:
                number = float(data)
            except ValueError:
                return data
            return cell_text(number) if math.isfinite(number) else data
        case "Boolean":
            return cell_text(data.strip() == "1")
        case "DateTime":
            return data.removesuffix(_MIDNIGHT).removesuffix(".000").replace("T", " ")
        case _:
            return data
