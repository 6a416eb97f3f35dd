"""A control chart in words: the verdict of a tile, the rule behind it, the paragraph under the chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.i18n import joined, text
from dashboard.i18n.dates import week_name
from dashboard.i18n.numbers import between, shown
from dashboard.metrics.catalogue import Metric
from dashboard.reading.control import Controlled, Episode
from dashboard.statistics.chart_rules import CONCERN, DRIFT, FAIL, HIT_OR_MISS, IMPROVEMENT, PASS, TREND
from dashboard.statistics.control import LEAST_POINTS

TONES = {IMPROVEMENT: "better", CONCERN: "worse"}
TONES_OF_TARGETS = {PASS: "better", FAIL: "worse", HIT_OR_MISS: "soft"}


@dataclass(frozen=True)
class Told:
    """The verdict on the latest week. words: a few, for a tile · rule: that fired, with the limits, "" for none · tone: better, worse or
    soft.
    """

    words: str
    rule: str
    tone: str


def told(course: Controlled, lang: str) -> Told | None:
    """None where the latest week has no value."""
    if not course.is_known:
        return None
    if not course.is_ripe:
        return Told(text("control.unripe", lang), "", "soft")
    if not course.chart.is_firm[-1]:
        return Told(text("control.few_weeks", lang, least=LEAST_POINTS), "", "soft")
    episode = course.latest
    if episode is None:
        return Told(text("control.tile_common", lang, range=_range(course, lang)), "", "soft")
    state = course.variation
    words = text(f"control.tile_{state}", lang, span=span(episode, lang))
    return Told(words, _limits(course, lang) + fired(course, episode, lang), TONES.get(state, "soft"))


def fired(course: Controlled, episode: Episode, lang: str) -> str:
    """越出控制限，自第 40 周（9月28日起）"""
    names = [name for name in episode.rules if name != DRIFT or TREND not in episode.rules]  # the run says it already
    rules = joined([_rule(course, episode, name, lang) for name in names], lang)
    return text("control.fired", lang, rules=rules, week=week_name(course.weeks[episode.first], lang))


def aim(metric: Metric, lang: str) -> str:
    """The target as a number: 95.0%, or 85.0%（假定） where it is another place's; "" without one."""
    if metric.target is None:
        return ""
    target = shown(metric.target, metric.unit, metric.decimals, lang)
    return text("control.assumed", lang, target=target) if metric.is_target_assumed else target


def aimed_at(course: Controlled, lang: str, key: str = "control.target") -> str:
    """目标 85.0%（假定）：时好时坏 ◎。 Empty where there is no target, or no verdict on it. key: of the words."""
    if not course.assurance or not course.is_ripe:
        return ""
    metric, state = course.metric, text(f"control.assurance_{course.assurance}", lang)
    return text(key, lang, metric=metric.text(lang).name, target=aim(metric, lang), state=state)


def explained(course: Controlled, lang: str) -> str:
    """The paragraph under a control chart: the two icons in words, which rule fired and since when, and how limits were made."""
    if not course.chart.is_firm.any():
        return text("control.no_limits", lang, count=int((~np.isnan(course.chart.value)).sum()), least=LEAST_POINTS)
    parts = [*_verdict(course, lang), text(f"control.method_{course.method}", lang)]
    if course.chart.steps:
        parts.append(
            text("control.rebased", lang, weeks=joined([week_name(course.weeks[one], lang) for one in course.chart.steps], lang))
        )
    return "".join(parts).strip()


def _verdict(course: Controlled, lang: str) -> list[str]:
    found = []
    state, episode = course.variation, course.latest
    if state and episode is not None:
        found.append(
            text("control.is_special", lang, state=text(f"control.state_{state}", lang), fired=fired(course, episode, lang))
        )
    elif state:
        found.append(text("control.is_common", lang, state=text("control.state_common", lang)))
        found += [text("control.before", lang, fired=fired(course, before, lang)) for before in course.episodes[-1:]]
    elif course.is_known:
        found.append(text("control.no_verdict", lang, least=LEAST_POINTS))
    else:
        found.append(text("control.no_value", lang))
    return [*found, aimed_at(course, lang)]


def _rule(course: Controlled, episode: Episode, name: str, lang: str) -> str:
    """连续 9 周上升, or by how much it has climbed; of other rules their name."""
    side = "up" if episode.towards > 0 else "down"
    if name == TREND:
        return text(f"control.run_{side}", lang, weeks=course.run(episode))
    if name == DRIFT:
        by = abs(float(course.chart.value[episode.last] - course.chart.value[episode.first]))
        said = shown(by, course.metric.unit, course.metric.decimals, lang)
        return text(f"control.drift_{side}", lang, weeks=episode.weeks - 1, by=said)
    return text(f"control.rule_{name}", lang)


def span(episode: Episode, lang: str) -> str:
    """最近 4 周"""
    return text("control.latest_week", lang) if episode.weeks == 1 else text("control.latest_weeks", lang, weeks=episode.weeks)


def _range(course: Controlled, lang: str) -> str:
    low, high = float(course.chart.low[-1]), float(course.chart.high[-1])
    return between(low, high, course.metric.unit, course.metric.decimals, lang)


def _limits(course: Controlled, lang: str) -> str:
    unit, decimals = course.metric.unit, course.metric.decimals
    value, centre = (shown(float(number[-1]), unit, decimals, lang) for number in (course.chart.value, course.chart.centre))
    return text("control.limits", lang, value=value, centre=centre, range=_range(course, lang), weeks=len(course.weeks))
