"""便民服务 · how long it takes: waiting by the hour of the day, handling by what was promised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty
from dashboard.exhibit import Exhibit
from dashboard.figures.spans import spans
from dashboard.i18n.numbers import count, decimal, duration, is_missing
from dashboard.pages.exhibits import exhibit_card
from dashboard.reading.exhibits import of_numbers
from dashboard.reading.links import cases_href
from dashboard.reading.visit import Visit, metric, part_of

WAITS = ("service_cases", "median_wait_minutes", "p90_wait_minutes")
HANDLING = ("median_handling_hours", "p90_handling_hours")


def waiting_card(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    """Waiting by the hour: when to come, and when a window is missing."""
    title = visit.words("service.waiting")
    middle, long = (full_hours(numbers, key) for key in WAITS[1:])
    if middle.empty or middle["value"].isna().all():
        return card(title, empty(visit.lang, "service.no_waits"), width=6, info=info(metric(WAITS[1]), visit.view))
    named = [visit.words("service.hour", hour=hour) for hour in middle.index]
    frame = _spans(
        visit,
        pd.DataFrame({"label": [str(h) for h in middle.index], "named": named, "low": middle["value"], "high": long["value"], "n": middle["n"]}),
        lambda value: decimal(value, 0),
        lambda value: f"{decimal(value, 1)} {visit.words('unit.minutes')}",
        [cases_href(visit.view, WAITS[1], "denominator", {"hour": hour}) for hour in middle.index],
    )  # fmt: skip
    exhibit = of_numbers(visit, "waiting", title, numbers, WAITS, ("hour",))
    longest, shortest = (frame.sort_values("low", ascending=is_rising).iloc[0] for is_rising in (False, True))
    note = visit.words(
        "service.waiting_note",
        worst=longest["named"],
        long=longest["low_text"],
        best=shortest["named"],
        short=shortest["low_text"],
    )
    return _spans_card(visit, exhibit, frame, WAITS[1], note)


def handling_card(visit: Visit) -> html.Section:
    """Handling time by the promise: at-once items and those of one, five or twenty days are different matters."""
    title = visit.words("service.handling")
    keys = ("service_cases", "on_promise_rate", *HANDLING)
    numbers = visit.numbers(keys, by=("promise",))
    middle, long = (part_of(numbers, key).dropna(subset=["promise"]).set_index("promise") for key in HANDLING)
    if middle["value"].isna().all():
        return card(title, empty(visit.lang, "service.no_promises"), width=6, info=info(metric(HANDLING[0]), visit.view))
    labels = [_promise(visit, days) for days in middle.index]
    frame = _spans(
        visit,
        pd.DataFrame({"label": labels, "named": labels, "low": middle["value"], "high": long["value"], "n": middle["n"]}),
        lambda value: _brief(visit, value),
        lambda value: duration(value, visit.lang),
        [cases_href(visit.view, HANDLING[0], "denominator", {"promise": int(days)}) for days in middle.index],
    )
    exhibit = of_numbers(visit, "handling", title, numbers, keys, ("promise",))
    return _spans_card(visit, exhibit, frame, HANDLING[0], visit.words("service.handling_note"))


def full_hours(numbers: pd.DataFrame, key: str) -> pd.DataFrame:
    """One metric by every hour from the first with cases to the last: hour, value, n; null where there are none."""
    rows = part_of(numbers, key).dropna(subset=["hour"])
    rows = rows.assign(hour=rows["hour"].astype(int)).set_index("hour")[["value", "n"]]
    return rows.reindex(range(int(rows.index.min()), int(rows.index.max()) + 1)) if len(rows) else rows


def _promise(visit: Visit, days: Any) -> str:
    return visit.words("service.at_once") if int(days) == 0 else visit.words("service.days", days=int(days))


def _brief(visit: Visit, hours: Any) -> str:
    """In days, so that marks beside each other read alike; what takes minutes in minutes."""
    if hours < 1:
        return visit.words("service.minutes", minutes=decimal(hours * 60, 0))
    return visit.words("service.days", days=decimal(hours / 24, 1))


def _spans(
    visit: Visit, frame: pd.DataFrame, text: Callable[[Any], str], full: Callable[[Any], str], links: Sequence[str]
) -> pd.DataFrame:
    """label, named, low, high, n → what the figure takes. text, full: a value beside its mark, and in the hover."""

    def said(row: Any) -> str:
        return visit.words("service.span", name=row.named, median=full(row.low), p90=full(row.high), n=count(row.n))

    return frame.assign(
        low_text=["" if is_missing(value) else text(value) for value in frame["low"]],
        high_text=["" if is_missing(value) else text(value) for value in frame["high"]],
        hover=[said(row) for row in frame.itertuples()],
        href=list(links),
    )


def _spans_card(visit: Visit, exhibit: Exhibit, frame: pd.DataFrame, key: str, note: str) -> html.Section:
    figure = spans(frame, low_name=visit.words("service.median"), high_name=visit.words("service.p90"), lang=visit.lang)
    said = visit.words("punctuation.semicolon").join(
        f"{label} {low} – {high}" for label, low, high in zip(frame["label"], frame["low_text"], frame["high_text"], strict=True)
    )
    chart = graph(figure, height=260, description=f"{exhibit.title} {said}")
    return exhibit_card(visit, exhibit, chart, width=6, info=info(metric(key), visit.view), note=note)
