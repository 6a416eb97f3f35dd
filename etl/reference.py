"""The tables people maintain in data/reference: communities, departments, code lists, words, aliases, crosswalk, calendar, working hours,
time limits."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from pathlib import Path

from etl import cells
from etl.errors import ReferenceTableError
from etl.spelling import nearest

UNMATCHED = "unmatched"
_TABLES: dict[str, tuple[str, ...]] = {
    "communities": ("community_code", "name", "aliases", "households", "population", "rented_share"),
    "departments": ("department_code", "name", "aliases", "kind"),
    "codes": ("list", "code", "name_zh", "name_en", "credit", "is_resident", "is_callback_required", "is_reached", "note"),
    "words": ("list", "word", "code"),
    "category_crosswalk": ("source_category", "category_code", "note"),
    "calendar": ("day", "is_working_day", "name"),
    "working_hours": ("opens", "closes"),
    "time_limits": ("limit", "working_hours", "note"),
    "aliases": ("list", "word", "code", "added_on", "added_by"),
}
_MAY_BE_ABSENT = frozenset({"category_crosswalk", "aliases"})
_OWN_TABLES = {"community": ("communities", "community_code"), "department": ("departments", "department_code")}
"""Lists whose codes stand in a table of their own."""
PLACE = "(place)"
_COMMUNITY_SUFFIXES = ("社区居民委员会", "社区居委会", "居民委员会", "村民委员会", "居委会", "村委会", "社区", "村")


@dataclass(frozen=True)
class Reference:
    """tables: name → rows as read (header → text). sha256: over the bytes of all tables."""

    tables: dict[str, list[dict[str, str]]]
    sha256: str

    def words(self, list_: str) -> dict[str, str]:
        """Every spelling of a list → its code; "" = the word says nothing. Keys are folded with word_key."""
        if list_ in _OWN_TABLES:
            table, code = _OWN_TABLES[list_]
            found = _spellings(self.tables[table], code)
        else:
            names = ("name_zh", "code", "name_en")
            found = {word_key(row[name]): row["code"] for name in names for row in self.tables["codes"] if row["list"] == list_}
        for row in self.maintained(list_):
            found |= (
                {variant: row["code"] for variant in _variants(list_, row["word"]) if variant not in found}
                if list_ == "community"
                else {}
            )
            found[word_key(row["word"])] = row["code"]
        return found

    def maintained(self, list_: str) -> list[dict[str, str]]:
        """The rows people add spellings of a list with, as list, word, code and PLACE; a later one stands before an earlier one."""
        crosswalk = (
            {"list": "category", "word": row["source_category"], "code": row["category_code"], PLACE: row[PLACE]}
            for row in self.tables["category_crosswalk"]
        )
        return [row for row in chain(crosswalk, self.tables["words"], self.tables["aliases"]) if row["list"] == list_]

    @property
    def lists(self) -> list[str]:
        """Every list that words are looked up in."""
        return [*_OWN_TABLES, *dict.fromkeys(row["list"] for row in self.tables["codes"])]

    def codes(self, list_: str) -> dict[str, str]:
        """The codes of a list with their Chinese names."""
        if list_ in _OWN_TABLES:
            table, code = _OWN_TABLES[list_]
            return {row[code]: row["name"] for row in self.tables[table]}
        return {row["code"]: row["name_zh"] for row in self.tables["codes"] if row["list"] == list_}

    def code(self, list_: str, word: str, words: dict[str, str]) -> str | None:
        """The code of one word, None when it says nothing, 'unmatched' when nobody knows it. words: self.words(list_)."""
        if cells.text(word) is None:
            return None
        spelling = self.spelling(list_, word, words)
        return UNMATCHED if spelling is None else words[spelling] or None

    def spelling(self, list_: str, word: str, words: dict[str, str]) -> str | None:
        """Which of the words a word is taken for."""
        folded = cells.text(word)
        return None if folded is None else next((spelling for spelling in _variants(list_, folded) if spelling in words), None)

    def name(self, list_: str, code: str) -> str:
        """The Chinese name of a code; the code itself when the list does not have it."""
        return self.codes(list_).get(code, code)

    def nearest(self, list_: str, word: str) -> str | None:
        """The code whose spelling is nearest to an unknown word, None when none is near. Nothing is matched by it."""
        folded = cells.text(word)
        if folded is None:
            return None
        *_, barest = _variants(list_, folded) if list_ == "community" else (word_key(folded),)
        return nearest(barest, self.words(list_))


def load_reference(folders: Sequence[Path]) -> Reference:
    """The tables; a later folder's table stands in for an earlier one's, in codes and words list by list. Aliases add up.

    Raises ReferenceTableError naming file and row.
    """
    digest = hashlib.sha256()
    tables: dict[str, list[dict[str, str]]] = {}
    for folder in folders:
        replaced: set[str] = set()
        for table, columns in _TABLES.items():
            file = folder / f"{table}.csv"
            rows = _rows(file, columns) if file.exists() else []
            digest.update(table.encode() + (file.read_bytes() if file.exists() else b""))
            if table == "aliases":
                tables[table] = [row for row in tables.get(table, []) if row["list"] not in replaced] + _unanimous(rows)
            elif "list" in columns:
                # a list whose codes are replaced loses its old words with them
                replaced |= {row["list"] for row in rows}
                tables[table] = [row for row in tables.get(table, []) if row["list"] not in replaced] + rows
            elif file.exists():
                replaced |= {list_ for list_, (own, _) in _OWN_TABLES.items() if own == table}
                tables[table] = rows
    if missing := [table for table in _TABLES if not tables.get(table) and table not in _MAY_BE_ABSENT]:
        raise ReferenceTableError(
            f"缺少参考表 {missing[0]}.csv（应在 {'、'.join(map(str, folders))} 中）；请从安装包恢复",
            f"reference table {missing[0]}.csv is missing",
        )
    for table in _MAY_BE_ABSENT:
        tables.setdefault(table, [])
    reference = Reference(tables, digest.hexdigest())
    _check_codes(reference)
    return reference


def word_key(word: str) -> str:
    """A word as it is compared: width folded, no blanks, no brackets around it."""
    folded = cells.text(word) or ""
    return folded.replace(" ", "").strip("[]【】()").lower()


def _variants(list_: str, folded: str) -> Iterable[str]:
    key = word_key(folded)
    yield key
    if list_ == "community":
        yield from _community_variants(key)
    if list_ == "category":
        parts = [word_key(part) for part in folded.replace("->", "/").replace(">", "/").replace("-", "/").split("/")]
        yield from reversed(parts)


def _community_variants(key: str) -> Iterable[str]:
    """长板社区 ↔ 长板, without the street or town in front of it."""
    bare = next((key.removesuffix(suffix) for suffix in _COMMUNITY_SUFFIXES if key.endswith(suffix) and key != suffix), key)
    yield bare
    for town in ("街道", "镇", "乡"):
        behind = bare.partition(town)[2]
        if behind:
            yield behind


def _spellings(rows: list[dict[str, str]], code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        for spelling in (row[code], row["name"], *row["aliases"].split(";")):
            key = word_key(spelling)
            if key:
                found[key] = row[code]
                if code == "community_code":
                    found |= {variant: row[code] for variant in _community_variants(key) if variant not in found}
    return found


def _rows(file: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    reader = csv.DictReader(StringIO(_text(file), newline=""))
    if missing := [column for column in columns if column not in (reader.fieldnames or [])]:
        raise ReferenceTableError(
            f"{file} 缺少列 {'、'.join(missing)}；请补上表头", f"{file} lacks the column {', '.join(missing)}"
        )
    rows = []
    for number, row in enumerate(reader, 2):
        if None in row or None in row.values():
            raise ReferenceTableError(
                f"{file} 第 {number} 行的单元格数与表头不符；请改正", f"{file} row {number}: wrong number of cells"
            )
        rows.append({column: row[column].strip() for column in columns} | {PLACE: f"{file.name} 第 {number} 行"})
    return rows


def _text(file: Path) -> str:
    """Excel saves a CSV file in the encoding of the machine."""
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReferenceTableError(
        f"{file} 既不是 UTF-8 也不是 GB18030 编码；请另存为 UTF-8 的 CSV", f"{file} is neither UTF-8 nor GB18030; save it as UTF-8"
    )


def _unanimous(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """rows, when no word of a list stands for two codes. Raises ReferenceTableError."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        other = seen.setdefault((row["list"], word_key(row["word"])), row)
        if other["code"] != row["code"]:
            raise ReferenceTableError(
                f"{row[PLACE]}：“{row['word']}”已在第 {rows.index(other) + 2} 行指定为 {other['code']}；请只留一行",
                f"{row[PLACE]}: '{row['word']}' already stands for {other['code']} in row {rows.index(other) + 2}; keep one",
            )
    return rows


def _check_codes(reference: Reference) -> None:
    """Every word, alias and crosswalk row points to a code that exists."""
    for list_ in {row["list"] for row in chain(reference.tables["words"], reference.tables["aliases"])} | {"category"}:
        known = reference.codes(list_)
        for row in reference.maintained(list_):
            if row["code"] and row["code"] not in known:
                raise ReferenceTableError(
                    f"{row[PLACE]}：{list_} 没有代码 {row['code']}；请改正", f"{row[PLACE]}: list {list_} has no code {row['code']}"
                )
