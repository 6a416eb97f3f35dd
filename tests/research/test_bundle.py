"""The reproducibility bundle: what is in it, that equal content gives equal bytes, and that a changed number is found."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.__main__ import main
from dashboard.desk.query import run
from dashboard.research.bundle import DATA, PROVENANCE, bundle, sha256, written, zipped
from dashboard.research.numbers import Question, answer
from dashboard.research.outputs import of_answer, of_result
from dashboard.research.verify import DIFFERENT, EQUAL, IMPOSSIBLE, verify
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.warehouse import Snapshot
from tests.desk.conftest import BUILD

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def packed(sample: Snapshot, desk: Settings) -> bytes:
    view = View(period="last_4_weeks", lang="en")
    return bundle(
        *of_answer(answer(sample, desk, view, Question(("closure_rate", "three_rate_composite"), ("category",))), sample, view)
    )


def test_it_has_all_it_takes(packed: bytes, sample: Snapshot, desk: Settings) -> None:
    files = _files(packed)
    assert set(files) == {
        DATA, "data.parquet", "codebook.csv", "question.json", PROVENANCE, "README.txt", "definitions/dimensions.toml",
        *(f"definitions/{key}.toml" for key in ("closure_rate", "three_rate_composite", "contacted_rate", "solved_rate", "satisfaction_rate")),
    }  # fmt: skip
    told = json.loads(files[PROVENANCE])
    assert told["build_id"] == sample.build.build_id
    assert told["sha256"] == {name: sha256(content) for name, content in sorted(files.items()) if name != PROVENANCE}
    read_me = files["README.txt"].decode()
    for needed in ("--verify", told["citation_zh"], told["citation_en"], "5"):
        assert needed in read_me
    view = View(period="last_4_weeks", lang="en")
    again = answer(sample, desk, view, Question(("closure_rate", "three_rate_composite"), ("category",)))
    assert bundle(*of_answer(again, sample, view)) == packed


def test_it_is_verified(packed: bytes, desk: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(packed)
    assert main(["--data", str(desk.data), "research", "--verify", str(file)]) == EQUAL
    assert capsys.readouterr().out.startswith("一致：")


def _number(files: dict[str, bytes]) -> None:
    line = files[DATA].decode().splitlines(keepends=True)[1]
    files[DATA] = files[DATA].replace(line.encode(), line.replace("0", "5", 1).encode())


def _number_and_its_hash(files: dict[str, bytes]) -> None:
    _number(files)
    _told(files, sha256={**json.loads(files[PROVENANCE])["sha256"], DATA: sha256(files[DATA])})


def _told(files: dict[str, bytes], **changes: object) -> None:
    files[PROVENANCE] = written({**json.loads(files[PROVENANCE]), **changes})


@pytest.mark.parametrize(
    "change, code",
    [
        (_number, DIFFERENT),
        (_number_and_its_hash, DIFFERENT),
        (lambda files: files.pop("codebook.csv"), DIFFERENT),
        (lambda files: _told(files, build_id="../000001_gone"), IMPOSSIBLE),
        (lambda files: _told(files, kind="song"), IMPOSSIBLE),
        (lambda files: files.pop(DATA), IMPOSSIBLE),
        (lambda files: files.update({PROVENANCE: b"[]"}), IMPOSSIBLE),
    ],
)
def test_what_was_changed_is_found(packed: bytes, desk: Settings, tmp_path: Path, change: Change, code: int) -> None:
    files = _files(packed)
    change(files)
    (tmp_path / "bundle.zip").write_bytes(zipped(files))
    verdict = verify(desk, tmp_path / "bundle.zip")
    assert verdict.code == code
    assert verdict.message.zh
    assert verdict.message.en


def test_what_is_no_bundle_cannot_be_verified(desk: Settings, tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(b"PK")
    assert verify(desk, tmp_path / "bundle.zip").code == IMPOSSIBLE
    assert verify(desk, tmp_path / "none.zip").code == IMPOSSIBLE


def test_a_query_is_asked_again(small: Settings, open_file: Path, sample: Snapshot, tmp_path: Path) -> None:
    assert open_file.exists()
    sql = "SELECT community_code, any_value(case_key) AS case_key, count(*) AS n FROM open.incident GROUP BY 1"
    result = run(small, BUILD, sql)
    assert result.message is None
    output, of = of_result(result, sql, sample.build, "zh")
    files = _files(bundle(output, of))
    assert files["query.sql"].decode() == sql
    _told(files, build_id=BUILD)
    (tmp_path / "bundle.zip").write_bytes(zipped(files))
    assert verify(small, tmp_path / "bundle.zip").code == EQUAL
    (tmp_path / "bundle.zip").write_bytes(zipped({**files, PROVENANCE: files[PROVENANCE].replace(b"GROUP BY 1", b"GROUP BY 2")}))
    assert verify(small, tmp_path / "bundle.zip").code == IMPOSSIBLE


def _files(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
