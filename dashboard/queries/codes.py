"""Names of codes, and what a filter can be."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.warehouse import Snapshot


@dataclass(frozen=True)
class Option:
    """A choice of a filter, or the name of a code. parent: the community of a grid."""

    code: str
    zh: str
    en: str
    parent: str = ""

    def name(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


def options(snapshot: Snapshot, dimension: str) -> tuple[Option, ...]:
    """What a dimension can be, in the order of the reference tables, the unmatched bucket last; once a build.

    community, department and grid carry the town's own names in both languages; other dimensions are lists of core.code.
    """
    return snapshot.remembered(("options", dimension), lambda: _options(snapshot, dimension))


def _options(snapshot: Snapshot, dimension: str) -> tuple[Option, ...]:
    if dimension == "next_department":
        return options(snapshot, "department")
    if dimension == "grid":
        return _grid_options(snapshot)
    if dimension in ("community", "department"):
        code = f"{dimension}_code"
        en = f"CASE WHEN {code} = 'unmatched' THEN 'Unmatched' ELSE name END"
        sql = f"SELECT {code}, name, {en} FROM core.{dimension} ORDER BY {code} = 'unmatched', {code}"
        return tuple(Option(*row) for row in snapshot.rows(sql))
    sql = "SELECT code, name_zh, name_en FROM core.code WHERE list = ? ORDER BY code = 'unmatched', sort_order"
    return tuple(Option(*row) for row in snapshot.rows(sql, [dimension]))


def _grid_options(snapshot: Snapshot) -> tuple[Option, ...]:
    """Grids by community and code; one that is no longer valid says until when."""
    sql = """SELECT grid_id, grid_code, coalesce(name, ''), valid_to, community_code FROM core.grid
             ORDER BY community_code, grid_code, valid_from"""
    found = []
    for grid_id, code, name, valid_to, community in snapshot.rows(sql):
        title = f"{code} {name}".strip()
        past_zh, past_en = (f"（至 {valid_to}）", f" (until {valid_to})") if valid_to else ("", "")
        found.append(Option(grid_id, title + past_zh, title + past_en, community))
    return tuple(found)


def names(snapshot: Snapshot, dimension: str, lang: str) -> dict[str, str]:
    """Code → name of a dimension or code list, in zh or en."""
    return {option.code: option.name(lang) for option in options(snapshot, dimension)}
