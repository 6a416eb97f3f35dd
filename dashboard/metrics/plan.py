"""Metrics → SQL. The text depends only on which metrics, dimensions and filters are asked for, so it is built once a shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from dashboard.metrics.catalogue import Metric, Term, catalogue
from dashboard.metrics.dimensions import TIME, WINDOW, Shape, column, filter_sql, shared

_IDENTIFIER = {
    "core.incident": "incident_id",
    "core.callback_case": "incident_id",
    "core.assignment": "concat(incident_id, ' ', assignment_no)",
    "core.service_case": "concat('service ', service_case_id)",
    "core.patrol": "concat('patrol ', patrol_id)",
}
"""What names a counted row in every build; of one case alike in every table that has one row a case."""


@dataclass(frozen=True)
class Slot:
    """Where an aggregate is found: scan, its column, and the element where that column is a list (else −1)."""

    scan: int
    column: int
    element: int = -1


@dataclass(frozen=True)
class Scan:
    """One pass over a table. by: the dimensions of its keys, in order · bucket: the time dimension of a stock, if any.

    A flow returns all of `by` first; a stock is asked once for each window, so its answer lacks that one.
    """

    table: str
    period: str
    by: tuple[str, ...]
    is_stock: bool
    bucket: str
    sql: str


@dataclass(frozen=True)
class Recipe:
    """How a metric is put together from slots. n: the slot of its sample size · sets: for a count's slot the one that says which cases
    it counts (a fingerprint), for that of full-time equivalents how many workers stand behind them; only where asked for."""

    metric: Metric
    numerator: Slot
    denominator: Slot | None
    n: Slot
    sets: tuple[tuple[Slot, Slot], ...] = ()


@dataclass(frozen=True)
class Plan:
    """parts: recipes of metrics a composite needs, by key, those asked for included."""

    scans: tuple[Scan, ...]
    asked: tuple[Metric, ...]
    parts: tuple[tuple[str, Recipe], ...]


@dataclass
class _Draft:
    """A scan being collected. aggregates: SQL → column number · quantiles: (value, condition) → fractions, column number."""

    table: str
    period: str
    by: tuple[str, ...]
    closed: str = ""
    aggregates: dict[str, int] = field(default_factory=dict)
    quantiles: dict[tuple[str, str], tuple[list[float], int]] = field(default_factory=dict)
    wheres: set[str] = field(default_factory=set)

    def aggregate(self, sql: str) -> int:
        return self.aggregates.setdefault(sql, len(self.aggregates) + len(self.quantiles))

    def quantile(self, value: str, condition: str, fraction: float) -> tuple[int, int]:
        number = len(self.aggregates) + len(self.quantiles)
        fractions, number = self.quantiles.setdefault((value, condition), ([], number))
        if fraction not in fractions:
            fractions.append(fraction)
        return number, fractions.index(fraction)

    def where(self) -> str:
        """What all of its metrics exclude; in brackets, as it may be an OR."""
        return f"({next(iter(self.wheres))})" if len(self.wheres) == 1 else "true"

    def columns(self) -> list[str]:
        """The aggregates in the order of their numbers."""
        numbered = [(number, sql) for sql, number in self.aggregates.items()]
        for (value, condition), (fractions, number) in self.quantiles.items():
            numbered.append((number, f"quantile_cont({value}, {fractions}) FILTER (WHERE {condition})"))
        return [sql for _, sql in sorted(numbered)]


@lru_cache(maxsize=1024)
def plan(keys: tuple[str, ...], by: tuple[str, ...], filters: Shape, windows: int = 1, *, with_sets: bool = False) -> Plan:
    """The scans that answer the metrics `keys` broken down by `by`, which begins with WINDOW when there are several windows.

    with_sets: besides every count, which cases it counts; no page asks for that.
    Raises UnknownMetric and UnknownDimension: every metric needs all of `by`, only an exposure may lack some.
    """
    asked = tuple(catalogue().metric(key) for key in keys)
    drafts: dict[tuple[str, str, tuple[str, ...], str], _Draft] = {}
    parts: dict[str, Recipe] = {}
    for metric in asked:
        for part in (metric, *(catalogue().metric(key) for key, _ in metric.weights)):
            if part.kind != "composite" and part.key not in parts:
                parts[part.key] = _recipe(part, by, drafts, with_sets)
    scans = tuple(_scan(draft, filters, windows) for draft in drafts.values())
    return Plan(scans, asked, tuple(parts.items()))


def _recipe(
    metric: Metric, by: tuple[str, ...], drafts: dict[tuple[str, str, tuple[str, ...], str], _Draft], with_sets: bool
) -> Recipe:
    term = metric.numerator
    assert term is not None
    _check(by, term)

    def draft(of: Term, names: tuple[str, ...]) -> tuple[int, _Draft]:
        key = (of.table, of.period, names, metric.closed)
        found = drafts.setdefault(key, _Draft(of.table, of.period, names, metric.closed))
        found.wheres.add(of.where)
        return list(drafts).index(key), found

    sets: dict[Slot, Slot] = {}

    def counted(of: Term, names: tuple[str, ...], sql: str, condition: str) -> Slot:
        scan, here = draft(of, names)
        slot = Slot(scan, here.aggregate(sql))
        if with_sets and (which := _set(of, condition)):
            sets[slot] = Slot(scan, here.aggregate(which))
        return slot

    def recipe(top: Slot, bottom: Slot | None, n: Slot) -> Recipe:
        return Recipe(metric, top, bottom, n, tuple(sets.items()))

    if metric.kind == "stock":
        aged = _aged(metric, term)
        found = counted(term, by, _count(aged), aged)
        return recipe(found, None, found)
    if metric.kind == "quantile":
        scan, here = draft(term, by)
        number, element = here.quantile(term.value, _both(term), metric.quantile)
        return recipe(Slot(scan, number, element), None, counted(term, by, _count(_known(term)), _known(term)))
    top = counted(term, by, _total(term), _known(term) if term.value else _both(term))
    if metric.kind == "mean":
        n = counted(term, by, _count(_known(term)), _known(term))
        return recipe(top, n, n)
    if metric.kind == "count":
        return recipe(top, None, counted(term, by, _count(term.where), term.where))
    below = metric.denominator
    assert below is not None
    bottom = counted(below, shared(by, below.table, below.period), _total(below), _both(below))
    return recipe(top, bottom, top if metric.kind == "rate_per" else bottom)


def _check(by: tuple[str, ...], term: Term) -> None:
    """Raises UnknownDimension for what the rows counted cannot be broken down by."""
    for name in by:
        if name != WINDOW:
            column(name, term.table, term.period)


def _set(term: Term, condition: str) -> str:
    """Which cases a count counts, whatever their order; "" for an exposure that is public. Of MD5: the same in every build and version."""
    if term.table in _IDENTIFIER:
        every = f"bit_xor(md5_number_lower({_IDENTIFIER[term.table]}))"
        return every if condition == "true" else f"{every} FILTER (WHERE {condition})"
    return "sum(workers) / count(DISTINCT day)" if term.value == "fte" else ""


def _known(term: Term) -> str:
    """The rows that have the value a mean, quantile or sum is taken of."""
    return " AND ".join([*_conditions(term), f"{term.value} IS NOT NULL"])


def _total(term: Term) -> str:
    """A count, or a sum made of decimals: sums of doubles depend on the order threads add them in."""
    if not term.value:
        return _count(_both(term))
    value, condition = f"CAST({term.value} AS DECIMAL(18, 6))", _both(term)
    return f"CAST(sum({value if condition == 'true' else f'CASE WHEN {condition} THEN {value} END'}) AS DOUBLE)"


def _count(condition: str) -> str:
    """count_if takes half the time of count(*) FILTER."""
    return "count(*)" if condition == "true" else f"count_if({condition})"


def _both(term: Term) -> str:
    return " AND ".join(_conditions(term)) or "true"


def _conditions(term: Term) -> list[str]:
    parts = dict.fromkeys(part for part in (term.where, term.condition) if part != "true")
    return [f"({part})" if " " in part else part for part in parts]


def _aged(metric: Metric, term: Term) -> str:
    """Open rows of an age in whole days: min_age_days ≤ age < max_age_days at the end of the day in stock_day."""
    ages = [f"{term.period} <= stock_day - {metric.min_age_days}"] if metric.min_age_days else []
    if metric.max_age_days is not None:
        ages.append(f"{term.period} > stock_day - {metric.max_age_days}")
    return " AND ".join(_conditions(term) + ages) or "true"


def _scan(draft: _Draft, filters: Shape, windows: int) -> Scan:
    if not draft.closed:
        return Scan(draft.table, draft.period, draft.by, False, "", _flow_sql(draft, filters, windows))
    bucket = next((name for name in draft.by if name in TIME), "")
    sql = _stock_by_time_sql(draft, bucket, filters) if bucket else _stock_sql(draft, filters)
    return Scan(draft.table, draft.period, draft.by, True, bucket, sql)


def _flow_sql(draft: _Draft, filters: Shape, windows: int) -> str:
    """Rows dated from ? to ?, both included. Of several windows the first and last days come twice, for key and condition, and after
    them the first and last day of all: DuckDB skips blocks of rows by one span of days, but not by several with OR between them.
    """
    between = f"{draft.period} BETWEEN ? AND ?"
    cases = " ".join(f"WHEN {between} THEN {number}" for number in range(windows))
    dims = [f"CASE {cases} END" if name == WINDOW else column(name, draft.table, draft.period) for name in draft.by]
    where = between if windows == 1 else f"({' OR '.join([between] * windows)}) AND {between}"
    return (
        f"SELECT {', '.join(dims + draft.columns())} FROM {draft.table} "
        f"WHERE {where}{filter_sql(filters, draft.table, draft.period)}{_grouping(len(dims))}"
    )


def _stock_sql(draft: _Draft, filters: Shape) -> str:
    """Rows open at the end of one day. Parameters: the day three times (once for ages, twice to be open), filters."""
    dims = [column(name, draft.table, draft.period) for name in draft.by if name != WINDOW]
    rows = (
        f"SELECT *, CAST(? AS DATE) AS stock_day FROM {draft.table} WHERE {draft.where()} AND {draft.period} <= ? AND "
        f"{_until(draft.closed)} > ?{filter_sql(filters, draft.table, draft.period)}"
    )
    return f"SELECT {', '.join(dims + draft.columns())} FROM ({rows}){_grouping(len(dims))}"


def _stock_by_time_sql(draft: _Draft, bucket: str, filters: Shape) -> str:
    """Rows open at the end of each day of a list. Parameters: days, their buckets, last day, first day, last day, filters.

    A row closed in the bucket it was opened in is open at no bucket's end, unless the last bucket is cut short: dropping
    those first leaves little for the join.
    """
    dims = ["bucket" if name == bucket else column(name, draft.table, draft.period) for name in draft.by]
    crosses = f"{_until(column(bucket, draft.table, draft.closed))} > {column(bucket, draft.table, draft.period)}"
    rows = (
        f"SELECT * FROM {draft.table} WHERE {draft.where()} AND {draft.period} <= ? AND {_until(draft.closed)} > ? AND "
        f"({crosses} OR {draft.closed} > ?){filter_sql(filters, draft.table, draft.period)}"
    )
    days = "SELECT unnest(?) AS stock_day, unnest(?) AS bucket"
    is_open = f"{draft.period} <= stock_day AND {_until(draft.closed)} > stock_day"
    return f"SELECT {', '.join(dims + draft.columns())} FROM ({days}) JOIN ({rows}) ON {is_open}{_grouping(len(dims))}"


def _until(closed: str) -> str:
    """When a row stopped being open; coalesce takes two thirds of the time of IS NULL OR."""
    return f"coalesce({closed}, DATE '9999-12-31')"


def _grouping(count: int) -> str:
    numbers = ", ".join(str(number + 1) for number in range(count))
    return f" GROUP BY {numbers} ORDER BY {numbers}" if count else ""
