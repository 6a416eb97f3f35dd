"""The de-identified warehouse to take home: it opens read-only, explains itself, and its notebook runs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import threading
import time
import types
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.desk.deidentified import DeskError, desk_file, folder, prune, schema
from dashboard.research import warehouse_file
from dashboard.research.warehouse_file import Packing, warehouse_zip
from dashboard.settings import Settings
from tests.desk.conftest import BUILD


@pytest.fixture(scope="module")
def taken(small: Settings, open_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, unpacked."""
    assert open_file.exists()
    into = tmp_path_factory.mktemp("taken")
    with zipfile.ZipFile(warehouse_zip(small, BUILD)) as archive:
        assert {one.compress_type for one in archive.infolist() if one.filename.endswith(".duckdb")} == {zipfile.ZIP_STORED}
        archive.extractall(into)
    return into


def test_it_opens_read_only_with_every_comment(taken: Path) -> None:
    (file,) = taken.glob("*.duckdb")
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'open'"
        ).fetchall()
    assert set(found) == {(table.name, column.name, f"{column.zh} / {column.en}") for table in schema() for column in table.columns}


def test_its_codebook_has_every_table_and_column(taken: Path) -> None:
    lines = list(csv.DictReader(io.StringIO((taken / "codebook.csv").read_text(encoding="utf-8-sig"))))
    expected = [(f"open.{table.name}", name) for table in schema() for name in ("", *(column.name for column in table.columns))]
    assert [(line["table"], line["column"]) for line in lines] == expected
    assert all(line["definition_zh"] and line["definition_en"] for line in lines)


def test_its_notebook_runs(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = json.loads((taken / "first_look.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    table, chart = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"][1:]
    first = next(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    monkeypatch.chdir(taken)
    found: dict[str, Any] = {}
    exec(first, found)
    exec(table, found)
    assert found["monthly"].sum().sum() > 1_000
    drawn: list[Any] = []
    stand_in: Any = types.ModuleType("township_plot")  # pandas draws with what it is told; matplotlib is the researcher's
    stand_in.plot = lambda data, kind, **asked: drawn.append((data, kind, asked))
    monkeypatch.setitem(sys.modules, "township_plot", stand_in)
    import pandas as pd

    with pd.option_context("plotting.backend", "township_plot"):
        exec(chart, found)
    assert [kind for _, kind, _ in drawn] == ["line"]
    found["data"].close()


def test_it_says_under_which_conditions(taken: Path) -> None:
    told = json.loads((taken / "provenance.json").read_text(encoding="utf-8"))
    read_me = (taken / "README.txt").read_text(encoding="utf-8")
    for words in (told["citation_zh"], told["citation_en"], told["licence"]["zh"], told["licence"]["en"]):
        assert words in read_me


def test_it_is_made_once_and_goes_with_its_build(small: Settings, open_file: Path) -> None:
    assert open_file.exists()
    made = warehouse_zip(small, BUILD)
    before = made.stat().st_mtime_ns
    assert warehouse_zip(small, BUILD).stat().st_mtime_ns == before
    gone = desk_file(small, "000000_gone").with_suffix(".zip")
    gone.write_bytes(b"")
    prune(small)
    assert made.exists()
    assert not gone.exists()
    with pytest.raises(DeskError):
        warehouse_zip(small, "000000_gone")


def test_a_full_disk_leaves_no_part_of_it(small: Settings, open_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk_file(small, BUILD).with_suffix(".zip").unlink(missing_ok=True)

    def fails(_: Any, into: Any, *__: Any) -> None:
        into.write(b"x")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", fails)
    with pytest.raises(DeskError, match="No space left"):
        warehouse_zip(small, BUILD)
    assert open_file.exists()
    assert list(folder(small).glob("*.zip*")) == []


def test_nobody_waits_for_it_and_only_one_is_made_at_a_time(
    small: Settings, open_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_file.exists()
    desk_file(small, BUILD).with_suffix(".zip").unlink(missing_ok=True)
    go, asked = threading.Event(), []

    def slow(settings: Settings, build_id: str) -> Path:
        asked.append(build_id)
        assert go.wait(20)
        return warehouse_zip(settings, build_id)

    monkeypatch.setattr(warehouse_file, "warehouse_zip", slow)
    packing = Packing(small)
    assert [packing.ready(BUILD) for _ in range(8)] + [packing.ready("000000_gone")] == [None] * 9
    assert asked == [BUILD]
    go.set()
    assert soon(packing, BUILD) == desk_file(small, BUILD).with_suffix(".zip")
    with pytest.raises(DeskError, match="000000_gone"):
        soon(packing, "000000_gone")
    assert packing.ready("000000_gone") is None  # tried again


def soon(packing: Packing, build_id: str) -> Path:
    ends_at = time.monotonic() + 30
    while (made := packing.ready(build_id)) is None:
        assert time.monotonic() < ends_at
        time.sleep(0.02)
    return made
