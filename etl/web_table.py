"""Web pages that call themselves .xls, and pages saved as one file (MHTML): their tables, row by row."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from etl.encoding import in_utf8, start_of_text
from etl.errors import NotATable, UnreadableFile
from etl.markup import Token, tokens
from etl.sheet import HEAD_ROWS, Contents, Sheet
from etl.spill import WIDEST, Downward, Spill, SpilledBody, filled_across

_SPAN = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?\s*(\d{1,6})", re.IGNORECASE)
_CHARSET = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BEGINS_LIKE_A_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|meta|title|body|table|thead|tbody|tr|style|script|div|center|p|span|font|b|h[1-6]|br|link|base)\b",
    re.IGNORECASE | re.DOTALL,
)
_BEGINS_LIKE_A_LETTER = re.compile(
    r"(?:(?:MIME-Version|From|To|Date|Subject|Snapshot-Content-Location|Message-ID|Return-Path|X-[\w-]+|Content-[\w-]+):[^\n]*\n(?:[ \t][^\n]*\n)*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bx:num\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_LINE_END = "\r"
_MOST_TABLES = 500
_DEEPEST = 20
_FEWEST_COLUMNS, _FEWEST_ROWS = 3, 2
_LARGEST_LETTER = 100 << 20


def is_page(start: str) -> bool:
    """start: the first characters of a text."""
    return _BEGINS_LIKE_A_PAGE.match(start) is not None


def is_letter(start: str) -> bool:
    """MHTML is a letter whose parts are a page and its pictures."""
    return _BEGINS_LIKE_A_LETTER.match(start) is not None and "mime-version:" in start.lower()


def page_tables(path: Path, *, name: str, member: str | None, scratch: Path) -> Contents:
    """The tables of a web page. Raises UnreadableFile when there is none."""
    declared = _CHARSET.search(start_of_text(path))
    utf8, encoding = in_utf8(path, name=name, scratch=scratch, declared=declared[1] if declared else None)
    contents = _sheets(_tables(utf8, scratch, name), member, "html", encoding)
    if not contents.sheets:
        raise NotATable(
            f"{name}：这是一个没有表格的网页（也许是登录页或出错页）；请从原系统重新导出，或在浏览器里复制表格到 Excel 另存",
            f"{name}: a web page without a table (perhaps a login or error page); export it again from its system",
        )
    return contents


def letter_tables(path: Path, *, name: str, member: str | None, scratch: Path) -> Contents:
    """The tables of a page saved as one file. Raises UnreadableFile when there is none, and NotATable for an ordinary letter."""
    if path.stat().st_size > _LARGEST_LETTER:
        raise UnreadableFile(
            f"{name}：单文件网页超过 100 MB；请用 Excel 打开后另存为 xlsx 或 csv",
            f"{name}: a single-file web page of more than 100 MB; open it in Excel and save it as xlsx or csv",
        )
    with path.open("rb") as file:
        letter = email.message_from_binary_file(file, policy=email.policy.default)
    tables: list[_Table] = []
    for number, part in enumerate(_pages(letter)):
        page = scratch / f"page_{len(list(scratch.glob('page_*')))}_{number}"
        page.write_bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        utf8, _ = in_utf8(page, name=name, scratch=scratch, declared=part.get_content_charset())
        tables += _tables(utf8, scratch, name)
    contents = _sheets(tables, member, "mhtml", None)
    if not contents.sheets:
        raise NotATable(
            f"{name}：这是邮件或没有表格的单文件网页；请把附件另存后放入，或用 Excel 打开后另存为 xlsx",
            f"{name}: a letter, or a single-file web page without a table; save its attachment, or save it as xlsx in Excel",
        )
    return contents


def _pages(letter: EmailMessage) -> Iterator[EmailMessage]:
    for part in letter.walk():
        place = str(part.get("Content-Location", ""))
        if part.get_content_type() == "text/html" and not place.endswith(("tabstrip.htm", "tabstrip.html")):
            yield part


class _Table:
    """One table while it is read, and its rows afterwards."""

    def __init__(self, path: Path, number: int) -> None:
        """number: its place in the document."""
        self.number = number
        self.spill = Spill(path)
        self.merged: list[tuple[int, int, int, int]] = []
        self._downward = Downward()
        self._taken: dict[int, int] = {}
        self._row: list[str] | None = None
        self._attributes = ""
        self._texts: list[str] | None = None
        self._rows = 0
        self.body: SpilledBody | None = None

    def open_row(self) -> None:
        self.close_row()
        self._row = []
        self._rows += 1

    def open_cell(self, attributes: str) -> None:
        self.close_cell()
        self._attributes, self._texts = attributes, []

    def add(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def close_cell(self) -> None:
        texts, self._texts = self._texts, None
        if texts is not None:
            self.add_cell(self._attributes, "".join(texts))

    def add_cell(self, attributes: str, content: str) -> None:
        """attributes: of the cell's tag · content: its text as it stands in the page."""
        if self._row is None:
            self.open_row()
        row = self._row
        if row is None or len(row) > WIDEST:
            return
        text = _text(content)
        if not text and (number := _NUMBER.search(attributes)):
            text = number[1]
        while self._taken and self._taken.get(len(row), 0) >= self._rows:
            row.append("")
        row.append(text)
        if "span" in attributes.lower():
            self._span(row, text, {kind.lower(): max(int(number), 1) for kind, number in _SPAN.findall(attributes)})

    def _span(self, row: list[str], text: str, spans: dict[str, int]) -> None:
        column, across, down = len(row) - 1, min(spans.get("colspan", 1), WIDEST), spans.get("rowspan", 1)
        row += [""] * (across - 1)
        last = self._rows + down - 1
        if down > 1:
            self._taken.update(dict.fromkeys(range(column, column + across), last))
            self._downward.begin(column, last, text)
        if self._rows <= HEAD_ROWS:
            self.merged.append((self._rows - 1, column, last - 1, column + across - 1))

    def close_row(self) -> None:
        self.close_cell()
        row, self._row = self._row, None
        if row is not None:
            self._downward.fill(self._rows, row)
            self.spill.add(self._rows, row)


def _tables(utf8: Path, scratch: Path, name: str) -> list[_Table]:
    """The tables of a page in the order they end; a table within a cell is one of its own."""
    done: list[_Table] = []
    open_: list[_Table] = []
    for token in tokens(utf8):
        if open_ and token.text:
            open_[-1].add(token.text)
        if token.tag == "table" and token.closes:
            done += [_closed(open_.pop())] if open_ else []
        elif token.tag == "table" or (token.tag in {"tr", "td", "th"} and not open_):
            number = len(done) + len(open_) + 1
            if number > _MOST_TABLES or len(open_) >= _DEEPEST:
                raise _too_many(name)
            open_.append(_Table(scratch / f"{utf8.name}.table_{number}", number))
        if open_ and token.tag != "table":
            _act(open_[-1], token)
    return done + [_closed(table) for table in reversed(open_)]


def _text(content: str) -> str:
    """The text of a cell as a browser shows it, with the lines it has."""
    plain = html.unescape(content) if "&" in content else content
    if _LINE_END not in plain:
        return " ".join(plain.split())
    lines = (" ".join(line.split()) for line in plain.split(_LINE_END))
    return "\n".join(line for line in lines if line)


def _act(table: _Table, token: Token) -> None:
    if token.cell is not None:
        table.close_cell()
        table.add_cell(token.attributes, token.cell)
        return
    match token.tag, token.closes:
        case "td" | "th", False:
            table.open_cell(token.attributes)
        case "td" | "th", True:
            table.close_cell()
        case "tr", False:
            table.open_row()
        case "tr" | "thead" | "tbody" | "tfoot", _:
            table.close_row()
        case "br" | "p" | "div" | "li", _:
            table.add(_LINE_END)


def _closed(table: _Table) -> _Table:
    table.close_row()
    table.body = table.spill.close()
    return table


def _sheets(tables: list[_Table], member: str | None, format: str, encoding: str | None) -> Contents:
    """Narrow tables are page furniture, unless there is nothing else."""
    filled = [table for table in tables if table.body and table.body.rows]
    wide = [t for t in filled if t.body and t.body.width >= _FEWEST_COLUMNS and t.body.rows >= _FEWEST_ROWS] or filled
    sheets = []
    for table in wide:
        title = member if len(wide) == 1 else f"{member}/表{table.number}" if member else f"表{table.number}"
        assert table.body is not None
        sheets.append(Sheet(title, format, encoding, filled_across(table.spill.head, table.merged), table.body))
    return Contents(tuple(sheets))


def _too_many(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}：网页里的表格太多或嵌套太深，分不清哪一个是导出的数据；请用 Excel 打开后把数据表另存为 xlsx",
        f"{name}: too many or too deeply nested tables to tell which one is the export; save the table as xlsx",
    )
