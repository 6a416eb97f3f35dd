"""At the door: people become keyed pseudonyms; phone, identity-card and plate numbers and the row's own names are masked in its texts.

The key is made on first use, readable by its owner only, and never leaves the data root; without it pseudonyms cannot be linked to people.
Two strictnesses: in free text everything that may be a personal number is masked (`masked`), in words, headers and file names only what
can hardly be anything else (`masked_place`, `masked_cell_sql`), because there a long number is mostly an id or a date.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

MASK = "***"

# The same patterns in Python and in DuckDB SQL (RE2, so no looking around): digits may be full width, groups may be set apart.
_D = "[0-9０-９]"
_X = "[0-9０-９xXｘＸ]"
_S = "[-－‐–— 　\u00a0.．·]"
_EXTENSION = f"(?:[ 　]?(?:转|轉|分机|ext\\.?|[-－#])[ 　]?{_D}{{1,6}})?"
_BIRTH_YEAR = "(?:[1１][89８９]|[2２][0０])"
_ID_18 = f"{_D}{{6}}{_S}{{0,3}}{_BIRTH_YEAR}{_D}{{2}}{_S}?{_D}{{2}}{_S}?{_D}{{2}}{_S}{{0,3}}{_D}{{3}}{_S}?{_X}{_D}*"
_ID_15 = f"{_D}{{6}}{_S}{{1,3}}{_D}{{6}}{_S}{{1,3}}{_D}{{3}}{_D}*"
_COUNTRY = f"[(（]?[+＋]?(?:[0０]{{2}})?[8８][6６][)）]?{_S}{{0,3}}"
_MOBILE = f"(?:{_COUNTRY})?[1１][3-9３-９]{_D}{_S}{{0,3}}{_D}{{4}}{_S}{{0,3}}{_D}{{4}}{_D}*"
_SPREAD_MOBILE = f"\\b1[3-9](?:{_S}?[0-9]){{9}}\\b"
_LANDLINE = f"[(（]?[0０]{_D}{{2,3}}[)）]?{_S}{{0,3}}{_D}{{3,4}}{_S}?{_D}{{4}}{_D}*{_EXTENSION}"
_SERVICE_LINE = f"[48４８][0０]{{2}}{_S}{{1,3}}{_D}{{3,4}}{_S}{{1,3}}{_D}{{3,4}}"
_LONG = f"{_D}{{7,}}[xXｘＸ]?{_EXTENSION}"
_SPOKEN = "[〇零○幺一二三四五六七八九]{7,}"
_PROVINCES = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_LETTER = "[A-HJ-NP-Za-hj-np-zＡ-ＨＪ-ＮＰ-Ｚ]"
_ON_PLATE = "[A-HJ-NP-Za-hj-np-zＡ-ＨＪ-ＮＰ-Ｚ0-9０-９]"
_PLATE = f"{_PROVINCES}{_LETTER}[·•. -]?{_ON_PLATE}{{4}}(?:{_ON_PLATE}{{1,2}}|[挂学警港澳])"
_PERSONAL_NUMBER = "|".join((_ID_18, _ID_15, _MOBILE, _SPREAD_MOBILE, _LANDLINE, _SERVICE_LINE, _LONG, _PLATE, _SPOKEN))
_SUSPECT = f"{_D}(?:{_D}|{_S}){{5,}}{_X}|{_PROVINCES}{_LETTER}|{_SPOKEN}"

# What can hardly be anything else.
_PLAIN_ID = "[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9xX]"
_PLAIN_MOBILE = "(?:[+]?86[ -]?)?1[3-9][0-9][ .-]?[0-9]{4}[ .-]?[0-9]{4}"
_WIDE_MOBILE = "１[３-９][０-９]{9}"
_UNMISTAKABLE = f"\\b{_PLAIN_MOBILE}\\b|{_WIDE_MOBILE}|\\b{_PLAIN_ID}\\b"
_IN_PLACE = re.compile(f"(?<![0-9A-Za-z])(?:{_PLAIN_MOBILE}|({_PLAIN_ID}))(?![0-9A-Za-z])|{_WIDE_MOBILE}")

# Whose name a cell gives: 王小明, 王小明先生, 王小明13800138000, 张三、李四, 买买提·吐尔逊, John Smith.
_TITLE = "先生|女士|小姐|同志|师傅|老师|阿姨|大爷|大妈|奶奶|爷爷|大姐|大哥"
_HAN_NAME = "\\p{Han}{1,8}(?:[·•]\\p{Han}{1,8})+|\\p{Han}{2,4}"
_FIRST_NAME = f"^[\\s　]*({_HAN_NAME}|[A-Z][a-z]+(?: [A-Z][a-z.]*){{1,3}})(?:{_TITLE})?(?:[^\\p{{Han}}].*)?$"
_SECOND_NAME = f"[、,，;；/ 　]({_HAN_NAME})(?:{_TITLE})?(?:[^\\p{{Han}}].*)?$"
NOBODY = frozenset(
    {
        *("匿名", "匿名市民", "市民", "居民", "群众", "村民", "业主", "住户", "路人", "热心市民", "热心群众", "热心居民", "小区居民"),
        *("本人", "先生", "女士", "来电人", "投诉人", "反映人", "当事人", "诉求人", "负责人", "联系人", "工作人员", "网格员", "网格长"),
        *("不愿透露", "不便透露", "未提供", "未留", "未留姓名", "物业", "社区", "居委会", "系统", "管理员", "测试", "某某", "某人"),
        *("保密", "不详", "未知", "不明", "暂无", "无名", "未填", "空白"),
    }
)  # fmt: skip
"""Words that stand where a name would and name nobody."""

RETURNED = "化名:"
"""Stands before a pseudonym in a returned workbook, so that it comes back as the same person."""
_RETURNED = re.compile(f"{RETURNED} ?([0-9a-f]{{16}})")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PERSONAL = re.compile(_PERSONAL_NUMBER, re.ASCII)


def masked(text: str) -> str:
    """text with phone, identity-card and plate numbers and any other run of seven digits replaced by ***."""
    return _PERSONAL.sub(MASK, text)


def masked_sql(expression: str) -> str:
    """The same as a DuckDB expression; only texts with a suspicious run of characters pay for the replacement."""
    return (
        f"CASE WHEN regexp_matches({expression}, '{_SUSPECT}') "
        f"THEN regexp_replace({expression}, '{_PERSONAL_NUMBER}', '{MASK}', 'g') ELSE {expression} END"
    )


def masked_place(text: str) -> str:
    """A file name, header or sentence without the mobile and identity-card numbers in it; its dates and ids stay."""
    return _IN_PLACE.sub(lambda match: MASK if not match[1] or is_identity_number(match[1]) else match[0], text)


def unmistakable_sql(expression: str) -> str:
    """Whether a cell that is no free text holds a mobile or identity-card number (DuckDB expression)."""
    return f"regexp_matches({expression}, '{_UNMISTAKABLE}')"


def masked_cell_sql(expression: str) -> str:
    """The cell without them (DuckDB expression)."""
    return f"regexp_replace({expression}, '{_UNMISTAKABLE}', '{MASK}', 'g')"


def names_sql(cell: str) -> tuple[str, str]:
    """The names a cell gives, as DuckDB expressions: its first and its last; null where there is none."""
    nobody = ", ".join(f"'{word}'" for word in sorted(NOBODY))
    found = (f"nullif(regexp_extract({cell}, '{pattern}', 1), '')" for pattern in (_FIRST_NAME, _SECOND_NAME))
    first, last = (f"CASE WHEN {name} NOT IN ({nobody}) THEN {name} END" for name in found)
    return first, last


def without_names_sql(expression: str, names: Iterable[str]) -> str:
    """expression with the names (DuckDB expressions, may be null) replaced by ***."""
    for name in names:
        expression = f"replace({expression}, coalesce({name}, chr(1)), '{MASK}')"
    return expression


def is_identity_number(number: str) -> bool:
    """18 digits whose last one is the check character of GB 11643 (ISO 7064 MOD 11-2)."""
    if not re.fullmatch("[0-9]{17}[0-9xX]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def pseudonym(person: str, key: bytes) -> str:
    """16 hex digits, the same for the same person and key; a pseudonym that comes back from a returned workbook stays as it is."""
    if match := _RETURNED.fullmatch(person):
        return match[1]
    return hmac.new(key, person.encode(), hashlib.sha256).hexdigest()[:16]


def pseudonyms(people: Sequence[str | None], key: bytes) -> list[str | None]:
    """None for nobody: 匿名 is not one person with a thousand complaints."""
    return [pseudonym(person, key) if person and person not in NOBODY else None for person in people]


def town_key(path: Path) -> bytes:
    """The key in the file at path; made with owner-only permissions when the file is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def private_folder(path: Path) -> Path:
    """path, made when it is not there, for its owner only where the platform knows owners."""
    path.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        path.chmod(0o700)
    return path
