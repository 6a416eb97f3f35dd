"""What DuckDB says most often about a statement, in Chinese; its own words are the English ones."""

from __future__ import annotations

import re

_NAMES = re.compile(r'"([^"]+)"')
_TOLD = tuple(
    (re.compile(pattern), zh)
    for pattern, zh in (
        (r'^Referenced column "(.+?)" not found.*?(?:Candidate bindings: (?P<near>.+))?$', "没有列 {0}"),
        (r'^Table "(.+?)" does not have a column named "(.+?)".*?(?:Candidate bindings: (?P<near>.+))?$', "表 {0} 里没有列 {1}"),
        (r'^Referenced table "(.+?)" not found.*?(?:Candidate tables: (?P<near>.+))?$', "FROM 里没有表 {0}"),
        (
            r'^column "(.+?)" must appear in the GROUP BY',
            "列 {0} 既不在 GROUP BY 里，也没有汇总；请加进 GROUP BY，或用 any_value({0})",
        ),
        (r'^Ambiguous reference to column name "(.+?)" \(use: (.+)\)', "列名 {0} 在几张表里都有，请写明是哪一张：{1}"),
        (r"^No function matches the given name and argument types '(.+?)'", "函数的参数类型不对：{0}；可先用 CAST 转换"),
        (
            r'^Could not choose a best candidate function for the function call "(.+?)"\. In',
            "函数的参数类型不明：{0}；请用 CAST 写明",
        ),
        (r'^syntax error at or near "(.+?)"', "{0} 附近有语法错误"),
        (r"^syntax error at end of input", "语句没有写完"),
        (r"^unterminated (?:string literal|quoted string)", "引号没有配对"),
        (r"^Could not convert string '(.*?)' to (\w+)(?:.* from source column (\w+))?", "文字“{0}”不能转换为 {1}"),
        (r"^(WHERE|GROUP BY) clause cannot contain aggregates", "{0} 里不能有汇总函数；对汇总值设条件请用 HAVING"),
        (r"^aggregate function calls cannot be nested", "汇总函数不能套汇总函数，请先用 WITH 算一层"),
        (r"^Set operations can only apply", "UNION 等两边的列数必须相同"),
        (r"^More than one row returned by a subquery", "当作一个值用的子查询返回了不止一行，请加条件或 LIMIT 1"),
        (r"^ORDER term out of range - should be between 1 and (\d+)", "ORDER BY 的序号超出范围，应在 1 到 {0} 之间"),
        (r'^(?:date|timestamp) field value out of range: "(.+?)"', "没有这个日期：{0}"),
        (r'^invalid (?:date|timestamp) field format: "(.+?)"', "日期“{0}”写法不对，应为 年-月-日，例如 2026-11-16"),
        (r"^Overflow in ", "数值太大，算不下；可先用 CAST 转为 DOUBLE"),
    )
)


def in_chinese(said: str) -> str:
    """What it means, with the names it gives; "" where it is nothing familiar."""
    for pattern, zh in _TOLD:
        if found := pattern.search(said):
            near = "、".join(_NAMES.findall(found.groupdict().get("near") or ""))
            return zh.format(*found.groups("")) + (f"；相近的有 {near}" if near else "")
    return ""
