"""The builds that are kept, each by its id: what was asked of one is asked of the same again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.desk.deidentified import DeskError
from dashboard.settings import Settings
from dashboard.warehouse import SCHEMA_VERSION, Snapshot, Warehouse, WarehouseError


@contextmanager
def kept_build(settings: Settings, build_id: str) -> Iterator[Snapshot]:
    """That build, open. Raises DeskError where it is no longer kept or cannot be read."""
    builds = Warehouse(settings.warehouse, settings.threads)
    try:
        snapshot = builds.of(build_id)
        if snapshot.build.schema_version != SCHEMA_VERSION:
            raise DeskError(f"数据版本 {build_id} 是旧版程序生成的", f"build {build_id} is of an older program")
        yield snapshot
    except WarehouseError as error:
        raise DeskError(error.zh, error.en) from error
    finally:
        builds.close()
