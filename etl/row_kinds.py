"""Which rows of a sheet are no records: sums, footers, and headers printed again on every page.

The word in the first cells tells. A row with every required column filled is a record, whatever its first word: an incident may well be
called 总计划延期, but no sum has an id, a status and a moment.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.recognise import Recognition

LABEL_CELLS = 3
"""First cells in which the word of a sum or a footer may stand."""
_B = "[\\s\u00a0\u3000]*"
_DIGITS = "[0-9０-９][0-9０-９,，.]*"
UNIT = "(?:分钟|工作日|小时|天|条|件|行|起|宗|例|项|笔|户|人|个|次)"
SUM = f"(?:合{_B}计|小{_B}计|总{_B}计)"
OTHER_SUM = f"(?:累{_B}计|汇{_B}总|总{_B}数|平{_B}均{_B}[值数]?|均{_B}值)"
_SCOPE = "(?:本页|本日|本月|本季度?|本年|全年|全镇|全街道|全区|全市|全部|各社区|总)?"
_AMOUNT = f"[:：]?{_B}(?:共计?|计|为|=)?{_B}{_DIGITS}{_B}{UNIT}?(?:记录|数据|事件|工单)?[。.]?"
_CLEAR_SUM = f"{_B}[-—=]*{_B}{_SCOPE}{_B}{SUM}{_B}[:：]?{_B}[-—=]*(?:{_AMOUNT})?{_B}"
_COUNT = f"{_B}[总一]?{_B}共[计有]?[:：]?{_B}{_DIGITS}{_B}{UNIT}.{{0,12}}|{_B}总?(?:记录|数据|条)总?数[:：]{_B}{_DIGITS}{_B}.?"
_LIKELY_SUM = f"{_B}{_SCOPE}{_B}(?:{SUM}|{OTHER_SUM}){_B}(?:[(（][^)）]{{0,20}}[)）])?(?:{_AMOUNT})?[:：]?{_B}|.{{1,20}}(?:{SUM}|{OTHER_SUM}){_B}[)）]?[:：]?{_B}"
_WHO = "(?:制表|填表|填报|审核|审批|统计|导出|打印|复核|报送|经办|负责|主管|联系|盖章|签字|签章|数据)"
_FOOTER = (
    f"{_B}{_WHO}(?:人员?|单位|部门|时间|日期|领导|电话|来源|说明)?{_B}[:：].*|{_B}(?:备{_B}注|说{_B}明|注){_B}[0-9]?{_B}[:：].*"
    f"|{_B}第?{_B}[0-9]+{_B}页.{{0,20}}|{_B}共{_B}[0-9]+{_B}页.{{0,20}}|{_B}[-—]{_B}[0-9]+{_B}[-—]{_B}|{_B}[(（]?以下空白[)）]?{_B}"
)


def record_sql(seen: Recognition, head: Sequence[Sequence[str]]) -> str:
    """A DuckDB condition over the cells of a row (c0 …): it is a record."""
    other = f"coalesce({sum_sql(seen)} OR ({_first(seen, _FOOTER)} AND NOT {_is_complete(seen)}), false)"
    # most rows begin with an id, which settles the question at once
    return f"(((c0 BETWEEN '0' AND 'zz' AND NOT contains(c0, '计')) OR NOT {other}) AND NOT ({_repeats_sql(seen, head)}))"


def present_sql(seen: Recognition) -> str:
    """The row holds something."""
    cells = ", ".join(f"nullif(trim(c{i}), '')" for i in range(len(seen.headers)))
    return f"(c0 > chr(32) OR coalesce({cells}) IS NOT NULL)"


def sum_sql(seen: Recognition) -> str:
    """The same for a row that states sums or a count; null for a blank row."""
    anywhere = " OR ".join(f"regexp_full_match(c{i}, '{_CLEAR_SUM}')" for i in range(min(LABEL_CELLS, len(seen.headers))))
    likely = f"({_first(seen, f'{_LIKELY_SUM}|{_COUNT}')} OR {anywhere}) AND NOT {_is_complete(seen)}"
    return f"({_first(seen, _CLEAR_SUM)} OR ({likely}))"


def _first(seen: Recognition, pattern: str) -> str:
    cells = ", ".join(f"nullif(trim(c{i}), '')" for i in range(min(LABEL_CELLS, len(seen.headers))))
    return f"regexp_full_match(coalesce({cells}), '{pattern}')"


def _is_complete(seen: Recognition) -> str:
    """Every required column holds something."""
    filled = (f"coalesce(trim(c{seen.columns[column.name]}) <> '', false)" for column in seen.source.required)
    return f"({' AND '.join(filled)})"


def _repeats_sql(seen: Recognition, head: Sequence[Sequence[str]]) -> str:
    """Every cell says what the same column says in the header or above it, as a page header does."""
    above = head[: seen.header_row]
    told = [sorted({row[i].strip() for row in above if i < len(row)} - {""}) for i in range(len(seen.headers))]
    cells = (f"(c{i} IS NULL OR trim(c{i}) IN ({', '.join(map(_literal, ['', *words]))}))" for i, words in enumerate(told))
    return " AND ".join(cells)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
