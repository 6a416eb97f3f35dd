"""reports.toml: what it may say, and that a mistake in it is a sentence with file, key and what is expected."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from dashboard.report.edition import Edition
from dashboard.report.errors import PlanError
from dashboard.report.plan import EXAMPLE, Mail, Plan, Schedule, read_plan
from dashboard.settings import Settings

MAIL = '[mail]\nhost = "h"\nfrom = "a@b.cn"\nto = ["c@d.cn"]\n'


def plan_of(folder: Path, text: str) -> Plan:
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    return read_plan(Settings(data=folder))


def test_without_the_file_only_the_towns_report_in_chinese(tmp_path: Path) -> None:
    plan = read_plan(Settings(data=tmp_path))
    assert plan == Plan()
    assert plan.editions("2026-W46", ["C01"]) == [Edition("2026-W46")]
    assert not plan.delivers


def test_the_example_says_everything(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, EXAMPLE)
    assert plan.office == "××镇党政办公室"
    assert plan.schedule == Schedule(time(7, 30), time(12))
    assert plan.folder == Path("/srv/周报")
    assert plan.mail == Mail(
        host="smtp.example.gov.cn",
        port=587,
        security="starttls",
        user="bangongshi",
        password_file=Path("/etc/township/smtp"),
        ca_file=None,
        sender="bangongshi@example.gov.cn",
        to=("zhenzhang@example.gov.cn", "shuji@example.gov.cn"),
    )
    assert [edition.key for edition in plan.editions("2026-W46", [])] == ["town", "C01", "C02"]


def test_all_communities_in_both_languages(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '[editions]\ncommunities = "all"\nlanguages = ["zh", "en"]\n')
    assert [edition.key for edition in plan.editions("2026-W46", ["C07"])] == ["town", "town-en", "C07", "C07-en"]


def test_paths_are_meant_from_the_data_root(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '[folder]\npath = "周报"\n' + MAIL + 'password_file = "smtp"\n')
    assert plan.folder == tmp_path / "周报"
    assert plan.mail is not None
    assert plan.mail.password_file == tmp_path / "smtp"


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("office = 3", "office", "加引号"),
        ("offcie = '党政办'", "offcie", "可写的有"),
        ("[editions]\ncommunities = 'C01'", "[editions] communities", '"all"'),
        ("[editions]\nlanguages = ['fr']", "[editions] languages", '["zh", "en"]'),
        ("[editions]\nlanguages = []", "[editions] languages", '["zh"]'),
        ("[editions]\ncommunity = []", "[editions] community", "communities"),
        ("schedule = 'monday'", "schedule", "[schedule]"),
        ("[schedule]\nmonday_at = '07:30'", "[schedule] wait_until", "--example"),
        ("[schedule]\nmonday_at = '7点半'\nwait_until = '12:00'", "[schedule] monday_at", '"07:30"'),
        ("[schedule]\nmonday_at = 07:30:00\nwait_until = '12:00'", "[schedule] monday_at", "加引号"),
        ("[schedule]\nmonday_at = '12:30'\nwait_until = '12:00'", "[schedule] wait_until", "不早于"),
        ("[folder]\npath = ''", "[folder] path", "加引号"),
        ("[mail]\nfrom = 'a@b.cn'\nto = ['c@d.cn']", "[mail] host", "缺少"),
        (MAIL + "port = 0", "[mail] port", "65535"),
        (MAIL + "port = true", "[mail] port", "65535"),
        (MAIL + "security = 'none'", "[mail] security", '"starttls"'),
        (MAIL + "password = 'hunter2'", "[mail] password", "TOWNSHIP_SMTP_PASSWORD"),
        (MAIL.replace("c@d.cn", "镇长"), "[mail] to", "a@b.cn"),
        (MAIL.replace("c@d.cn", "a@b.cn, c@d.cn"), "[mail] to", "a@b.cn"),
        (MAIL.replace('["c@d.cn"]', "[]"), "[mail] to", "a@b.cn"),
        (MAIL.replace("a@b.cn", "a@b.cn\\nBcc: x@y.cn"), "[mail] from", "邮件地址"),
        ("office = 党政办", "line 1", "引号"),
    ],
)
def test_a_mistake_names_file_key_and_what_is_expected(tmp_path: Path, text: str, key: str, expected: str) -> None:
    with pytest.raises(PlanError) as raised:
        plan_of(tmp_path, text)
    assert "reports.toml" in raised.value.zh
    assert "reports.toml" in raised.value.en
    assert key in raised.value.zh
    assert expected in raised.value.zh
    assert "hunter2" not in str(raised.value)


def test_another_encoding_is_told_and_a_byte_order_mark_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "reports.toml").write_bytes('office = "党政办"'.encode("utf-8-sig"))
    assert read_plan(Settings(data=tmp_path)).office == "党政办"
    (tmp_path / "reports.toml").write_bytes('office = "党政办"'.encode("gb18030"))
    with pytest.raises(PlanError, match="UTF-8"):
        read_plan(Settings(data=tmp_path))
