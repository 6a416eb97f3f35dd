"""反查: from a number back to the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from dashboard.metrics.catalogue import Metric, Term, catalogue
from dashboard.metrics.dimensions import TIME, column, dimension, filter_sql, filter_values, shape
from dashboard.metrics.scans import bucket_bounds
from dashboard.view import View
from dashboard.warehouse import Build

Part = Literal["numerator", "denominator"]
EXPOSURE = "core.grid_day"


class NoCases(ValueError):
    """The number has no cases behind it (an exposure such as grid-weeks)."""


@dataclass(frozen=True)
class CaseRows:
    """Rows of table for which `where` holds; one ? in it for each parameter."""

    table: str
    where: str
    parameters: tuple[Any, ...]


def cases_sql(
    key: str, part: Part, view: View, build: Build, *, at: Mapping[str, Any] | None = None, period: tuple[date, date] | None = None
) -> CaseRows:
    """The rows a metric counts as its numerator or denominator.

    at: the group clicked on, dimension → value (ISO text or date for week, month, day; None or "" for the blank group).
    For counts, stocks and quantiles the parts are the same; for a sum of credits the numerator is what earned any; for a
    composite both are the callbacks it is made of; for a complement (1 − x) the numerator is x.
    Raises UnknownMetric, UnknownDimension, NoCases.
    """
    metric = catalogue().metric(key)
    if metric.kind == "composite":
        return cases_sql(metric.weights[0][0], "denominator", view, build, at=at, period=period)
    if period is None:
        dates = view.dates(build.as_of, build.data_from)
        period = dates.start, dates.end
    if metric.kind == "stock":
        return _stock_rows(metric, view, build, dict(at or {}), period)
    term = metric.denominator if part == "denominator" and metric.denominator else metric.numerator
    assert term is not None
    if term.table == EXPOSURE:
        raise NoCases(f"{key} 的分母是网格天数，没有事件 / the denominator of {key} is grid-days, not cases")
    plain = _conditions(term)
    if term.value:
        plain.append(f"({term.value}) > 0" if metric.kind == "ratio" else f"({term.value}) IS NOT NULL")
    return _rows(term, view, plain, [f"{term.period} BETWEEN ? AND ?"], list(period), at or {})


def _stock_rows(metric: Metric, view: View, build: Build, at: dict[str, Any], period: tuple[date, date]) -> CaseRows:
    """Rows open at the end of the period, or of the week, month or day clicked on."""
    term = metric.numerator
    assert term is not None
    day = min(period[1], build.as_of.date())
    for step in TIME:
        if step in at:
            day = min(day, bucket_bounds(step, _date(at.pop(step)))[1])
    conditions = [f"{term.period} <= ?", f"({metric.closed} IS NULL OR {metric.closed} > ?)"]
    values: list[Any] = [day - timedelta(days=metric.min_age_days), day]
    if metric.max_age_days is not None:
        conditions.append(f"{term.period} > ?")
        values.append(day - timedelta(days=metric.max_age_days))
    return _rows(term, view, _conditions(term), conditions, values, at)


def _conditions(term: Term) -> list[str]:
    return [f"({part})" for part in dict.fromkeys((term.where, term.condition)) if part != "true"]


def _rows(term: Term, view: View, plain: list[str], dated: list[str], values: list[Any], at: Mapping[str, Any]) -> CaseRows:
    conditions = [*dated]
    parameters = [*values, *filter_values(view, term.table, term.period)]
    picked = []
    for name, value in at.items():
        held = column(name, term.table, term.period)
        if value is None or value == "":
            picked.append(f"{held} IS NULL")
        else:
            picked.append(f"{held} = ?")
            parameters.append(_date(value) if name in TIME else value)
    filters = filter_sql(shape(view), term.table, term.period)
    where = " AND ".join(conditions) + filters + "".join(f" AND {part}" for part in [*picked, *plain])
    return CaseRows(term.table, where, tuple(parameters))


def _date(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def ignored_filters(key: str, view: View) -> tuple[str, ...]:
    """Filters of the view that do not act on all of the metric: a table it needs does not have the dimension."""
    metric = catalogue().metric(key)
    parts = [catalogue().metric(name) for name, _ in metric.weights] or [metric]
    terms = [term for part in parts for term in (part.numerator, part.denominator) if term is not None]
    names = [name for name, _ in shape(view)]
    return tuple(n for n in names if any(dimension(n).column(term.table, term.period) is None for term in terms))
