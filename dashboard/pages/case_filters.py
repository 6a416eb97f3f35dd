"""Filters and order of the list of cases: the address ⇄ what the grid says ⇄ conditions on columns.

In the address: sort=-closed_at and where={"title":["contains","漏水"]} – column → kind, value, and for a range its end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.queries import Condition, kind_of
from dashboard.reading.visit import Visit

Filters = Mapping[str, tuple[str, str, str]]
"""Column → kind of condition, value, end of a range (texts)."""

_KINDS = {
    "contains": "contains", "notContains": "not_contains", "equals": "equals", "notEqual": "not_equals", "startsWith": "starts",
    "endsWith": "ends", "blank": "blank", "notBlank": "filled", "lessThan": "less", "lessThanOrEqual": "at_most",
    "greaterThan": "more", "greaterThanOrEqual": "at_least", "inRange": "between",
}  # fmt: skip
"""The grid's names of conditions; for moments less and more mean before and after."""
_OFFERED = {
    "text": ["contains", "notContains", "equals", "startsWith", "endsWith", "blank", "notBlank"],
    "code": ["contains", "notContains", "equals"],
    "flag": ["equals"],
    "moment": ["inRange", "equals", "lessThan", "greaterThan", "blank", "notBlank"],
    "number": ["greaterThan", "lessThan", "inRange", "equals", "blank", "notBlank"],
}
_COMPONENTS = {"moment": "agDateColumnFilter", "number": "agNumberColumnFilter"}
_LONGEST = 100


def column(visit: Visit, name: str) -> dict[str, Any]:
    """What a column of the grid offers for filtering; yes and no columns are filtered by choosing one of the two words."""
    kind = kind_of(name)
    parameters: dict[str, Any] = {"filterOptions": _OFFERED[kind], "maxNumConditions": 1, "buttons": ["reset"], "debounceMs": 400}
    if kind == "flag":
        parameters["filterPlaceholder"] = f"{visit.words('cases.yes')} / {visit.words('cases.no')}"
    return {"filter": _COMPONENTS.get(kind, "agTextColumnFilter"), "filterParams": parameters, "floatingFilter": True}


def parsed(text: str) -> Filters:
    """The filters of an address; what cannot be read is left out."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    filters = {}
    for name, said in found.items():
        if isinstance(said, list) and said and all(isinstance(part, str) for part in said) and said[0] in _KINDS:
            kind, value, until = (*said, "", "")[:3]
            filters[str(name)] = (kind, value[:_LONGEST], until[:_LONGEST])
    return filters


def from_grid(model: Mapping[str, Any]) -> Filters:
    """The grid's filterModel as filters."""
    found = {}
    for name, said in model.items():
        if isinstance(said, dict) and said.get("type") in _KINDS:
            value = said.get("dateFrom") if said.get("filterType") == "date" else said.get("filter")
            until = said.get("dateTo") if said.get("filterType") == "date" else said.get("filterTo")
            first, last = ("" if part is None else str(part)[:_LONGEST] for part in (value, until))
            found[str(name)] = (str(said["type"]), first, last)
    return found


def to_grid(filters: Filters) -> dict[str, Any]:
    """Filters as the grid's filterModel."""
    model: dict[str, Any] = {}
    for name, (kind, value, until) in filters.items():
        match kind_of(name):
            case "moment":
                model[name] = {"filterType": "date", "type": kind, "dateFrom": value or None, "dateTo": until or None}
            case "number":
                numbers = {"filter": _number(value), "filterTo": _number(until)}
                model[name] = {"filterType": "number", "type": kind, **numbers}
            case _:
                model[name] = {"filterType": "text", "type": kind, "filter": value}
    return model


def order(text: str) -> tuple[str, bool]:
    """sort=-closed_at → column and whether descending; nothing asked for → newest first."""
    return text.removeprefix("-"), text.startswith("-") or not text


def conditions(visit: Visit, filters: Filters) -> list[Condition]:
    """Filters as conditions of a query; one that cannot be meant (a range without numbers) is left out."""
    found = [_condition(visit, name, *said) for name, said in filters.items()]
    return [condition for condition in found if condition is not None]


def _condition(visit: Visit, name: str, kind: str, value: str, until: str) -> Condition | None:
    own = _KINDS[kind]
    if own in ("blank", "filled"):
        return Condition(name, own)
    match kind_of(name):
        case "code":
            return Condition(name, "not_in" if own.startswith("not_") else "in", codes=_codes(visit, name, own, value))
        case "flag":
            return _flag(visit, name, value.strip().lower())
        case "moment":
            first, last = _day(value), _day(until)
            said = {"less": "before", "more": "after"}.get(own, own)
            return Condition(name, said, first, last) if first and (last or said != "between") else None
        case "number":
            low, high = _number(value), _number(until)
            return Condition(name, own, low, high) if low is not None and (high is not None or own != "between") else None
    return Condition(name, own, value) if value else None


def _codes(visit: Visit, name: str, kind: str, words: str) -> tuple[str, ...]:
    """The codes whose names fit the words."""
    sought = words.strip().lower()
    named = visit.codes(name.removesuffix("_code"))
    if kind.endswith("equals"):
        return tuple(code for code, label in named if label.lower() == sought)
    return tuple(code for code, label in named if sought in label.lower())


def _flag(visit: Visit, name: str, words: str) -> Condition | None:
    """Yes or no by its word on screen; a word that is neither fits no row."""
    fits = [flag for flag, key in ((True, "cases.yes"), (False, "cases.no")) if words in visit.words(key).lower()]
    return None if len(fits) == 2 else Condition(name, "equals" if fits else "never", fits[0] if fits else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
