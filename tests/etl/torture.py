"""The torture corpus: every odd file we know of, and what must become of it: its records with their row numbers, or a sentence."""

from __future__ import annotations

import codecs
import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
import xlwt

from tests.etl import odd_files as odd

HEADER = ["事件编号", "事件标题", "事件状态", "所属社区", "上报时间", "返工次数"]
Table = list[list[str]]


@dataclass(frozen=True)
class Taken:
    """A file that is read. rows: sheet → row numbers of its records, in order; their ids are the file's key and a number from 1 ·
    aside: rows that are no records · skipped: sheets passed over."""

    name: str
    content: bytes
    rows: Mapping[str, list[int]] | Mapping[None, list[int]]
    aside: int = 0
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A file that is not. sentence: a pattern of what is said of it."""

    name: str
    content: bytes
    sentence: str


def records(key: str, count: int = 2, first: int = 1) -> Table:
    return [[f"{key}-{n}", f"路灯不亮{n}", "已结案", "锦秀里", f"2026-10-0{n} 09:00:00", "0"] for n in range(first, first + count)]


def table(key: str, count: int = 2) -> Table:
    return [HEADER, *records(key, count)]


def taken() -> list[Taken]:
    return [*_texts(), *_layouts(), *_workbooks(), *_pages(), *_archives()]


def refused() -> list[Refused]:
    return [*_no_tables(), *_broken(), *_locked(), *_absurd(), *_no_exports()]


def _texts() -> list[Taken]:
    at = {None: [2, 3]}
    utf16 = codecs.BOM_UTF16_BE + odd.csv_bytes(table("T4"), "utf-16-be")
    return [
        Taken("T1.csv", odd.csv_bytes(table("T1")), at),
        Taken("T2 文本.xls", odd.csv_bytes(table("T2"), "utf-8-sig", newline="\r\n"), at),
        Taken("T3.csv", odd.csv_bytes(table("T3"), "utf-16"), at),
        Taken("T4.txt", utf16, at),
        Taken("T5.txt", odd.csv_bytes(table("T5"), "utf-16-le", "\t", "\r\n"), at),
        Taken("T6.txt", odd.csv_bytes(table("T6"), "utf-16-be", "\t"), at),
        Taken("T7.csv", odd.csv_bytes(table("T7"), "gbk"), at),
        Taken("T8.csv", odd.csv_bytes([*table("T8", 1), ["T8-2", "㐀𠀀镕", "已结案", "锦秀里", "2026-10-01", "0"]], "gb18030"), at),
        Taken("T9.csv", odd.csv_bytes(table("T9"), delimiter="\t", newline="\r"), at),
        Taken("T10.csv", odd.csv_bytes(table("T10"), delimiter=";", final=False), at),
        Taken("T11.csv", odd.csv_bytes(table("T11"), delimiter="|"), at),
        Taken("T12.csv", odd.csv_bytes(table("T12"), "gb18030", delimiter="，"), at),
        Taken("T13.csv", b"sep=;\r\n" + odd.csv_bytes(table("T13"), "gb18030", ";", "\r\n"), {None: [3, 4]}),
        Taken("T14.csv", b"\n\n" + odd.csv_bytes(table("T14")).replace(b"\nT14-2", b"\n\n,,,,,\nT14-2") + b"\n\n", {None: [4, 7]}),
        Taken("T15.csv", odd.csv_bytes(table("T15"), newline="\r\n").replace("事件标题".encode(), '"事件\n标题"'.encode()), at),
        Taken("T16.csv", odd.csv_bytes(table("T16"), newline="\r\n").replace("不亮1".encode(), '不亮"急"1'.encode()), at),
        Taken("T17.csv", odd.csv_bytes(table("T17")).replace("路灯不亮1".encode(), '"两\n\n行, ""引号"""'.encode()), at),
        Taken("T18.csv", odd.csv_bytes(table("T18")).replace(b"T18-2,", b"T18-2,x,y,z,"), at),
        Taken("T19.csv", odd.csv_bytes(table("T19"), delimiter=";").replace("路灯不亮1".encode(), b"a,b,c,d,e,f,g,h,i,j"), at),
        Taken("T20.csv", odd.csv_bytes([[c + " " if c == "锦秀里" else c for c in row] for row in table("T20")]).replace(b",", b', '), at),
        Taken("T21.csv", odd.csv_bytes(table("T21")).replace(",路灯不亮1".encode(), ', "路灯, 不亮"'.encode()), at),
    ]  # fmt: skip


def _layouts() -> list[Taken]:
    title = ["禾湾镇事件清单", "", "", "", "", ""]
    note = ["说明", "数据来源：平台", "单位：件", "口径 v1", "含作废", "不含挂账"]
    group = ["基本信息", "", "办理", "", "时间", "次数"]
    page_end = ["第 1 页 共 2 页", "", "", "", "", ""]
    sums = ["合计", "2", "", "", "", "0"]
    signed = ["制表人：某某", "", "审核：某某", "", "", ""]
    again = [title, note, group, HEADER, *records("L1", 1), page_end, title, HEADER, *records("L1", 1, 2), sums, signed]
    blank = [
        ["事件编号", "", "事件状态", "所属社区", "上报时间", "返工次数", "", "备注", "备注"],
        *([*r, "", "x", "y"] for r in records("L2")),
    ]
    words = [
        HEADER,
        ["L3-1", "总计划延期", "已结案", "锦秀里", "2026-10-01", "0"],
        ["L3-2", "小计算机房漏水", "已结案", "", "2026-10-01", "0"],
    ]
    titled = [[row[1], row[0], *row[2:]] for row in [HEADER, *records("L4", 2)]]
    titled[1][0], titled[2][0] = "合计不清", "备注：已处理"
    return [
        Taken("L1 打印.csv", odd.csv_bytes(again, "gb18030"), {None: [5, 9]}, 5),
        Taken("L2 空表头.csv", odd.csv_bytes(blank), {None: [2, 3]}),
        Taken("L3 像合计的事件.csv", odd.csv_bytes(words), {None: [2, 3]}),
        Taken("L4 标题在前.csv", odd.csv_bytes(titled), {None: [2, 3]}),
    ]


def _workbooks() -> list[Taken]:
    at = {"事件": [2, 3]}
    groups: odd.Rows = [[("基本信息", 1, 2), "", ("办理", 1, 4)], HEADER, *records("W4")]
    shifted = [[], [], ["", "", *HEADER], *(["", "", *row] for row in records("W5"))]
    tall = [HEADER, *records("W6", 3)]
    tall[1][3] = ("锦秀里", 3, 1)  # type: ignore[call-overload]
    tall[2][3] = tall[3][3] = ""
    lines = [[cell[:2] + "\n" + cell[2:] for cell in HEADER], *records("W7")]
    statistics: odd.Rows = [["社区", "事件状态", "件数"], ["锦秀里", "已结案", 3], ["福满园", "处置中", 4]]
    several: dict[str, odd.Rows] = {
        "事件": table("W8", 1),
        "统计": statistics,
        "空": [],
        "旧事件": [HEADER, *records("W8", 1, 2)],
        "只有表头": [HEADER],
        "藏": table("W9"),
    }
    plain = odd.xlsx({"事件": table("W10")})
    macros = odd.zipped({**_members(odd.xlsx({"事件": table("W11")})), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Auto_Open"})
    far = odd.rezipped(
        plain, {"xl/worksheets/sheet1.xml": (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')}
    )
    return [
        Taken("W1.csv", odd.xlsx({"事件": table("W1")}), at),
        Taken("W2.xlsx", odd.xls({"事件": table("W2")}), at),
        Taken("W3.xlsb", odd.xlsb(table("W3")), at),
        Taken("W3b.ods", odd.ods(table("W3b")), at),
        Taken("W4.xlsx", odd.xlsx({"事件": groups}), {"事件": [3, 4]}),
        Taken("W4b.xls", odd.xls({"事件": [[("基本信息", 1, 2), "", ("办理", 1, 4)], HEADER, *records("W4b")]}), {"事件": [3, 4]}),
        Taken("W5.xlsx", odd.xlsx({"事件": shifted}), {"事件": [4, 5]}),
        Taken("W6.xlsx", odd.xlsx({"事件": tall}), {"事件": [2, 3, 4]}),
        Taken("W7.xls", odd.xls({"事件": lines}), at),
        Taken("W8.xlsx", odd.xlsx(several, hidden=["藏"]), {"事件": [2], "旧事件": [2], "只有表头": []}, skipped=("统计", "藏")),
        Taken("W10.xls", far, at),
        Taken("W11.xlsm", macros, at),
        Taken("W12.xlsx", _typed("W12"), at),
        Taken("W13.et", odd.xls({"事件": table("W13")}, from_1904=True), at),
        Taken("W14.xlsx", _with_chart("W14"), at),
    ]  # fmt: skip


def _members(archive: bytes) -> dict[str, bytes]:
    source = zipfile.ZipFile(io.BytesIO(archive))
    return {info.filename: source.read(info) for info in source.infolist()}


def _typed(key: str) -> bytes:
    """True dates, numbers, errors and formulas."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, moment = book.add_worksheet("事件"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(records(key), 1):
            sheet.write_row(number, 0, row[:4])
            sheet.write_datetime(number, 4, datetime(2026, 10, number, 9, 4, 59, 999_900), moment)
            sheet.write_formula(number, 5, "=1-1", None, 0)
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    return target.getvalue()


def _with_chart(key: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("事件")
        for number, row in enumerate(table(key)):
            sheet.write_row(number, 0, row)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=事件!$F$2:$F$3"})
        book.add_chartsheet("图").set_chart(chart)
    return target.getvalue()


def _pages() -> list[Taken]:
    at = {None: [2, 3]}
    chinese = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    first, second = odd.page(table("P5", 1)), odd.page([HEADER, *records("P5", 1, 2)])
    furniture = "<table><tr><td>登录人：某某</td></tr></table><script>var a = '<table><tr>'</script><!-- <table> -->"
    groups = (
        f"<tr><th rowspan=2>{HEADER[0]}</th><th colspan=5>详情</th></tr><tr>{''.join(f'<th>{h}</th>' for h in HEADER[1:])}</tr>"
    )
    body = "".join("<tr>" + "".join(f"<td>{c}" for c in row) for row in records("P6"))
    return [
        Taken("P1.xls", odd.page(table("P1"), head=chinese).encode("gb18030"), at),
        Taken("P2.xls", ("\ufeff" + odd.page(table("P2"), cell="th")).encode(), at),
        Taken("P3.xls", odd.page(table("P3"), head=chinese).encode(), at),
        Taken("P4.xls", odd.page(table("P4")).encode("utf-16"), at),
        Taken("P5.htm", (first + furniture + second).encode(), {"表1": [2], "表3": [2]}),
        Taken("P6.xls", f"<TABLE>{groups}{body}".encode("gb18030"), {None: [3, 4]}),
        Taken("P7.xls", odd.letter(odd.page(table("P7"))), at),
        Taken("P8.xls", odd.spreadsheet_xml(table("P8")), {"事件": [2, 3]}),
        Taken("P9.xml", odd.spreadsheet_xml(table("P9"), "GB2312"), {"事件": [2, 3]}),
    ]


def _archives() -> list[Taken]:
    inner = odd.zipped({"里面.csv": odd.csv_bytes(table("A2"), "gb18030")})
    litter = {"__MACOSX/._事件.csv": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1", "~$事件.xlsx": b"\7lock", "夹/": b""}
    mixed = {
        "夹/事件.csv": odd.csv_bytes(table("A1"), "gb18030"),
        **litter,
        "说明.pdf": b"%PDF-1.4",
        "通讯录.csv": "单位,人数,地点\n甲,3,乙\n".encode(),
    }
    return [
        Taken("A1.zip", odd.zipped(mixed, names="gb18030"), {"夹/事件.csv": [2, 3]}, skipped=("说明.pdf", "通讯录.csv")),
        Taken("A2.zip", odd.zipped({"套.zip": inner}), {"套.zip/里面.csv": [2, 3]}),
        Taken("A3.zip", odd.zipped({"事件.xlsx": odd.xlsx({"一": table("A3")})}), {"事件.xlsx/一": [2, 3]}),
    ]


def _no_tables() -> list[Refused]:
    office = {"[Content_Types].xml": b"<Types/>"}
    return [
        Refused("N1.csv", b"", "文件是空的"),
        Refused("N2.csv", b" \r\n\t\n", "文件是空的"),
        Refused("N3.xls", b"%PDF-1.7\n\xe2\xe3", "这是 PDF 文件"),
        Refused("N4.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "这是图片"),
        Refused("N5.csv", b"\xff\xd8\xff\xe0\0\x10JFIF", "这是图片"),
        Refused("N6.xlsx", odd.zipped({**office, "word/document.xml": b"<w/>"}), "这是 Word 文档"),
        Refused("N7.xls", odd.ole("WordDocument"), "这是 Word 文档"),
        Refused("N8.xls", odd.ole("PowerPoint Document"), "PPT"),
        Refused("N9.csv", b"Rar!\x1a\x07\x01\0", "zip 以外的压缩包"),
        Refused("N10.csv", b"%TSD-Header-###%\0\1\2", "加密软件"),
        Refused("N11.xls", "<html><body><form>请先登录</form></body></html>".encode(), "没有表格的网页"),
        Refused("N12.xml", '<?xml version="1.0"?><数据/>'.encode(), "这是 XML 数据"),
        Refused("N13.eml", b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: text/plain\n\nhello", "邮件"),
        Refused("N14.odt", odd.zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "OpenDocument 文字"),
        Refused("N15.csv", bytes(range(256)) * 8, "读不出文字"),
        Refused("N16.csv", b"\xff\xfe" + "事件".encode("utf-16-le") + b"\x00\xd8x", "读不出文字"),
        Refused("N17.zip", odd.zipped({}), "空的压缩包"),
        Refused("N18.zip", odd.zipped({"a.pdf": b"%PDF-1.4"}), "没有一张能导入的表.*PDF"),
        Refused("N19.xlsx", odd.zipped({**office, "xl/workbook2.xml": b"<w/>"}), "不常见的 Office 文件"),
        Refused("N20.xls", odd.ole("Contents"), "没有工作表"),
        Refused("N21.xlsx", odd.xlsx({"空": []}), "没有任何内容"),
    ]  # fmt: skip


def _broken() -> list[Refused]:
    workbook, old, archive = (
        odd.xlsx({"事件": table("B1", 5)}),
        odd.xls({"事件": table("B2", 5)}),
        odd.zipped({"a.csv": odd.csv_bytes(table("B3"))}),
    )
    text = odd.csv_bytes(table("B4", 9), "gb18030")
    damaged = bytearray(archive)
    damaged[60] ^= 0xFF
    nameless = {k: v for k, v in _members(workbook).items() if "sheet1" not in k}
    return [
        Refused("B1.xlsx", workbook[:-200], "不完整"),
        Refused("B2.xls", old[: len(old) // 2], "已损坏或不完整"),
        Refused("B3.zip", archive[:100], "不完整"),
        Refused("B3b.zip", bytes(damaged), "不完整"),
        Refused("B4.csv", text[:-20] + b"\x81", r"第 10 行附近有不成文字的字节"),
        Refused("B5.csv", text.replace("路灯不亮3".encode("gb18030"), "路灯".encode("gb18030") + b"\xff", 1), r"第 4 行附近"),
        Refused("B6.csv", odd.csv_bytes(table("B6")).replace("路灯不亮1".encode(), '"路灯不亮1'.encode()), r"第 2 行有一个没有成对的引号"),
        Refused("B7.csv", b"x" * (40 << 20), "没有换行"),
        Refused("B8.xls", odd.spreadsheet_xml(table("B8"))[:-60], r"XML 表格在第 \d+ 行断了"),
        Refused("B9.xlsx", odd.zipped(nameless), "已损坏或不完整"),
        Refused("B10.csv", odd.csv_bytes(table("B10")) + bytes(4096), r"第 4 行附近"),
    ]  # fmt: skip


def _locked() -> list[Refused]:
    book = xlwt.Workbook()
    book.add_sheet("事件").write(0, 0, "x")
    stream = book.get_biff_data()
    begins = 4 + struct.unpack_from("<H", stream, 2)[0]
    target = io.BytesIO()
    password = struct.pack("<3H", 0x2F, 54, 1) + bytes(52)
    xlwt.CompoundDoc.XlsDoc().save(target, stream[:begins] + password + stream[begins:])
    protected = odd.rezipped(
        odd.ods(table("K")),
        {
            "META-INF/manifest.xml": (
                b"/>",
                b"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
            )
        },
    )
    return [
        Refused("K1.xlsx", odd.ole("EncryptedPackage"), "设有打开密码"),
        Refused("K2.xls", target.getvalue(), "设有打开密码"),
        Refused("K3.zip", odd.with_password(odd.zipped({"事件.csv": b"a,b\n"})), "压缩包设有密码"),
        Refused("K4.zip", odd.zipped({"好.csv": odd.csv_bytes(table("K4")), "锁.xlsx": odd.ole("EncryptedPackage")}), "锁.xlsx.*设有打开密码"),
        Refused("K5.ods", protected, "设有打开密码"),
    ]  # fmt: skip


def _absurd() -> list[Refused]:
    plain = odd.xlsx({"事件": table("X")})
    zeros = bytes(70 << 20)
    old = bytearray(odd.xls({"事件": table("X2")}))
    at = old.index(b"\x00\x02\x0e\x00")
    old[at + 8 : at + 12] = b"\xff\xff\xff\x7f"
    layers = odd.zipped({"1.zip": odd.zipped({"2.zip": odd.zipped({"a.csv": odd.csv_bytes(table("X6"))})})})
    entity = (b"<worksheet ", b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet ')
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Workbook>&b;</Workbook>'
    far = (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    sneaky = (b"</sheetData>", b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData>")
    lying = bytearray(odd.zipped({"a.csv": odd.csv_bytes(table("X8", 9)) * 50}))
    central = lying.index(b"PK\x01\x02")
    lying[central + 24 : central + 28] = struct.pack("<I", 100)
    repeated = odd.ods(
        table("X9"),
        row_attributes=' table:number-rows-repeated="1000000"',
        cell_attributes=' table:number-columns-repeated="16000"',
    )
    return [
        Refused("X1.xlsx", odd.rezipped(plain, {"xl/worksheets/sheet1.xml": far}), "第 1,048,576 行、第 16,384 列"),
        Refused("X1b.xlsx", odd.rezipped(plain, {"xl/worksheets/sheet1.xml": sneaky}), "不合常理"),
        Refused("X2.xls", bytes(old), "不合常理"),
        Refused("X3.zip", odd.zipped({"a.csv": zeros}), "大得不合常理"),
        Refused("X4.xlsx", odd.rezipped(plain, {"xl/theme/theme1.xml": (b"", zeros)}), "大得不合常理"),
        Refused("X5.xlsx", odd.rezipped(plain, {"xl/worksheets/sheet1.xml": entity}), "XML 实体"),
        Refused("X5b.xls", laughs, "XML 实体"),
        Refused("X6.zip", layers, "套了不止一层"),
        Refused("X7.zip", odd.zipped({f"{n}.csv": b"" for n in range(10_001)}), "大得不合常理"),
        Refused("X8.zip", bytes(lying), "不完整"),
        Refused("X9.ods", repeated, "已损坏或不完整|不合常理"),
        Refused("X10.htm", b"<table><tr><td>" * 30, "嵌套太深"),
    ]  # fmt: skip


def _no_exports() -> list[Refused]:
    lacking = [[cell for cell in row if cell != row[4]] for row in table("Y2")]
    return [
        Refused("Y1.csv", "学校,班级,人数\n一中,三班,42\n".encode(), "认不出是哪一类导出表"),
        Refused("Y2.xlsx", odd.xlsx({"好": table("Y2"), "缺列": lacking}), "缺列.*缺少必需的列 “上报时间”"),
        Refused("Y3.xlsx", odd.xlsx({"空": [], "藏": table("Y3")}, hidden=["藏"]), "隐藏的工作表"),
    ]
