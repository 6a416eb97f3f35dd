"""Whether a parsed statement may run: it is walked part by part, and what is not known to be harmless is refused.

It is DuckDB's own parse (json_serialize_sql), so nothing can be read differently later; SELECT alone would be no guard, since a
WITH may write files. Runs inside the cage: imports nothing that is slow to import.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_NO_PLACE = 2**64 - 1
_EXPRESSIONS = frozenset({
    "BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "LAMBDA",
    "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW",
})  # fmt: skip
_PARTS = frozenset({
    "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY",
    "EXPRESSION_LIST", "TABLE_FUNCTION", "PIVOT", "COLUMN_DATA", "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER",
    "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING",
})  # fmt: skip
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_TYPES = frozenset({
    "boolean", "bool", "tinyint", "smallint", "integer", "int", "int1", "int2", "int4", "int8", "int16", "int32", "int64",
    "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "float", "real", "float4", "float8", "double",
    "decimal", "numeric", "varchar", "char", "bpchar", "text", "string", "date", "timestamp", "datetime", "time", "interval",
    "list", "struct", "map",
})  # fmt: skip
# Words that look like columns and are bound as functions: the clock, the session, the file.
_WORDS = frozenset({
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user", "session_user", "user",
    "current_role", "current_catalog", "current_schema", "current_database", "today", "now",
})  # fmt: skip
_SYSTEM = ("duckdb_", "pg_", "sqlite_", "pragma_", "information_schema")


class Refusal(Exception):
    """kind: which sentence is told · name: what it is about · position: byte in the statement, None when not known."""

    def __init__(self, kind: str, name: str = "", position: int | None = None) -> None:
        super().__init__(kind, name, position)
        self.kind, self.name, self.position = kind, name, position


@cache
def functions() -> frozenset[str]:
    """The functions a query may use."""
    lines = Path(__file__).with_name("functions.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def check(serialized: str, tables: Collection[str]) -> None:
    """serialized: what json_serialize_sql gave · tables: of schema open. Raises Refusal."""
    try:
        parsed = json.loads(serialized)
        if parsed["error"]:
            raise _unparsed(parsed)
        statements = parsed["statements"]
        if len(statements) != 1:
            raise Refusal("several" if statements else "empty")
        _Walk(frozenset(tables), functions()).part(statements[0]["node"], frozenset())
    except RecursionError:
        raise Refusal("deep") from None


def _unparsed(parsed: Mapping[str, Any]) -> Refusal:
    position = int(parsed["position"]) if "position" in parsed else None
    if parsed["error_type"] != "parser":
        return Refusal("no_select", position=position)
    return Refusal("syntax", parsed["error_message"], position)


class _Walk:
    """Through one statement; `known` are the names that WITH defines where the walk is."""

    def __init__(self, tables: frozenset[str], functions: frozenset[str]) -> None:
        self._tables, self._functions = tables, functions

    def part(self, node: Any, known: frozenset[str]) -> None:
        """Raises Refusal for the first thing that is not known to be harmless."""
        if isinstance(node, list):
            for one in node:
                self.part(one, known)
        elif isinstance(node, dict):
            self._checked(node, known)
            inner = self._defined(node, known)
            for key, value in node.items():
                if key != "cte_map":
                    self.part(value, inner)

    def _defined(self, node: Mapping[str, Any], known: frozenset[str]) -> frozenset[str]:
        """Walks the definitions of a WITH in their order: a name counts only from its own definition on, where another is meant before."""
        for entry in node.get("cte_map", {}).get("map", ()):
            name = entry["key"].lower()
            if name.startswith(_SYSTEM):
                raise Refusal("table", entry["key"])
            is_recursive = entry["value"]["query_node"]["type"] == "RECURSIVE_CTE_NODE"
            self.part(entry["value"], known | {name} if is_recursive else known)
            known |= {name}
        return known

    def _checked(self, node: Mapping[str, Any], known: frozenset[str]) -> None:
        kind, type_ = node.get("class"), node.get("type")
        if kind is not None:
            self._expression(kind, node)
        elif isinstance(type_, str):
            if type_ not in _PARTS:
                raise Refusal("part", type_.removesuffix("_NODE").replace("_", " "), _place(node))
            if type_ == "BASE_TABLE":
                self._table(node, known)
            elif type_ == "TABLE_FUNCTION":
                self._table_function(node)

    def _expression(self, kind: str, node: Mapping[str, Any]) -> None:
        if kind not in _EXPRESSIONS:
            raise Refusal("part", kind, _place(node))
        if kind in ("FUNCTION", "WINDOW"):
            self._function(node)
        elif kind == "COLUMN_REF":
            self._column(node)
        elif kind == "TYPE":
            self._type(node)

    def _function(self, node: Mapping[str, Any]) -> None:
        name = str(node["function_name"])
        if name.lower() not in self._functions or node["qualified_name"]["path"][-1] != name:
            raise Refusal("function", name, _place(node))

    def _column(self, node: Mapping[str, Any]) -> None:
        names = node["column_names"]
        if len(names) == 1 and names[0].lower() in _WORDS:
            raise Refusal("function", names[0], _place(node))

    def _type(self, node: Mapping[str, Any]) -> None:
        path = node["qualified_name"]["path"]
        if len(path) != 1 or path[0].lower() not in _TYPES or node["type_name"] != path[0]:
            raise Refusal("type", ".".join(path), _place(node))

    def _table(self, node: Mapping[str, Any], known: frozenset[str]) -> None:
        path = [name.lower() for name in node["qualified_name"]["path"]]
        is_defined = len(path) == 1 and path[0] in known
        is_open = path[-1] in self._tables and path[:-1] in ([], ["open"])
        if "at_clause" in node or not (is_defined or is_open) or path[-1] != node["table_name"].lower():
            raise Refusal("table", ".".join(node["qualified_name"]["path"]), _place(node))

    def _table_function(self, node: Mapping[str, Any]) -> None:
        name = node["function"].get("function_name", "")
        if name.lower() not in _TABLE_FUNCTIONS:
            raise Refusal("function", name, _place(node))


def _place(node: Mapping[str, Any]) -> int | None:
    position = node.get("query_location", _NO_PLACE)
    return None if position == _NO_PLACE else int(position)
