"""One press for all tests that set paper: its process takes a second to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.report.press import Press


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press
