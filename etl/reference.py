"""The tables people maintain in data/reference: communities, departments, code lists, words, crosswalk, calendar, working hours."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from etl import cells
from etl.errors import ReferenceTableError

UNMATCHED = "unmatched"
_NEAR = 0.6
_TABLES: dict[str, tuple[str, ...]] = {
    "communities": ("community_code", "name", "aliases", "households", "population", "rented_share"),
    "departments": ("department_code", "name", "aliases", "kind"),
    "codes": ("list", "code", "name_zh", "name_en", "credit", "is_resident", "is_callback_required", "is_reached", "note"),
    "words": ("list", "word", "code"),
    "category_crosswalk": ("source_category", "category_code", "note"),
    "calendar": ("day", "is_working_day", "name"),
    "working_hours": ("opens", "closes"),
}
PLACE = "(place)"
_COMMUNITY_SUFFIXES = ("社区居民委员会", "社区居委会", "居民委员会", "村民委员会", "居委会", "村委会", "社区", "村")


@dataclass(frozen=True)
class Reference:
    """tables: name → rows as read (header → text). sha256: over the bytes of all tables."""

    tables: dict[str, list[dict[str, str]]]
    sha256: str

    def words(self, list_: str) -> dict[str, str]:
        """Every spelling of a list → its code; "" = the word says nothing. Keys are folded with word_key."""
        if list_ == "community":
            return _spellings(self.tables["communities"], "community_code")
        if list_ == "department":
            return _spellings(self.tables["departments"], "department_code")
        found = {word_key(row["name_zh"]): row["code"] for row in self.tables["codes"] if row["list"] == list_}
        found |= {
            word_key(row[name]): row["code"] for name in ("code", "name_en") for row in self.tables["codes"] if row["list"] == list_
        }
        if list_ == "category":
            found |= {word_key(row["source_category"]): row["category_code"] for row in self.tables["category_crosswalk"]}
        return found | {word_key(row["word"]): row["code"] for row in self.tables["words"] if row["list"] == list_}

    def code(self, list_: str, word: str, words: dict[str, str]) -> str | None:
        """The code of one word, None when it says nothing, 'unmatched' when nobody knows it. words: self.words(list_)."""
        folded = cells.text(word)
        if folded is None:
            return None
        for spelling in _variants(list_, folded):
            if spelling in words:
                return words[spelling] or None
        return UNMATCHED

    def name(self, list_: str, code: str) -> str:
        """The Chinese name of a code; the code itself when the list does not have it."""
        table, column, name = {
            "community": ("communities", "community_code", "name"),
            "department": ("departments", "department_code", "name"),
        }.get(list_, ("codes", "code", "name_zh"))
        rows = (row for row in self.tables[table] if row[column] == code and row.get("list", list_) == list_)
        return next((row[name] for row in rows), code)

    def nearest(self, list_: str, word: str) -> str | None:
        """The code whose spelling is nearest to an unknown word, None when none is near. Nothing is matched by it."""
        words = {spelling: code for spelling, code in self.words(list_).items() if code}
        near = get_close_matches(word_key(word), words, n=1, cutoff=_NEAR)
        return words[near[0]] if near else None


def load_reference(folders: Sequence[Path]) -> Reference:
    """The tables; a later folder's table stands in for an earlier one's, in codes and words list by list.

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
            # a list whose codes are replaced loses its old words with them
            replaced |= {row["list"] for row in rows if "list" in row}
            if "list" in columns:
                tables[table] = [row for row in tables.get(table, []) if row["list"] not in replaced] + rows
            elif file.exists():
                tables[table] = rows
    if missing := [table for table in _TABLES if not tables.get(table) and table != "category_crosswalk"]:
        raise ReferenceTableError(
            f"缺少参考表 {missing[0]}.csv（应在 {'、'.join(map(str, folders))} 中）；请从安装包恢复",
            f"reference table {missing[0]}.csv is missing",
        )
    tables.setdefault("category_crosswalk", [])
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
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
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


def _check_codes(reference: Reference) -> None:
    """Every word and crosswalk row points to a code that exists."""
    known = {(row["list"], row["code"]) for row in reference.tables["codes"]}
    pointers = [(row, row["list"], row["code"]) for row in reference.tables["words"] if row["code"]]
    pointers += [(row, "category", row["category_code"]) for row in reference.tables["category_crosswalk"]]
    for row, list_, code in pointers:
        if (list_, code) not in known:
            raise ReferenceTableError(
                f"{row[PLACE]}：{list_} 没有代码 {code}；请改正", f"{row[PLACE]}: list {list_} has no code {code}"
            )
