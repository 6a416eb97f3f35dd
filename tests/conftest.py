"""Fixtures every test may use."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from dashboard.warehouse import Snapshot, Warehouse
from etl.ledger import DataRoot
from tests.sample_township import built_sample

settings.register_profile("suite", max_examples=15, deadline=None)  # a loaded machine is slow, not wrong
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
gc.set_threshold(20_000, 20, 20)  # as the server has it


def pytest_xdist_auto_num_workers() -> int:
    """One test process more than processors: those that drive a browser wait much of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def sample_root(pytestconfig: pytest.Config) -> DataRoot:
    """The data root of the default sample township, loaded from its messy exports."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("sample_township")
    with FileLock(folder.with_suffix(".lock")):  # test processes side by side build it once
        return built_sample(folder)


@pytest.fixture(scope="session")
def truths(sample_root: DataRoot) -> dict[str, Any]:
    """What was planted in it."""
    planted: dict[str, Any] = json.loads((sample_root.path / "truths.json").read_text(encoding="utf-8"))
    return planted


@pytest.fixture(scope="session")
def sample_warehouse(sample_root: DataRoot) -> Iterator[Warehouse]:
    """A reader of its warehouse."""
    warehouse = Warehouse(sample_root.warehouse)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def sample(sample_warehouse: Warehouse) -> Snapshot:
    """Its current build."""
    return sample_warehouse.current()
