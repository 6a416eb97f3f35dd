"""What the address of the research table asks for: metrics, dimensions, and how their numbers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.metrics.dimensions import TIME, dimensions
from dashboard.pages.research_parts import PATH
from dashboard.pages.research_pivot import METRIC, across_of
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit
from dashboard.research.numbers import Question, dimensions_of

SHAPES = ("table", "pivot", "chart")
PINNED_COLUMN = "@"
"""Before the code of a pivot's column in `sort`."""


@dataclass(frozen=True)
class Asked:
    """question: as it stands in the address, perhaps one that cannot be answered · metrics, by: those of it that exist · shape: how it is
    shown · across: what a pivot has across · of: the metric that fills a pivot or a chart of several dimensions · sort: the column the
    lines are ordered by, "" for the order of the dimensions.
    """

    question: Question
    metrics: tuple[str, ...]
    by: tuple[str, ...]
    shape: str = "table"
    across: str = ""
    of: str = ""
    sort: str = ""
    is_rising: bool = False

    def href(self, visit: Visit, **changes: Any) -> str:
        """The address of the same question with something changed; without metrics, of the empty page."""
        metrics, by = changes.pop("metrics", self.metrics), changes.pop("by", self.by)
        new = replace(self, **changes)
        if not metrics:
            return page_href(PATH, visit.view)
        own = {"metrics": ",".join(metrics), "by": ",".join(by), "as": new.shape if new.shape != SHAPES[0] else ""}
        if new.shape == "pivot" and new.across != across_of(by, metrics, ""):
            own["across"] = new.across
        if new.shape != "table" and new.of in metrics and new.of != metrics[0]:
            own["of"] = new.of
        if new.sort:
            own |= {"sort": new.sort, "order": "up" if new.is_rising else ""}
        return page_href(PATH, visit.view, **own)


def asked_of(visit: Visit) -> Asked:
    """Read from the address; never raises."""
    question = Question.of(visit.choices or {})
    metrics = tuple(key for key in question.metrics if dimensions_of((key,)))
    by = tuple(name for name in question.by if name in dimensions())
    shape = visit.choice("as") if visit.choice("as") in SHAPES else SHAPES[0]
    of = visit.choice("of") if visit.choice("of") in metrics else next(iter(metrics), "")
    across = across_of(by, metrics, visit.choice("across"))
    return Asked(question, metrics, by, shape, across, of, visit.choice("sort"), visit.choice("order") == "up")


def toggled(picked: Sequence[str], key: str) -> tuple[str, ...]:
    """Without the key if it is there, else with it at the end."""
    return tuple(other for other in picked if other != key) if key in picked else (*picked, key)


def divided(by: Sequence[str], name: str) -> tuple[str, ...]:
    """toggled() for dimensions: weeks take the place of months, and months of weeks."""
    return toggled([other for other in by if other == name or name not in TIME or other not in TIME], name)


def fills(asked: Asked) -> bool:
    """Whether one metric has to be chosen: several are picked and a dimension stands across."""
    return len(asked.metrics) > 1 and asked.across != METRIC
