"""What the documents say is so: their paths exist, their commands run, their metrics and columns are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dashboard.__main__
import etl.__main__
from dashboard.metrics.catalogue import catalogue

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
MAP = README.split("```text")[1].split("```")[0]
COMMANDS = {"etl": etl.__main__.main, "dashboard": dashboard.__main__.main}
MADE_LATER = {"inbox", "raw", "returned", "warehouse", "reports"}


def mapped_paths() -> list[Path]:
    """The files and folders at the left edge of the map's lines, below the package heading above them."""
    found: list[Path] = []
    folder = PROJECT
    for line in MAP.splitlines():
        names = re.match(r"( *)([\w./]+(?: [\w./]+)*)(?:  +|$)", line)
        if not names or not names[2].strip():
            continue
        if not names[1]:
            folder = PROJECT / names[2].strip()
            found.append(folder)
            continue
        found += [folder / name for name in names[2].split() if name.strip("/") not in MADE_LATER]
    return found


def test_every_path_of_the_map_exists() -> None:
    paths = mapped_paths()
    assert len(paths) > 30
    assert [str(path) for path in paths if not path.exists()] == []


def test_every_module_of_the_load_is_on_the_map() -> None:
    modules = {path.name for path in (PROJECT / "etl").glob("*.*") if path.suffix in {".py", ".sql", ".toml"}} - {
        "__init__.py",
        "__main__.py",
    }
    assert {name for name in modules if name not in MAP} == set()


def test_the_make_targets_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (demo|test|bench|lint|lock|clean)\b", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m ((?:etl|dashboard)(?: --data \S+)? \w+)", README))))
def test_the_commands_exist(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    package, *asked = command.split()
    with pytest.raises(SystemExit) as ended:
        COMMANDS[package]([*asked, "--help"])
    said, complaints = capsys.readouterr()
    assert (ended.value.code, complaints) == (0, "")
    assert asked[-1] in said


def test_the_pictures_and_linked_files_exist() -> None:
    for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (PROJECT / target).exists(), target
    for target in re.findall(r"`((?:tests|dashboard|etl|data)/[\w./]+\.\w+)`", README):
        assert (PROJECT / target).exists() or target.startswith(("data/pseudonym", "data/desk/")), target


def test_the_metrics_named_exist() -> None:
    for name in re.findall(r"`(\w+:\w+)`", README):
        assert name in catalogue().variants
    assert (PROJECT / "dashboard/metrics/definitions/three_rate_composite.toml").exists()


def test_the_glossarys_columns_are_in_the_warehouse() -> None:
    schema = (PROJECT / "etl/schema.sql").read_text(encoding="utf-8")
    glossary = README.split("Glossary")[1].split("##")[0]
    columns = set(
        re.findall(
            r"`((?:is|kind|rating|community|grid|worker|solved|satisfaction|rework|return|extension|rows)_\w+|fte)`", glossary
        )
    )
    assert len(columns) > 15
    assert {column for column in columns if column not in schema} == set()
