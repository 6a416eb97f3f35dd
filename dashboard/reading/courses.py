"""How numbers went: weekly courses, what came in and went out, and the stock of what is overdue now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from dashboard.figures.theme import BLUE, GREY
from dashboard.figures.trend import Line
from dashboard.i18n.numbers import shown
from dashboard.metrics.targets import aimed
from dashboard.queries.overdue_past import overdue_at, weekly_moments
from dashboard.reading.control import of_stock
from dashboard.reading.links import cases_href
from dashboard.reading.readings import Change, Reading
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.view import COMPARISONS

FIRST = (
    "reported",
    "on_time_closure_rate",
    "median_hours_to_close:by_closing",
    "satisfaction_rate",
    "solved_rate",
    "incidents_per_grid",
    "on_promise_rate",
)
"""What a reader is told first, beside what is overdue now."""
OVERDUE_PLACE = 3  # of that, among FIRST
WEEKLY = ("extension_rate", "closed:by_closing", "on_time_closure_rate")
"""What flow() and the course of on-time closure need beside FIRST."""
WEEKS = 26
YEAR_OF_WEEKS = timedelta(weeks=52)


def told_first(visit: Visit) -> tuple[pd.DataFrame, list[Reading]]:
    """The weekly course of all that is told first, and the numbers with their changes; none where the view holds no cases at all."""
    history, found = visit.told(FIRST, tuple(dict.fromkeys((*FIRST, *WEEKLY))), weeks=WEEKS, against=compared(visit))
    if not any(reading.n for reading in found):
        return history, []
    return history, [*found[:OVERDUE_PLACE], overdue_now(visit, compared(visit)), *found[OVERDUE_PLACE:]]


def compared(visit: Visit) -> tuple[str, ...]:
    """Both comparisons, or the reader's own where they are one: the year before a year is a year ago."""
    period = visit.period
    is_one = (period.previous_start, period.previous_end) == (period.year_ago_start, period.year_ago_end)
    return (visit.view.compare,) if is_one else COMPARISONS


def overdue_now(visit: Visit, against: tuple[str, ...]) -> Reading:
    """What stands overdue at the as-of moment, whenever it was reported, and stood so as long ago as the periods it is held against.

    Of the cases of one period the newest are the youngest, so open ones are never compared by period; a stock is.
    """
    build, period = visit.snapshot.build, visit.period
    starts = {"previous": period.previous_start, "year_ago": period.year_ago_start}
    earlier = {kind: build.as_of - (period.start - starts[kind]) for kind in against}
    weeks = weekly_moments(visit.snapshot, WEEKS)
    counts = overdue_at(visit.snapshot, visit.view, [*earlier.values(), *weeks, build.as_of])
    changes = [
        Change(kind, before if moment.date() >= build.data_from else None)
        for (kind, moment), before in zip(earlier.items(), counts, strict=False)
    ]
    definition, course = aimed(visit.snapshot, metric("open_overdue")), counts[len(earlier) :]
    return Reading(
        definition,
        course[-1],
        course[-1],
        changes,
        course,
        of_stock(definition, [*weeks, build.as_of], course),
        visit.words("overview.overdue_now"),
        cases_href(visit.view.replace(period="all"), definition.key),
    )


def weekly(visit: Visit, history: pd.DataFrame, keys: tuple[str, ...], part: str = "numerator") -> pd.DataFrame:
    """week, one column a metric, and a column <metric>_href with the cases of that week."""
    weeks = sorted(history["week"].unique())
    frame = pd.DataFrame({"week": weeks})
    for key in keys:
        frame[key] = part_of(history, key).set_index("week")["value"].reindex(weeks).tolist()
        frame[f"{key}_href"] = [cases_href(visit.view, key, part, {"week": week}) for week in weeks]
    return frame


def flow(visit: Visit, history: pd.DataFrame) -> pd.DataFrame:
    """What came in and went out by week, like with like: incidents that have to be handled, and those of them closed.

    week, taken, taken_href, closed, closed_href. Taken in are the incidents closure counts – the denominator of
    extension_rate – so that the backlog's change is the difference of the two lines.
    """
    frame = weekly(visit, history, ("closed:by_closing",))
    taken = part_of(history, "extension_rate").set_index("week")["denominator"].reindex(frame["week"]).fillna(0)
    return pd.DataFrame(
        {
            "week": frame["week"],
            "closed": frame["closed:by_closing"],
            "closed_href": frame["closed:by_closing_href"],
            "taken": taken.tolist(),
            "taken_href": [cases_href(visit.view, "extension_rate", "denominator", {"week": week}) for week in frame["week"]],
        }
    )


def flow_lines(visit: Visit) -> list[Line]:
    """The lines of flow()."""
    return [
        Line("taken", visit.words("series.taken"), "taken_href", GREY),
        Line("closed", visit.words("series.closed"), "closed_href", BLUE),
    ]


def course_summary(visit: Visit, title: str, frame: pd.DataFrame, key: str) -> str:
    """One sentence about a weekly course for those who do not see it."""
    definition, values = metric(key), frame[key].dropna()
    last, most, least = (
        shown(value, definition.unit, definition.decimals, visit.lang)
        for value in ((values.iloc[-1], values.max(), values.min()) if len(values) else (None, None, None))
    )
    return visit.words("overview.course_summary", title=title, count=len(frame), last=last, most=most, least=least)


def year_before(visit: Visit, key: str, weeks: Sequence[pd.Timestamp]) -> list[float] | None:
    """The same weeks 52 weeks earlier; None where the data does not reach back to any of them."""
    if not weeks:
        return None
    start, end = (weeks[0] - YEAR_OF_WEEKS).date(), (weeks[-1] - YEAR_OF_WEEKS).date() + timedelta(days=6)
    if end < visit.snapshot.build.data_from:
        return None
    earlier = replace(visit, view=visit.view.replace(period="custom", start=start, end=end))
    found = part_of(earlier.history((key,), weeks=len(weeks)), key).set_index("week")["value"]
    return [float(found.get(week - YEAR_OF_WEEKS, float("nan"))) for week in weeks]
