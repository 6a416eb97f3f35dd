"""Comparing communities fairly: the value as it is, at equal case mix and drawn to the middle, limits of chance, and what to conclude."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.figures.dots import ALIKE, BETTER, WORSE
from dashboard.i18n.numbers import is_missing
from dashboard.metrics.catalogue import Metric
from dashboard.queries.case_mix import CaseMix, case_mix, has_case_mix
from dashboard.reading.frames import UNMATCHED
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.statistics.funnel import Funnel, of_rates, of_shares
from dashboard.statistics.intervals import poisson, wilson
from dashboard.statistics.ratios import ratio
from dashboard.statistics.shrinkage import LEAST_UNITS, Shrunken
from dashboard.statistics.shrinkage import of_rates as drawn_rates
from dashboard.statistics.shrinkage import of_shares as drawn_shares
from dashboard.statistics.standardise import standardised

Numbers = npt.NDArray[np.float64]
LEAST = 10
"""Cases (for rates: events to be expected) without which nothing is said of a unit."""
EXPECTED, COVERED = 5, 0.8
"""Events that the others' rates must give, and the share of cases that must have their like elsewhere, for a value at equal case mix."""
OUTSIDE = 2
"""What a funnel calls a unit beyond its 99.8 % limits."""
NAMED = 8
"""Units named in a sentence."""
ESTIMATES = ("raw", "adjusted", "shrunken")


@dataclass(frozen=True)
class Fairness:
    """units: code, label, n, size and, of each of ESTIMATES, <it>, <it>_low, <it>_high (95 %); rank_low, rank_high (1 is best, of
    neutral metrics highest), beyond and adjusted_beyond (as the funnel's), stand · whole: the value of all together · funnel: None
    for fewer than four units · few: units with too few cases, about which nothing is said.
    """

    metric: Metric
    units: pd.DataFrame
    whole: float
    funnel: Funnel | None
    few: int

    @property
    def is_adjusted(self) -> bool:
        """Whether any unit has a value at equal case mix."""
        return bool(self.units["adjusted"].notna().any())


@dataclass(frozen=True)
class Adjusted:
    """One entry a unit: its share, had it everybody's cases, with its interval, and on which side of the limits; NaN where unknown."""

    value: Numbers
    low: Numbers
    high: Numbers
    beyond: npt.NDArray[np.int8]


def may_compare(key: str) -> bool:
    """Whether a metric can be compared fairly: shares of cases, and events per exposure."""
    definition = metric(key)
    return (definition.kind == "ratio" and definition.unit == "percent") or definition.kind == "rate_per"


def fair(visit: Visit, key: str, numbers: pd.DataFrame, by: str = "community") -> Fairness:
    """numbers: the metric by `by`, as visit.numbers() gives them; of a metric that may be compared."""
    definition = metric(key)
    every = part_of(numbers, key)
    rows = every[every[by].notna() & (every[by] != UNMATCHED) & (every["denominator"] > 0)]
    codes = rows[by].astype(str).tolist()
    x, n = (rows[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
    whole = float(ratio(every["numerator"].sum(), every["denominator"].sum()))
    if definition.complement:
        x, whole = n - x, 1 - whole
    mix = None
    if has_case_mix(definition):
        mix = case_mix(visit.snapshot, definition, visit.view, (visit.period.start, visit.period.end), by)
    return compared(definition, codes, [visit.name(by, code) for code in codes], (x, n), whole, mix)


def compared(
    definition: Metric,
    codes: Sequence[str],
    labels: Sequence[str],
    counts: tuple[Numbers, Numbers],
    whole: float,
    mix: CaseMix | None,
) -> Fairness:
    """The same of numbers at hand. counts: numerators and denominators, one entry a unit · whole: the value they are held against."""
    is_rate = definition.kind == "rate_per"
    kept = np.flatnonzero((counts[1] * whole if is_rate else counts[1]) >= LEAST).tolist()
    x, size = (column[kept] for column in counts)
    own, drawn = (of_rates, drawn_rates) if is_rate else (of_shares, drawn_shares)
    found = own(x, size, centre=whole, allow="added") if len(kept) >= LEAST_UNITS else None
    names = [codes[place] for place in kept]
    beyond = np.zeros(len(kept), dtype=np.int8) if found is None else found.beyond
    level = _adjusted(names, mix)
    low, high = (bound / size for bound in poisson(x)) if is_rate else wilson(x, size)
    pulled = drawn(x, size)
    first, last = _places(definition, pulled)
    units = pd.DataFrame(
        {
            "code": names,
            "label": [labels[place] for place in kept],
            "n": x if is_rate else size,
            "size": size,
            **_estimate("raw", ratio(x, size), low, high),
            **_estimate("adjusted", level.value, level.low, level.high),
            **_estimate("shrunken", pulled.value, pulled.low, pulled.high),
            "rank_low": first,
            "rank_high": last,
            "beyond": beyond,
            "adjusted_beyond": level.beyond,
            "stand": [
                _stand(definition, *sides)
                for sides in zip(beyond.tolist(), level.beyond.tolist(), level.value.tolist(), strict=True)
            ],
        }
    )
    return Fairness(definition, units, whole, found, len(codes) - len(kept))


def at_equal_mix(events: Numbers, cases: Numbers) -> Adjusted:
    """events, cases: units × strata. The rarer of the two outcomes is standardised: a ratio of common ones could pass 100 %.

    A unit is held against limits as wide as those of as many cases of the usual kind as its own are worth: cases that seldom go
    wrong tell less (their odds against the usual odds). Nothing is said where hardly any event was to be expected.
    """
    is_rare = 2 * events.sum() <= cases.sum()
    rare = events if is_rare else cases - events
    found, total = standardised(rare, cases), cases.sum(axis=1)
    level, common = ratio(found.expected, total * found.covered), found.overall
    known = (found.covered >= COVERED) & (found.expected >= EXPECTED) & (level < 1)
    value = np.where(known, np.clip(found.rate, 0.0, 1.0), np.nan)
    size = np.where(known, total * found.covered * ratio(level * (1 - common), common * (1 - level)), np.nan)
    low, high = wilson(np.nan_to_num(value) * np.nan_to_num(size), np.nan_to_num(size))
    beyond = np.zeros(len(total), dtype=np.int8)
    if known.sum() >= LEAST_UNITS:
        beyond[known] = of_shares(value[known] * size[known], size[known], centre=common, allow="added").beyond
    if is_rare:
        return Adjusted(value, low, high, beyond)
    return Adjusted(1 - value, 1 - high, 1 - low, -beyond)


def concluded(visit: Visit, found: Fairness) -> str:
    """What may be said and what may not, in one or two sentences; the same on the page and in the weekly report."""
    units, words = found.units, visit.words
    if found.funnel is None:
        return words("fairness.too_few", units=len(units), least=LEAST, needed=LEAST_UNITS)
    name = found.metric.text(visit.lang).name
    apart = units[units["beyond"].abs() >= OUTSIDE]
    if len(apart):
        named = _names(visit, [_named(visit, found, row) for row in apart.to_dict("records")])
        said = [words("fairness.some", units=len(units), count=len(apart), metric=name, names=named)]
        said += [words("fairness.rest", count=len(units) - len(apart))] if len(apart) < len(units) else []
    else:
        said = [words("fairness.none", units=len(units), metric=name)]
    hidden = units[(units["adjusted_beyond"].abs() >= OUTSIDE) & (units["beyond"].abs() < OUTSIDE)]
    if len(hidden):
        said.append(words("fairness.hidden", names=_names(visit, hidden["label"].tolist())))
    if found.few:
        said.append(words("fairness.few", count=found.few, least=LEAST))
    return (" " if visit.lang == "en" else "").join(said)


def spread_words(visit: Visit, found: Fairness) -> str:
    """By how much units differ beyond chance, and how unsure that is; empty where there are too few of them."""
    if found.funnel is None:
        return ""
    spread = found.funnel.dispersion
    key = "fairness.spread" if spread.is_beyond_chance else "fairness.no_spread"
    ends = (f"{number:.1f}" for number in (spread.phi, spread.phi_low, spread.phi_high))
    return visit.words(key, units=spread.units, **dict(zip(("phi", "low", "high"), ends, strict=True)))


def rank_words(visit: Visit, found: Fairness, code: str) -> str:
    """第 3–9 名（共 12 个）: where a unit may stand among those compared; empty where nothing is known."""
    row = found.units[found.units["code"] == code]
    if row.empty or row["rank_low"].isna().iloc[0]:
        return ""
    first, last = int(row["rank_low"].iloc[0]), int(row["rank_high"].iloc[0])
    if first == last:
        return visit.words("fairness.place", place=first, units=len(found.units))
    return visit.words("fairness.places", first=first, last=last, units=len(found.units))


def _adjusted(codes: Sequence[str], mix: CaseMix | None) -> Adjusted:
    """Of these units, in their order; all others of the mix that are no units stay out."""
    nothing = np.full(len(codes), np.nan)
    if mix is None or not codes:
        return Adjusted(nothing, nothing, nothing, np.zeros(len(codes), dtype=np.int8))
    place = {unit: row for row, unit in enumerate(mix.units)}
    rows = [place[code] for code in codes]
    return at_equal_mix(mix.events[rows], mix.cases[rows])


def _estimate(name: str, value: Numbers, low: Numbers, high: Numbers) -> dict[str, Numbers]:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _places(definition: Metric, pulled: Shrunken) -> tuple[Numbers, Numbers]:
    """1 is the highest value; where low is good, the lowest."""
    if definition.direction != "down":
        return pulled.rank_low, pulled.rank_high
    last = len(pulled.own) + 1
    return last - pulled.rank_high, last - pulled.rank_low


def _stand(definition: Metric, beyond: int, adjusted_beyond: int, adjusted: float) -> str:
    """Better or worse only beyond the limits, and still so at equal case mix where that is known."""
    is_explained = not np.isnan(adjusted) and adjusted_beyond != beyond
    if abs(beyond) < OUTSIDE or is_explained or definition.direction == "neutral":
        return ALIKE
    return BETTER if (beyond > 0) == (definition.direction == "up") else WORSE


def _named(visit: Visit, found: Fairness, row: dict[Any, Any]) -> str:
    """望湖里社区（偏低，按案件构成调整后仍超出）."""
    side = visit.words("fairness.high" if row["beyond"] > 0 else "fairness.low")
    if not has_case_mix(found.metric):
        how = ""
    elif is_missing(row["adjusted"]):
        how = visit.words("fairness.unadjusted")
    else:
        how = visit.words("fairness.still" if row["adjusted_beyond"] == row["beyond"] else "fairness.explained")
    return visit.words("fairness.named", name=row["label"], side=side, how=how)


def _names(visit: Visit, names: Sequence[str]) -> str:
    joined = visit.words("punctuation.list").join(names[:NAMED])
    return joined + (visit.words("fairness.more", count=len(names) - NAMED) if len(names) > NAMED else "")
