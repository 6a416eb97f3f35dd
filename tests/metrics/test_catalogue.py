"""The definition files: complete, in both languages, parseable anywhere, and each with a specification."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp

from dashboard.metrics.catalogue import (
    UNITS,
    CatalogueError,
    Metric,
    Term,
    UnknownMetric,
    catalogue,
    read_catalogue,
    read_definition,
)
from dashboard.metrics.dimensions import dimensions
from dashboard.metrics.plan import plan
from tests.tables import specified_keys

METRICS = [*catalogue().metrics.values(), *catalogue().variants.values()]
HAN = re.compile(r"[一-鿿]")


def schema_columns() -> dict[str, set[str]]:
    """Columns of each table of the warehouse, read from its schema."""
    text = resources.files("etl").joinpath("schema.sql").read_text(encoding="utf-8")
    tables = re.findall(r"CREATE TABLE ([\w.]+) \((.*?)\);", text, flags=re.S)
    return {table: set(re.findall(r"(?:^|,)\s*([a-z_0-9]+)\s+[A-Z]", body)) for table, body in tables}


def terms(metric: Metric) -> list[Term]:
    return [term for term in (metric.numerator, metric.denominator) if term is not None]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_words_are_there_in_both_languages(metric: Metric) -> None:
    zh, en = metric.text("zh"), metric.text("en")
    for words in (zh, en):
        assert all(text.strip() == text and text for text in vars(words).values())
        assert len(words.name) <= 60
    assert HAN.search(zh.name + zh.definition)
    assert HAN.search(zh.definition)
    assert metric.set == "本平台口径 v1"
    assert metric.unit in UNITS


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_fragments_are_plain_sql_over_columns_of_the_schema(metric: Metric) -> None:
    columns = schema_columns()
    for term in terms(metric):
        for fragment in (term.period, term.where, term.condition, term.value or "1", metric.closed or "1"):
            parsed = sqlglot.parse_one(fragment, dialect="duckdb")
            used = {column.name for column in parsed.find_all(exp.Column)}
            assert used <= columns[term.table], fragment
            assert not list(parsed.find_all(exp.Subquery, exp.Anonymous)), (
                f"{fragment}: only plain expressions travel to other engines"
            )


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_built_queries_parse(metric: Metric) -> None:
    for by in ((), ("community",), ("week",)):
        for scan in plan((metric.key,), by, (("community", 2), ("category", 1))).scans:
            assert sqlglot.parse_one(scan.sql, dialect="duckdb")


def test_dimensions_name_columns_of_the_schema() -> None:
    columns = schema_columns()
    for dimension in dimensions().values():
        assert HAN.search(dimension.zh)
        assert dimension.en
        for place, column in dimension.columns.items():
            table = ".".join(place.split(".")[:2])
            assert column in columns[table], place


def test_every_metric_and_variant_has_a_specification() -> None:
    specified: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        module = importlib.import_module(f"tests.metrics.{path.stem}")
        for tables in getattr(module, "SPECIFICATIONS", ()):
            specified |= set(specified_keys(tables))
    assert specified == {metric.key for metric in METRICS}


def test_names_tell_metrics_and_variants_apart() -> None:
    for language in ("zh", "en"):
        names = [metric.text(language).name for metric in METRICS]
        assert sorted(names) == sorted(set(names))


def test_composites_are_made_of_known_rates_and_weights_sum_to_one() -> None:
    composites = [metric for metric in METRICS if metric.kind == "composite"]
    assert composites
    for metric in composites:
        assert sum(weight for _, weight in metric.weights) == pytest.approx(1)
        assert all(catalogue().metric(key).kind == "ratio" for key, _ in metric.weights)


def test_the_version_changes_with_any_definition(tmp_path: Path) -> None:
    source = resources.files("dashboard.metrics")
    (tmp_path / "definitions").mkdir()
    (tmp_path / "dimensions.toml").write_bytes(source.joinpath("dimensions.toml").read_bytes())
    for file in source.joinpath("definitions").iterdir():
        (tmp_path / "definitions" / file.name).write_bytes(file.read_bytes())
    assert read_catalogue(tmp_path).version == catalogue().version
    one = tmp_path / "definitions" / "closure_rate.toml"
    one.write_text(one.read_text(encoding="utf-8").replace("min_n = 5", "min_n = 6"), encoding="utf-8")
    assert read_catalogue(tmp_path).version != catalogue().version


def test_a_wrong_definition_names_file_and_key() -> None:
    good = {
        "id": "x", "kind": "count", "group": "flow", "table": "core.incident", "period": "reported_on", "unit": "count",
        "direction": "up", "set": "本平台口径 v1",
        **{language: dict.fromkeys(("name", "short", "definition", "why", "caution", "source"), "x") for language in ("zh", "en")},
    }  # fmt: skip
    assert read_definition("x.toml", good)[0].key == "x"
    for change, message in (
        ({"id": "y"}, "file name"),
        ({"kind": "magic"}, "kind magic"),
        ({"unit": "miles"}, "unit miles"),
        ({"kind": "ratio"}, "needs a denominator"),
        ({"kind": "quantile"}, "value is missing"),
        ({"kind": "composite"}, "weights"),
        ({"numerater": "true"}, "numerater"),
        ({"en": {"name": "x"}}, "short is missing"),
        ({"variants": {"v": {"where": "true"}}}, "variant v"),
    ):
        with pytest.raises(CatalogueError, match=message) as error:
            read_definition("x.toml", {**good, **change})
        assert "x.toml" in str(error.value)


def test_an_unknown_metric_is_named() -> None:
    with pytest.raises(UnknownMetric, match="nothing"):
        catalogue().metric("nothing")


def test_variants_differ_from_their_metric_in_more_than_words() -> None:
    for variant in catalogue().variants.values():
        base = catalogue().metrics[variant.id]
        assert replace(variant, variant="", words=base.words) != base
