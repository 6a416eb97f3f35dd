"""The sample with a research desk of its own."""

from __future__ import annotations

import pytest

from dashboard.settings import Settings
from etl.ledger import DataRoot
from tests.desk.conftest import open_file, small

__all__ = ["open_file", "small"]
"""A small build and its de-identified file, as the desk's own tests have them."""


@pytest.fixture(scope="session")
def desk(sample_root: DataRoot, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data root that shares the sample's builds."""
    data = tmp_path_factory.mktemp("research")
    (data / "warehouse").symlink_to(sample_root.warehouse)
    return Settings(data=data)
