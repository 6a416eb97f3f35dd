"""Trees of components, walked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from dash.development.base_component import Component

from dashboard.components.markup import properties
from dashboard.figures.theme import LOOKS

__all__ = ["components", "drawn", "properties", "unfolded"]


def drawn(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure that was sent, as it is drawn: with what the template says of its marks."""
    whole = unfolded(figure)
    return {**whole, "data": [{**LOOKS.get(trace.get("type"), {}), **trace} for trace in whole["data"]]}


def unfolded(node: Any) -> Any:
    """A figure as charts.js unfolds it."""
    if isinstance(node, list):
        return [unfolded(value) for value in node]
    if not isinstance(node, dict):
        return node
    if "even" in node:
        first, step, count = node["even"]
        return [round(first + place * step, 4) for place in range(count)]
    if "weeks" in node:
        first, count = node["weeks"]
        return [str(date.fromisoformat(first) + timedelta(weeks=place)) for place in range(count)]
    if "alike" in node:
        return _texts(node["alike"], [column.split("|") for column in node["vary"]], node["wide"])
    return {key: unfolded(value) for key, value in node.items()}


def _texts(alike: list[str], columns: list[list[str]], wide: int) -> Any:
    said = []
    for parts in zip(*columns, strict=True):
        rest = "".join(part + piece for part, piece in zip(parts, alike[1:], strict=True))
        said.append(alike[0] + rest if any(parts) else "")
    return [said[start : start + wide] for start in range(0, len(said), wide)] if wide else said


def components(node: Any) -> Iterator[Component]:
    """Every component of a tree."""
    if isinstance(node, Component):
        yield node
        yield from components(properties(node).get("children"))
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from components(item)
