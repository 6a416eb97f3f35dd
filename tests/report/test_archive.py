"""Kept reports: whole or not at all, never overwritten, made once, again only as a revision that says what it corrects."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.report.archive import find, kept, newest, next_revision, only_maker, store
from dashboard.report.changes import changed, compared
from dashboard.report.edition import Edition
from dashboard.report.errors import BeingMade, EditionError, NotKept, NotWritten, ReportDamaged
from dashboard.report.issuing import issue, verify
from dashboard.report.made import Made, Order
from dashboard.settings import Settings
from tests.report.making import MONDAY, maker_of, number, township

TOWN = Edition("2026-W46")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return township(tmp_path, "2026-11-09 08:00:00", "2026-11-16 08:00:00")


def made(settings: Settings, edition: Edition = TOWN, **asked: Any) -> Any:
    numbers = asked.pop("numbers", None)
    return issue(settings, edition, maker=maker_of(settings, numbers), now=MONDAY, office="党政办", **asked)


def test_a_report_is_made_once_and_found_again(settings: Settings) -> None:
    first = made(settings)
    assert first.is_new
    assert first.kept.folder == settings.data / "reports/2026-W46/town/r1"
    assert sorted(file.name for file in first.kept.folder.iterdir()) == [
        "annex.xlsx", "first_page.png", "numbers.json", "report.json", "report.pdf",
    ]  # fmt: skip
    second = made(settings, numbers={"closure_rate": number("1%")})
    assert not second.is_new
    assert second.kept == first.kept == newest(settings, TOWN) == find(settings, TOWN, 1)
    assert second.kept.numbers["closure_rate"]["shown"] == "91.2%"
    assert second.kept.faults == []
    about = second.kept.about
    assert (about["office"], about["issued_on"], about["made_at"], about["revision"], about["name"]) == (
        "党政办", "2026-11-16", "2026-11-16T08:00:00", 1, "",
    )  # fmt: skip


def test_a_revision_says_what_changed_and_equal_numbers_give_none(settings: Settings) -> None:
    assert made(settings, revise=True).kept.revision == 1
    assert not made(settings, revise=True).is_new
    again = made(settings, revise=True, numbers={"closure_rate": number("90.8%", 0.908)})
    assert (again.is_new, again.kept.revision) == (True, 2)
    assert again.kept.about["changes"] == ["按期结案率 91.2% → 90.8%"]
    assert "91.2% → 90.8%" in again.kept.pdf.read_bytes().decode(errors="replace")  # the paper says it too
    assert next_revision(settings, TOWN) == 3
    assert find(settings, TOWN).revision == 2


def test_the_list_has_the_newest_week_first_and_the_town_before_its_communities(settings: Settings) -> None:
    for edition in [
        Edition("2026-W45"),
        TOWN,
        Edition("2026-W46", "C01"),
        Edition("2026-W46", "", "en"),
        Edition("2026-W46", "C01", "en"),
    ]:
        made(settings, edition)
    made(settings, TOWN, revise=True, numbers={})
    made(settings, TOWN, revise=True, numbers={"closure_rate": number("3%")})
    assert [(one.edition.week, one.edition.key, one.revision) for one in kept(settings)] == [
        ("2026-W46", "town", 2), ("2026-W46", "town", 1), ("2026-W46", "town-en", 1), ("2026-W46", "C01", 1),
        ("2026-W46", "C01-en", 1), ("2026-W45", "town", 1),
    ]  # fmt: skip
    assert kept(settings)[3].about["name"] == "锦绣里社区"


def test_an_old_week_uses_the_build_of_its_time_and_a_revision_the_current_one(settings: Settings) -> None:
    old = made(settings, Edition("2026-W45"))
    assert old.kept.about["as_of"] == "2026-11-09T08:00:00"
    assert made(settings, Edition("2026-W44")).kept.about["build_id"] == old.kept.about["build_id"]
    assert made(settings, Edition("2026-W47")).kept.about["as_of"] == "2026-11-16T08:00:00"  # not over yet: what there is
    numbers = {"closure_rate": number("90.8%")}
    assert made(settings, Edition("2026-W45"), revise=True, numbers=numbers).kept.about["as_of"] == "2026-11-16T08:00:00"
    assert made(settings, Edition("2026-W43"), build_id="small_1").kept.about["as_of"] == "2026-11-16T08:00:00"


@pytest.mark.parametrize("name", ["report.pdf", "first_page.png", "annex.xlsx", "numbers.json"])
def test_a_file_that_is_not_what_was_kept_is_told(settings: Settings, name: str) -> None:
    one = made(settings).kept
    (one.folder / name).write_bytes(b"other")
    [fault] = find(settings, TOWN).faults
    assert name in fault.zh
    assert "--revise" in fault.zh
    (one.folder / name).unlink()
    [fault] = find(settings, TOWN).faults
    assert name in fault.en
    with pytest.raises(ReportDamaged):
        verify(find(settings, TOWN), maker=maker_of(settings))
    assert made(settings, revise=True).kept.about["changes"] == ["上一版（第 1 版）的存档已损坏，未能逐项比较"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"revision": 1}'])
def test_a_damaged_record_is_told_and_still_listed(settings: Settings, content: str) -> None:
    (made(settings).kept.folder / "report.json").write_text(content, encoding="utf-8")
    [one] = kept(settings)
    [fault] = one.faults
    assert "report.json" in fault.zh


def test_making_it_again_from_its_own_build_gives_the_same_bytes(settings: Settings) -> None:
    one = made(settings, Edition("2026-W45")).kept
    assert verify(one, maker=maker_of(settings)).outcome == "same"

    def differs(order: Order) -> Made:
        right = maker_of(settings)(order)
        return Made(right.pdf + b" ", right.png, right.xlsx, right.numbers, right.about)

    assert (verify(one, maker=differs).outcome, verify(one, maker=differs).files) == ("different", ("report.pdf",))
    (settings.warehouse / "small_0.duckdb").unlink()
    assert verify(one, maker=maker_of(settings)).outcome == "gone"


def test_what_a_killed_maker_left_is_removed_and_is_no_report(settings: Settings) -> None:
    leftover = settings.data / "reports/2026-W46/town/.making_0123"
    leftover.mkdir(parents=True)
    (leftover / "report.pdf").write_bytes(b"half")
    assert kept(settings) == []
    assert made(settings).is_new
    assert not leftover.exists()


def test_a_maker_that_is_killed_does_not_block_the_next(settings: Settings) -> None:
    folder = settings.data / "reports/2026-W46/town"
    folder.mkdir(parents=True)
    holds = "import sys, time, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print('held', flush=True); time.sleep(20)"
    with subprocess.Popen([sys.executable, "-c", holds, str(folder / ".lock")], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BeingMade), only_maker(settings, TOWN, wait=0):
            pass
        holder.kill()
    assert made(settings).is_new


def test_folders_that_are_none_of_ours_are_left_alone(settings: Settings) -> None:
    for stray in ("2026-W60/town/r1", "2026-W46/town/r1 copy", "old/town/r1", "2026-W46/.trash/r1"):
        (settings.data / "reports" / stray).mkdir(parents=True)
    assert kept(settings) == []


def test_a_revision_that_stands_is_never_written_again(settings: Settings) -> None:
    one = made(settings).kept
    before = one.pdf.read_bytes()
    again = store(settings, one.order, Made(b"other", b"", b"", {}, {}), name="", now=MONDAY + timedelta(days=1))
    assert again == one
    assert one.pdf.read_bytes() == before
    assert not list(one.folder.parent.glob(".making*"))


def test_somebody_who_does_not_end_is_told(settings: Settings) -> None:
    with only_maker(settings, TOWN), pytest.raises(BeingMade, match="town"), only_maker(settings, TOWN, wait=0):
        pass


def test_a_place_that_takes_no_files_is_told(settings: Settings) -> None:
    (settings.data / "reports").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(NotWritten, match="reports"):
        made(settings)


@pytest.mark.parametrize("code", ["../../etc", "a/b", "..", "C99", "town"])
def test_a_community_there_is_none_of_makes_nothing(settings: Settings, code: str) -> None:
    with pytest.raises(EditionError):
        made(settings, Edition("2026-W46", code))
    assert kept(settings) == []


def test_what_is_not_kept_is_said(settings: Settings) -> None:
    made(settings)
    with pytest.raises(NotKept, match="第 7 次"):
        find(settings, TOWN, 7)
    assert newest(settings, Edition("2026-W45")) is None


def test_of_makers_at_one_time_one_makes_it_and_the_others_find_it(settings: Settings) -> None:
    with ThreadPoolExecutor(3) as pool:  # the lock is the system's, on a file each opens for itself: as between processes
        issued = list(pool.map(lambda _: made(settings), range(3)))
    assert sorted(one.is_new for one in issued) == [False, False, True]
    assert len(kept(settings)) == 1


def test_what_changed_is_said_in_order_and_the_rest_is_counted() -> None:
    before = {
        "a": number("91.2%", 0.912),
        "b": number("3", 3, zh="积压"),
        "c": number("5", 5, zh="旧"),
        "d": number("—", None, n=None),
    }
    after = {
        "d": number("7%", 0.07, n=9, zh="满意率"),
        "a": number("90.8%", 0.908),
        "b": number("3", 3, n=80, zh="积压"),
        "e": number("1", 1, zh="新"),
    }
    sentences = ["满意率 — → 7%", "按期结案率 91.2% → 90.8%", "积压的样本数 100 → 80", "新增新 1", "不再列出旧（原为 5）"]
    assert changed(before, after, "zh") == sentences
    assert changed(before, after, "zh", most=2) == [*sentences[:2], "另有 3 处"]
    assert changed(before, after, "en", most=1) == ["Closed on time — → 7%", "and 4 more"]
    assert changed(after, after, "zh") == []


def test_two_reports_are_compared_number_by_number() -> None:
    before, after = {"a": number("3", 3), "c": number("5", 5)}, {"b": number("—", None), "a": number("4", 4)}
    rows = [(row.id, row.before, row.after, row.difference) for row in compared(before, after)]
    assert rows == [("b", "", "—", None), ("a", "3", "4", 1), ("c", "5", "", None)]


def test_the_numbers_are_kept_as_they_are_shown(settings: Settings) -> None:
    one = made(settings).kept
    assert list(json.loads((one.folder / "numbers.json").read_bytes())) == ["closure_rate"]
