"""The metric catalogue: definitions/<id>.toml → Metric. What a number means is written there and nowhere else."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args

Kind = Literal["count", "ratio", "rate_per", "mean", "quantile", "stock", "composite"]
Direction = Literal["up", "down", "neutral"]
Group = Literal["flow", "closure", "time", "backlog", "quality", "department", "workload", "callback", "service", "question"]
GROUPS: tuple[str, ...] = get_args(Group)
UNITS = (
    "count", "percent", "hours", "minutes", "points", "times",
    "per_grid_week", "per_fte_week", "per_1000_households_week",
)  # fmt: skip
LANGUAGES = ("zh", "en")
TOP_KEYS = {
    "id", "kind", "group", "order", "table", "period", "where", "numerator", "numerator_sum", "denominator", "denominator_sum",
    "denominator_table", "denominator_period", "denominator_where", "denominator_scale", "complement", "value", "quantile",
    "opened", "closed", "min_age_days", "max_age_days", "weights", "scale", "unit", "decimals", "direction", "target", "min_n",
    "set", "zh", "en", "variants",
}  # fmt: skip


class CatalogueError(ValueError):
    """A definition file is wrong; the message names file, key and expectation."""


class UnknownMetric(KeyError):
    """No metric, or no variant, has this id."""


@dataclass(frozen=True)
class Words:
    """What is said about a metric in one language. definition: the formula in words · source: where the definition is from."""

    name: str
    short: str
    definition: str
    why: str
    caution: str
    source: str


@dataclass(frozen=True)
class Term:
    """Rows of table, dated by period, that satisfy `where` and `condition` – counted, or their `value` summed ÷ scale.

    `where` is what the metric excludes (numerator and denominator alike); conditions and values are SQL over plain columns.
    """

    table: str
    period: str
    where: str = "true"
    condition: str = "true"
    value: str = ""
    scale: float = 1.0


@dataclass(frozen=True)
class Metric:
    """One definition. key: `id`, or `id:variant`.

    count: numerator · ratio, rate_per: numerator ÷ denominator (complement: 1 − that) · mean, quantile: of numerator.value ·
    stock: numerator rows with opened ≤ day < closed, aged min_age_days … max_age_days (exclusive) on that day ·
    composite: Σ weight × value of other metrics. value × scale is what is stored. min_n: below it the value is withheld ·
    is_target_assumed: the target is another place's, told in `source`; a town's own has its target_source.
    """

    id: str
    variant: str
    kind: Kind
    group: Group
    order: int
    numerator: Term | None
    denominator: Term | None
    complement: bool
    quantile: float
    closed: str
    min_age_days: int
    max_age_days: int | None
    weights: tuple[tuple[str, float], ...]
    scale: float
    unit: str
    decimals: int
    direction: Direction
    target: float | None
    is_target_assumed: bool
    target_source: str
    min_n: int
    set: str
    words: tuple[tuple[str, Words], ...]

    @property
    def key(self) -> str:
        return f"{self.id}:{self.variant}" if self.variant else self.id

    def text(self, language: str) -> Words:
        """Its words in zh or en; KeyError for another language."""
        return dict(self.words)[language]


@dataclass(frozen=True)
class Catalogue:
    """All metrics by id, all variants by `id:variant`; version: hash over the definition files, printed with every report."""

    metrics: Mapping[str, Metric]
    variants: Mapping[str, Metric]
    version: str

    def metric(self, key: str) -> Metric:
        """The metric `id` or variant `id:variant`; UnknownMetric when there is none."""
        found = self.metrics.get(key) or self.variants.get(key)
        if found is None:
            raise UnknownMetric(f"没有指标 {key} / there is no metric {key}")
        return found

    def variants_of(self, metric_id: str) -> tuple[Metric, ...]:
        """Its variants in the order of the file."""
        return tuple(metric for metric in self.variants.values() if metric.id == metric_id)


@cache
def catalogue() -> Catalogue:
    """The product's own definitions, read once."""
    return read_catalogue(resources.files("dashboard.metrics"))


def read_catalogue(folder: Traversable) -> Catalogue:
    """The catalogue of folder/definitions/*.toml with folder/dimensions.toml; CatalogueError names what is wrong."""
    files = sorted((f for f in folder.joinpath("definitions").iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    metrics: dict[str, Metric] = {}
    variants: dict[str, Metric] = {}
    digest = hashlib.sha256(folder.joinpath("dimensions.toml").read_bytes())
    for file in files:
        content = file.read_bytes()
        digest.update(file.name.encode() + b"\0" + content)
        for metric in read_definition(file.name, tomllib.loads(content.decode("utf-8"))):
            (variants if metric.variant else metrics)[metric.key] = metric
    ordered = dict(sorted(metrics.items(), key=lambda item: (GROUPS.index(item[1].group), item[1].order, item[0])))
    return Catalogue(ordered, variants, digest.hexdigest()[:12])


def read_definition(file: str, content: Mapping[str, Any]) -> tuple[Metric, ...]:
    """The metric of one file followed by its variants, each of which overrides keys of the file and brings its own words."""
    _expect(file, content.get("id") == file.removesuffix(".toml"), "id must equal the file name")
    base = {key: value for key, value in content.items() if key != "variants"}
    found = [_metric(file, base, "")]
    for name, changes in content.get("variants", {}).items():
        _expect(file, all(language in changes for language in LANGUAGES), f"variant {name} needs [zh] and [en]")
        merged = {**base, "target": None, **changes}  # what was set for one way of counting holds for no other
        for language in LANGUAGES:
            merged[language] = {**base[language], **changes[language]}
        found.append(_metric(file, merged, name))
    return tuple(found)


def _metric(file: str, entry: Mapping[str, Any], variant: str) -> Metric:
    unknown = set(entry) - TOP_KEYS
    _expect(file, not unknown, f"unknown keys {sorted(unknown)}")
    for key in ("kind", "group", "unit", "direction", "set", "zh", "en"):
        _expect(file, key in entry, f"{key} is missing")
    kind: Kind = entry["kind"]
    _expect(file, kind in get_args(Kind), f"kind {kind} is none of {get_args(Kind)}")
    _expect(file, entry["group"] in GROUPS, f"group {entry['group']} is none of {GROUPS}")
    _expect(file, entry["unit"] in UNITS, f"unit {entry['unit']} is none of {UNITS}")
    _expect(file, entry["direction"] in get_args(Direction), f"direction {entry['direction']} is none of {get_args(Direction)}")
    return Metric(
        id=entry["id"],
        variant=variant,
        kind=kind,
        group=entry["group"],
        order=int(entry.get("order", 0)),
        numerator=_numerator(file, entry),
        denominator=_denominator(file, entry),
        complement=bool(entry.get("complement", False)),
        quantile=float(entry.get("quantile", 0.5)),
        closed=entry.get("closed", ""),
        min_age_days=int(entry.get("min_age_days", 0)),
        max_age_days=entry.get("max_age_days"),
        weights=tuple((key, float(weight)) for key, weight in entry.get("weights", {}).items()),
        scale=float(entry.get("scale", 1.0)),
        unit=entry["unit"],
        decimals=int(entry.get("decimals", 1)),
        direction=entry["direction"],
        target=entry.get("target"),
        is_target_assumed=entry.get("target") is not None,
        target_source="",
        min_n=int(entry.get("min_n", 0)),
        set=entry["set"],
        words=tuple((language, _words(file, entry[language])) for language in LANGUAGES),
    )


def _numerator(file: str, entry: Mapping[str, Any]) -> Term | None:
    if entry["kind"] == "composite":
        _expect(file, bool(entry.get("weights")), "a composite needs [weights]")
        return None
    dated_by = "opened" if entry["kind"] == "stock" else "period"
    for key in ("table", dated_by):
        _expect(file, key in entry, f"{key} is missing")
    if entry["kind"] in ("mean", "quantile"):
        _expect(file, "value" in entry, "value is missing")
    return Term(
        table=entry["table"],
        period=entry[dated_by],
        where=entry.get("where", "true"),
        condition=entry.get("numerator", "true"),
        value=entry.get("value", entry.get("numerator_sum", "")),
    )


def _denominator(file: str, entry: Mapping[str, Any]) -> Term | None:
    if entry["kind"] not in ("ratio", "rate_per"):
        return None
    _expect(file, "denominator" in entry or "denominator_sum" in entry, "a ratio needs a denominator")
    elsewhere = "denominator_table" in entry
    return Term(
        table=entry.get("denominator_table", entry["table"]),
        period=entry.get("denominator_period", entry["period"]),
        where=entry.get("denominator_where", "true" if elsewhere else entry.get("where", "true")),
        condition=entry.get("denominator", "true"),
        value=entry.get("denominator_sum", ""),
        scale=float(entry.get("denominator_scale", 1.0)),
    )


def _words(file: str, texts: Mapping[str, str]) -> Words:
    for key in ("name", "short", "definition", "why", "caution", "source"):
        _expect(file, bool(texts.get(key)), f"{key} is missing in a language")
    return Words(**texts)


def _expect(file: str, holds: bool, message: str) -> None:
    if not holds:
        raise CatalogueError(f"metrics/definitions/{file}: {message}")
