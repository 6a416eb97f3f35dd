"""A real city's export through the ordinary commands: equal to the numbers counted independently in ../shared/realdata/README.md."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.access import LOCAL
from dashboard.metrics.compute import compute
from dashboard.pages import PAGES, draw, visit_of
from dashboard.shell import Address
from dashboard.view import View
from dashboard.warehouse import Snapshot, Warehouse
from tests.pages.test_pages import MISSING, strings

PROJECT = Path(__file__).resolve().parents[1]
EXPORT = PROJECT.parent / "shared/realdata/311_service_requests_2011.zip"
ALL = View(period="all")

pytestmark = pytest.mark.skipif(not EXPORT.exists(), reason=f"the real export is not there: {EXPORT}")


@pytest.fixture(scope="module")
def boston(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    root = tmp_path_factory.mktemp("boston")
    done = subprocess.run(
        [sys.executable, "-m", "etl", "--data", str(root), "build", str(EXPORT)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    warehouse = Warehouse(root / "warehouse")
    yield warehouse.current()
    warehouse.close()


def value(snapshot: Snapshot, metric: str) -> tuple[float, float, float]:
    """value, numerator, denominator over the whole export."""
    row = compute(snapshot, [metric], ALL).iloc[0]
    return float(row["value"]), float(row["numerator"]), float(row["denominator"])


def test_every_row_is_loaded(boston: Snapshot) -> None:
    assert boston.rows("SELECT rows_in, rows_loaded, rows_set_aside, profile FROM meta.file") == [(58_251, 58_251, 0, "boston_311")]
    assert boston.rows("SELECT count(*) FROM meta.unmatched") == [(0,)]


def test_on_time_closure_counts_only_cases_with_a_deadline(boston: Snapshot) -> None:
    rate, on_time, due = value(boston, "on_time_closure_rate")
    assert (on_time, due) == (35_591, 47_270)
    assert round(rate, 3) == 0.753


def test_the_citys_own_rule_is_a_variant(boston: Snapshot) -> None:
    rate, on_time, flagged = value(boston, "on_time_closure_rate:source_flag")
    assert (on_time, flagged) == (46_572, 58_093)
    assert round(rate, 3) == 0.802


def test_open_and_overdue(boston: Snapshot) -> None:
    assert value(boston, "backlog")[0] == 3_681
    assert value(boston, "open_overdue")[0] == 3_449
    assert boston.rows("SELECT count(*) FROM core.incident WHERE due_at IS NULL") == [(10_981,)]
    assert boston.rows("SELECT count(*) FROM core.incident WHERE closed_at = reported_at") == [(2_499,)]


def test_time_to_close(boston: Snapshot) -> None:
    assert round(value(boston, "median_hours_to_close")[0] / 24, 2) == 0.92
    ((p95,),) = boston.rows("SELECT quantile_cont(hours_to_close, 0.95) / 24 FROM core.incident")
    assert round(p95) == 216


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_the_pages_show_it(boston: Snapshot, path: str) -> None:
    _, body = draw(visit_of(boston, Address.of_url(f"{path}?period=all"), LOCAL))
    shown = list(strings(body))
    assert not [text for text in shown if MISSING.search(text)]
    if path in {"/", "/closure"}:
        assert "75.3" in shown
        assert "58,251" in shown
