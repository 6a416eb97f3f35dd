"""Which build a report is made from: the warehouse folder keeps the last few."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dashboard.queries.codes import names
from dashboard.report.edition import Edition, week_on
from dashboard.report.errors import BuildGone, EditionError
from dashboard.settings import Settings
from dashboard.warehouse import SCHEMA_VERSION, Build, BuildNotKept, Snapshot, Warehouse, WarehouseError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What an edition is made from. community: its name in that build, "" for the town."""

    build_id: str
    community: str


@contextmanager
def opened(settings: Settings, build_id: str = "") -> Iterator[Snapshot]:
    """The build of that id, "" the current one. Raises BuildGone and, where nothing can be read, WarehouseError."""
    with builds_of(settings) as builds:
        yield builds.of(build_id) if build_id else builds.current()


def current(settings: Settings) -> Build:
    """The build readers see now."""
    with opened(settings) as snapshot:
        return snapshot.build


def source(settings: Settings, edition: Edition, *, build_id: str = "", is_of_now: bool = False) -> Source:
    """build_id where one is given, the current build when it is to be `of now`, else the one of the week's time.

    Raises BuildGone, EditionError for a community the build does not know, WarehouseError.
    """
    with builds_of(settings) as builds:
        now = builds.current().build
        chosen = build_id or (now.build_id if is_of_now else _of_its_time(builds.usable(), now, edition))
        if not edition.community:
            builds.of(chosen)
            return Source(chosen, "")
        known = names(builds.of(chosen), "community", "zh")
    if edition.community not in known:
        raise unknown_community(edition.community, known)
    return Source(chosen, known[edition.community])


def _of_its_time(usable: Sequence[Build], now: Build, edition: Edition) -> str:
    """The build with the first as-of after the week's end, the newest of several of that as-of; else the current one."""
    of_time = [build for build in usable if covers(build.as_of, edition)]
    earliest = min((build.as_of for build in of_time), default=now.as_of)
    if now.as_of == earliest:  # after a rollback the newest of that moment is not the one to be used
        return now.build_id
    return [build for build in of_time if build.as_of == earliest][-1].build_id


def covers(as_of: datetime, edition: Edition) -> bool:
    """Whether the week had ended when the data was exported."""
    return as_of >= datetime.combine(edition.sunday + timedelta(days=1), time())


def last_week(moment: datetime) -> str:
    """The last week that is over."""
    return week_on(moment.date() - timedelta(days=7))


def communities(settings: Settings) -> dict[str, str]:
    """Code and name of each community of the current build."""
    with opened(settings) as snapshot:
        return {code: name for code, name in names(snapshot, "community", "zh").items() if code != "unmatched"}


def unknown_community(code: str, known: Iterable[str]) -> EditionError:
    """What somebody is told who asks for a community there is none of."""
    codes = [one for one in known if one != "unmatched"]
    return EditionError(
        f"没有编号为“{code}”的社区；现有：{'、'.join(codes) or '无'}",
        f"There is no community “{code}”; there are: {', '.join(codes) or 'none'}",
    )


@contextmanager
def builds_of(settings: Settings) -> Iterator[Builds]:
    """The builds that are kept, for as long as they are needed: a snapshot remembers what it was asked."""
    builds = Builds(settings.warehouse, settings.threads)
    try:
        yield builds
    finally:
        builds.close()


class Builds(Warehouse):
    """The folder's builds, each by its id, whatever the pointer says."""

    def of(self, build_id: str) -> Snapshot:
        """The same; BuildGone where it is no longer kept."""
        try:
            return super().of(build_id)
        except BuildNotKept:
            raise BuildGone(build_id) from None

    def usable(self) -> list[Build]:
        """Those a report can be made from, oldest first. One of an older program, or damaged, is logged and left out."""
        found: list[Build] = []
        for file in sorted(self.directory.glob("*.duckdb")):  # numbered by the load: a clock may jump
            try:
                build = self.of(file.stem).build
            except (BuildGone, WarehouseError) as error:  # pruned meanwhile, or unreadable
                log.warning("%s", error)
            else:
                found += [build] if build.schema_version == SCHEMA_VERSION else []
        return found
