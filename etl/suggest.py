"""Headers nobody has seen: which of our columns each may be, judged by its words and by the values below it, and a profile to finish."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from etl import cells
from etl.privacy import masked, masked_place
from etl.recognise import Recognition, read_as
from etl.reference import Reference, word_key
from etl.sheet import Sheet
from etl.source import Column, Source, header_key
from etl.sources import SOURCES

_NEAR = 0.55
_MOST = 3
_EXAMPLES = 3
_PERSONAL_WORDS = ("姓名", "电话", "手机", "身份证", "证件", "联系人", "联系方式", "来电人", "诉求人", "申请人", "当事人", "户主")
_ID = re.compile(r"[A-Za-z]*[-_A-Za-z0-9]*[0-9][-_A-Za-z0-9]*")
_NAME = re.compile(
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付"
    "方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤][\u4e00-\u9fff]{1,2}[0-9]?"
)
_TYPE_WORDS = {
    "moment": ("值都是日期或时间", "its values are dates"),
    "yes_no": ("值都是“是/否”", "its values are yes or no"),
    "code": ("值都在“{zh}”的名单里", "its values are in the list of {name}"),
    "count": ("值都是整数", "its values are whole numbers"),
    "number": ("值都是数字", "its values are numbers"),
    "share": ("值都是数字", "its values are numbers"),
    "minutes": ("值都是时长", "its values are spans of time"),
    "text": ("值像编号，各不相同", "its values look like ids, no two alike"),
}


@dataclass(frozen=True)
class Suggestion:
    """A column of ours that a header may be. score: 0–1, higher is nearer · zh, en: why."""

    column: Column
    score: float
    zh: str
    en: str


@dataclass(frozen=True)
class Unmapped:
    """A header without a column. is_personal: it may name or reach a person · examples: values below it, masked; none of those."""

    header: str
    is_personal: bool
    examples: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


def unmapped_headers(sheet: Sheet, seen: Recognition, reference: Reference) -> tuple[Unmapped, ...]:
    """Every header of the sheet that has no column yet, with what it may be."""
    free = [column for column in seen.source.loaded if column.name not in seen.columns]
    found = []
    for index, header in enumerate(seen.headers):
        if header in seen.unmapped:
            values = _values(sheet, seen.header_row, index)
            is_personal = looks_personal(header, values, seen.source)
            shown = () if is_personal else tuple(masked(value) for value in values[:_EXAMPLES])
            found.append(Unmapped(header, is_personal, shown, suggestions(header, values, free, reference)))
    return tuple(found)


def suggestions(header: str, values: Sequence[str], free: Sequence[Column], reference: Reference) -> tuple[Suggestion, ...]:
    """The nearest of the free columns, nearest first, at most three. values: what stands below the header."""
    scored = [_scored(header, values, column, reference) for column in free]
    near = sorted((s for s in scored if s.score >= _NEAR), key=lambda s: -s.score)
    return tuple(near[:_MOST])


def nearest_reading(sheet: Sheet, reference: Reference) -> Recognition:
    """For a sheet no kind fits: the first of its widest rows as header, and the kind whose required columns it resembles most."""
    widths = [len({cell.strip() for cell in row if cell.strip()}) for row in sheet.head]
    row = widths.index(max(widths))
    readings = [read_as(source, sheet, row) for source in SOURCES]
    return max(readings, key=lambda seen: _resemblance(seen, sheet, reference))


def looks_personal(header: str, values: Sequence[str], source: Source) -> bool:
    """The column may name or reach people, by its header or by what stands in it, so that its values are never shown."""
    key = header_key(header)
    spelled = {header_key(word) for column in source.columns if column.type == "personal" for word in column.headers}
    if key in spelled or any(word in key for word in _PERSONAL_WORDS):
        return True
    like = sum(bool(_NAME.fullmatch(value)) or masked(value) != value for value in values)
    return like >= 0.5 * len(values) > 0


def likeness(header: str, column: Column) -> float:
    """0–1: how near the header's words are to the nearest spelling of the column."""
    key = header_key(header)
    return max((_alike(key, header_key(spelling)) for spelling in column.headers), default=0.0)


def draft_profile(path: Path, name: str, seen: Recognition, unmapped: Sequence[Unmapped]) -> None:
    """Writes a profile for a person to finish: what is mapped, what is suggested as comments, and how to go on."""
    mapped = [f"{column} = {_quoted(seen.headers[index])}" for column, index in seen.columns.items()]
    offers = {s.column.name: (u.header, s) for u in reversed(unmapped) for s in u.suggestions[:1]}
    open_columns = [column for column in seen.source.loaded if column.name not in seen.columns]
    open_columns.sort(key=lambda column: (not column.required, column.name not in offers))
    to_do = [_to_do(column, offers.get(column.name)) for column in open_columns]
    personal = [*seen.personal, *(u.header for u in unmapped if u.is_personal)]
    match = [header for header in seen.headers if header not in personal and not header.startswith("未命名_")]
    lines = [
        f"# {masked_place(name)} 的映射草稿。左边是本平台的字段，右边是文件里的表头。",
        "# 1. 核对 [columns]：去掉确认无误的行首 #，补上“必需”的行，删掉不对的行。",
        "# 2. 把本文件改名为 profile.toml（现在叫 profile.draft.toml，不起作用），再放入文件。",
        f"kind = {_quoted(seen.source.name)}  # {seen.source.zh}；可选：{'、'.join(f'{s.name}（{s.zh}）' for s in SOURCES)}",
        "",
        "[match]  # 文件里这些表头都在时，就用这个映射",
        f"headers = {_quoted(match)}",
        "",
        "[columns]",
        *mapped,
        *to_do,
        "",
        "[personal]  # 指向个人的列，永不导入",
        f"headers = {_quoted(personal)}",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(masked_place("\n".join(lines)) + "\n", encoding="utf-8")


def _resemblance(seen: Recognition, sheet: Sheet, reference: Reference) -> float:
    """Mean over the required columns: 1 when mapped, else the score of the best suggestion; mapped optional columns settle ties."""
    missing = [column for column in seen.source.required if column.name not in seen.columns]
    best = dict.fromkeys((column.name for column in missing), 0.0)
    for index, header in enumerate(seen.headers):
        for column in missing if header in seen.unmapped else ():
            score = _scored(header, _values(sheet, seen.header_row, index), column, reference).score
            best[column.name] = max(best[column.name], score)
    found = len(seen.source.required) - len(missing) + sum(best.values())
    return found / len(seen.source.required) + 0.01 * len(seen.columns)


def _to_do(column: Column, offer: tuple[str, Suggestion] | None) -> str:
    """A line of the draft for a column that has no header yet."""
    header, why = (offer[0], f"？{offer[1].zh}") if offer else ("", "")
    return f"# {column.name} = {_quoted(header)}  # {'必需：' if column.required else ''}{column.zh}{why}"


def _scored(header: str, values: Sequence[str], column: Column, reference: Reference) -> Suggestion:
    words = likeness(header, column)
    below = _fits(values, column, reference)
    # a list of codes says more than a date: many columns hold dates
    score = words if below is None else max(words, 0.55 if column.type == "code" else 0.0) * 0.6 + 0.4 if below else words * 0.4
    said = (
        [(f"表头与“{_nearest(header, column)}”相近", f"its words are near “{_nearest(header, column)}”")] if words >= _NEAR else []
    )
    if below and column.type in _TYPE_WORDS:
        zh, en = _TYPE_WORDS[column.type]
        said.append((zh.format(zh=column.zh), en.format(name=column.list)))
    return Suggestion(column, round(score, 3), "，".join(zh for zh, _ in said), ", ".join(en for _, en in said))


def _fits(values: Sequence[str], column: Column, reference: Reference) -> bool | None:
    """Whether the values read as the column's type; None where any text would, or where there are none."""
    reader: Callable[[str], object]
    match column.type:
        case "moment":
            reader = cells.moment
        case "yes_no":
            reader = cells.yes_no
        case "count":
            reader = cells.count
        case "number" | "share":
            reader = cells.share
        case "minutes":
            reader = cells.minutes
        case "code":
            words = reference.words(column.list)
            return bool(values) and sum(word_key(value) in words for value in values) >= 0.6 * len(values) if values else None
        case "text" if column.required:
            return all(_ID.fullmatch(value) for value in values) if values else None
        case _:
            return None
    return sum(_reads(reader, value) for value in values) >= 0.8 * len(values) if values else None


def _reads(reader: Callable[[str], object], value: str) -> bool:
    try:
        reader(value)
    except cells.CellError:
        return False
    return True


def _values(sheet: Sheet, header_row: int, index: int) -> list[str]:
    """What stands below a header in the first rows, each once, blanks left out."""
    below = (row[index].strip() for row in sheet.head[header_row:] if index < len(row))
    return list(dict.fromkeys(value for value in below if cells.text(value)))


def _alike(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    if min(len(a), len(b)) >= 2 and (a in b or b in a):
        return 0.6 + 0.4 * min(len(a), len(b)) / max(len(a), len(b))
    return SequenceMatcher(None, a, b).ratio()


def _nearest(header: str, column: Column) -> str:
    key = header_key(header)
    return max(column.headers, key=lambda spelling: _alike(key, header_key(spelling)))


def _quoted(value: str | list[str]) -> str:
    """A TOML string or list of strings; JSON's quoting is TOML's."""
    return json.dumps(value, ensure_ascii=False)
