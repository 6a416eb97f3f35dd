"""Two units' numbers beside each other: how far apart they are, and whether by more than chance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.i18n.numbers import NOTHING, between, change, is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.reading.visit import Visit
from dashboard.statistics.differences import newcombe
from dashboard.statistics.intervals import poisson, wilson

DIFFERS, CHANCE, UNKNOWN = "differs", "chance", "unknown"
Row = Mapping[Any, Any]
Rows = defaultdict[tuple[Any, ...], dict[Any, Any]]


@dataclass(frozen=True)
class Difference:
    """low, high: 95 % interval of first − second, NaN where none is known · verdict: differs, chance or unknown."""

    verdict: str
    low: float = math.nan
    high: float = math.nan


def difference(definition: Metric, first: Row, second: Row) -> Difference:
    """Of two rows of compute() about different cases.

    Shares: Newcombe's interval. Rates per exposure: whether the split of the events leaves out the split of the exposure
    (the exact test of two Poisson rates, with Wilson's interval). Counts and medians: not known.
    """
    if is_missing(first["value"]) or is_missing(second["value"]):
        return Difference(UNKNOWN)
    if definition.kind == "ratio" and definition.unit == "percent":
        low, high = newcombe(first["value"], first["denominator"], second["value"], second["denominator"])
        return Difference(CHANCE if low <= 0 <= high else DIFFERS, low, high)
    events = first["numerator"] + second["numerator"]
    if definition.kind == "rate_per" and events > 0:
        even = first["denominator"] / (first["denominator"] + second["denominator"])
        bounds = wilson([first["numerator"]], [events])
        return Difference(CHANCE if bounds[0][0] <= even <= bounds[1][0] else DIFFERS)
    return Difference(UNKNOWN)


def rest_of(definition: Metric, whole: Row, part: Row) -> dict[str, Any]:
    """The row of all others: the whole without the part; a value only for shares and rates, whose parts add up."""
    n = whole["denominator"] - part["denominator"]
    if definition.kind == "rate_per":
        top = whole["numerator"] - part["numerator"]
        return {"value": top / n if n > 0 else math.nan, "numerator": top, "denominator": n}
    if definition.kind != "ratio" or not n > 0:
        return {"value": math.nan, "numerator": math.nan, "denominator": math.nan}
    counted = whole["value"] * whole["denominator"] - (part["value"] * part["denominator"] if part["denominator"] else 0.0)
    return {"value": min(max(counted / n, 0.0), 1.0), "numerator": counted, "denominator": n}


def interval(visit: Visit, definition: Metric, row: Row) -> str:
    """91.2%–95.0%: the 95 % interval of one number, — where none is known."""
    low, high = bounds_of(definition, row)
    return NOTHING if is_missing(low) else between(low, high, definition.unit, definition.decimals, visit.lang)


def bounds_of(definition: Metric, row: Row) -> tuple[float, float]:
    """Wilson's interval of a share, the Poisson interval of a rate per exposure, NaN for all others."""
    if is_missing(row["value"]) or not row["denominator"] > 0:
        return math.nan, math.nan
    if definition.kind == "ratio" and definition.unit == "percent":
        low, high = wilson([row["value"] * row["denominator"]], [row["denominator"]])
        return float(low[0]), float(high[0])
    if definition.kind == "rate_per":
        low, high = poisson([row["numerator"]])
        return float(low[0] / row["denominator"]), float(high[0] / row["denominator"])
    return math.nan, math.nan


def apart(visit: Visit, definition: Metric, first: Row, second: Row, found: Difference) -> str:
    """+3.1 个百分点（+1.2—+5.0）; counts are not subtracted, the units being of different size."""
    if definition.kind in ("count", "stock"):
        return NOTHING
    words = change(first["value"], second["value"], definition.unit, definition.decimals, visit.lang)
    if is_missing(found.low) or words == NOTHING:
        return words
    return words + visit.words("communities.bounds", low=_points(found.low), high=_points(found.high))


def _points(value: float) -> str:
    return f"{value * 100:+.1f}".replace("-", "−")


def indexed(numbers: pd.DataFrame, *columns: str) -> Rows:
    """Rows of numbers by the values of these columns; one that is not there is all null."""
    keys = zip(*(numbers[column].tolist() for column in columns), strict=True)
    return defaultdict(_nothing, zip(keys, numbers.to_dict("records"), strict=True))


def _nothing() -> dict[Any, Any]:
    return {"value": math.nan, "numerator": math.nan, "denominator": math.nan, "n": 0}
