"""What the desk's page shows beside the editor: the tables with their columns, and example queries."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources

from dashboard.desk.deidentified import Table, schema
from dashboard.desk.statement import functions


@dataclass(frozen=True)
class Example:
    """A query to begin with; zh and en say what it answers."""

    id: str
    zh: str
    en: str
    sql: str


def tables() -> tuple[Table, ...]:
    """The tables of the open schema with types and comments, those of facts first; the same in every build."""
    facts = ("incident", "step", "assignment", "callback_case", "callback", "service_case", "patrol")
    named = {table.name: table for table in schema()}
    return (*(named[name] for name in facts), *(table for name, table in named.items() if name not in facts))


def examples() -> tuple[Example, ...]:
    """Ten queries that run on every build."""
    written = tomllib.loads(resources.files("dashboard.desk").joinpath("examples.toml").read_text(encoding="utf-8"))
    return tuple(Example(id_, told["zh"], told["en"], told["sql"].strip()) for id_, told in written.items())


def function_names() -> tuple[str, ...]:
    """The functions a query may use, by name; operators left out."""
    return tuple(sorted(name for name in functions() if name[0].isalpha()))
