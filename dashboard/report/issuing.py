"""Issues a report: once a week and edition; again only as a revision that says what it corrects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from dashboard.i18n import text
from dashboard.report.archive import NUMBERS, PDF, PNG, XLSX, Kept, encoded, newest, next_revision, only_maker, sha256, store
from dashboard.report.builds import source
from dashboard.report.changes import are_equal, changed
from dashboard.report.edition import Edition
from dashboard.report.errors import BuildGone
from dashboard.report.made import Made, Order
from dashboard.settings import Settings

Maker = Callable[[Order], Made]


@dataclass(frozen=True)
class Issued:
    """is_new: False when the report that stands there already is the answer."""

    kept: Kept
    is_new: bool


@dataclass(frozen=True)
class Verified:
    """outcome: same bytes again, different ones, or its build is no longer kept · files: those that differ."""

    outcome: Literal["same", "different", "gone"]
    files: tuple[str, ...] = ()


def issue(
    settings: Settings,
    edition: Edition,
    *,
    maker: Maker,
    now: datetime,
    office: str = "",
    build_id: str = "",
    revise: bool = False,
    deliver: bool = False,
) -> Issued:
    """The report of an edition, made unless it is kept already. revise: made from the current build, kept when a number differs.

    build_id: of the build to use instead · deliver: a new one is to be copied and sent by itself.
    """
    with only_maker(settings, edition):
        last = newest(settings, edition)
        if last and not revise:
            return Issued(last, is_new=False)
        found = source(settings, edition, build_id=build_id, is_of_now=bool(last))
        order = Order(edition, now.date(), found.build_id, next_revision(settings, edition), office=office)
        made = maker(order)
        if last:
            changes = _changes(last, made, edition.lang)
            if not changes:
                return Issued(last, is_new=False)
            order = replace(order, changes=changes)
            made = maker(order)  # the numbers decide whether there is a revision, and its paper says what they changed
        return Issued(store(settings, order, made, name=found.community, now=now, deliver=deliver), is_new=True)


def verify(one: Kept, *, maker: Maker) -> Verified:
    """Makes a kept report again from its own build. Raises ReportDamaged where its files are no longer those that were kept."""
    for fault in one.faults:
        raise fault
    try:
        made = maker(one.order)
    except BuildGone:
        return Verified("gone")
    again = {PDF: made.pdf, PNG: made.png, XLSX: made.xlsx, NUMBERS: encoded(made.numbers)}
    files = tuple(name for name, content in again.items() if sha256(content) != one.about["sha256"][name])
    return Verified("different", files) if files else Verified("same")


def _changes(last: Kept, made: Made, lang: str) -> tuple[str, ...]:
    """Empty when the newest revision says the same already."""
    if last.faults:
        return (text("issue.last_damaged", lang, revision=last.revision),)
    return () if are_equal(last.numbers, made.numbers) else tuple(changed(last.numbers, made.numbers, lang))
