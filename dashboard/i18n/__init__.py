"""Words on screen and paper: text(key, language). Language is an argument everywhere, never a setting of the process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


def text(key: str, lang: str, **values: object) -> str:
    """The words of a dotted key, with {name} filled from values. KeyError when the language lacks the key."""
    words = _words(lang)[key]
    return words.format(**values) if values else words


def keys(lang: str) -> frozenset[str]:
    """Every dotted key the language has."""
    return frozenset(_words(lang))


def html_lang(lang: str) -> str:
    """The lang attribute of the document; without it Han characters may be drawn in their Japanese forms."""
    return {"zh": "zh-CN", "en": "en"}[lang]


def joined(parts: list[str], lang: str) -> str:
    """Items of an enumeration: 、 in Chinese, comma in English."""
    return ("、" if lang == "zh" else ", ").join(parts)


@cache
def grid_words() -> dict[str, str]:
    """The Chinese texts of the grid component; English is built into it."""
    return {key: str(value) for key, value in tomllib.loads(_file("ag_grid_zh.toml")).items()}


@cache
def _words(lang: str) -> Mapping[str, str]:
    return dict(_flat(tomllib.loads(_file(f"{lang}.toml")), ""))


def _file(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _flat(tree: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value)))
    return found
