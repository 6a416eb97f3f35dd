"""What the parts of the Reports page share: which reports a reader sees, what each is called, where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dashboard.access import Reader
from dashboard.i18n import text
from dashboard.i18n.dates import week_name
from dashboard.reading.links import page_href
from dashboard.reading.visit import Visit
from dashboard.report import outbox
from dashboard.report.archive import Kept, find, kept
from dashboard.report.edition import Edition
from dashboard.report.errors import EditionError, NotKept, ReportDamaged
from dashboard.settings import Settings

PATH = "/reports"
LISTING = ("of", "page")
"""What the address says about the list: whose reports, which page of it."""


@dataclass(frozen=True)
class Issues:
    """An edition's kept reports. older: newest first."""

    newest: Kept
    older: tuple[Kept, ...]


def issues(settings: Settings, reader: Reader) -> list[Issues]:
    """What the reader may see: newest week first, the town before its communities."""
    seen = [one for one in kept(settings) if may_see(reader, one.edition)]
    grouped = (list(group) for _, group in groupby(seen, lambda one: one.edition))
    return [Issues(group[0], tuple(group[1:])) for group in grouped]


def may_see(reader: Reader, edition: Edition) -> bool:
    """Who may see some communities sees their reports; who may see all, the town's too."""
    return not reader.communities or edition.community in reader.communities


def edition_of(week: str, key: str) -> Edition:
    """The edition with that key. Raises EditionError."""
    lang = "en" if key.endswith("-en") else "zh"
    community = key.removesuffix("-en")
    return Edition(week, "" if community == "town" else community, lang)


def found(settings: Settings, reader: Reader, week: str, key: str, revision: str) -> Kept:
    """One kept report; revision: "" the newest. Raises NotKept for one there is not, or not for this reader."""
    missing = NotKept("没有这份周报", "There is no such report")
    if revision and not (revision.isdecimal() and len(revision) < 5):
        raise missing
    try:
        one = find(settings, edition_of(week, key), int(revision) if revision else None)
    except (EditionError, NotKept) as error:
        raise missing from error
    if not may_see(reader, one.edition):
        raise missing
    return one


def record(one: Kept) -> tuple[Mapping[str, Any], ReportDamaged | None]:
    """What is known about it; {} and why where that cannot be read."""
    try:
        return one.about, None
    except ReportDamaged as fault:
        return {}, fault


def week_words(visit: Visit, edition: Edition) -> str:
    """第46周 11月9日—15日, with the year where it is not that of the data."""
    words = week_name(edition.monday, visit.lang)
    return (
        words if edition.year == visit.snapshot.build.as_of.year else visit.words("reports.of_year", year=edition.year, week=words)
    )


def whose(visit: Visit, edition: Edition) -> str:
    """全镇, or the community's name; with the language where it is not the reader's."""
    name = visit.name("community", edition.community) if edition.community else visit.words("report.scope_town")
    return (
        name
        if edition.lang == visit.lang
        else visit.words("reports.in_language", name=name, language=language(visit, edition.lang))
    )


def language(visit: Visit, lang: str) -> str:
    return visit.words(f"reports.lang_{lang}")


def called(visit: Visit, one: Kept) -> str:
    """第46周 11月9日—15日 全镇, and which revision where there was one before."""
    name = visit.words("reports.called", week=week_words(visit, one.edition), whose=whose(visit, one.edition))
    return name if one.revision == 1 else visit.words("reports.revised", name=name, revision=one.revision)


def report_href(visit: Visit, one: Kept, *, revision: bool = False) -> str:
    """Where it is shown, with the list as it stands. revision: this one also when there is a newer one."""
    edition = one.edition
    own = {"week": edition.week, "edition": edition.key, "revision": str(one.revision) if revision else ""}
    return page_href(PATH, visit.view, **own, **{name: visit.choice(name) for name in LISTING})


def file_href(one: Kept, form: str, *, saved: bool = False) -> str:
    """form: pdf, png, xlsx or json · saved: to be saved, not shown."""
    return f"/report/{one.edition.week}/{one.edition.key}/{one.revision}.{form}" + ("?save=1" if saved else "")


def sent_words(one: Kept, lang: str) -> str:
    """To how many it was sent, and to how many not; "" where nobody was to get it."""
    try:
        results = outbox.last_results(one)
    except ReportDamaged as fault:
        return fault.zh if lang == "zh" else fault.en
    by_mail: Sequence[str] = [event.result for to, event in results.items() if "@" in to]
    words = []
    if by_mail.count("sent"):
        words.append(text("reports.sent", lang, count=by_mail.count("sent")))
    if len(by_mail) > by_mail.count("sent"):
        words.append(text("reports.not_sent", lang, count=len(by_mail) - by_mail.count("sent")))
    if any("@" not in to and event.result == "sent" for to, event in results.items()):
        words.append(text("reports.copied", lang))
    return text("punctuation.comma", lang).join(words)
