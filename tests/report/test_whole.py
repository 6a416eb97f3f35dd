"""The whole way, as an operator goes it: made by command from the sample, found in the archive, made again to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.__main__ import main
from etl.ledger import DataRoot

PROJECT = Path(__file__).resolve().parents[2]


def run(root: Path, *options: str) -> list[str]:
    """What the command says; with next to no environment, as from cron."""
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--data", str(root), "report", *options],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_made_kept_and_made_again_to_the_byte(sample_root: DataRoot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "warehouse").symlink_to(sample_root.warehouse.resolve(), target_is_directory=True)
    said = run(tmp_path, "--week", "2026-W46", "--community", "C01")
    folder = tmp_path / "reports" / "2026-W46" / "C01" / "r1"
    assert str(folder / "report.pdf") in "\n".join(said)
    about = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (about["week"], about["community"], about["problems"]) == ("2026-W46", "C01", [])
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    command = ["--data", str(tmp_path), "report"]
    assert main([*command, "--verify"]) == 0
    verified, complaints = capsys.readouterr()
    assert complaints == ""
    assert any("一致" in line or "相同" in line for line in verified.splitlines()), verified
    assert main([*command, "--week", "2026-W46", "--community", "C01"]) == 0
    assert capsys.readouterr().err == ""
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
