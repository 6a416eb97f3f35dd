"""The dashboard's side of publishing: follows the pointer, never mixes builds, says clearly what is wrong."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from dashboard.warehouse import POINTER, SCHEMA_VERSION, Warehouse, WarehouseMissing, WarehouseUnreadable
from tests.tables import small_warehouse

ROWS = 2_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one published build of one incident."""
    small_warehouse(tmp_path, {"incident": "case | is\na | counted"}).close()
    return tmp_path


def publish(folder: Path, version: int, template: Path) -> None:
    """Publishes a build all of whose rows carry its version."""
    name = f"v{version:03d}.duckdb"
    shutil.copy(template, folder / name)
    with duckdb.connect(str(folder / name)) as connection:
        connection.execute(f"UPDATE meta.build SET build_id = '{version}'")
        connection.execute(f"CREATE TABLE core.stamp AS SELECT {version} AS version FROM range({ROWS})")
    point(folder, {"name": name, "schema_version": SCHEMA_VERSION})


def point(folder: Path, pointer: object) -> None:
    temporary = folder / "CURRENT.new"
    temporary.write_text(pointer if isinstance(pointer, str) else json.dumps(pointer), encoding="utf-8")
    os.replace(temporary, folder / POINTER)  # noqa: PTH105 - the very call a publisher makes


def test_the_build_record_is_read(folder: Path) -> None:
    warehouse = Warehouse(folder)
    build = warehouse.current().build
    assert build.build_id == "small_0"
    assert build.as_of.isoformat() == "2026-11-16T08:00:00"
    assert warehouse.current() is warehouse.current()
    assert warehouse.current().rows("SELECT count(*) FROM core.incident") == [(1,)]
    assert warehouse.current().query("SELECT incident_id FROM core.incident")["incident_id"].tolist() == ["a"]
    assert warehouse.current().table("SELECT 1 AS one, NULL AS two") == (["one", "two"], [(1, None)])
    warehouse.close()


def test_nothing_opens_before_the_first_use(tmp_path: Path) -> None:
    assert Warehouse(tmp_path / "not there yet").directory.name == "not there yet"


def test_readers_follow_swaps_without_a_torn_read(folder: Path, tmp_path: Path) -> None:
    template = tmp_path / "small_0.duckdb"
    publish(folder, 0, template)
    warehouse = Warehouse(folder)
    done = threading.Event()

    def read() -> tuple[set[int], list[str]]:
        seen: set[int] = set()
        wrong: list[str] = []
        while not done.wait(0.002):
            snapshot = warehouse.current()
            low, high, count = snapshot.rows("SELECT min(version), max(version), count(*) FROM core.stamp")[0]
            if not (str(low) == str(high) == snapshot.build.build_id and count == ROWS):
                wrong.append(f"{low} {high} {count} in {snapshot.build.build_id}")
            seen.add(low)
        return seen, wrong

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for version in range(1, 26):
            publish(folder, version, template)
        last = warehouse.current().build.build_id
        done.set()
        results = [reader.result() for reader in readers]
    assert last == "25"
    assert all(not wrong for _, wrong in results)
    assert len(set().union(*(seen for seen, _ in results))) > 5
    warehouse.close()


def test_a_page_in_progress_keeps_its_build_for_two_more(folder: Path, tmp_path: Path) -> None:
    template = tmp_path / "small_0.duckdb"
    publish(folder, 1, template)
    warehouse = Warehouse(folder)
    page = warehouse.current()
    for version in (2, 3):
        publish(folder, version, template)
        assert warehouse.current().build.build_id == str(version)
        assert page.rows("SELECT max(version) FROM core.stamp") == [(1,)]
    point(folder, {"name": "v001.duckdb", "schema_version": SCHEMA_VERSION})
    assert warehouse.current() is page, "rolling back is pointing back"
    warehouse.close()


def test_what_is_remembered_belongs_to_one_build(folder: Path, tmp_path: Path) -> None:
    warehouse = Warehouse(folder)
    assert warehouse.current().remembered("answer", lambda: 1) == 1
    assert warehouse.current().remembered("answer", lambda: 2) == 1
    publish(folder, 5, tmp_path / "small_0.duckdb")
    assert warehouse.current().remembered("answer", lambda: 3) == 3
    warehouse.close()


def test_the_warehouse_cannot_be_written_to(folder: Path) -> None:
    warehouse = Warehouse(folder)
    with pytest.raises(duckdb.Error, match="read-only"):
        warehouse.current().rows("DELETE FROM core.incident")
    warehouse.close()


def test_no_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseMissing, match=r"还没有数据.*python -m etl build") as error:
        Warehouse(tmp_path).current()
    assert "No data yet" in error.value.en


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("not json", "指针文件损坏"),
        ("[]", "指针文件损坏"),
        ({"schema_version": SCHEMA_VERSION}, "指针文件损坏"),
        ({"name": "gone.duckdb", "schema_version": SCHEMA_VERSION}, "文件不存在"),
        ({"name": "../outside.duckdb", "schema_version": SCHEMA_VERSION}, "指向文件夹之外"),
        ({"name": "small_0.duckdb", "schema_version": 99}, "结构版本为 99"),
        ({"name": "CURRENT", "schema_version": SCHEMA_VERSION}, "不是有效的数据仓库"),
    ],
)
def test_a_bad_pointer_is_a_clear_error(folder: Path, pointer: object, message: str) -> None:
    point(folder, pointer)
    with pytest.raises(WarehouseUnreadable, match=message):
        Warehouse(folder).current()


def test_a_build_without_a_record_is_a_clear_error(folder: Path) -> None:
    with duckdb.connect(str(folder / "small_0.duckdb")) as connection:
        connection.execute("DELETE FROM meta.build")
    with pytest.raises(WarehouseUnreadable, match="不是有效的数据仓库"):
        Warehouse(folder).current()


def test_a_pointer_that_goes_bad_leaves_the_build_being_served(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    warehouse = Warehouse(folder)
    before = warehouse.current()
    point(folder, "half a poin")
    with caplog.at_level(logging.WARNING):
        assert warehouse.current() is before
        assert warehouse.current() is before
    assert [record.message for record in caplog.records if "指针文件损坏" in record.message] == [caplog.records[0].message]
    (folder / POINTER).unlink()
    assert warehouse.current() is before
    warehouse.close()


def _count_in_child(warehouse: Warehouse, answers: multiprocessing.Queue[object]) -> None:
    answers.put(warehouse.current().rows("SELECT count(*) FROM core.incident"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_worker_opens_its_own(folder: Path) -> None:
    warehouse = Warehouse(folder)
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[object] = context.Queue()
    child = context.Process(target=_count_in_child, args=(warehouse, answers))
    child.start()
    assert answers.get(timeout=20) == [(1,)]
    child.join(20)
    assert child.exitcode == 0
