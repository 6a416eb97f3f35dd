"""Files as the world writes them, made by hand: workbooks of every format, containers, archives, and what breaks readers."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[Any]]


def csv_bytes(rows: Rows, encoding: str = "utf-8", delimiter: str = ",", newline: str = "\n", *, final: bool = True) -> bytes:
    """Cells as they are, nothing quoted."""
    return (newline.join(delimiter.join(map(str, row)) for row in rows) + newline * final).encode(encoding)


def xlsx(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), options: Mapping[str, Any] | None = None) -> bytes:
    """Text and numbers as they are; a cell (value, rows, columns) is merged over so many."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **(options or {})}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.merge_range(row, column, row + cell[1] - 1, column + cell[2] - 1, cell[0])
                    elif cell not in ("", None):
                        sheet.write(row, column, cell)
    return target.getvalue()


def xls(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), *, from_1904: bool = False) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        sheet.visibility = int(name in hidden)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_merge(row, row + cell[1] - 1, column, column + cell[2] - 1, cell[0])
                elif cell not in ("", None):
                    sheet.write(row, column, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ole(stream: str) -> bytes:
    """A container whose only stream has this name."""
    target = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(target, b"\x09\x08" + bytes(8_000))
    name = stream.encode("utf-16-le")
    data = bytearray(target.getvalue())
    at = data.index("Workbook".encode("utf-16-le"))
    data[at : at + 66] = name + bytes(64 - len(name)) + struct.pack("<H", len(name) + 2)
    return bytes(data)


def zipped(members: Mapping[str, bytes], *, names: str = "utf-8") -> bytes:
    """names: their encoding in the archive; anything but UTF-8 is written without saying so."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name if names == "utf-8" else name.encode(names).decode("cp437"), content)
    data = target.getvalue()
    return data if names == "utf-8" else _without_utf8_flag(data)


def _without_utf8_flag(data: bytes) -> bytes:
    """cp437 text that is not ASCII was written as UTF-8 with the flag; back to the bytes meant."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            plain = _PlainName(info.filename)
            plain.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(plain, source.read(info))
    return target.getvalue()


class _PlainName(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 — zipfile's own name for it
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def rezipped(workbook: bytes, change: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """A zip with bytes replaced in some members: name → (old, new); an empty old puts new in the place of all."""
    source = zipfile.ZipFile(io.BytesIO(workbook))
    members = {info.filename: source.read(info) for info in source.infolist()}
    for name, (old, new) in change.items():
        assert old in members[name], (name, members[name][:300])
        members[name] = members[name].replace(old, new) if old else new
    return zipped(members)


def with_password(archive: bytes) -> bytes:
    """The archive with the flag of an encrypted member set everywhere."""
    data = bytearray(archive)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def ods(rows: Rows, *, row_attributes: str = "", cell_attributes: str = "", padding: bool = True) -> bytes:
    """padding: blank cells and rows to the end of the sheet, repeated, as LibreOffice writes them."""
    cells = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    blank = '<table:table-cell table:number-columns-repeated="16000"/>' if padding else ""
    body = "".join(
        f"<table:table-row{row_attributes}>{''.join(cells.format(cell_attributes, escape(str(cell))) for cell in row)}{blank}</table:table-row>"
        for row in rows
    )
    if padding:
        body += f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="事件">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def xlsb(rows: Rows) -> bytes:
    """The least that is one: strings in the cells, no styles."""
    sheet = b"".join(
        [
            _record(129),
            _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)),
            _record(145),
            *(_row(number, row) for number, row in enumerate(rows)),
            _record(146),
            _record(130),
        ]
    )
    book = (
        _record(131)
        + _record(143)
        + _record(156, struct.pack("<2I", 0, 1) + _wide("rId1") + _wide("事件"))
        + _record(144)
        + _record(132)
    )
    office = "http://schemas.openxmlformats.org"
    relations = '<?xml version="1.0"?><Relationships xmlns="{0}/package/2006/relationships"><Relationship Id="rId1" Type="{0}/officeDocument/2006/relationships/{1}" Target="{2}"/></Relationships>'
    types = (
        f'<?xml version="1.0"?><Types xmlns="{office}/package/2006/content-types"><Default Extension="bin" ContentType="application/octet-stream"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    )
    return zipped(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": relations.format(office, "officeDocument", "xl/workbook.bin").encode(),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relations.format(office, "worksheet", "worksheets/sheet1.bin").encode(),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _row(number: int, cells: Sequence[Any]) -> bytes:
    strings = (struct.pack("<2I", column, 0) + _wide(str(cell)) for column, cell in enumerate(cells))
    return _record(0, struct.pack("<I", number) + bytes(13)) + b"".join(_record(6, string) for string in strings)


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def page(rows: Rows, *, head: str = "", cell: str = "td") -> str:
    """A web page with one table."""
    lines = "\n".join(
        "<tr>" + "".join(f"<{cell} style='x:y'>{escape(str(value))}</{cell}>" for value in row) + "</tr>" for row in rows
    )
    return f"<html><head>{head}</head><body><table border=1>\n{lines}\n</table></body></html>"


def letter(html: str) -> bytes:
    """A page saved as one file."""
    whole = MIMEMultipart("related")
    part = MIMEText(html, "html", "gb2312")
    part["Content-Location"] = "file:///C:/sheet001.htm"
    whole.attach(part)
    return whole.as_bytes()


def spreadsheet_xml(rows: Rows, encoding: str = "UTF-8") -> bytes:
    """Excel 2003 XML."""
    lines = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{escape(str(value))}</Data></Cell>' for value in row) + "</Row>"
        for row in rows
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="事件"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode(encoding)


class NoRows:
    """A body nobody asks."""

    def load(self, *_: Any, **__: Any) -> None:
        raise AssertionError

    def records(self) -> Any:
        raise AssertionError
