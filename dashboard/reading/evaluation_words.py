"""An evaluation in words: what was found and how sure it is, or why nothing can be said; what a reader must bear in mind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.i18n import joined, text
from dashboard.i18n.dates import day
from dashboard.i18n.numbers import NOTHING, count, decimal, is_missing, parts, signed
from dashboard.metrics.catalogue import Metric
from dashboard.reading.evaluation import GRID, Specification, kind_of
from dashboard.reading.evaluation_panel import Numbered, redivided_within
from dashboard.reading.visit import Visit, metric
from dashboard.statistics.evaluation import Found
from dashboard.statistics.interrupted import LEAST_WEEKS, Effect

CHANGED, DOUBTFUL, QUIET, UNKNOWN = "changed", "doubtful", "quiet", "unknown"
"""Found and more than chance · found, but they differed before · not more than chance · nothing can be said."""
NAMED = 3
"""Units that are named one by one; of more the number is told."""
UNLIKELY = 0.05
FRESH_WEEKS = 4
"""Weeks whose cases are still being worked on."""
REPORTS = ("core.incident", "core.patrol")
UNRIPE = ("closure", "callback", "department", "question")
"""Groups whose newest weeks know only what was quick."""
OWN_EXPOSURE = ("per_grid_week", "per_fte_week")


@dataclass(frozen=True)
class Verdict:
    """state: CHANGED … · headline: a few words · sentences: against others, against their own past, and how the two fit ·
    is_firm: a change, and nothing speaks against it.
    """

    state: str
    headline: str
    sentences: tuple[str, ...]
    is_firm: bool


def verdict(visit: Visit, specification: Specification, found: Found) -> Verdict:
    """Never says that something is proved."""
    definition = metric(specification.metric)
    state = others_state(definition, found)
    headline = _headline(definition, found, state)
    said = (
        _against_others(visit, specification, found, state),
        _against_past(visit, specification, found),
        _fit(visit, definition, found, state),
    )
    is_firm = state == CHANGED and headline != "apart"
    return Verdict(state, visit.words(f"evaluation.headline_{headline}"), tuple(part for part in said if part), is_firm)


def _headline(definition: Metric, found: Found, state: str) -> str:
    if state == UNKNOWN and found.alone.is_firm:
        return "alone"
    if state == CHANGED and _is_opposed(definition, found):
        return "apart"
    return "early" if state == CHANGED and "few_weeks_after" in found.others.cautions else state


def others_state(definition: Metric, found: Found) -> str:
    """What the comparison with others says."""
    if not found.others.is_firm:
        return UNKNOWN
    if not is_clear(definition, found.others.effect):
        return QUIET
    return DOUBTFUL if "trend_before" in found.others.cautions else CHANGED


def is_clear(definition: Metric, effect: Effect) -> bool:
    """Whether it is more than chance: p, and the interval leaves no effect out."""
    nothing = 1.0 if kind_of(definition) == "count" else 0.0
    return effect.p < UNLIKELY and not effect.low <= nothing <= effect.high


def who(visit: Visit, specification: Specification) -> str:
    """星河湾社区、锦绣里社区 – or, of many, how many of what."""
    return listed(visit, specification.by, specification.treated, NAMED)


def listed(visit: Visit, by: str, units: Sequence[str], most: int) -> str:
    """All by name, or how many of what there are."""
    if len(units) <= most:
        return joined([visit.name(by, unit) for unit in units], visit.lang)
    return visit.words(f"evaluation.many_{by}", count=len(units))


def some(visit: Visit, by: str, units: Sequence[str]) -> str:
    """All by name, or the first of them and how many there are."""
    names = joined([visit.name(by, unit) for unit in units[:NAMED]], visit.lang)
    return names if len(units) <= NAMED else visit.words(f"evaluation.some_{by}", names=names, count=len(units))


def scaled(definition: Metric, value: float) -> float:
    """An effect as it is drawn: per cent more or less of a count, percentage points of a share, the unit itself of a mean."""
    if is_missing(value):
        return math.nan
    return {"count": (value - 1) * 100, "share": value * 100, "mean": value}[kind_of(definition)]


def unit_words(definition: Metric, lang: str) -> str:
    """What an effect is counted in: %, 个百分点, 小时."""
    kind = kind_of(definition)
    if kind == "mean":
        return parts(0.0, definition.unit, definition.decimals, lang)[1]
    return "%" if kind == "count" else text("unit.pp", lang)


def effect_words(definition: Metric, value: float, lang: str) -> str:
    """+12.3%, −1.2 个百分点; — where it is not known."""
    if is_missing(value) or math.isinf(value):
        return NOTHING
    unit = unit_words(definition, lang)
    return signed(scaled(definition, value), 1) + ("" if unit == "%" else " ") + unit


def interval_words(visit: Visit, definition: Metric, effect: Effect) -> str:
    """95% 区间 +3.1%～+22.0%; the unit once where it is a word. — without one."""
    if any(is_missing(end) or math.isinf(end) for end in (effect.low, effect.high)):
        return NOTHING
    unit = unit_words(definition, visit.lang)
    low, high = (signed(scaled(definition, end), 1) for end in (effect.low, effect.high))
    ends = (f"{low}%", f"{high}%") if unit == "%" else (low, f"{high} {unit}")
    return visit.words("evaluation.interval", low=ends[0], high=ends[1])


def p_words(p: float) -> str:
    """p = 0.032; p < 0.001"""
    if is_missing(p):
        return f"p = {NOTHING}"
    return "p < 0.001" if p < 0.001 else f"p = {decimal(p, 3)}"


def stage_words(visit: Visit, place: int) -> str:
    """第1批; places are counted from 0."""
    return visit.words("evaluation.stage", number=place + 1)


def change_words(visit: Visit, definition: Metric, effect: Effect, part: str) -> str:
    """What happened at a date, at once (level) or from week to week (slope)."""
    if is_missing(effect.value):
        return NOTHING
    is_odds = kind_of(definition) == "share"
    value = (effect.value - 1) * 100 if is_odds or kind_of(definition) == "count" else effect.value
    unit = "%" if is_odds or kind_of(definition) == "count" else f" {unit_words(definition, visit.lang)}"
    key = f"evaluation.{part}_odds" if is_odds else f"evaluation.{part}_change"
    return visit.words(key, size=signed(value, 2 if part == "slope" else 1) + unit, p=p_words(effect.p))


def _against_others(visit: Visit, specification: Specification, found: Found, state: str) -> str:
    definition, others = metric(specification.metric), found.others
    values = {
        "who": who(visit, specification),
        "metric": definition.text(visit.lang).name,
        "side": _side(visit, others.effect.value, definition),
        "size": _size(definition, others.effect.value, visit.lang),
        "interval": interval_words(visit, definition, others.effect),
        "deals": count(others.assignments),
        "p": p_words(others.effect.p),
    }
    if state != UNKNOWN:
        return visit.words(f"evaluation.others_{state}", **values)
    if is_missing(others.effect.value):
        return visit.words("evaluation.others_nothing")
    return visit.words("evaluation.others_few", **values)


def _against_past(visit: Visit, specification: Specification, found: Found) -> str:
    definition, alone = metric(specification.metric), found.alone
    if not alone.is_firm:
        return visit.words("evaluation.past_unknown", least=LEAST_WEEKS)
    values = {
        "side": _side(visit, alone.effect.value, definition),
        "size": _size(definition, alone.effect.value, visit.lang),
        "interval": interval_words(visit, definition, alone.effect),
        "p": p_words(alone.effect.p),
    }
    said = visit.words(f"evaluation.past_{CHANGED if is_clear(definition, alone.effect) else QUIET}", **values)
    elsewhen = found.elsewhen
    if elsewhen is None or is_missing(elsewhen.as_large):
        return said
    as_large = round(elsewhen.as_large * len(elsewhen.weeks))
    key = "evaluation.elsewhen_none" if as_large == 0 else "evaluation.elsewhen_some"
    return said + (" " if visit.lang == "en" else "") + visit.words(key, count=len(elsewhen.weeks), large=as_large)


def _fit(visit: Visit, definition: Metric, found: Found, state: str) -> str:
    """How the two answers fit together; nothing where there are not two."""
    if state == UNKNOWN or not found.alone.is_firm:
        return ""
    if state != QUIET and _is_opposed(definition, found):
        return visit.words("evaluation.fit_apart")
    if state == DOUBTFUL:  # what differed before is no effect, whatever the own past says
        return ""
    clear = (state == CHANGED) + is_clear(definition, found.alone.effect)
    return visit.words(f"evaluation.{('fit_one', 'fit_agree')[clear - 1]}") if clear else ""


def _is_opposed(definition: Metric, found: Found) -> bool:
    """Whether the own past clearly went the other way."""
    against, alone = found.others.effect, found.alone.effect
    is_same_way = (scaled(definition, against.value) > 0) == (scaled(definition, alone.value) > 0)
    return found.alone.is_firm and is_clear(definition, alone) and not is_same_way


def _side(visit: Visit, value: float, definition: Metric) -> str:
    return visit.words("evaluation.higher" if scaled(definition, value) >= 0 else "evaluation.lower")


def _size(definition: Metric, value: float, lang: str) -> str:
    """12.3%, without a sign."""
    return effect_words(definition, value, lang).lstrip("+−±")


def cautions(visit: Visit, specification: Specification, numbers: Numbered, found: Found) -> list[str]:
    """What these numbers themselves give cause to say, the gravest first."""
    said = [visit.words(f"evaluation.others_caution_{code}", **_about(visit, specification, numbers, found, code))
            for code in found.others.cautions if code != "unit_dominates" or found.others.is_firm]  # fmt: skip
    said += [visit.words(f"evaluation.past_caution_{code}", least=LEAST_WEEKS) for code in found.alone.cautions]
    divided = redivided_within(visit, specification, numbers.weeks)
    if divided:
        said.append(visit.words("evaluation.redivided_within", names=some(visit, specification.by, list(divided))))
    return [*said, *_of_metric(visit, specification, numbers)]


def always(specification: Specification, lang: str) -> list[str]:
    """What no number can settle: the field's own cautions."""
    definition = metric(specification.metric)
    counts_reports = kind_of(definition) == "count" and _table(definition) in REPORTS
    codes = [*(["more_eyes"] if counts_reports else []), "same_time", "spill_over", "regression_to_mean"]
    return [text(f"evaluation.always_{code}", lang) for code in codes]


def _of_metric(visit: Visit, specification: Specification, numbers: Numbered) -> list[str]:
    """What the metric's own nature asks to be borne in mind."""
    definition = metric(specification.metric)
    build = visit.snapshot.build
    is_fresh = (build.as_of.date() - numbers.weeks[-1]).days < 7 * (FRESH_WEEKS + 1)
    found = {
        "unripe": is_fresh and _is_unripe(definition),
        "own_exposure": definition.unit in OWN_EXPOSURE,
        "grids_left_out": specification.by == GRID and bool(numbers.left_out),
    }
    values = {"weeks": FRESH_WEEKS, "count": count(len(numbers.left_out))}
    return [visit.words(f"evaluation.metric_{code}", **values) for code, is_so in found.items() if is_so]


def _is_unripe(definition: Metric) -> bool:
    """Whether its newest weeks still change with what is done to their cases; how many were reported is known at once."""
    if definition.group in UNRIPE and kind_of(definition) == "share":
        return True
    own = definition.numerator
    is_plain = own is not None and kind_of(definition) == "count" and (own.where, own.condition) == ("true", "true")
    return own is not None and own.period == "reported_on" and not is_plain


def _about(visit: Visit, specification: Specification, numbers: Numbered, found: Found, code: str) -> dict[str, str]:
    """The names and numbers a caution mentions."""
    values = {"names": "", "deals": count(found.others.assignments)}
    if code == "units_left_out":
        values["names"] = some(visit, specification.by, [numbers.units[unit] for unit in found.others.left_out])
    if code == "unit_dominates":
        values["names"] = visit.name(specification.by, numbers.units[dominant(metric(specification.metric), found)])
    if code == "nobody_left_to_compare":
        days = [numbers.weeks[cohort.week] for cohort in found.others.cohorts if cohort.weeks == 0]
        values["names"] = joined([day(one, visit.lang) for one in days], visit.lang)
    return values


def dominant(definition: Metric, found: Found) -> int:
    """The unit without which the effect changes most, ratios by their logarithms; one without which there is none comes first."""
    whole = _added(definition, found.others.effect.value)
    each = [_added(definition, value) for value in found.others.without.tolist()]
    moved = [abs(value - whole) if math.isfinite(value) else math.inf for value in each]
    kept = [unit for unit in range(len(moved)) if unit not in found.others.left_out]
    return max(kept, key=lambda unit: moved[unit])


def _added(definition: Metric, value: float) -> float:
    """An effect as effects add up."""
    if kind_of(definition) != "count" or is_missing(value):
        return value
    return math.log(value) if value > 0 else -math.inf


def _table(definition: Metric) -> str:
    return definition.numerator.table if definition.numerator else ""
