"""The sample township, built once for all tests and kept as long as neither the code of the load nor its tables change."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from etl.build import build
from etl.ledger import DataRoot
from etl.sample import write_sample

DATA = Path(__file__).resolve().parents[1] / "data"
ETL = DATA.parent / "etl"


def built_sample(cache: Path, *, seed: int = 2024, incidents: int = 60_000) -> DataRoot:
    """The data root of a built sample below `cache`."""
    key = hashlib.sha256(f"{seed} {incidents}".encode())
    for file in sorted(
        [*ETL.rglob("*.py"), *ETL.rglob("*.sql"), *ETL.rglob("*.toml"), *ETL.rglob("*.csv"), *(DATA / "reference").glob("*.csv")]
    ):
        key.update(file.read_bytes())
    root = DataRoot(cache / key.hexdigest()[:16], DATA)
    if not (root.warehouse / "CURRENT").exists():
        for old in cache.iterdir():
            shutil.rmtree(old)
        write_sample(root.inbox, seed=seed, incidents=incidents)
        build(root)
    return root
