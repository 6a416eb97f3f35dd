"""python -m dashboard report: what it does, says and returns."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dashboard.processes import heard

from dashboard.__main__ import main
from dashboard.report.archive import kept
from dashboard.report.builds import last_week
from dashboard.report.command import add_parser, run
from dashboard.report.edition import Edition
from dashboard.report.errors import PressError
from dashboard.report.issuing import issue
from dashboard.report.made import Made, Order
from dashboard.report.schedule import start
from dashboard.settings import Settings
from tests.report.making import MONDAY, maker_of, number, township, workshop_of

DUE_AT = "2026-11-16 08:00"
SCHEDULE = '[schedule]\nmonday_at = "07:30"\nwait_until = "12:00"\n'
Report = Callable[..., tuple[int, str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return township(tmp_path / "data", "2026-11-16 08:00:00")


@pytest.fixture
def report(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Report:
    """report("--week 2026-W46", …): exit code, what it said, what it complained of."""

    def said(options: str = "", *, workshop: Any = None, now: str = DUE_AT) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        add_parser(parser.add_subparsers())
        asked = parser.parse_args(["report", *options.split()])
        moment = datetime.fromisoformat(now)
        code = run(settings, asked, now=moment, environment={}, workshop=workshop or workshop_of())
        out, err = capsys.readouterr()
        return code, out, err

    return said


def editions(settings: Settings) -> list[str]:
    return [f"{one.edition.week} {one.edition.key} {one.revision}" for one in kept(settings)]


def test_it_makes_the_last_week_the_data_covers(report: Report, settings: Settings) -> None:
    code, out, err = report()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "社会治理周报_2026年第46期：已编成第 1 版，8 页，数据截至 2026-11-16 08:00",
        f"  {settings.data}/reports/2026-W46/town/r1/report.pdf",
    ]
    assert "已有第 1 版" in report()[1]


def test_editions_of_communities_and_languages(report: Report, settings: Settings) -> None:
    assert report("--week 2026年第45周 --community all --lang all")[0] == 0
    assert editions(settings) == ["2026-W45 C01 1", "2026-W45 C01-en 1", "2026-W45 C02 1", "2026-W45 C02-en 1"]
    assert report("--week 2026W44 --community C02 C02")[0] == 0
    assert editions(settings)[-1] == "2026-W44 C02 1"


def test_a_revision_says_what_changed(report: Report) -> None:
    report()
    assert "没有出新版" in report("--revise")[1]
    code, out, _ = report("--revise", workshop=workshop_of({"closure_rate": number("90.8%")}))
    assert code == 0
    assert "社会治理周报_2026年第46期（修订2）：已编成第 2 版" in out
    assert "  更正：按期结案率 91.2% → 90.8%" in out


def test_copies_go_where_they_are_wanted(report: Report, tmp_path: Path) -> None:
    out = report(f"--to {tmp_path}/copies")[1]
    assert f"  已存到 {tmp_path}/copies/社会治理周报_2026年第46期.pdf" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--week 2026-W60", "没有“2026-W60”这一周"),
        ("--community C99", "现有：C01、C02"),
        ("--build 000009_gone", "000009_gone 已不再保留"),
        ("--mail", "[mail]"),
        ("--verify", "没有可核对的存档"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_in_both_languages(report: Report, settings: Settings, options: str, said: str) -> None:
    code, out, err = report(options)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 2
    assert kept(settings) == []


def test_without_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["report"], ["report", "--due"], ["schedule"]):
        assert main(["--data", str(tmp_path / "none"), *command]) == 2
        assert "✗" in capsys.readouterr().err or command == ["schedule"]
    assert main(["--data", str(tmp_path / "none"), "report", "--list"]) == 0
    assert "还没有存档的周报" in capsys.readouterr().out


def failing(error: Exception) -> Any:
    """A workshop that cannot make C01."""

    @contextmanager
    def workshop(settings: Settings) -> Any:
        def make(order: Order) -> Made:
            if order.edition.community == "C01":
                raise error
            return maker_of(settings)(order)

        yield make

    return workshop


def test_one_that_fails_is_named_and_does_not_keep_the_others(report: Report, settings: Settings) -> None:
    code, out, err = report("--community all", workshop=failing(PressError("排不了版", "cannot be set")))
    assert code == 1
    assert editions(settings) == ["2026-W46 C02 1"]
    assert "C02" not in err
    assert "✗ 2026-W46 C01：排不了版\n  cannot be set" in err
    assert "社会治理周报_南门社区" in out


def test_a_fault_of_the_program_is_noted_for_its_maintainers(report: Report, settings: Settings) -> None:
    code, _, err = report("--community C01", workshop=failing(ZeroDivisionError("x")))
    assert code == 2
    assert "report-error.log" in err
    assert "Traceback" not in err
    assert "ZeroDivisionError" in (settings.data / "report-error.log").read_text(encoding="utf-8")


def test_a_program_hears_how_far_it_is(report: Report, tmp_path: Path) -> None:
    said = tmp_path / "said.jsonl"
    code, out, err = report("--community all --json", workshop=failing(PressError("排不了版", "cannot be set")))
    said.write_text(out, encoding="utf-8")
    outcome = heard(said)
    assert (code, err) == (1, "")
    assert outcome.mark == {"stage": "report", "zh": "编制2026年第46期 C02", "en": "making 2026-W46 C02", "done": 0.5}
    assert outcome.outcome is not None
    result = outcome.outcome["result"]
    assert [(one["edition"], one["revision"], one["is_new"], one["pages"]) for one in result["reports"]] == [("C02", 1, True, 8)]
    assert result["failed"] == [{"name": "2026-W46 C01", "zh": "排不了版", "en": "cannot be set"}]
    out = report("--week 46 --json")[1]
    assert json.loads(out)["error"]["zh"].startswith("没有“46”这一周")


def test_what_is_kept_is_listed_with_what_is_wrong_with_it(report: Report, settings: Settings) -> None:
    report("--community C01")
    report()
    (settings.data / "reports/2026-W46/C01/r1/report.pdf").write_bytes(b"other")
    code, out, err = report("--list")
    assert (code, out.count("\n")) == (1, 1)
    assert out.startswith("2026-W46 town 第 1 版：8 页，数据截至 2026-11-16 08:00")
    assert "report.pdf：内容与存档时不同" in err


def test_verifying_makes_each_again_and_compares(report: Report, settings: Settings) -> None:
    report("--community all")
    assert report("--verify")[1].count("逐字节相同") == 2
    (settings.data / "reports/2026-W46/C02/r1/annex.xlsx").write_bytes(b"other")
    code, out, err = report("--verify --week 2026-W46 --community C02")
    assert (code, out) == (2, "")
    assert "annex.xlsx" in err
    assert report("--verify --community C01", workshop=workshop_of({"closure_rate": number("1%")}))[2].startswith(
        "✗ 2026-W46 C01 第 1 版：重编的数据与存档不同"
    )


def test_what_is_due_is_made_once_and_goes_out_once(report: Report, settings: Settings, tmp_path: Path) -> None:
    (settings.data / "reports.toml").write_text(
        f'office = "党政办"\n{SCHEDULE}[editions]\ncommunities = "all"\n[folder]\npath = "{tmp_path}/out"\n', encoding="utf-8"
    )
    assert "没有到期" in report("--due", now="2026-11-16 07:29")[1]
    code, _, err = report("--due")
    assert (code, err) == (0, "")
    assert editions(settings) == ["2026-W46 town 1", "2026-W46 C01 1", "2026-W46 C02 1"]
    assert len(list((tmp_path / "out").iterdir())) == 9
    assert kept(settings)[0].about["office"] == "党政办"
    assert "没有到期" in report("--due")[1]
    missed = report("--due", now="2026-11-30 13:00")[1]
    assert missed.count("数据还没到") == 2 * 3 - 3  # W47 has its first day; of W48 there is nothing
    assert editions(settings)[0] == "2026-W47 town 1"


def test_what_a_crash_kept_from_going_out_goes_out_the_next_time(report: Report, settings: Settings, tmp_path: Path) -> None:
    report()
    (settings.data / "reports.toml").write_text(f'{SCHEDULE}[folder]\npath = "{tmp_path}/out"\n', encoding="utf-8")
    out = report("--due")[1]
    assert out.count("已存到") == 3
    assert "没有到期" in report("--due")[1]


def test_a_mistake_in_the_plan_is_told(report: Report, settings: Settings) -> None:
    (settings.data / "reports.toml").write_text("[schedule]\nmonday = 1\n", encoding="utf-8")
    code, _, err = report("--due")
    assert code == 2
    assert "reports.toml" in err


def test_the_scheduler_has_a_process_of_its_own_do_it(settings: Settings, tmp_path: Path) -> None:
    """The report is made already, so that process has only to copy it: seconds, and no press."""
    edition = Edition(last_week(datetime.now()))
    issue(settings, edition, maker=maker_of(settings), now=MONDAY)
    (settings.data / "reports.toml").write_text(
        f'[schedule]\nmonday_at = "00:00"\nwait_until = "00:00"\n[folder]\npath = "{tmp_path}/out"\n', encoding="utf-8"
    )
    scheduler = start(settings)
    assert scheduler is not None
    end = datetime.now() + timedelta(seconds=60)
    while len(list((tmp_path / "out").glob("社会治理周报*"))) < 3 and datetime.now() < end:
        threading.Event().wait(0.2)
    scheduler.shutdown()
    assert len(list((tmp_path / "out").iterdir())) == 3
