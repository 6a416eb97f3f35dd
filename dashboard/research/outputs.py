"""What leaves the town hall, of a question and of an SQL query alike: rows, and what every column means.

files.py turns an Output and its Provenance into CSV, xlsx, Parquet and codebook; bundle.py into what it takes to repeat it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.desk.deidentified import schema
from dashboard.desk.query import Column, Result
from dashboard.i18n import LANGUAGES, joined, text
from dashboard.i18n.dates import span
from dashboard.metrics.cases import ignored_filters
from dashboard.metrics.catalogue import Metric, catalogue
from dashboard.metrics.dimensions import TIME, dimension
from dashboard.queries.codes import names
from dashboard.reading.links import page_href
from dashboard.research.cells import parts_of
from dashboard.research.numbers import NUMBERS, Answer
from dashboard.research.provenance import Provenance, provenance
from dashboard.view import FILTERS, View
from dashboard.warehouse import Build, Snapshot

PAGE = "/research"
_OF_SQL = ("SQL 查询结果", "result of an SQL query")
_NUMBERED = ("dow", "hour", "promise")
_PLACES = 6


@dataclass(frozen=True)
class OutputColumn:
    """name: as the files have it · type: DuckDB's name of it · unit: one of the catalogue's, or "" · zh, en: what it means."""

    name: str
    type: str
    unit: str
    zh: str
    en: str


@dataclass(frozen=True)
class Output:
    """rows: None, bool, int, float, Decimal, str, date, datetime, time, list, dict; as long as columns · metrics: keys of those whose
    definitions belong to it · notes: what a reader of it must know, as (zh, en)."""

    title: str
    columns: tuple[OutputColumn, ...]
    rows: tuple[tuple[Any, ...], ...] = field(repr=False)
    metrics: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def of_answer(answer: Answer, snapshot: Snapshot, view: View) -> tuple[Output, Provenance]:
    """A question's answer. view: as it was asked under; its language is that of the names. Equal answers give equal outputs."""
    lang, question = view.lang, answer.question
    output = Output(
        title=question_title(question.metrics, question.by, lang),
        columns=tuple(_answer_columns(question.by, _named(snapshot, question.by, lang))),
        rows=tuple(_answer_rows(answer, snapshot, lang)),
        metrics=question.metrics,
        notes=(_period_note(answer), *_filter_notes(snapshot, view, question.metrics), *_PROTECTED),
    )
    return output, answer_provenance(answer, snapshot, view)


def answer_provenance(answer: Answer, snapshot: Snapshot, view: View) -> Provenance:
    """Where an answer comes from, without preparing its rows."""
    subjects = _subject(answer, snapshot, view, "zh"), _subject(answer, snapshot, view, "en")
    return provenance(answer.build, "question", subjects, page_href(PAGE, view, **answer.question.choices()), view.lang)


def _subject(answer: Answer, snapshot: Snapshot, view: View, lang: str) -> str:
    """What is cited: the title, the days, and the filters, without which it would be another table."""
    title = question_title(answer.question.metrics, answer.question.by, lang)
    first, last = (day.isoformat() for day in answer.days)
    days = f"{first} 至 {last}" if lang == "zh" else f"{first} to {last}"
    filters = [_filter(snapshot, view, name, lang) for name in FILTERS if getattr(view, name)]
    return ("，" if lang == "zh" else ", ").join([title, days, *filters])


def of_result(result: Result, sql: str, build: Build, lang: str) -> tuple[Output, Provenance]:
    """A desk query's result, with the build it was run on."""
    words = frozenset(re.findall(r"\w+", sql.lower()))
    columns = tuple(_result_column(column, words) for column in result.columns)
    notes = (_CUT,) if result.is_cut else ()
    output = Output(_OF_SQL[lang == "en"], columns, result.rows, notes=(*notes, *_DEIDENTIFIED))
    return output, result_provenance(sql, build, lang)


def result_provenance(sql: str, build: Build, lang: str) -> Provenance:
    """Where a desk query's result comes from, without explaining its columns."""
    return provenance(build, "query", _OF_SQL, sql, lang)


def question_title(metrics: Sequence[str], by: Sequence[str], lang: str) -> str:
    """结案率、应结案数（按社区、周）"""
    said = joined([catalogue().metric(key).text(lang).name for key in metrics], lang)
    parts = [dimension(name).zh if lang == "zh" else dimension(name).en.lower() for name in by]
    if not parts:
        return said
    return f"{said}（按{joined(parts, lang)}）" if lang == "zh" else f"{said} by {joined(parts, lang)}"


def metrics_of(output: Output) -> tuple[Metric, ...]:
    """The metrics an output is made of, and those a composite is made of."""
    asked = [catalogue().metric(key) for key in output.metrics]
    found = {part.key: part for metric in asked for part in (metric, *parts_of(metric))}
    return tuple(found.values())


_PROTECTED = (
    (
        "为防止从数字认出个案：不足 5 件（含 0）的数不列出（held = small），为防止被推算而一并略去的数标为 complement；"
        "其余件数随机取整到 5 的倍数，同一批案件的数在任何表里、任何时候都相同。均值和分位数至少要有 10 件。",
        "So that nobody can be recognised: counts below 5, 0 included, are left out (held = small), as are those they could be worked out "
        "from (held = complement); all others are randomly rounded to multiples of 5, the same cases to the same number in every table "
        "and at any time. Means and quantiles need at least 10 cases.",
    ),
    (
        "比率由取整后的件数算出，因此分项之和可能不等于合计；引用时请注明。",
        "Rates are made of the rounded counts, so parts may not add up to totals; say so when you publish them.",
    ),
)
_DEIDENTIFIED = (
    (
        "查询的是脱敏数据：时间、地点、内容的组合不足五件的已变粗或隐去，案件编号为随机编号。",
        "The query ran on de-identified data: combinations of time, place and matter of fewer than five cases were made coarser or hidden; "
        "keys of cases are random.",
    ),
)
_CUT = (
    "结果超过行数上限，这里只有前面的行。",
    "There were more rows than may go out; these are the first of them.",
)


def _period_note(answer: Answer) -> tuple[str, str]:
    first, last = answer.days
    return f"期间：{span(first, last, 'zh')}。", f"Period: {span(first, last, 'en')}."


def _filter_notes(snapshot: Snapshot, view: View, metrics: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The filters in words, and the numbers on which one of them does not act, in the words of the pages."""
    picked = [name for name in FILTERS if getattr(view, name)]
    if picked:
        said_zh, said_en = ([_filter(snapshot, view, name, lang) for name in picked] for lang in LANGUAGES)
        yield f"筛选：{'；'.join(said_zh)}。", f"Filters: {'; '.join(said_en)}."
    ignored = {key: ignored_filters(key, view) for key in metrics}
    if any(ignored.values()):
        zh, en = (_unfiltered(ignored, lang) for lang in LANGUAGES)
        yield f"{zh}。", f"{en}."


def _unfiltered(ignored: Mapping[str, Sequence[str]], lang: str) -> str:
    said = [catalogue().metric(key).text(lang).name for key, filters in ignored.items() if filters]
    filters = dict.fromkeys(text(f"filter.{name}", lang) for names in ignored.values() for name in names)
    return text("chart.unfiltered", lang, filters=joined(list(filters), lang), metrics=joined(said, lang))


def _filter(snapshot: Snapshot, view: View, name: str, lang: str) -> str:
    known = names(snapshot, name, lang)
    codes = joined([known.get(code, code) for code in getattr(view, name)], lang)
    label = text(f"filter.{name}", lang)
    return f"{label}（{codes}）" if lang == "zh" else f"{label} ({codes})"


def _named(snapshot: Snapshot, by: Sequence[str], lang: str) -> dict[str, dict[str, str]]:
    """The names of the codes of each dimension that has any."""
    found = {name: names(snapshot, name, lang) for name in by if name not in TIME}
    return {name: known for name, known in found.items() if known}


def _answer_columns(by: Sequence[str], named: dict[str, dict[str, str]]) -> Iterator[OutputColumn]:
    for name in by:
        said = dimension(name)
        type_ = "DATE" if name in TIME else "INTEGER" if name in _NUMBERED else "VARCHAR"
        zh, en = _STEPS.get(name, (f"{said.zh}；空 = 没有记录", f"{said.en}; empty = not recorded"))
        yield OutputColumn(name, type_, "", zh, en)
        if name in named:
            yield OutputColumn(f"{name}_name", "VARCHAR", "", f"{said.zh}名称", f"{said.en}, its name")
    yield from _MEASURES


_STEPS = {
    "week": ("周，以周一的日期表示", "week, as the date of its Monday"),
    "month": ("月，以该月 1 日表示", "month, as the date of its first day"),
    "dow": ("星期，1 周一 … 7 周日", "weekday, 1 Monday … 7 Sunday"),
    "hour": ("时段，0–23 时；空 = 只有日期", "hour 0–23; empty = the day only"),
}
_MEASURES = (
    OutputColumn("metric", "VARCHAR", "", "指标，见“指标”各行", "metric, see the rows of kind metric"),
    OutputColumn("metric_name", "VARCHAR", "", "指标名称", "name of the metric"),
    OutputColumn("unit", "VARCHAR", "", "value 的单位；percent 为 0–1", "unit of value; percent is 0–1"),
    OutputColumn("value", "DOUBLE", "", "指标的值；空 = 未列出或不存在", "the metric's value; empty = held or none"),
    OutputColumn("numerator", "DOUBLE", "count", "分子（取整后）；空 = 未列出或没有", "numerator (rounded); empty = held or none"),
    OutputColumn(
        "denominator",
        "DOUBLE",
        "",
        "分母：件数（取整后）或暴露量（网格周、千户周等，不取整）；空 = 未列出或没有",
        "denominator: cases (rounded) or exposure (grid-weeks, 1,000 household-weeks …, exact); empty = held or none",
    ),
    OutputColumn(
        "n", "DOUBLE", "count", "样本数（取整后）；空 = 未列出", "number of cases behind the value (rounded); empty = held"
    ),
    OutputColumn(
        "held",
        "VARCHAR",
        "",
        "值为何未列出：small 不足 5 件（均值、分位数不足 10 件）；complement 为防止推算；空 = 已列出",
        "why the value is not shown: small, fewer than 5 cases (means and quantiles: 10); complement, so that another cannot be worked "
        "out; empty = shown",
    ),
)


def _answer_rows(answer: Answer, snapshot: Snapshot, lang: str) -> Iterator[tuple[Any, ...]]:
    by = answer.question.by
    named = _named(snapshot, by, lang)
    said = {key: catalogue().metric(key) for key in answer.question.metrics}
    for row in answer.frame.to_dict("records"):
        found: list[Any] = []
        for name in by:
            found.append(row[name].date() if name in TIME else row[name])
            if name in named:
                found.append(named[name].get(row[name]))
        metric = said[row["metric"]]
        numbers = [None if math.isnan(row[name]) else round(float(row[name]), _PLACES) for name in NUMBERS]
        yield (*found, metric.key, metric.text(lang).name, metric.unit, *numbers, row["held"] or None)


def _result_column(column: Column, words: frozenset[str]) -> OutputColumn:
    """Explained by the open schema where a table among the query's words has a column of this name and type; a column may yet be another's
    alias."""
    found = {
        table.name: one
        for table in schema()
        for one in table.columns
        if one.name == column.name and one.type == column.type and table.name in words
    }
    if not found:
        return OutputColumn(column.name, column.type, "", "查询中算出", "computed in the query")
    zh = "；".join(f"同名列 {table}.{one.name}：{one.zh}" for table, one in found.items())
    en = "; ".join(f"as {table}.{one.name}: {one.en}" for table, one in found.items())
    return OutputColumn(column.name, column.type, "", zh, en)
