"""Earlier builds, withdrawn files, damaged caches and clocks that jump."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.errors import AcceptedUnreadable, FileNotThere, NoSuchBuild, OriginalLost
from etl.ledger import DataRoot, accepted_files, store, stored, withdraw
from etl.warehouse import POINTER, kept_builds, only_build, published, roll_back
from tests.etl.exports import built, copied, data_root, put, rows
from tests.etl.test_build import FIRST, LATER

IDS = "SELECT string_agg(incident_id, ' ' ORDER BY incident_id) FROM core.incident"


@pytest.fixture(scope="module")
def two_builds(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """Two builds: SJ1, SJ2, then SJ3 as well."""
    root = data_root(tmp_path_factory.mktemp("two_builds"))
    put(root, "事件_20261101.csv", FIRST)
    built(root)
    put(root, "事件_20261115.csv", LATER)
    built(root)
    return root


@pytest.fixture
def root(two_builds: DataRoot, tmp_path: Path) -> DataRoot:
    """A copy of them to change."""
    return copied(two_builds, tmp_path)


def test_rollback_shows_the_earlier_build_until_something_new_comes(root: DataRoot) -> None:
    with only_build(root.warehouse):
        earlier = roll_back(root.warehouse)
    assert rows(root, IDS) == [("SJ1 SJ2",)]
    assert earlier.as_of == "2026-11-01T00:00:00"
    assert not built(root).is_new  # nothing new: the rollback stands
    assert rows(root, IDS) == [("SJ1 SJ2",)]
    put(root, "事件_20261116.csv", LATER.replace("SJ3", "SJ4"))
    assert built(root).is_new
    assert rows(root, IDS) == [("SJ1 SJ2 SJ3 SJ4",)]


def test_rollback_by_name_and_past_the_first_build_is_told(root: DataRoot, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = kept_builds(root.warehouse)
    assert main(["--data", str(root.path), "rollback", first.stem]) == 0
    assert rows(root, IDS) == [("SJ1 SJ2",)]
    assert main(["--data", str(root.path), "rollback", second.stem]) == 0
    assert rows(root, IDS) == [("SJ1 SJ2 SJ3",)]
    assert main(["--data", str(root.path), "rollback"]) == 0
    assert main(["--data", str(root.path), "rollback"]) == 2
    assert "没有可以回到的版本" in capsys.readouterr().err
    with pytest.raises(NoSuchBuild):
        roll_back(root.warehouse, "20990101")


def test_old_builds_are_removed_even_when_the_clock_jumps_back(root: DataRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Earlier:  # noqa: ARG003
            return cls(2001, 1, 1)

    monkeypatch.setattr("etl.build.datetime", Earlier)
    monkeypatch.setattr("etl.ledger.datetime", Earlier)
    for number in range(4):
        put(root, f"事件_2026111{number}.csv", LATER.replace("SJ3", f"SK{number}"))
        built(root, received_at=None)
    kept = kept_builds(root.warehouse)
    current = published(root.warehouse)
    assert current is not None
    assert [file.name[:6] for file in kept] == ["000002", "000003", "000004", "000005", "000006"]
    assert current.name == kept[-1].name
    received = [file.received_at for file in accepted_files(root)]
    assert received == sorted(received)  # never before what was received last
    assert rows(root, "SELECT count(*) FROM core.incident WHERE incident_id LIKE 'SK%'") == [(4,)]


def test_a_withdrawn_file_leaves_the_next_build_and_may_come_back(root: DataRoot) -> None:
    wrong = next(file for file in accepted_files(root) if file.name == "事件_20261115.csv")
    withdraw(root, wrong.file_id, by="测试")
    assert built(root).is_new
    assert rows(root, IDS) == [("SJ1 SJ2",)]
    assert stored(root, wrong).exists()
    with pytest.raises(FileNotThere, match="没有编号为"):
        withdraw(root, wrong.file_id, by="测试")
    put(root, "事件_20261115.csv", LATER)
    built(root)
    assert rows(root, IDS) == [("SJ1 SJ2 SJ3",)]
    assert len(accepted_files(root)) == 2


@pytest.mark.parametrize("damage", [b"", b"not parquet at all", None])
def test_a_damaged_cache_is_made_again(root: DataRoot, damage: bytes | None) -> None:
    for clean in root.raw.glob("??/*/0.parquet"):
        if damage is None:
            clean.unlink()
        else:
            clean.write_bytes(damage)
    put(root, "事件_20261116.csv", LATER.replace("SJ3", "SJ4"))
    built(root)
    assert rows(root, IDS) == [("SJ1 SJ2 SJ3 SJ4",)]


def test_a_lost_original_stops_the_build_only_when_it_is_needed(root: DataRoot) -> None:
    first = accepted_files(root)[0]
    stored(root, first).write_bytes("事件编号,事件状态,上报时间\n".encode())
    put(root, "事件_20261116.csv", LATER.replace("SJ3", "SJ4"))
    built(root)  # its clean copy is whole
    for clean in root.raw.glob(f"??/{first.sha256}.*/0.parquet"):
        clean.unlink()
    put(root, "事件_20261117.csv", LATER.replace("SJ3", "SJ5"))
    with pytest.raises(OriginalLost, match="不见了或已损坏"):
        built(root)
    assert rows(root, IDS) == [("SJ1 SJ2 SJ3 SJ4",)]
    withdraw(root, first.file_id, by="测试")
    built(root)
    assert rows(root, IDS) == [("SJ2 SJ3 SJ4 SJ5",)]


def test_a_file_accepted_once_and_unreadable_now_is_never_dropped_in_silence(root: DataRoot) -> None:
    profile = root.path / "profiles" / "新系统" / "profile.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text(
        'kind = "incident"\n[match]\nheaders = ["工单编号"]\n[columns]\nincident_id = "工单编号"\n', encoding="utf-8"
    )
    with pytest.raises(AcceptedUnreadable, match="以前导入的文件现在读不了"):
        built(root)
    profile.unlink()
    assert not built(root).is_new


def test_a_damaged_pointer_is_written_anew(root: DataRoot) -> None:
    (root.warehouse / POINTER).write_text("{")
    assert built(root).is_new
    assert rows(root, IDS) == [("SJ1 SJ2 SJ3",)]


def test_copies_nobody_accepted_leave_raw_after_a_day(root: DataRoot) -> None:
    stray = put(root, "别的.csv", "甲 | 乙\n1 | 2")
    file = store(root, stray, received_at=datetime.now())
    stray.unlink()
    put(root, "事件_20261116.csv", LATER.replace("SJ3", "SJ4"))
    built(root)
    assert stored(root, file).exists()
    os.utime(stored(root, file), (0, 0))
    built(root)
    assert not stored(root, file).exists()
    assert all(stored(root, accepted).exists() for accepted in accepted_files(root))
