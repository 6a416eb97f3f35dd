"""One metric for all communities, with everything that qualifies it: n, interval, course, and whether it moved beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.sparkline import sparkline
from dashboard.components.table import Cell, Column, table
from dashboard.exhibit import NUMBER, TEXT, Exhibit, Field, Sheet
from dashboard.i18n.numbers import NOTHING, bare, change, count, is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import community_href
from dashboard.reading.difference import bounds_of, indexed, interval
from dashboard.reading.fairness import Fairness, rank_words
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.noise import verdict
from dashboard.reading.visit import AGEING, Visit, heading, listed, metric, part_of

PATH = "/communities"
SORTS = ("value", "n", "change")


@dataclass(frozen=True)
class Line:
    """A community, or the whole (code ""): its row now, and the one of the period it is compared with, if that is fair."""

    code: str
    now: dict[Any, Any]
    before: dict[Any, Any] | None

    @property
    def moved(self) -> float:
        """By how much, NaN where that is not known."""
        return float("nan") if self.before is None else float(self.now["value"]) - float(self.before["value"])


def one_metric(
    visit: Visit,
    key: str,
    codes: Sequence[str],
    numbers: pd.DataFrame,
    totals: pd.DataFrame,
    history: pd.DataFrame,
    found: Fairness | None = None,
) -> html.Section:
    """A row a community in the order asked for, the whole as the last. found: where it may stand among the others, if that is known."""
    definition = metric(key)
    is_fair = key not in AGEING
    then = visit.before((key,), by=("community",)) if is_fair else None
    then_whole = visit.before((key,)) if is_fair else None
    own = indexed(part_of(numbers, key), "community")
    earlier = None if then is None else indexed(then, "community")
    lines = [Line(code, own[code,], None if earlier is None else earlier[code,]) for code in codes]
    earlier_whole = None if then_whole is None else indexed(then_whole, "metric")[key,]
    whole = Line("", indexed(totals, "metric")[key,], earlier_whole)
    title = visit.words("communities.one", name=heading(definition, visit.lang))
    courses = {str(code): rows.sort_values("week")["value"].tolist() for code, rows in history.groupby("community")}
    rows = [
        [*_row(visit, definition, line, courses.get(line.code, [])), *_place(visit, found, line)] for line in _ordered(visit, lines)
    ]
    heads = [*_heads(visit, definition), *([] if found is None else [Column(visit.words("fairness.rank"), is_number=False)])]
    body = table(heads, rows, title, [*_row(visit, definition, whole, []), *_place(visit, found, whole)])
    exhibit = Exhibit("one-metric", title, lambda: _sheet(visit, definition, [*lines, whole]), (key,))
    compared = visit.words(f"compare.{visit.view.compare}")
    note = visit.words("communities.one_note", compared=compared) if then is not None else _why_not(visit, is_fair)
    foot = "" if found is None else visit.words("fairness.rank_note")
    return exhibit_card(visit, exhibit, body, width=7 if found is None else 12, note=note, foot=foot, methods=_methods(found))


def _methods(found: Fairness | None) -> tuple[str, ...]:
    if found is None:
        return ("newcombe",)
    return ("poisson" if found.metric.kind == "rate_per" else "wilson", "newcombe", "rank_interval")


def _place(visit: Visit, found: Fairness | None, line: Line) -> list[Cell]:
    return [] if found is None else [Cell(rank_words(visit, found, line.code) or NOTHING)]


def _why_not(visit: Visit, is_fair: bool) -> str:
    return visit.words("communities.no_earlier" if is_fair else "communities.ageing")


def _ordered(visit: Visit, lines: list[Line]) -> list[Line]:
    """By the column asked for, those without a number last; otherwise as the township lists them."""
    order = visit.choice("sort")
    if order not in SORTS:
        return lines
    places = {line.code: line.moved if order == "change" else float(line.now[order]) for line in lines}
    known = sorted(
        (line for line in lines if not is_missing(places[line.code])),
        key=lambda line: places[line.code],
        reverse=visit.choice("order") != "up",
    )
    return known + [line for line in lines if is_missing(places[line.code])]


def _heads(visit: Visit, definition: Metric) -> list[Column]:
    order, rising = visit.choice("sort"), visit.choice("order") == "up"
    own = {"metric": visit.choice("metric"), "pair": visit.choice("pair")}

    def head(name: str, words: str) -> Column:
        state = ("ascending" if rising else "descending") if name == order else ""
        href = page_href(PATH, visit.view, **own, sort=name, order="up" if name == order and not rising else "")
        return Column(words, href=href, sorted=state)

    listed_as = "" if order in SORTS else "ascending"
    return [
        Column(visit.words("table.community"), is_number=False, href=page_href(PATH, visit.view, **own), sorted=listed_as),
        head("value", heading(definition, visit.lang)),
        head("n", "n"),
        Column(visit.words("communities.interval")),
        Column(visit.words("communities.weeks"), is_number=False),
        head("change", visit.words(f"tile.on_{visit.view.compare}")),
    ]


def _row(visit: Visit, definition: Metric, line: Line, course: list[Any]) -> list[Cell]:
    name = visit.name("community", line.code) if line.code else visit.words("communities.whole")
    at = {"community": line.code} if line.code else {}
    label = visit.words("tile.history", name=f"{name} {definition.text(visit.lang).short}", weeks=len(course))
    drawn = sparkline(course, label)
    return [
        Cell(name, community_href(visit, line.code) if line.code else ""),
        Cell(
            bare(line.now["value"], definition.unit, definition.decimals, visit.lang),
            cases_href(visit.view, definition.key, listed(definition), at),
        ),
        Cell(count(line.now["n"])),
        Cell(interval(visit, definition, line.now)),
        Cell("" if drawn is None else drawn),
        Cell(_moved(visit, definition, line)),
    ]


def _moved(visit: Visit, definition: Metric, line: Line) -> Any:
    """+1.2 个百分点 向好: the change with its sign, and in words whether it is more than chance."""
    if line.before is None:
        return NOTHING
    delta = change(line.now["value"], line.before["value"], definition.unit, definition.decimals, visit.lang)
    said = verdict(definition, line.now["value"], line.now["n"], line.before["value"], line.before["n"])
    if not said or delta == NOTHING:
        return delta
    return html.Span([delta, " ", html.Span(visit.words(f"tile.{said}"), className="verdict")], className=f"delta {said}")


def _sheet(visit: Visit, definition: Metric, lines: Sequence[Line]) -> Sheet:
    name = definition.text(visit.lang).name
    unit, decimals = definition.unit, definition.decimals
    fields = [
        Field(visit.words("table.community"), TEXT),
        Field(name, unit, decimals),
        Field("n", NUMBER),
        Field(visit.words("table.low"), unit, decimals),
        Field(visit.words("table.high"), unit, decimals),
        Field(visit.words("communities.before"), unit, decimals),
        Field(visit.words("communities.verdict"), TEXT),
    ]
    rows = []
    for line in lines:
        before = line.before or {"value": None, "n": 0}
        said = verdict(definition, line.now["value"], line.now["n"], before["value"], before["n"])
        low, high = bounds_of(definition, line.now)
        own = visit.name("community", line.code) if line.code else visit.words("communities.whole")
        said = visit.words(f"tile.{said}").strip() if said else NOTHING
        rows.append([own, line.now["value"], line.now["n"], low, high, before["value"], said])
    return Sheet(fields, rows)
