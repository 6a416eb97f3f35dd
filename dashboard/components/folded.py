"""A figure as it travels: what lists repeat is said once. charts.js unfolds it into the figure it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

from dashboard.figures.theme import LOOKS

_FEWEST, _FEWEST_TEXTS = 6, 10  # items from which folding saves anything
_BETWEEN = "|"
_CUT = re.compile(r"(?<=<br>)|(?= <)|(?<= – )|(?<=&)")  # lines, marks, bounds, parameters
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NEAR, _LEAST_STEP = 0.05, 1e-3
"""Numbers are even when none is further from its place than this part of a step: shares travel with three digits."""


def sent(figure: Any) -> Any:
    """The figure folded, without what the template says of its marks."""
    traces = [{key: value for key, value in trace.items() if not _is_known(trace, key, value)} for trace in figure["data"]]
    return folded({**figure, "data": traces})


def _is_known(trace: dict[str, Any], key: str, value: Any) -> bool:
    look = LOOKS.get(str(trace.get("type")), {})
    return key in look and bool(look[key] == value)


def folded(node: Any) -> Any:
    """The same figure with each list of texts that are alike, of weeks and of evenly spaced numbers in a short form.

    {"alike": [pieces], "vary": [a column between each two pieces, joined by |], "wide": cells a row, 0 for a plain list},
    {"weeks": [first Monday, how many]}, {"even": [first, step, how many]}.
    """
    if isinstance(node, dict):
        return {key: folded(value) for key, value in node.items()}
    if not isinstance(node, (list, tuple)):
        return node
    if len(node) >= _FEWEST:
        found = _numbers(node) or _weeks(node) or _texts(node, 0)
        if found:
            return found
    wide = len(node[0]) if node and isinstance(node[0], (list, tuple)) else 0
    if wide and all(isinstance(row, (list, tuple)) and len(row) == wide for row in node) and wide * len(node) >= _FEWEST:
        found = _texts(list(chain.from_iterable(node)), wide)
        if found:
            return found
    return [folded(value) for value in node]


def _numbers(values: Sequence[Any]) -> dict[str, Any] | None:
    if not all(type(value) in (int, float) for value in values):
        return None
    step = (values[-1] - values[0]) / (len(values) - 1)
    if abs(step) < _LEAST_STEP or any(
        abs(values[0] + place * step - value) > _NEAR * abs(step) for place, value in enumerate(values)
    ):
        return None
    return {"even": [values[0], int(step) if step == int(step) else float(f"{step:.9g}"), len(values)]}


def _weeks(values: Sequence[Any]) -> dict[str, Any] | None:
    if not all(isinstance(value, str) and _DAY.fullmatch(value) for value in values):
        return None
    first = date.fromisoformat(values[0])
    if any(str(first + timedelta(weeks=place)) != value for place, value in enumerate(values)):
        return None
    return {"weeks": [values[0], len(values)]}


def _texts(values: Sequence[Any], wide: int) -> dict[str, Any] | None:
    """Cut into pieces, each compared with its like; None where that is no gain, or cannot be undone."""
    said = [value for value in values if value != ""]
    if len(said) < _FEWEST_TEXTS or not all(isinstance(value, str) and _BETWEEN not in value for value in values):
        return None
    cut = [_CUT.split(value) for value in said]
    if len({len(pieces) for pieces in cut}) > 1:
        return None
    alike, columns = [""], []
    for column in zip(*cut, strict=True):
        before = _beginning(column)
        rest = [piece[len(before) :] for piece in column]
        after = _beginning([piece[::-1] for piece in rest])[::-1]
        alike[-1] += before
        if any(rest):
            columns.append([piece[: len(piece) - len(after)] for piece in rest])
            alike.append(after)
    if len(columns) == 0 or sum(map(len, alike)) < _FEWEST or any(not any(row) for row in zip(*columns, strict=True)):
        return None
    lines = iter(zip(*columns, strict=True))
    rows = [next(lines) if value else ("",) * len(columns) for value in values]
    return {"alike": alike, "vary": [_BETWEEN.join(column) for column in zip(*rows, strict=True)], "wide": wide}


def _beginning(texts: Sequence[str]) -> str:
    """What all begin with."""
    low, high = min(texts), max(texts)
    return low[: next((place for place, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))]
