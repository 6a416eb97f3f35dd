"""python -m etl watch: a file is taken when it has stopped growing; what is wrong is said, and noted beside it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.ledger import DataRoot, waiting
from etl.progress import PlainProgress, Progress
from etl.watch import Seen, settled, watch
from tests.etl.exports import SHIPPED, data_root, put, rows
from tests.etl.test_build import FIRST, LATER

BAD = "甲 | 乙 | 丙\n1 | 2 | 3"


class Told(Progress):
    """Keeps what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def once(root: DataRoot) -> list[str]:
    told = Told()
    watch(root, progress=told, received_by="测试", every=0.05, quiet=0.1, once=True)
    return told.lines


def test_a_file_is_ready_only_when_it_looks_as_it_did(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    path = put(root, "事件_20261101.csv", FIRST)
    seen: dict[Path, Seen] = {}
    assert settled(root, seen, quiet=10, now=0) == []
    assert settled(root, seen, quiet=10, now=9) == []
    with path.open("a") as file:
        file.write("\n")
    assert settled(root, seen, quiet=10, now=11) == []
    assert settled(root, seen, quiet=10, now=21) == [path]
    path.unlink()
    assert settled(root, seen, quiet=10, now=40) == []
    assert seen == {}


def test_one_round_loads_what_is_good_and_notes_what_is_wrong_beside_the_rest(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件_20261101.csv", FIRST)
    bad = put(root, "别的.csv", BAD)
    told = once(root)
    assert any("已发布" in line for line in told)
    note = bad.with_name("别的.csv.问题.txt")
    assert "认不出是哪一类导出表" in note.read_text(encoding="utf-8-sig")
    assert waiting(root) == [bad]
    assert rows(root, "SELECT DISTINCT received_by FROM meta.file") == [("测试",)]
    bad.unlink()
    put(root, "事件_20261115.csv", LATER)
    once(root)
    assert not list(root.inbox.iterdir())  # the note goes with its file


def test_nothing_but_bad_files_is_told_once_and_noted(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    bad = put(root, "别的.csv", BAD)
    assert sum("认不出是哪一类导出表" in line for line in once(root)) == 2  # when it was read, and as the reason nothing was built
    assert bad.with_name("别的.csv.问题.txt").exists()


def test_unfinished_downloads_hidden_files_and_notes_are_no_exports(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    for name in ("~$事件.xlsx", ".事件.csv.swp", "事件.csv.crdownload", "事件.csv.问题.txt", "Thumbs.db"):
        put(root, name, FIRST)
    assert waiting(root) == []


@contextmanager
def watching(root: DataRoot) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "etl", "--data", str(root.path), "watch", "--every", "0.1", "--quiet", "0.6"]
    process = subprocess.Popen(command, cwd=SHIPPED.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_file_that_grows_while_it_is_watched_is_loaded_whole(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    path = root.inbox / "事件_20261101.csv"
    root.inbox.mkdir(parents=True)
    with watching(root) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with path.open("w", encoding="utf-8") as file:
            file.write("事件编号,事件状态,上报时间\n")
            for number in range(20):
                file.write(f"S{number},处置中,2026-10-01 09:00:00\n")
                file.flush()
                time.sleep(0.1)
        for line in process.stdout:
            if "已发布" in line:
                break
    assert rows(root, "SELECT count(*) FROM core.incident") == [(20,)]


def test_a_plain_stream_gets_whole_lines(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+", encoding="utf-8") as log:
        watch_progress = PlainProgress(log)
        watch_progress.say("甲")
        log.seek(0)
        assert log.read() == "甲\n"
