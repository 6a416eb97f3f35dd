"""Files that hold no table we can read, told by their bytes: what they are, and what to do."""

from __future__ import annotations

from etl.errors import NotATable

SAVE_AS = ("请在原程序里把表格另存为 xlsx 或 csv 再放入", "save the table as xlsx or csv")
_UNPACK = ("请解压后放入里面的文件", "unpack it and drop in the files")
_EXPORT = ("请从原系统导出 xlsx 或 csv", "export xlsx or csv from its system")
_DECRYPT = ("请在装有该软件的电脑上解密后再放入", "decrypt it on a machine with that software")

Kind = tuple[str, str, tuple[str, str]]
"""What it is in Chinese and English, and what to do."""

_PDF: Kind = ("PDF 文件", "a PDF", _EXPORT)
_PICTURE: Kind = ("图片", "a picture", _EXPORT)
_ARCHIVE: Kind = ("zip 以外的压缩包", "an archive other than zip", _UNPACK)
_DATABASE: Kind = ("数据库文件", "a database", _EXPORT)
_LOCKED: Kind = ("被单位加密软件加密的文件", "a file encrypted by the office's protection software", _DECRYPT)
_OLD_EXCEL: Kind = ("三十年前格式的 Excel 文件", "an Excel file of a format thirty years old", SAVE_AS)
_PROGRAM: Kind = ("程序文件", "a program", _EXPORT)
_MEDIA: Kind = ("录音或录像", "a recording", _EXPORT)
_WORD: Kind = ("Word 文档", "a Word document", SAVE_AS)
_SLIDES: Kind = ("PPT 演示文稿", "a slide show", SAVE_AS)
_MAIL: Kind = ("邮件", "an e-mail", ("请把邮件里的附件另存后放入", "save its attachment and drop that in"))

_BY_FIRST_BYTES: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", _PDF),
    (b"\xff\xd8\xff", _PICTURE),
    (b"\x89PNG\r\n", _PICTURE),
    (b"GIF87a", _PICTURE),
    (b"GIF89a", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"BM", _PICTURE),
    (b"Rar!\x1a", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ\0", _ARCHIVE),
    (b"PK\x07\x08", ("分卷压缩包的一卷", "one part of a split archive", _UNPACK)),
    (b"PK\x05\x06", ("空的压缩包", "an empty archive", _EXPORT)),
    (b"SQLite format 3\0", _DATABASE),
    (b"\0\x01\0\0Standard ", _DATABASE),
    (b"{\\rtf", ("RTF 文档", "an RTF document", SAVE_AS)),
    (b"%TSD-Header-###%", _LOCKED),
    (b"E-SafeNet", _LOCKED),
    (b"\x09\x00\x04\x00", _OLD_EXCEL),
    (b"\x09\x02\x06\x00", _OLD_EXCEL),
    (b"\x09\x04\x06\x00", _OLD_EXCEL),
    (b"\x09\x08", _OLD_EXCEL),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"ID3", _MEDIA),
)
_BY_TOP_STREAM: dict[str, Kind] = {
    "worddocument": _WORD,
    "powerpoint document": _SLIDES,
    "visiodocument": ("Visio 图", "a Visio drawing", SAVE_AS),
    "__properties_version1.0": _MAIL,
    "\x09drmcontent": ("带权限保护的文件", "a file under rights management", _DECRYPT),
}
_BY_ZIP_MEMBER: dict[str, Kind] = {
    "word/document.xml": _WORD,
    "ppt/presentation.xml": _SLIDES,
    "ofd.xml": ("OFD 版式文件", "an OFD document", _EXPORT),
    "index/document.iwa": ("Apple Numbers 或 Pages 文件", "an Apple Numbers or Pages file", SAVE_AS),
    "meta-inf/manifest.mf": _PROGRAM,
    "androidmanifest.xml": _PROGRAM,
}
_RIFF: dict[bytes, Kind] = {b"WEBP": _PICTURE, b"WAVE": _MEDIA, b"AVI ": _MEDIA}


def refuse_by_first_bytes(start: bytes, *, name: str) -> None:
    """Raises NotATable when the bytes are those of a kind of file that holds no table."""
    kind = next((kind for signature, kind in _BY_FIRST_BYTES if start.startswith(signature) and _is_meant(signature, start)), None)
    if start[:4] == b"RIFF":
        kind = _RIFF.get(start[8:12])
    if start[4:8] == b"ftyp":
        kind = _PICTURE if start[8:11] == b"hei" else _MEDIA
    if kind:
        raise not_a_table(name, kind)


def refuse_by_top_streams(streams: set[str], *, name: str) -> None:
    """The same for what is at the top of an OLE container."""
    for stream in sorted(streams & set(_BY_TOP_STREAM)):
        raise not_a_table(name, _BY_TOP_STREAM[stream])


def refuse_by_zip_members(members: set[str], *, name: str) -> None:
    """The same for the members of a zip, in lower case."""
    for member in sorted(members & set(_BY_ZIP_MEMBER)):
        raise not_a_table(name, _BY_ZIP_MEMBER[member])


def not_a_table(name: str, kind: Kind) -> NotATable:
    zh, en, (advice_zh, advice_en) = kind
    gap = " " if zh[0].isascii() else ""
    return NotATable(f"{name}：这是{gap}{zh}，不是表格；{advice_zh}", f"{name}: {en}, not a table; {advice_en}")


def _is_meant(signature: bytes, start: bytes) -> bool:
    """A text may begin with BM, MZ or ID3 as well; a tab and a backspace begin no text."""
    return len(signature) > 3 or signature == b"\x09\x08" or b"\0" in start or signature[0] > 0x7F or signature[0] < 0x20
