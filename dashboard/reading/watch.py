"""需要关注: plain sentences made by rules from the numbers, each with its cases and who must act. Most pressing first.

How pressing a sentence is: the cases it speaks of that are in excess or went wrong, times what one such case weighs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd

from dashboard.figures.dots import WORSE
from dashboard.i18n.dates import as_date
from dashboard.i18n.numbers import between, count, decimal, shown
from dashboard.metrics.abreast import both
from dashboard.queries import Finding, findings
from dashboard.queries.overdue_past import Pile, overdue_piles
from dashboard.reading.control_words import fired, span
from dashboard.reading.frames import CALLED, UNMATCHED, stand
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.readings import Reading
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.statistics.chart_rules import CONCERN, DRIFT, IMPROVEMENT, TREND
from dashboard.statistics.control import LEAST_POINTS, xmr
from dashboard.statistics.intervals import wilson

MOST, MOST_OF_A_RULE = 5, 2
OVERDUE_AT_LEAST, OVERDUE_ABOVE_MEAN, OVERDUE_WEEKS, OVERDUE_PAIRS = 5, 3, 12, 20
OLD_AT_LEAST = 5
WRONG_AT_LEAST = 5  # cases in excess before a unit or a change is a sentence
UNCALLED_AT_LEAST, COVERED = 10, 0.9
CALLED_WITHIN = timedelta(days=7)  # younger closings may still be called in their turn
STALE = timedelta(days=8)
DEPARTMENTS = 2  # named in a sentence
SPLIT = "\0"
OVERDUE = "open_overdue"
CHANGED = ("on_time_closure_rate", "satisfaction_rate", "solved_rate", "on_promise_rate")
COMPARED = {"community": ("on_time_closure_rate", "satisfaction_rate"), "department": ("on_time_closure_rate",)}
BY_DEPARTMENT = (*COMPARED["department"], "escalation_rate", "backlog_over_90_days", "backlog")
WEIGHT = {
    "broken": 1_000_000.0, "stale": 1_000.0, "escalated": 20.0, "overdue": 5.0, "rising": 3.0, "below": 2.0, "changed": 1.0, "old": 0.5,
    "uncalled": 0.2, "doubtful": 0.01,
}  # fmt: skip
"""By rule: what one case weighs; of the findings about data, what one row does, and of stale data, a day."""


@dataclass(frozen=True)
class Sentence:
    """parts: what is said, its second part in bold · weight: how pressing · rule: which one made it, a key of WEIGHT."""

    parts: tuple[str, str, str]
    href: str
    weight: float
    rule: str

    @property
    def text(self) -> str:
        return "".join(self.parts)


def sentences(visit: Visit) -> list[Sentence]:
    """At most five, most pressing first, at most two of a rule."""
    (_, readings), found = both(lambda: visit.told(CHANGED), lambda: of_rules(visit))
    return most_pressing([*of_changes(visit, readings), *found])


def of_rules(visit: Visit) -> list[Sentence]:
    """All that can be said without the readings of the page."""
    below, standing = both(lambda: [*_uncalled(visit), *_below(visit)], lambda: [*_overdue(visit), *_data(visit)])
    return [*below, *standing, *_escalated(visit), *_old(visit)]  # of the departments' numbers _below asks for


def of_changes(visit: Visit, readings: Iterable[Reading]) -> list[Sentence]:
    """What changed, of the readings of CHANGED, and whether what is overdue has been piling up."""
    found = []
    for reading in readings:
        if reading.metric.key in CHANGED:
            found.append(of_change(visit, reading))
        elif reading.metric.key == OVERDUE:
            found.append(of_climb(visit, reading))
    return [sentence for sentence in found if sentence is not None]


def most_pressing(found: Iterable[Sentence]) -> list[Sentence]:
    """Those that may be said."""
    chosen: list[Sentence] = []
    for sentence in sorted(found, key=lambda sentence: (-sentence.weight, sentence.text)):
        if sum(other.rule == sentence.rule for other in chosen) < MOST_OF_A_RULE:
            chosen.append(sentence)
    return chosen[:MOST]


def _overdue(visit: Visit) -> list[Sentence]:
    """Where more cases stand overdue now than in the weeks before: community × category."""
    piles = overdue_piles(visit.snapshot, visit.view, least=OVERDUE_AT_LEAST, top=OVERDUE_PAIRS, weeks=OVERDUE_WEEKS)
    return [sentence for pile in piles if (sentence := of_pile(visit, pile)) is not None]


def of_pile(visit: Visit, pile: Pile) -> Sentence | None:
    """None while the pile lies in its usual range, or hardly above it."""
    definition = metric(OVERDUE)
    if len(pile.before) < LEAST_POINTS:
        return None
    _, low, high = xmr(pile.before)
    if pile.count <= high:
        return None
    above = pile.count - sum(pile.before) / len(pile.before)
    if above < OVERDUE_ABOVE_MEAN:
        return None
    where = {"community": pile.community, "category": pile.category}
    parts = _said(
        visit,
        "overdue",
        "count",
        **{name: visit.name(name, code) for name, code in where.items()},
        count=count(pile.count),
        weeks=str(len(pile.before)),
        range=between(max(low, 0.0), high, "count", 0, visit.lang),
        department=visit.name("department", pile.department),
        own=count(pile.department_count),
    )
    href = cases_href(visit.view.replace(period="all"), definition.key, at=where)
    return Sentence(parts, href, WEIGHT["overdue"] * above, "overdue")


def _escalated(visit: Visit) -> list[Sentence]:
    """Callbacks of the period that went to the discipline office."""
    rows = part_of(visit.numbers(BY_DEPARTMENT, ("department",)), "escalation_rate")
    handed = int(rows["numerator"].sum())
    if not handed:
        return []
    parts = _said(visit, "escalated", "count", count=count(handed), departments=_departments(visit, rows, "numerator"))
    return [Sentence(parts, cases_href(visit.view, "escalation_rate"), WEIGHT["escalated"] * handed, "escalated")]


def _old(visit: Visit) -> list[Sentence]:
    """Cases open for more than 90 days at the end of the period, with their share of all that is open."""
    numbers = visit.numbers(BY_DEPARTMENT, ("department",))
    rows = part_of(numbers, "backlog_over_90_days")
    old, every = rows["value"].sum(), part_of(numbers, "backlog")["value"].sum()
    if old < OLD_AT_LEAST or not every:
        return []
    share = decimal(100 * old / every, 0)
    parts = _said(visit, "old", "count", count=count(old), share=share, departments=_departments(visit, rows, "value"))
    return [Sentence(parts, cases_href(visit.view, "backlog_over_90_days"), WEIGHT["old"] * old, "old")]


def _below(visit: Visit) -> list[Sentence]:
    """Units whose 99.8 % interval lies wholly on the wrong side of the value of the whole."""
    numbers = {
        "community": visit.numbers(COMPARED["community"], ("community",)),
        "department": visit.numbers(BY_DEPARTMENT, ("department",)),
    }
    return [sentence for by, keys in COMPARED.items() for key in keys for sentence in below(visit, numbers[by], key, by)]


def below(visit: Visit, numbers: pd.DataFrame, key: str, by: str) -> list[Sentence]:
    """The sentences about one metric by one dimension."""
    definition = metric(key)
    rows = part_of(numbers, key)
    total = rows["denominator"].sum()
    whole = float(rows["numerator"].sum() / total) if total else None
    rows = rows[rows[by].notna() & rows["value"].notna()]
    low, high = wilson(rows["numerator"], rows["denominator"], CALLED)
    found = []
    for code, value, n, lowest, highest in zip(rows[by], rows["value"], rows["denominator"], low, high, strict=True):
        wrong = abs(value - (whole or 0.0)) * n
        if code == UNMATCHED or wrong < WRONG_AT_LEAST or stand(definition, lowest, highest, whole) != WORSE:
            continue
        parts = _said(
            visit,
            "below",
            "value",
            unit=visit.name(by, code),
            metric=definition.text(visit.lang).name,
            value=shown(value, definition.unit, definition.decimals, visit.lang),
            whole=shown(whole, definition.unit, definition.decimals, visit.lang),
            n=count(n),
            wrong=count(wrong),
        )
        href = cases_href(visit.view, key, "denominator", {by: code})
        found.append(Sentence(parts, href, WEIGHT["below"] * wrong, "below"))
    return found


def of_change(visit: Visit, reading: Reading) -> Sentence | None:
    """Of a rate whose latest weeks are more than chance; None where they concern few cases. Good news presses half as much as bad."""
    definition, course = reading.metric, reading.control
    if course is None or course.latest is None or course.variation not in (CONCERN, IMPROVEMENT):
        return None
    state, episode = course.variation, course.latest
    concerned = course.concerned(episode)
    if concerned < WRONG_AT_LEAST:
        return None
    unit, decimals, lang = definition.unit, definition.decimals, visit.lang
    parts = _said(
        visit,
        state,
        "value",
        metric=definition.text(lang).name,
        span=span(episode, lang),
        value=shown(course.mean(episode), unit, decimals, lang),
        fired=fired(course, episode, lang),
        centre=shown(float(course.chart.centre[-1]), unit, decimals, lang),
        count=count(concerned),
    )
    weight = WEIGHT["changed"] * concerned * (1.0 if state == CONCERN else 0.5)
    first, last = as_date(course.weeks[episode.first]), as_date(course.weeks[episode.last]) + timedelta(days=6)
    view = visit.view.replace(period="custom", start=first, end=last)
    return Sentence(parts, cases_href(view, definition.key, "denominator"), weight, "changed")


def of_climb(visit: Visit, reading: Reading) -> Sentence | None:
    """Of a stock that has been rising for long; a leap is told by its piles."""
    course = reading.control
    if course is None or course.latest is None or course.variation != CONCERN or not {TREND, DRIFT} & set(course.latest.rules):
        return None
    values, episode = course.chart.value, course.latest
    by = float(values[episode.last] - values[episode.first])
    if by < OVERDUE_AT_LEAST:
        return None
    parts = _said(visit, "rising", "count", count=count(values[episode.last]), fired=fired(course, episode, visit.lang))
    return Sentence(parts, reading.href, WEIGHT["rising"] * by, "rising")


def _uncalled(visit: Visit) -> list[Sentence]:
    """Callbacks due and not made, of cases closed at least a week ago."""
    last = min(visit.period.end, visit.snapshot.build.as_of.date() - CALLED_WITHIN)
    if last < visit.period.start:
        return []
    view = visit.view.replace(period="custom", start=visit.period.start, end=last)
    rows = part_of(replace(visit, view=view).numbers(("callback_coverage",)), "callback_coverage")
    due, called = rows["denominator"].sum(), rows["numerator"].sum()
    missing = due - called
    if missing < UNCALLED_AT_LEAST or called >= COVERED * due:
        return []
    share = shown(called / due, "percent", 1, visit.lang)
    parts = _said(visit, "uncalled", "missing", due=count(due), share=share, missing=count(missing))
    href = cases_href(view, "callback_coverage", "denominator")
    return [Sentence(parts, href, WEIGHT["uncalled"] * missing, "uncalled")]


def _data(visit: Visit) -> list[Sentence]:
    """What is wrong with the data itself: promises broken, or no export for long."""
    href = page_href("/data", visit.view, part="findings")
    found = [of_finding(visit, finding, href) for finding in findings(visit.snapshot) if finding.severity != "note"]
    build = visit.snapshot.build
    age = build.built_at - build.as_of
    if age > STALE:
        parts = _said(visit, "stale", "days", days=str(age.days))
        found.append(Sentence(parts, page_href("/data", visit.view), WEIGHT["stale"] * age.days, "stale"))
    return found


def of_finding(visit: Visit, finding: Finding, href: str) -> Sentence:
    """A finding that must stop a reader, or that is worth knowing."""
    rule = "broken" if finding.severity == "stop" else "doubtful"
    name = finding.name_en if visit.lang == "en" else finding.name_zh
    parts = _said(visit, "data", "rows", name=name, rows=count(finding.rows))
    return Sentence(parts, href, WEIGHT[rule] * finding.rows, rule)


def _said(visit: Visit, key: str, strong: str, **words: str) -> tuple[str, str, str]:
    """The words watch.<key>, split before and after the value called `strong`."""
    before, _, after = visit.words(f"watch.{key}", **{**words, strong: SPLIT}).partition(SPLIT)
    return before, words[strong], after


def _departments(visit: Visit, rows: pd.DataFrame, column: str) -> str:
    """The departments with most, and how many each."""
    known = rows[(rows["department"] != UNMATCHED) & (rows[column] > 0)]
    most = (known if len(known) else rows).sort_values([column, "department"], ascending=[False, True]).head(DEPARTMENTS)
    own = [
        visit.words("watch.own", department=visit.name("department", code), count=count(value))
        for code, value in zip(most["department"], most[column], strict=True)
    ]
    return visit.words("punctuation.list").join(own)
