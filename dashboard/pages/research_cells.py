"""What a protected number looks like in a table or beside a mark: its value, or why it is not shown; and the words of its group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.i18n.dates import as_date, weekday
from dashboard.i18n.numbers import NOTHING, bare, count, is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.metrics.dimensions import TIME, dimension
from dashboard.reading.visit import Visit

SMALL, COMPLEMENT = "small", "complement"
UNDER = "<5"
COUNTED = ("count", "stock")
NUMBERED = ("dow", "hour", "promise")
"""Dimensions whose codes are numbers, in their own order."""


def dimension_name(visit: Visit, name: str) -> str:
    """社区 / Community."""
    own = dimension(name)
    return own.en if visit.lang == "en" else own.zh


def group_names(visit: Visit, names: Sequence[str]) -> str:
    """社区 · 工作内容"""
    return " · ".join(dimension_name(visit, name) for name in names)


def group_name(visit: Visit, name: str, code: Any) -> str:
    """A value of a dimension: a week by its Monday, a month, a weekday in words, everything else as its list has it."""
    if is_missing(code):
        return visit.words("research.blank")
    if name in TIME:
        day = as_date(code)
        return f"{day:%Y-%m}" if name == "month" else day.isoformat()
    if name == "dow":
        return weekday(int(code), visit.lang)
    return f"{int(code):02d}:00" if name == "hour" else visit.name(name, code)


def placed(visit: Visit, name: str, codes: Sequence[Any]) -> list[Any]:
    """The codes once each, in the order of time, of numbers, or of the town's own list; what no list has after it, blanks last."""
    once = list(dict.fromkeys(None if is_missing(code) else code for code in codes))
    order = {code: place for place, (code, _) in enumerate(visit.codes(name))} if name not in TIME else {}

    def place(code: Any) -> tuple[bool, int, Any]:
        if code is None:
            return True, 0, ""
        key = float(code) if name in NUMBERED else as_date(code) if name in TIME else str(code)
        return False, order.get(str(code), len(order)), key

    return sorted(once, key=place)


def value_words(visit: Visit, definition: Metric, row: Mapping[Any, Any]) -> str:
    """92.5%, 1,235, <5, or 隐去."""
    if row["held"] and is_missing(row["value"]):
        return UNDER if definition.kind in COUNTED and row["held"] == SMALL else visit.words("research.held")
    return bare(row["value"], definition.unit, definition.decimals, visit.lang)


def value_cell(visit: Visit, definition: Metric, row: Mapping[Any, Any]) -> Any:
    """value_words(), with the reason where it is held."""
    words = value_words(visit, definition, row)
    return explained(visit, words, str(row["held"])) if row["held"] and is_missing(row["value"]) else words


def count_cell(visit: Visit, value: Any, held: str) -> Any:
    """A numerator, denominator or n."""
    if not is_missing(value):
        return count(value)
    return explained(visit, visit.words("research.held"), held) if held else NOTHING


def explained(visit: Visit, words: str, held: str) -> html.Span:
    """Words in place of a number, with the reason."""
    return html.Span(words, className="held", title=visit.words(f"research.why_{held}"))
