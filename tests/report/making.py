"""A data root with small builds, and a maker that sets nothing: what is kept and sent does not depend on how a report looks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from dashboard.report.builds import opened
from dashboard.report.made import Made, Order
from dashboard.settings import Settings
from tests.tables import small_warehouse

MONDAY = datetime(2026, 11, 16, 8, 0)
"""The Monday after 2026-W46."""
COMMUNITIES = (("C01", "锦绣里社区"), ("C02", "南门社区"))


def township(folder: Path, *as_ofs: str) -> Settings:
    """A data root with a build for each as-of moment; the last one is current."""
    shutil.copytree(_builds(*as_ofs), folder / "warehouse")
    return Settings(data=folder, threads=1)


@cache
def _builds(*as_ofs: str) -> Path:
    """Made once: copying is quicker."""
    folder = Path(tempfile.mkdtemp(prefix="township-"))
    for number_of, as_of in enumerate(as_ofs):
        small_warehouse(folder, {}, as_of=as_of).close()
        with duckdb.connect(str(folder / f"small_{number_of}.duckdb")) as connection:
            connection.executemany("INSERT INTO core.community (community_code, name) VALUES (?, ?)", COMMUNITIES)
    return folder


def number(
    shown: str, value: float | None = None, n: int | None = 100, zh: str = "按期结案率", en: str = "Closed on time"
) -> dict[str, Any]:
    return {"zh": zh, "en": en, "value": value, "shown": shown, "unit": "percent", "n": n}


def maker_of(settings: Settings, numbers: dict[str, dict[str, Any]] | None = None) -> Callable[[Order], Made]:
    """Makes bytes that follow from the order alone."""

    def make(order: Order) -> Made:
        with opened(settings, order.build_id) as snapshot:
            build = snapshot.build
        about = {
            "week": order.edition.week,
            "community": order.edition.community,
            "lang": order.edition.lang,
            "build_id": build.build_id,
            "as_of": build.as_of.isoformat(),
            "catalogue": "v1",
            "view": order.edition.view.to_query(),
            "title": "社会治理周报",
            "pages": 8,
            "office": order.office,
            "problems": [],
        }
        said = f"{order}".encode()
        return Made(
            b"%PDF-1.7 " + said, b"\x89PNG " + said, b"PK " + said, numbers or {"closure_rate": number("91.2%", 0.912)}, about
        )

    return make


def workshop_of(numbers: dict[str, dict[str, Any]] | None = None) -> Any:
    """The same as the command opens it."""

    @contextmanager
    def workshop(settings: Settings) -> Iterator[Callable[[Order], Made]]:
        yield maker_of(settings, numbers)

    return workshop
