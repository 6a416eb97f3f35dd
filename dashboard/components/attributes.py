"""HTML attributes whose names Python cannot write: aria-* and data-*."""

from __future__ import annotations

from typing import Any


def aria(**values: str) -> dict[str, Any]:
    """aria(label="…") → {"aria-label": "…"}."""
    return {f"aria-{name}": value for name, value in values.items()}


def data(**values: str) -> dict[str, Any]:
    """data(action="theme") → {"data-action": "theme"}."""
    return {f"data-{name}": value for name, value in values.items()}
