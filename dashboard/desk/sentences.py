"""What a researcher is told about a query that did not run, one sentence a kind, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.desk.familiar import in_chinese

SENTENCES: dict[str, tuple[str, str]] = {
    "empty": ("这里还没有查询语句", "there is no statement here yet"),
    "several": ("一次只能运行一条语句，请去掉分号后面的内容", "one statement at a time; remove what follows the semicolon"),
    "long": ("语句太长，最多 {name} 字节", "the statement is too long, at most {name} bytes"),
    "syntax": ("语句读不懂：{name}", "the statement cannot be read: {name}"),
    "no_select": (
        "只能查询（SELECT）；不能写入、设置、导出，PIVOT 语句请改用 count(*) FILTER (WHERE …)",
        "only queries (SELECT) run here: nothing that writes, sets or exports; for PIVOT use count(*) FILTER (WHERE …)",
    ),
    "part": ("这里不能用 {name}", "{name} cannot be used here"),
    "function": (
        "这里没有函数 {name}；可用的函数见“表和字段”末尾",
        "there is no function {name} here; the end of Tables lists those there are",
    ),
    "type": ("这里不能转换为 {name} 类型", "values cannot be converted to {name} here"),
    "table": ("没有表 {name}；可用的表见“表和字段”", "there is no table {name}; Tables lists those there are"),
    "deep": ("语句嵌套太深，请拆成几个 WITH", "the statement is nested too deeply; split it into several WITH"),
    "failed": ("运行不了：{name}", "it cannot be run: {name}"),
    "memory": (
        "查询需要的内存超出限制，已停止；请先筛选或汇总",
        "the query needs more memory than it may have and was stopped; filter or aggregate first",
    ),
    "time": (
        "查询超过了时间限制，已停止；请先筛选或汇总",
        "the query took longer than it may and was stopped; filter or aggregate first",
    ),
    "cpu": (
        "查询超过了计算时间限制，已停止；请先筛选或汇总",
        "the query used more processor time than it may and was stopped; filter or aggregate first",
    ),
    "output": (
        "结果太大，已停止；请少选几列或先汇总",
        "the result is too large and was stopped; choose fewer columns or aggregate",
    ),
    "columns": (
        "结果的列太多，最多 {name} 列；请少选几列",
        "the result has too many columns, at most {name}; choose fewer",
    ),
    "cancelled": ("已取消", "cancelled"),
    "line": ("排队时间太长，请稍后再试", "the wait for a turn was too long; try again later"),
    "system": (
        "SQL 台只在 Linux 等系统上提供：别的系统没有它需要的隔离",
        "the SQL desk needs a POSIX system: others lack the walls it is made of",
    ),
    "broken": (
        "查询进程意外结束，请重试；若再次发生请简化语句",
        "the query's process ended unexpectedly; try again, then simplify the statement",
    ),
}


@dataclass(frozen=True)
class Message:
    """zh and en say what is wrong, where it is known in which line and column, and what to do."""

    zh: str
    en: str


def sentence(kind: str, name: str, place: tuple[int, int] | None) -> Message:
    """The sentence of that kind about `name`, with the place in front."""
    zh, en = (pattern.replace("{name}", name) for pattern in SENTENCES[kind])
    if kind in ("failed", "syntax"):
        zh = in_chinese(name) or zh
    if place is None:
        return Message(zh, en)
    line, column = place
    return Message(f"第 {line} 行第 {column} 个字：{zh}", f"line {line}, column {column}: {en}")
