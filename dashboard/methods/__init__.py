"""The statistical methods as they are told to readers: one file a method, read by the page of methods and by every chart's link."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Words:
    """A method in one language: for leaders, for researchers, what the formula's letters are, what it takes for granted, when not to."""

    name: str
    leaders: str
    researchers: str
    symbols: str
    assumptions: str
    avoid: str


@dataclass(frozen=True)
class Method:
    """function: that does it, module.function of dashboard.statistics, or package.module.function of another one."""

    id: str
    order: int
    function: str
    formula: str
    reference: str
    words: dict[str, Words]

    def text(self, lang: str) -> Words:
        return self.words[lang]


@cache
def methods() -> dict[str, Method]:
    """All by id, in the order of the page."""
    folder = resources.files("dashboard.methods")
    found = [_method(tomllib.loads(file.read_text(encoding="utf-8"))) for file in folder.iterdir() if file.name.endswith(".toml")]
    return {method.id: method for method in sorted(found, key=lambda method: method.order)}


def _method(entry: dict[str, object]) -> Method:
    """A missing or unknown key is an error here, not on the page."""
    words = {lang: Words(**_table(entry.pop(lang))) for lang in LANGUAGES}
    return Method(**entry, words=words)  # type: ignore[arg-type]  # read from a file whose keys are the fields


def _table(part: object) -> dict[str, str]:
    assert isinstance(part, dict)
    return part
