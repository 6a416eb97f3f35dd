"""Trees of components, walked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component

from dashboard.components.markup import properties

__all__ = ["components", "properties"]


def components(node: Any) -> Iterator[Component]:
    """Every component of a tree."""
    if isinstance(node, Component):
        yield node
        yield from components(properties(node).get("children"))
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from components(item)
