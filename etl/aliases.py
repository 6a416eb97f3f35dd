"""A spelling nobody knew, given its code in one line of <data root>/reference/aliases.csv. It holds from the next load on."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path

import duckdb
from filelock import FileLock

from etl import cells
from etl.errors import ReferenceTableError
from etl.ledger import DataRoot
from etl.privacy import masked_place
from etl.reference import Reference, load_reference, word_key
from etl.warehouse import published

_HEADER = ("list", "word", "code", "added_on", "added_by")


def add_alias(root: DataRoot, list_: str, word: str, code: str, *, by: str, on: date) -> str:
    """Adds a line and returns a sentence for the clerk; the same line again changes nothing.

    Raises ReferenceTableError for a list or code that is not there, a word that says nothing, and one that means another code already.
    """
    file = root.path / "reference" / "aliases.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        reference = load_reference([root.reference_folders[0], *_overlays(root), *root.reference_folders[1:]])
        name = _name(reference, list_, code)
        spelling = _spelling(word)
        words = reference.words(list_)
        known = reference.spelling(list_, spelling, words)
        if known is not None and words[known] == code:
            return f"“{spelling}”已经是“{name}”（{code}）的写法，没有改动"
        if known is not None:
            raise _means_another(reference, list_, spelling, words[known])
        _append(file, (list_, spelling, code, on.isoformat(), by))
    return f"已添加：“{spelling}”是“{name}”（{code}）的一种写法"


def _name(reference: Reference, list_: str, code: str) -> str:
    """The name of a code that is there. Raises ReferenceTableError that lists those that are."""
    if list_ not in reference.lists:
        lists = "、".join(reference.lists)
        raise ReferenceTableError(
            f"没有名单 {list_}；可用的名单：{lists}", f"there is no list {list_}; there are {', '.join(reference.lists)}"
        )
    codes = reference.codes(list_)
    if code not in codes:
        told = "、".join(f"{known}（{name}）" for known, name in codes.items())
        raise ReferenceTableError(
            f"名单 {list_} 里没有代码 {code}；可用的代码：{told}", f"list {list_} has no code {code}; it has {', '.join(codes)}"
        )
    return codes[code]


def _spelling(word: str) -> str:
    folded = cells.text(word)
    if folded is None or not word_key(folded):
        raise ReferenceTableError(
            "写法是空的，或者是“无”“不详”这样的空值；请写上导出表里的原文", "the word says nothing; give the word as exported"
        )
    if masked_place(folded) != folded:
        raise ReferenceTableError(
            "写法里有电话或证件号码，不能作为名称", "the word holds a phone or identity number and is no name"
        )
    return folded


def _means_another(reference: Reference, list_: str, word: str, code: str) -> ReferenceTableError:
    meant = f"“{reference.name(list_, code)}”（{code}）" if code else "空值"
    return ReferenceTableError(
        f"“{word}”已经是{meant}的写法；要改的话，请先在参考表里改掉原来那一行",
        f"'{word}' already stands for {code or 'a blank'}; change that row first",
    )


def _append(file: Path, row: tuple[str, ...]) -> None:
    """Writes the table anew, whole or not at all. With a byte-order mark, which Excel needs to see that it is UTF-8."""
    before = file.read_bytes() if file.exists() else b""
    line = StringIO(newline="")
    writer = csv.writer(line, lineterminator="\n")
    if not before.strip(b"\xef\xbb\xbf\r\n "):
        before = b"\xef\xbb\xbf"
        writer.writerow(_HEADER)
    elif not before.endswith(b"\n"):
        before += b"\n"
    writer.writerow(row)
    partial = file.with_suffix(".partial")
    partial.write_bytes(before + line.getvalue().encode(_encoding(before)))
    partial.replace(file)


def _encoding(content: bytes) -> str:
    """Of a table that may have been saved by Excel."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _overlays(root: DataRoot) -> list[Path]:
    """Reference folders of the profiles in use: their codes are the town's."""
    current = published(root.warehouse)
    if current is None or not (root.warehouse / current.name).exists():
        return []
    with closing(duckdb.connect(str(root.warehouse / current.name), read_only=True)) as connection:
        names = connection.execute("SELECT DISTINCT profile FROM meta.file WHERE profile IS NOT NULL ORDER BY 1").fetchall()
    return [folder / name / "reference" for (name,) in names for folder in root.profile_folders if (folder / name).exists()]
